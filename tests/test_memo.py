"""A memo saves time and nothing else: with it, without it and with a wrong one, the same bytes."""

import shutil
from pathlib import Path

import jinja2
import pytest
from fake import Desk

from bibtool import memo, saving
from bibtool.bib import Bibliography
from bibtool.errors import DiskFailure
from bibtool.memo import Forgetful, Memo
from bibtool.model import BibEntry
from bibtool.render.macros import self_contained

LIST = """\
# Papers

## Methods
| title | paper | link |
| --- | --- | --- |
| Autoregressive Image Generation without Vector Quantization | [2024](https://arxiv.org/pdf/2406.11838) | [code](https://github.com/LTH14/mar) |

### Scales
- **VAR** Visual Autoregressive Modeling: Scalable Image Generation via Next-Scale Prediction. [paper](https://arxiv.org/abs/2404.02905v2)

TIGeR
"""
CHANGES = (
    ("[code](https://github.com/LTH14/mar)", "[project](https://mar.example)"),
    ("### Scales", "### Resolutions"),
    ("# Papers\n", "# Papers\n\nA word before everything, which moves every row.\n"),
    ("\nTIGeR\n", "\n"),
    ("- **VAR** Visual", "- Visual"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", LIST)


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_run_that_remembers_gives_the_bytes_of_one_that_does_not(
    desk: Desk, tmp_path: Path, old: str, new: str
) -> None:
    desk.run()
    desk.edit(old, new, desk.list)
    other = shutil.copytree(desk.root, tmp_path / "other")
    shutil.rmtree(other / "refs/.bibtool")
    desk.run()
    remembered, desk.root = desk.files(), other
    desk.run()
    assert remembered == desk.files()


def test_what_did_not_change_is_not_worked_out_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run()
    desk.edit("mar)", "mar.git)", desk.list)
    worked_out: list[object] = []
    recall = Memo.recall

    def watched(self, given, kind, work_out, **more):  # type: ignore[no-untyped-def]
        def told():  # type: ignore[no-untyped-def]
            worked_out.append(given[0])
            return work_out()

        return recall(self, given, kind, told, **more)

    monkeypatch.setattr(Memo, "recall", watched)
    desk.run()
    named = [name for name in worked_out if isinstance(name, str)]
    # The list and its one row; its work is the same, since the .bib holds no code; of the three
    # sections the one with the row, as LaTeX and as Markdown.
    assert named == ["list", "table row", "section", "section"]


def test_the_bib_that_nobody_edited_is_not_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run()
    desk.edit("**VAR** ", "", desk.list)

    def refuse(self: Bibliography, block: object) -> None:
        raise AssertionError(f"{block} was read")

    monkeypatch.setattr(Bibliography, "entry", refuse)
    desk.run()
    desk.edit("without Vector", "without Any Vector")
    with pytest.raises(AssertionError, match="was read"):
        desk.run()


@pytest.mark.parametrize("name", ["memo", "memo-1"])
@pytest.mark.parametrize("damage", [b"", b"\0" * 1000, b"\x82\xa5maker", b"no memo", b"\xc1"])
def test_a_memo_that_is_none_is_no_failure(desk: Desk, damage: bytes, name: str) -> None:
    desk.run()
    before = desk.files()
    desk.memo.with_name(name).write_bytes(damage)
    desk.list.touch()
    desk.run()
    assert desk.files() == before


def test_results_of_another_kind_are_worked_out_anew() -> None:
    kept = Memo()
    assert kept.recall(("step", 1), str, lambda: "text") == "text"
    again = memo.parse(b"us", kept.text(b"us"))
    assert again.recall(("step", 1), int, lambda: 5) == 5


def test_the_value_at_hand_is_taken_only_if_it_is_what_the_step_gave() -> None:
    value, other = BibEntry("a", "misc", {"b": "1", "c": "2"}), BibEntry("a", "misc", {"b": "1"})
    turned = BibEntry("a", "misc", {"c": "2", "b": "1"})
    kept = Memo()
    assert kept.confirm(("step", 1), other, lambda: value) is value
    again = memo.parse(b"us", kept.text(b"us"))
    assert again.confirm(("step", 1), value, lambda: other) is value
    assert again.confirm(("step", 2), value, lambda: other) is other
    for last in (None, other, turned):
        same = memo.parse(b"us", kept.text(b"us"))
        assert same.confirm(("step", 1), last, lambda: value) is value
        assert same.changed  # it was worked out


def test_a_named_value_goes_by_its_name_and_equal_ones_by_themselves() -> None:
    kept = Memo()
    named, equal = BibEntry("a", "misc", {}), BibEntry("a", "misc", {})
    kept.name(named, memo.digest("step", 1))
    assert kept.digest_of(named) == memo.digest("step", 1)
    assert kept.digest_of(equal) == memo.digest(equal) == Memo().digest_of(named)


def test_half_a_sign_is_worked_out_each_time() -> None:
    """Names of files may hold one; it can be put into no file."""
    kept = Memo()
    assert kept.recall(("step", "\udce9"), str, lambda: "text") == "text"
    assert kept.recall(("step", "other"), str, lambda: "\udce9") == "\udce9"
    again = memo.parse(b"us", kept.text(b"us"))
    assert again.recall(("step", "\udce9"), str, lambda: "new") == "text"
    assert again.recall(("step", "\udcea"), str, lambda: "new") == "new"
    assert again.recall(("step", "other"), str, lambda: "new") == "new"
    assert again.recall(("step", 10**30), int, lambda: 10**40) == 10**40


def test_another_bibtool_remembers_nothing() -> None:
    kept = Memo()
    kept.recall(("step",), str, lambda: "old")
    assert memo.parse(b"others", kept.text(b"us")).recall(("step",), str, lambda: "new") == "new"
    assert memo.parse(b"us", kept.text(b"us")).recall(("step",), str, lambda: "new") == "old"


def test_a_memo_does_not_grow() -> None:
    """Of what a run did not use the latest stays, up to half as much as it used."""
    kept, sizes = Memo(), []
    for run in range(100):
        for number in range(run, run + 100):
            kept.recall(("step", number), str, lambda: "x" * 100)
        text = kept.text(b"")
        sizes.append(len(text))
        kept = memo.parse(b"", text)
    assert max(sizes) < 1.6 * sizes[0]
    assert kept.recall(("step", 98), str, lambda: "gone") == "x" * 100
    assert kept.recall(("step", 9), str, lambda: "gone") == "gone"


def test_a_run_that_learns_little_writes_little() -> None:
    kept = Memo()
    for number in range(100):
        kept.recall(("step", number), str, lambda: "x" * 100)
    packs = [kept.packed(b"us")[1], *[b""] * 7]
    written = 0
    for run in range(100, 145):
        kept = memo.parse(b"us", *packs)
        for number in (0, run - 50, run - 1):
            assert kept.recall(("step", number), str, lambda: "gone") == "x" * 100
        kept.recall(("step", run), str, lambda: "x" * 100)
        at, packs[at] = kept.packed(b"us")
        packs[at + 1 :] = [b""] * (7 - at)
        assert at > 0
        written += len(packs[at])
    assert written < 2 * len(packs[0])
    assert memo.parse(b"others", *packs).recall(("step", 0), str, lambda: "new") == "new"


def test_runs_that_look_at_little_forget_nothing_that_they_did_not_learn_themselves() -> None:
    first = Memo()
    for number in range(100):
        first.recall(("step", number), str, lambda: "x" * 100)
    whole = first.text(b"us")
    packs = [whole, *[b""] * 7]
    for run in range(100, 500):
        small = memo.parse(b"us", *packs)
        small.recall(("step", run), str, lambda: "x" * 100)
        at, packs[at] = small.packed(b"us", whole=False)
        packs[at + 1 :] = [b""] * (7 - at)
        assert sum(map(len, packs)) < 3 * len(whole)
    later = memo.parse(b"us", *packs)
    for number in (*range(100), *range(460, 500)):
        assert later.recall(("step", number), str, lambda: "gone") == "x" * 100
    assert packs[0] == whole


def test_a_memo_is_written_whole_again_when_much_came_to_it(desk: Desk) -> None:
    later = desk.memo.with_name("memo-1")
    desk.list.write_text(LIST + more(200), encoding="utf-8")
    desk.run()
    assert not later.exists()
    desk.list.write_text(LIST.replace("TIGeR", "TiGeR") + more(200), encoding="utf-8")
    desk.run()
    assert 0 < later.stat().st_size < desk.memo.stat().st_size / 2
    desk.list.write_text(LIST + more(600), encoding="utf-8")
    desk.run()
    assert not later.exists()
    told = desk.files()
    desk.list.touch()
    desk.run()
    assert desk.files() == told


def more(count: int) -> str:
    titles = (f"- Paper {n} [paper](https://arxiv.org/abs/2401.{n:05})\n" for n in range(count))
    return "\n## More\n" + "".join(titles)


def test_a_disk_that_cannot_hold_a_memo_is_no_failure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = saving.write

    def full(path: Path, data: bytes, **options: bool) -> bool:
        if path.name.startswith("memo"):
            raise DiskFailure("no space left")
        return write(path, data, **options)

    monkeypatch.setattr(saving, "write", full)
    desk.run()
    assert "references.bib" in desk.files()
    assert not desk.memo.exists()


def test_who_works_once_remembers_nothing() -> None:
    given = iter(["first", "second"])
    forgetful = Forgetful()
    assert [forgetful.recall(("step",), str, lambda: next(given)) for _ in range(2)] == [
        "first",
        "second",
    ]


MACROS = [
    ("{% macro m(work) %}{{ work.title }}{% endmacro %}", {"m"}),
    ("{% macro m(work) %}{{ options.style }}{% for w in work.links %}{{ w }}{% endfor %}{% endmacro %}", {"m"}),
    ("{% macro m(a, b) %}{{ n(a) }}{% endmacro %}{% macro n(a) %}{{ b }}{% endmacro %}", set()),
    ("{% macro m(a) %}{{ n(a) }}{% endmacro %}{% macro n(a) %}{{ a }}{% endmacro %}", {"m", "n"}),
    ("{% set c = namespace(n=0) %}{% macro m(a) %}{% set c.n = c.n + 1 %}{{ c.n }}{% endmacro %}", set()),
    ("{% macro m(a) %}{{ works|length }}{% endmacro %}", set()),
    ("{% macro m(a) %}{% include 'x' %}{% endmacro %}", set()),
    ("{% macro m(a) %}{{ caller() }}{% endmacro %}", set()),
    ("{% macro m(a) %}{{ varargs }}{% endmacro %}", set()),
    ("{% set options = {} %}{% macro m(a) %}{{ options.x }}{% endmacro %}", set()),
    ("{% macro m(a) %}1{% endmacro %}{% macro m(a) %}2{% endmacro %}", set()),
    ("{% if whole %}{% macro m(a) %}1{% endmacro %}{% endif %}", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), MACROS)
def test_only_macros_that_depend_on_their_arguments_are_remembered(
    text: str, names: set[str]
) -> None:
    environment = jinja2.Environment()
    assert self_contained(environment.parse(text), environment) == names
