"""Plain text: a paper a line, or a title with the lines that belong to it."""

import re

from bibtool.model import PaperList
from bibtool.patterns import pattern
from bibtool.read import bare, headings, judge, markdown
from bibtool.read.bullets import draft_of, entries_in, is_part
from bibtool.read.document import Paragraph
from bibtool.read.entry import Texts
from bibtool.read.judge import Verdict
from bibtool.read.markdown import finished
from bibtool.read.outline import Outline
from bibtool.read.source import Source, plain_source
from bibtool.read.walk import Walker

MARKDOWN = pattern(r"\]\(\s*(?:https?:|#)|^#{1,6} \S|^\|.*\|\s*$|^[-=]{4,}\s*$|<!--", re.MULTILINE)
HEADING = pattern(r"^\s*(?:\[(?P<box>[^\]]{2,60})\]|(?P<colon>[^:：]{2,60})[:：])\s*$")


def read(text: str, shown: str) -> PaperList:
    if MARKDOWN.search(text):
        return markdown.read(text, shown)
    source = plain_source(text, shown)
    walker = Walker(Outline(), Texts({}))
    for paragraph in _paragraphs(source):
        _take(walker, paragraph)
    return finished(walker, source)


def _paragraphs(source: Source) -> list[Paragraph]:
    found: list[Paragraph] = []
    begun: int | None = None
    for number, line in enumerate((*source.lines, ""), start=1):
        if line.strip():
            begun = begun or number
        elif begun is not None:
            found.append(
                Paragraph("\n".join(source.lines[begun - 1 : number - 1]), begun, number - 1)
            )
            begun = None
    return found


def _take(walker: Walker, paragraph: Paragraph) -> None:
    first, _, rest = paragraph.text.partition("\n")
    if heading := HEADING.match(first):
        walker.outline.enter(
            2, headings.name_of(heading["box"] or heading["colon"]), paragraph.line
        )
        if rest.strip():
            _take(walker, Paragraph(rest, paragraph.line + 1, paragraph.line_end))
        return
    told = entries_in(paragraph.text, walker.texts)
    lines = paragraph.text.split("\n")
    parts = all(is_part(line, walker.texts) for line in lines[1:])
    if len(told) == 1 and told[0].reading.papers and told[0].reading.title and parts:
        walker.add_row(draft_of(told[0], paragraph.line, paragraph.line_end))
        return
    for offset, line in enumerate(paragraph.text.split("\n")):
        _take_line(walker, line, paragraph.line + offset)


def _take_line(walker: Walker, line: str, number: int) -> None:
    for each in entries_in(line, walker.texts):
        verdict = judge.of_item(each.reading)
        if (
            verdict is Verdict.ENTRY
            or (verdict is Verdict.PART and each.reading.papers)
            or verdict is Verdict.MAYBE
        ):
            walker.add_row(draft_of(each, number, number))
        else:
            for draft in bare.titles_in(Paragraph(line, number, number)):
                walker.add_row(draft)
