"""`bibtool sync`: what the command line says, handed to `bibtool.sync`, and its report shown."""

import argparse
import os

from bibtool import stamp


def run(options: argparse.Namespace) -> int:
    if (said := _nothing_to_do(options)) is not None:
        if not options.quiet:
            print("\n".join(said))
        return 0
    from bibtool.commands import full_sync  # everything else is needed only from here on

    return full_sync.run(options, _stamped(options))


def _nothing_to_do(options: argparse.Namespace) -> list[str] | None:
    """The last words of the last run, if nothing that this one would read has changed since."""
    if options.json or options.verbose or options.refresh or options.strict:
        return None
    if any("://" in name for name in options.lists):
        return None  # what stands on the web may have changed
    return stamp.last_words(stamp.output_folder(options.out), _stamped(options))


def _stamped(options: argparse.Namespace) -> list[str]:
    """What makes two runs different though all files are the same."""
    environment = [f"{k}={os.environ[k]}" for k in sorted(os.environ) if k.startswith("BIBTOOL_")]
    private = [line for line in environment if not line.startswith("BIBTOOL_MAILTO=")]
    return [
        *options.lists,
        f"prune={options.prune}",
        f"provisional={options.provisional}",
        f"offline={options.offline}",  # what it did not ask, the next run without it asks
        *private,
    ]
