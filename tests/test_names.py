"""Names: particles, suffixes, organisations, single names, and scripts that are never split."""

import pytest

from bibtool.model import Name
from bibtool.names import from_parts, is_name, organisation, person


@pytest.mark.parametrize(
    ("full", "family", "given", "suffix"),
    [
        ("Ashish Vaswani", "Vaswani", "Ashish", ""),
        ("Michael Qizhe Shieh", "Shieh", "Michael Qizhe", ""),
        ("  Kaiming   He ", "He", "Kaiming", ""),
        ("Plato", "Plato", "", ""),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", ""),
        ("Peter H. N. de With", "de With", "Peter H. N.", ""),
        ("Eloy de Lera Acedo", "de Lera Acedo", "Eloy", ""),
        ("Joost van der Putten", "van der Putten", "Joost", ""),
        ("Vânia de Oliveira Neves", "de Oliveira Neves", "Vânia", ""),
        ("Kyoo il Kim", "Kim", "Kyoo il", ""),  # "il" belongs to the given name
        ("Luc Van Gool", "Van Gool", "Luc", ""),
        ("Virginia De Sa", "De Sa", "Virginia", ""),
        ("M. De Napoli", "De Napoli", "M.", ""),
        ("Laurens Van Der Maaten", "Van Der Maaten", "Laurens", ""),
        ("Ann Van der Berg", "Van der Berg", "Ann", ""),
        ("Kiet Van Nguyen", "Nguyen", "Kiet Van", ""),  # a middle name in Vietnam
        ("Minh Lê Trần", "Trần", "Minh Lê", ""),
        ("Van Anh Nguyen", "Nguyen", "Van Anh", ""),
        ("Ben Smith", "Smith", "Ben", ""),
        ("Al Gore", "Gore", "Al", ""),
        ("van der Berg", "van der Berg", "", ""),
        ("Martin Luther King Jr.", "King", "Martin Luther", "Jr."),
        ("Martin Luther King, Jr.", "King", "Martin Luther", "Jr."),
        ("King, Jr., Martin Luther", "King", "Martin Luther", "Jr."),
        ("King, Martin Luther, Jr.", "King", "Martin Luther", "Jr."),
        ("John Smith III", "Smith", "John", "III"),
        ("Ada King", "King", "Ada", ""),
        ("Pedro Silva Filho", "Filho", "Pedro Silva", ""),
        ("van der Berg, Jan", "van der Berg", "Jan", ""),
        ("Müller, Jörg", "Müller", "Jörg", ""),
        ("Jean-Luc Danger", "Danger", "Jean-Luc", ""),
        ("李明", "李明", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_full_name_comes_apart_as_its_bearer_would_have_it(
    full: str, family: str, given: str, suffix: str
) -> None:
    assert person(full) == Name(family=family, given=given, suffix=suffix)


@pytest.mark.parametrize(
    "full",
    [
        "H1 Collaboration",
        "The ATLAS Collaboration",
        "Gemini Team, Google",
        "NIST Working Group on Names",
        "International Human Genome Sequencing Consortium",
        "University of Somewhere",
        "李 明",  # which part is the family name cannot be known
    ],
)
def test_an_organisation_stays_whole(full: str) -> None:
    assert person(f" {full} ") == organisation(full) == Name(literal=full)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Lovelace", "Ada", ""), Name(family="Lovelace", given="Ada")),
        (("Raimundo, Jr.", "Ivo M.", ""), Name(family="Raimundo", given="Ivo M.", suffix="Jr.")),
        (("Hora", "Donald", "Jr."), Name(family="Hora", given="Donald", suffix="Jr.")),
        (("Smith", "John A. III", ""), Name(family="Smith", given="John A.", suffix="III")),
        (("Smith", "V", ""), Name(family="Smith", given="V")),
        (("", "Plato", ""), Name(family="Plato")),
        (("Plato", "", ""), Name(family="Plato")),
        (("Smith, Bakery", "J.", ""), Name(family="Smith, Bakery", given="J.")),
        (("  da   Silva ", " Ana\n", ""), Name(family="da Silva", given="Ana")),
    ],
)
def test_parts_are_mended_where_one_holds_another(parts: tuple[str, str, str], name: Name) -> None:
    assert from_parts(*parts) == name


@pytest.mark.parametrize("text", ["", ":", " - ", "…"])
def test_what_has_no_letter_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("text", ["X", "李", "0"])
def test_one_letter_is_enough_for_a_name(text: str) -> None:
    assert is_name(text)
