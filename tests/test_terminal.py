"""What a terminal of 80 columns shows of an ordinary week, kept as text to be read by a person.

`pytest tests/test_terminal.py --update` writes tests/golden anew; read the difference.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from everyday import Desk
from screen import Session
from service import serving
from service_answers import content

GOLDEN = Path(__file__).parent / "golden"
TABLE = """\
# Papers on seeing

## Networks for pictures

| Title | Venue | Code |
|:--|:--|:--|
| [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385) | CVPR 2016 | [code](https://github.com/KaimingHe/deep-residual-networks) |
| [You Only Look at Everything Twice](https://arxiv.org/abs/1506.02640) | CVPR 2016 | - |

## Words

| Title | Venue | Code |
|:--|:--|:--|
| [A Paper that Nobody Ever Wrote](https://arxiv.org/abs/2001.99999) | | |
"""
NEWS = content("/api/query?id_list=1706.03762", "ok")[2].replace(
    b"1706.03762v1</id>", b"1706.03762v7</id>"
)


def first_run(desk: Desk) -> list[Session]:
    desk.write("README.md", TABLE)
    desk.list.unlink()
    return [shown(desk, "sync"), shown(desk, "sync")]


def init_and_add(desk: Desk) -> list[Session]:
    desk.list.unlink()
    init = shown(desk, "init")
    where = Session(desk, ["add", "https://arxiv.org/abs/1506.02640"])
    where.until("Under which heading?")
    where.type("3")
    where.until("Under which heading?")
    where.type("1")
    where.end()
    which = Session(desk, ["add", "You", "Only", "Look", "Once", "--to", "image"])
    which.until("Which one is it?")
    which.until(")")
    which.type("1")
    which.end()
    return [init, where, which, shown(desk, "add", "1512.03385", "--to", "Sound")]


def review(desk: Desk) -> list[Session]:
    desk.list.write_text(TABLE, encoding="utf-8")
    desk.run("sync")
    session = Session(desk, ["review"])
    session.until("\n>")
    session.type("7")
    session.until("\n>")
    session.type("1")
    session.until("\n>")
    session.type("arXiv:math/0211159")
    session.until("[y/N]")
    session.type("y")
    session.end()
    return [session, shown(desk, "review")]


def a_week_later(desk: Desk) -> list[Session]:
    desk.run("sync")
    desk.service.extra["/api/query"] = (200, "application/atom+xml", NEWS)
    outdated = shown(desk, "outdated")
    desk.run("export", "-o", "main.bib")
    desk.edit(desk.root / "main.bib", "{Attention Is", "{Attention is")
    desk.edit(desk.bib, "{Attention Is", "{Attention IS")
    desk.edit(desk.root / "main.bib", "redmon2016you", "yolo")
    pull = shown(desk, "pull", "main.bib")
    desk.write("paper.tex", "\\cite{yolo}\n\\citep{vaswani2017}\n")
    return [outdated, pull, shown(desk, "export", "--cited", "paper.tex", "-o", "main.bib")]


def trouble(desk: Desk) -> list[Session]:
    desk.service.steps[:] = ["403"] * 9
    down = [shown(desk, "sync"), shown(desk, "add", "1512.03385", "--to", "Vision")]
    desk.service.steps[:] = []
    return [*down, shown(desk, "sync", "http://example.org/list.md"), shown(desk, "pull", "no.bib")]


def shown(desk: Desk, *words: str) -> Session:
    session = Session(desk, words)
    session.end()
    return session


STORIES = (first_run, init_and_add, review, a_week_later, trouble)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_terminal_shows_what_was_read_and_found_good(
    story: Callable[[Desk], list[Session]], tmp_path: Path, update: bool
) -> None:
    with serving() as service:
        text = "\n".join(session.text.rstrip() + "\n" for session in story(Desk(tmp_path, service)))
    path = GOLDEN / f"{story.__name__}.txt"
    if update:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert "Traceback" not in text
    assert "\x1b" not in text
