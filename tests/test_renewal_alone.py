"""A refresh of a few works is done on these alone, and gives what a whole run gives."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from renewal_projects import CVPR, MÜLLER
from test_renewal_news import LIST, LISTED, Change, M, S, article, down, preprint, published
from twins import Twins, at_rest, files

from bibtool import sync
from bibtool.report import Report

EXAMPLES = int(os.environ.get("BIBTOOL_EXAMPLES", "40"))

# What is new, and what is refreshed: nothing of it is any other work's business.
ALONE: list[tuple[str, Change, str]] = [
    ("nothing but the day", lambda known: None, M),
    ("one more author", preprint(M, authors=(("Tianhong", "Li"), ("Zoë", "Ångström"))), M),
    ("the month", preprint(M, month=1), M),
    ("the venue, by the authors' word", preprint(M, comment="Accepted to NeurIPS 2024"), M),
    ("volume and pages", article(S, volume="8", pages="1-9"), S),
    ("the venue", article(S, venue="Journal of Other Things"), S),
    ("venue and type", article(S, venue=CVPR, kind="proceedings-article"), S),
    ("the month alone", article(S, month=3), S),
    ("the published version", article("10.1109/cvpr.2016.90", pages="1-2"), "1512.03385"),
    ("two works", article(S, pages="3-4"), f"{S},arXiv:{M}"),
]
# Where more is concerned, or more is to be told, all is worked out.
NOT_ALONE: list[tuple[str, Change, str]] = [
    ("a title that the row does not have", preprint(M, title="Generation without Codes"), M),
    ("a DOI that it did not have", published, M),
    ("another first author, whom the row does not name", article(S, authors=MÜLLER[:1], title="X"), S),
    ("that nobody answers", down, M),
    ("an identifier that stands in no row", lambda known: None, "arXiv:2101.00001"),
]  # fmt: skip


class Whole(Exception):
    """A whole run began."""


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    with at_rest(tmp_path, LISTED, LIST) as twins:
        yield twins


@pytest.fixture
def no_whole_run(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    """None in the project that remembers."""
    whole = sync.sync

    def watched(project: object, *more: object, **options: object) -> Report:
        if project.root == twins.root:  # type: ignore[attr-defined]
            raise Whole
        return whole(project, *more, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(sync, "sync", watched)


@pytest.mark.parametrize(("change", "what"), [n[1:] for n in ALONE], ids=[n[0] for n in ALONE])
@pytest.mark.usefixtures("no_whole_run")
def test_what_concerns_no_other_work_is_done_on_it_alone(
    twins: Twins, change: Change, what: str
) -> None:
    change(twins.registries)
    twins.run("sync", f"--refresh={what}")
    twins.run("sync", f"--refresh={what}")


@pytest.mark.usefixtures("no_whole_run")
def test_in_a_copy_of_the_project_too(twins: Twins) -> None:
    """There, files are known by their digests, until they have been looked into once."""
    copy = twins.root.with_name("copy")
    shutil.copytree(twins.root, copy)
    shutil.rmtree(twins.root)
    copy.rename(twins.root)
    preprint(M, month=1)(twins.registries)
    twins.run("sync", f"--refresh={M}")


@pytest.mark.parametrize(
    ("change", "what"), [n[1:] for n in NOT_ALONE], ids=[n[0] for n in NOT_ALONE]
)
@pytest.mark.usefixtures("no_whole_run")
def test_what_concerns_others_takes_a_whole_run(twins: Twins, change: Change, what: str) -> None:
    change(twins.registries)
    with pytest.raises(Whole):
        twins.run("sync", f"--refresh={what}")


@pytest.mark.usefixtures("no_whole_run")
def test_only_the_lines_of_a_work_change(twins: Twins) -> None:
    before = twins.read("refs/references.bib").splitlines()
    article(S, venue="Journal of Other Things")(twins.registries)
    twins.run("sync", f"--refresh={S}")
    after = twins.read("refs/references.bib").splitlines()
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize(
    "name", ["references.bib", "references.tex", "sections/vision.md", "bibtool.lock"]
)
def test_a_file_that_is_not_as_it_was_left_takes_a_whole_run(
    twins: Twins, no_whole_run: None, name: str
) -> None:
    twins.write(f"refs/{name}", twins.read(f"refs/{name}") + "\n")
    with pytest.raises(Whole):
        twins.run("sync", f"--refresh={M}")


@pytest.mark.parametrize("name", ["register-rows", "register-works"])
@pytest.mark.parametrize("damage", [b"", b"\0" * 1000, b"\xc1", None])
def test_a_register_that_is_none_takes_a_whole_run(
    twins: Twins, no_whole_run: None, name: str, damage: bytes | None
) -> None:
    path = twins.root / "refs/.bibtool" / name
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(Whole):
        twins.run("sync", f"--refresh={M}")


NEWS = {what: [change for _, change, named in ALONE if named == what] for what in (M, S)}


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(
    story=st.lists(st.tuples(st.sampled_from([M, S]), st.integers(0, 9)), min_size=1, max_size=6)
)
def test_refresh_after_refresh_gives_what_a_whole_run_gives(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("story")
    with at_rest(folder, LISTED, LIST) as twins:
        for what, number in story:
            NEWS[what][number % len(NEWS[what])](twins.registries)
            twins.run("sync", f"--refresh={what}")
        before = files(twins.root)
        twins.run("sync", "-v")
        assert files(twins.root) == before
