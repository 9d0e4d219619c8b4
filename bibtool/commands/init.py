"""`bibtool init`: settings to edit and a list to begin with; asks nothing, overwrites nothing."""

import argparse
from pathlib import Path

from bibtool import starting
from bibtool.config import load_settings
from bibtool.project import configured_paths, open_project
from bibtool.read import list_like_files
from bibtool.write import write_anywhere


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root))
    lists = [project.shown(path) for path in configured_paths(project)]
    around = [] if lists else [project.shown(path) for path in list_like_files(root)]
    if _has_settings(root):
        print("settings stand here already; left as they are")
    else:
        write_anywhere(root / "bibtool.toml", starting.settings_text(around).encode())
        print("wrote bibtool.toml: every setting with its default, to be edited")
    if lists or around:
        print(f"lists: {', '.join(lists or around)}")
    else:
        write_anywhere(root / starting.LIST_NAME, starting.EXAMPLE.encode())
        print(f"wrote {starting.LIST_NAME}: an example, to be replaced by your own")
    print("next: bibtool sync")
    return 0


def _has_settings(root: Path) -> bool:
    if (root / "bibtool.toml").exists():
        return True
    project = root / "pyproject.toml"
    return project.is_file() and "[tool.bibtool" in project.read_text(encoding="utf-8")
