"""`bibtool sync`: the whole journey on one page.

read the lists -> ask for what the lock does not know -> compose every output -> write what
changed. It goes round up to three times: after the look-ups, so that a first .bib stands early;
after the searches for rows without an identifier; and after those for published versions.
"""

import contextlib
from collections.abc import Callable, Sequence

from msgspec import Struct

from bibtool.compose import Composed, Material
from bibtool.folder import Folder, own_templates
from bibtool.lock import NAME
from bibtool.memo import Memo
from bibtool.project import Project
from bibtool.reading import Reading, first_words, read_project
from bibtool.refresh import refresh_for
from bibtool.renewal.leaving import leave_register
from bibtool.report import Report, counted, remembered
from bibtool.resolve import Resolver, asked_in_turn
from bibtool.saving import Saving, keep_memo, stored_memo
from bibtool.shipped import shipped_templates
from bibtool.sources import Connect, nobody
from bibtool.watch import Watch
from bibtool.write import only_run


class Options(Struct, frozen=True, kw_only=True):
    """What the command line asks of a run."""

    lists: tuple[str, ...] = ()
    ask: bool = True  # False: --offline, --check
    write: bool = True  # False: --check, --dry-run
    refresh: str = ""
    prune: bool = False
    provisional: bool = False


def sync(
    project: Project,
    options: Options,
    connect: Connect,
    *,
    today: str,
    watch: Watch,
    say: Callable[[Sequence[str]], None] = lambda lines: None,
) -> Report:
    """Bring the outputs up to date with the lists; `connect` gives the sources, once one is asked.

    `say` hears, before anybody is asked, which files were chosen where nobody named them.
    """
    with only_run(project.out) if options.write else contextlib.nullcontext():
        saving = Saving(project, enabled=options.write)
        lock = saving.lock
        memo = stored_memo(project)
        reading = read_project(project, options.lists, lock.lists, memo)
        say(first_words(reading, project.shown(project.out)))
        folder = Folder(project, lock, enabled=options.write)
        resolver = Resolver(
            lock,
            connect if options.ask else nobody,
            searchers=project.settings.searchers,
            today=today,
            before=saving.before_asking,
            save=saving.after_an_answer,
            refresh=refresh_for(options.refresh, reading.asked_rows, lock),
            watch=watch,
        )
        published = project.settings.prefer == "published"
        with saving:
            for _ in asked_in_turn(resolver, reading.asked_rows, published=published):
                material = _material(project, options, reading, resolver, memo)
                composed = folder.bring_up_to_date(material)
                saving.outputs_written()
            report = _report(reading, composed, folder, resolver)
            if not options.write:
                report.diff = tuple(folder.diff())
            folder.remember(composed)
            lock.lists, lock.told = reading.named, remembered(report, lock.told)
            report.lock_changed = saving.save()
            folder.settled()
            report.made_of = saving, memo, composed
        if options.write:
            keep_memo(project, memo)
            report.digests = {**folder.standing, NAME: saving.digest}
            if not (options.prune or options.provisional or folder.told or resolver.down):
                left = leave_register(project, report, composed, resolver.standing, saving.layout)
                report.beside = {project.shown(path): date for path, date in left.items()}
    return report


def _material(
    project: Project, options: Options, reading: Reading, resolver: Resolver, memo: Memo
) -> Material:
    return Material(
        lists=reading.lists,
        lock=resolver.lock,
        standing=resolver.standing,
        settings=project.settings,
        shipped=shipped_templates(),
        own=own_templates(project.root / "templates"),
        prune=options.prune,
        provisional=options.provisional,
        memo=memo,
    )


def _report(reading: Reading, composed: Composed, folder: Folder, resolver: Resolver) -> Report:
    return Report(
        outcomes=composed.outcomes,
        counts=counted(composed.outcomes, sum(row.skip for row in reading.rows)),
        entries=len(composed.entries),
        problems=(*reading.problems, *folder.problems),
        notices=(*composed.notices, *folder.notices),
        down=resolver.down,
        written=tuple(folder.files),
        unchanged=folder.unchanged,
        without_entry=composed.without_entry,
        told_before=frozenset(resolver.lock.told),
        lists=tuple(each.path for each in reading.lists),
    )
