"""Hostile categories, titles, notes, addresses and templates through whole sections."""

import json
import re
import sys
import time
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from github_markdown import Seen, seen
from section_cases import ROOT, TEMPLATES, entry, lists, row

from bibtool import confine
from bibtool.errors import Unreadable
from bibtool.model import Entry, Identifier, Name
from bibtool.render.markdown import address, comment, one_line, to_md
from bibtool.render.options import SectionOptions
from bibtool.render.sections import Rendered, render
from bibtool.render.slugs import slug_of
from bibtool.tex import to_tex

sys.path.insert(0, str(ROOT / "tests" / "tex"))
from paper import compiled

pytestmark = pytest.mark.corpus

PLAIN = SectionOptions()
WHOLE = SectionOptions(files="all")
SAFE = re.compile(r"(sections/[a-z0-9][a-z0-9._-]{0,79}|references)\.(tex|md)")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z")
LATEX = ("title", "specials", "author", "abstract", "note", "category", "journal", "url", "doi")


@cache
def all_payloads(path: Path) -> tuple[dict[str, object], ...]:
    return tuple(json.loads(line) for line in path.read_text("utf-8").splitlines())


def payloads(corpus: Path, *surfaces: str) -> list[str]:
    found = [p for p in all_payloads(corpus / "payloads.jsonl") if p["surface"] in surfaces]
    assert found
    return [_text(p) for p in found]


def _text(payload: dict[str, object]) -> str:
    if payload["payload"] is not None:
        return str(payload["payload"])
    parts = payload["expand"]
    assert isinstance(parts, dict)
    return f"{parts['prefix']}{parts['unit'] * parts['times']}{parts['suffix']}"


def rendered(entries: tuple[Entry, ...], markdown: SectionOptions) -> Rendered:
    return render(entries, lists(*entries), (), WHOLE, markdown, TEMPLATES, {})


def test_categories_become_safe_and_distinct_names(corpus: Path) -> None:
    headings = payloads(corpus, "path.category", "latex.category")
    pairs = [part for text in headings for part in re.sub(r" \(.*", "", text).split(" vs ")]
    paths = list(dict.fromkeys((text,) for text in [*headings, *pairs, "Cafe\u0301", "Caf\u00e9"]))
    entries = tuple(entry(f"k{n}", "", row(path, n)) for n, path in enumerate(paths))
    result = render(entries, lists(*entries), (), PLAIN, PLAIN, TEMPLATES, {})
    assert len(result.slugs) == len(paths)
    assert len({slug.casefold() for slug in result.slugs.values()}) == len(paths)
    assert all(SAFE.fullmatch(name) for name in result.files)
    assert not any(RESERVED.match(slug) for slug in result.slugs.values())
    backwards = render(entries, lists(*reversed(entries)), (), PLAIN, PLAIN, TEMPLATES, {})
    assert backwards.slugs == result.slugs, "whatever the order"


def test_markdown_shows_every_text_as_it_stands(corpus: Path) -> None:
    texts = payloads(corpus, "markdown.title", *(f"latex.{name}" for name in LATEX))
    texts += payloads(corpus, "path.category", "jinja.data", "text.unicode")
    texts = [text for text in texts if one_line(text)]
    for layout in ("bullets", "table"):
        for template in ("references", "awesome"):
            options = SectionOptions(
                template=template,
                layout=layout,  # type: ignore[arg-type]
                notes="text",
                files="all",
            )
            _check_markdown(texts, options)


def _check_markdown(texts: list[str], options: SectionOptions) -> None:
    def page(text: str) -> Seen:
        work = entry("k", text, row((text,), notes=text, short=f"s {text}"), venue=text,
                     authors=(Name(family=text),), identifiers=(Identifier("arxiv:2401.00001"),)
        )  # fmt: skip
        return seen(rendered((work,), options).files["references.md"])

    plain = page("plain")
    for text in texts:
        shown = page(text)
        assert shown.tags == plain.tags, text
        assert one_line(text) in shown.text, text
        hosts = {urlsplit(link).hostname for link in shown.links}
        assert hosts <= {"arxiv.org", "img.shields.io"}, text


def test_only_web_addresses_become_links(corpus: Path) -> None:
    for url in payloads(corpus, "markdown.url", "latex.url"):
        work = entry("k", "T", row(code=(url,)))
        for template in ("references", "awesome", "pandoc"):
            options = SectionOptions(template=template, badges=False)
            files = render((work,), (), (), PLAIN, options, TEMPLATES, {})
            links = [link for link in seen(files.files["references.md"]).links if link[0] != "#"]
            assert all(re.fullmatch(r"https?://[\w.-]+(/[!-~]*)?", link) for link in links)
            assert not any(sign in link for link in links for sign in '()<>[]" \\')
            told = [n for n in files.notices if "no web address" in n.message]
            assert bool(links) != bool(told), url


def test_data_is_never_read_as_a_template(corpus: Path) -> None:
    for text in payloads(corpus, "jinja.data"):
        work = entry("k", text, row((text,), notes=text, short=text))
        for template in ("related-work", "annotated", "table"):
            options = SectionOptions(template=template, notes="text")
            tex = render((work,), (), (), options, PLAIN, TEMPLATES, {}).files["references.tex"]
            assert "49" not in tex
            # What stands between the braces that TeX has to be told of:
            assert re.sub(r"\W|text(bracele|braceri|le|grea)\w*|emph", "", text) in re.sub(
                r"\W|text(braceleft|braceright|less|greater|backslash|asciigrave)|emph", "", tex
            ).replace("textbackslash", "")


@pytest.mark.tex
@pytest.mark.slow
@pytest.mark.parametrize("template", ["related-work", "annotated", "table"])
def test_latex_sets_every_text_as_it_stands(corpus: Path, template: str, tmp_path: Path) -> None:
    texts = payloads(corpus, *(f"latex.{name}" for name in LATEX), "jinja.data")
    # A formula is set as one: its letters are another test's.
    texts = [text for text in texts if one_line(text) and "$k$" not in text]
    entries = tuple(
        entry(f"k{n}", f"T {text}", row((f"C{n} {text}",), n, short=f"S {text}", notes=text),
              authors=(Name(family=f"F{n}", given="A"),))
        for n, text in enumerate(texts)
    )  # fmt: skip
    (tmp_path / "secret.txt").write_text("LEAKED")
    options = SectionOptions(template=template, notes="text", level=3)
    tex = render(entries, (), (), options, PLAIN, TEMPLATES, {}).files["references.tex"]
    printed = compiled(tmp_path, "article", tex, entries)
    assert "LEAKED" not in printed.text
    assert {path.stem for path in tmp_path.iterdir()} == {"paper", "refs", "secret"}
    assert [text for text in texts if not printed.holds(text.replace("$", ""))] == []


def test_every_hostile_template_is_told_with_its_place(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confine, "SECONDS", 2)
    for text in payloads(corpus, "jinja.template"):
        meant = re.sub(
            r"\bpapers?\b", lambda m: {"paper": "works[0]", "papers": "works"}[m[0]], text
        )
        for template in {text, meant}:
            own = {"overview.md.j2": f"\n{template}\n"}
            with pytest.raises(Unreadable) as told:
                confine.render((entry(),), (), (), PLAIN, PLAIN, TEMPLATES, {}, own=own)
            assert (told.value.place.path, told.value.place.line) == ("templates/overview.md.j2", 2)


def test_no_text_makes_an_escape_slow(corpus: Path) -> None:
    started = time.monotonic()
    for text in payloads(corpus, "redos.input"):
        for change in (to_md, to_tex, comment, address, slug_of):
            change(text)
    assert time.monotonic() - started < 20, "seconds, for 20 texts of up to 200,000 letters"
