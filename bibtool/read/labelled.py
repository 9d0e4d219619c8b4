"""Lines of the form `Label: value` that belong to an entry: "Paper: URL", "Authors：...", "Venue: ..."."""

import re

from bibtool.read import words

LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("title", r"(?:paper |article )?titles?|(?:论文)?(?:标题|题目|题名)|タイトル|論文名|제목|논문명?|título|titre|titel"),
        ("short", r"(?:short )?names?|abbreviation|acronym|nickname|简称|略称|약칭"),
        ("authors", r"(?:first )?authors?(?:\(s\))?|by|作者|著者|저자|autor(?:es|en)?|auteurs?"),
        ("venue", r"venues?|conference|journal|published(?: (?:in|at))?|publication|publisher|accepted(?: (?:by|at))?|where|会议|期刊|发表(?:于|在)?|出处|会議|掲載|学会|학회|저널"),
        ("year", r"years?|dates?|(?:release|publication|submission|posted|submitted)(?: date)?|时间|日期|年份|发表时间|日付|年|연도|날짜"),
        ("dataset", r"data ?sets?(?: used)?|数据集|データセット|데이터셋"),
        ("notes", r"notes?|comments?|remarks?|tl;?dr|summary|key ?words?|tags?|topics?|tasks?|highlights?|contributions?|description|main idea|key ideas?|motivation|methods?|results?|affiliations?|institut(?:ion|ions|es?)|organi[sz]ation|备注|简介|关键词|单位|机构|要点|总结|笔记|メモ|概要|所属|요약|소속|메모|키워드"),
        ("abstract", r"abstract|bibtex|citation|cite|摘要|初録|要旨|초록|引用"),
    )
)  # fmt: skip
LINE = re.compile(
    r"^\s*[-*+•]?\s*[*_`]{0,3}([^:：\n]{1,30}?)\s*[*_`]{0,3}\s*[:：]\s*[*_`]{0,3}\s*(.*)$",
    re.DOTALL,
)


def label_and_value(text: str) -> tuple[str, str] | None:
    """The kind of a labelled line and its value as written; None if the line has no known label."""
    found = LINE.match(text)
    if not found or (found[2].startswith("//") and "http" in found[1].lower()):
        return None
    label = words.bare(found[1])
    for kind, pattern in LABELS:
        if pattern.fullmatch(label):
            return kind, found[2].strip()
    return None
