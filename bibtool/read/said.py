"""What one text says of a paper, as far as it was understood."""

from msgspec import Struct, field

from bibtool.read import words
from bibtool.read.claims import Claims
from bibtool.read.links import EMPTY, PAPER, Link


class Reading(Struct):
    """What one text says; `how`: quoted, bold, link, italic, nickname or plain."""

    title: str = ""
    how: str = ""
    short: str = ""
    lead: Link | None = None  # the link that carries the title
    links: list[Link] = field(default_factory=list)
    claims: Claims = field(default_factory=Claims)
    before: str = ""  # what stands in front of the title

    @property
    def papers(self) -> list[Link]:
        return [link for link in self.links if link.role == PAPER]

    @property
    def promised(self) -> bool:
        """Whether a label says "paper" and its address is missing."""
        return any(
            link.role == EMPTY and words.label_role(link.label) == "paper" for link in self.links
        )
