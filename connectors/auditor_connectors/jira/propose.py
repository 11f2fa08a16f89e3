"""Folders that look like recorded answers of a Jira."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from auditor.connect.protocol import Proposal

_HEAD = 65_536
_DEEPEST = 4
_MOST_FOLDERS = 2_000
_SIGNS = (b'"issues"', b'"changelog"', b'"issuetype"', b'"startAt"')


def propose(folder: Path) -> Iterator[Proposal]:
    """Yield one proposal per topmost folder at or below *folder* that holds pages of issues; links are not followed."""
    waiting, seen = [(folder, 0)], 0
    while waiting and seen < _MOST_FOLDERS:
        here, depth = waiting.pop(0)
        seen += 1
        try:
            children = sorted(here.iterdir())
        except OSError:
            continue
        pages = [child for child in children if child.is_file() and child.name.lower().endswith((".json", ".json.gz"))]
        if any(_is_page(page) for page in pages[:5]):
            shown = here.relative_to(folder).as_posix()
            yield Proposal({"pages": shown}, f"{len(pages)} recorded answers of a Jira in {shown}")
            continue
        if depth < _DEEPEST:
            waiting += [
                (child, depth + 1) for child in children if child.is_dir() and not child.is_symlink() and not child.name.startswith(".")
            ]


def _is_page(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
        if head[:2] == b"\x1f\x8b":
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, _HEAD)
    except (OSError, zlib.error, gzip.BadGzipFile, EOFError):
        return False
    return sum(sign in head for sign in _SIGNS) >= 2 and b'"fields"' in head
