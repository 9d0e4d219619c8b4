"""What may happen to a work after it appeared, and the words for it, in one table. Pure."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct


class Words(Struct, frozen=True):
    """How one kind of update is told.

    `left`: what is left of the work: nothing to cite, doubts about it, or a mended work.
    """

    notice: Literal["retracted", "withdrawn"]  # the kind of the notice to a curator
    sentence: str  # what a curator reads, behind the title
    word: str  # what a reader of the bibliography and its sections sees
    left: Literal["nothing", "doubts", "mended"]


# By the kind of the update, the gravest first: where one word is shown, it is the first of these.
WORDS: Mapping[str, Words] = {
    "retraction": Words("retracted", "has been retracted", "retracted", "nothing"),
    "withdrawal": Words("withdrawn", "has been withdrawn", "withdrawn", "nothing"),
    "removal": Words("retracted", "has been removed", "removed", "nothing"),
    "concern": Words(
        "retracted", "stands under an expression of concern", "expression of concern", "doubts"
    ),
    "correction": Words("retracted", "has been corrected", "corrected", "mended"),
    "erratum": Words("retracted", "has an erratum", "corrected", "mended"),
    "corrigendum": Words("retracted", "has a corrigendum", "corrected", "mended"),
}
