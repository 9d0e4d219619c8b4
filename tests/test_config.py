from pathlib import Path

import pytest

from bibtool.config import Settings, load_settings
from bibtool.errors import BibtoolError


def settings_of(tmp_path: Path, toml: str = "", **environ: str) -> Settings:
    (tmp_path / "bibtool.toml").write_text(toml, encoding="utf-8")
    return load_settings(tmp_path, environ)


def test_no_file_is_needed(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings.lists == ("refs/lists/*",)
    assert settings.sources.arxiv.url == "https://export.arxiv.org/api/query"
    assert settings.sources.order == ("arxiv", "crossref", "datacite")


def test_settings_may_stand_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.bibtool]\nout = "bib"\n', encoding="utf-8")
    assert load_settings(tmp_path, {}).out == "bib"


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("out = 3", "bibtool.toml: Expected `str`, got `int` - at `$.out`"),
        ("colour = 1", "unknown field `colour`"),
        ("a = 1\nout = ", "bibtool.toml:2: not valid TOML"),
        ('key = "{name}"', "{family}, {year} and {word}"),
        ('dialect = "latex"', "dialect"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path: Path, toml: str, told: str) -> None:
    with pytest.raises(BibtoolError) as caught:
        settings_of(tmp_path, toml)
    assert told in str(caught.value)
    assert caught.value.exit_code == 2


def test_two_places_for_settings_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.bibtool]\n", encoding="utf-8")
    with pytest.raises(BibtoolError, match="keep one"):
        settings_of(tmp_path, "")


def test_the_environment_wins_and_its_addresses_leave_out_the_other_sources(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        'mailto = "a@example.org"\n[sources.arxiv]\nurl = "http://127.0.0.1:1/a"\n',
        BIBTOOL_MAILTO="b@example.org",
        BIBTOOL_ARXIV_URL="http://127.0.0.1:2/b",
    )
    assert settings.mailto == "b@example.org"
    assert settings.sources.arxiv.url == "http://127.0.0.1:2/b"
    assert settings.sources.order == ("arxiv",)


@pytest.mark.parametrize(
    ("url", "pause", "seconds"),
    [
        ("", "", 3.0),
        ("", "0.1", 3.0),  # at the service's own host it can only be lengthened
        ("", "10", 10.0),
        ("http://127.0.0.1:1/api/query", "", 0.0),
        ("http://127.0.0.1:1/api/query", "0.25", 0.25),
    ],
)
def test_a_pause_is_never_shorter_than_the_service_asks(
    tmp_path: Path, url: str, pause: str, seconds: float
) -> None:
    settings = settings_of(tmp_path, BIBTOOL_ARXIV_URL=url, BIBTOOL_ARXIV_PAUSE=pause)
    assert settings.sources.arxiv.pause == seconds


def test_a_pause_that_is_no_number_is_said(tmp_path: Path) -> None:
    with pytest.raises(BibtoolError, match="BIBTOOL_ARXIV_PAUSE=soon"):
        settings_of(tmp_path, BIBTOOL_ARXIV_PAUSE="soon")
