"""However bibtool is installed, its templates are found and its three commands start.

In CI each environment is filled from the package registry. Elsewhere the third-party packages
are lent by this one, so that the run needs no network; bibtool itself is installed either way.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from needs import REQUIRED

import bibtool

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted(path.name for path in (ROOT / "templates").glob("*.j2"))
VERSION = bibtool.__version__
SHOW_TEMPLATES = "from bibtool.shipped import shipped_templates; print(*shipped_templates())"
# What an installer must not see of this run: it would find bibtool without installing it.
HIDDEN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")

OFFLINE = ["--no-index", "--no-deps", "--no-build-isolation"]
INSTALL = ["--disable-pip-version-check", *([] if REQUIRED else OFFLINE)]

pytestmark = pytest.mark.slow


def call(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def empty_environment(folder: Path) -> Path:
    """Make a virtual environment without bibtool; the folder of its commands."""
    venv.create(folder, with_pip=True)
    if not REQUIRED:
        # A path in a .pth file is searched, but its own .pth files, where an editable
        # bibtool would stand, are not read: https://docs.python.org/3/library/site.html
        ours = sysconfig.get_paths()["purelib"]
        theirs = next(folder.glob("lib/python3*/site-packages"))
        (theirs / "lent.pth").write_text(f"{ours}\n")
    return folder / "bin"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone holds: every file that git knows or would add, as it stands now."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = call("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An sdist, and the wheel that is built from what the sdist holds."""
    out = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, checkout, cwd=out)
    return {"wheel": next(out.glob("*.whl")), "sdist": next(out.glob("*.tar.gz"))}


@pytest.mark.parametrize("kind", ["wheel", "sdist", "editable"])
def test_an_empty_environment_gets_templates_and_commands(
    kind: str, checkout: Path, built: dict[str, Path], tmp_path: Path
) -> None:
    scripts = empty_environment(tmp_path / "environment")
    what = ["-e", checkout] if kind == "editable" else [built[kind]]
    call(scripts / "pip", "install", "-q", *INSTALL, *what, cwd=tmp_path)

    empty = tmp_path / "empty"
    empty.mkdir()
    assert call(scripts / "python", "-c", SHOW_TEMPLATES, cwd=empty).split() == TEMPLATES
    for command in ([scripts / "bibtool"], [scripts / "bibtool-py"]):
        assert VERSION in call(*command, "--version", cwd=empty)
    assert VERSION in call(scripts / "python", "-m", "bibtool", "--version", cwd=empty)
    assert not list(empty.iterdir()), "asking for the version left something behind"


def test_the_wheel_holds_the_package_and_nothing_beside_it(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} == {"bibtool", f"bibtool-{VERSION}.dist-info"}
    held = sorted(name.rpartition("/")[2] for name in names if name.endswith(".j2"))
    assert held == TEMPLATES
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "bibtool").rglob("*.py")}
    assert modules <= set(names)
    assert any(name.endswith("LICENSE") for name in names)


def test_the_sdist_holds_what_a_build_and_the_tests_need(built: dict[str, Path]) -> None:
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {
        "pyproject.toml",
        "README.md",
        "tests/conftest.py",
        "templates/" + TEMPLATES[0],
    } <= names
    assert not {name for name in names if "node_modules" in name or name.startswith(".venv")}


def test_every_dependency_is_bounded_above() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        asked += extra
    assert [need for need in asked if "<" not in need] == []
