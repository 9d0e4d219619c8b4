"""What a heading says: a category, a year, upkeep of the list, or things that are no papers."""

import re

from bibtool.read import inline, words

NUMBERING = re.compile(
    r"^(?:\(?(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)、:：]|[ivxIVX]{1,5}[.)]|[A-Z][.)]|[一二三四五六七八九十]{1,3}[、.．]|"
    r"第[一二三四五六七八九十\d]{1,3}[章节部]|§\s?\d+[.\d]*)\)?)\s*"
)
UPKEEP = re.compile(
    r"^(?:how to )?(?:contribut\w*|licen[sc]e\w*|contacts?|acknowledge?ments?|thanks|special thanks|credits?|citations?|cit(?:e|ing)"
    r"|bibtex|star(?:gazers| history|s)?|changelog|change log|update ?logs?|updates?|(?:latest )?news|what'?s new|announcements?|recent updates"
    r"|related (?:awesome |works? ?lists?|repos\w*|lists?|projects|resources)\w*.*|(?:other )?(?:awesome|useful|similar|related) (?:lists?|repos\w*|repositor\w*)"
    r"|other (?:lists|repos\w*|resources)|table of contents?|contents?|toc|menu|navigation|to-?do(?: list)?|road ?map|disclaimer|faqs?|sponsors?"
    r"|maintain(?:ers?|ed by)|authors|team|about(?: us| this)?|join us|community|wechat.*|discord|how to cite.*|cite (?:this|us).*|citing .*|citation .*"
    r"|contribution\w*(?: guide\w*)?|contributing .*|pull requests?|(?:markdown )?format|template|legend"
    r"|目录|内容|引用|贡献|贡献者|贡献指南|许可证?|协议|致谢|联系(?:我们|方式|作者)?|更新(?:日志|记录|历史)?|最新消息|新闻|动态|关于(?:我们)?|交流群|友情链接|相关(?:仓库|资源|项目)|加入我们|如何贡献|免责声明|星标历史|赞助"
    r"|目次|引用(?:方法)?|貢献|ライセンス|謝辞|お知らせ|更新履歴|連絡先|목차|인용|기여|라이선스|라이센스|감사의? ?(?:말|글)?|연락처|업데이트|소식|공지(?:사항)?|개요|운영방법|contribuir|contribuci\w+|licencia|agradecimientos|índice|inhalt(?:sverzeichnis)?|danksagung|lizenz|zitieren|mitwirken"
    r"|contribuer|remerciements|table des matières|содержание|лицензия|цитирование)(?:\s*[&/+,].*)?$",
    re.IGNORECASE,
)
NO_PAPERS = re.compile(
    r"^(?:(?:related|useful|open[- ]?source|other|awesome|online|popular|some|key|important|relevant|recommended|free|libraries and|code and|existing|public) )*(?:software|tools?|toolbox(?:es)?|toolkits?|librar(?:y|ies)|packages?|frameworks?|code ?bases?|repositor(?:y|ies)|repos|implementations?|projects?"
    r"|blogs?|blog ?posts?|articles? (?:and|&) blogs?|news(?:letters?)?|videos?|talks?|lectures?|courses?|moocs?|tutorials?|slides|podcasts?|webinars?|books?|textbooks?|websites?|web ?sites|people|researchers|groups?|labs|companies|startups|products|jobs"
    r"|conferences?|journals?|venues|events|workshops|competitions?|challenges?|leaderboards?|resources|links|communities|glossary|deadlines|demos?|apps?|applications? and demos?|models? zoo|pretrained models"
    r"|软件|工具|工具箱|博客|视频|课程|教程|书籍|图书|会议|期刊|项目|开源项目|代码库|研究者|竞赛|比赛|网站|ツール|ブログ|書籍|動画|コース|講義|チュートリアル|도구|블로그|강의|책|도서|영상|튜토리얼|학회)"
    r"(?:(?:,| and| &|/| or)+ (?:\w+ )?(?:software|tools?|librar(?:y|ies)|packages?|frameworks?|blogs?|blog ?posts?|videos?|talks?|lectures?|courses?|tutorials?|slides|books?|websites?|resources|code|datasets?|workshops|conferences?|journals?|demos?|repos\w*|projects?|posts?|articles|people|groups|labs|links|presentations?|seminars?|materials?|surveys?|podcasts?|media|news))*$",
    re.IGNORECASE,
)
NO_CATEGORY = re.compile(
    r"^(?:abstract|bibtex|bib|citation|click (?:to|here).*|expand.*|show.*|details?|more|see more|tl;?dr|summary|摘要|展开|点击.*|点我.*|详情|더보기|펼치기|접기/펼치기|詳細)$",
    re.IGNORECASE,
)
YEAR = re.compile(
    r"^(?:papers?\s+(?:of|in|from)\s+)?((?:19|20)\d{2})\s*(?:年|년)?(?:\s*papers?)?(?:\s*[-/.年]\s*\d{1,2}月?)?$",
    re.IGNORECASE,
)


def name_of(text: str) -> str:
    """A heading as a category: without links, emoji, numbering, anchors and counts."""
    plain = "".join(
        piece.text
        for piece in inline.pieces(text)
        if piece.kind != "image" and not piece.image and not piece.bare
    )
    plain = words.SHORTCODE.sub(" ", words.EMOJI.sub(" ", plain))
    plain = " ".join(plain.split()).strip()
    plain = NUMBERING.sub("", plain, count=1) or plain
    plain = re.sub(
        r"\s*\[?(?:🔝|\bback to top\b|\btop\b\])\]?\s*$|\s#+$", "", plain, flags=re.IGNORECASE
    )
    return plain.strip(" \t:：-–—|*_#•·↑").strip()


def is_upkeep(name: str) -> bool:
    return bool(UPKEEP.match(name.strip(words.EDGES)))


def holds_no_papers(name: str) -> bool:
    return bool(NO_PAPERS.match(name.strip(words.EDGES)))


def names_no_category(name: str) -> bool:
    return not name.strip(words.EDGES) or bool(NO_CATEGORY.match(name.strip(words.EDGES)))


def year_of(name: str) -> int | None:
    found = YEAR.match(name.strip(words.EDGES))
    return int(found[1]) if found else None
