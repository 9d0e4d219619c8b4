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

TYPE_CHECKING = False  # typing itself costs a fifth of an idle run
if TYPE_CHECKING:
    from typing import NoReturn

# Options of the C program "BibTool", which Debian and TeX Live install under the same name.
FOREIGN = ("-V", "-s", "-d", "-r", "-i", "-x", "-X", "-k", "-K", "-f", "-F", "-@", "-#", "--")
INTERRUPTED = 130
TERMINATED = 143
DISK = 74
IN_ORDER = 2.0  # s that the end of a run may take; after that a signal ends it at once
SOON = 0.01  # s after which a signal is heard that came where nothing must be broken off
UNBREAKABLE = frozenset({"importlib._bootstrap", "_frozen_importlib", "typing", "msgspec._utils"})


class _Terminated(BaseException):
    """SIGTERM or SIGHUP, as an exception, so that what is held is let go."""


class _Stop:
    """Handler of signals: the first ends the run in order; a later one at once, if that takes long.

    People press Ctrl-C twice; the second one must not break what the first one began.
    """

    def __init__(self) -> None:
        self._over = False  # the run has ended: nothing is left to stop
        self._begun = 0.0  # when the run began to end

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._over:
            return
        if self._begun:
            if time.monotonic() - self._begun > IN_ORDER:
                os._exit(128 + number)
        elif _must_not_break(frame):
            signal.signal(signal.SIGALRM, lambda _, later: self(number, later))
            signal.setitimer(signal.ITIMER_REAL, SOON)
        else:
            self._begun = time.monotonic()
            raise KeyboardInterrupt if number == signal.SIGINT else _Terminated

    def forget(self) -> None:
        """From now on signals are too late, also one that still waits."""
        self._over = True
        signal.setitimer(signal.ITIMER_REAL, 0)


def _must_not_break(frame: FrameType | None) -> bool:
    """Whether an exception would be swallowed here, as in Python's locks of modules, or end all
    with a crash, as where msgspec 0.22 reads the fields of a type, or become another one, as where
    Python 3.11 names what stands in a class."""
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] != "bibtool":
        named = frame.f_code.co_name == "__set_name__"
        if named or frame.f_globals.get("__name__") in UNBREAKABLE:
            return True
        frame = frame.f_back
    return False


def program() -> "NoReturn":
    """`main`, and the end of the program."""
    gc.disable()  # until a service is asked: all else makes few circles, and to look takes a while
    _leave(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. See docs/exit-codes.md."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_streams()
    stop = _Stop()
    try:
        _handle_signals(stop)
        if foreign := _foreign(words):
            _say(foreign)
            return 2
        return _run(parser(*words[:1]).parse_args(words))
    except KeyboardInterrupt:
        return _end("interrupted", INTERRUPTED)
    except _Terminated:
        return _end("terminated", TERMINATED)
    except OSError as error:  # files are `write`'s, which says DiskFailure: this is our output
        _say(f"{error.filename or 'the output'}: {error.strerror}; not all of it was said")
        _let_go_of_streams()
        return DISK
    finally:
        stop.forget()


def _end(how: str, code: int) -> "NoReturn":
    _say(f"{how}; what was settled is kept, run the same command again to go on")
    _leave(code)


def _leave(code: int) -> "NoReturn":
    """Everything is let go; Python would take half a second to tidy up after 20,000 rows."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _handle_signals(stop: _Stop) -> None:
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
