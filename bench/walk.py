"""What walking a local share costs when nothing changed, as a ratio to `os.scandir` with a stat of each entry, in the same run.

`python bench/walk.py` for 100,000 files, `--smoke` for 5,000. CPU time of the process, all threads; rounds of both in turn, the best of
each, since what else runs on the machine only adds. What is measured is the whole second pull of the connector, with what is known in memory.
"""

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MOST = 1.5
FILES = 50  # per folder


class Known:
    """What a first pull left behind, by place."""

    def __init__(self, pulled):
        from auditor.connect.protocol import Record, Unread

        self._places = {}
        for thing in pulled:
            if isinstance(thing, (Record, Unread)):
                self._places.setdefault(thing.place, {})[thing.key] = thing.fingerprint

    def fingerprint(self, key):
        return next((known[key] for known in self._places.values() if key in known), None)

    def fingerprints(self, place):
        return self._places.get(place, {})

    def watermark(self, _name):
        return None


def make(root: Path, files: int) -> None:
    for number in range(files // FILES):
        folder = root / f"Project {number // 40:03}" / f"Folder {number % 40:02}"
        folder.mkdir(parents=True)
        for name in range(FILES):
            (folder / f"Document {name:02} of the project.docx").write_bytes(b"x" * (name + 1))


def scan(root: Path) -> int:
    """The baseline: every entry, with its state, and the folders below."""
    count, waiting = 0, [str(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return count


def timed(call):
    gc.collect()
    begun = time.process_time()
    result = call()
    return time.process_time() - begun, result


def measure(files: int, rounds: int):
    from auditor.connect.protocol import Record, Scope, Unchanged, Unread, Walked
    from auditor_connectors.documents.pool import Read, ReaderPool
    from auditor_connectors.fileshare import FileshareConnector, FileshareOptions

    def nothing(_self, path):  # reading documents is not what is measured
        about = path.stat()
        return Read(None, "not_a_document", "", about.st_size, about.st_mtime_ns)

    ReaderPool.read = nothing
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        root = Path(folder)
        make(root, files)
        connector = FileshareConnector(FileshareOptions(root=root, readers=1))
        known = Known(connector.pull(Scope(), Known([])))
        scans, walks = [], []
        for _ in range(rounds):
            seconds, entries = timed(lambda: scan(root))
            scans.append(seconds)
            seconds, pulled = timed(lambda: list(connector.pull(Scope(), known)))
            walks.append(seconds)
            assert not any(isinstance(thing, (Record, Unread)) for thing in pulled)
            assert all(thing.is_delta for thing in pulled if isinstance(thing, Walked) and thing.place)
            assert sum(isinstance(thing, Unchanged) for thing in pulled) == 1
    return entries, scans, walks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a small share; the ratio is told, not judged")
    said, _ = parser.parse_known_args()  # those of the other benchmark
    entries, scans, walks = measure(5_000 if said.smoke else 100_000, 5 if said.smoke else 12)
    ratio = min(walks) / min(scans)
    print(f"walk of {entries} entries, nothing changed: {min(walks):.3f} s, scandir with a stat of each {min(scans):.3f} s")
    print(f"ratio {ratio:.2f} (at most {MOST}; medians {statistics.median(walks) / statistics.median(scans):.2f})")
    return 0 if said.smoke or ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
