"""A terminal with a person at it: what the screen shows, and what is typed."""

import re
from collections.abc import Sequence

import pexpect
from everyday import Desk, command

CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[()][A-Z0-9]|[\x07\r\n]|[^\x1b\x07\r\n]+")
PLACES = re.compile(r"http://127\.0\.0\.1:\d+")


class Session:
    """One run of bibtool in a terminal of 80 columns; `text` is all that it showed."""

    def __init__(self, desk: Desk, words: Sequence[str], columns: int = 80) -> None:
        self._shown = f"$ bibtool {' '.join(words)}\n"
        program, *arguments = command(words)
        self._child = pexpect.spawn(
            program,
            arguments,
            cwd=desk.root,
            env={**desk.environment, "COLUMNS": str(columns), "TERM": "xterm"},
            dimensions=(40, columns),
            encoding="utf-8",
            timeout=30,
        )

    def until(self, text: str) -> str:
        """Wait for `text`; what was shown up to it since the last wait."""
        self._child.expect_exact(text)
        return self._keep(str(self._child.before) + text)

    def either(self, *texts: str) -> int:
        """Wait for one of `texts`; which of them came."""
        number = int(self._child.expect_exact(list(texts)))
        self._keep(str(self._child.before) + texts[number])
        return number

    def type(self, line: str) -> None:
        self._child.sendline(line)

    def press(self, control: str) -> None:
        self._child.sendcontrol(control)

    def hang_up(self) -> None:
        """The connection breaks."""
        self._child.close(force=True)

    def end(self) -> int:
        """Wait for the end; the exit code."""
        self._child.expect(pexpect.EOF)
        self._keep(str(self._child.before))
        self._child.close()
        return int(self._child.exitstatus if self._child.exitstatus is not None else -1)

    @property
    def text(self) -> str:
        return self._shown

    def _keep(self, raw: str) -> str:
        shown = PLACES.sub("http://127.0.0.1", seen(raw))
        self._shown += shown
        return shown


def seen(raw: str) -> str:
    """What is left on the screen of what was written to it: bars that were wiped are gone."""
    lines, row, column = [""], 0, 0
    for found in CONTROL.finditer(raw):
        count, control = found[1] or "1", found[2]
        if found[0] == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif found[0] == "\r":
            column = 0
        elif control == "A":
            row = max(0, row - int(count))
        elif control == "K":
            lines[row] = "" if count == "2" else lines[row][:column]
        elif control is None and found[0][0] >= " ":
            lines[row] = (
                lines[row][:column].ljust(column) + found[0] + lines[row][column + len(found[0]) :]
            )
            column += len(found[0])
    return "\n".join(line.rstrip() for line in lines)
