"""Whole runs with sources that play their part: each outcome, and each promise."""

from pathlib import Path

import pytest
from fake import MAR, TIGER, VAR, Desk, FakeSource

from bibtool.model import Ambiguous, Matched, NotFound, Unavailable
from bibtool.sync import Options

LIST = """\
# Papers

## Methods
> Basic methods.
| title | paper | link |
| --- | --- | --- |
| Autoregressive Image Generation without Vector Quantization | [2024](https://arxiv.org/pdf/2406.11838) | [code](https://github.com/LTH14/mar) |
| Visual Autoregressive Modeling: Scalable Image Generation via Next-Scale Prediction | [2024](https://arxiv.org/abs/2404.02905v2) | |

TIGeR
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, LIST)


def test_every_row_gets_exactly_one_outcome(desk: Desk) -> None:
    desk.edit("TIGeR", "TIGeR\nA Paper That Nobody Ever Wrote Down", desk.list)
    report = desk.run()
    assert [type(o) for o in report.outcomes] == [Matched, Matched, Ambiguous, NotFound]


def test_all_outputs_are_written(desk: Desk) -> None:
    desk.run()
    assert {
        "bibtool.lock", "references.bib", "references.md", "references.tex",
        "sections/methods.md", "sections/methods.tex",
    } <= desk.files().keys()  # fmt: skip
    assert "@misc{li2024autoregressive," in desk.bib.read_text()


def test_a_second_run_asks_nobody_and_changes_nothing(desk: Desk) -> None:
    desk.run()
    before, asked = desk.files(), len(desk.source.calls)
    report = desk.run()
    assert len(desk.source.calls) == asked
    assert (report.written, report.lock_changed) == ((), False)
    assert desk.files() == before


def test_an_outage_is_not_a_missing_paper_and_takes_nothing_away(desk: Desk) -> None:
    desk.run()
    before = desk.files()
    down = FakeSource(down=True)
    report = desk.run(Options(refresh="all"), [down, FakeSource("crossref", down=True)])
    assert down.calls
    assert desk.files() == before
    assert report.counts["matched"] == 2


def test_rows_that_nobody_answered_for_are_unavailable(desk: Desk) -> None:
    report = desk.run(sources=[FakeSource(down=True), FakeSource("crossref", down=True)])
    assert {type(o) for o in report.outcomes} == {Unavailable}
    assert report.without_entry == 3
    again = desk.run()
    assert again.counts["matched"] == 2


def test_that_another_registry_lacks_an_arxiv_number_proves_nothing(desk: Desk) -> None:
    datacite = FakeSource("datacite", schemes=("doi", "arxiv"), searches=False)
    report = desk.run(sources=[FakeSource(down=True), desk.crossref, datacite])
    assert datacite.calls
    assert {type(o) for o in report.outcomes} == {Unavailable}


def test_a_lost_lock_takes_its_keys_back_from_the_bib(desk: Desk) -> None:
    desk.run()
    desk.edit("li2024autoregressive", "mar")
    (desk.root / "refs/bibtool.lock").unlink()
    desk.run()
    assert "@misc{mar," in desk.bib.read_text()
    assert "li2024autoregressive" not in desk.bib.read_text()


def test_a_changed_key_is_the_persons_and_stands_in_the_sections(desk: Desk) -> None:
    desk.run()
    desk.edit("li2024autoregressive", "mar")
    desk.run()
    assert "\\cite{mar}" in (desk.root / "refs/references.tex").read_text()
    assert desk.run().written == ()


def test_a_key_survives_a_corrected_year(desk: Desk) -> None:
    desk.run()
    desk.source.records = [
        MAR.__class__(**{f: getattr(MAR, f) for f in MAR.__struct_fields__} | {"year": 2025}),
        VAR,
    ]
    desk.run(Options(refresh="all"))
    text = desk.bib.read_text()
    assert "@misc{li2024autoregressive," in text
    assert "year = {2025}" in text


def test_a_hand_edit_shows_everywhere_and_is_never_overwritten(desk: Desk) -> None:
    desk.run()
    desk.edit("without Vector Quantization", "without Any Quantization")
    desk.run(Options(refresh="all"))
    assert "without Any Quantization" in desk.bib.read_text()
    assert "without Any Quantization" in (desk.root / "refs/references.md").read_text()
    assert desk.run().written == ()


def test_an_entry_whose_row_is_gone_stays_until_prune(desk: Desk) -> None:
    desk.run()
    line = next(x for x in LIST.splitlines(keepends=True) if "2404.02905" in x)
    desk.edit(line, "", desk.list)
    report = desk.run()
    assert "tian2024visual" in desk.bib.read_text()
    assert [n.kind for n in report.notices] == ["orphan"]
    desk.run(Options(prune=True))
    assert "tian2024visual" not in desk.bib.read_text()
    assert desk.run().written == ()


def test_an_edited_section_is_left_and_the_new_text_put_beside_it(desk: Desk) -> None:
    desk.run()
    section = desk.root / "refs/sections/methods.tex"
    section.write_text("% mine\n", encoding="utf-8")
    report = desk.run()
    assert section.read_text() == "% mine\n"
    assert "li2024autoregressive" in section.with_name("methods.tex.new").read_text()
    assert [n.kind for n in report.notices] == ["edited"]
    assert desk.run().written == ()


def test_deleted_outputs_are_written_again_byte_for_byte(desk: Desk) -> None:
    desk.run()
    before = desk.files()
    for name in before:
        if name != "bibtool.lock" and not name.startswith("lists/"):
            (desk.root / "refs" / name).unlink()
    asked = len(desk.source.calls)
    desk.run()
    assert desk.files() == before
    assert len(desk.source.calls) == asked


def test_check_says_what_a_run_would_do_and_does_nothing(desk: Desk) -> None:
    check = Options(ask=False, write=False)
    assert desk.run(check).behind
    assert desk.files().keys() == {"lists/papers.md"}
    desk.run()
    assert not desk.run(check).behind


def test_a_mark_settles_a_row_that_waits(desk: Desk) -> None:
    desk.run()
    desk.source.records = [MAR, VAR, TIGER]
    desk.edit("TIGeR\n", "TIGeR <!-- bibtool: id=arXiv:2406.05814 -->\n", desk.list)
    assert desk.run().counts["matched"] == 3
    assert "qu2024tiger" in desk.bib.read_text()


def test_a_marked_row_is_an_entry_that_a_person_wrote(desk: Desk) -> None:
    desk.run()
    desk.bib.write_text(
        desk.bib.read_text() + "\n@online{smith2023blog,\n  title={A Post}, author={Smith, A},\n}\n"
    )
    desk.edit("TIGeR\n", "TIGeR <!-- bibtool: key=smith2023blog -->\n", desk.list)
    before = desk.bib.read_text()
    assert desk.run().counts["matched"] == 3
    assert desk.bib.read_text() == before
    assert "A Post" in (desk.root / "refs/references.md").read_text()


def test_a_provisional_entry_gives_way_to_the_real_one_and_keeps_its_key(desk: Desk) -> None:
    down = [FakeSource(down=True), FakeSource("crossref", down=True)]
    report = desk.run(Options(provisional=True), down)
    first = desk.bib.read_text()
    assert report.without_entry == 0
    assert first.count("provisional") == 3
    desk.run()
    text = desk.bib.read_text()
    assert text.count("provisional") == 1  # TIGeR still waits, for a person now
    assert "Kaiming" in text


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(desk: Desk) -> None:
    class Cut(FakeSource):
        def lookup(self, identifiers):  # type: ignore[no-untyped-def]
            if len(self.calls) == 1:
                raise KeyboardInterrupt
            return super().lookup(identifiers)

    cut = Cut(records=[MAR, VAR], batch=1)
    with pytest.raises(KeyboardInterrupt):
        desk.run(sources=[cut, desk.crossref])
    desk.source.batch = 1
    desk.run()
    assert [c for c in desk.source.calls if c.startswith("lookup")] == ["lookup arxiv:2404.02905"]


def test_each_category_has_a_bib_of_its_own_where_it_is_asked_for(desk: Desk) -> None:
    settings = 'category_bibs = true\nvenue_style = "macro"\n'
    (desk.root / "bibtool.toml").write_text(settings, encoding="utf-8")
    fields = {name: getattr(MAR, name) for name in MAR.__struct_fields__}
    stated = MAR.__class__(**fields | {"comment": "Accepted to NeurIPS 2024"})
    desk.source.records = [stated, VAR]
    desk.run()
    text = (desk.root / "refs/sections/methods.bib").read_text()
    assert text.startswith("@string{neurips = {Advances in Neural")
    assert "@inproceedings{li2024autoregressive," in text
    assert "booktitle = neurips," in text
    desk.edit("without Vector", "without Any Vector")
    desk.run()
    assert "without Any Vector" in (desk.root / "refs/sections/methods.bib").read_text()
    assert desk.run().written == ()
