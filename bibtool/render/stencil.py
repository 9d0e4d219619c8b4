"""Jinja2 as bibtool runs it: sandboxed, strict, and every value escaped for the output. Pure.

`markupsafe.Markup` stands for text that is finished in the language of the output: what a macro
or a helper gives. Everything else is text, and the environment's own `escape` turns it into
TeX, Markdown or HTML when it is put out or joined to something finished.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, cast

import jinja2
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bibtool.errors import BibtoolError, Unreadable
from bibtool.memo import Memo, digest
from bibtool.model import Place
from bibtool.patterns import pattern
from bibtool.render.late import Late
from bibtool.render.outline import Branch
from bibtool.render.programs import Programs, Texts
from bibtool.render.works import Work

Escape = Callable[[str], str]

LARGEST = 20_000_000  # letters of one output; the whole arXiv list of a year is under 15 million
HIGHEST_POWER = 1000  # beyond it one step of arithmetic outlasts every clock
# Named so that a TeX file stays readable: TeX is full of braces.
TEX_SIGNS = {
    "block_start_string": "<%",
    "block_end_string": "%>",
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}
# Random output is no output twice the same; these would pass text on as finished HTML.
REFUSED_FILTERS = ("random", "safe", "forceescape", "urlize", "xmlattr", "tojson")
HTML_FILTERS = ("urlize", "xmlattr", "tojson")
NO_FIELD = pattern(r"'(?:dict|[\w.]+\.(?:Late|Works?)) object' has no attribute")
DIGESTED = frozenset({Work, Branch})  # arguments of macros that are known by their digests
OF_THE_CONTEXT = {"_loop_vars", "_block_vars"}  # passed with every call within a loop or block
OF_A_LOOP = {"index", "index0", "first", "last", "length"}
REFUSED_GLOBALS = ("lipsum",)


class Remembered(Macro):
    """A macro that is filled once for the same arguments."""

    def __init__(self, macro: Macro, once: Callable[..., Markup]) -> None:
        self.__dict__.update(vars(macro))
        self.once = once
        self._func = lambda *arguments: str(once(*arguments))


class Stencil(ImmutableSandboxedEnvironment):
    """Templates of one kind of output. `sources` are name -> text, `shown` name -> path.

    What macros gave stands in `memo`; `settings` are all that they depend on but their arguments.
    """

    code_generator_class = Texts
    intercepted_binops = frozenset(("+", "*", "**"))

    def __init__(
        self,
        escape: Escape,
        sources: Mapping[str, str],
        shown: Mapping[str, str],
        *,
        signs: Mapping[str, Any],
        html: bool = False,
        memo: Memo,
        settings: Any = None,
    ) -> None:
        def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
            if name not in sources:
                return None
            return sources[name], shown.get(name, name), lambda: True

        super().__init__(
            loader=jinja2.FunctionLoader(load),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=self.finished,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            bytecode_cache=Programs(memo),
            **signs,
        )
        self.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": _plain}
        self.memo = memo
        self.sources = sources
        self.settings = settings
        self.text_escape = escape
        self._given: dict[tuple[Any, ...], Markup] = {}  # what macros gave in this run
        self.shown = {name: shown.get(name, name) for name in sources}
        for name in REFUSED_FILTERS:
            if not (html and name in HTML_FILTERS):
                del self.filters[name]
        for name in REFUSED_GLOBALS:
            del self.globals[name]
        self.filters |= {"e": self.finished, "escape": self.finished, "join": self._join}

    def remembering(self, macro: Macro, template: str) -> "Remembered":
        """`macro`, filled once for the same arguments, in this run and, by the memo, later."""
        fill = macro._func
        told = digest("macro", self.sources[template], macro.name, self.settings)

        def once(*arguments: Any) -> Markup:
            parts: list[Any] = [told]
            for argument in arguments:
                if type(argument) in DIGESTED:
                    parts.append(argument.digest)
                elif isinstance(argument, str | int):  # finished text is not the same as text
                    parts.append((type(argument).__name__, argument))
                else:
                    return Markup(fill(*arguments))
            given = tuple(parts)
            known = self._given.get(given)
            if known is None:
                text = self.memo.recall(given, str, lambda: _filled_by(fill, arguments))
                known = self._given[given] = Markup(text)
            return known

        return Remembered(macro, once)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """As Jinja2 does it, but for what such a macro cannot have: a caller, names, defaults.

        To look for them takes as long as to fill it, and a section calls one for each work.
        """
        plain = isinstance(called, Remembered) and context.eval_ctx.autoescape
        if plain and len(args) == len(called.arguments) and kwargs.keys() <= OF_THE_CONTEXT:
            return called.once(*args)
        return super().call(context, called, *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As the sandbox does it, which asks of every number of a loop whether it is safe."""
        if type(obj) is LoopContext and attribute in OF_A_LOOP:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def finished(self, value: Any) -> Markup:
        """`value` in the language of the output, unless it is so already."""
        if isinstance(value, Markup):
            return value
        if type(value) is int and value >= 0:  # which is written with digits everywhere
            return Markup(value)
        if isinstance(value, jinja2.Undefined):
            str(value)  # a strict one raises here, with its name
        return Markup("" if value is None else self._escaped(str(value)))

    def _escaped(self, text: str) -> str:
        """An escape makes one line of text; a blank at either end still parts it from the rest."""
        inside = self.text_escape(text)
        before = " " if text[:1].isspace() and not inside[:1].isspace() else ""
        after = " " if inside and text[-1:].isspace() and not inside[-1:].isspace() else ""
        return f"{before}{inside}{after}"

    def joined(self, parts: Iterable[Any], between: Any = "") -> str:
        """Parts as one text; finished, if one of them is."""
        some = list(parts)
        if any(isinstance(part, Markup) for part in (*some, between)):
            return Markup(str(self.finished(between)).join(str(self.finished(p)) for p in some))
        return str(between).join(str(part) for part in some)

    def _join(self, parts: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
        chosen = parts if attribute is None else (self.getitem(p, attribute) for p in parts)
        return self.joined(chosen, between)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.joined((left, right))
        if operator == "*" and _length(left) * _number(right) + _length(right) * _number(left) > (
            LARGEST
        ):
            raise OverflowError(f"a text or list longer than {LARGEST:,}")
        if operator == "**" and abs(_number(right)) > HIGHEST_POWER:
            raise OverflowError(f"a power higher than {HIGHEST_POWER}")
        return super().call_binop(context, operator, left, right)

    def fill(self, name: str, values: Mapping[str, Any], *, strict: bool) -> list[str]:
        """The template `name` with `values`, in pieces.

        Unreadable with the template's place if it cannot be filled. `strict` is for templates
        that a person wrote: whatever goes wrong in them is theirs to mend. In a shipped one it
        is a bug of ours and keeps its traceback.
        """
        try:
            return self._filled(name, values)
        except BibtoolError:
            raise
        except Exception as error:  # a template is a program: it can fail in any way
            if not strict:
                raise
            raise Unreadable(self._place(error, name), _said(error)) from error

    def _filled(self, name: str, values: Mapping[str, Any]) -> list[str]:
        filling = cast(Generator[str, None, None], self.get_template(name).generate(values))
        pieces: list[str] = []
        size = 0
        for piece in filling:
            size += len(piece)
            if size > LARGEST:  # raised in the template, which knows its line
                filling.throw(OverflowError(f"the output is longer than {LARGEST:,} letters"))
            pieces.append(piece)
        return pieces

    def _place(self, error: Exception, name: str) -> Place:
        """The last line of a template that ran; for a template that cannot be read, its line."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            return Place(error.filename or self.shown[name], error.lineno)
        place = Place(self.shown.get(name, name), 1)
        trace = error.__traceback__
        while trace:
            path = trace.tb_frame.f_code.co_filename
            if path in self.shown.values():
                place = Place(path, trace.tb_lineno)
            trace = trace.tb_next
        return place


def _plain(value: Any) -> Any:
    """What JSON has of a work, and of a list that is made late."""
    return list(value) if isinstance(value, Late) else dict(value)


def _filled_by(fill: Callable[..., str], arguments: Iterable[Any]) -> str:
    text = str(fill(*arguments))
    for argument in arguments:
        if isinstance(argument, Work):
            argument.forget()  # what is known of 10,000 works in full takes 100 MB
    return text


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | Late) else 0


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _said(error: Exception) -> str:
    """The first line of what went wrong, in words."""
    if isinstance(error, RecursionError):
        return "the template calls itself without end"
    if isinstance(error, MemoryError):
        return "the template needs too much memory"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"no template named {error.name!r} in templates/"
    said = (str(error) or type(error).__name__).splitlines()[0]
    if isinstance(error, jinja2.UndefinedError):
        said = NO_FIELD.sub("there is no field", said)
        return f"{said}; docs/templates.md lists all names"
    return said
