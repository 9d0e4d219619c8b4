"""The output folder: what stands there, what is to be written, and what people made of it.

A generated file that a person edited is left alone; the new text goes beside it as NAME.new.
Edited means: neither what the lock says bibtool wrote last, nor what it is about to write.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from bibtool import bib
from bibtool.bib import Bibliography, Encoding
from bibtool.bib.text import decode_unicode
from bibtool.errors import DiskFailure, Unreadable
from bibtool.lock import Lock
from bibtool.model import Notice, Place, Problem
from bibtool.pieces import Content
from bibtool.project import Project
from bibtool.render.marks import insert
from bibtool.stamp import digest_of_text
from bibtool.works import BIB
from bibtool.write import HIDDEN, Changed, check_writable, holds, remove, write

if TYPE_CHECKING:
    from bibtool.compose import Composed, Material

PENDING = "pending.json"
ATTEMPTS = 5  # at bringing it up to date while somebody else writes there


class _Plan(NamedTuple):
    files: dict[str, Content]  # to be written
    now: dict[str, bytes | None]  # what stands there
    digests: dict[str, str]  # for the lock
    left: list[str]  # as a person edited them
    notices: list[Notice]


class Folder:
    """Brings outputs up to date; with `enabled` false it only says what it would write."""

    def __init__(self, project: Project, lock: Lock, *, enabled: bool) -> None:
        self._project = project
        self._lock = lock
        self._enabled = enabled
        self.files: dict[str, Content] = {}  # that are, or would be, other than they stood before
        self.unchanged: tuple[str, ...] = ()
        self.standing: dict[str, str] = {}  # digests of those that stand as they should
        self.notices: tuple[Notice, ...] = ()
        self.problems: tuple[Problem, ...] = ()  # of the .bib as it stood
        self._digests: dict[str, str] = {}
        self._seen: dict[str, bytes | None] = {}  # what was read and merged with in this attempt
        self._before: dict[str, bytes | None] = {}  # as they stood before this run wrote
        if enabled:  # what cannot be written is said before anybody is asked
            for name in {project.lock_path.name, BIB, *lock.outputs}:
                check_writable(os.path.join(project.out, name))

    def bring_up_to_date(self, material: "Material") -> "Composed":
        """Compose with the .bib as it stands, and write what differs; the lock learns of it."""
        from bibtool.compose import compose  # only here: who puts files needs less

        for _ in range(ATTEMPTS):
            self._seen.clear()
            mine, encoding = self._bib()
            composed = compose(replace(material, mine=mine, bib_name=self._shown(BIB)))
            text = (
                composed.bib.encode() if mine is None else bib.encode(composed.bib, encoding, BIB)
            )
            made = {name: text.encode() for name, text in composed.sections.files.items()}
            inserts = self._inserts(composed)
            if self._carry_out({**made, BIB: text, **inserts}, shared={BIB, *inserts}):
                if self._enabled:
                    self.remember(composed)
                return composed
        raise DiskFailure(f"{self._shown(BIB)}: keeps changing while bibtool runs; run it again")

    def put(self, made: Mapping[str, Content], seen: Mapping[str, bytes]) -> bool:
        """Write `made`, as far as it differs (what is in pieces does); False if another file stands
        there than one of `seen`, from which it was made."""
        self._seen = {**seen}
        return self._carry_out(made, shared=seen.keys())

    def diff(self) -> Iterator[str]:
        """What was or would be written, as a unified diff."""
        import difflib  # only who asks for the diff pays for it

        for name, data in sorted(self.files.items()):
            before = self._before[name]
            shown = self._shown(name)
            yield from difflib.unified_diff(
                _lines(before or b""),
                _lines(data),
                shown if before is not None else "/dev/null",
                shown,
            )

    def _bib(self) -> tuple[Bibliography | None, Encoding]:
        data = self._seen[BIB] = self._read(BIB)
        if not data or not data.strip():
            return None, Encoding()
        text, encoding = bib.decode(data, self._shown(BIB))
        last = {key: settled.entry for key, settled in self._lock.entries.items()}
        mine = bib.parse(text, self._shown(BIB), written=last)
        if digest_of_text(data) != self._lock.outputs.get(BIB):  # as we wrote it, it was looked at
            self.problems = mine.problems
        return mine, encoding

    def _inserts(self, composed: "Composed") -> dict[str, bytes]:
        """Files of people's own that settings name: only what stands between the marks is ours."""
        made: dict[str, bytes] = {}
        for file, blocks in composed.sections.inserts.items():
            data = self._seen[self._from_root(file)] = self._read(self._from_root(file))
            if data is None:
                reason = "no such file; settings name it for text between marks"
                raise Unreadable(Place(file, 1), reason)
            text, encoding = decode_unicode(data, file)
            for name, block in blocks.items():
                text = insert(text, name, block, file)
            made[self._from_root(file)] = bib.encode(text, encoding, file)
        return made

    def _carry_out(self, made: Mapping[str, Content], shared: Collection[str]) -> bool:
        """Write what differs, each file whole; False if one was changed since it was read.

        `shared` files were merged with what people wrote there; the others are ours alone.
        """
        plan = self._plan(made, shared)
        if any(plan.now[name] != seen for name, seen in self._seen.items()):
            return False
        if plan.files and self._enabled:
            # Should we die half-way, the next run knows by this that the new files are our own.
            pending = {name: plan.digests[name] for name in plan.files}
            write(self._pending_path, json.dumps(pending, indent=1).encode())
            for name in sorted(plan.files, key=lambda n: (n != BIB, n)):
                try:
                    write(self._project.out / name, plan.files[name], over=plan.now[name])
                except Changed:
                    return False
        self._before = {name: plan.now[name] for name in plan.files} | self._before
        now = {name: made.get(name, data) for name, data in (self.files | plan.files).items()}
        self.files = {name: data for name, data in now.items() if data != self._before[name]}
        self.unchanged = tuple(name for name in sorted(made) if name not in self.files)
        self.notices = tuple(plan.notices)
        self._digests = plan.digests
        standing = {*made, *self.files}.difference(plan.left)
        self.standing = {name: plan.digests[name] for name in standing}
        return True

    def _plan(self, made: Mapping[str, Content], shared: Collection[str]) -> _Plan:
        plan = _Plan({}, {}, dict(self._lock.outputs), [], [])
        ours = self._pending()
        for name, data in sorted(made.items()):
            now = self._seen.get(name)
            if now is None or now == data:  # what is to be written is looked at then once more
                now = self._read(name, like=now or data)
            plan.now[name] = now
            digest = digest_of_text(data)
            last = {self._lock.outputs.get(name), ours.get(name)}
            if now == data:
                plan.digests[name] = digest
            elif now is None or name in shared or digest_of_text(now) in last:
                plan.files[name] = data
                plan.digests[name] = digest
            else:
                self._put_beside(name, data, plan)
        return plan

    def _put_beside(self, name: str, data: Content, plan: _Plan) -> None:
        """Offer the new text as NAME.new, once: who throws it away does not want it again."""
        beside = f"{name}.new"
        now = plan.now[beside] = self._read(beside)
        offered = self._lock.outputs.get(beside) == digest_of_text(data)
        if now != data and not (offered and now is None):
            plan.files[beside] = data
        plan.digests[beside] = digest_of_text(data)
        plan.left.append(name)
        message = f"edited by hand, so left alone; the new text stands in {beside}"
        plan.notices.append(Notice(Place(self._shown(name), 1), "edited", message))

    @property
    def told(self) -> bool:
        """Whether there was anything to tell of what stands there."""
        return bool(self.notices or self.problems)

    def remember(self, composed: "Composed") -> None:
        """Put into the lock what the next run has to know of the outputs."""
        self._lock.entries = dict(composed.works.settled)
        self._lock.slugs = dict(composed.sections.slugs)
        self.remember_outputs()

    def remember_outputs(self) -> None:
        self._lock.outputs = self._digests

    def settled(self) -> None:
        """The lock is written as well: nothing is pending any more."""
        if self._enabled:
            remove(self._pending_path)

    @property
    def _pending_path(self) -> Path:
        return self._project.out / HIDDEN / PENDING

    def _pending(self) -> Mapping[str, str]:
        if not self._pending_path.is_file():  # a pipe would keep us waiting
            return {}
        try:
            pending = json.loads(self._pending_path.read_bytes())
        except (OSError, ValueError):
            return {}
        return pending if isinstance(pending, dict) else {}

    def _read(self, name: str, like: Content = b"") -> bytes | None:
        """What stands there, None if nothing; the very bytes of `like` if it is the same."""
        path = self._project.out / name
        check_writable(path)
        try:
            if isinstance(like, bytes) and like and holds(path, (like,)):
                return like
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DiskFailure(f"{self._shown(name)}: {error.strerror}") from error

    def _from_root(self, file: str) -> str:
        """A file of the project by its path from the output folder."""
        return os.path.relpath(self._project.root / file, self._project.out)

    def _shown(self, name: str) -> str:
        return self._project.shown(self._project.out / name)


def _lines(data: Content) -> list[str]:
    """Lines as a person reads them; of what is no text, as much as can be shown."""
    whole = data if isinstance(data, bytes) else b"".join(data)
    try:
        text, _ = bib.decode(whole, "")
    except Unreadable:
        text = whole.decode("utf-8", "replace")
    return text.splitlines(keepends=True)


def own_templates(folder: Path) -> Mapping[str, str]:
    """The project's own templates by file name; they win over shipped ones of the same name."""
    if not folder.is_dir():
        return {}
    return {path.name: _template(path) for path in sorted(folder.glob("*.j2"))}


def _template(path: Path) -> str:
    """The text of one template; a link out of the folder could print any file of this machine."""
    place = Place(f"templates/{path.name}", 1)
    if path.resolve().parent != path.parent.resolve():
        raise Unreadable(place, "a link out of the folder; put the template itself there")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(place, str(error)) from error
