"""The mail address goes to the services, and neither it nor a local path goes anywhere else."""

import os
from pathlib import Path

import pytest
from desk import Desk, Library, addresses
from service import serving
from tally import LONG, Tally

ADDRESS = "curator.name@university.example"
SETTINGS = 'mailto = "curator.name@university.example"\n'
TEMPLATE = "{% for work in works %}{{ work }}\n{% endfor %}"
RUNS = (
    ["sync"],
    ["sync", "-v", "--refresh"],
    ["sync", "--json"],
    ["sync", "--dry-run"],
    ["sync", "--check", "--strict"],
    ["resolve", "Attention Is All You Need"],
    ["resolve", "--json", "10.5555/none"],
    ["read", "refs/lists/papers.md", "--json"],
    ["export", "--to", "csljson"],
    ["sync", "no-such-list.md"],
)
MOODS = ("ok", "403", "html200", "redir:http://other.example/", "reset", "429s:1")
ALL = [(by, mood) for by in ("environment", "settings") for mood in MOODS]
CASES = ALL if LONG else [ALL[0], ALL[7]]


@pytest.mark.promise(12)
@pytest.mark.parametrize(("by", "mood"), CASES)
def test_no_address_and_no_local_path_is_written_or_said(
    by: str, mood: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    desk.lay({"lists/papers.md": library.new["lists/papers.md"]})
    (desk.root / "templates").mkdir()
    (desk.root / "templates" / "all.txt.j2").write_text(TEMPLATE)
    cache = tmp_path / "cache"
    env = {"XDG_CACHE_HOME": str(cache), "BIBTOOL_ARXIV_PAUSE": "0", "BIBTOOL_CROSSREF_PAUSE": "0"}
    if by == "settings":
        (desk.root / "bibtool.toml").write_text(SETTINGS)
    else:
        env["BIBTOOL_MAILTO"] = ADDRESS
    with serving(mood) as service:
        for words in RUNS:
            ran = desk.run(*words, env=desk.env(**addresses(service.url), **env))
            with tally.trial(f"said by {' '.join(words)}"):
                assert_clean((ran.out + ran.err).encode(), tmp_path)
        with tally.trial("the services were told"):
            assert any(ADDRESS in str(request.headers) for request in service.log)
    for folder in (desk.root, cache):
        for path in folder.rglob("*"):
            if path.is_file() and path.name != "bibtool.toml":
                with tally.trial(f"written to {path.name}"):
                    assert_clean(path.read_bytes() + os.fsencode(path.name), tmp_path)


def assert_clean(data: bytes, home: Path) -> None:
    for part in (ADDRESS.encode(), b"curator.name", b"university.example", b"curator%2Ename"):
        assert part not in data
    for path in (str(home), str(Path.home()) + "/", "/tmp/"):
        assert path.encode() not in data, path
