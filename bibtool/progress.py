"""What a person sees on a live terminal while services are asked: one line a source."""

import threading
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TaskID, TextColumn
from rich.text import Text

NAMES = {"arxiv": "arXiv", "crossref": "Crossref", "datacite": "DataCite"}


class Live:
    """A bar for each source on standard error, with what it waits for; gone when the run ends."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            _Waiting(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._mutex = threading.Lock()  # sources wait in threads of their own

    def __enter__(self) -> "Live":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def expect(self, source: str, what: str, jobs: int) -> None:
        with self._mutex:
            if source in self._tasks:
                self._progress.remove_task(self._tasks[source])
            label = f"{NAMES.get(source, source)} {what}"
            self._tasks[source] = self._progress.add_task(label, total=jobs, until=0.0, why="")

    def answered(self, source: str) -> None:
        with self._mutex:
            if source in self._tasks:
                self._progress.advance(self._tasks[source])

    def waits(self, source: str, seconds: float, why: str) -> None:
        with self._mutex:
            if source in self._tasks:
                until = time.monotonic() + seconds
                self._progress.update(self._tasks[source], until=until, why=why)


class _Waiting(TextColumn):
    """`waits 2 s: one request in 3 s`, counting down; empty while nothing is waited for."""

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def render(self, task: Task) -> Text:
        left = task.fields["until"] - time.monotonic()
        return Text(f"waits {left:.0f} s: {task.fields['why']}" if left >= 0.5 else "")
