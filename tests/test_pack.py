"""Values under digests: found one by one, and never another's."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.pack import Pack, packed, packed_size


def which(name: object) -> bytes:
    return blake2b(repr(name).encode(), digest_size=16).digest()


@given(values=st.dictionaries(st.integers().map(which), st.binary(max_size=9), max_size=300))
def test_every_value_is_found_and_no_other(values: dict[bytes, bytes]) -> None:
    data = packed(values, b"us")
    assert packed_size(values) == len(data)
    pack = Pack(data, b"us")
    assert {name: pack.get(name) for name in values} == values
    assert pack.get(which("nobody")) is None
    assert [*pack.latest()] == [*reversed(values.items())]


def test_digests_that_begin_alike_are_told_apart() -> None:
    names = [bytes([7] * 15 + [last]) for last in range(50)]
    pack = Pack(packed({name: name[-1:] for name in names}, b""), b"")
    assert [pack.get(name) for name in names] == [name[-1:] for name in names]


@pytest.mark.parametrize("data", [b"", b"bibtool", b"\0" * 100, b"bibtool\x01" + b"\xff" * 50])
def test_what_is_no_pack_holds_nothing(data: bytes) -> None:
    pack = Pack(data, b"us")
    assert (pack.get(which(1)), [*pack.latest()], pack.size) == (None, [], 0)


def test_another_makers_values_are_none() -> None:
    assert Pack(packed({which(1): b"x"}, b"us"), b"them").get(which(1)) is None


VALUES = {which(number): b"%d" % number for number in range(40)}
WHOLE = packed(VALUES, b"")
INDEX = len(WHOLE) - sum(16 + 4 + len(value) for value in VALUES.values())


@given(at=st.integers(0, INDEX - 1), byte=st.integers(0, 255))
def test_a_damaged_index_finds_nothing_rather_than_anothers_value(at: int, byte: int) -> None:
    data = bytearray(WHOLE)
    data[at] = byte
    pack = Pack(bytes(data), b"")
    assert all(pack.get(name) in (None, value) for name, value in VALUES.items())
