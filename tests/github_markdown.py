"""What a reader sees of Markdown on GitHub: through GitHub's own parser."""

from html.parser import HTMLParser
from typing import NamedTuple

import cmarkgfm
from cmarkgfm.cmark import Options


class Seen(NamedTuple):
    """Visible text with single blanks, tags in their order, targets of links and pictures."""

    text: str
    tags: list[str]
    links: list[str]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(markdown: str) -> Seen:
    """HTML passes as it does in a file on GitHub, so that a tag that got through is seen."""
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    page = _Page()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=options))
    page.close()
    return Seen(" ".join("".join(page.text).split()), page.tags, page.links)
