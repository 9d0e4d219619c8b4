"""Services in bad moods, over whole runs: no wrong record, nothing lost, all said."""

import re
from pathlib import Path

import pytest
from desk import Desk, Library, addresses, hasten, records
from service import serving
from tally import LONG, Tally

from bibtool.lock import Lock, decode
from bibtool.lock.text import encode
from bibtool.model import Identifier

MIXED = ("shuffle", "missing", "dup", "empty", "wrong", "swap", "errfeed")
BROKEN = ("403", "500", "502", "html200", "rate200", "nothing", "cut", "cutnolen", "reset", "lol", "redir:http://other.example/", "redir:file:///etc/passwd", "429s:99999999")  # fmt: skip
SOME = ("403", "html200", "cut", "redir:http://other.example/", "429s:99999999")
TITLE = re.compile(r"^  title = \{(.*)\},$", re.M)
EPRINT = re.compile(r"^  eprint = \{(.*)\},$", re.M)
BOUND = 120.0  # s, four tries at up to three questions of each service included


@pytest.mark.promise(3)
@pytest.mark.parametrize("mood", MIXED)
def test_an_answer_about_something_else_gives_no_record(
    mood: str, desk: Desk, library: Library, tally: Tally
) -> None:
    right = records(library.new["bibtool.lock"])
    for times in (1, 2, 4, 12) if LONG else (1, 12):
        desk.lay({"lists/papers.md": library.new["lists/papers.md"]})
        with serving(*[mood] * times) as service, tally.trial(f"{mood} x {times}"):
            env = desk.env(**addresses(service.url))
            ran = desk.run("sync", env=env, timeout=120)
            assert ran.code in (0, 69), ran.said()
            if mood != "swap":  # only the list's titles tell that two records were swapped
                for which, record in records(desk.lock.read_bytes()).items():
                    known = right[which]
                    if record and known:  # by arXiv or by DataCite, but of this work
                        assert plain(record.title) == plain(known.title), which
            text = desk.bib.read_text(encoding="utf-8") if desk.bib.exists() else ""
            for entry in text.split("\n@")[1:]:
                title, eprint = (TITLE.search(entry), EPRINT.search(entry))
                assert title
                assert eprint
                record = right[Identifier(f"arxiv:{eprint[1]}")]
                assert record
                assert plain(title[1]) == plain(record.title)


@pytest.mark.promise(4)
def test_what_a_run_left_open_is_asked_by_the_next(
    desk: Desk, library: Library, tally: Tally
) -> None:
    """Every row has its entry; what became of the preprints is not known yet."""
    known = decode(library.new["bibtool.lock"], "lock")
    preprints = {k: a for k, a in known.lookups.items() if k.startswith("arxiv:")}
    lock = encode(Lock(1, lookups=preprints))
    for words, steps in ((["--offline"], ()), ([], ("403",) * 40)):
        desk.lay({"lists/papers.md": library.new["lists/papers.md"], "bibtool.lock": lock})
        with serving(*steps) as service, tally.trial(f"{words} {steps[:1]}"):
            env = desk.env(**addresses(service.url))
            assert desk.run("sync", *words, env=env).code == 0
            assert b"@inproceedings" not in desk.bib.read_bytes()
            service.steps.clear()
            assert desk.run("sync", env=env).code == 0
            assert b"@inproceedings" in desk.bib.read_bytes()


def plain(title: str) -> str:
    return re.sub(r"[{}\\]", "", title).lower()


@pytest.mark.promise(4)
@pytest.mark.parametrize("mood", BROKEN if LONG else SOME)
def test_a_failing_service_takes_nothing_away(
    mood: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    if not LONG:
        hasten(desk, tmp_path)
    desk.lay(library.new)
    assert desk.run("sync", "--offline").code == 0
    stood = desk.files()
    with serving(*[mood] * 40) as service, tally.trial(mood):
        env = desk.env(**addresses(service.url))
        ran = desk.run("sync", "--refresh", env=env, timeout=120)
        assert ran.code in (0, 69), ran.said()
        assert ran.seconds < BOUND
        assert {"arxiv", "crossref"} <= set(re.findall(r"\w+", ran.said()))
        assert service.most_at_once <= 2  # one a service
        now = desk.files()
        assert {k: v for k, v in now.items() if k != "bibtool.lock"} == {
            k: v for k, v in stood.items() if k != "bibtool.lock"
        }
        assert records(now["bibtool.lock"]) == records(stood["bibtool.lock"])
