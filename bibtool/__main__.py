"""`python -m bibtool`: the same command under a name that nobody else owns."""

from bibtool.cli import program

program()
