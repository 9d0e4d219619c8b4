"""`bibtool merge`: several .bib files to one, duplicates united; offline."""

import argparse
import json
import sys
from pathlib import Path

from bibtool import bib
from bibtool.bib import Bibliography, Encoding, merge
from bibtool.errors import Unreadable
from bibtool.model import Place
from bibtool.write import write_anywhere


def run(options: argparse.Namespace) -> int:
    read = [_read(name) for name in options.bibs]
    files = [file for file, _ in read]
    for file in files:
        for problem in file.problems:
            print(f"{problem.place}: {problem.message}", file=sys.stderr)
    merged = merge.merge(
        files, sort=options.sort, preamble=options.preamble, dialect=options.dialect
    )
    for notice in merged.notices:
        print(f"{notice.place}: {notice.message}", file=sys.stderr)
    encodings = {encoding for _, encoding in read}
    encoding = read[0][1] if len(encodings) == 1 else Encoding()
    data = bib.encode(merged.text, encoding, options.output or "stdout")
    if options.keys:
        text = json.dumps(merged.keys, indent=1, sort_keys=True, ensure_ascii=False)
        write_anywhere(Path(options.keys), f"{text}\n".encode())
    if options.output:
        write_anywhere(Path(options.output), data)
        print(f"{options.output}: {merged.entries} entries", file=sys.stderr)
    else:
        sys.stdout.buffer.write(data)
    return 0


def _read(name: str) -> tuple[Bibliography, Encoding]:
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise Unreadable(Place(name, 1), error.strerror or str(error)) from error
    text, encoding = bib.decode(data, name)
    return bib.parse(text, name), encoding
