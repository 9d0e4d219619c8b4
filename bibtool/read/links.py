"""What a link is there for: the paper, its code, its project page, or something else.

The address decides before the label, because labels lie ("Project:" on an arXiv link).
"""

import re
from urllib.parse import urlsplit

from msgspec import Struct

from bibtool.identify import identifiers_in
from bibtool.model import Identifier
from bibtool.read import words
from bibtool.read.inline import Piece

PAPER, CODE, PROJECT, OTHER, ANCHOR, EMPTY, UNSURE = (
    "paper", "code", "project", "other", "anchor", "empty", "unsure",
)  # fmt: skip


class Link(Struct, frozen=True):
    """A link with its role. UNSURE: an unknown host; the place in the block has to decide."""

    url: str
    label: str  # as printed, without brackets
    role: str
    ids: tuple[Identifier, ...] = ()
    problems: tuple[str, ...] = ()
    at: int = 0  # index of its piece


# Hosts that show papers. A suffix of the host, or host and path.
PAPER_HOSTS = tuple(
    [
        "arxiv.org",
        "openreview.net",
        "aclanthology.org",
        "aclweb.org/anthology",
        "anthology.aclweb.org",
        "thecvf.com",
        "ecva.net",
        "proceedings.mlr.press",
        "jmlr.org",
        "papers.nips.cc",
        "papers.neurips.cc",
        "proceedings.neurips.cc",
        "nips.cc/paper",
        "usenix.org",
        "ojs.aaai.org",
        "aaai.org/ocs",
        "aaai.org/papers",
        "aaai.org/library",
        "ijcai.org/proceedings",
        "ieeexplore.ieee.org",
        "computer.org/csdl",
        "ieee.org/document",
        "dl.acm.org",
        "delivery.acm.org",
        "portal.acm.org",
        "doi.acm.org",
        "doi.org",
        "link.springer.com",
        "springer.com/article",
        "springer.com/chapter",
        "sciencedirect.com",
        "elsevier.com",
        "nature.com/articles",
        "cell.com",
        "science.org/doi",
        "sciencemag.org",
        "pnas.org",
        "biorxiv.org",
        "medrxiv.org",
        "chemrxiv.org",
        "techrxiv.org",
        "ssrn.com",
        "papers.ssrn.com",
        "osf.io/preprints",
        "psyarxiv.com",
        "researchsquare.com",
        "preprints.org",
        "hal.science",
        "hal.inria.fr",
        "hal.archives-ouvertes.fr",
        "eprint.iacr.org",
        "ncbi.nlm.nih.gov",
        "pubmed.ncbi.nlm.nih.gov",
        "europepmc.org",
        "onlinelibrary.wiley.com",
        "wiley.com/doi",
        "tandfonline.com",
        "journals.sagepub.com",
        "academic.oup.com",
        "pubs.acs.org",
        "pubs.rsc.org",
        "iopscience.iop.org",
        "journals.aps.org",
        "aip.scitation.org",
        "pubs.aip.org",
        "royalsocietypublishing.org",
        "frontiersin.org",
        "mdpi.com",
        "hindawi.com",
        "journals.plos.org",
        "plos.org/plosone",
        "jstor.org",
        "projecteuclid.org",
        "nber.org/papers",
        "aeaweb.org/articles",
        "isca-speech.org",
        "isca-archive.org",
        "roboticsproceedings.org",
        "ndss-symposium.org",
        "vldb.org/pvldb",
        "cidrdb.org",
        "mlsys.org",
        "proceedings.mlsys.org",
        "semanticscholar.org",
        "citeseerx.ist.psu.edu",
        "citeseer.ist.psu.edu",
        "researchgate.net/publication",
        "academia.edu",
        "core.ac.uk",
        "inspirehep.net",
        "adsabs.harvard.edu",
        "annualreviews.org",
        "degruyter.com",
        "cambridge.org/core",
        "worldscientific.com",
        "emerald.com",
        "ingentaconnect.com",
        "jair.org",
        "distill.pub",
        "bmvc-assets.s3.amazonaws.com",
        "bmva.org",
        "bmva-archive.org.uk",
        "eurasip.org",
        "isca.org",
        "ar5iv.org",
        "alphaxiv.org",
        "arxiv-vanity.com",
        "scirate.com",
        "huggingface.co/papers",
        "hf.co/papers",
        "paperswithcode.com/paper",
        "jst.go.jp/article",
        "kci.go.kr",
        "dbpia.co.kr",
        "cnki.net",
        "wanfangdata.com.cn",
        "ceur-ws.org",
        "drops.dagstuhl.de",
        "epubs.siam.org",
        "informs.org",
        "ascelibrary.org",
        "pubsonline.informs.org",
        "elifesciences.org",
        "biomedcentral.com",
        "jmir.org",
        "thelancet.com",
        "bmj.com",
        "nejm.org",
        "jamanetwork.com",
        "ahajournals.org",
        "physicstoday.scitation.org",
        "spiedigitallibrary.org",
        "opg.optica.org",
        "osapublishing.org",
        "asmedigitalcollection.asme.org",
        "asa.scitation.org",
        "dblp.org/rec",
        "escholarship.org",
    ]
)
CODE_HOSTS = tuple(
    [
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "gitee.com",
        "huggingface.co",
        "hf.co",
        "kaggle.com",
        "colab.research.google.com",
        "codeocean.com",
        "sourceforge.net",
        "pypi.org",
        "cran.r-project.org",
        "gist.github.com",
        "modelscope.cn",
        "code.google.com",
        "codalab.org",
        "replicate.com",
        "tfhub.dev",
        "npmjs.com",
        "crates.io",
        "anaconda.org",
        "mathworks.com",
        "zenodo.org",
        "figshare.com",
        "git.io",
        "paperswithcode.com",
        "aistudio.baidu.com",
        "openi.pcl.ac.cn",
    ]
)
OTHER_HOSTS = tuple(
    [
        "youtube.com",
        "youtu.be",
        "vimeo.com",
        "bilibili.com",
        "slideshare.net",
        "slideslive.com",
        "speakerdeck.com",
        "twitter.com",
        "x.com",
        "medium.com",
        "towardsdatascience.com",
        "zhihu.com",
        "reddit.com",
        "mp.weixin.qq.com",
        "clubhouse.com",
        "facebook.com",
        "linkedin.com",
        "discord.gg",
        "discord.com",
        "slack.com",
        "t.me",
        "telegram.me",
        "wikipedia.org",
        "substack.com",
        "blogspot.com",
        "wordpress.com",
        "hackernoon.com",
        "news.ycombinator.com",
        "csdn.net",
        "jianshu.com",
        "cnblogs.com",
        "qiita.com",
        "note.com",
        "velog.io",
        "tistory.com",
        "naver.com",
        "mp.weixin.com",
        "videolectures.net",
        "coursera.org",
        "udacity.com",
        "udemy.com",
        "edx.org",
        "amazon.com",
        "goodreads.com",
        "crowdai.org",
        "wandb.ai",
        "analyticsvidhya.com",
        "dblp.uni-trier.de/db",
        "dblp.org/db",
        "dblp1.uni-trier.de/db",
        "scholar.google",
        "wikicfp.com",
        "shields.io",
        "star-history.com",
        "contrib.rocks",
        "awesome.re",
        "techcrunch.com",
        "mailto:",
        "docs.google.com/presentation",
        "docs.google.com/spreadsheets",
        "podcasts.apple.com",
        "spotify.com",
        "patreon.com",
        "buymeacoffee.com",
        "huggingface.co/spaces",
        "huggingface.co/blog",
        "zenodo.org/badge",
    ]
)
SITE_HOSTS = (
    "github.io",
    "gitlab.io",
    "netlify.app",
    "vercel.app",
    "sites.google.com",
    "pages.dev",
    "readthedocs.io",
)
BLOG = re.compile(
    r"//(?:[\w.-]+\.)?blog[s]?\.|/blogs?(?:/|\?|$)|/posts?/|/news/|/press/|medium\.com",
    re.IGNORECASE,
)
TALK_OF_CODE = re.compile(
    r"/(?:issues|pulls?|discussions|wiki|releases|commits?|stargazers|graphs|actions)(?:/|$)"
)
# Pages of paper hosts that show no paper: volumes, journals, groups, people, searches.
NO_PAPER = re.compile(
    r"/(?:journals?|loi|toc|conferences?|conf|events?|series|search|authors?|profiles?|users?|about|home|groups?|topics?|browse"
    r"|listing|proceedings|issues?|volumes?|collections?|xpl/\w+)(?:/[\w.&-]*)?/?$|^[^/]*/?$|/book/|^proceedings\.mlr\.press/v\d+/?$"
    r"|^openreview\.net/(?:group|profile)|^jmlr\.org/papers/?(?:v\d+/?)?$",
)
DOCUMENT = re.compile(r"\.(?:pdf|ps|ps\.gz|djvu)(?:[?#].*)?$", re.IGNORECASE)
# DOIs of things that are deposited beside papers; a label can make them one.
DEPOSITS = (
    "doi:10.5281/",
    "doi:10.6084/",
    "doi:10.5061/",
    "doi:10.17632/",
    "doi:10.7910/",
    "doi:10.24433/",
)


def link_of(piece: Piece, at: int, label: str) -> Link:
    """The link of a piece; `label` is its text, or the words before it where it stands bare."""
    url = piece.url.strip()
    ids, problems = identifiers_in(url) if "/" in url or "10." in url else ((), ())
    role = _role(url, label, ids)
    return Link(url, label, role, ids if role == PAPER else (), problems, at)


def _role(url: str, label: str, ids: tuple[Identifier, ...]) -> str:
    if not url:
        return EMPTY
    if url.startswith("#"):
        return ANCHOR
    said = words.label_role(label)
    if ids and not (ids[0].startswith(DEPOSITS) and said != PAPER):
        return PAPER
    if "://" not in url and not url.startswith(
        ("www.", "//", "arxiv.org", "doi.org", "github.com")
    ):
        return _relative(url, said)
    place = _host_and_path(url)
    if _is_at(place, OTHER_HOSTS) or BLOG.search(url):
        return OTHER
    if DOCUMENT.search(url) or "/pdf/" in url or "/pdf?" in url:
        return OTHER if said in (OTHER, CODE) else PAPER
    if _is_at(place, CODE_HOSTS):
        return ANCHOR if TALK_OF_CODE.search(place) else CODE
    if _is_at(place, SITE_HOSTS):
        return PROJECT if said != PAPER else PAPER
    if _is_at(place, PAPER_HOSTS):
        return OTHER if said == OTHER or NO_PAPER.search(place) else PAPER
    return said or UNSURE


def _relative(url: str, said: str) -> str:
    if url.lower().startswith(("mailto:", "javascript:", "data:", "file:")):
        return OTHER
    if DOCUMENT.search(url):
        return OTHER if said in (OTHER, CODE) else PAPER
    return EMPTY if said == PAPER and not re.search(r"[./]", url) else ANCHOR


def _host_and_path(url: str) -> str:
    try:
        parts = urlsplit(url if "://" in url else "https://" + url.lstrip("/"))
    except ValueError:
        return ""
    return parts.netloc.lower().rpartition("@")[2].partition(":")[0] + parts.path.lower()


def _is_at(place: str, hosts: tuple[str, ...]) -> bool:
    """Whether a host-and-path is at one of `hosts` or at a part of them."""
    host, slash, path = place.partition("/")
    labels = host.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    for name in names:
        if name in _PLAIN[hosts]:
            return True
        for prefix in _DEEP[hosts].get(name, ()):
            if path.startswith(prefix):
                return True
    return False


_PLAIN = {
    hosts: frozenset(host for host in hosts if "/" not in host)
    for hosts in (PAPER_HOSTS, CODE_HOSTS, OTHER_HOSTS, SITE_HOSTS)
}
_DEEP = {
    hosts: {
        name: tuple(h.partition("/")[2] for h in hosts if h.partition("/")[0] == name and "/" in h)
        for name in {h.partition("/")[0] for h in hosts if "/" in h}
    }
    for hosts in (PAPER_HOSTS, CODE_HOSTS, OTHER_HOSTS, SITE_HOSTS)
}
