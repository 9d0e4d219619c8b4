"""A refresh of some works, by what upstream says now: as a whole run takes it."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from registries import Registries
from renewal_projects import CVPR, HE, LI, MAR, MÜLLER, NOTICE, RESNET, SPARSE, YOLO, registries
from twins import LONG_AGO, Twins, playing

LIST = f"""\
# Papers

## Vision
- [{YOLO}](https://arxiv.org/abs/1506.02640) NeurIPS 2014
- [{RESNET}](https://arxiv.org/abs/1512.03385)

### Tokens
| title | paper | notes | link |
| --- | --- | --- | --- |
| {MAR} | [2024](https://arxiv.org/abs/2406.11838) | good | [code](https://github.com/LTH14/mar) |
| {SPARSE} | [doi](https://doi.org/10.1000/x_1) | | |

## Others
- [Kept Words for Retracted Things](https://doi.org/10.1000/x_2)
- [Linked with No Number of arXiv's](https://arxiv.org/abs/2499.99999)

Nothing That Anybody Knows of This
"""
MAR_ROW = f"- [{MAR}](https://arxiv.org/abs/2406.11838)\n"
BIB = "refs/references.bib"
LISTED = "refs/lists/papers.md"
Change = Callable[[Registries], None]


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    with playing(tmp_path) as service:
        yield Twins(tmp_path, service, registries())


def preprint(number: str, **facts: object) -> Change:
    def change(known: Registries) -> None:
        known.know(replace(known.preprints[number], **facts))  # type: ignore[arg-type]

    return change


def article(doi: str, **facts: object) -> Change:
    def change(known: Registries) -> None:
        known.know(replace(known.articles[doi], **facts))  # type: ignore[arg-type]

    return change


def gone(number: str) -> Change:
    return lambda known: known.preprints.pop(number) and None


def gone_article(doi: str) -> Change:
    return lambda known: known.articles.pop(doi) and None


def alias(known: Registries) -> None:
    known.articles.pop("10.1000/x_2")
    known.aliases["10.1000/x_2"] = "10.1000/x_1"


def published(known: Registries) -> None:
    known.know(replace(known.articles[S], doi="10.1000/m", title=MAR, authors=LI, preprint=""))


def published_and_linked(known: Registries) -> None:
    published(known)
    preprint(M, doi="10.1000/m")(known)


def down(known: Registries) -> None:
    known.down.add("arxiv")


M, S, Y = "2406.11838", "10.1000/x_1", "1506.02640"
NEWS: list[tuple[str, Change, str, str]] = [
    ("nothing but the day", lambda known: None, M, "li2024autoregressive"),
    ("the title", preprint(M, title="Generation without Vector Quantization"), M, "title = {Generation without"),
    ("the title in all alphabets", preprint(M, title=r"MAR: 扩散 🎨 50% of $\mathcal{O}(k)$ & é_ß \"o"), M, ""),
    ("the title to another work's", preprint(M, title=SPARSE), M, ""),
    ("the title so that the row does not fit it", preprint(M, title="All New and Unheard of"), M, ""),
    ("the first author; the key is kept", preprint(M, authors=MÜLLER), M, "@misc{li2024autoregressive"),
    ("one more author", preprint(M, authors=(*LI, ("Zoë", "Ångström"))), M, "ngstr"),
    ("the year; the key is kept", preprint(M, year=2023), M, "year = {2023}"),
    ("the comment: it appeared", preprint(M, comment="Accepted to CVPR 2024"), M, "@inproceedings{li2024"),
    ("the comment: it is withdrawn", preprint(M, comment="This paper has been withdrawn"), M, ""),
    ("a DOI that nobody knows", preprint(M, doi="10.1000/nobody.knows"), M, ""),
    ("a DOI of another work", preprint(M, doi="10.1000/x_1"), M, ""),
    ("a DOI, with its record", published_and_linked, M, "doi = {10.1000/m}"),
    ("a published version, found by search", published, M, "doi = {10.1000/m}"),
    ("the record is unknown", gone(M), M, "li2024autoregressive"),
    ("a DOI is unknown", gone_article(S), S, "doi = {10.1000/x_1}"),
    ("a DOI is an alias of another row's", alias, "10.1000/x_2", ""),
    ("volume and pages", article(S, volume="8", pages="1-9"), S, "pages = {1--9}"),
    ("venue and type", article(S, venue=CVPR, kind="proceedings-article"), S, "@inproceedings{"),
    ("subtitle, year and month", article(S, subtitle="A Look", year=2025, month=3), S, "month = mar"),
    ("it is retracted", article(S, retracted=NOTICE), S, ""),
    ("it is retracted no more", article("10.1000/x_2", retracted=""), "10.1000/x_2", ""),
    ("the published version, linked with the preprint", article("10.1109/cvpr.2016.90", pages="1-2"), "1512.03385", ""),
    ("the link to the published version is gone", preprint("1512.03385", doi=""), "1512.03385", ""),
    ("the published version found by search is gone", gone_article("10.1109/cvpr.2016.91"), Y, ""),
    ("the published version is another one", preprint("1512.03385", doi="10.1109/cvpr.2016.91"), "1512.03385", ""),
    ("what nobody refreshed", preprint(Y, title="Renamed"), M, "You Only Look Once"),
    ("arXiv is down", down, M, "li2024autoregressive"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what", "part"), [n[1:] for n in NEWS], ids=[n[0] for n in NEWS]
)
def test_what_is_new_is_taken_as_by_a_whole_run(
    twins: Twins, change: Change, what: str, part: str
) -> None:
    twins.write(LISTED, LIST)
    twins.rest()
    change(twins.registries)
    twins.refresh(what)
    assert part in twins.read(BIB)


def test_only_the_day_of_what_was_asked_again_moves(twins: Twins) -> None:
    twins.write(LISTED, LIST)
    twins.rest()
    before = twins.read("refs/bibtool.lock").splitlines()
    twins.refresh(M)
    after = twins.read("refs/bibtool.lock").splitlines()
    moved = [old for old, new in zip(before, after, strict=True) if old != new]
    assert len(moved) == 2  # arXiv's answer, and the search for a published version
    assert all(LONG_AGO in line for line in moved)


TWIN = f"- [{MAR}](https://doi.org/10.1000/m)\n"
BARE = f"- [{YOLO}](https://arxiv.org/abs/1506.02640)\n\n{MAR}\n"
BOTH = f"arXiv:{M},10.1000/m"
BARE_AND_TWIN = f"{BARE}\n## B\n{TWIN}"
APART = article("10.1000/m", authors=HE, year=2019, preprint="")  # another work of this title
LIS = article("10.1000/m", authors=LI, year=2024)
ARTICLES_WORD = article("10.1000/m", authors=LI, year=2024, preprint=M)


def preprints_word(known: Registries) -> None:
    LIS(known)
    preprint(M, doi="10.1000/m")(known)


def no_word(known: Registries) -> None:
    APART(known)
    preprint(M, doi="")(known)


OTHERWISE: list[tuple[str, str, Change, Change, str, str]] = [
    ("two works join by the preprint's word", MAR_ROW + TWIN, APART, preprints_word, BOTH, "2 matched, 1 entry"),
    ("two works join by the article's word", MAR_ROW + TWIN, APART, ARTICLES_WORD, "10.1000/m", "2 matched, 1 entry"),
    ("two works join by what a search found", TWIN + MAR_ROW, APART, LIS, M, "2 matched, 1 entry"),
    ("two works join across categories", f"{MAR_ROW}\n## B\n{TWIN}", APART, LIS, BOTH, "2 matched, 1 entry"),
    ("two rows stay one work by what a search once found", f"{MAR_ROW}\n## B\n{TWIN}", ARTICLES_WORD, APART, BOTH, "2 matched, 1 entry"),
    ("two rows fall apart by a title", TWIN + MAR_ROW, ARTICLES_WORD, preprint(M, title="New"), M, "1 matched, 1 ambiguous, 1 entry"),
    ("what a search found is what another row names", BARE_AND_TWIN, LIS, article("10.1000/m", volume="9"), "10.1000/m", "3 matched, 2 entries"),
    ("what a search found is another one now", f"{BARE}\n## B\n{MAR_ROW}", LIS, preprint(M, title="New"), M, "2 matched, 1 ambiguous, 2 entries"),
    ("a candidate of a row that nobody is sure of", f"{BARE}\n## B\n{MAR_ROW}{TWIN}", APART, preprint(M, year=2018), M, "3 matched, 1 ambiguous, 3 entries"),
    ("one title has two works now", BARE_AND_TWIN, ARTICLES_WORD, APART, "10.1000/m", "2 matched, 1 ambiguous, 2 entries"),
    ("one title has one work now", BARE_AND_TWIN, APART, ARTICLES_WORD, "10.1000/m", "3 matched, 2 entries"),
    ("a new key would be another work's", MAR_ROW + TWIN, APART, preprint(M, authors=HE, year=2019), M, "2 matched, 1 entry"),
]  # fmt: skip


def two_of_a_title(twins: Twins, rows: str, before: Change) -> None:
    """At rest with a preprint, and an article of the same title."""
    published(twins.registries)
    before(twins.registries)
    twins.write(LISTED, f"# P\n\n## A\n{rows}")
    twins.rest()


@pytest.mark.parametrize(
    ("rows", "before", "after", "what", "counts"),
    [o[1:] for o in OTHERWISE],
    ids=[o[0] for o in OTHERWISE],
)
def test_which_rows_are_one_work_is_decided_anew(
    twins: Twins, rows: str, before: Change, after: Change, what: str, counts: str
) -> None:
    two_of_a_title(twins, rows, before)
    after(twins.registries)
    said = twins.refresh(what).out
    assert ", ".join(re.findall(r"\d+ (?:matched|ambiguous|entr\w+)", said)) == counts


@pytest.mark.parametrize("rows", [TWIN + MAR_ROW, f"{MAR_ROW}\n## B\n{TWIN}"], ids=["one", "two"])
def test_two_rows_of_a_work_fall_apart(twins: Twins, rows: str) -> None:
    two_of_a_title(twins, rows, preprints_word)
    no_word(twins.registries)
    assert "2 entries" in twins.refresh(BOTH).out


def test_all_that_is_to_be_told_of_joined_works_is_told_at_once(twins: Twins) -> None:
    two_of_a_title(twins, MAR_ROW + TWIN, APART)
    ARTICLES_WORD(twins.registries)
    assert "1 entry" in twins.run("sync", "--refresh=10.1000/m").out
    shutil.rmtree(twins.root / "refs/.bibtool")
    assert twins.run("sync", "--check").code == 0
