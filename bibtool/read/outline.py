"""Where in a document a block stands: headings, folded sections, bold lines, parent bullets."""

from msgspec import Struct

from bibtool.read import headings

Path = tuple[tuple[int, str], ...]
FOLD, LINE, ITEM = 10, 20, 30  # levels below every heading


class Fold(Struct, frozen=True):
    """A `<details>` that opens with a summary, or closes with none."""

    line: int
    summary: str | None  # None where it closes


class Outline:
    """The open categories. A level is a heading's, 1 to 6, or FOLD, LINE, ITEM and deeper."""

    def __init__(self, folds: tuple[Fold, ...] = ()) -> None:
        self._open: list[tuple[int, str]] = []
        self._folds = list(reversed(folds))
        self._depth = 0
        self.lines: dict[Path, int] = {}

    @property
    def path(self) -> Path:
        return tuple(step for step in self._open if step[1])

    @property
    def upkeep(self) -> str:
        return next((name for level, name in self._open if headings.is_upkeep(name)), "")

    @property
    def no_papers(self) -> str:
        return next((name for _, name in self._open if headings.holds_no_papers(name)), "")

    def upkeep_at(self, level: int) -> str:
        """The upkeep heading that a heading of `level` would stand under."""
        return next(
            (name for of, name in self._open if of < level and headings.is_upkeep(name)), ""
        )

    def reach(self, line: int) -> None:
        """Open and close the folded sections that begin or end before `line`."""
        while self._folds and self._folds[-1].line <= line:
            fold = self._folds.pop()
            if fold.summary is None:
                self._depth = max(0, self._depth - 1)
                self.close(FOLD + self._depth)
            else:
                name = headings.name_of(fold.summary)
                name = "" if headings.names_no_category(name) else name
                self._step(FOLD + self._depth, name, fold.line)
                self._depth = min(self._depth + 1, LINE - FOLD - 1)

    def enter(self, level: int, name: str, line: int) -> None:
        """Open a heading; headings as deep or deeper and all that hangs under them are closed."""
        self._step(level, name, line)

    def add_line(self, name: str, line: int) -> None:
        """A line that heads what follows, up to the next such line or heading."""
        self._step(LINE, name, line)

    def enter_item(self, name: str, line: int) -> int:
        level = max([ITEM - 1, *(of for of, _ in self._open)]) + 1
        self._step(level, "" if headings.names_no_category(name) else name, line)
        return level

    def leave_item(self, level: int) -> None:
        self.close(level)

    def close(self, level: int) -> None:
        self._open = [step for step in self._open if step[0] < level]

    def _step(self, level: int, name: str, line: int) -> None:
        self.close(level)
        self._open.append((level, name))
        self.lines.setdefault(self.path, line)
