"""An environment of its own: bibtool as people install it, and its peers from the registries.

Everything lies in benchmarks/.cache, which git ignores; what is there is not installed again.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "benchmarks" / ".cache"
DETOUR = ROOT / "benchmarks" / "detour"
PEERS = ("manubot", "arxiv2bib", "habanero", "papis", "pybtex", "bibtexparser>=2.1,<3")
ALONE = ("bibtexautocomplete",)  # it wants another bibtexparser than the others
NPM = "bibtex-tidy@1.14.0"
DEBIAN = "bibtool"  # the C program
HOSTS = ("export.arxiv.org", "arxiv.org", "api.crossref.org", "doi.org", "dx.doi.org",
         "shortdoi.org",  "api.datacite.org", "github.com",)  # fmt: skip


class Tools(NamedTuple):
    """Where each program is; None where this machine cannot have it."""

    python: Path  # that bibtool is installed for
    ours: Path
    peers: Path  # folder of programs
    alone: Path
    tidy: Path | None
    c_bibtool: Path | None
    certificate: Path
    versions: dict[str, str]


def tools() -> Tools:
    """Install what is not there yet; bibtool itself anew each time."""
    CACHE.mkdir(exist_ok=True)
    ours = _python("ours", ())
    _said([ours / "pip", "install", "-q", "--disable-pip-version-check", ROOT])
    again = ["install", "-q", "--disable-pip-version-check", "--no-deps", "--force-reinstall"]
    _said([ours / "pip", *again, ROOT])
    peers, alone = _python("peers", PEERS), _python("alone", ALONE)
    tidy, c_bibtool = _tidy(), _c_bibtool()
    return Tools(
        python=ours / "python",
        ours=ours / "bibtool",
        peers=peers,
        alone=alone,
        tidy=tidy,
        c_bibtool=c_bibtool,
        certificate=_certificate(),
        versions=_versions(ours, peers, alone, tidy, c_bibtool),
    )


def plain(home: Path, **more: str) -> dict[str, str]:
    """The environment of a measured process: nothing of ours but where programs are."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8",
            "XDG_CACHE_HOME": str(home / "cache"), **more}  # fmt: skip


def detoured(home: Path, tools: Tools, plain_port: int, tls_port: int) -> dict[str, str]:
    """`plain`, with the services' own names leading to this machine."""
    certificate = str(tools.certificate)
    return plain(
        home,
        PYTHONPATH=str(DETOUR),
        DETOUR_HOSTS=" ".join(HOSTS),
        DETOUR_PLAIN=str(plain_port),
        DETOUR_TLS=str(tls_port),
        SSL_CERT_FILE=certificate,
        REQUESTS_CA_BUNDLE=certificate,
    )


def _python(name: str, packages: Sequence[str]) -> Path:
    programs = CACHE / name / "bin"
    if not programs.is_dir():
        _said([sys.executable, "-m", "venv", CACHE / name])
        if packages:
            _said([programs / "pip", "install", "-q", "--disable-pip-version-check", *packages])
    return programs


def _tidy() -> Path | None:
    program = CACHE / "node" / "node_modules" / ".bin" / "bibtex-tidy"
    if not program.exists() and shutil.which("npm"):
        (CACHE / "node").mkdir(exist_ok=True)
        _said(["npm", "install", "--silent", "--prefix", CACHE / "node", NPM])
    return program if program.exists() else None


def _c_bibtool() -> Path | None:
    """From Debian's archive, unpacked and not installed."""
    folder = CACHE / "apt"
    program = folder / "root" / "usr" / "bin" / "bibtool"
    if not program.exists() and shutil.which("apt-get"):
        folder.mkdir(exist_ok=True)
        subprocess.run(["apt-get", "download", DEBIAN], cwd=folder, check=False)
        for package in folder.glob("*.deb"):
            _said(["dpkg", "-x", package, folder / "root"])
    return program if program.exists() else None


def _certificate() -> Path:
    """One that signs itself, for the services' names, with its key in the same file."""
    path = CACHE / f"services-{len(HOSTS)}.pem"
    if not path.exists():
        key = CACHE / "services.key"
        names = ",".join(f"DNS:{host}" for host in HOSTS)
        _said(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
               "-subj", "/CN=benchmark", "-addext", f"subjectAltName={names}",
               "-keyout", key, "-out", path])  # fmt: skip
        with path.open("ab") as file:
            file.write(key.read_bytes())
    return path


def _versions(
    ours: Path, peers: Path, alone: Path, tidy: Path | None, c_bibtool: Path | None
) -> dict[str, str]:
    found = {"Python": sys.version.split()[0], "bibtool": _version(ours, "bibtool")}
    for name in ("manubot", "arxiv2bib", "habanero", "papis", "pybtex", "bibtexparser"):
        found[name] = _version(peers, name)
    found["bibtexautocomplete"] = _version(alone, "bibtexautocomplete")
    found["bibtex-tidy"] = NPM.partition("@")[2] if tidy else "not to be had here"
    said = subprocess.run([c_bibtool, "-V"], capture_output=True, text=True) if c_bibtool else None
    words = (said.stdout + said.stderr).split() if said else []
    found["BibTool (C)"] = words[2] if len(words) > 2 else "not to be had here"
    return found


def _version(programs: Path, package: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return _said([programs / "python", "-c", code]).strip()


def _said(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True, env=env).stdout
