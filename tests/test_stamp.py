"""How a run knows that nothing changed: by marks of files, and by their digests where need be."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from bibtool import stamp

WORDS = ["nothing to do"]
ARGUMENTS = ["x"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one list, stamped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs/.bibtool").mkdir(parents=True)
    path = tmp_path / "papers.md"
    path.write_text("one")
    wait()
    leave()
    return path


def wait() -> None:
    time.sleep(2.5 * stamp.TICK)


def leave(beside: Mapping[str, int] | None = None) -> None:
    stamp.leave(
        "refs", ARGUMENTS, patterns=["*.md"], paths=["papers.md"], summary=WORDS, written={},
        beside={**(beside or {})}, began=stamp.moment(),
    )  # fmt: skip


def says() -> list[str] | None:
    return stamp.last_words("refs", ARGUMENTS)


def stored() -> dict[str, dict[str, object]]:
    [path] = Path("refs/.bibtool").glob("stamp-*.json")
    return dict(json.loads(path.read_bytes()))


def refuse(path: str) -> str:
    raise AssertionError(f"{path} was read")


def test_a_file_that_was_read_once_is_known_by_its_mark(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert says() == WORDS
    assert "papers.md" in stored()["marks"]
    monkeypatch.setattr(
        stamp, "digest_of", lambda path: refuse(path) if os.path.exists(path) else ""
    )
    assert says() == WORDS


@pytest.mark.parametrize("marked", [True, False])
def test_other_bytes_of_the_same_length_and_date_are_seen(file: Path, marked: bool) -> None:
    if marked:
        says()
    before = file.stat()
    file.write_text("two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert says() is None


def test_a_file_put_in_place_of_another_is_looked_into(file: Path) -> None:
    says()
    for text, words in (("one", WORDS), ("two", None)):
        other = file.with_suffix(".new")
        other.write_text(text)
        os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
        other.replace(file)
        assert says() == words


def test_a_file_of_this_very_moment_gets_no_mark(file: Path) -> None:
    """A change in the same tick of the clock would have the same times."""
    earlier = stored()["marks"]
    file.write_text("one")
    assert says() == WORDS
    assert stored()["marks"] == earlier
    wait()
    assert says() == WORDS
    assert stored()["marks"] != earlier


def test_a_file_that_is_older_than_the_run_is_known_by_its_mark_from_the_start(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave()
    assert "papers.md" in stored()["marks"]
    monkeypatch.setattr(
        stamp, "digest_of", lambda path: refuse(path) if os.path.exists(path) else ""
    )
    assert says() == WORDS


def test_what_lies_beside_counts_only_for_who_asks_for_it(file: Path) -> None:
    assert not stamp.still_stands("refs", ARGUMENTS)
    date = dated("register", "rows")
    wait()
    leave(beside={"register": date})
    assert stamp.still_stands("refs", ARGUMENTS)
    Path("register").write_text("other")
    assert not stamp.still_stands("refs", ARGUMENTS)
    assert says() == WORDS


def again(dated: dict[str, int], written: dict[str, str] | None = None) -> None:
    stamp.leave_again(
        "refs", ARGUMENTS, written=written or {}, dated=dated, beside={}, began=stamp.moment()
    )


def dated(name: str, text: str) -> int:
    date = time.time_ns()
    Path(name).write_text(text)
    os.utime(name, ns=(date, date))
    return date


def test_a_dated_file_is_known_by_its_date_and_not_read(file: Path) -> None:
    again({"papers.md": dated("papers.md", "two")})
    assert stored()["digests"]["papers.md"] == stamp.UNREAD
    assert says() == WORDS
    file.write_text("two")
    assert says() is None


def test_a_date_that_the_file_system_does_not_keep_is_no_mark(file: Path) -> None:
    date = time.time_ns()
    file.write_text("two")
    os.utime(file, (date // 10**9, date // 10**9))  # whole seconds, as some file systems have
    again({"papers.md": date})
    assert stored()["digests"]["papers.md"] == stamp.digest_of("papers.md")
    assert says() == WORDS


def test_a_file_that_somebody_saved_meanwhile_leaves_no_stamp(file: Path) -> None:
    began = stamp.moment()
    before = stored()
    file.write_text("two")
    stamp.leave_again("refs", ARGUMENTS, written={}, dated={}, beside={}, began=began)
    assert stored() == before
    assert says() is None
