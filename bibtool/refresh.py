"""What `--refresh` asks again, though the lock knows an answer. Pure."""

from collections.abc import Collection

from msgspec import Struct

from bibtool.errors import WrongUse
from bibtool.model import Identifier


class Refresh(Struct, frozen=True):
    """Everything, or named identifiers and questions; nothing by default."""

    everything: bool = False
    identifiers: frozenset[Identifier] = frozenset()
    questions: frozenset[str] = frozenset()

    def wants(self, which: Identifier) -> bool:
        return self.everything or which in self.identifiers

    def wants_search(self, question: str) -> bool:
        return self.everything or question in self.questions


KINDS = ("all", "preprints", "unresolved")


def check_kind(what: str, named: Collection[Identifier]) -> None:
    """WrongUse unless `what` is one of KINDS or names identifiers."""
    if what not in KINDS and not named:
        raise WrongUse(
            f"--refresh={what}: give all, preprints, unresolved or identifiers, "
            "as in --refresh=arXiv:2406.11838,10.1145/3721238.3730601"
        )
