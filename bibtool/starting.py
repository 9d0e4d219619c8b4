"""What `bibtool init` writes: settings with each default explained, and a first list. Pure."""

import json
from collections.abc import Sequence

LIST_NAME = "refs/lists/papers.md"
EXAMPLE = """\
# Reading list

Rows can be bullets, tables or paragraphs; headings make categories. `bibtool sync` reads this file
and never writes it. `bibtool add` writes a row when it is told to.

## Image recognition

> What a category is about can be said in a quote under its heading.

- [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385) [[code](https://github.com/KaimingHe/deep-residual-networks)]

## Language models

| title | paper | code | note |
|---|---|---|---|
| Attention Is All You Need | [NeurIPS-2017](https://arxiv.org/abs/1706.03762) | | a transformer |
"""
SETTINGS = """\
# Settings of bibtool. Every line that is commented out shows the default.
# docs/settings.md of bibtool tells more of each.

# The lists to read: paths or patterns.
{lists}
# Where bibtool.lock, references.* and sections/ go.
# out = "refs"

# Crossref answers sooner who says whom to write to. BIBTOOL_MAILTO in the environment
# keeps the address out of this file.
# mailto = "you@example.org"

# The published version of a preprint, where it is certain; or "preprint".
# prefer = "published"

# "biblatex" writes date, journaltitle and @online.
# dialect = "bibtex"

# "unicode" leaves letters as they are, for biber and modern engines.
# encoding = "ascii"

# "article" writes journal = {{arXiv preprint arXiv:ID}}.
# preprint_type = "misc"

# "trust": the list's word alone may name the venue.
# venues = "confirmed"

# Names of venues: "full", "short" (CVPR) or "macro" (an @string).
# venue_style = "full"

# The pattern of new citation keys; a key once given is kept.
# key = "{{family}}{{year}}{{word}}"

# One .bib for each category as well, in sections/.
# category_bibs = false

# The template of the sections: NAME.tex.j2 and NAME.md.j2, yours in templates/ or shipped ones.
[latex]
# template = "related-work"

[markdown]
# template = "references"
"""


def settings_text(lists: Sequence[str]) -> str:
    """bibtool.toml; `lists` are those that were found, none if the default is meant."""
    named = f"lists = {json.dumps(list(lists))}" if lists else '# lists = ["refs/lists/*"]'
    return SETTINGS.format(lists=f"{named}\n")
