"""What can be said on the command line. Thin, so that --help answers at once."""

import argparse
import os

from bibtool import __version__

EPILOG = """\
exit codes: 0 done; 1 --check would write, --strict and a row waits, or not matched;
2 wrong use or unreadable input; 69 a service did not answer; 74 disk; 75 another run
is at work; 130 Ctrl-C. Settings stand in bibtool.toml or [tool.bibtool] of pyproject.toml.
"""


class _Help(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal, found without the module that argparse would load for it."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS", "")) or os.get_terminal_size().columns
        except (ValueError, OSError):
            columns = 80
        super().__init__(prog, width=min(columns, 100) - 2)


def parser(called: str = "") -> argparse.ArgumentParser:
    """Of all commands; of the one that is `called` alone, if it is one: to make up the others takes
    a twentieth of a run with nothing to do."""
    main = argparse.ArgumentParser(
        prog="bibtool",
        description="Turn curated paper lists into one .bib file and ready-made sections.",
        epilog=EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    main.add_argument("--version", action="version", version=f"bibtool {__version__}")
    commands = main.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        if called == name or called not in COMMANDS:
            command(commands, name)
    return main


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: Commands, name: str, help_line: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    command: argparse.ArgumentParser = commands.add_parser(  # type: ignore[attr-defined]
        name,
        help=help_line,
        description=help_line[:1].upper() + help_line[1:] + ".",
        allow_abbrev=False,
        formatter_class=_Help,
    )
    command.set_defaults(module=name)
    return command


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", metavar="DIR", default="", help="output folder (refs)")


def _verbosity(command: argparse.ArgumentParser) -> None:
    command.add_argument("-q", "--quiet", action="store_true", help="say only what went wrong")
    command.add_argument("-v", "--verbose", action="store_true", help="tell every problem in full")


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="machine-readable result on stdout")


def _sync(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "bring the bibliography up to date with the lists")
    command.add_argument(
        "lists", nargs="*", metavar="LIST", help="lists to read (refs/lists/*); or a web address"
    )
    _out(command)
    command.add_argument(
        "--check", action="store_true", help="ask nobody, write nothing; exit 1 if behind"
    )
    command.add_argument("--offline", action="store_true", help="ask nobody")
    command.add_argument("--dry-run", action="store_true", help="print the diff, write nothing")
    command.add_argument(
        "--refresh",
        metavar="WHAT",
        nargs="?",
        const="all",
        default="",
        help="ask again: all, preprints, unresolved, or ID[,ID]",
    )
    command.add_argument("--strict", action="store_true", help="exit 1 if a row waits for a person")
    command.add_argument("--prune", action="store_true", help="take out entries whose row is gone")
    command.add_argument(
        "--provisional",
        action="store_true",
        help="give rows that nobody answered for an entry from their own words",
    )
    _json(command)
    _verbosity(command)


def _read(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "show what is read in lists; asks nobody")
    command.add_argument("lists", nargs="+", metavar="LIST")
    _json(command)
    _verbosity(command)


def _resolve(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "find the work behind a title, identifier or URL")
    command.add_argument("text", nargs="+", metavar="TEXT", help="one reference, quoted or not")
    _json(command)


def _merge(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "merge .bib files into one, duplicates too; offline")
    command.add_argument("bibs", nargs="+", metavar="BIB")
    command.add_argument("-o", "--output", metavar="OUT.bib", default="", help="instead of stdout")
    command.add_argument("--sort", action="store_true", help="order entries by key")
    command.add_argument(
        "--keys", metavar="FILE", default="", help="write which key replaced which"
    )
    command.add_argument("--preamble", action="store_true", help="take over @preamble of all files")
    command.add_argument(
        "--dialect",
        choices=("bibtex", "biblatex"),
        default="bibtex",
        help="biblatex keeps replaced keys in the field ids",
    )


def _export(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "write the bibliography in another form")
    command.add_argument(
        "--to", choices=("csljson", "bib"), default="bib", help="the form: bib, or csljson"
    )
    command.add_argument("-o", "--output", metavar="FILE", default="", help="instead of stdout")
    command.add_argument(
        "--category", metavar="C", default="", help="only works under this heading"
    )
    command.add_argument(
        "--cited", metavar="PAPER.tex", nargs="+", default=[], help="only what these files cite"
    )
    command.add_argument(
        "--since",
        metavar="REV-or-LOCK",
        default="",
        help="only what is new since a git revision or another bibtool.lock",
    )
    _out(command)


def _lock(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "mend the lock after a git merge")
    command.add_argument(
        "--repair", action="store_true", required=True, help="merge both sides of a conflict"
    )
    _out(command)


def _init(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    _command(commands, name, "write settings and an example list; asks nothing")


def _add(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "add one work to a list, in the list's own format")
    command.add_argument("text", nargs="+", metavar="WORK", help="identifier, URL or title")
    command.add_argument(
        "--to", metavar="CATEGORY", default="", help="the heading under which it goes"
    )
    command.add_argument("--list", metavar="FILE", default="", help="the list into which it goes")
    _out(command)


def _review(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "go through the rows that wait for a person")
    command.add_argument("lists", nargs="*", metavar="LIST", help="only rows of these lists")
    _out(command)


def _outdated(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "say which preprints changed or were published")
    command.add_argument("lists", nargs="*", metavar="LIST", help="only rows of these lists")
    _json(command)
    _out(command)


def _pull(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "take home what others changed in a copy of the .bib")
    command.add_argument("bib", metavar="FILE.bib", help="the copy that was edited elsewhere")
    command.add_argument("--dry-run", action="store_true", help="print the diff, write nothing")
    _out(command)


def _completion(commands: Commands, name: str) -> None:  # type: ignore[valid-type]
    command = _command(commands, name, "print what lets a shell complete commands")
    command.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL")


COMMANDS = {
    "sync": _sync,
    "init": _init,
    "add": _add,
    "review": _review,
    "outdated": _outdated,
    "pull": _pull,
    "read": _read,
    "resolve": _resolve,
    "export": _export,
    "merge": _merge,
    "lock": _lock,
    "completion": _completion,
}
