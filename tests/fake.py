"""A source that plays its part from memory, and a project that asks it; nothing is patched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bibtool.config import load_settings
from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Name, Record, scheme_of
from bibtool.project import open_project
from bibtool.report import Report
from bibtool.sync import Options, sync
from bibtool.watch import Silent


@dataclass
class FakeSource:
    """Knows `records`; `down` gives no answer; `calls` is what it was asked."""

    name: str = "arxiv"
    records: Sequence[Record] = ()
    found: Sequence[Record] = ()  # what any search gives
    down: bool = False
    batch: int = 100
    searches: bool = True
    schemes: tuple[str, ...] = ("arxiv",)
    calls: list[str] = field(default_factory=list)

    def knows(self, which: Identifier) -> bool:
        return scheme_of(which) in self.schemes

    def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
        self._answer(f"lookup {' '.join(identifiers)}")
        known = {which: record for record in self.records for which in record.identifiers}
        return {which: known[which] for which in identifiers if which in known}

    def search(self, claim: Record) -> Sequence[Record]:
        self._answer(f"search {claim.title}")
        return self.found

    def _answer(self, call: str) -> None:
        self.calls.append(call)
        if self.down:
            raise SourceUnavailable(self.name, "answers with status 503; run again later")


def preprint(number: str, title: str, *authors: str, year: int = 2024) -> Record:
    return Record(
        title=title,
        authors=tuple(Name(*author.split(", ")) for author in authors),
        year=year,
        identifiers=(Identifier(f"arxiv:{number}"),),
        primary_class="cs.CV",
        url=f"https://arxiv.org/abs/{number}",
    )


MAR = preprint(
    "2406.11838",
    "Autoregressive Image Generation without Vector Quantization",
    "Li, Tianhong",
    "Tian, Yonglong",
    "He, Kaiming",
)
VAR = preprint(
    "2404.02905",
    "Visual Autoregressive Modeling: Scalable Image Generation via Next-Scale Prediction",
    "Tian, Keyu",
    "Jiang, Yi",
)
TIGER = preprint(
    "2406.05814",
    "TIGeR: Unifying Text-to-Image Generation and Retrieval with Large Multimodal Models",
    "Qu, Leigang",
)


class Desk:
    """A project in a folder of its own, and runs in it, without a process and without a wire."""

    def __init__(self, root: Path, text: str) -> None:
        self.root = root
        self.list = root / "refs/lists/papers.md"
        self.list.parent.mkdir(parents=True)
        self.list.write_text(text, encoding="utf-8")
        self.bib = root / "refs/references.bib"
        self.memo = root / "refs/.bibtool/memo"
        self.source = FakeSource(records=[MAR, VAR], found=[TIGER])
        self.crossref = FakeSource("crossref", schemes=("doi",))

    def run(self, options: Options | None = None, sources: Sequence[FakeSource] = ()) -> Report:
        project = open_project(self.root, load_settings(self.root, {}))
        asked = sources or (self.source, self.crossref)
        return sync(
            project, options or Options(), lambda: asked, today="2026-11-23", watch=Silent()
        )

    def files(self) -> dict[str, bytes]:
        out = self.root / "refs"
        hidden = out / ".bibtool"
        return {
            str(p.relative_to(out)): p.read_bytes()
            for p in sorted(out.rglob("*"))
            if p.is_file() and hidden not in p.parents
        }

    def edit(self, old: str, new: str, path: Path | None = None) -> None:
        path = path or self.bib
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
