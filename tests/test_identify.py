"""Identifiers in text and addresses: one work, one normal form, nothing invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.identify import identifiers_in

ONE_IDENTIFIER = {
    "arxiv:2306.13549": [
        "https://arxiv.org/abs/2306.13549",
        "http://www.arxiv.org/pdf/2306.13549v2.pdf",
        "https://arxiv.org/pdf/2306.13549v2.pdf?x=1#page=3",
        "https://export.arxiv.org/abs/2306.13549?s=03",
        "https://browse.arxiv.org/html/2306.13549v1#S2",
        "arxiv.org/abs/2306.13549",
        "https://arxiv.org/abs//2306.13549",
        "https://arxiv.org/abs/arxiv_2306.13549",
        "https://www.alphaxiv.org/abs/2306.13549",
        "https://ar5iv.labs.arxiv.org/html/2306.13549",
        "https://ar5iv.org/abs/2306.13549",
        "https://www.arxiv-vanity.com/papers/2306.13549/",
        "https://huggingface.co/papers/2306.13549",
        "arXiv:2306.13549v3",
        "arXiv preprint arXiv:2306.13549, 2023.",
        "arXiv: 2306.13549",
        "2306.13549",
        "https://doi.org/10.48550/arXiv.2306.13549",
        "10.48550/arxiv.2306.13549",
        "https://web.archive.org/web/2024/https://arxiv.org/abs/2306.13549",
        "https://img.shields.io/badge/arXiv-2306.13549-b31b1b.svg",
    ],
    "arxiv:0704.0001": ["https://arxiv.org/abs/0704.0001"],
    "arxiv:1412.9999": ["arXiv:1412.9999"],
    "arxiv:1501.00001": ["arXiv:1501.00001"],
    "arxiv:astro-ph/0412005": ["https://arxiv.org/abs/astro-ph/0412005v2", "astro-ph/0412005"],
    "arxiv:math/0309136": ["math.GT/0309136", "https://arxiv.org/pdf/math.GT/0309136.pdf"],
    "arxiv:hep-th/9901001": ["arXiv:hep-th/9901001"],
    "doi:10.1145/3292500.3330701": [
        "https://doi.org/10.1145/3292500.3330701",
        "http://dx.doi.org/10.1145/3292500.3330701.",
        "https://doi.org/doi.org/10.1145/3292500.3330701",
        "https://doi.org/https://doi.org/10.1145/3292500.3330701",
        "https://doi.org/10.1145%2F3292500.3330701",
        "doi:10.1145/3292500.3330701",
        "(see 10.1145/3292500.3330701).",
        "10.1145/3292500.3330701\u200b",  # pasted along
        "https://dl.acm.org/doi/10.1145/3292500.3330701",
        "https://dl.acm.org/doi/abs/10.1145/3292500.3330701?download=true",
        "https://dl.acm.org/doi/pdf/10.1145/3292500.3330701",
        "https://dl.acm.org/doi/fullHtml/10.1145/3292500.3330701",
    ],
    "doi:10.1007/978-3-540-27868-9_4": [
        "https://link.springer.com/content/pdf/10.1007%2F978-3-540-27868-9_4.pdf",
        "https://link.springer.com/chapter/10.1007/978-3-540-27868-9_4#Sec3",
    ],
    "doi:10.1021/acs.jcim.0c00001": ["https://pubs.acs.org/doi/full/10.1021/acs.jcim.0c00001"],
    "doi:10.1002/abc.123": [
        "https://onlinelibrary.wiley.com/doi/epdf/10.1002/abc.123",
        "https://onlinelibrary.wiley.com/doi/10.1002/ABC.123/abstract",
    ],
    "doi:10.1101/2020.01.01.123456": [
        "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf",
        "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.full.pdf+html",
        "https://www.medrxiv.org/content/10.1101/2020.01.01.123456v1",
        "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.abstract",
    ],
    "doi:10.1371/journal.pone.0123456": [
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456",
        "https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.0123456&type=printable",
    ],
    "doi:10.1257/jep.31.2.3": ["https://www.aeaweb.org/articles?id=10.1257/jep.31.2.3"],
    "doi:10.1038/s41592-019-0496-6": [
        "https://www.nature.com/articles/s41592-019-0496-6.pdf",
        "https://www.nature.com/articles/s41592-019-0496-6",
    ],
    "doi:10.3389/fpls.2018.00001": [
        "https://www.frontiersin.org/articles/10.3389/fpls.2018.00001/full"
    ],
    "doi:10.1093/bib/bbaa001": [
        "https://academic.oup.com/bib/advance-article/doi/10.1093/bib/bbaa001/5713256"
    ],
    "doi:10.1137/1.9781611976700.82": ["https://doi.org/10.1137/1.9781611976700.82"],
    "doi:10.1000/(a(b)c)": ["https://doi.org/10.1000/(a(b)c)"],
    "doi:10.1000/182": ['10.1000/182"><x'],
    "doi:10.1002/(sici)1096-8644(199601)99:1<1::aid-ajpa1>3.0.co;2-1": [
        "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1",
        "https://doi.org/10.1002/%28SICI%291096-8644%28199601%2999%3A1%3C1%3A%3AAID-AJPA1%3E3.0.CO%3B2-1",
    ],
}


@pytest.mark.parametrize(
    ("expected", "text"), [(one, text) for one, texts in ONE_IDENTIFIER.items() for text in texts]
)
def test_every_spelling_of_an_identifier_has_one_normal_form(expected: str, text: str) -> None:
    assert identifiers_in(text) == ((expected,), ())


@pytest.mark.parametrize(
    "text",
    [
        "https://dl.acm.org/doi/10.5555/3295222.3295349",
        "http://delivery.acm.org/10.1145/3230000/3220000/p1-doe.pdf",
        "https://www.nature.com/articles/d41586-021-01515-9",
        "http://citeseerx.ist.psu.edu/viewdoc/download?doi=10.1.1.132.4370&rep=rep1",
        "https://proceedings.mlr.press/v80/doe18a.pdf",
        "2001.00001&id_list=9999.99999",
        "version 1.2 of 2021.12 and 192.168.10.1/24",
        "https://arxiv.org/list/cs.CV/recent",
        "https://arxiv.org.evil.example/abs/1",
        "foo/0412005",
        "10.0001/\x08",
        "10.1145/3292\u202e500",
        "٢٤٠٦.١١٨٣٨",
        "",
    ],
)
def test_what_only_resembles_an_identifier_is_none(text: str) -> None:
    assert identifiers_in(text) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/abs/1805.0831",  # cut
        "https://arxiv.org/abs/2313.12345",  # no such month
        "https://arxiv.org/abs/0704.00012",  # five digits too early
        "0000.00000",
        "9999.99999",
        "https://doi.org/1101/786236",
        "https://mirror.example/papers/1805.08311.pdf",
    ],
)
def test_a_malformed_identifier_is_reported_and_never_mended(text: str) -> None:
    identifiers, problems = identifiers_in(text)
    assert identifiers == ()
    assert len(problems) == 1


def test_several_identifiers_keep_their_order_and_come_once() -> None:
    text = "doi 10.1000/ABC, https://arxiv.org/abs/2101.00001v1 and 10.1000/abc arXiv:2101.00001"
    identifiers, _ = identifiers_in(text)
    assert sorted(identifiers) == ["arxiv:2101.00001", "doi:10.1000/abc"]


@given(st.text(max_size=300))
def test_no_text_is_refused(text: str) -> None:
    for which in identifiers_in(text)[0]:
        assert which.startswith(("arxiv:", "doi:10."))
