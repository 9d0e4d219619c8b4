"""`python -m bibtool`: the same command under a name that nobody else owns."""

import sys

from bibtool.cli import main

sys.exit(main())
