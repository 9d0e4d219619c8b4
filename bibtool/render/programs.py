"""What templates are compiled to, remembered for the next run. Pure.

To compile two templates takes a tenth of a run that refreshes a few works.
"""

import jinja2
from jinja2.bccache import Bucket

from bibtool.memo import digest


class Programs(jinja2.BytecodeCache):
    """`kept` is where they are, by a digest of a template's name and text."""

    def __init__(self, kept: dict[bytes, bytes]) -> None:
        self._kept = kept

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._kept.get(self._which(bucket)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[self._which(bucket)] = bucket.bytecode_to_string()

    def _which(self, bucket: Bucket) -> bytes:
        return digest("template", jinja2.__version__, bucket.key, bucket.checksum)
