"""A whole HTML page as a list."""

from bibtool.model import PaperList
from bibtool.read.entry import Texts
from bibtool.read.html import blocks_of_html
from bibtool.read.markdown import finished
from bibtool.read.outline import Outline
from bibtool.read.source import marked_source
from bibtool.read.walk import Walker


def read(text: str, shown: str) -> PaperList:
    source = marked_source(text, shown)
    walker = Walker(Outline(), Texts({}))
    walker.walk(blocks_of_html(source.text, 1))
    return finished(walker, source, written_as_text=True)
