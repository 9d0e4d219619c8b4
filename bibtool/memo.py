"""What pure steps gave in earlier runs, so that what did not change is not worked out again. Pure.

Each result stands under a digest of all that the step was given, so that none is ever out of date;
whether it comes from here or is worked out, a run gives the same bytes.
"""

import contextlib
from collections.abc import Callable, Hashable
from functools import cache
from hashlib import blake2b
from typing import Any, NewType, TypeVar, cast

import msgspec

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
    return Digest(blake2b(text, digest_size=16).digest())


class _Kept(msgspec.Struct, frozen=True):
    maker: bytes
    results: dict[bytes, msgspec.Raw]


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


class Memo:
    """`kept` is what an earlier memo held, digest -> result."""

    def __init__(self, kept: dict[bytes, msgspec.Raw] | None = None) -> None:
        self._kept = kept or {}
        self._used: dict[bytes, msgspec.Raw] = {}
        self._fresh = False

    def recall(
        self, given: tuple[Any, ...], kind: type[Value], work_out: Callable[[], Value]
    ) -> Value:
        """What `work_out` gives, or gave when the same was `given`: a step's name, and all that
        it depends on."""
        which = digest(*given)
        known = self._used.get(which) or self._kept.get(which)
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
            self._used[which] = msgspec.Raw(_encoder.encode(value))
            self._fresh = True
        return value

    @property
    def changed(self) -> bool:
        """Whether this run worked out anything that the last one did not know."""
        return self._fresh

    def text(self, maker: bytes) -> bytes:
        """The results that this run used, and the latest of the others, up to half as much.

        `maker` tells who worked them out, see `parse`.

        A list that did not change is known as a whole; its rows are wanted again when it does.
        """
        room = sum(map(_size, self._used.values())) // 2
        others: list[tuple[bytes, msgspec.Raw]] = []
        for which, value in reversed(self._kept.items()):
            if which not in self._used:
                room -= _size(value)
                if room < 0:
                    break
                others.append((which, value))
        return _encoder.encode(_Kept(maker, {**dict(reversed(others)), **self._used}))


class Forgetful(Memo):
    """Works everything out each time: for who does it but once."""

    def recall(
        self, given: tuple[Any, ...], kind: type[Value], work_out: Callable[[], Value]
    ) -> Value:
        return work_out()


FORGETFUL = Forgetful()


def _size(value: msgspec.Raw) -> int:
    return memoryview(value).nbytes


def parse(text: bytes, maker: bytes) -> Memo:
    """The memo in `text`; an empty one if that is none, or another bibtool's."""
    try:
        kept = msgspec.msgpack.decode(text, type=_Kept)
    except msgspec.DecodeError:
        return Memo()
    return Memo(kept.results) if kept.maker == maker else Memo()
