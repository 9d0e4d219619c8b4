"""`sync --refresh` as it can be said: spellings, options, several lists, another folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from renewal_projects import registries
from test_renewal_news import BIB, LIST, LISTED, MAR_ROW, M, preprint
from twins import Twins, files, playing

RENAMED = "Generation without Vector Quantization"
NEWS = preprint(M, title=RENAMED, comment="This paper has been withdrawn")
TWO = "refs/lists/two.md"
MORE = f"# More\n\n## Tokens\n{MAR_ROW}\n## Vision\n- [Kept Words](https://doi.org/10.1000/x_2)\n"


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    with playing(tmp_path) as service:
        twins = Twins(tmp_path, service, registries())
        twins.write(LISTED, LIST)
        yield twins


SPELLINGS = [
    M, f"arXiv:{M}", f"arXiv:{M}v2", f"https://arxiv.org/abs/{M}", f"https://arxiv.org/pdf/{M}v3.pdf",
    f"10.48550/arXiv.{M}", f"https://doi.org/10.48550/ARXIV.{M}", f"arXiv:{M},arXiv:{M}v1",
    f"arXiv:{M},10.1000/X_1", f" arXiv:{M} ", f"arXiv:{M} https://doi.org/10.1000/x_2",
]  # fmt: skip


@pytest.mark.parametrize("what", SPELLINGS)
def test_every_spelling_of_an_identifier_is_refreshed(twins: Twins, what: str) -> None:
    twins.rest()
    NEWS(twins.registries)
    twins.refresh(what)
    assert RENAMED in twins.read(BIB)


REFUSED = [
    ("arXiv:2405.55555", "--refresh: arxiv:2405.55555 stands in no row of the lists"),
    (f"arXiv:{M},10.1000/nobody.knows", "doi:10.1000/nobody.knows stands in no row of the lists"),
    ("10.1109/cvpr.2016.91", "doi:10.1109/cvpr.2016.91 stands in no row of the lists"),
    ("nonsense", "--refresh=nonsense: give all, preprints, unresolved or identifiers"),
    ("arXiv:2499.99999", "--refresh=arXiv:2499.99999: give all, preprints"),
]


@pytest.mark.parametrize(("what", "message"), REFUSED)
def test_what_no_row_has_is_refused_and_nothing_done(twins: Twins, what: str, message: str) -> None:
    twins.rest()
    NEWS(twins.registries)
    before = files(twins.root)
    ran = twins.refresh(what)
    assert (ran.code, ran.out, ran.asked) == (2, "", ())
    assert message in ran.err
    assert files(twins.root) == before


@pytest.mark.parametrize("what", ["all", "preprints", "unresolved"])
def test_what_has_a_name_is_refreshed(twins: Twins, what: str) -> None:
    twins.rest()
    NEWS(twins.registries)
    twins.refresh(what)


OPTIONS = [
    ("--json",), ("-q",), ("-v",), ("--strict",), ("--dry-run",), ("--offline",), ("--check",),
    ("--json", "-v"), ("--json", "--dry-run"), ("-q", "--strict"), ("--dry-run", "-v"), ("--provisional",),
]  # fmt: skip


@pytest.mark.parametrize("words", OPTIONS, ids=" ".join)
def test_options_mean_what_they_mean_in_a_whole_run(twins: Twins, words: tuple[str, ...]) -> None:
    twins.rest()
    twins.refresh(M, *words)
    NEWS(twins.registries)
    twins.refresh(M, *words)
    twins.refresh("arXiv:1512.03385,10.1000/x_2", *words)


@pytest.mark.parametrize("always", [("--prune",), ("--provisional",), ("--offline",)])
@pytest.mark.parametrize("once", [(), ("--json",), ("-v",)])
def test_options_that_always_stand_there_do_not_stand_in_the_way(
    twins: Twins, always: tuple[str, ...], once: tuple[str, ...]
) -> None:
    twins.run("sync")
    twins.rest(*always)
    twins.edit(LISTED, "Nothing That", "Nothing Such That")
    twins.edit(BIB, "month = jun", "month = jul")
    twins.settle(*always)
    NEWS(twins.registries)
    twins.run("sync", f"--refresh={M}", *once, *always)
    twins.settle(*always)


def test_prune_takes_out_entries_whose_row_is_gone(twins: Twins) -> None:
    twins.write(
        LISTED,
        LIST
        + MAR_ROW.replace(M, "2401.00002").replace(
            "Auto", "扩散模型综述 🎨 of Diffusion Models Auto"
        ),
    )
    twins.rest()
    twins.write(LISTED, LIST.replace("https://doi.org/10.1000/x_2", "https://doi.org/10.1000/twin"))
    twins.settle()
    twins.refresh(M, "--prune")
    assert "kept" not in twins.read(BIB).lower()


@pytest.mark.parametrize(
    "named", [(), (LISTED,), (TWO,), (LISTED, TWO), (TWO, LISTED)], ids=" ".join
)
def test_lists_that_are_named_are_the_ones_asked_about(
    twins: Twins, named: tuple[str, ...]
) -> None:
    twins.write(TWO, MORE)
    twins.rest()
    twins.settle(*named)
    twins.settle(*named, "-v")
    NEWS(twins.registries)
    for what in (M, "10.1000/x_2", "10.1000/x_1"):
        twins.run("sync", f"--refresh={what}", *named)
        twins.settle(*named)
    twins.settle()


def test_a_list_that_no_setting_names_is_remembered(twins: Twins) -> None:
    twins.write("notes/three.md", MORE)
    twins.rest("notes/three.md", LISTED)
    NEWS(twins.registries)
    twins.run("sync", f"--refresh={M}", "notes/three.md", LISTED)
    twins.settle()
    twins.refresh("10.1000/x_2")


@pytest.mark.parametrize("out", ["elsewhere", "a/b"])
def test_another_folder_has_its_own_quick_way(twins: Twins, out: str) -> None:
    twins.rest("--out", out)
    NEWS(twins.registries)
    twins.run("sync", f"--refresh={M}", "--out", out)
    before = files(twins.root)
    twins.settle("-v", "--out", out)
    assert files(twins.root) == before
    assert RENAMED in twins.read(f"{out}/references.bib")
    assert not (twins.root / BIB).exists()


@pytest.mark.parametrize("name", ["arxiv", "crossref", "datacite"])
def test_a_service_that_is_down_takes_nothing_away(twins: Twins, name: str) -> None:
    twins.rest()
    NEWS(twins.registries)
    twins.registries.down = {name}
    twins.refresh(f"arXiv:{M},10.1000/x_1,arXiv:1512.03385")
    twins.refresh(f"arXiv:{M}", "--json")
    twins.registries.down = set()
    twins.refresh(f"arXiv:{M}")
    assert RENAMED in twins.read(BIB)
