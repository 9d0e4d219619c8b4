"""What the .bib costs in a sync of which ten records changed: read, merged three ways, written.

    python -m benchmarks.bib_step PROJECT COUNT

Run in a project after a sync; prints processor seconds. COUNT entries get another journal, as if
a service had told it; the lock and the other entries are at hand, as they are in a run.
"""

import sys
import time
from pathlib import Path

from msgspec.structs import replace

from bibtool import bib
from bibtool.compose import BIB
from bibtool.config import load_settings
from bibtool.project import open_project
from bibtool.saving import stored_lock
from bibtool.write import write


def main(root: Path, count: int) -> float:
    project = open_project(root, load_settings(root, {}))
    base = {key: settled.entry for key, settled in stored_lock(project).entries.items()}
    theirs = dict(base)
    for key in list(base)[:: len(base) // count]:
        fields = base[key].fields
        theirs[key] = replace(base[key], fields={**fields, "journal": fields["journal"] + " B"})
    path = project.out / BIB
    lines = path.read_text(encoding="utf-8").splitlines()
    began = time.process_time()
    text, encoding = bib.decode(path.read_bytes(), BIB)
    merged = bib.three_way(bib.parse(text, BIB, written=base), base, list(theirs.values()))
    write(path, bib.encode(merged.text, encoding, BIB))
    spent = time.process_time() - began
    changed = zip(lines, path.read_text(encoding="utf-8").splitlines(), strict=True)
    assert sum(old != new for old, new in changed) == count
    return spent


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))
