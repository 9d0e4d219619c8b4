"""How templates are compiled, and what they are compiled to, remembered for the next run. Pure.

To compile two templates takes a tenth of a run that refreshes a few works.
"""

from collections.abc import Collection
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator

from bibtool.memo import Digest, Memo, digest
from bibtool.render.macros import self_contained


class Texts(CodeGenerator):
    """Leave constants and `~` to the environment: Jinja2 itself would escape them as HTML.

    And let it remember what a macro gives that depends on its arguments alone.
    """

    self_contained: Collection[str] = ()

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:
        self.self_contained = self_contained(node, self.environment)
        super().visit_Template(node, frame)

    def macro_def(self, macro_ref: Any, frame: Any) -> None:
        if getattr(macro_ref.node, "name", None) not in self.self_contained:
            super().macro_def(macro_ref, frame)
            return
        self.write("environment.remembering(")
        super().macro_def(macro_ref, frame)
        self.write(f", {self.name!r})")

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if self._is_finished(frame, finalize):
            self.write(finalize.src)
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if self._is_finished(frame, finalize):
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)

    @staticmethod
    def _is_finished(frame: Any, finalize: Any) -> bool:
        """Whether what is put out is escaped by `Stencil.finished`; to ask for that once more
        copies every text."""
        context = frame.eval_ctx
        return bool(finalize.src and context.autoescape and not context.volatile)

    def visit_Concat(self, node: nodes.Concat, frame: Any) -> None:
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class Programs(jinja2.BytecodeCache):
    """By a digest of a template's name and text, in `memo`."""

    def __init__(self, memo: Memo) -> None:
        self._memo = memo

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._memo.programs.get(_which(bucket)):
            bucket.bytecode_from_string(bytes(code))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._memo.keep_program(_which(bucket), bucket.bytecode_to_string())


def _which(bucket: Bucket) -> Digest:
    return digest("template", jinja2.__version__, bucket.key, bucket.checksum)
