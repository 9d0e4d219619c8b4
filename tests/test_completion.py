"""What a shell completes, asked of the shell itself."""

import argparse
import subprocess

import pytest

from bibtool.arguments import parser
from bibtool.completion import script, subcommands

COMMANDS = subcommands(parser())
ASKING = """
COMP_WORDS=({words})
COMP_CWORD={last}
_bibtool
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(*words: str) -> list[str]:
    asking = ASKING.format(words=" ".join(f"'{word}'" for word in words), last=len(words) - 1)
    program = script(parser(), "bash") + asking
    done = subprocess.run(["bash", "-euc", program], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_commands_are_completed() -> None:
    assert completed("bibtool", "re") == ["review", "read", "resolve"]
    assert set(COMMANDS) <= set(completed("bibtool", ""))


@pytest.mark.parametrize("name", list(COMMANDS))
def test_options_of_a_command_are_completed(name: str) -> None:
    options = {o for action in COMMANDS[name]._actions for o in action.option_strings}
    if name != "completion":
        assert set(completed("bibtool", name, "-")) == options


def test_values_are_completed() -> None:
    assert completed("bibtool", "export", "--to", "c") == ["csljson"]
    assert completed("bibtool", "completion", "") == ["bash", "zsh", "fish"]


def test_the_rest_is_left_to_the_names_of_files() -> None:
    assert completed("bibtool", "sync", "refs/") == []
    assert completed("bibtool", "unknown", "-") == []
    assert "complete -o default -F _bibtool bibtool bibtool-py" in script(parser(), "bash")


def test_every_shell_knows_every_command_and_option() -> None:
    for shell in ("bash", "zsh", "fish"):
        text = script(parser(), shell)
        for name, command in COMMANDS.items():
            assert name in text
            for action in command._actions:
                if isinstance(action, argparse._HelpAction):
                    continue
                for word in action.option_strings:
                    assert (word if shell != "fish" else f" {word[1:].removeprefix('-')} ") in text
