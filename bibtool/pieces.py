"""What is written, whole or in pieces, of which most come from what stood there before."""

import errno
import os
from collections.abc import Iterator
from typing import BinaryIO

COMPARED = 1 << 16  # bytes at once
COPIED = 1 << 20  # bytes at once; with fewer, a file costs a fifth more to write


class Stretch:
    """What stands in an open file from one place to another, and is copied without a look at it."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file = file
        self._start = start
        self._end = end

    def __len__(self) -> int:
        return self._end - self._start

    def __getitem__(self, part: slice) -> bytes:
        first, behind, _ = part.indices(len(self))
        data = os.pread(self._file.fileno(), behind - first, self._start + first)
        if len(data) < behind - first:
            raise OSError(errno.EIO, "was cut off while it was copied")
        return data


Piece = bytes | memoryview | Stretch
Content = bytes | tuple[bytes | memoryview, ...]  # whole or in pieces


def parts(piece: Piece, length: int) -> Iterator[bytes]:
    """One after the other: room for all of a large file costs more than to look at it."""
    return (bytes(piece[at : at + length]) for at in range(0, len(piece), length))
