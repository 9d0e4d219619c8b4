"""A list that is made when somebody looks into it. Pure."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar, overload

Item = TypeVar("Item")


class Late(Sequence[Item]):
    """What `make` gives, as a template sees a list; `count` where it is known beforehand."""

    def __init__(self, make: Callable[[], Sequence[Item]], count: int | None = None) -> None:
        self._make = make
        self._count = count

    @cached_property
    def _items(self) -> list[Item]:
        return list(self._make())

    def __len__(self) -> int:
        return len(self._items) if self._count is None else self._count

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: Any) -> Any:
        return self._items[at]

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __add__(self, others: Sequence[Any]) -> list[Any]:
        return [*self, *others]

    def __radd__(self, others: Sequence[Any]) -> list[Any]:
        return [*others, *self]

    def __repr__(self) -> str:
        return repr(self._items)
