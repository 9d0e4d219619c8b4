"""What is kept in the user's own folder is read only if nobody else could have written it."""

import os
from pathlib import Path

import pytest

from bibtool import private


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    private.keep("templates", b"made")
    return tmp_path / "bibtool"


def test_what_is_kept_is_read(folder: Path) -> None:
    assert private.read("templates") == b"made"
    assert [path.name for path in folder.iterdir()] == ["templates"]


@pytest.mark.parametrize("mode", [0o666, 0o664, 0o620, 0o602])
def test_a_file_that_others_may_write_is_not_read(folder: Path, mode: int) -> None:
    (folder / "templates").chmod(mode)
    assert private.read("templates") == b""


def test_a_folder_that_others_may_write_is_not_used(folder: Path) -> None:
    folder.chmod(0o777)
    assert private.read("templates") == b""
    private.keep("templates", b"new")
    assert (folder / "templates").read_bytes() == b"made"


def test_links_and_pipes_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"foreign")
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe")
    assert [private.read(name) for name in ("link", "pipe", "nothing")] == [b"", b"", b""]


def test_a_link_in_the_place_is_replaced_and_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"foreign")
    (folder / "link").symlink_to(elsewhere)
    private.keep("link", b"ours")
    assert (elsewhere.read_bytes(), private.read("link")) == (b"foreign", b"ours")


def test_where_nothing_can_be_kept_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    private.keep("templates", b"made")
    assert private.read("templates") == b""
