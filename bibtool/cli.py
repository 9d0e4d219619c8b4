"""The command line: arguments in, lines and an exit code out. The only place that catches errors.

Nothing heavy is imported here: a command's module is loaded when the command is called.
"""

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from bibtool.arguments import parser
from bibtool.errors import BibtoolError

# Options of the C program "BibTool", which Debian and TeX Live install under the same name.
FOREIGN = ("-V", "-s", "-d", "-r", "-i", "-x", "-X", "-k", "-K", "-f", "-F", "-@", "-#", "--")
INTERRUPTED = 130
TERMINATED = 143


class _Terminated(BaseException):
    """SIGTERM, as an exception, so that what is held is let go."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. See docs/exit-codes.md."""
    words = list(sys.argv[1:] if argv is None else argv)
    if foreign := _foreign(words):
        print(foreign, file=sys.stderr)
        return 2
    options = parser().parse_args(words)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run(options)
    except KeyboardInterrupt:
        _say("interrupted; what was settled is kept, run the same command again to go on")
        return INTERRUPTED
    except _Terminated:
        _say("terminated; what was settled is kept, run the same command again to go on")
        return TERMINATED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(options: object) -> int:
    command = importlib.import_module(f"bibtool.commands.{options.module}")  # type: ignore[attr-defined]
    try:
        code = int(command.run(options))
        sys.stdout.flush()
    except BibtoolError as error:
        _say(str(error))
        return error.exit_code
    return code


def _say(message: str) -> None:
    print(f"bibtool: {message}", file=sys.stderr)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated


def _foreign(words: Sequence[str]) -> str:
    """What to say to arguments meant for the other program called bibtool; empty if ours."""
    if not words:
        return ""
    first = words[0]
    if first not in FOREIGN and not (first.endswith((".bib", ".rsc")) and os.path.exists(first)):
        return ""
    import shutil  # only who came to the wrong program pays for it

    own = os.path.dirname(os.path.abspath(sys.argv[0]))
    path = os.pathsep.join(
        p for p in os.environ.get("PATH", "").split(os.pathsep) if os.path.abspath(p) != own
    )
    other = shutil.which("bibtool", path=path)
    where = f"the C program BibTool is {other}" if other else "this is not the C program BibTool"
    return (
        f"bibtool: {first}: {where}; this bibtool makes bibliographies of paper lists "
        "(see bibtool --help; it answers to bibtool-py as well)"
    )
