"""Values under digests, in bytes that are looked into and not read: 50,000 take a while. Pure.

As in the index of a pack of git (https://git-scm.com/docs/gitformat-pack), the first bits of a
digest tell where the few begin that share them. Each value stands behind its digest, so that a
damaged index finds nothing rather than another's value.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sized
from hashlib import blake2b
from itertools import accumulate
from struct import Struct

Buffer = bytes | memoryview

WIDTH = 16  # bytes of a digest
FIRST = 4  # bytes of it that are looked at for its place
_HEAD = Struct("<8s16sII")  # SIGN, digest of the maker, number of values, bits that tell a place
_SIZE = Struct("<I")  # of a value
_SIGN = b"bibtool\x01"


class Pack:
    """The values that `maker` packed into `data`; none if it is none, or another one's."""

    def __init__(self, data: Buffer = b"", maker: bytes = b"") -> None:
        self._data = memoryview(data)
        self._count = self._shift = self._records = 0
        if len(data) < _HEAD.size:
            return
        sign, made_by, count, bits = _HEAD.unpack(self._data[: _HEAD.size])
        table = _HEAD.size + 4 * ((1 << min(bits, 32)) + 1)
        records = table + 8 * count
        if (sign, made_by) != (_SIGN, _told(maker)) or records > len(data):
            return
        self._first = self._data[_HEAD.size : table].cast("I")
        self._starts = self._data[table:records].cast("Q")
        self._count, self._shift, self._records = count, 8 * FIRST - bits, records

    @property
    def size(self) -> int:
        """Bytes of all values, and what is needed to find them."""
        return len(self._data) if self._count else 0

    def get(self, which: bytes) -> Buffer | None:
        if not self._count:
            return None
        place = int.from_bytes(which[:FIRST], "big") >> self._shift
        for number in range(self._first[place], min(self._first[place + 1], self._count)):
            start = self._starts[number]
            if self._data[start : start + WIDTH] == which:
                return self._value(start)[0]
        return None

    def latest(self) -> Iterator[tuple[bytes, Buffer]]:
        """Digests and values, the one that was put in last first."""
        found: list[int] = []
        at, end = self._records, len(self._data) - WIDTH - _SIZE.size
        while self._count and at <= end:
            found.append(at)
            at = self._value(at)[1]
        for start in reversed(found):
            yield bytes(self._data[start : start + WIDTH]), self._value(start)[0]

    def _value(self, start: int) -> tuple[Buffer, int]:
        """What stands behind the digest at `start`, and where that ends. No copy: what many a run
        looks at has megabytes."""
        begins = start + WIDTH + _SIZE.size
        size = self._data[start + WIDTH : begins]
        ends = begins + (_SIZE.unpack(size)[0] if len(size) == _SIZE.size else 0)
        return self._data[begins:ends], ends


def packed(values: Mapping[bytes, Buffer], maker: bytes) -> bytes:
    """`values` by their digests, in the order in which they came."""
    bits = _bits(values)
    sharing = Counter(int.from_bytes(w[:FIRST], "big") >> (8 * FIRST - bits) for w in values)
    first = accumulate((sharing[place] for place in range(1 << bits)), initial=0)
    start = dict(zip(values, accumulate(_sizes(values), initial=_records_at(values)), strict=False))
    return b"".join(
        [
            _HEAD.pack(_SIGN, _told(maker), len(values), bits),
            array("I", first).tobytes(),
            array("Q", [start[which] for which in sorted(values)]).tobytes(),
            *(piece for w, v in values.items() for piece in (w, _SIZE.pack(len(v)), v)),
        ]
    )


def packed_size(values: Mapping[bytes, Buffer]) -> int:
    """Bytes that they take, packed."""
    return sum(_sizes(values), start=_records_at(values))


def _bits(values: Sized) -> int:
    return min(len(values).bit_length(), 8 * FIRST - 8)


def _records_at(values: Sized) -> int:
    return _HEAD.size + 4 * ((1 << _bits(values)) + 1) + 8 * len(values)


def _sizes(values: Mapping[bytes, Buffer]) -> Iterator[int]:
    return (WIDTH + _SIZE.size + len(value) for value in values.values())


def _told(maker: bytes) -> bytes:
    return blake2b(maker, digest_size=WIDTH).digest()
