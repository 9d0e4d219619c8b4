"""The pre-commit hook and the GitHub Action, run as far as that goes without the hosting service."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from everyday import Desk
from service import serving
from service_answers import content

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
FEED = content("/api/query?id_list=1706.03762", "ok")[2].decode()
NEWS = FEED.replace(
    "<arxiv:primary",
    "<arxiv:comment>Accepted at NeurIPS 2017</arxiv:comment><arxiv:primary",
)
GH = """#!/bin/sh
echo "$@" >> {log}
case "$1 $2" in
"pr list") cat {open} 2>/dev/null ;;
"pr create") echo 1 > {open}; while [ $# -gt 0 ]; do [ "$1" = --body-file ] && cat "$2" >> {log}; shift; done ;;
esac
exit 0
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A project under git with a remote, and the commands that a runner has."""
    with serving() as service:
        desk = Desk(tmp_path / "project", service)
        desk.list.write_text(
            "## L\n\n- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
        )
        assert desk.run("sync").code == 0
        shell(desk, "git init -q -b main && git init -q --bare ../remote.git")
        shell(desk, "git remote add origin ../remote.git; echo .cache > .gitignore")
        shell(desk, "git add . && git commit -q -m Begin && git push -q origin main")
        bin_folder = tmp_path / "bin"
        bin_folder.mkdir()
        (bin_folder / "bibtool-py").write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -m bibtool "$@"\n'
        )
        (bin_folder / "gh").write_text(GH.format(log=tmp_path / "gh.log", open=tmp_path / "open"))
        for program in bin_folder.iterdir():
            program.chmod(0o755)
        yield desk


def shell(desk: Desk, script: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = desk.environment | {
        "PATH": f"{desk.root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    return subprocess.run(
        # as the runner calls it: https://docs.github.com/actions/reference/workflow-syntax#jobsjob_idstepsshell
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=desk.root,
        env=environment | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def step(mode: str) -> str:
    """The script of the step that runs in this mode."""
    (found,) = [s for s in ACTION["runs"]["steps"] if s.get("if") == f"inputs.mode == '{mode}'"]
    return str(found["run"])


def outdated(desk: Desk) -> subprocess.CompletedProcess[str]:
    default = ACTION["inputs"]["branch"]["default"]
    return shell(desk, step("outdated"), BRANCH=default, BIBTOOL_MAILTO="", GH_TOKEN="x")


def log(desk: Desk) -> str:
    path = desk.root.parent / "gh.log"
    return path.read_text() if path.exists() else ""


def test_the_check_holds_until_a_list_changes(desk: Desk) -> None:
    assert shell(desk, step("check")).returncode == 0
    asked = len(desk.service.log)
    desk.edit(
        desk.list,
        "## L\n",
        "## L\n\n- [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)\n",
    )
    assert shell(desk, step("check")).returncode == 1
    assert len(desk.service.log) == asked


def test_without_news_there_is_no_pull_request(desk: Desk) -> None:
    done = outdated(desk)
    assert (done.returncode, log(desk)) == (0, ""), done.stderr
    assert "nothing new" in done.stdout


def test_news_become_one_pull_request_with_what_was_found(desk: Desk) -> None:
    desk.service.extra["/api/query"] = (200, "application/atom+xml", NEWS.encode())
    done = outdated(desk)
    assert done.returncode == 0, done.stderr
    assert "pr create --head bibtool/outdated --title Bring preprints up to date" in log(desk)
    assert "vaswani2017attention: published, by its authors' word: " in log(desk)
    diff = shell(desk, "git diff --stat main origin/bibtool/outdated").stdout
    assert "refs/references.bib" in diff
    assert shell(desk, "git status --porcelain").stdout == ""
    # a week later, nobody has looked at it yet
    shell(desk, "git switch -q main")
    assert outdated(desk).returncode == 0
    assert log(desk).count("pr create") == 1


def test_an_outage_fails_the_run_and_opens_nothing(desk: Desk) -> None:
    desk.service.steps[:] = ["403"] * 20
    done = outdated(desk)
    assert (done.returncode, log(desk)) == (69, "")


def test_no_input_is_pasted_into_a_script() -> None:
    for each in ACTION["runs"]["steps"]:
        assert "${{" not in each.get("run", "")  # but handed over in the environment
    assert set(ACTION["inputs"]) >= {"mode", "folder", "mailto", "token", "branch"}


def test_every_input_is_in_the_docs_with_its_default() -> None:
    page = (ROOT / "docs/teams.md").read_text(encoding="utf-8")
    for name, each in ACTION["inputs"].items():
        default = "the workflow's own" if name == "token" else each["default"] or "none"
        assert f"| `{name}` | {default} |" in page.replace(f"`{default}`", default)
        assert each["description"]


def test_the_hook_calls_what_there_is() -> None:
    (hook,) = HOOKS
    assert hook["entry"].split()[0] in ("bibtool", "bibtool-py")
    assert hook["entry"].split()[1:] == ["sync", "--check"]
    assert hook["language"] == "python"


@pytest.mark.slow
def test_pre_commit_runs_the_hook(desk: Desk) -> None:
    """pre-commit clones this repository, builds and installs it, and runs its hook."""
    clone = desk.root.parent / "bibtool"
    for name in ("bibtool", "templates"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clone / name)
    shell(desk, "cd ../bibtool && git init -q && git add -A && git commit -q -m Copy")
    revision = shell(desk, "git -C ../bibtool rev-parse HEAD").stdout.strip()
    config = {"repos": [{"repo": str(clone), "rev": revision, "hooks": [{"id": "bibtool-check"}]}]}
    desk.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    hook = f'"{sys.executable}" -m pre_commit run --all-files --verbose'
    home = {"PRE_COMMIT_HOME": str(desk.root.parent / "pre-commit"), "PYTHONPATH": ""}
    good = shell(desk, f"git add . && {hook}", **home)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "nothing to do" in good.stdout
    desk.edit(
        desk.list,
        "## L\n",
        "## L\n\n- [You Only Look Once: Unified Detection](https://arxiv.org/abs/1506.02640)\n",
    )
    bad = shell(desk, f"git add . && {hook}", **home)
    assert bad.returncode == 1
    assert "1 row without an answer yet" in bad.stdout
