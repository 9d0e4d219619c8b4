"""What pure steps gave in earlier runs, so that what did not change is not worked out again. Pure.

Each result stands under a digest of all that the step was given, so that none is ever out of date;
whether it comes from here or is worked out, a run gives the same bytes.
"""

import contextlib
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import Any, NewType, TypeVar, cast

import msgspec

from bibtool.pack import WIDTH, Buffer, Pack, packed, packed_size

Digest = NewType("Digest", bytes)
Value = TypeVar("Value")

# What no file can keep: half a sign, as in the names of some files, and numbers beyond 64 bits.
UNTELLABLE = (UnicodeEncodeError, OverflowError)

_encoder = msgspec.msgpack.Encoder()


def digest(*given: Any) -> Digest:
    """Of everything that a step depends on, its name first; of plain values and structs of them."""
    try:
        text = _encoder.encode(given)
    except UNTELLABLE:
        text = repr(given).encode("utf-8", "backslashreplace")
    return Digest(blake2b(text, digest_size=WIDTH).digest())


def _raw(value: object) -> bytes:
    return _encoder.encode(value)


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


class Memo:
    """`packs` hold what earlier runs worked out, the first one most of it."""

    # Programs made of bibtool's own templates, by digest. Whoever could change them could run
    # anything, so they are kept where nobody else can write, and not with the project.
    programs: dict[bytes, Buffer]
    compiled: bool  # whether this run added to them

    def __init__(self, *packs: Pack) -> None:
        self.programs = {}
        self.compiled = False
        self._packs = packs
        self._used: dict[bytes, Buffer] = {}
        self._fresh: dict[bytes, bytes] = {}
        self._named: dict[int, tuple[object, Digest]] = {}  # by id, so each is held with it

    def recall(
        self, given: tuple[Any, ...], kind: type[Value], work_out: Callable[[], Value]
    ) -> Value:
        """What `work_out` gives, or gave when the same was `given`: a step's name, and all that
        it depends on."""
        which = digest(*given)
        known = self._known(which)
        if known is not None:
            try:
                value: Value = _decoder(cast(Hashable, kind)).decode(known)
            except msgspec.DecodeError:  # of another hand
                pass
            else:
                self._used[which] = known
                return value
        value = work_out()
        with contextlib.suppress(*UNTELLABLE):
            self._keep(which, value)
        return value

    def confirm(
        self, given: tuple[Any, ...], last: Value | None, work_out: Callable[[], Value]
    ) -> Value:
        """As `recall`, for who has at hand what the step gave `last`: of the value no more than
        a digest is kept, and if `last` has the same, it is the value."""
        which = digest(*given)
        known = self._known(which)
        if last is not None and known is not None and known == _raw(digest(last)):
            self._used[which] = known
            return last
        value = work_out()
        self._keep(which, digest(value))
        return value

    def name(self, value: object, given: Digest) -> None:
        """`value` follows from what was `given`, so that `digest_of` need not look at it."""
        self._named[id(value)] = value, given

    def digest_of(self, value: object) -> Digest:
        """A digest that values share only if they are equal."""
        held, which = self._named.get(id(value), (None, None))
        return which if which is not None and held is value else digest(value)

    def keep_program(self, which: Digest, program: bytes) -> None:
        self.programs[which] = program
        self.compiled = True

    def _keep(self, which: Digest, value: object) -> None:
        self._used[which] = self._fresh[which] = _raw(value)

    def _known(self, which: Digest) -> Buffer | None:
        if (known := self._used.get(which)) is not None:
            return known
        for pack in self._packs:
            if (known := pack.get(which)) is not None:
                return known
        return None

    @property
    def changed(self) -> bool:
        """Whether this run worked out anything that the last one did not know."""
        return bool(self._fresh)

    def packed(self, maker: bytes, *, whole: bool = True) -> tuple[int, bytes]:
        """The number of the pack that takes up what this run worked out, and what it holds then;
        those behind it are in it, too. The first one, and with it what nobody used for long, is
        given up by a `whole` run alone: another one uses little of what is worth keeping, and the
        packs of such ones become no larger than it.

        Most runs work out little, and to write all takes a tenth of one with 10,000 rows. So each
        pack is half as large as the one before it at most: what comes is a pack of its own, which
        takes up those before it that are too small to stay. Nothing is written more often than
        there are packs (https://en.wikipedia.org/wiki/Log-structured_merge-tree).
        """
        taken: dict[bytes, Buffer] = {**self._fresh}
        before = [pack for pack in self._packs if pack.size]
        least = 0 if whole else 1
        full = len(before) == len(self._packs)
        while before[least:] and (full or 2 * packed_size(taken) > before[-1].size):
            taken = in_order(before.pop()) | taken
            full = False
        if not before:
            return 0, self.text(maker)
        if packed_size(taken) > before[0].size:
            taken = _latest(reversed(taken.items()), before[0].size // 2)
        return len(before), packed(taken, maker)

    def text(self, maker: bytes) -> bytes:
        """The results that this run used, and the latest of the others, up to half as much.

        `maker` tells who worked them out, see `parse`.

        A list that did not change is known as a whole; its rows are wanted again when it does.
        """
        known = chain.from_iterable(pack.latest() for pack in reversed(self._packs))
        others = ((which, value) for which, value in known if which not in self._used)
        room = sum(map(len, self._used.values())) // 2
        return packed(_latest(others, room) | self._used, maker)


def _latest(values: Iterable[tuple[bytes, Buffer]], room: int) -> dict[bytes, Buffer]:
    """Those of `values`, the latest first, that have `room` (bytes); the oldest first."""
    kept: list[tuple[bytes, Buffer]] = []
    for which, value in values:
        room -= len(value)
        if room < 0:
            break
        kept.append((which, value))
    return dict(reversed(kept))


class Forgetful(Memo):
    """Works everything out each time: for who does it but once."""

    def recall(
        self, given: tuple[Any, ...], kind: type[Value], work_out: Callable[[], Value]
    ) -> Value:
        return work_out()

    def confirm(
        self, given: tuple[Any, ...], last: Value | None, work_out: Callable[[], Value]
    ) -> Value:
        return work_out()

    def name(self, value: object, given: Digest) -> None:
        pass


FORGETFUL = Forgetful()


def in_order(pack: Pack) -> dict[bytes, Buffer]:
    """The values of a pack, the oldest first."""
    return dict(reversed([*pack.latest()]))


def parse(maker: bytes, *texts: Buffer) -> Memo:
    """The memo in the packs of `texts`; of what is none, or another bibtool's, nothing."""
    return Memo(*(Pack(text, maker) for text in texts))
