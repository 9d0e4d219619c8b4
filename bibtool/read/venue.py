"""What a list says about venue and year: "CVPR' 14", "NeurIPS-2024", "arXiv, May 2023"."""

import re

from bibtool.read import words

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)\.?"
)
YEAR = re.compile(r"(?<![\d.:/])((?:19|20)\d{2})(?![\d]|\.\d{4})")
SHORT_YEAR = re.compile(r"(?:(?<=[A-Za-z])\s?['’‘`]\s?|(?<=[A-Z]{2})[ -]?)(\d{2})(?!\d)")
DATE = re.compile(
    rf"^(?:(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?[\s.,-]+)?(?:{MONTH})[\s.,-]*(?:\d{{1,2}}(?:st|nd|rd|th)?[\s,]+)?(?:['’]?\d{{2,4}})?$"
    r"|^(?:19|20)\d{2}(?:[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?|月)?|年)?$"
    r"|^\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}$|^\d{1,2}[-/.](?:19|20)\d{2}$",
    re.IGNORECASE,
)
ACRONYMS = frozenset(
    [
        "3dv",
        "aaai",
        "aamas",
        "aacl",
        "accv",
        "acl",
        "acml",
        "acmmm",
        "acm-mm",
        "aiide",
        "aistats",
        "alt",
        "anlp",
        "apsec",
        "arxiv",
        "asiaccs",
        "asplos",
        "asru",
        "ase",
        "asonam",
        "atc",
        "atvc",
        "bmvc",
        "cade",
        "cases",
        "cav",
        "cc",
        "ccs",
        "cgo",
        "chi",
        "chil",
        "cidr",
        "cikm",
        "cogsci",
        "colt",
        "coling",
        "collas",
        "comad",
        "conll",
        "corl",
        "cp",
        "crv",
        "crypto",
        "cscw",
        "csl",
        "cui",
        "cvpr",
        "cvprw",
        "dac",
        "date",
        "debs",
        "dcc",
        "dis",
        "ecai",
        "eccv",
        "eccvw",
        "ecml",
        "ecml-pkdd",
        "ecir",
        "ecir",
        "eacl",
        "emnlp",
        "esa",
        "esec",
        "esorics",
        "eurocrypt",
        "eurosys",
        "eusipco",
        "facct",
        "fast",
        "fat",
        "fccm",
        "fg",
        "focs",
        "fpga",
        "fse",
        "gecco",
        "gcpr",
        "globecom",
        "goodtech",
        "hotnets",
        "hotos",
        "hpca",
        "hpdc",
        "hri",
        "iccad",
        "iccv",
        "iccvw",
        "icassp",
        "iccc",
        "icde",
        "icdm",
        "icdar",
        "icip",
        "iclr",
        "icme",
        "icml",
        "icmi",
        "icmr",
        "icmla",
        "icpr",
        "icra",
        "icse",
        "icsme",
        "icst",
        "ics",
        "icwsm",
        "idc",
        "iros",
        "ieee",
        "ijcai",
        "ijcnn",
        "ijcv",
        "ijrr",
        "imc",
        "imwut",
        "infocom",
        "interspeech",
        "ipsn",
        "isbi",
        "isca",
        "isit",
        "ismar",
        "ismir",
        "ispass",
        "issta",
        "iswc",
        "isscc",
        "itsc",
        "iui",
        "iv",
        "ivs",
        "jair",
        "jmlr",
        "jmir",
        "k-cap",
        "kdd",
        "kr",
        "l4dc",
        "lrec",
        "lctes",
        "las",
        "lics",
        "log",
        "mass",
        "micro",
        "mlsys",
        "mobicom",
        "mobihoc",
        "mobisys",
        "mm",
        "mlhc",
        "miccai",
        "midl",
        "mmm",
        "mmsys",
        "msr",
        "naacl",
        "ndss",
        "neurips",
        "nips",
        "neurlps",
        "nsdi",
        "oopsla",
        "osdi",
        "pact",
        "pakdd",
        "pami",
        "pets",
        "pkdd",
        "pldi",
        "pnas",
        "podc",
        "pods",
        "popl",
        "ppopp",
        "prl",
        "pvldb",
        "qest",
        "ra-l",
        "ral",
        "recsys",
        "rss",
        "rtas",
        "rtss",
        "sac",
        "sas",
        "sc",
        "scc",
        "sdm",
        "sec",
        "sensys",
        "sigcomm",
        "siggraph",
        "sigir",
        "sigmetrics",
        "sigmod",
        "siam",
        "soda",
        "sosp",
        "sosr",
        "sp",
        "spaa",
        "s&p",
        "sode",
        "splash",
        "stoc",
        "sigspatial",
        "tacas",
        "taco",
        "tacl",
        "tcad",
        "tcsvt",
        "tecs",
        "tgrs",
        "tifs",
        "tip",
        "tist",
        "tits",
        "tkde",
        "tkdd",
        "tmc",
        "tmi",
        "tmlr",
        "tmm",
        "tnnls",
        "tog",
        "toit",
        "toms",
        "topc",
        "toplas",
        "tops",
        "tosem",
        "tois",
        "tpami",
        "tpds",
        "tro",
        "trob",
        "t-ro",
        "tse",
        "tsp",
        "tvcg",
        "tvlsi",
        "uai",
        "ubicomp",
        "uist",
        "umap",
        "use",
        "usenix",
        "vldb",
        "vldbj",
        "vr",
        "vrst",
        "wacv",
        "wacvw",
        "wine",
        "wsdm",
        "www",
        "naacl-hlt",
        "hlt",
        "eswc",
        "colm",
        "acmmm",
        "iclrw",
        "neuripsw",
        "icmlw",
        "iticse",
        "icaps",
        "wsc",
        "micai",
        "emsoft",
        "fm",
        "issre",
        "dsn",
        "dls",
        "vee",
        "sle",
        "isola",
        "nature",
        "science",
        "cell",
        "lancet",
        "nejm",
        "bmj",
        "jama",
        "elife",
        "plos",
        "biorxiv",
        "medrxiv",
        "chemrxiv",
        "techrxiv",
        "ssrn",
        "openreview",
        "preprint",
        "neuroimage",
        "bioinformatics",
        "springer",
        "elsevier",
        "informs",
        "aps",
        "acs",
        "apj",
        "apjl",
        "mnras",
        "jcap",
        "jhep",
        "prd",
        "prb",
        "pre",
        "tcs",
        "nar",
        "natcomm",
        "corr",
        "hal",
        "osf",
        "acs",
        "aip",
        "iop",
        "blog",
    ]
)
WORDS = frozenset(
    [
        "journal",
        "transactions",
        "trans",
        "conference",
        "conf",
        "proceedings",
        "proc",
        "symposium",
        "symp",
        "workshop",
        "workshops",
        "letters",
        "magazine",
        "review",
        "reviews",
        "annals",
        "archives",
        "bulletin",
        "advances",
        "lecture",
        "notes",
        "international",
        "annual",
        "association",
        "nature",
        "science",
        "cell",
        "society",
        "physical",
        "communications",
        "methods",
        "findings",
        "track",
        "tracks",
        "thesis",
        "dissertation",
        "report",
        "press",
        "university",
        "arxiv",
        "preprint",
        "biorxiv",
        "medrxiv",
        "quarterly",
        "findings-emnlp",
        "patterns",
        "neuroscience",
        "access",
        "sensors",
        "surveys",
        "computing",
        "oral",
        "spotlight",
        "highlight",
        "poster",
        "best",
        "paper",
        "award",
    ]
)
MARKS = re.compile(
    r"\b(?:oral|spotlight|highlight(?:ed)?|best\s+(?:student\s+)?paper(?:\s+(?:award|candidate|finalist|runner-up))?"
    r"|outstanding\s+paper(?:\s+award)?|honou?rable\s+mention|poster|notable(?:\s+top\s+\d+%)?)\b",
    re.IGNORECASE,
)
NAME_YEAR = re.compile(r"^[A-Z][A-Za-z&@/+-]{1,14}\s?(?:[-'’‘`_ ,]\s?)*(?:(?:19|20)\d{2}|\d{2})$")
NOISE = re.compile(
    r"\b\d+\s+citations?\b|\bcited by \d+\b|\bto appear\b|\baccepted(?: (?:by|at|to))?\b|\bunder review\b",
    re.I,
)


def year_in(text: str) -> int | None:
    """The last year a text names; the two digits of "CVPR'14" too."""
    years = [int(found) for found in YEAR.findall(text)]
    if years:
        return years[-1]
    if short := SHORT_YEAR.search(text):
        value = int(short[1])
        return 1900 + value if value >= 60 else 2000 + value
    return None


def is_date(text: str) -> bool:
    return bool(DATE.match(words.bare(text)))


def split(text: str) -> tuple[str, int | None]:
    """The list's words for the venue without year, month and marks; and the year."""
    text = words.SHORTCODE.sub(" ", words.EMOJI.sub(" ", text))
    year = year_in(text)
    if is_date(text):
        return "", year
    name = NOISE.sub(" ", text)
    name = re.sub(r"\(?(?<![\d.])(?:19|20)\d{2}(?:[-/.]\d{1,2}){0,2}(?!\d)\)?", " ", name)
    if year is not None and not YEAR.search(text):
        name = SHORT_YEAR.sub(" ", name)
    name = re.sub(
        rf"[,\s(]+{MONTH}(?=[\s,.)]|$)(?:\s?\d{{1,2}}(?:st|nd|rd|th)?)?",
        " ",
        name,
        flags=re.IGNORECASE,
    )
    name = MARKS.sub(" ", name)
    name = re.sub(r"\(\s*\)|\[\s*\]", " ", name)
    name = " ".join(name.split()).strip(words.EDGES.replace(")", "").replace("(", ""))
    if name.count("(") != name.count(")"):
        name = name.strip("() ")
    return ("" if words.says_nothing(name) or name.isdigit() else name), year


def looks_like(text: str) -> bool:
    """Whether a short text names a venue or a date rather than a work."""
    plain = words.bare(NOISE.sub(" ", text))
    if not plain or is_date(plain):
        return True
    if len(plain) > 120:
        return False
    if NAME_YEAR.match(plain):
        return True
    name, _ = split(plain)
    if not name:
        return True
    parts = [
        part.lower() for part in re.split(r"[\s,/:()&@'’]+|(?<=[a-z])-(?=[A-Z])", name) if part
    ]
    known = sum(part.strip(".-") in ACRONYMS for part in parts)
    if known and len(parts) <= 4 and all(_venue_word(part) or part.isupper() for part in parts):
        return True
    if name.lower().strip(".-") in ACRONYMS or (known and len(parts) <= 2):
        return True
    return len(parts) <= 12 and any(part in STRONG for part in parts) and plain[:1].isupper()


def is_claim(label: str) -> bool:
    """Whether a link's label says where or when the work appeared: "CVPR-2024", "ICML", "2025"."""
    plain = words.bare(label)
    return bool(plain) and plain.lower() not in NO_CLAIM and looks_like(plain)


NO_CLAIM = frozenset(
    [
        "arxiv",
        "preprint",
        "openreview",
        "ieee",
        "acm",
        "springer",
        "elsevier",
        "blog",
        "proceedings",
        "journal",
        "conference",
    ]
)
STRONG = frozenset(
    [
        "journal",
        "transactions",
        "proceedings",
        "conference",
        "symposium",
        "workshop",
        "letters",
        "magazine",
        "annals",
        "quarterly",
        "bulletin",
    ]
)


def _venue_word(part: str) -> bool:
    part = part.strip(".-")
    return part in ACRONYMS or part in WORDS or part.isdigit() or len(part) <= 3
