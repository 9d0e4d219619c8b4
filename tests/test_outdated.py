"""`bibtool outdated`: what a fresh look at preprints says, and that it writes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from everyday import Desk
from service import serving
from service_answers import content

LIST = "# L\n\n## Language\n\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
FEED = content("/api/query?id_list=1706.03762", "ok")[2].decode()
PUBLISHED = {
    "DOI": "10.5555/3295222.3295349",
    "type": "proceedings-article",
    "title": ["Attention is all you need"],
    "author": [{"given": "Ashish", "family": "Vaswani", "sequence": "first"}],
    "container-title": ["Advances in Neural Information Processing Systems"],
    "issued": {"date-parts": [[2017]]},
    "publisher": "Curran Associates",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A project with one preprint."""
    with serving() as service:
        desk = Desk(tmp_path, service)
        desk.list.write_text(LIST, encoding="utf-8")
        assert desk.run("sync").code == 0
        yield desk


def arxiv_says(desk: Desk, feed: str) -> None:
    desk.service.extra["/api/query"] = (200, "application/atom+xml", feed.encode())


def crossref_says(desk: Desk, *works: object) -> None:
    answer = {"status": "ok", "message": {"total-results": len(works), "items": works}}
    desk.service.extra["/works"] = (200, "application/json", json.dumps(answer).encode())


def test_where_nothing_changed_nothing_is_told(desk: Desk) -> None:
    said = desk.run("outdated")
    assert (said.code, said.out) == (0, "1 preprint looked at: nothing new\n")
    assert json.loads(desk.run("outdated", "--json").out) == {"preprints": 1, "outdated": []}


CHANGES = [
    (FEED.replace("1706.03762v1</id>", "1706.03762v7</id>"), "version", "version 7 (known: 1)"),
    (FEED.replace("Attention Is All You Need", "Attention Is All You Needed"), "renamed", 'renamed: "Attention Is All You Needed"'),
    (FEED.replace("Attention Is All You Need", "Sequence Models by Self-Alignment"), "renamed", 'renamed: "Sequence Models by Self-Alignment"; the row does not fit it any more'),
    (FEED.replace("<arxiv:primary", "<arxiv:comment>This paper has been withdrawn.</arxiv:comment><arxiv:primary"), "withdrawn", "withdrawn"),
    (FEED.replace("<arxiv:primary", "<arxiv:comment>Accepted at NeurIPS 2017</arxiv:comment><arxiv:primary"), "published", "published, by its authors' word: Advances in Neural Information Processing Systems 2017"),
]  # fmt: skip


@pytest.mark.parametrize(("feed", "kind", "message"), CHANGES, ids=lambda text: text[:20])
def test_what_changed_at_arxiv_is_told(desk: Desk, feed: str, kind: str, message: str) -> None:
    arxiv_says(desk, feed)
    before = desk.files()
    said = desk.run("outdated")
    assert said.code == 1
    first, *rest = said.out.splitlines()
    assert first == f"refs/lists/papers.md:5: vaswani2017attention: {message}"
    counted = "new version" if kind == "version" else kind
    assert rest == [
        f"1 preprint looked at: 1 {counted}",
        "bibtool sync --refresh=preprints takes it over",
    ]
    assert desk.files() == before


def test_a_published_version_is_told_and_a_refresh_takes_it_over(desk: Desk) -> None:
    crossref_says(desk, PUBLISHED)
    said = desk.run("outdated", "--json")
    assert said.code == 1
    (found,) = json.loads(said.out)["outdated"]
    assert found == {
        "file": "refs/lists/papers.md",
        "line": 5,
        "key": "vaswani2017attention",
        "identifier": "arxiv:1706.03762",
        "kind": "published",
        "message": "published: Advances in Neural Information Processing Systems 2017 (10.5555/3295222.3295349)",
        "published_as": ["doi:10.5555/3295222.3295349"],
    }
    assert "@misc" in desk.bib.read_text()
    assert desk.run("sync", "--refresh=preprints").code == 0
    assert "@inproceedings{vaswani2017attention" in desk.bib.read_text()
    assert desk.run("outdated").out == "0 preprints looked at: nothing new\n"


def test_only_preprints_are_asked_about(desk: Desk) -> None:
    desk.list.write_text(
        LIST
        + "- [You Only Look Once: Unified, Real-Time Object Detection](https://arxiv.org/abs/1506.02640)\n"
    )
    desk.run("sync")
    before = len(desk.service.log)
    desk.run("outdated")
    asked = " ".join(request.path for request in desk.service.log[before:])
    assert "1706.03762" in asked
    assert "1506.02640" not in asked


def test_a_service_that_is_down_is_no_news(desk: Desk) -> None:
    desk.service.steps[:] = ["403"] * 9
    said = desk.run("outdated")
    assert said.code == 69
    assert "nothing new" in said.out
    assert "arxiv:" in said.err


def test_two_papers_on_one_line_are_two(desk: Desk) -> None:
    both = "- [Attention Is All You Need](https://arxiv.org/abs/1706.03762), [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)\n"
    desk.list.write_text("## L\n\n" + both)
    desk.write("bibtool.toml", 'prefer = "preprint"\n')
    desk.run("sync")
    said = desk.run("outdated")
    assert (said.code, said.out) == (0, "2 preprints looked at: nothing new\n")
