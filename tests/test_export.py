"""`bibtool export` and `bibtool merge`: what leaves the project, and the text it has."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from csl_facts import broken
from everyday import Desk
from service import serving

from bibtool import bib
from bibtool.selection import near

ROOT = Path(__file__).parent.parent


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A project with two entries, one of them edited by hand, and an entry of a person's own."""
    with serving() as service:
        desk = Desk(tmp_path, service)
        assert desk.run("sync").code == 0
        desk.edit(
            desk.bib, "@misc{vaswani2017attention", "% my favourite\n@misc{vaswani2017attention"
        )
        desk.bib.write_text(
            "@string{me = {Private Press}}\n@string{us = me # { Ltd}}\n@string{idle = {x}}\n\n"
            + desk.bib.read_text()
            + "\n@book{mine,\n  title   = {A {BOOK}},\n  publisher = us,\n  ids = {old1, old2}\n}\n"
            "\n@inbook{part, crossref = {mine}, title={Part}}\n"
        )
        yield desk


def keys_in(text: str) -> list[str]:
    return [entry.key for entry in bib.parse(text, "x.bib").entries]


def test_all_entries_come_out_with_their_own_text(desk: Desk) -> None:
    said = desk.run("export")
    assert said.code == 0
    assert keys_in(said.out) == ["redmon2016you", "vaswani2017attention", "mine", "part"]
    assert "@book{mine,\n  title   = {A {BOOK}},\n  publisher = us," in said.out
    assert "@string{me" in said.out
    assert "@string{idle" not in said.out


@pytest.mark.parametrize("name", ["Vision", "vision"])
def test_a_category_alone(desk: Desk, name: str) -> None:
    assert keys_in(desk.run("export", "--category", name).out) == ["redmon2016you"]


def test_an_unknown_category_is_said_with_those_that_there_are(desk: Desk) -> None:
    said = desk.run("export", "--category", "Sound")
    assert (said.code, said.out) == (2, "")
    assert '"Language", "Vision"' in said.err


def test_what_a_paper_cites_and_nothing_else(desk: Desk) -> None:
    desk.write("paper.tex", "\\citep[see][]{vaswani2017attention,\nold1}")
    said = desk.run("export", "--cited", "paper.tex", "-o", "main.bib")
    assert (said.code, said.out) == (0, "")
    text = (desk.root / "main.bib").read_text()
    assert keys_in(text) == ["vaswani2017attention", "mine"]
    assert text.count("@string") == 2
    assert said.err == "2 entries are never cited: part, redmon2016you\n"


def test_a_parent_comes_along(desk: Desk) -> None:
    desk.write("paper.tex", r"\cite{part}")
    assert keys_in(desk.run("export", "--cited", "paper.tex").out) == ["mine", "part"]


def test_a_key_that_is_missing_is_told_and_fails(desk: Desk) -> None:
    desk.write("paper.tex", "\\cite{Mine}\n\\cite{nobody1999}")
    said = desk.run("export", "--cited", "paper.tex", "-o", "main.bib")
    assert said.code == 1
    assert "paper.tex:1: Mine is cited and not in refs/references.bib; is mine meant?" in said.err
    assert "paper.tex:2: nobody1999 is cited and not in refs/references.bib\n" in said.err


def test_nocite_of_everything_takes_everything(desk: Desk) -> None:
    desk.write("paper.tex", r"\nocite{*}")
    said = desk.run("export", "--cited", "paper.tex")
    assert (said.code, said.err) == (0, "")
    assert len(keys_in(said.out)) == 4


def test_csl_json_has_the_preprint_and_the_hand_edit(desk: Desk) -> None:
    desk.edit(desk.bib, "{Attention Is All You Need}", "{Attention Is {N}early All You Need}")
    items = {item["id"]: item for item in json.loads(desk.run("export", "--to", "csljson").out)}
    assert items["vaswani2017attention"]["type"] == "article"
    assert items["vaswani2017attention"]["title"] == "Attention Is Nearly All You Need"
    assert items["redmon2016you"]["type"] == "paper-conference"
    assert items["mine"]["publisher"] == "Private Press Ltd"
    assert [key for key, item in items.items() if broken(item)] == []


def test_csl_json_of_the_list_that_comes_along_is_of_the_schema(desk: Desk) -> None:
    shutil.rmtree(desk.root / "refs")
    shutil.copytree(ROOT / "refs", desk.root / "refs")
    items = json.loads(desk.run("export", "--to", "csljson").out)
    assert [item["id"] for item in items] == keys_in(desk.bib.read_text(encoding="utf-8"))
    assert [item["id"] for item in items if broken(item)] == []


def git(desk: Desk, *words: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *words], cwd=desk.root, check=True, capture_output=True)


def test_only_what_is_new_since_a_revision_or_a_lock(desk: Desk) -> None:
    git(desk, "init", "-q")
    git(desk, "commit", "-q", "--allow-empty", "-m", "Begin")
    git(desk, "add", "refs")
    git(desk, "commit", "-q", "-m", "Two works")
    assert keys_in(desk.run("export", "--since", "HEAD").out) == []
    assert len(keys_in(desk.run("export", "--since", "HEAD~1").out)) == 4
    old = desk.write("old/bibtool.lock", (desk.root / "refs/bibtool.lock").read_text())
    desk.edit(desk.bib, "redmon2016you", "yolo")
    assert desk.run("add", "1512.03385", "--to", "Vision").code == 0
    assert keys_in(desk.run("export", "--since", "HEAD").out) == ["he2016deep"]
    new = keys_in(desk.run("export", "--since", str(old.relative_to(desk.root))).out)
    assert "he2016deep" in new
    assert "yolo" not in new


@pytest.mark.parametrize("what", ["nothing-like-it", "-x", "HEAD"])
def test_a_revision_that_is_none_is_refused(desk: Desk, what: str) -> None:
    said = desk.run("export", f"--since={what}")
    assert said.code == 2
    assert "neither a lock file nor a git revision" in said.err


@pytest.mark.parametrize("target", ["refs/references.bib", "refs/bibtool.lock"])
def test_the_source_is_never_overwritten(desk: Desk, target: str) -> None:
    before = desk.files()
    assert desk.run("export", "--category", "Vision", "-o", target).code == 2
    assert desk.files() == before


def test_without_a_bibliography_the_next_step_is_said(desk: Desk) -> None:
    desk.bib.unlink()
    said = desk.run("export")
    assert said.code == 2
    assert "refs/references.bib:1: No such file or directory; bibtool sync writes it" in said.err


def test_bib_files_are_merged_and_the_replaced_keys_told(desk: Desk) -> None:
    other = "@article{yolo,\n  title = {You Only Look Once},\n  eprint = {1506.02640},\n  note = {read}\n}\n"
    desk.write("other.bib", other)
    said = desk.run(
        "merge", "refs/references.bib", "other.bib", "-o", "all.bib", "--keys", "keys.json"
    )
    assert (said.code, said.out) == (0, "")
    assert json.loads((desk.root / "keys.json").read_text()) == {"yolo": "redmon2016you"}
    text = (desk.root / "all.bib").read_text()
    assert keys_in(text).count("redmon2016you") == 1
    assert "note = {read}" in text
    assert "% my favourite" in text
    assert "cite redmon2016you instead of yolo" in said.err
    assert desk.run("merge", "all.bib").out == text


def test_the_encoding_of_a_file_is_kept_and_of_several_it_is_one(desk: Desk) -> None:
    latin = "@misc{a, title = {Gödel}}\n".encode("latin-1")
    (desk.root / "a.bib").write_bytes(latin)
    assert desk.run("merge", "a.bib", "-o", "out.bib").code == 0
    assert (desk.root / "out.bib").read_bytes() == latin
    desk.write("b.bib", "@misc{b, title = {Erdős}}\n")
    assert desk.run("merge", "a.bib", "b.bib", "-o", "out.bib").code == 0
    assert "Gödel" in (desk.root / "out.bib").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "meant"),
    [("Li2024", "li2024"), ("li2024b", "li2024"), ("vaswani2017", "vaswani2017attention"), ("x", ""), ("vas", "")],
)  # fmt: skip
def test_the_key_that_was_probably_meant(key: str, meant: str) -> None:
    assert near(key, ["vaswani2017attention", "li2024"]) == meant
