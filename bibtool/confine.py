"""Templates that a project brings are run in a process of their own, with limits.

Jinja2's sandbox keeps a template from files and programs, but not from time and memory
(https://jinja.palletsprojects.com/en/stable/sandbox/#security-considerations). A project's
templates come with its lists, so whoever sends a list may send templates.
"""

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from types import FrameType

import msgspec
from msgspec import Struct

from bibtool.errors import Unreadable, WrongUse
from bibtool.memo import Memo
from bibtool.model import Entry, Outcome, PaperList, Place
from bibtool.render import sections
from bibtool.render.options import SectionOptions
from bibtool.render.outline import Contents
from bibtool.render.sections import Rendered

SECONDS = 10  # for all sections together
WORKS = 100  # for so many works one second more; a fast machine fills 1,500 in a second
GRACE = 5  # seconds more before the process is ended from outside
MEMORY = 1 << 30  # bytes of address space


class _Order(Struct, frozen=True, kw_only=True):
    entries: tuple[Entry, ...]
    lists: tuple[PaperList, ...]
    waiting: tuple[Outcome, ...]
    latex: SectionOptions
    markdown: SectionOptions
    templates: Mapping[str, str]
    slugs: Mapping[str, str]
    own: Mapping[str, str]
    stood: Mapping[str, tuple[str, ...]]
    seconds: int


class _Reply(Struct, frozen=True):
    rendered: Rendered | None = None
    wrong: str = ""
    place: Place | None = None


def render(
    entries: Sequence[Entry],
    lists: Sequence[PaperList],
    waiting: Sequence[Outcome],
    latex: SectionOptions,
    markdown: SectionOptions,
    templates: Mapping[str, str],
    slugs: Mapping[str, str],
    *,
    own: Mapping[str, str] | None = None,
    stood: Mapping[str, Collection[str]] | None = None,
    memo: Memo | None = None,
    contents: Contents | None = None,
) -> Rendered:
    """As `sections.render`; with `own` templates in a child process, within limits.

    Unreadable with the template's place where one takes too long or too much. A template that
    is the shipped one to the letter, as in bibtool's own checkout, is no stranger.
    """
    own = strangers(own or {}, templates)
    if not own:
        return sections.render(
            entries,
            lists,
            waiting,
            latex,
            markdown,
            templates,
            slugs,
            stood=stood,
            memo=memo,
            contents=contents,
        )
    order = _Order(
        entries=tuple(entries),
        lists=tuple(lists),
        waiting=tuple(waiting),
        latex=latex,
        markdown=markdown,
        templates=templates,
        slugs=slugs,
        own=own,
        stood={name: tuple(keys) for name, keys in (stood or {}).items()},
        seconds=SECONDS + len(entries) // WORKS,
    )
    return _answered(_run(order), own)


def strangers(own: Mapping[str, str], shipped: Mapping[str, str]) -> dict[str, str]:
    """The templates of a project that are not shipped ones to the letter."""
    return {name: text for name, text in own.items() if shipped.get(name) != text}


def _run(order: _Order) -> bytes:
    """What the child says; empty if it had to be ended."""
    import subprocess  # heavy; most projects bring no template

    paths = [os.path.abspath(path) for path in sys.path]
    child = subprocess.Popen(
        [sys.executable, "-m", "bibtool.confine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Nothing of our environment: no address, no mail address, no token.
        env={"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,  # Ctrl-C is ours to handle
    )
    with child:
        try:
            said, _ = child.communicate(msgspec.msgpack.encode(order), order.seconds + GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            return b""
        except BaseException:  # Ctrl-C too: leave no child behind
            child.kill()
            raise
    if child.returncode > 0:
        raise RuntimeError("filling templates failed; its traceback stands above")
    return said


def _answered(said: bytes, own: Mapping[str, str]) -> Rendered:
    if not said:
        names = ", ".join(f"templates/{name}" for name in sorted(own))
        raise WrongUse(f"filling templates takes too long or too much memory; one of {names}")
    reply = msgspec.msgpack.decode(said, type=_Reply)
    if reply.place:
        raise Unreadable(reply.place, reply.wrong)
    if reply.rendered is None:
        raise WrongUse(reply.wrong)
    return reply.rendered


def _child() -> None:
    """Read an order from stdin, answer on stdout."""
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=_Order)
    _limit(order.seconds)
    sys.stdout.buffer.write(msgspec.msgpack.encode(_reply(order)))


def _limit(seconds: int) -> None:
    import resource
    import signal  # both for the child alone

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + GRACE, seconds + GRACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def too_long(number: int, frame: FrameType | None) -> None:
        """Raised inside the template, so that the message can name its line."""
        raise TimeoutError(f"filling templates takes longer than {seconds} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)


def _reply(order: _Order) -> _Reply:
    try:
        rendered = sections.render(
            order.entries,
            order.lists,
            order.waiting,
            order.latex,
            order.markdown,
            order.templates,
            order.slugs,
            own=order.own,
            stood=order.stood,
        )
    except Unreadable as error:
        return _Reply(wrong=str(error).removeprefix(f"{error.place}: "), place=error.place)
    except (WrongUse, TimeoutError, MemoryError) as error:
        return _Reply(wrong=str(error) or "filling templates takes too much memory")
    return _Reply(rendered)


if __name__ == "__main__":
    _child()
