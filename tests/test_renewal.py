"""A refresh of some works gives what a whole run gives: random projects, news and hand edits.

Without the hidden folder every run is a whole one, so each run is made with it and without it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from renewal_changes import HAND_EDITS, LISTED, SETTINGS, news
from renewal_projects import LISTS, list_text, registries
from service import Service
from twins import Twins, files, playing

from bibtool.model import Identifier, scheme_of, value_of
from bibtool.read import read_text

LONG = "BIBTOOL_EXAMPLES" in os.environ  # 1000 and more; else the same stories are told each time
EXAMPLES = int(os.environ.get("BIBTOOL_EXAMPLES", "40"))
README = "# Ours\n\n<!-- bibtool:begin papers -->\n<!-- bibtool:end -->\n"
# Said with every sync of a story, and with one refresh of it.
ALWAYS = st.sampled_from([(), (), (), ("--prune",), ("--provisional",), (LISTED,)])
ONCE = st.sampled_from(
    [(), (), (), ("--json",), ("-q",), ("-v",), ("--strict",), ("--dry-run",), ("--offline",)]
)
MOODS = st.sampled_from([*[frozenset[str]()] * 8, {"arxiv"}, {"crossref"}, {"arxiv", "datacite"}])
SPELLINGS = {
    "arxiv": ("{}", "arXiv:{}v2", "https://arxiv.org/abs/{}", "10.48550/arXiv.{}"),
    "doi": ("{}", "https://doi.org/{}", "doi:{}"),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with playing(tmp_path_factory.mktemp("services")) as service:
        yield service


def listed(twins: Twins) -> list[Identifier]:
    """What stands in rows, and can be refreshed."""
    texts = [p.read_text(encoding="utf-8") for p in sorted(twins.root.glob("refs/lists/*"))]
    rows = [row for text in texts for row in read_text(text, "list.md").rows]
    return sorted({which for row in rows for which in row.claim.identifiers})


def spelled(draw: st.DrawFn, which: Identifier) -> str:
    return draw(st.sampled_from(SPELLINGS[scheme_of(which)])).format(value_of(which))


def refresh(draw: st.DrawFn, twins: Twins, changed: Sequence[str]) -> str:
    """Some of what stands in rows, and most often what changed."""
    known = listed(twins)
    fresh = [which for which in known if value_of(which) in changed]
    some = draw(st.lists(st.sampled_from(known), max_size=3)) if known else []
    wanted = [*fresh, *some] if draw(st.integers(0, 3)) else some
    if not draw(st.integers(0, 15)):
        wanted.append(Identifier("arxiv:2405.55555"))  # stands in no row
    spellings = [spelled(draw, which) for which in wanted]
    return ",".join(spellings) or draw(st.sampled_from(["preprints", "unresolved", "all"]))


@settings(
    max_examples=EXAMPLES,
    derandomize=not LONG,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(st.data())
def test_a_refresh_gives_what_a_whole_run_gives(service: Service, data: st.DataObject) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        tell(Twins(folder, service, registries()), data.draw)
    finally:
        shutil.rmtree(folder)


def tell(twins: Twins, draw: st.DrawFn) -> None:
    """One story: a project at rest, then news, edits and refreshes in turn."""
    twins.write(LISTED, list_text(draw(LISTS)))
    if draw(st.booleans()):
        twins.write("refs/lists/two.md", list_text(draw(LISTS)))
    twins.write("bibtool.toml", draw(st.sampled_from(SETTINGS)))
    twins.write("README.md", README)
    always = draw(ALWAYS)
    twins.rest(*always)
    for _ in range(draw(st.sampled_from([1, 1, 2, 2, 3, 4]))):
        step(twins, draw, always)
    twins.run("sync", *always)
    twins.run("sync", "--check", *always)


def step(twins: Twins, draw: st.DrawFn, always: Sequence[str]) -> None:
    changed = [news(draw, twins.registries) for _ in range(draw(st.integers(0, 3)))]
    for edit in draw(st.lists(st.sampled_from(HAND_EDITS), max_size=2)):
        edit(draw, twins)
    if draw(st.integers(0, 3)) and not twins.is_stamped():
        twins.settle("-v", *always)
    event(f"there is a quick way: {twins.is_stamped()}")
    twins.registries.down = set(draw(MOODS))
    once = draw(ONCE)
    ran = twins.run("sync", f"--refresh={refresh(draw, twins, changed)}", *once, *always)
    partly = twins.registries.down or {"--dry-run", "--offline"} & {*once} or ran.code == 2
    twins.registries.down = set()
    before = files(twins.root)
    twins.settle(*always, *draw(st.sampled_from([(), ("-v",)])))
    if not partly:
        assert files(twins.root) == before
