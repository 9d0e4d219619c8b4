"""The first run in a folder that knows nothing of bibtool, `init`, and lists from the web."""

import re
import ssl
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from everyday import LIST, Desk, Said
from service import Service, serving

from bibtool.config import Settings, load_settings
from bibtool.read import read_text
from bibtool.shipped import shipped_templates
from bibtool.starting import EXAMPLE, settings_text

README = (
    LIST + "- [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)\n"
)
SUFFIXES = (("latex", ".tex.j2"), ("markdown", ".md.j2"))
PEM = Path(__file__).parent / "fixtures" / "self-signed.pem"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A folder without anything."""
    with serving() as service:
        desk = Desk(tmp_path, service)
        desk.list.unlink()
        desk.list.parent.rmdir()
        (tmp_path / "refs").rmdir()
        yield desk


def test_a_foreign_folder_is_read_and_told_what_will_be_written(desk: Desk) -> None:
    desk.write("README.md", README)
    said = desk.run("sync")
    assert said.code == 0, said.err
    first, *rest = said.out.splitlines()
    assert first == "README.md holds 3 papers in 2 categories; using it"
    assert rest[0].startswith("will write refs/bibtool.lock, refs/references.bib")
    assert all(len(line) <= 80 for line in [first, *rest[:2]])
    assert {
        "refs/bibtool.lock",
        "refs/references.bib",
        "refs/sections/vision.tex",
    } <= desk.files().keys()
    again = desk.run("sync")
    assert "using it" not in again.out
    assert "nothing to do" in again.out


def test_what_will_be_written_is_said_before_anybody_is_asked(desk: Desk) -> None:
    desk.write("README.md", README)
    desk.service.steps[:] = ["403"] * 20
    said = desk.run("sync")
    assert said.code == 69
    assert said.out.startswith("README.md holds 3 papers in 2 categories; using it\nwill write ")


@pytest.mark.parametrize("option", ["--json", "-q"])
def test_scripts_hear_nothing_of_it(desk: Desk, option: str) -> None:
    desk.write("README.md", README)
    assert "using it" not in desk.run("sync", option).out


def test_init_writes_settings_and_a_list_that_works_at_once(desk: Desk) -> None:
    assert desk.run("init").code == 0
    assert desk.files().keys() == {"bibtool.toml", "refs/lists/papers.md"}
    said = desk.run("sync")
    assert "2 rows: 2 matched" in said.out, said.err


def test_init_finds_the_list_that_is_there(desk: Desk) -> None:
    desk.write("README.md", README)
    assert desk.run("init").code == 0
    assert desk.files().keys() == {"bibtool.toml", "README.md"}
    assert load_settings(desk.root, {}).lists == ("README.md",)


@pytest.mark.parametrize(("name", "text"), [("bibtool.toml", 'out = "x"\n'), ("pyproject.toml", '[tool.bibtool]\nout = "x"\n')])  # fmt: skip
def test_init_overwrites_nothing(desk: Desk, name: str, text: str) -> None:
    desk.write(name, text)
    desk.write("refs/lists/mine.md", LIST)
    before = desk.files()
    assert desk.run("init").code == 0
    assert desk.files() == before


def test_the_settings_show_every_default_as_it_is() -> None:
    said = re.sub(r"^# (?=\w+ = )", "", settings_text(()), flags=re.M)
    table = tomllib.loads(said)
    assert table.pop("mailto") == "you@example.org"
    shown = {table.pop(kind)["template"] + suffix for kind, suffix in SUFFIXES}
    assert shown <= shipped_templates().keys()
    assert msgspec.convert(table, Settings) == Settings()
    assert msgspec.convert(tomllib.loads(settings_text(())), Settings) == Settings()
    flat = {
        name
        for name in Settings.__struct_fields__
        if name not in ("latex", "markdown", "sources", "mailto")
    }
    assert flat <= table.keys()


def test_the_example_list_reads_without_a_problem() -> None:
    found = read_text(EXAMPLE, "papers.md")
    assert len(found.rows) == 2
    assert not found.problems
    assert not any(row.problems for row in found.rows)


@pytest.fixture
def web(desk: Desk) -> Iterator[Service]:
    """A web server with a certificate that the run trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    with serving(wrap=lambda sock: context.wrap_socket(sock, server_side=True)) as service:
        service.extra["/papers.md"] = (200, "text/plain", README.encode())
        yield service


def taken(desk: Desk, url: str, *words: str, monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(PEM))
    return desk.run("sync", url, *words)


def test_a_list_is_taken_from_the_web_into_the_output_folder(
    desk: Desk, web: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = taken(desk, f"{web.url}/papers.md", "--out", "survey", monkeypatch=monkeypatch)
    assert said.code == 0, said.err
    copy = desk.root / "survey/lists/127.0.0.1-papers.md"
    assert copy.read_text() == README
    assert "@misc{vaswani2017attention" in (desk.root / "survey/references.bib").read_text()
    asked = len(web.log)
    assert desk.run("sync", "--check", "--out", "survey").code == 0
    assert desk.run("sync", f"{web.url}/papers.md", "--offline", "--out", "survey").code == 0
    assert len(web.log) == asked


def test_a_copy_follows_the_web_until_a_person_edits_it(
    desk: Desk, web: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{web.url}/papers.md"
    taken(desk, url, monkeypatch=monkeypatch)
    copy = desk.root / "refs/lists/127.0.0.1-papers.md"
    web.extra["/papers.md"] = (200, "text/plain", README.replace("Kept", "Still kept").encode())
    taken(desk, url, monkeypatch=monkeypatch)
    assert "Still kept" in copy.read_text()
    desk.edit(copy, "Still kept", "Mine")
    web.extra["/papers.md"] = (200, "text/plain", README.replace("Kept", "Again kept").encode())
    said = taken(desk, url, monkeypatch=monkeypatch)
    assert "edited by hand, so left alone" in said.err
    assert "Mine" in copy.read_text()
    assert "Again kept" in copy.with_name("127.0.0.1-papers.md.new").read_text()


@pytest.mark.parametrize(
    ("answer", "code", "part"),
    [
        ((404, "text/plain", b"Not Found"), 2, "there is no such page"),
        ((200, "text/html", b"\n<!DOCTYPE html><html>"), 2, "a page for browsers"),
        ((200, "image/png", b"\x89PNG\r\n\x1a\n\0"), 2, "no text in UTF-8"),
        ((200, "text/plain", b"   "), 2, "holds no text"),
        ((200, "text/plain", b"a" * (5 * 2**20 + 1)), 69, "more than 5 MB"),
        ((403, "text/plain", b""), 69, "status 403"),
    ],
    ids=["gone", "html", "picture", "empty", "big", "refused"],
)
def test_what_is_no_list_is_refused_and_nothing_written(
    desk: Desk, web: Service, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str, bytes], code: int, part: str
) -> None:  # fmt: skip
    web.extra["/papers.md"] = answer
    said = taken(desk, f"{web.url}/papers.md", monkeypatch=monkeypatch)
    assert (said.code, desk.files()) == (code, {})
    assert part in said.err


def test_an_unknown_certificate_is_refused(desk: Desk, web: Service) -> None:
    said = desk.run("sync", f"{web.url}/papers.md")
    assert said.code == 69
    assert "certificate" in said.err


def test_a_redirect_to_another_host_is_not_followed(
    desk: Desk, web: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.steps[:] = ["redir:https://example.org/papers.md"]
    said = taken(desk, f"{web.url}/papers.md", monkeypatch=monkeypatch)
    assert said.code == 69
    assert "redirects to https://example.org/papers.md" in said.err


def test_a_list_that_was_never_taken_cannot_be_read_offline(desk: Desk, web: Service) -> None:
    said = desk.run("sync", f"{web.url}/papers.md", "--offline")
    assert said.code == 2
    assert "was not read before" in said.err
