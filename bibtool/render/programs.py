"""What templates are compiled to, remembered for the next run. Pure.

To compile two templates takes a tenth of a run that refreshes a few works.
"""

import jinja2
from jinja2.bccache import Bucket

from bibtool.memo import Digest, Memo, digest


class Programs(jinja2.BytecodeCache):
    """By a digest of a template's name and text, in `memo`."""

    def __init__(self, memo: Memo) -> None:
        self._memo = memo

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._memo.programs.get(_which(bucket)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._memo.keep_program(_which(bucket), bucket.bytecode_to_string())


def _which(bucket: Bucket) -> Digest:
    return digest("template", jinja2.__version__, bucket.key, bucket.checksum)
