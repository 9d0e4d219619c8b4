"""The corpus suite: recorded answers and real lists that have owners and are not shipped."""

from pathlib import Path

import pytest
from needs import corpus_folder, demand


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder named by BIBTOOL_CORPUS, else ../shared/data; only where CI=true it must exist."""
    demand("corpus")
    return corpus_folder()
