"""`bibtool add`: the row, the bibliography, the key; and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from everyday import ENCODINGS, LIST, Desk
from service import serving

RESNET_ROW = "- [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serving() as service:
        yield Desk(tmp_path, service)


@pytest.mark.parametrize(
    "words",
    [
        ["1512.03385"],
        ["arXiv:1512.03385v1"],
        ["https://arxiv.org/pdf/1512.03385.pdf"],
        ["Deep", "Residual", "Learning", "for", "Image", "Recognition"],
    ],
    ids=" ".join,
)
def test_a_work_gets_a_row_an_entry_and_says_its_key(desk: Desk, words: list[str]) -> None:
    said = desk.run("add", *words, "--to", "Vision")
    assert said.code == 0, said.err
    assert desk.list.read_text() == LIST.replace("02640)\n", "02640)\n" + RESNET_ROW)
    assert said.out == "he2016deep\n"
    assert "refs/lists/papers.md:8: added under Vision" in said.err
    assert "@inproceedings{he2016deep," in desk.bib.read_text()


@pytest.mark.parametrize(("codec", "mark"), ENCODINGS)
def test_a_list_keeps_its_encoding_and_every_other_byte(
    desk: Desk, codec: str, mark: bytes
) -> None:
    text = LIST.replace("by hand", "von Hand, für 論文").replace("\n", "\r\n")
    desk.list.write_bytes(mark + text.encode(codec))
    said = desk.run("add", "1512.03385", "--to", "Vision")
    assert (said.code, said.out) == (0, "he2016deep\n"), said.err
    row = RESNET_ROW.replace("\n", "\r\n")
    with_it = text.replace("02640)\r\n", "02640)\r\n" + row)
    assert desk.list.read_bytes() == mark + with_it.encode(codec)


def test_what_was_asked_for_the_row_is_not_asked_again(desk: Desk) -> None:
    desk.run("sync")
    before = len(desk.service.log)
    desk.run("add", "1512.03385", "--to", "vision")
    asked = [request.path for request in desk.service.log[before:]]
    assert sum("1512.03385" in path for path in asked) == 1


def test_a_work_that_is_there_is_said_with_its_line_and_key(desk: Desk) -> None:
    desk.run("sync")
    said = desk.run("add", "10.1109/cvpr.2016.91", "--to", "Language")
    assert (said.code, said.out) == (0, "redmon2016you\n")
    assert "refs/lists/papers.md:7: is there already" in said.err
    assert desk.list.read_text() == LIST


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["1512.03385"], 2, 'say where with --to CATEGORY (and --list FILE): refs/lists/papers.md: "V'),
        (["1512.03385", "--to", "Sound"], 2, 'no heading "Sound" in this list'),
        (["1512.03385", "--list", "refs/lists/others.md"], 2, "no such file"),
        (["Only Look Twice: Unified Object", "--to", "Vision"], 1, "nothing was added"),
        (["You Only Look Once", "--to", "Vision"], 1, "give its identifier, if that is it"),
        (["arXiv:2001.99999", "--to", "Vision"], 1, "is not known to arxiv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_is_not_certain_is_refused_and_nothing_written(
    desk: Desk, words: list[str], code: int, part: str
) -> None:
    before = desk.files()
    said = desk.run("add", *words)
    assert (said.code, said.out) == (code, "")
    assert part in said.err
    assert desk.files() == before


def test_a_service_that_is_down_is_not_a_missing_work(desk: Desk) -> None:
    desk.service.steps[:] = ["403"] * 9
    said = desk.run("add", "1512.03385", "--to", "Vision")
    assert said.code == 69
    assert desk.list.read_text() == LIST


def test_the_only_heading_needs_no_name(desk: Desk) -> None:
    desk.list.write_text(LIST.partition("## Language")[0])
    assert desk.run("add", "1512.03385").code == 0
    assert (
        desk.list.read_text()
        == LIST.partition("## Language")[0].rstrip() + "\n" + RESNET_ROW + "\n"
    )


def test_of_two_lists_one_is_named(desk: Desk) -> None:
    other = desk.write(
        "refs/lists/talks.md",
        "## Vision\n\n* [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n",
    )
    assert desk.run("add", "1512.03385", "--to", "Vision").code == 2
    assert (
        desk.run("add", "1512.03385", "--to", "Vision", "--list", "refs/lists/talks.md").code == 0
    )
    assert other.read_text().endswith("\n*" + RESNET_ROW[1:])
    assert desk.list.read_text() == LIST
