"""The templates that come with bibtool: from the installed package, or from the checkout."""

from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).parent
SUFFIX = ".j2"


def shipped_templates() -> Mapping[str, str]:
    """Text of each shipped template by its file name, such as `related-work.tex.j2`, sorted."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(_folder().iterdir())
        if path.name.endswith(SUFFIX)
    }


def _folder() -> Path:
    """A wheel carries `templates/` inside the package; a checkout has it beside the package."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"
