"""Two people added works, git merged what it could: a repaired lock knows whose the files are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from everyday import Desk
from service import serving

from bibtool.lock import CONFLICT

BIB = "refs/references.bib"
RESNET = "- [Deep Residual Learning](https://arxiv.org/abs/1512.03385)\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serving() as service:
        yield Desk(tmp_path, service)


def both_sides(desk: Desk) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The desk as either side left it; the lock is left with a conflict, the rest as theirs."""
    assert desk.run("sync", "-q").code == 0
    ours = desk.files()
    desk.list.write_text(desk.list.read_text() + RESNET)
    assert desk.run("sync", "-q").code == 0
    theirs = desk.files()
    lock = desk.root / "refs/bibtool.lock"
    conflict = [b"<<<<<<< ours\n", ours["refs/bibtool.lock"], b"=======\n"]
    lock.write_bytes(b"".join([*conflict, theirs["refs/bibtool.lock"], b">>>>>>> theirs\n"]))
    assert CONFLICT.search(lock.read_bytes())
    return ours, theirs


@pytest.mark.parametrize("side", [0, 1])
def test_sections_of_either_side_are_brought_up_to_date(desk: Desk, side: int) -> None:
    sides = both_sides(desk)
    for name, data in sides[side].items():
        if name.endswith((".tex", ".md")) and "lists" not in name:
            (desk.root / name).write_bytes(data)
    repaired = desk.run("lock", "--repair")
    assert (repaired.code, repaired.err) == (0, "")
    assert desk.run("sync").code == 0
    assert desk.files() == sides[1]


def test_what_git_merged_is_named_and_left_until_it_is_deleted(desk: Desk) -> None:
    _, theirs = both_sides(desk)
    page, section = desk.root / "refs/references.md", desk.root / "refs/sections/language.md"
    page.write_bytes(page.read_bytes() + b"\nOf both sides.\n")
    section.write_bytes(b"one\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n")
    repaired = desk.run("lock", "--repair")
    assert repaired.code == 0
    assert [line.partition(";")[0] for line in repaired.err.splitlines()] == [
        "refs/references.md:1: merged by git, or edited by hand",
        "refs/sections/language.md:2: merge conflict",
    ]
    page.unlink()
    section.unlink()
    assert desk.run("sync").code == 0
    assert desk.files() == theirs


def test_what_is_nobodys_is_never_written_over(desk: Desk) -> None:
    both_sides(desk)
    page = desk.root / "refs/references.md"
    page.write_text("Of both sides.\n")
    assert desk.run("lock", "--repair").code == 0
    assert "edited by hand" in desk.run("sync").err
    assert page.read_text() == "Of both sides.\n"


def test_a_readme_with_text_between_marks_is_merged_and_not_named(desk: Desk) -> None:
    readme = desk.write("README.md", "# Us\n<!-- bibtool:begin papers -->\n<!-- bibtool:end -->\n")
    desk.write("bibtool.toml", '[markdown]\ninto = { "README.md" = { papers = "awesome" } }\n')
    both_sides(desk)
    readme.write_text("Ours.\n" + readme.read_text())
    assert desk.run("lock", "--repair").err == ""
    assert desk.run("sync").code == 0
    assert readme.read_text().startswith("Ours.\n# Us")


@pytest.mark.parametrize("side", [0, 1])
def test_what_only_one_side_has_is_not_taken_for_deleted(desk: Desk, side: int) -> None:
    """The .bib of one side was taken, as people do with files that a program writes."""
    sides = both_sides(desk)
    (desk.root / BIB).write_bytes(sides[side][BIB])
    repaired = desk.run("lock", "--repair")
    assert ("he2016deep" in repaired.err) is (side == 0)
    assert repaired.code == 0
    assert desk.run("sync").code == 0
    assert desk.files() == sides[1]


def test_what_both_sides_know_and_the_bib_lacks_stays_deleted(desk: Desk) -> None:
    both_sides(desk)
    file = desk.root / BIB
    head, at, rest = file.read_text().partition("@")
    file.write_text(head + at + rest.partition("\n@")[2])
    kept = file.read_text()
    assert desk.run("lock", "--repair").err == ""
    assert desk.run("sync").code == 0
    assert file.read_text() == kept


def test_a_conflict_in_the_bib_is_settled_first(desk: Desk) -> None:
    both_sides(desk)
    lock = (desk.root / "refs/bibtool.lock").read_bytes()
    (desk.root / BIB).write_text("<<<<<<< ours\n=======\n@misc{a, title = {A}}\n>>>>>>> theirs\n")
    repaired = desk.run("lock", "--repair")
    assert repaired.code == 2
    assert "refs/references.bib:1: merge conflict; settle it in the file" in repaired.err
    assert (desk.root / "refs/bibtool.lock").read_bytes() == lock
