"""What a shell needs to complete commands and options, made from the parser. Pure."""

import argparse
from collections.abc import Iterator, Mapping

PROGRAMS = ("bibtool", "bibtool-py")

BASH = """\
# Completion of bibtool for bash: put this into ~/.bashrc
#   eval "$(bibtool-py completion bash)"
_bibtool() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local command=${{COMP_WORDS[1]}} options="" values=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{commands} --help --version" -- "$cur"))
    return
  fi
  case "$command" in
{cases}
  *) return ;;
  esac
  # What has no words of its own is completed with the names of files.
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
  elif [ "${{cur#-}}" != "$cur" ]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  fi
}}
complete -o default -F _bibtool {programs}
"""
ZSH = """\
# Completion of bibtool for zsh: put this into ~/.zshrc
#   eval "$(bibtool-py completion zsh)"
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
"""
FISH = """\
# Completion of bibtool for fish: bibtool-py completion fish > \
~/.config/fish/completions/bibtool-py.fish
"""


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The completion of `shell`: bash, zsh or fish."""
    commands = subcommands(parser)
    if shell == "fish":
        return FISH + "".join(f"{line}\n" for line in _fish(commands, _helps(parser)))
    cases = "\n".join(_case(name, command) for name, command in commands.items())
    text = BASH.format(commands=" ".join(commands), cases=cases, programs=" ".join(PROGRAMS))
    return text if shell == "bash" else ZSH + text.partition(')"\n')[2]


def subcommands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    return dict(_choices(parser).choices)


def _choices(
    parser: argparse.ArgumentParser,
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    actions = parser._actions
    return next(a for a in actions if isinstance(a, argparse._SubParsersAction))


def _helps(parser: argparse.ArgumentParser) -> Mapping[str, str]:
    return {a.dest: a.help or "" for a in _choices(parser)._choices_actions}


def _case(name: str, command: argparse.ArgumentParser) -> str:
    actions = command._actions
    options = " ".join(word for action in actions for word in action.option_strings)
    lines = [f"  {name})", f'    options="{options}"']
    of_options = [a for a in actions if a.option_strings and _values(a)]
    if of_options:
        lines.append('    case "$prev" in')
        for action in of_options:
            words = "|".join(action.option_strings)
            lines.append(f'    {words}) values="{" ".join(_values(action))}" ;;')
        lines.append("    esac")
    lines += [
        f'    values="{" ".join(_values(action))}"'
        for action in actions
        if not action.option_strings and _values(action)
    ]
    return "\n".join([*lines, "    ;;"])


def _values(action: argparse.Action) -> tuple[str, ...]:
    """Words that an option may be followed by."""
    return tuple(map(str, action.choices)) if action.choices else ()


def _fish(
    commands: Mapping[str, argparse.ArgumentParser], helps: Mapping[str, str]
) -> Iterator[str]:
    for program in PROGRAMS:
        for name, command in commands.items():
            yield (
                f"complete -c {program} -n __fish_use_subcommand -f -a {name}"
                f" -d {_quoted(helps[name])}"
            )
            for action in command._actions:
                yield from _fish_option(program, name, action)


def _fish_option(program: str, name: str, action: argparse.Action) -> Iterator[str]:
    start = f"complete -c {program} -n '__fish_seen_subcommand_from {name}'"
    values = _quoted(" ".join(_values(action)))
    if not action.option_strings:
        if action.choices:
            yield f"{start} -f -a {values}"
        return
    words = [
        f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}"
        for word in action.option_strings
    ]
    takes = f" -x -a {values}" if action.choices else " -r" if action.nargs != 0 else ""
    yield f"{start} {' '.join(words)}{takes} -d {_quoted(action.help or '')}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
