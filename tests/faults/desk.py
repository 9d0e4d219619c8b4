"""A project in a folder, whole runs of bibtool in it as a process, and what stands there after."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from service import Service, serving

from bibtool.lock import decode
from bibtool.lock.text import encode
from bibtool.model import Identifier, Record

ROOT = Path(__file__).parents[2]
BIBTOOL = (sys.executable, "-m", "bibtool")
LIST = "refs/lists/papers.md"
# Python runs such a file at its start: to wait a minute for an answer, time and again, is left to
# the long form.
HASTE = """\
import functools
import bibtool.sources.http as http
http.Client = functools.partial(http.Client, deadline=1.0, back_off=0.05)
"""
# A child's peak counts the pages of whoever started it, so a small process starts and measures it.
PEAK = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
BEFORE = """\
# Papers

## Vision
| title | link |
| --- | --- |
| You Only Look Once: Unified, Real-Time Object Detection | [2015](https://arxiv.org/abs/1506.02640) |

## Language & Reasoning
- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)
"""
AFTER = """\
# Papers

## Vision
| title | link |
| --- | --- |
| You Only Look Once: Unified, Real-Time Object Detection | [2015](https://arxiv.org/abs/1506.02640) |
| Deep Residual Learning for Image Recognition | [2015](https://arxiv.org/abs/1512.03385) |

## Language & Reasoning
- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)

## Geometry
- [The entropy formula for the Ricci flow and its geometric applications](https://arxiv.org/abs/math/0211159)
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str
    seconds: float

    def said(self) -> str:
        """What a person saw, after a look that it is no traceback."""
        assert "Traceback" not in self.err, self.err
        return self.out + self.err


@dataclass
class Desk:
    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def refs(self) -> Path:
        return self.root / "refs"

    @property
    def lock(self) -> Path:
        return self.refs / "bibtool.lock"

    @property
    def bib(self) -> Path:
        return self.refs / "references.bib"

    @property
    def papers(self) -> Path:
        return self.root / LIST

    def env(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("BIBTOOL", "XDG_"))}
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        own = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(self.root.parent)}
        return kept | own | self.environment | more

    def start(
        self,
        *words: str,
        before: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        **how: object,
    ) -> subprocess.Popen[str]:
        streams: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [*before, *BIBTOOL, *words],
            cwd=self.root,
            env=dict(env) if env is not None else self.env(),
            text=True,
            encoding="utf-8",
            errors="replace",
            **(streams | how),
        )

    def run(
        self,
        *words: str,
        before: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
        **how: object,
    ) -> Ran:
        began = time.monotonic()
        with self.start(*words, before=before, env=env, **how) as process:
            try:
                out, err = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f"still at work after {timeout} s") from None
        return Ran(process.returncode, out or "", err or "", time.monotonic() - began)

    def files(self) -> dict[str, bytes]:
        """All that people and git see in the output folder, temporary files too."""
        hidden = self.refs / ".bibtool"
        return {
            path.relative_to(self.refs).as_posix(): path.read_bytes()
            for path in sorted(self.refs.rglob("*"))
            if path.is_file() and hidden not in path.parents
        }

    def litter(self) -> list[str]:
        """Temporary files, wherever they lie."""
        return sorted(str(path) for path in self.refs.rglob("*.tmp"))

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Make the output folder hold exactly `files`; nothing hidden is left either."""
        shutil.rmtree(self.refs, ignore_errors=True)
        put(self.refs, files)


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@dataclass(frozen=True)
class Library:
    """The output folder, lists included, before and after a run that asks nobody."""

    old: Mapping[str, bytes]
    new: Mapping[str, bytes]

    def states(self, name: str) -> set[bytes | None]:
        """What may stand in a file while a run is at work; None: it is not there yet."""
        states = {self.old.get(name), self.new.get(name)}
        if name == "bibtool.lock":  # saved once more when the outputs stand, and then what was told
            old, new = (decode(files[name], name) for files in (self.old, self.new))
            states.add(encode(replace(new, told=old.told)))
        return states


def build_library(folder: Path) -> Library:
    desk = Desk(folder / "project")
    desk.papers.parent.mkdir(parents=True)
    desk.papers.write_text(AFTER, encoding="utf-8")
    with serving() as service:
        first = desk.run("sync", env=desk.env(**addresses(service.url)))
    assert first.code == 0, first.err
    _keep_answers_only(desk)
    new: dict[str, bytes] = {}
    for text in (BEFORE, AFTER):
        desk.papers.write_text(text, encoding="utf-8")
        ran = desk.run("sync", "--offline")
        assert ran.code == 0, ran.err
        old, new = new, desk.files()
    old = {**old, "lists/papers.md": AFTER.encode()}  # the edit that the next run is to follow
    assert sum(old.get(name) != data for name, data in new.items()) >= 6
    return Library(old, new)


def _keep_answers_only(desk: Desk) -> None:
    """As if the project had started with the old list, and somebody knew all answers."""
    lock = json.loads(desk.lock.read_bytes())
    answers = {k: v for k, v in lock.items() if k in ("schema", "lookups", "searches")}
    desk.lay({"lists/papers.md": b"", "bibtool.lock": json.dumps(answers, indent=1).encode()})


def copy_of(library: Library, root: Path) -> Desk:
    desk = Desk(root)
    desk.lay(library.old)
    return desk


def measured(desk: Desk, *words: str, **how: Any) -> tuple[Ran, int]:
    """A run, and the most memory that it took, in kB."""
    peak = desk.root.parent / "peak"
    ran = desk.run(*words, before=[sys.executable, "-S", "-c", PEAK, str(peak)], **how)
    return ran, int(peak.read_text())


def records(lock: bytes) -> dict[Identifier, Record | None]:
    """What a lock holds of each work that was asked for."""
    return {which: answer.record for which, answer in decode(lock, "lock").lookups.items()}


def add_a_row(desk: Desk) -> None:
    with desk.papers.open("a", encoding="utf-8") as file:
        file.write("- [Deep](https://arxiv.org/abs/1512.03385) again\n")


def wait_until_asked(log: Sequence[object]) -> None:
    until = time.monotonic() + 20
    while not log:
        assert time.monotonic() < until, "nobody asked"
        time.sleep(0.01)


@contextmanager
def asking(desk: Desk, service: Service) -> Iterator[dict[str, str]]:
    """What is done here is done while a run asks; the run then ends well."""
    env = desk.env(**addresses(service.url))
    with desk.start("sync", env=env) as process:
        wait_until_asked(service.log)
        yield env
        process.communicate(timeout=60)
    assert process.returncode == 0


def hasten(desk: Desk, folder: Path) -> None:
    """Let runs give up an answer after a second, and ask again soon."""
    beside = folder / "haste"
    beside.mkdir()
    (beside / "sitecustomize.py").write_text(HASTE)
    path = os.pathsep.join([str(beside), desk.env()["PYTHONPATH"]])
    desk.environment |= {"PYTHONPATH": path}


def addresses(url: str) -> dict[str, str]:
    """Where all services are asked: at one that plays them."""
    return {
        "BIBTOOL_ARXIV_URL": f"{url}/api/query",
        "BIBTOOL_CROSSREF_URL": url,
        "BIBTOOL_DATACITE_URL": url,
    }


def assert_old_or_new(desk: Desk, library: Library) -> None:
    for name, data in desk.files().items():
        if name.endswith(".tmp"):
            continue
        assert data in library.states(name), f"{name} is neither old nor new: {data[-300:]!r}"
    for name in library.old:
        assert (desk.refs / name).exists(), f"{name} is gone"


def assert_heals(desk: Desk, library: Library) -> None:
    ran = desk.run("sync", "--offline")
    assert ran.code == 0, ran.said()
    assert desk.files() == library.new
    assert desk.litter() == []
