"""A project on a desk, a scripted service beside it, and commands as a person types them."""

import codecs
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from service import Service

LIST = """\
# Reading list

Kept by hand.

## Vision

- [You Only Look Once: Unified, Real-Time Object Detection](https://arxiv.org/abs/1506.02640)

## Language

- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)
"""

# Codec and byte order mark of a file that an editor saved so.
ENCODINGS = [
    pytest.param("utf-8", codecs.BOM_UTF8, id="UTF-8 with its mark"),
    pytest.param("utf-16-le", codecs.BOM_UTF16_LE, id="UTF-16 LE"),
    pytest.param("utf-16-be", codecs.BOM_UTF16_BE, id="UTF-16 BE"),
]


@dataclass
class Said:
    code: int
    out: str
    err: str


class Desk:
    """A folder with a list in it, and `bibtool` run there."""

    def __init__(self, root: Path, service: Service) -> None:
        self.root = root
        self.service = service
        self.list = root / "refs/lists/papers.md"
        self.list.parent.mkdir(parents=True)
        self.list.write_text(LIST, encoding="utf-8")
        self.bib = root / "refs/references.bib"

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if "BIBTOOL" not in name}
        return own | {
            "BIBTOOL_ARXIV_URL": f"{self.service.url}/api/query",
            "BIBTOOL_CROSSREF_URL": self.service.url,
            "XDG_CACHE_HOME": str(self.root / ".cache"),
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "COLUMNS": "80",
            "TERM": "dumb",
        }

    def run(self, *words: str) -> Said:
        done = subprocess.run(
            command(words),
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Everything that people and git see."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not {".bibtool", ".cache"} & set(path.parts)
        }


def command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "bibtool", *words]
