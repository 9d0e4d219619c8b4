"""A row that is added looks like its neighbours, is found by the reader, and changes nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bibtool.errors import Unreadable
from bibtool.model import Identifier
from bibtool.read import read_text
from bibtool.rows import LINE, NewRow, with_mark, with_row

RESNET = NewRow(
    identifier=Identifier("arxiv:1512.03385"),
    title="Deep Residual Learning for Image Recognition",
    authors=("Kaiming He", "Xiangyu Zhang"),
    venue="CVPR",
    year=2016,
)
PREPRINT = NewRow(
    identifier=Identifier("arxiv:2406.11838"),
    title="Autoregressive Image Generation without Vector Quantization",
    authors=("Tianhong Li",),
    venue="arXiv",
    year=2024,
    month=6,
)


def added(text: str, category: tuple[str, ...], new: NewRow = RESNET) -> list[str]:
    """The lines of the new row, after it was seen that all others stay."""
    made = with_row(text, read_text(text.removeprefix("\ufeff"), "list.md"), category, new)
    assert without_some_lines(text, made.text)
    lines = LINE.split(made.text)
    return lines[made.line - 1 :][: len(lines) - len(LINE.split(text))]


def without_some_lines(before: str, after: str) -> bool:
    """Whether `after` is `before` with whole lines put in at one place."""
    extra = len(LINE.split(after)) - len(LINE.split(before))
    ends = [0, *(match.end() for match in LINE.finditer(after)), len(after)]
    cut = {after[:a] + after[b:] for a, b in zip(ends, ends[extra:], strict=False)}
    # Where the last line was not ended, the new one follows a line end and has none.
    return extra > 0 and (before in cut or after.startswith(before))


SHAPES = [
    (
        "| Title | Venue | Date | Code |\n|---|---|---|---|\n"
        "| [**You Only Look Once: Unified Detection**](https://arxiv.org/pdf/1506.02640.pdf) | CVPR | 2016-06 | - |",
        "| [**Deep Residual Learning for Image Recognition**](https://arxiv.org/pdf/1512.03385.pdf) | CVPR | 2016 | - |",
    ),
    (
        "|title|paper|note|\n|-|-|-|\n"
        "|You Only Look Once: Unified Detection|[CVPR-2016](https://arxiv.org/abs/1506.02640)|fast|",
        "|Deep Residual Learning for Image Recognition|[CVPR-2016](https://arxiv.org/abs/1512.03385)||",
    ),
    (
        "title | paper\n--- | ---\nYou Only Look Once: Unified Detection | [pdf](https://arxiv.org/abs/1506.02640)",
        "Deep Residual Learning for Image Recognition | [pdf](https://arxiv.org/abs/1512.03385)",
    ),
    (
        '* **YOLO**: "You Only Look Once: Unified Detection", *CVPR, June 2016*. [[Paper](https://arxiv.org/abs/1506.02640)] [[Code](https://github.com/x/yolo)]',
        '* "Deep Residual Learning for Image Recognition", *CVPR, 2016*. [[Paper](https://arxiv.org/abs/1512.03385)]',
    ),
    (
        "1. **You Only Look Once: Unified Detection.** CVPR 2016. [paper](https://arxiv.org/abs/1506.02640) *Joseph Redmon, Ali Farhadi.*",
        "2. **Deep Residual Learning for Image Recognition.** CVPR 2016. [paper](https://arxiv.org/abs/1512.03385) *Kaiming He, Xiangyu Zhang.*",
    ),
    (
        "1. [Mask R-CNN for Objects in Images](https://arxiv.org/abs/1703.06870)\n"
        "2. [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)",
        "3. [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)",
    ),
    (
        "1. [Mask R-CNN for Objects in Images](https://arxiv.org/abs/1703.06870)\n"
        "1. [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)",
        "1. [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)",
    ),
    (
        "- ![badge](https://img.shields.io/x.svg) [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)",
        "- [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)",
    ),
]


@pytest.mark.parametrize(("rows", "expected"), SHAPES, ids=lambda text: text[:20])
def test_a_row_takes_the_shape_of_its_neighbour(rows: str, expected: str) -> None:
    assert added(f"# Papers\n\n## Vision\n\n{rows}\n\n## Other\n\ntext\n", ("Vision",)) == [
        expected
    ]


def test_a_work_in_several_lines_is_added_in_several_lines() -> None:
    text = (
        "# Vision\n\n**You Only Look Once: Unified Detection**\n\n- Paper: https://arxiv.org/abs/1506.02640\n"
        "- Code: https://github.com/x/yolo\n\n**Mask R-CNN for Objects in Images**\n\n"
        "- Paper: https://arxiv.org/abs/1703.06870\n"
    )
    assert added(text, read_text(text, "l.md").rows[0].category) == [
        "**Deep Residual Learning for Image Recognition**",
        "",
        "- Paper: https://arxiv.org/abs/1512.03385",
        "",
    ]


def test_what_a_curator_says_of_the_neighbour_is_not_said_of_the_new_work() -> None:
    text = "## Vision\n- [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640), best talk of the year\n"
    assert added(text, ("Vision",)) == [
        "- [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)"
    ]


def test_a_preprint_is_called_one() -> None:
    text = "## V\n|title|paper|\n|-|-|\n|Deep Residual Learning for Images|[CVPR-2016](https://arxiv.org/abs/1512.03385)|\n"
    assert added(text, ("V",), PREPRINT) == [
        "|Autoregressive Image Generation without Vector Quantization|[2024](https://arxiv.org/abs/2406.11838)|"
    ]


def test_a_doi_is_linked_where_there_is_no_arxiv_number() -> None:
    new = NewRow(identifier=Identifier("doi:10.1109/cvpr.2016.90"), title=RESNET.title, year=2016)
    text = "## V\n- [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)\n"
    assert added(text, ("V",), new) == [f"- [{RESNET.title}](https://doi.org/10.1109/cvpr.2016.90)"]


def test_an_empty_heading_gets_its_first_row_in_the_shape_of_the_others() -> None:
    text = "# L\n\n## A\n\n* [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)\n\n## B\n\n## C\n"
    assert added(text, ("B",)) == [f"* [{RESNET.title}](https://arxiv.org/abs/1512.03385)", ""]


def test_a_title_is_text_and_never_markup() -> None:
    hostile = "A | B `x` <!-- bibtool: skip --> *c* [d](https://evil.example) for Image Recognition"
    new = NewRow(identifier=Identifier("arxiv:1512.03385"), title=hostile, year=2016)
    for rows, _ in SHAPES:
        text = f"## Vision\n\n{rows}\n"
        try:
            (line,) = added(text, ("Vision",), new)
        except Unreadable:
            continue  # refused, and nothing written
        assert "](https://evil.example)" not in line
        assert "<!-- bibtool" not in line


def test_where_no_row_can_be_written_nothing_is() -> None:
    text = "## V\n- [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)\n"
    with pytest.raises(Unreadable, match=r"no heading .W."):
        added(text, ("W",))


TITLES = [
    "You Only Look Once: Unified, Real-Time Object Detection",
    "Attention Is All You Need",
    "Mask R-CNN for Instance Segmentation",
    "Denoising Diffusion Probabilistic Models",
    "A Survey on Visual Transformers (with 3D and x_y)",
]
FORMS = [
    "- [{title}](https://arxiv.org/abs/{id})",
    "* **{title}** [[paper](https://arxiv.org/pdf/{id}.pdf)] [[code](https://github.com/a/b{n})]",
    "+ {title}. Ada Lovelace, Alan Turing. ICML 2021. [PDF](https://arxiv.org/abs/{id})",
    "1. *{title}*, NeurIPS 2020 [(paper)](https://arxiv.org/abs/{id})",
    '- (2021) "{title}" https://arxiv.org/abs/{id}',
    "- [ ] [{title}](https://arxiv.org/abs/{id}) :star:",
]
COLUMNS = {
    "title": "{title}",
    "paper": "[2021](https://arxiv.org/abs/{id})",
    "authors": "Ada Lovelace, Alan Turing",
    "venue": "ICML",
    "year": "2021",
    "code": "[code](https://github.com/a/b{n})",
    "note": "A remark of some length about it",
    "dataset": "ImageNet",
}


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list of up to four categories, each of bullets or a table, in any mixture."""
    lines = draw(st.sampled_from([[], ["# Papers", ""], ["# Papers", "", "Some words.", ""]]))
    number = 0
    for at in range(draw(st.integers(1, 4))):
        lines = [*lines, f"{'#' * draw(st.integers(2, 3))} Category {at}", ""]
        titles = draw(st.lists(st.sampled_from(TITLES), min_size=1, max_size=4))
        form = draw(st.sampled_from(FORMS))
        columns = [
            "title",
            "paper",
            *draw(st.permutations(list(COLUMNS)[2:]))[: draw(st.integers(0, 4))],
        ]
        columns = draw(st.permutations(columns))
        table = draw(st.booleans())
        gap = draw(st.integers(0, 1))
        if table:
            lines += [f"| {' | '.join(columns)} |", "|" + " --- |" * len(columns)]
        for title in titles:
            number += 1
            facts = {"title": title, "id": f"21{number % 12 + 1:02d}.{10000 + number}", "n": number}
            row = "| " + " | ".join(COLUMNS[c] for c in columns) + " |" if table else form
            lines += [row.format(**facts), *([""] * gap if not table else [])]
        lines.append("")
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = newline.join(lines).rstrip("\r\n") + newline * draw(st.integers(0, 2))
    return draw(st.sampled_from(["", "\ufeff"])) + text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists(), st.sampled_from([RESNET, PREPRINT]), st.data())
def test_any_list_any_category_every_other_byte_stays_and_the_reader_finds_the_row(
    text: str, new: NewRow, data: st.DataObject
) -> None:
    before = read_text(text.removeprefix("\ufeff"), "list.md")
    category = data.draw(st.sampled_from(sorted({row.category for row in before.rows})))
    made = with_row(text, before, category, new)
    assert without_some_lines(text, made.text)
    found = read_text(made.text.removeprefix("\ufeff"), "list.md")
    (row,) = [r for r in found.rows if new.identifier in r.claim.identifiers]
    assert (row.category, row.claim.title) == (category, new.title)
    assert [r.claim for r in found.rows if r is not row] == [r.claim for r in before.rows]


MARKED = [
    ("- [Some Paper of Ours](https://example.org/a.pdf)", "- [Some Paper of Ours](https://example.org/a.pdf) <!-- bibtool: skip -->"),
    ("| a | b |\n|---|---|\n| Some Paper of Ours | [2024](https://arxiv.org/abs/2406.11838) |", "| Some Paper of Ours | [2024](https://arxiv.org/abs/2406.11838) <!-- bibtool: skip --> |"),
    ("- [Some Paper of Ours](https://a.org/a.pdf) <!-- bibtool: id=arXiv:2406.11838 -->", "- [Some Paper of Ours](https://a.org/a.pdf) <!-- bibtool: skip -->"),
    ("- **Some Paper of Ours**  \n  https://arxiv.org/abs/2406.11838", "- **Some Paper of Ours** <!-- bibtool: skip -->  \n  https://arxiv.org/abs/2406.11838"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), MARKED, ids=lambda text: text[:18])
def test_a_mark_goes_onto_the_line_of_its_row(rows: str, expected: str) -> None:
    text = f"# L\n\n## A\n\n{rows}\n- [Another Paper of Theirs about Images](https://arxiv.org/abs/2404.02905)\n"
    (row, *_) = [r for r in read_text(text, "l.md").rows if r.claim.title.startswith("Some")]
    marked = with_mark(text, row, "skip", "l.md")
    assert expected in marked
    assert read_text(marked, "l.md").rows[0].skip


def test_two_papers_on_one_line_are_not_marked_as_one() -> None:
    text = "## A\n- [Gopher](https://arxiv.org/abs/2112.11446), [RETRO](https://arxiv.org/abs/2112.04426)\n"
    rows = read_text(text, "l.md").rows
    assert len(rows) == 2
    with pytest.raises(Unreadable, match="same line"):
        with_mark(text, rows[0], "skip", "l.md")


OTHER_FORMATS = {
    "l.bib": "@misc{a,\n title={You Only Look Once: Unified Detection},\n eprint={1506.02640}\n}\n",
    "l.csv": "title,url,category\nYou Only Look Once: Unified Detection,https://arxiv.org/abs/1506.02640,V\n",
    "l.html": "<h2>V</h2>\n<ul>\n<li><a href='https://arxiv.org/abs/1506.02640'>You Only Look Once</a></li>\n</ul>\n",
}  # fmt: skip


@pytest.mark.parametrize("name", list(OTHER_FORMATS))
def test_rows_of_other_formats_are_not_guessed_at(name: str) -> None:
    text = OTHER_FORMATS[name]
    found = read_text(text, name)
    (row,) = found.rows
    with pytest.raises(Unreadable, match="add"):
        with_row(text, found, row.category, RESNET)


@pytest.mark.parametrize("name", ["l.bib", "l.csv"])
def test_a_mark_that_nobody_would_read_is_not_written(name: str) -> None:
    text = OTHER_FORMATS[name]
    (row,) = read_text(text, name).rows
    with pytest.raises(Unreadable):
        with_mark(text, row, "skip", name)


def test_a_list_in_restructuredtext_gets_its_row() -> None:
    text = "V\n=\n\n* `You Only Look Once: Unified Detection <https://arxiv.org/abs/1506.02640>`_\n"
    made = with_row(
        text, read_text(text, "l.rst"), read_text(text, "l.rst").rows[0].category, RESNET
    )
    assert made.text == text + f"* `{RESNET.title} <https://arxiv.org/abs/1512.03385>`_\n"
