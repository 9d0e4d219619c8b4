"""CSV, TSV, YAML and JSON lists: a record per paper, its keys read like the headers of a table."""

import csv
import io
from collections.abc import Iterator, Sequence

import yaml

from bibtool.errors import Unreadable
from bibtool.model import PaperList, Place
from bibtool.read import headings
from bibtool.read.document import Table, TableRow
from bibtool.read.entry import Texts
from bibtool.read.markdown import finished
from bibtool.read.outline import Outline
from bibtool.read.source import Source, plain_source
from bibtool.read.tables import read_record
from bibtool.read.walk import Walker

DELIMITERS = "\t;,|"
CATEGORY_KEYS = frozenset(
    "category categories section topic topics subject group area 类别 分类 カテゴリ 분류".split()
)
DEEPEST = 50  # lists in maps in lists
LARGEST_CELL = 1_000_000  # signs


def read_csv(text: str, shown: str) -> PaperList:
    source = plain_source(text, shown)
    walker = Walker(Outline(), Texts({}))
    csv.field_size_limit(LARGEST_CELL)
    first = next((line for line in source.lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(source.text), delimiter=delimiter)
    rows: list[TableRow] = []
    before = 0
    try:
        for cells in reader:
            rows.append(TableRow(tuple(cells), before + 1, reader.line_num))
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(Place(shown, before + 1), f"no CSV: {error}") from error
    rows = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if rows:
        header, body = rows[0], rows[1:]
        at = _category_column(header.cells)
        for row in body:
            if at is not None and at < len(row.cells):
                walker.outline.enter(2, headings.name_of(row.cells[at]), row.line)
            _take(walker, Table(header.cells, (row,), row.line, row.line_end))
    return finished(walker, source)


def _category_column(header: Sequence[str]) -> int | None:
    return next(
        (at for at, name in enumerate(header) if name.strip().lower() in CATEGORY_KEYS), None
    )


def _take(walker: Walker, table: Table) -> None:
    row = table.rows[0]
    draft = read_record(table.header, row.cells, row.line, row.line_end)
    if draft is not None:
        walker.add_row(draft)


def read_yaml(text: str, shown: str) -> PaperList:
    source = plain_source(text, shown)
    try:
        tree = yaml.compose(source.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or "cannot be read"
        raise Unreadable(Place(shown, line), f"no YAML: {reason}") from error
    except RecursionError as error:
        raise Unreadable(Place(shown, 1), "YAML nested too deeply") from error
    walker = Walker(Outline(), Texts({}))
    if tree is not None:
        _Yaml(source, walker).walk(tree, ())
    return finished(walker, source)


class _Yaml:
    def __init__(self, source: Source, walker: Walker) -> None:
        self.source = source
        self.walker = walker
        self.seen: set[int] = set()  # an alias leads to a node that was read already

    def walk(self, node: yaml.Node, path: tuple[str, ...]) -> None:
        if id(node) in self.seen or len(path) > DEEPEST:
            return
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            if not self._record(node, path):
                for key, value in node.value:
                    self.walk(value, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                self.walk(value, path)

    def _record(self, node: yaml.MappingNode, path: tuple[str, ...]) -> bool:
        keys = [str(key.value).strip().replace("_", " ") for key, _ in node.value]
        values = [_text(value) for _, value in node.value]
        line = node.start_mark.line + 1
        draft = read_record(keys, values, line, max(line, _last_line(node)))
        if draft is None:
            return False
        at = _category_column(keys)
        own = (headings.name_of(values[at]),) if at is not None else ()
        self._enter(
            (
                *(
                    step
                    for step in path
                    if step.lower() not in ("papers", "entries", "items", "list")
                ),
                *own,
            ),
            line,
        )
        self.walker.add_row(draft)
        return True

    def _enter(self, path: tuple[str, ...], line: int) -> None:
        self.walker.outline.close(0)
        for level, name in enumerate(path, start=2):
            self.walker.outline.enter(min(level, 6), headings.name_of(name), line)


def _last_line(node: yaml.Node) -> int:
    """The line on which the last scalar of a node ends: the node's own mark is the next token's."""
    while not isinstance(node, yaml.ScalarNode) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.line) + (1 if node.end_mark.column else 0)


def _text(node: yaml.Node, depth: int = 0) -> str:
    """A value as one cell: items of a list between commas, values of a map as addresses."""
    if isinstance(node, yaml.ScalarNode):
        return " ".join(str(node.value).split())
    if depth > 3:
        return ""
    return ", ".join(part for part in (_text(value, depth + 1) for value in _values(node)) if part)


def _values(node: yaml.Node) -> Iterator[yaml.Node]:
    for value in node.value:
        yield value[1] if isinstance(value, tuple) else value
