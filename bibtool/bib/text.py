"""Bytes of a .bib to text and back, so that what nobody changed stays byte for byte."""

import codecs

from msgspec import Struct

from bibtool.errors import Unreadable
from bibtool.model import Place

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Encoding(Struct, frozen=True):
    """How a file is encoded: the codec, and the byte order mark it began with."""

    codec: str = "utf-8"
    mark: bytes = b""


def decode(data: bytes, shown: str) -> tuple[str, Encoding]:
    """The text of a .bib and what `encode` needs to give the same bytes again.

    UTF-8, UTF-16 with its mark, and the 8-bit encodings of Western Europe are understood.
    Raises Unreadable, with the line, where the bytes are no text.
    """
    mark, codec = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", "utf-8"))
    body = data[len(mark) :]
    if not codec.startswith("utf-16") and b"\0" in body:
        line = body[: body.index(b"\0")].count(b"\n") + 1
        reason = "holds a NUL byte; save it as UTF-8 (or as UTF-16 with a byte order mark)"
        raise Unreadable(Place(shown, line), reason)
    try:
        return body.decode(codec), Encoding(codec, mark)
    except UnicodeDecodeError as error:
        if mark:
            line = body[: error.start].count(b"\n") + 1
            reason = f"byte {error.start + len(mark)} is not {codec.upper()}; save it as UTF-8"
            raise Unreadable(Place(shown, line), reason) from error
    try:
        return body.decode("cp1252"), Encoding("cp1252")
    except UnicodeDecodeError:
        return body.decode("latin-1"), Encoding("latin-1")


def encode(text: str, encoding: Encoding, shown: str) -> bytes:
    """`text` in the encoding of the file it goes to; Unreadable where that has no such sign."""
    try:
        return encoding.mark + text.encode(encoding.codec)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        sign = text[error.start]
        reason = f"{encoding.codec} has no {sign!r} (U+{ord(sign):04X}); save the file as UTF-8"
        raise Unreadable(Place(shown, line), reason) from error
