"""Homes, languages, networks, clocks and file names that are not as usual."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, Library, addresses
from needs import demand
from service import serving
from tally import Tally

NOWHERE = {  # ports where nobody listens, and a name that nobody has
    "refused": "http://127.0.0.1:9",
    "no such host": "http://nobody.invalid",
}


@pytest.mark.promise(5)
@pytest.mark.parametrize(
    "lacking",
    [
        {"HOME": None},
        {"HOME": None, "TMPDIR": "/nonexistent", "XDG_CACHE_HOME": None, "USER": None},
        {"HOME": "/nonexistent"},
        {"HOME": "/proc"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LANG": "de_DE.ISO-8859-1", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PATH": ""},
        {"TERM": "dumb", "COLUMNS": "1"},
        {"TZ": "Pacific/Kiritimati"},
    ],
    ids=lambda each: " ".join(f"{k}={v}" for k, v in each.items()),
)
def test_the_outputs_do_not_depend_on_the_surroundings(
    lacking: dict[str, str | None], desk: Desk, library: Library, tally: Tally
) -> None:
    text = (
        library.new["lists/papers.md"].decode()
        + "\n## Größe & 大きさ\n- [x](https://arxiv.org/abs/1512.03385)\n"
    )
    outputs = []
    for change in ({}, lacking):
        desk.lay({**library.old, "lists/papers.md": text.encode()})
        env = {k: v for k, v in desk.env().items() if k not in change}
        env |= {k: v for k, v in change.items() if v is not None}
        with serving() as service:
            ran = desk.run("sync", "--refresh", env=env | addresses(service.url))
            told = desk.run("read", "refs/lists/papers.md", "--json", env=env)
        outputs.append((ran.code, ran.out, ran.err, told.out, desk.files()))
    with tally.trial("compared"):
        assert outputs[0][0] == 0, outputs[0][2]
        assert "大きさ" in outputs[0][3]
        assert outputs[1] == outputs[0]


@pytest.mark.promise(4)
@pytest.mark.parametrize("why", [*NOWHERE, "no network"])
def test_without_network_all_that_is_known_stands_and_the_rest_is_69(
    why: str, desk: Desk, library: Library, tally: Tally, request: pytest.FixtureRequest
) -> None:
    env, before = desk.env(), ()
    if why == "no network":
        demand("system", "unshare")
        before = ("unshare", "-rn")
    else:
        env |= addresses(NOWHERE[why])
    usual = desk.run("sync", "--offline").seconds
    desk.lay(library.old)
    with tally.trial("all in the lock"):
        ran = desk.run("sync", before=before, env=env)
        assert ran.code == 0, ran.said()
        assert ran.seconds < usual + 5  # no storm of tries
        assert desk.files() == library.new
    desk.papers.write_text(desk.papers.read_text() + "- [New](https://arxiv.org/abs/2406.11838)\n")
    stood = desk.files()
    with tally.trial("one row is new"):
        ran = desk.run("sync", before=before, env=env, timeout=150)
        assert ran.code == 69, ran.said()
        assert "arxiv" in ran.said().lower()
        assert desk.bib.read_bytes() == stood["references.bib"]
    with tally.trial("asked again for all"):
        ran = desk.run("sync", "--refresh", before=before, env=env, timeout=150)
        assert ran.code == 69, ran.said()
        assert desk.bib.read_bytes() == stood["references.bib"]
    with tally.trial("--check and --offline ask nobody"):
        assert desk.run("sync", "--check", before=before, env=env).seconds < usual + 5
        assert desk.run("sync", "--offline", before=before, env=env).code == 69


@pytest.mark.promise(9)
def test_headings_that_differ_in_case_or_form_get_files_of_their_own(
    desk: Desk, tally: Tally
) -> None:
    forms = [
        "Résumé",
        unicodedata.normalize("NFD", "Résumé"),
        "RÉSUMÉ",
        "resume",
        "Straße",
        "STRASSE",
        "ﬁle",
        "FILE",
        "İ",
        "i",
    ]
    rows = "\n".join(
        f"## {form}\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
        for form in forms
    )
    desk.papers.write_text(f"# L\n\n{rows}", encoding="utf-8")
    ran = desk.run("sync", "--offline")
    assert ran.code == 0, ran.said()
    names = [path.name for path in (desk.refs / "sections").iterdir()]
    folded = {unicodedata.normalize("NFC", name).casefold() for name in names}
    with tally.trial("unique under casefold and NFC"):
        assert len(folded) == len(names)
        assert all(name.isascii() for name in names)


@pytest.mark.promise(5)
def test_a_list_whose_name_is_not_text_or_in_another_form_is_read(
    desk: Desk, library: Library, tally: Tally
) -> None:
    names = [
        b"re\xcc\x81sume\xcc\x81.md",
        b"r\xe9sum\xe9.md",
        "大きさ.md".encode(),
        b"a b'c\"d.md",
        b"--check.md",
        b"new\nline.md",
    ]
    for name in names:
        desk.lay(library.old)
        path = Path(desk.papers.parent, name.decode("utf-8", "surrogateescape"))
        desk.papers.rename(path)
        with tally.trial(repr(name)):
            ran = desk.run("sync", "--offline")
            assert ran.code == 0, ran.said()
            assert desk.bib.read_bytes() == library.new["references.bib"]
            assert "\nline" not in ran.said()
            assert desk.run("sync", "--offline").code == 0


@pytest.mark.promise(5)
def test_the_day_of_a_run_stands_in_no_output(library: Library, tally: Tally) -> None:
    """The lock alone knows when somebody answered."""
    days = set(re.findall(rb"\d{4}-\d\d-\d\d", library.new["bibtool.lock"]))
    today = datetime.now(UTC).date()  # or yesterday: midnight may lie between the run and us
    assert days
    assert days <= {str(today).encode(), str(today - timedelta(days=1)).encode()}
    for name, data in library.new.items():
        if name != "bibtool.lock":
            with tally.trial(name):
                assert not any(day in data for day in days)
