"""docs/templates.md lists all that a template can use, and nothing else."""

import re
from pathlib import Path

import pytest
from section_cases import TEMPLATES, entry, lists, not_found, row

from bibtool import confine
from bibtool.model import Identifier, Name
from bibtool.render import stencil
from bibtool.render.options import SectionOptions
from bibtool.render.sections import render
from bibtool.render.spelling import filters

PAGE = (Path(__file__).parent.parent / "docs" / "templates.md").read_text(encoding="utf-8")
OPTIONS = SectionOptions()


def table(title: str) -> list[tuple[str, str]]:
    """Name and second cell of each line of the table under a heading."""
    _, _, rest = PAGE.partition(f"# {title}\n")
    body = rest.split("\n#")[0]
    return re.findall(r"^\| `([\w.-]+)` \| ([^|]*?) ?\|", body, re.M)


def names(title: str) -> list[str]:
    return [name for name, _ in table(title)]


def values() -> dict[str, dict[str, str]]:
    """Every name that a template sees with the type of its value, as a template itself sees it."""
    work = entry(
        "k",
        "T",
        row(short="S", notes="n", code=("https://x.example",), dataset="d"),
        authors=(Name("A", "B"),),
        editors=(Name("C", "D"),),
        month=1,
        identifiers=(Identifier("arxiv:2404.02905"),),
    )
    kinds = ("boolean", "integer", "string", "mapping", "sequence")
    test = "".join(f"{{% if v is {kind} %}}{kind} {{% endif %}}" for kind in kinds)
    parts = {
        "A category": "categories[0]",
        "A work": "works[0]",
        "A person": "works[0].authors[0]",
        "A link": "works[0].links[0]",
        "A row that waits": "waiting[0]",
    }
    own = {
        f"{number}.txt.j2": f"{{% for k, v in {what}|dictsort %}}{{{{ k }}}}={test};{{% endfor %}}"
        for number, what in enumerate(parts.values())
    }
    waiting = (not_found("Lost"),)
    result = render(
        (work,), lists(work, waiting=waiting), waiting, OPTIONS, OPTIONS, TEMPLATES, {}, own=own
    )
    texts = [result.files[f"{number}.txt"] for number in range(len(parts))]
    pairs = [[pair.split("=") for pair in text.split(";") if pair] for text in texts]
    return {
        title: {name: kind.split()[0] for name, kind in some}
        for title, some in zip(parts, pairs, strict=True)
    }


TYPES = {
    "str": "string",
    "int": "integer",
    "bool": "boolean",
    "list": "sequence",
    "dict": "mapping",
}


@pytest.mark.parametrize("title", list(values()))
def test_the_page_lists_every_field_with_its_type(title: str) -> None:
    real = values()[title]
    assert set(names(title)) == set(real)
    assert len(names(title)) == len(set(names(title)))
    assert {name: TYPES[kind.split()[0]] for name, kind in table(title)} == real


def test_the_page_lists_every_variable() -> None:
    assert names("What a template gets") == ["categories", "works", "waiting", "whole", "options"]
    own = {"x.txt.j2": "".join(f"{{{{ {n} is defined }}}}" for n in names("What a template gets"))}
    result = render((entry(),), (), (), OPTIONS, OPTIONS, TEMPLATES, {}, own=own)
    assert result.files["x.txt"] == "True" * 5


def test_the_page_lists_every_helper() -> None:
    ours = {name for kind in ("tex", "md", "html", "text") for name in filters(kind, OPTIONS)}
    assert set(names("What a template can call")) == ours


def test_the_page_lists_every_setting_with_its_values() -> None:
    settings = dict(table("Settings"))
    assert list(settings) == list(SectionOptions.__struct_fields__)
    for name in settings:
        default = getattr(OPTIONS, name)
        if isinstance(default, str):
            assert settings[name].startswith(f'`"{default}"`'), name


def test_the_page_lists_every_shipped_template() -> None:
    assert sorted(names("The shipped ones")) == sorted(TEMPLATES)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_says_what_it_makes_and_which_settings_it_reads(name: str) -> None:
    head = re.match(r"(?:<#|\{#)(.*?)(?:#>|#\})", TEMPLATES[name], re.S)
    assert head
    said = set(re.findall(r"\w+", head[1].partition("Settings: ")[2]))
    read = set(re.findall(r"options\.(\w+)", TEMPLATES[name]))
    by_filter = {
        "cite": r"\|cite",
        "notes": r"\|note\(",
        "authors": r"work\|authors",
        "venue": r"\|where|\.venue\b",
        "links": r"\.links",
        "level": r"\|heading",
        "label_prefix": r"\|heading",
        "description": r"\.description",
    }
    read |= {setting for setting, use in by_filter.items() if re.search(use, TEMPLATES[name])}
    if name.endswith(".md.j2"):
        read -= {"cite"}
    assert said == read


def test_the_page_tells_the_limits_as_they_are() -> None:
    assert f"{confine.SECONDS} seconds and one more for every {confine.WORKS} works" in PAGE
    assert f"{confine.MEMORY >> 30} GB" in PAGE
    assert f"{stencil.LARGEST // 10**6} million letters" in PAGE
