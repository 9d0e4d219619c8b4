"""Which macros of a template give the same for the same arguments, wherever they are called. Pure.

A template is a program, and filling it is the most of a run. What a macro gives that looks at its
arguments and at the settings alone can be remembered, in a run and from run to run.
"""

from collections import Counter
from collections.abc import Iterator

from jinja2 import Environment, meta, nodes

GIVEN = "options"  # the settings: the same for every call, and part of what is remembered
READS_ELSEWHERE = (
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Block,
    nodes.ContextReference,
)
OF_THE_CALL = frozenset({"caller", "varargs", "kwargs"})


def self_contained(template: nodes.Template, environment: Environment) -> frozenset[str]:
    """Names of macros of the template that need their arguments, `options` and each other alone."""
    named = Counter(_named(template))
    if named[GIVEN]:
        return frozenset()
    macros = {
        macro.name: macro
        for macro in template.body
        if isinstance(macro, nodes.Macro) and named[macro.name] == 1
    }
    needed = {name: _needed(macro, environment) for name, macro in macros.items()}
    alone = {name for name, names in needed.items() if names is not None}
    while more := {name for name in alone if not (needed[name] or set()) <= alone | {GIVEN}}:
        alone -= more
    return frozenset(alone)


def _named(template: nodes.Template) -> Iterator[str]:
    """Every name that the template gives to something."""
    for macro in template.find_all(nodes.Macro):
        yield macro.name
    for name in template.find_all(nodes.Name):
        if name.ctx in ("store", "param"):
            yield name.name


def _needed(macro: nodes.Macro, environment: Environment) -> set[str] | None:
    """The names that `macro` takes from around it; None if it can look anywhere."""
    if next(macro.find_all(READS_ELSEWHERE), None) is not None:
        return None
    if any(name.name in OF_THE_CALL for name in macro.find_all(nodes.Name)):
        return None
    alone = nodes.Template([macro], lineno=macro.lineno)
    alone.set_environment(environment)
    return meta.find_undeclared_variables(alone)
