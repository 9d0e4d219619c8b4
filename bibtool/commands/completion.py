"""`bibtool completion SHELL`: what the shell is to run, on stdout."""

import argparse

from bibtool.arguments import parser
from bibtool.completion import script


def run(options: argparse.Namespace) -> int:
    print(script(parser(), options.shell), end="")
    return 0
