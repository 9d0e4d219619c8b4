"""Venues: claims of lists, names of registries, words of authors, one name for one venue."""

import random
import re

import pytest

from bibtool import venues
from bibtool.titles import fold
from bibtool.venues.comments import _names_in, _spellings, in_comment, in_journal_reference


@pytest.mark.parametrize(
    ("text", "venue", "year"),
    [
        ("NeurIPS-2024", "NeurIPS", 2024),
        ("CVPR' 14", "CVPR", 2014),
        ("ICLR 2025 Oral", "ICLR", 2025),
        ("2025", "", 2025),
        ("KDD '98", "KDD", 1998),
    ],
)
def test_a_claim_is_venue_and_year(text: str, venue: str, year: int) -> None:
    assert venues.claim(text) == (venue, year)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("NIPS", "NeurIPS"),
        ("Advances in Neural Information Processing Systems 37", "NeurIPS"),
        ("2025 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)", "CVPR"),
        ("Proceedings of the Thirty-Ninth AAAI Conference on Artificial Intelligence", "AAAI"),
        (
            "Proceedings of the 57th Annual Meeting of the Association for Computational Linguistics",
            "ACL",
        ),
        ("International Conference on Machine Learning (ICML), Vienna, Austria", "ICML"),
        (
            "Accepted by the ACM SIGSOFT International Symposium on Software Testing and Analysis (ISSTA)",
            "ISSTA",
        ),
        ("International Joint Conference on Artifical Intelligence (IJCAI)", "IJCAI"),
        ("IEEE Computer Vision and Pattern Recognition (CVPR)", "CVPR"),
        ("(ICLR) Learning Representations", "ICLR"),
        ("IEEE Trans. Pattern Anal. Mach. Intell.", "TPAMI"),
        ("Nature", "Nature"),
        ("CoRR", "arXiv"),
    ],
)
def test_every_spelling_finds_its_venue(name: str, short: str) -> None:
    found = venues.find(name)
    assert found is not None
    assert found.short == short


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Journal of Things That Nobody Prints",
        "2024 IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops (CVPRW)",
        "Annals of Dental Restoration (ACL)",  # an acronym that means something else there
        "Machine Learning, Optimization, and Data Science (ICML)",
        "International Conference on Machine Learning, Optimization, and Data Science (ICML)",
        "International Conference on Machine Learning and Cybernetics (ICML)",
        "European Conference on Machine Learning (ICML)",
        "Pacific Conference on Computer Vision (ICCV)",
        "International Conference on Computer Vision and Graphics (ICCV)",
        "International Conference (ICML)",
        "Advances in Pattern Recognition (PR)",
        "Journal of Artificial Intelligence Research and Applications (AAAI)",
        "Conference on Language Teaching and Computational Linguistics (ACL)",
        "International Conference on Information Processing Systems Engineering (NeurIPS)",
    ],
)
def test_what_the_table_does_not_have_is_not_guessed(name: str) -> None:
    assert venues.find(name) is None


@pytest.mark.parametrize(
    ("comment", "short", "year"),
    [
        ("Accepted to CVPR 2025 (Oral)", "CVPR", 2025),
        ("Neurips 2024 (Spotlight). Code: https://example.org/mar", "NeurIPS", 2024),
        ("17 pages, 8 figures, accepted to AAAI-25", "AAAI", 2025),
        ("Published as a conference paper at ICLR 2025", "ICLR", 2025),
        ("To appear in NeurIPS'23", "NeurIPS", 2023),
        ("Accepted to IEEE TPAMI", "TPAMI", None),
        ("SIGGRAPH 2025", "SIGGRAPH", 2025),
        (
            "Project page: https://example.org/x Video: https://example.org/y - CVPR 2024",
            "CVPR",
            2024,
        ),
        ("EMNLP 2023 Findings", "EMNLP Findings", 2023),
        ("NeurIPS 2023 Datasets and Benchmarks Track", "NeurIPS", 2023),
        (
            "Accepted by 2024 IEEE International Conference on Robotics and Automation (ICRA)",
            "ICRA",
            2024,
        ),
        (
            "31st Conference on Neural Information Processing Systems (NIPS 2017), Long Beach",
            "NeurIPS",
            2017,
        ),
        ("AAAI 2025 (Oral). Extended version with appendix", "AAAI", 2025),
        ("Published in Transactions on Machine Learning Research (01/2024)", "TMLR", 2024),
    ],
)
def test_authors_say_where_it_appears(comment: str, short: str, year: int | None) -> None:
    stated = in_comment(comment)
    assert stated is not None
    assert (stated.venue.short, stated.year) == (short, year)


@pytest.mark.parametrize(
    "comment",
    [
        "17 pages, 15 figures",
        "Submitted to ICLR 2025",
        "Under review at CVPR 2025",
        "Accepted at the ICML 2025 Workshop on Widgets",
        "Extended version of our ICCV 2023 paper",
        "Winner of the CVPR 2024 challenge on widgets",
        "NeurIPS 2024 style, 9 pages",
        "Accepted to CVPR 2024. Also accepted to ECCV 2024",  # two of them: nobody knows which
        "ECCV 2023",  # it takes place in even years
        "Work on nature and science",
        "Published in a machine learning journal",
        "CVPR 2024 AI4CC",  # a workshop, by its name alone
        "Presented at NeurIPS 2020 ML for Health",
        "Accepted to NIPS 2016 Deep Learning Symposium",
        "Accepted to EMNLP 2024 (demo track)",
        "Accepted at EMNLP 2024 Industry Track",
        "Journal version of our CVPR 2020 paper",
        "A conference version appeared at ICML 2019",
        "Full version of the CRYPTO 2019 paper",
        "1st place in CVPR 2022 AVA",
        "Technical report for ICCV 2023 VOTS",
    ],
)
def test_what_is_no_acceptance_names_no_venue(comment: str) -> None:
    assert in_comment(comment) is None


def test_names_are_found_where_one_pattern_of_all_would_find_them() -> None:
    longest_first = sorted(_spellings(), key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
    chance = random.Random(1)
    words = [*longest_first, *(word for name in longest_first for word in name.split()), "état 2"]
    for name in longest_first:
        text = fold(" ".join((*chance.sample(words, 3), name, *chance.sample(words, 3))))
        assert [*_names_in(text)] == [found.span() for found in pattern.finditer(text)], text


def test_a_journal_reference_needs_no_word_of_acceptance() -> None:
    text = "IEEE Transactions on Pattern Analysis and Machine Intelligence, 2023"
    stated = in_journal_reference(text)
    assert stated is not None
    assert (stated.venue.short, stated.year) == ("TPAMI", 2023)
    assert in_comment(text) is None


@pytest.mark.parametrize(
    ("reference", "short", "year"),
    [
        ("Phys. Rev. D 76, 013009 (2007)", "Phys. Rev. D", 2007),
        ("Phys.Rev.D76:013009,2007", "Phys. Rev. D", 2007),
        ("Nature 521, 436-444 (2015)", "Nature", 2015),
        ("Journal of Machine Learning Research 18 (2017) 1-25", "JMLR", 2017),
        (
            "Proceedings of the 37th International Conference on Machine Learning, PMLR 119, 2020",
            "ICML",
            2020,
        ),
    ],
)
def test_a_journal_reference_is_read_up_to_its_volume(
    reference: str, short: str, year: int
) -> None:
    stated = in_journal_reference(reference)
    assert stated is not None
    assert (stated.venue.short, stated.year) == (short, year)


@pytest.mark.parametrize(
    "reference",
    [
        "Quantum Information Processing 12, 3 (2013)",
        "Science of the Total Environment 3, 2020",
        "Nature Reviews Physics 3 (2021)",
        "Artificial Intelligence in Medicine 100 (2019)",
        "Machine Learning and Knowledge Extraction 3 (2020)",
        "CVPR 2020 Workshops",
    ],
)
def test_a_longer_name_is_another_journal(reference: str) -> None:
    assert in_journal_reference(reference) is None


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("A Fine Title (CVPR 2024)", "A Fine Title"),
        ("[ICLR'24] A Fine Title", "A Fine Title"),
        ("A Fine Title (Part 2)", "A Fine Title (Part 2)"),
        ("Learning from 2020", "Learning from 2020"),
    ],
)
def test_a_venue_in_brackets_is_no_part_of_the_title(title: str, bare: str) -> None:
    assert venues.without_venue(title) == bare


def test_each_spelling_and_each_macro_stands_for_one_venue() -> None:
    claimed: dict[str, str] = {}
    for venue in venues.table():
        for name in {venues.normal(n) for n in (venue.full, *venue.names)}:
            assert claimed.setdefault(name, venue.short) == venue.short, name
    macros = [venue.macro_name for venue in venues.table()]
    assert len(macros) == len(set(macros))
    assert all(macro.isalpha() and macro.islower() for macro in macros)
