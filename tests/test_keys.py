import pytest

from bibtool.keys import citation_key
from bibtool.model import Name, Record


def record(family: str, year: int | None, title: str) -> Record:
    return Record(title=title, year=year, authors=(Name(family, "X."),))


@pytest.mark.parametrize(
    ("family", "year", "title", "key"),
    [
        ("Li", 2024, "Autoregressive Image Generation without VQ", "li2024autoregressive"),
        ("Shazeer", 2017, "The Sparsely-Gated Mixture of Experts", "shazeer2017sparsely"),
        ("Müller", 2020, "On the Nature of Things", "muller2020nature"),
        ("van der Berg", 2020, "Toward Zero", "vanderberg2020zero"),
        ("Łukasz", 2019, "Übermäßig große Modelle", "lukasz2019ubermassig"),
        ("Yuan", 2024, "E-CAR: Efficient Continuous Generation", "yuan2024ecar"),
        ("Höllein", 2024, "3D-Consistent Images", "hollein20243dconsistent"),
        ("O'Neil", 2021, "Don't Stop Pretraining", "oneil2021dont"),
        ("Doe", None, "A", "doea"),
        ("李", 2020, "图像生成", "anonymous2020untitled"),
    ],
)
def test_a_key_is_family_year_and_first_telling_word(
    family: str, year: int | None, title: str, key: str
) -> None:
    assert citation_key(record(family, year, title), ()) == key


def test_later_works_get_a_letter_and_then_a_number() -> None:
    work = record("Li", 2024, "Masked Models")
    taken: set[str] = set()
    for _ in range(29):
        taken.add(citation_key(work, taken))
    assert {"li2024masked", "li2024maskeda", "li2024maskedz", "li2024masked27"} <= taken
    assert len(taken) == 29


def test_case_alone_does_not_make_a_key_new() -> None:
    assert citation_key(record("Li", 2024, "Masked"), {"li2024masked"}) == "li2024maskeda"


def test_an_organisation_gives_its_first_word() -> None:
    work = Record(title="Observation", year=2012, authors=(Name(literal="ATLAS Collaboration"),))
    assert citation_key(work, ()) == "atlas2012observation"


def test_a_pattern_of_ones_own_keeps_its_signs() -> None:
    work = record("Li", 2024, "Masked Models")
    assert citation_key(work, (), "{family}:{year}-{word}") == "li:2024-masked"
