"""What the schema of CSL-JSON, version 1.0.2, demands of an item, said in our own words.

https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json
"""

from collections.abc import Callable, Collection, Mapping

Check = Callable[[object], bool]

TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog
    regulation report review review-book software song speech standard thesis treaty webpage
""".split()
)
TEXTS = """
    DOI ISBN ISSN PMCID PMID URL abstract annote archive archive-place archive_collection
    archive_location authority call-number citation-key citation-label collection-title
    container-title container-title-short dimensions division event event-place event-title genre
    journalAbbreviation jurisdiction keyword language medium note original-publisher
    original-publisher-place original-title part-title publisher publisher-place references
    reviewed-genre reviewed-title scale section shortTitle source status title title-short version
    volume-title volume-title-short year-suffix
""".split()
# In digits or in words: "3", 3 and "third".
NUMBERS = """
    chapter-number citation-number collection-number edition first-reference-note-number id issue
    locator number number-of-pages number-of-volumes page page-first part printing supplement volume
""".split()
PEOPLE = """
    author chair collection-editor compiler composer container-author contributor curator director
    editor editorial-director executive-producer guest host illustrator interviewer narrator
    organizer original-author performer producer recipient reviewed-author script-writer
    series-creator translator
""".split()
DATES = "accessed available-date event-date issued original-date submitted".split()


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_number(value: object) -> bool:
    return is_text(value) or (isinstance(value, int | float) and not isinstance(value, bool))


def is_flag(value: object) -> bool:
    return is_number(value) or isinstance(value, bool)


def is_type(value: object) -> bool:
    return is_text(value) and value in TYPES


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def list_of(check: Check, sizes: Collection[int] | None = None) -> Check:
    def is_list(value: object) -> bool:
        if not isinstance(value, list) or not (sizes is None or len(value) in sizes):
            return False
        return all(check(each) for each in value)

    return is_list


def made_of(parts: Mapping[str, Check]) -> Check:
    def is_made_of(value: object) -> bool:
        return isinstance(value, dict) and not refused(value, parts)

    return is_made_of


def refused(value: Mapping[str, object], parts: Mapping[str, Check]) -> list[str]:
    return [name for name in value if name not in parts or not parts[name](value[name])]


NAME = {
    **dict.fromkeys("family given dropping-particle non-dropping-particle suffix".split(), is_text),
    "literal": is_text,
    **dict.fromkeys("comma-suffix static-ordering parse-names".split(), is_flag),
}
# One date or the two ends of a span, each of a year, a month and a day. A string in the form of
# EDTF is no date yet: the schema speaks of it, but takes none.
DATE = {
    "date-parts": list_of(list_of(is_number, range(1, 4)), range(1, 3)),
    "season": is_number,
    "circa": is_flag,
    "literal": is_text,
    "raw": is_text,
}
ITEM = {
    "type": is_type,
    "categories": list_of(is_text),
    "custom": is_object,
    **dict.fromkeys(TEXTS, is_text),
    **dict.fromkeys(NUMBERS, is_number),
    **dict.fromkeys(PEOPLE, list_of(made_of(NAME))),
    **dict.fromkeys(DATES, made_of(DATE)),
}


def broken(item: Mapping[str, object]) -> list[str]:
    """The properties that the schema demands and the item lacks, and those that it refuses."""
    return [name for name in ("type", "id") if name not in item] + refused(item, ITEM)
