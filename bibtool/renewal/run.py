"""The journey of a refresh that concerns a few works: ask, compile these, put them back, write."""

import mmap
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bibtool.bib import Bibliography
from bibtool.bib.excerpt import excerpt
from bibtool.folder import Folder
from bibtool.identify import identifiers_in
from bibtool.lock import SCHEMA, Lock
from bibtool.lock.partly import PartlyRead
from bibtool.model import Identifier
from bibtool.pieces import Stretch
from bibtool.project import Project
from bibtool.refresh import refresh_for
from bibtool.render.outline import contents_of
from bibtool.render.sections import render_again
from bibtool.render.works import OutOfSight
from bibtool.renewal.leaving import is_plain, keep_register, stored_register
from bibtool.renewal.part import Part, Parts, compiled
from bibtool.renewal.register import Changes, Register
from bibtool.report import Report
from bibtool.resolve import Resolver, asked_in_turn
from bibtool.saving import keep_memo, stored_memo
from bibtool.shipped import shipped_templates
from bibtool.sources import Connect
from bibtool.standing import Standing
from bibtool.watch import Watch
from bibtool.works import BIB, Compiled, Known
from bibtool.write import only_run, write

MOST = 200  # rows; with more, the whole run keeps what it learns on its way


def renew(
    project: Project,
    refresh: str,
    connect: Connect,
    *,
    stands: Callable[[], bool],
    today: str,
    watch: Watch,
) -> Report | None:
    """Bring the works that `refresh` names up to date; None if that takes a whole run.

    `stands` says whether all files are as the last run left them.
    """
    named, problems = identifiers_in(refresh.replace(",", " "))
    if problems or not named or not is_plain(project):
        return None
    # Read before: what is edited from now on is seen when we write.
    with only_run(project.out), _stood(project) as stood:
        register = stored_register(project) if stood and stands() else None
        if stood is None or register is None:
            return None
        renewal = _Renewal(project, register, stood)
        asked = renewal.ask(frozenset(named), refresh, connect, today, watch)
        return renewal.finish(*asked) if asked else None


class _Stood(NamedTuple):
    """What stood there before. The lock is looked into where it lies; most of it goes to the next
    one unseen, and from its file, since each page of memory that is touched has its cost."""

    bib: bytes
    lock: mmap.mmap
    lock_file: BinaryIO


@contextmanager
def _stood(project: Project) -> Iterator[_Stood | None]:
    with ExitStack() as opened:
        stood = None
        with suppress(OSError, ValueError):  # the whole run says what is wrong
            file = opened.enter_context(project.lock_path.open("rb"))
            lock = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            stood = _Stood((project.out / BIB).read_bytes(), lock, file)
        yield stood


class _Renewal:
    """One part of a project on its way."""

    def __init__(self, project: Project, register: Register, stood: _Stood) -> None:
        self._project = project
        self._register = register
        self._stood = stood
        self._partly = PartlyRead(stood.lock, register.layout)
        self._lock = self._partly.lock
        self._memo = stored_memo(project)

    def ask(
        self,
        named: frozenset[Identifier],
        refresh: str,
        connect: Connect,
        today: str,
        watch: Watch,
    ) -> tuple[Part, Standing] | None:
        """Ask what there is to ask; None if that concerns others, too, or nobody answers."""
        published = self._project.settings.prefer == "published"
        searchers = self._project.settings.searchers
        parts = Parts(self._register, self._lock, published=published, most=MOST)
        before = parts.of(named, Standing(self._lock, searchers, {}))
        if before is None or not named <= before.listed:
            return None
        resolver = Resolver(
            self._lock,
            connect,
            searchers=searchers,
            today=today,
            save=lambda: None,  # who breaks off a refresh begins it anew
            refresh=refresh_for(refresh, before.in_order, self._lock),
            watch=watch,
        )
        for _ in asked_in_turn(resolver, before.in_order, published=published):
            pass
        part = parts.of(named, resolver.standing)
        same = part is not None and part.rows == before.rows
        if part is None or not same or resolver.down or not self._partly.has_room:
            return None
        return part, resolver.standing

    def finish(self, part: Part, standing: Standing) -> Report | None:
        """What was written; None if nothing was, since it takes a whole run."""
        shown = self._project.shown(self._project.out / BIB)
        known = {key: settled.entry for key, settled in part.settled.items()}
        taken = excerpt(self._stood.bib, known, shown)
        works = taken and compiled(part, self._known(part, standing, taken.alone), self._register)
        if not taken or not works:
            return None
        changes = self._register.changes(
            contents_of(works.entries, part.lists, (), self._memo).sightings
        )
        try:
            files = self._sections(changes)
        except OutOfSight:
            return None
        made = {BIB: taken.put_back(works.merged.entries), **files}
        folder = Folder(self._project, self._lock, enabled=True)
        if not folder.put(made, {BIB: self._stood.bib}):
            return None
        return self._saved(part, folder, works, changes)

    def _known(self, part: Part, standing: Standing, alone: Bibliography) -> Known:
        lock = self._lock
        lock = Lock(SCHEMA, lock.lookups, lock.searches, dict(part.settled))
        return Known(
            lists=part.lists,
            lock=lock,
            standing=standing,
            settings=self._project.settings,
            memo=self._memo,
            mine=alone,
            bib_name=alone.shown,
        )

    def _sections(self, changes: Changes) -> Mapping[str, bytes]:
        if not changes.paths:
            return {}
        settings = self._project.settings
        return render_again(
            changes.contents,
            changes.paths,
            settings.latex,
            settings.markdown,
            shipped_templates(),
            self._lock.slugs,
            self._memo,
        )

    def _saved(self, part: Part, folder: Folder, works: Compiled, changes: Changes) -> Report:
        """The lock and what else lasts, written behind the outputs."""
        project, totals = self._project, self._register.totals
        for key, settled in works.settled.items():
            self._lock.entries[key] = settled
        folder.remember_outputs()
        pieces, layout = self._partly.text()
        date = time.time_ns()
        if pieces:
            file = self._stood.lock_file
            text = [Stretch(file, p.start, p.stop) if isinstance(p, slice) else p for p in pieces]
            write(project.lock_path, text, compare=False, date=date)
        folder.settled()
        keep_memo(project, self._memo, whole=False)
        kept: Mapping[Path, int | None] = {}
        if self._register.knows(part.names, part.rows):
            kept = keep_register(project, self._register.works_text(changes, layout))
        return Report(
            counts=totals.kinds,
            entries=totals.entries,
            notices=folder.notices,
            written=tuple(folder.files),
            digests=folder.standing,
            lock_changed=bool(pieces),
            lock_date=date if pieces else None,
            told_as_before=totals.told,
            made_of=self,
            beside={project.shown(path): date for path, date in kept.items()},
        )
