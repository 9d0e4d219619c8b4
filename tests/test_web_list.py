"""Web addresses of lists: where the text is, what the copy is called, what is refused."""

import pytest

from bibtool.errors import WrongUse
from bibtool.web_list import web_list

RAW = "https://raw.githubusercontent.com"
CASES = [
    ("https://github.com/thunlp/GNNPapers", f"{RAW}/thunlp/GNNPapers/HEAD/README.md", "thunlp-GNNPapers.md"),
    ("https://github.com/thunlp/GNNPapers/", f"{RAW}/thunlp/GNNPapers/HEAD/README.md", "thunlp-GNNPapers.md"),
    ("https://github.com/thunlp/GNNPapers.git", f"{RAW}/thunlp/GNNPapers/HEAD/README.md", "thunlp-GNNPapers.md"),
    ("https://github.com/a/b?tab=readme-ov-file#top", f"{RAW}/a/b/HEAD/README.md", "a-b.md"),
    ("https://github.com/a/b/tree/dev", f"{RAW}/a/b/dev/README.md", "a-b.md"),
    ("https://github.com/a/b/blob/main/docs/papers.md", f"{RAW}/a/b/main/docs/papers.md", "a-b-docs-papers.md"),
    ("https://github.com/a/b/raw/main/x%20y.md", f"{RAW}/a/b/main/x%20y.md", "a-b-x-y.md"),
    ("https://example.org/lists/my.papers.txt", "https://example.org/lists/my.papers.txt", "example.org-lists-my.papers.txt"),
    ("https://example.org/../../etc/passwd", "https://example.org/../../etc/passwd", "example.org-etc-passwd.md"),
    ("https://example.org/", "https://example.org/", "example.org.md"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "address", "name"), CASES, ids=lambda text: text[-30:])
def test_a_page_leads_to_its_text(url: str, address: str, name: str) -> None:
    found = web_list(url)
    assert found.addresses[0] == address
    assert found.name == name
    assert "/" not in found.name


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/a/b",
        "ftp://example.org/list.md",
        "file:///etc/passwd",
        "https://user:secret@example.org/list.md",
        "https://github.com/a",
        "https://github.com/a/b/issues/1",
        "https:///list.md",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(WrongUse):
        web_list(url)
