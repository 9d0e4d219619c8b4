"""JSON in answers, or a word on what stands there instead. Pure."""

import json
from typing import Any

from bibtool.sources.exchange import Answer
from bibtool.sources.http import Unusable


def json_in(answer: Answer) -> dict[str, Any]:
    """The object that an answer holds; Unusable for anything else."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Unusable(_instead(answer.body.lstrip())) from error
    if not isinstance(content, dict):
        raise Unusable("something that is no record")
    return content


def _instead(body: bytes) -> str:
    if not body:
        return "nothing"
    if body.startswith(b"<"):
        return "an HTML page"
    if body.startswith((b"{", b"[", b'"')):
        return "half an answer"
    return repr(" ".join(body[:60].decode("utf-8", "replace").split()))
