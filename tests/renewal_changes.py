"""What may happen between two runs: news from upstream, and edits by hand. All of it at random."""

import re
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from registries import Article, Preprint, Registries
from renewal_projects import CVPR, LISTS, MÜLLER, NOTICE, ROWS, list_text
from twins import Twins

TITLES = (
    "Things Renamed: A New Look at 50% & More",
    "Attention Is All You Need",
    "扩散模型综述 🎨",
)
BIB = "refs/references.bib"
LISTED = "refs/lists/one.md"

PREPRINT_NEWS: tuple[Callable[[Preprint], Preprint], ...] = (
    lambda p: replace(p, title=p.title.replace("of", "Of All") + " Anew"),
    lambda p: replace(p, title=TITLES[0]),
    lambda p: replace(p, title=TITLES[1]),
    lambda p: replace(p, title=TITLES[2]),
    lambda p: replace(p, year=p.year - 1, version=p.version + 1),
    lambda p: replace(p, month=p.month % 12 + 1),
    lambda p: replace(p, authors=(*p.authors, ("Zoë", "Ångström"))),
    lambda p: replace(p, authors=MÜLLER),
    lambda p: replace(p, doi="" if p.doi else "10.1109/cvpr.2016.90"),
    lambda p: replace(p, doi="10.1109/cvpr.2016.91"),
    lambda p: replace(p, doi="10.1000/nobody.knows"),
    lambda p: replace(p, comment="" if p.comment else "Accepted to CVPR 2024"),
    lambda p: replace(p, comment="This paper has been withdrawn by the authors"),
    lambda p: replace(p, journal_ref="NeurIPS 2023"),
)
ARTICLE_NEWS: tuple[Callable[[Article], Article], ...] = (
    lambda a: replace(a, title=f"{a.title} Anew"),
    lambda a: replace(a, title=TITLES[0]),
    lambda a: replace(a, subtitle="" if a.subtitle else "A Second Look"),
    lambda a: replace(a, year=a.year + 1, month=3),
    lambda a: replace(a, volume="12", pages="1-9"),
    lambda a: replace(a, venue="Journal of Other Things" if a.venue == CVPR else CVPR),
    lambda a: replace(a, kind="journal-article" if "proc" in a.kind else "proceedings-article"),
    lambda a: replace(a, authors=(*a.authors, ("Zoë", "Ångström"))),
    lambda a: replace(a, authors=MÜLLER),
    lambda a: replace(a, retracted="" if a.retracted else NOTICE),
    lambda a: replace(a, preprint="" if a.preprint else "2406.11838"),
    lambda a: replace(a, preprint="1506.02640"),
)


def news(draw: st.DrawFn, known: Registries) -> str:
    """One record is another one from now on, or is gone; its identifier."""
    name = draw(st.sampled_from(sorted({**known.preprints, **known.articles, **known.deposits})))
    gone = draw(st.integers(0, 9)) == 9
    for shelf in (known.articles, known.deposits):
        if name in shelf:
            article = shelf.pop(name)
            if not gone:
                shelf[name] = draw(st.sampled_from(ARTICLE_NEWS))(article)
            elif draw(st.booleans()):
                known.aliases[name] = "10.1000/x_2"
    if name in known.preprints:
        preprint = known.preprints.pop(name)
        if not gone:
            known.preprints[name] = draw(st.sampled_from(PREPRINT_NEWS))(preprint)
    return name


def _entries(twins: Twins) -> list[str]:
    return re.findall(r"^@\w+\{[^@]*?^\}\n", twins.read(BIB), re.M)


def _some_entry(draw: st.DrawFn, twins: Twins) -> str:
    return draw(st.sampled_from(_entries(twins) or [""]))


def _change_a_field(draw: st.DrawFn, twins: Twins) -> None:
    name = draw(st.sampled_from(["title", "author", "year", "booktitle", "url", "keywords"]))
    entry = _some_entry(draw, twins)
    changed = re.sub(rf"^  {name} = .*,$", f"  {name} = {{By Hand 2001}},", entry, flags=re.M)
    _put(twins, entry, changed)


def _take_out_a_field(draw: st.DrawFn, twins: Twins) -> None:
    entry = _some_entry(draw, twins)
    lines = entry.splitlines(keepends=True)
    at = draw(st.integers(1, max(1, len(lines) - 2)))
    _put(twins, entry, "".join(lines[:at] + lines[at + 1 :]))


def _add_a_field(draw: st.DrawFn, twins: Twins) -> None:
    entry = _some_entry(draw, twins)
    _put(twins, entry, entry.replace("\n}\n", "\n  mine = {kept},\n}\n"))


def _change_a_key(draw: st.DrawFn, twins: Twins) -> None:
    entry = _some_entry(draw, twins)
    _put(twins, entry, re.sub(r"\{.*,", "{mine,", entry, count=1))


def _delete_an_entry(draw: st.DrawFn, twins: Twins) -> None:
    _put(twins, _some_entry(draw, twins), "")


def _double_an_entry(draw: st.DrawFn, twins: Twins) -> None:
    twins.write(BIB, twins.read(BIB) + "\n" + _some_entry(draw, twins))


def _add_an_entry(draw: st.DrawFn, twins: Twins) -> None:
    doi = draw(st.sampled_from(["10.1000/x_1", "10.1000/own"]))
    entry = f"@Article(Own{draw(st.integers(1, 9))},\n\tTitle = {{Own}}, doi = {{{doi}}} )\n"
    twins.write(BIB, f"{entry}\n{twins.read(BIB)}")


def _comment(draw: st.DrawFn, twins: Twins) -> None:
    word = draw(
        st.sampled_from(["% a word of mine\n", '@string{cvpr = "My CVPR"}\n', "@article{\n"])
    )
    twins.write(BIB, twins.read(BIB) + word)


def _edit_a_section(draw: st.DrawFn, twins: Twins) -> None:
    made = [*(twins.root / "refs").glob("references.??*"), *twins.root.glob("refs/sections/*")]
    name = draw(st.sampled_from(sorted(twins.shown(p) for p in made if p.suffix != ".bib")))
    how = draw(st.sampled_from(["append", "remove"]))
    if how == "append":
        twins.write(name, twins.read(name) + "A word of mine.\n")
    else:
        twins.remove(name)


def _change_rows(draw: st.DrawFn, twins: Twins) -> None:
    lines = twins.read(LISTED).splitlines(keepends=True)
    rows = [n for n, line in enumerate(lines) if line.startswith(("- ", "| "))]
    at = draw(st.sampled_from(rows))
    row = draw(ROWS)
    fresh = row.line() if lines[at].startswith("- ") else row.table_row()
    how = draw(st.sampled_from(["add", "remove", "replace", "move"]))
    taken = lines.pop(at) if how != "add" else ""
    if how in ("add", "replace"):
        lines.insert(at, fresh)
    elif how == "move":
        lines.insert(draw(st.sampled_from([n for n in rows if n < len(lines)])), taken)
    twins.write(LISTED, "".join(lines))


def _reword_a_heading(draw: st.DrawFn, twins: Twins) -> None:
    old, new = draw(
        st.sampled_from([("# M", "# More M"), ("# Vision", "# Other"), ("## ", "### ")])
    )
    twins.write(LISTED, twins.read(LISTED).replace(old, new))


def _another_list(draw: st.DrawFn, twins: Twins) -> None:
    twins.write("refs/lists/two.md", list_text(draw(LISTS)))


SETTINGS = (
    "",
    'prefer = "preprint"\n',
    'dialect = "biblatex"\ncategory_bibs = true\n',
    'venue_style = "macro"\nencoding = "unicode"\n',
    'venues = "trust"\nvenue_style = "short"\n[latex]\nsort = "year"\n[markdown]\nsort = "key"\n',
    '[latex]\nfiles = "all"\ntemplate = "annotated"\n[markdown]\ntemplate = "awesome"\n',
    '[markdown]\nstyle = "author-year"\nunresolved = "appendix"\n[latex]\ntemplate = "table"\n',
    '[markdown]\nsort = "venue"\ninto = { "README.md" = { papers = "awesome" } }\n',
)


def _settings(draw: st.DrawFn, twins: Twins) -> None:
    twins.write("bibtool.toml", draw(st.sampled_from(SETTINGS)))


def _lose_a_file(draw: st.DrawFn, twins: Twins) -> None:
    names = ["refs/bibtool.lock", BIB, "refs/references.tex"]
    name = draw(st.sampled_from([n for n in names if (twins.root / n).exists()]))
    twins.remove(name)


def _put(twins: Twins, old: str, new: str) -> None:
    if old:
        twins.write(BIB, twins.read(BIB).replace(old, new, 1))


HAND_EDITS: tuple[Callable[[st.DrawFn, Twins], None], ...] = (
    _change_a_field,
    _take_out_a_field,
    _add_a_field,
    _change_a_key,
    _delete_an_entry,
    _double_an_entry,
    _add_an_entry,
    _comment,
    _edit_a_section,
    _change_rows,
    _reword_a_heading,
    _another_list,
    _settings,
    _lose_a_file,
)
