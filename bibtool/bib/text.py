"""Bytes of a file to text and back, so that what nobody changed stays byte for byte."""

import codecs
import contextlib

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

    As `decode_unicode`; without a mark also the 8-bit encodings of Western Europe.
    """
    if data.startswith(tuple(mark for mark, _ in _MARKS)) or b"\0" in data:
        return decode_unicode(data, shown)
    for codec in ("utf-8", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(codec), Encoding(codec)
    return data.decode("latin-1"), Encoding("latin-1")


def decode_unicode(data: bytes, shown: str) -> tuple[str, Encoding]:
    """The text of a file and what `encode` needs to give the same bytes again.

    UTF-8, or UTF-16 that says so by its mark. What is neither is never guessed at: Unreadable,
    with the line.
    """
    mark, codec = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", "utf-8"))
    body = data[len(mark) :]
    if codec == "utf-8" and b"\0" in body:
        line = body.count(b"\n", 0, body.index(b"\0")) + 1
        reason = "holds a NUL byte; save it as UTF-8 (or as UTF-16 with a byte order mark)"
        raise Unreadable(Place(shown, line), reason)
    try:
        return body.decode(codec), Encoding(codec, mark)
    except UnicodeDecodeError as error:
        line = body[: error.start].decode(codec).count("\n") + 1
        reason = f"byte {error.start + len(mark)} is not {codec.upper()}; save the file as UTF-8"
        raise Unreadable(Place(shown, line), reason) from error


def encode(text: str, encoding: Encoding, shown: str) -> bytes:
    """`text` in the encoding of the file it goes to; Unreadable where that has no such sign."""
    try:
        return encoding.mark + text.encode(encoding.codec)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        sign = text[error.start]
        reason = f"{encoding.codec} has no {sign!r} (U+{ord(sign):04X}); save the file as UTF-8"
        raise Unreadable(Place(shown, line), reason) from error
