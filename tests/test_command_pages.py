"""One page a command, each with a real run: the runs are made here, against the scripted service.

A page says itself what is run. `before:` is a file that is there, `setup:` is done unseen, `run`
is a block whose lines after `$` are typed into a shell, `typed:` answers a command's questions.
`pytest tests/test_command_pages.py --update` writes the pages anew.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from everyday import Desk
from screen import PLACES, Session
from service import serving
from service_answers import content

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs/commands").glob("*.md"))
BLOCK = re.compile(
    r"(?P<mark><!-- (?P<what>before|run|typed)(?:: (?P<words>[^\n]*?))? -->\n```\w+\n)(?P<text>.*?)(?=```$)"
    r"|<!-- setup: (?P<setup>[^\n]*) -->\n",
    re.M | re.S,
)
NEWS = content("/api/query?id_list=1706.03762", "ok")[2].replace(
    b"<arxiv:primary", b"<arxiv:comment>Accepted at NeurIPS 2017</arxiv:comment><arxiv:primary"
)


class Stage:
    """A desk on which the runs of one page are made, in the order of the page."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.list.unlink()
        tools = desk.root.parent / "tools"
        tools.mkdir()
        program = tools / "bibtool"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bibtool "$@"\n')
        program.chmod(0o755)
        self.environment = desk.environment | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        }  # fmt: skip

    def made(self, block: re.Match[str]) -> str:
        if block["setup"]:
            self.setup(block["setup"])
            return block[0]
        if block["what"] == "before":
            self.desk.write(block["words"], block["text"])
            return block[0]
        commands = re.findall(r"^\$ (.*)$", block["text"], re.M)
        if block["what"] == "typed":
            return block["mark"] + self.typed(commands[0], block["words"].split())
        return block["mark"] + "".join(f"$ {c}\n{self.shell(c)}" for c in commands)

    def setup(self, script: str) -> None:
        for part in script.split(" ;; "):
            if part == "news":
                feed = (200, "application/atom+xml", NEWS)
                self.desk.service.extra["/api/query"] = feed
            else:
                self.shell(part)

    def shell(self, command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.desk.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return PLACES.sub("http://127.0.0.1", done.stdout)

    def typed(self, command: str, answers: list[str]) -> str:
        session = Session(self.desk, command.split()[1:])
        for answer in answers:
            session.until("\n>")
            session.type(answer)
        session.end()
        return session.text.rstrip() + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_runs_of_a_page_are_made_by_the_program(
    page: Path, tmp_path: Path, update: bool
) -> None:
    text = page.read_text(encoding="utf-8")
    with serving() as service:
        (tmp_path / "project").mkdir()
        stage = Stage(Desk(tmp_path / "project", service))
        made = BLOCK.sub(stage.made, text)
    if update:
        page.write_text(made, encoding="utf-8")
        text = made
    assert "Traceback" not in made
    assert text == made, "run: pytest tests/test_command_pages.py --update"


def test_every_command_has_a_page() -> None:
    from bibtool.arguments import parser
    from bibtool.completion import subcommands

    assert set(subcommands(parser())) <= {page.stem for page in PAGES}
