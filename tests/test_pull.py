"""`bibtool pull`: a copy of the .bib, edited elsewhere, comes home and takes nothing away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from everyday import Desk
from service import serving

OWN = "\n% a book of ours\n@book{own,\n  title = {Our Book},\n  author = {Us, A.},\n  year = 2020\n}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two entries that bibtool wrote, one of a person's own, and a copy of it all."""
    with serving() as service:
        desk = Desk(tmp_path, service)
        assert desk.run("sync").code == 0
        desk.bib.write_text("% Comments stay.\n" + desk.bib.read_text() + OWN)
        desk.write("main.bib", desk.bib.read_text())
        yield desk


def copy(desk: Desk) -> Path:
    return desk.root / "main.bib"


def test_an_untouched_copy_changes_nothing(desk: Desk) -> None:
    before = desk.files()
    said = desk.run("pull", "main.bib")
    assert (said.code, said.out) == (0, "")
    assert said.err == "nothing in main.bib that refs/references.bib does not have\n"
    assert desk.files() == before


def test_another_layout_is_no_change(desk: Desk) -> None:
    lines = [line.replace("  ", "\t") for line in copy(desk).read_text().splitlines()]
    copy(desk).write_text("\r\n".join(lines))
    before = desk.files()
    desk.run("pull", "main.bib")
    assert desk.files() == before


def test_what_others_changed_is_taken_and_shows_everywhere(desk: Desk) -> None:
    desk.edit(copy(desk), "{Attention Is All You Need}", "{Attention Is {All} You Need}")
    desk.edit(copy(desk), "year = {2017},", "year = {2018},\n  note = {Best one},")
    said = desk.run("pull", "main.bib")
    assert said.code == 0
    assert "vaswani2017attention: title, year, note changed" in said.err
    text = desk.bib.read_text()
    assert text.startswith("% Comments stay.\n")
    assert text.endswith(OWN)
    assert "note = {Best one}" in text
    assert "2018" in (desk.root / "refs/sections/language.md").read_text()
    assert desk.run("sync", "--check").code == 0


def test_an_entry_that_others_added_comes_home(desk: Desk) -> None:
    new = "@misc{theirs, title = {Something New}, author = {They, T.}, year = 2024, month = mine}\n"
    copy(desk).write_text("@string{mine = {May}}\n" + copy(desk).read_text() + new)
    said = desk.run("pull", "main.bib")
    assert "theirs added" in said.err
    text = desk.bib.read_text()
    assert "{Something New}" in text
    assert "@string{mine = {May}}" in text


def test_what_is_not_in_the_copy_stays(desk: Desk) -> None:
    before = desk.files()
    copy(desk).write_text("@misc{vaswani2017attention, title = {Attention Is All You Need}}")
    desk.write("main.bib", desk.run("export", "--category", "Vision").out)
    desk.run("pull", "main.bib")
    assert desk.files()["refs/references.bib"] == before["refs/references.bib"]


def test_where_both_changed_ours_stays_and_it_is_said(desk: Desk) -> None:
    desk.edit(copy(desk), "{Attention Is All You Need}", "{Attention Is Theirs}")
    desk.edit(desk.bib, "{Attention Is All You Need}", "{Attention Is Ours}")
    said = desk.run("pull", "main.bib")
    assert "Attention Is Ours" in desk.bib.read_text()
    assert (
        "vaswani2017attention: title stays as you have it; main.bib says 'Attention Is Theirs'"
        in said.err
    )


def test_a_changed_key_is_followed_by_everything(desk: Desk) -> None:
    desk.edit(copy(desk), "vaswani2017attention", "transformer")
    desk.edit(copy(desk), "@book{own,", "@book{ourbook,")
    said = desk.run("pull", "main.bib")
    assert "vaswani2017attention is transformer now" in said.err
    assert "own is ourbook now" in said.err
    text = desk.bib.read_text()
    assert "vaswani2017attention" not in text
    assert text.count("@misc{transformer,") == text.count("@book{ourbook,") == 1
    assert "transformer" in (desk.root / "refs/sections/language.tex").read_text()
    assert "2 entries" not in desk.run("sync").err
    assert "transformer" in desk.run("add", "1706.03762", "--to", "Language").out


def test_what_was_deleted_here_stays_deleted(desk: Desk) -> None:
    text = desk.bib.read_text()
    start = text.index("@misc{vaswani2017attention")
    desk.bib.write_text(text[:start] + text[text.index("% a book of ours") :])
    said = desk.run("pull", "main.bib")
    assert "vaswani2017attention was deleted here and stays so" in said.err
    assert "vaswani" not in desk.bib.read_text()


def test_a_dry_run_shows_the_diff_and_writes_nothing(desk: Desk) -> None:
    desk.edit(copy(desk), "{Attention Is All You Need}", "{Attention Is {All} You Need}")
    before = desk.files()
    said = desk.run("pull", "main.bib", "--dry-run")
    assert desk.files() == before
    assert (
        "-  title = {Attention Is All You Need},\n+  title = {Attention Is {All} You Need},\n"
        in said.out
    )
    desk.run("pull", "main.bib")
    again = desk.run("pull", "main.bib", "--dry-run")
    assert again.out == ""


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("refs/references.bib", "is the bibliography itself"),
        ("none.bib", "none.bib:1: No such file"),
    ],
)
def test_what_cannot_be_pulled_is_refused(desk: Desk, name: str, part: str) -> None:
    said = desk.run("pull", name)
    assert said.code == 2
    assert part in said.err


def test_a_copy_with_a_merge_conflict_is_refused(desk: Desk) -> None:
    copy(desk).write_text("<<<<<<< HEAD\n" + copy(desk).read_text())
    before = desk.files()
    assert desk.run("pull", "main.bib").code == 2
    assert desk.files() == before
