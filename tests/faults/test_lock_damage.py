"""A lock that is damaged, in conflict, newer or edited: said with its line, and never touched."""

import json
import random
import re
import subprocess

import pytest
from desk import Desk, Library, addresses
from service import serving
from tally import LONG, Tally, sample

from bibtool.lock import decode

CONFLICT = (
    b'{\n "schema": 1,\n<<<<<<< HEAD\n "slugs": {}\n=======\n "told": {}\n>>>>>>> theirs\n}\n'
)
DAMAGED = {
    "empty": b"",
    "blank": b"\n\n",
    "no JSON": b"pickle: cos\nsystem\n(S'touch pwned'\ntR.",
    "NUL": b"\0" * 4096,
    "UTF-16": '{"schema": 1}'.encode("utf-16"),
    "latin-1": b'{\n "schema": 1,\n "told": {\n  "a": "\xfc"\n }\n}',
    "an array": b"[]",
    "a number": b"1",
    "null": b"null",
    "no schema": b"{}",
    "schema 0": b'{\n "schema": 0\n}',
    "schema -1": b'{\n "schema": -1\n}',
    "schema as text": b'{\n "schema": "1"\n}',
    "schema 999": b'{\n "schema": 999\n}',
    "schema 999, other shape": b'{\n "schema": 999,\n "lookups": [3]\n}',
    "schema 999 on one line": b'{"schema": 999, "lookups": [3]}',
    "schema 10**400": b'{\n "schema": 1' + b"0" * 400 + b"\n}",
    "wrong type": b'{\n "schema": 1,\n "lookups": {\n  "arxiv:1": 3\n }\n}',
    "deep": b"[" * 200_000,
    "deep in a field": b'{\n "schema": 1,\n "other": ' + b"[" * 200_000 + b"]" * 200_000 + b"\n}",
    "conflict": CONFLICT,
    "conflict, CRLF": CONFLICT.replace(b"\n", b"\r\n"),
    "half a conflict": CONFLICT[:40],
    "TOML": b'version = 999\n[[paper]]\nid = "1"\n',
}
SAID = re.compile(r"bibtool: refs/bibtool\.lock:\d+: .+[;(].+")


def assert_said_and_untouched(desk: Desk, data: bytes) -> None:
    for words in (["sync", "--check"], ["sync"]):
        ran = desk.run(*words)
        assert ran.code == 2, (ran.code, ran.said())
        assert SAID.search(ran.said()), ran.err
        assert desk.lock.read_bytes() == data


@pytest.mark.promise(4)
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_lock_is_said_and_left_as_it_is(
    kind: str, desk: Desk, library: Library, tally: Tally
) -> None:
    desk.lock.write_bytes(DAMAGED[kind])
    with serving() as service, tally.trial(kind):
        desk.environment |= addresses(service.url)
        assert_said_and_untouched(desk, DAMAGED[kind])
        assert service.log == []
        rest = {k: v for k, v in desk.files().items() if k != "bibtool.lock"}
        assert rest == {k: v for k, v in library.old.items() if k != "bibtool.lock"}


@pytest.mark.promise(4)
def test_a_lock_cut_at_any_line_is_said_and_left_as_it_is(desk: Desk, tally: Tally) -> None:
    lines = desk.lock.read_bytes().splitlines(keepends=True)
    for number in sample(range(len(lines)), 6):
        data = b"".join(lines[:number])
        desk.lock.write_bytes(data)
        with tally.trial(f"cut after line {number}"):
            ran = desk.run("sync", "--offline")
            assert ran.code == 2, ran
            assert SAID.search(ran.said()), ran.err
            assert desk.lock.read_bytes() == data


@pytest.mark.promise(4)
def test_a_lock_with_damaged_bytes_is_read_whole_or_refused(desk: Desk, tally: Tally) -> None:
    """A changed letter cannot be told from a hand edit; a broken shape is refused."""
    whole = desk.lock.read_bytes()
    chance = random.Random(11)
    for number in range(300 if LONG else 12):
        at, byte = chance.randrange(len(whole)), chance.randrange(256)
        data = whole[:at] + bytes([byte]) + whole[at + 1 :]
        desk.lock.write_bytes(data)
        with tally.trial(f"{number}: byte {at} becomes {byte}"):
            ran = desk.run("sync", "--check")
            ran.said()
            assert ran.code in (0, 1, 2), ran
            assert desk.lock.read_bytes() == data


@pytest.mark.promise(4)
def test_repair_merges_both_sides_of_every_conflict_git_can_make(
    desk: Desk, library: Library, tally: Tally
) -> None:
    """Each side without some answers, merged line by line; the mended lock knows all of them."""
    whole = json.loads(library.new["bibtool.lock"])
    names = sorted(whole["lookups"])
    for name in sample(names, 2):
        other = names[(names.index(name) + 1) % len(names)]
        sides = [desk.root / f"{word}.json" for word in ("ours", "base", "theirs")]
        for side, left_out in zip(sides, ([name], [name, other], [other]), strict=True):
            kept = {k: v for k, v in whole["lookups"].items() if k not in left_out}
            text = json.dumps(whole | {"lookups": kept}, indent=1, ensure_ascii=False)
            side.write_text(text + "\n", encoding="utf-8")
        for style in ([], ["--diff3"], ["--zdiff3"]):
            merged = merge_file(desk, [str(side) for side in sides], style)
            desk.lay({**library.new, "bibtool.lock": merged})
            with tally.trial(f"{name} and {other}, {style}"):
                if b"<<<<<<<" in merged:
                    ran = desk.run("sync", "--offline")
                    assert ran.code == 2
                    assert "bibtool lock --repair" in ran.said()
                assert desk.run("lock", "--repair").code == 0
                assert set(decode(desk.lock.read_bytes(), "lock").lookups) == set(names)
                assert desk.run("sync", "--offline").code == 0
                files = desk.files()
                assert files["references.bib"] == library.new["references.bib"]


def merge_file(desk: Desk, sides: list[str], style: list[str]) -> bytes:
    words = ["git", "merge-file", "-p", *style, *sides]
    return subprocess.run(words, cwd=desk.root, capture_output=True, check=False).stdout


@pytest.mark.promise(4)
def test_what_cannot_be_mended_is_left_as_it_is(desk: Desk, tally: Tally) -> None:
    for kind, data in DAMAGED.items():
        desk.lock.write_bytes(data)
        with tally.trial(kind):
            ran = desk.run("lock", "--repair")
            ran.said()
            assert ran.code in (0, 2), ran
            if ran.code:
                assert SAID.search(ran.err), ran.err
                assert desk.lock.read_bytes() == data
            else:
                assert decode(desk.lock.read_bytes(), "lock").schema == 1


@pytest.mark.promise(2)
def test_a_record_edited_in_the_lock_is_followed_and_said(
    desk: Desk, library: Library, tally: Tally
) -> None:
    desk.lay(library.new)
    text = desk.lock.read_text(encoding="utf-8")
    assert "Attention Is All You Need" in text
    desk.lock.write_text(text.replace("Attention Is All", "Attention Was All"), encoding="utf-8")
    with tally.trial("title edited"):
        ran = desk.run("sync", "--offline")
        assert ran.code == 0, ran.said()
        assert "references.bib" in ran.said() or "title" in ran.said()
