"""The words curators use for labels, in the languages that lists are written in."""

import re

EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe0e\ufe0f\u20e3\U0001f1e6-\U0001f1ff]+"
)
SHORTCODE = re.compile(r":[a-z][a-z0-9_+-]{1,40}:")  # :star:
EDGES = "[](){}<>【】（）「」《》 \t\n.,;:：，。、|｜*_`'\"“”‘’/\\-–—~#+=!?…·•"
SPLIT = re.compile(r"[\s/&+,_|:：、，()\[\]（）【】<>.'\"“”‘’–—-]+")

PAPER_WORDS = frozenset(
    ["paper", "papers", "pdf", "pdfs", "arxiv", "abs", "abstract", "preprint", "doi", "html", "journal", "conference", "conf", "publication", "published", "article", "fulltext", "openreview", "acl", "cvf", "springer", "ieee", "acm", "elsevier", "nature", "science", "neurips", "nips", "icml", "iclr", "cvpr", "iccv", "eccv", "aaai", "ijcai", "emnlp", "naacl", "kdd", "www", "sigir", "siggraph", "biorxiv", "medrxiv", "ssrn", "proceedings", "ps", "manuscript", "techreport", "thesis", "phd", "chapter", "book", "pubmed", "link", "eprint", "wiley", "plos", "pmlr", "jmlr", "usenix", "论文", "论文链接", "原文", "原文链接", "文章", "文献", "链接", "下载", "論文", "論文リンク", "原論文", "リンク", "논문", "링크", "원문", "papier", "artikel", "artículo", "articulo", "enlace", "lien", "artigo", "статья", "ссылка", "archiv", "arvix", "axriv", "papper", "openaccess", "anthology", "ojs", "pvldb", "version"]
)
CODE_WORDS = frozenset(
    ["code", "codes", "github", "gitlab", "git", "repo", "repository", "implementation", "implementations", "source", "software", "toolbox", "toolkit", "pytorch", "tensorflow", "keras", "caffe", "caffe2", "mxnet", "jax", "torch", "matlab", "python", "theano", "chainer", "paddle", "mindspore", "julia", "cpp", "model", "models", "weights", "checkpoint", "checkpoints", "huggingface", "hf", "colab", "package", "library", "gh", "tf", "torch7", "lua", "darknet", "onnx", "notebook", "代码", "代碼", "源码", "开源代码", "程序", "コード", "ソースコード", "코드", "소스", "깃허브", "código", "codigo"]
)
PROJECT_WORDS = frozenset(
    ["project", "homepage", "home", "website", "webpage", "web", "site", "page", "pages", "homeoage", "hompage", "主页", "项目", "项目主页", "项目地址", "网站", "官网", "プロジェクト", "홈페이지", "프로젝트", "웹사이트", "proyecto", "projet", "projekt"]
)
OTHER_WORDS = frozenset(
    ["video", "videos", "talk", "talks", "slides", "slide", "poster", "posters", "blog", "blogs", "blogpost", "post", "news", "press", "review", "reviews", "note", "notes", "dataset", "datasets", "data", "demo", "demos", "supp", "supplement", "supplementary", "supplemental", "material", "materials", "appendix", "twitter", "tweet", "x", "youtube", "youtu", "bibtex", "bib", "cite", "citation", "media", "podcast", "interview", "summary", "explanation", "tutorial", "tutorials", "presentation", "keynote", "discussion", "reddit", "zhihu", "medium", "wiki", "wikipedia", "leaderboard", "benchmark", "benchmarks", "listen", "듣기", "다시듣기", "영상", "발표", "블로그", "データセット", "データ", "動画", "スライド", "解説", "解説記事", "数据", "数据集", "视频", "讲解", "解读", "笔记", "中文解读", "论文解读", "知乎", "博客", "幻灯片", "海报", "补充材料", "演示", "데이터", "데이터셋", "requests", "issue", "issues", "docs", "documentation", "api", "eval", "evaluation", "list", "reading", "blogposts", "erratum", "errata", "annotation", "annotations", "comments", "commentary", "critique", "reproducibility", "rebuttal", "score", "scores", "results", "app"]
)
FILLERS = frozenset(
    ["official", "unofficial", "the", "a", "an", "of", "for", "and", "with", "in", "to", "by", "here", "online", "new", "original", "full", "text", "free", "access", "open", "version", "author", "authors", "author's", "version's", "short", "long", "extended", "camera", "ready", "my", "our", "local", "download", "mirror", "read", "view", "see", "main", "oral", "spotlight", "highlight", "best", "award", "link", "links", "url", "accepted", "old", "latest", "preliminary", "v1", "v2", "v3", "v4", "third", "party", "only", "coming", "soon", "tba", "tbd", "na", "n", "none", "null", "available", "on", "from", "under", "via", "also", "官方", "非官方"]
)
NO_VALUE = frozenset(
    [
        "",
        "-",
        "--",
        "---",
        "–",
        "—",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "tba",
        "tbd",
        "x",
        "✗",
        "✘",
        "❌",
        "/",
        "\\",
        "无",
        "暂无",
        "なし",
        "없음",
    ]
)
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def bare(text: str) -> str:
    """A label or cell without emoji, short codes, brackets and punctuation around it."""
    text = SHORTCODE.sub(" ", EMOJI.sub(" ", text))
    return " ".join(text.strip(EDGES).split())


def label_role(label: str) -> str:
    """ "paper", "code", "project" or "other" if `label` is made of label words alone, else ""."""
    words = [word for word in SPLIT.split(bare(label).lower()) if word]
    if not words or len(words) > 6:
        return ""
    role = ""
    for word in words:
        found = _word_role(word)
        if not found:
            return ""
        if found != "filler" and (not role or role == "paper"):
            role = found if not (role == "paper" and found == "project") else role
    return role or ("paper" if words in (["link"], ["links"], ["url"], ["here"]) else "")


def is_label(text: str) -> bool:
    return bool(label_role(text)) or not bare(text)


def _word_role(word: str) -> str:
    if word in PAPER_WORDS:
        return "paper"
    if word in CODE_WORDS:
        return "code"
    if word in PROJECT_WORDS:
        return "project"
    if word in OTHER_WORDS:
        return "other"
    if word in FILLERS or re.fullmatch(r"(?:19|20)?\d{2}|\d", word):
        return "filler"
    return ""


def says_nothing(text: str) -> bool:
    return bare(text).lower() in NO_VALUE or text.strip().lower() in NO_VALUE


def count(text: str) -> int:
    """Words of a text; two signs of Chinese, Japanese or Korean count as one word."""
    cjk = len(CJK.findall(text))
    return len(CJK.sub(" ", text).split()) + (cjk + 1) // 2
