"""Random small projects for tests of `sync --refresh`: works, and lists that name them anyhow."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from registries import Article, Authors, Preprint, Registries

LI: Authors = (("Tianhong", "Li"), ("Yonglong", "Tian"), ("Kaiming", "He"))
HE: Authors = (("Kaiming", "He"), ("Xiangyu", "Zhang"))
REDMON: Authors = (("Joseph", "Redmon"), ("Santosh", "Divvala"))
MÜLLER: Authors = (("Jörg", "Müller"), ("明", "李"))
CVPR = "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)"
NOTICE = "10.1000/notice"


@dataclass(frozen=True)
class Work:
    """A work as its preprint, its article, or both; either knows of the other, or does not."""

    preprint: Preprint | None = None
    article: Article | None = None

    @property
    def title(self) -> str:
        either = self.preprint or self.article
        assert either
        return either.title


def _both(preprint: Preprint, article: Article, *, linked: bool) -> Work:
    return Work(replace(preprint, doi=article.doi if linked else ""), article)


RESNET = "Deep Residual Learning for Image Recognition"
YOLO = "You Only Look Once: Unified, Real-Time Object Detection"
MAR = "Autoregressive Image Generation without Vector Quantization"
SPARSE = "Sparse Müller Attention: 50% of $k$ & More_Things"
WORKS = (
    Work(Preprint(number="2406.11838", title=MAR, authors=LI)),
    _both(
        Preprint(number="1512.03385", title=RESNET, authors=HE, year=2015, month=12),
        Article(doi="10.1109/cvpr.2016.90", title=RESNET, authors=HE, year=2016, venue=CVPR),
        linked=True,
    ),
    _both(
        Preprint(number="1506.02640", title=YOLO, authors=REDMON, year=2015),
        Article(doi="10.1109/cvpr.2016.91", title=YOLO, authors=REDMON, year=2016, venue=CVPR),
        linked=False,
    ),
    _both(
        Preprint(number="2401.00001", title=SPARSE, authors=MÜLLER),
        Article(
            doi="10.1000/x_1",
            title=SPARSE,
            authors=MÜLLER,
            kind="journal-article",
            venue="Zeitschrift für Dinge",
            volume="7",
            pages="12-34",
            preprint="2401.00001",
        ),
        linked=False,
    ),
    Work(
        Preprint(number="2401.00002", title="扩散模型综述 🎨 of Diffusion Models", authors=MÜLLER)
    ),
    Work(Preprint(number="2403.00003", title="Attention Is All You Need", authors=HE, year=2017)),
    Work(
        article=Article(
            doi="10.1000/twin", title="Attention Is All You Need", authors=LI, year=2017, venue=CVPR
        )
    ),
    Work(
        article=Article(
            doi="10.1000/thesis",
            title="Learning of Things from Little Data",
            authors=(("Ann", "Roe"),),
            kind="dissertation",
            venue="",
            publisher="University of Nowhere",
        )
    ),
    Work(
        article=Article(
            doi="10.1000/x_2",
            title="Kept Words for Retracted Things",
            authors=REDMON,
            kind="journal-article",
            subtitle="A Study of Studies",
            retracted=NOTICE,
        )
    ),
    Work(
        article=Article(
            doi="10.5281/zenodo.1", title="Software for Everything and More", authors=LI
        )
    ),
)
SOFTWARE = WORKS[-1]  # is DataCite's to know

LINKS = (
    "abs",
    "abs",
    "pdf",
    "doi",
    "both",
    "bare",
    "wrong",
    "unknown",
    "wrong number",
    "id",
    "skip",
    "author",
)
VENUES = ("", "", "CVPR 2016", "NeurIPS 2024", "ICLR 2013")
NOTES = ("", "", "read & keep", "Müller's 50%", "see _there_")


@dataclass(frozen=True)
class Row:
    work: Work
    link: str = "abs"
    venue: str = ""
    note: str = ""
    code: bool = False

    @property
    def address(self) -> str:
        preprint, article = self.work.preprint, self.work.article
        arxiv = f"https://arxiv.org/abs/{preprint.number}" if preprint else ""
        doi = f"https://doi.org/{article.doi.upper()}" if article else ""
        match self.link:
            case "bare" | "id" | "author":
                return ""
            case "pdf" if preprint:
                return f"https://arxiv.org/pdf/{preprint.number}v2.pdf"
            case "doi":
                return doi or arxiv
            case "unknown":
                return "https://arxiv.org/abs/2405.44444"
            case "wrong number":
                return "https://arxiv.org/abs/2499.99999"
        return arxiv or doi

    @property
    def cells(self) -> list[str]:
        """title, authors, link, venue, notes, code"""
        title = (
            "Something Else Entirely, Nothing Alike" if self.link == "wrong" else self.work.title
        )
        preprint, article = self.work.preprint, self.work.article
        either = preprint or article
        author = " ".join(either.authors[0]) if either and self.link == "author" else ""
        if self.link == "id":
            which = f"arXiv:{preprint.number}" if preprint else article.doi if article else ""
            title += f" <!-- bibtool: id={which} -->"
        if self.link == "skip":
            title += " <!-- bibtool: skip -->"
        links = [f"[paper]({self.address})"] if self.address else []
        if self.link == "both" and article and preprint:
            links.append(f"[doi](https://doi.org/{article.doi})")
        code = "[code](https://github.com/a/b)" if self.code else ""
        return [title, author, " ".join(links), self.venue, self.note, code]

    def line(self) -> str:
        """A bullet, or without a link a title on a line of its own."""
        title, _, links, venue, note, code = self.cells
        if not links:
            return f"{title}\n"
        said = ". ".join(part for part in (f"**{title}**", venue, links, code, note) if part)
        return f"- {said}\n"

    def table_row(self) -> str:
        return f"| {' | '.join(self.cells)} |\n"


@dataclass
class Section:
    heading: str
    level: int
    table: bool
    rows: list[Row]

    def text(self) -> str:
        head = f"\n{'#' * self.level} {self.heading}\n> Words on {self.heading}.\n\n"
        if self.table:
            names = (
                "| title | authors | paper | venue | notes | link |\n|---|---|---|---|---|---|\n"
            )
            return head + names + "".join(row.table_row() for row in self.rows)
        lines = sorted((row.line() for row in self.rows), key=lambda line: line[:2] != "- ")
        bullets = sum(line.startswith("- ") for line in lines)
        return head + "".join([*lines[:bullets], "\n", *lines[bullets:]])


ROWS = st.builds(
    Row,
    work=st.sampled_from(WORKS),
    link=st.sampled_from(LINKS),
    venue=st.sampled_from(VENUES),
    note=st.sampled_from(NOTES),
    code=st.booleans(),
)
SECTIONS = st.builds(
    Section,
    heading=st.sampled_from(("Methods", "Vision & Language", "Tokens")),
    level=st.integers(2, 3),
    table=st.booleans(),
    rows=st.lists(ROWS, min_size=1, max_size=4),
)
LISTS = st.lists(SECTIONS, min_size=1, max_size=3)


def list_text(sections: list[Section]) -> str:
    tail = "\nA Paper That Nobody Ever Wrote Down\nAttention Is All You Need\n"
    return "# Papers\n" + "".join(section.text() for section in sections) + tail


def registries() -> Registries:
    """All of `WORKS`, as they were at first."""
    known = Registries(aliases={"10.1000/alias": "10.1000/x_1"})
    for work in WORKS:
        if work is SOFTWARE and work.article:
            known.deposits[work.article.doi] = work.article
        else:
            known.know(*filter(None, (work.preprint, work.article)))
    return known
