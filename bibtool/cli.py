"""The command line: arguments in, lines and an exit code out. The only place that catches errors.

Nothing heavy is imported here: a command's module is loaded when the command is called.
"""

import atexit
import contextlib
import gc
import importlib
import io
import os
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType

from bibtool.arguments import parser
from bibtool.errors import BibtoolError

# Options of the C program "BibTool", which Debian and TeX Live install under the same name.
FOREIGN = ("-V", "-s", "-d", "-r", "-i", "-x", "-X", "-k", "-K", "-f", "-F", "-@", "-#", "--")
INTERRUPTED = 130
TERMINATED = 143
DISK = 74
IN_ORDER = 2.0  # s that the end of a run may take; after that a signal ends it at once


class _Terminated(BaseException):
    """SIGTERM or SIGHUP, as an exception, so that what is held is let go."""


class _Stop:
    """Handler of signals: the first ends the run in order; a later one at once, if that takes long.

    People press Ctrl-C twice; the second one must not break what the first one began.
    """

    def __init__(self) -> None:
        self._begun = 0.0  # when the run began to end

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self._begun:
            self._begun = time.monotonic()
            raise KeyboardInterrupt if number == signal.SIGINT else _Terminated
        if time.monotonic() - self._begun > IN_ORDER:
            os._exit(128 + number)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. See docs/exit-codes.md."""
    words = list(sys.argv[1:] if argv is None else argv)
    # Rows and records hold no circles: a collection at every 700 of them finds nothing, and costs
    # a fifth of a run with 10,000 rows.
    gc.set_threshold(500_000)
    _open_streams()
    try:
        _handle_signals()
        if foreign := _foreign(words):
            _say(foreign)
            return 2
        return _run(parser().parse_args(words))
    except KeyboardInterrupt:
        _say("interrupted; what was settled is kept, run the same command again to go on")
        return INTERRUPTED
    except _Terminated:
        _say("terminated; what was settled is kept, run the same command again to go on")
        return TERMINATED
    except OSError as error:  # files are `write`'s, which says DiskFailure: this is our output
        _say(f"{error.filename or 'the output'}: {error.strerror}; not all of it was said")
        _let_go_of_streams()
        return DISK


def _handle_signals() -> None:
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup wants it
            signal.signal(number, stop)
            # While Python ends, it would set back the handler and die of the second Ctrl-C.
            atexit.register(signal.signal, number, signal.SIG_IGN)


def _open_streams() -> None:
    """Foreign text must not break our output, whatever the locale says or the caller has closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed: take its number, before a file of ours gets it
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
            if stream is getattr(sys, f"__{name}__"):  # a test's own stream is left to it
                setattr(sys, name, _for_whoever_listens(stream))


class _Outlet(io.FileIO):
    """Output that goes nowhere once its reader has gone: `| head` must not end a run half done,
    nor hide how it ended."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return self.write(data)


def _for_whoever_listens(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    outlet = _Outlet(stream.fileno(), "wb", closefd=False)
    buffered = not isinstance(stream.buffer, io.RawIOBase)  # it is not under PYTHONUNBUFFERED
    return io.TextIOWrapper(
        io.BufferedWriter(outlet) if buffered else outlet,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _let_go_of_streams() -> None:
    """What is still buffered goes nowhere; Python would try again when it ends, and complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # in tests they have no number
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


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
    with contextlib.suppress(OSError):  # the exit code says it too
        print(f"bibtool: {message}", file=sys.stderr, flush=True)


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
        f"{first}: {where}; this bibtool makes bibliographies of paper lists "
        "(see bibtool --help; it answers to bibtool-py as well)"
    )
