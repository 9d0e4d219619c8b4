"""A list from the web into the output folder: a copy, which people may edit like any list."""

from collections.abc import Callable
from pathlib import Path

from bibtool.connect import web_client
from bibtool.errors import WrongUse
from bibtool.lock.text import encode
from bibtool.project import Project
from bibtool.saving import stored_lock
from bibtool.stamp import digest_of_text
from bibtool.watch import Watch
from bibtool.web_list import WebList, web_list
from bibtool.write import only_run, write, write_anywhere

FOLDER = "lists"  # in the output folder


def take(project: Project, url: str, watch: Watch, tell: Callable[[str], None]) -> str:
    """Bring the copy of the list at `url` up to date; its path, as messages name it.

    A copy that a person edited is left alone, and the new text goes beside it as NAME.new.
    """
    wanted = web_list(url)
    data = _asked(project, wanted, url, watch)
    name = f"{FOLDER}/{wanted.name}"
    path = project.out / name
    with only_run(project.out):
        lock = stored_lock(project)
        edited = path.is_file() and digest_of_text(path.read_bytes()) not in (
            lock.outputs.get(name),
            digest_of_text(data),
        )
        if edited:
            tell(f"{project.shown(path)}: edited by hand, so left alone; the list as it is on the"
                 f" web stands in {wanted.name}.new")  # fmt: skip
            write_anywhere(path.with_name(f"{wanted.name}.new"), data)
        else:
            write_anywhere(path, data)
            lock.outputs[name] = digest_of_text(data)
            write(project.lock_path, encode(lock))
    return project.shown(path)


def copy_of(project: Project, url: str) -> str:
    """The copy that an earlier run made, for runs that ask nobody; WrongUse if there is none."""
    path: Path = project.out / FOLDER / web_list(url).name
    if not path.is_file():
        raise WrongUse(f"{url}: was not read before; run bibtool sync with it once, online")
    return project.shown(path)


def _asked(project: Project, wanted: WebList, url: str, watch: Watch) -> bytes:
    with web_client(project.settings, watch) as ask:
        for address in wanted.addresses:
            if (body := ask(address)) is not None:
                _check(body, url)
                return body
    raise WrongUse(f"{url}: there is no such page, or no README in it")


def _check(body: bytes, url: str) -> None:
    """WrongUse for what is no list in any case: a page for browsers, a picture, nothing."""
    start = body[:1000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise WrongUse(f"{url}: is a page for browsers; give the address of the file itself")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongUse(f"{url}: is no text in UTF-8") from error
    if "\0" in text or not text.strip():
        raise WrongUse(f"{url}: holds no text")
