"""What each marker needs beyond Python, how to see that it is there, and how to get it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NODE = ROOT / "tests" / "node"
REQUIRED = os.environ.get("CI") == "true"  # in CI nothing may be left out


def corpus_folder() -> Path:
    """The folder of recorded answers and real lists, which have owners and are not shipped."""
    return Path(os.environ.get("BIBTOOL_CORPUS") or ROOT / ".." / "shared" / "data").resolve()


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _tex_file(name: str) -> Callable[[], bool]:
    def there() -> bool:
        if not shutil.which("kpsewhich"):
            return False
        return subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode == 0

    return there


def _fonts() -> bool:
    """xelatex sets Chinese, Japanese and Korean only with a font that has the signs."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _namespace() -> bool:
    """An empty network can be made: `unshare` is there and the kernel lets us."""
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    return tried.returncode == 0


def _node_packages() -> bool:
    return (NODE / "node_modules" / ".package-lock.json").is_file()


# marker -> what it needs -> (is it there, how to get it)
NEEDS: dict[str, dict[str, tuple[Callable[[], bool], str]]] = {
    "tex": {
        "pdflatex": (_program("pdflatex"), "Debian: texlive-latex-recommended lmodern"),
        "bibtex": (_program("bibtex"), "Debian: texlive-latex-recommended"),
        "IEEEtran.bst": (_tex_file("IEEEtran.bst"), "Debian: texlive-publishers"),
        "biblatex.sty": (_tex_file("biblatex.sty"), "Debian: texlive-bibtex-extra"),
        "biber": (_program("biber"), "Debian: biber"),
        "pdftotext": (_program("pdftotext"), "Debian: poppler-utils"),
    },
    "xetex": {
        "xelatex": (_program("xelatex"), "Debian: texlive-xetex"),
        "xeCJK.sty": (_tex_file("xeCJK.sty"), "Debian: texlive-lang-cjk texlive-xetex"),
        "a font for Chinese": (_fonts, "Debian: fonts-wqy-microhei fontconfig"),
        "pdftotext": (_program("pdftotext"), "Debian: poppler-utils"),
    },
    "pandoc": {"pandoc": (_program("pandoc"), "Debian: pandoc")},
    "node": {
        "node": (_program("node"), "Debian: nodejs npm"),
        "the packages of tests/node": (_node_packages, "npm ci --prefix tests/node"),
    },
    "system": {
        "strace": (_program("strace"), "Debian: strace"),
        "unshare": (_namespace, "Debian: util-linux, and a kernel that allows namespaces"),
        "tmux": (_program("tmux"), "Debian: tmux"),
    },
    "corpus": {
        "the corpus": (
            lambda: corpus_folder().is_dir(),
            "a folder named by BIBTOOL_CORPUS; not public",
        ),
    },
}


@cache
def missing(marker: str, *only: str) -> tuple[tuple[str, str], ...]:
    """(tool, how to get it) for what `marker` needs and is not there; `only` narrows the tools."""
    tools = NEEDS[marker]
    return tuple(
        (tool, hint)
        for tool, (there, hint) in tools.items()
        if (not only or tool in only) and not there()
    )


def demand(marker: str, *only: str) -> None:
    """Skip the running test where a tool is missing, and name it; in CI, fail it."""
    if unknown := set(only) - set(NEEDS[marker]):
        pytest.fail(f"the marker {marker} knows no tool named {', '.join(sorted(unknown))}")
    lacking = missing(marker, *only)
    if not lacking:
        return
    message = "needs " + ", ".join(f"{tool} ({hint})" for tool, hint in lacking)
    if REQUIRED:
        pytest.fail(f"{message}; with CI=true nothing may be missing", pytrace=False)
    pytest.skip(message)
