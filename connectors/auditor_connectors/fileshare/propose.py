"""Folders that look like the documents of projects."""

from collections.abc import Iterator
from pathlib import Path

from auditor.connect.protocol import Proposal

_DOCUMENTS = frozenset({".docx", ".docm", ".odt", ".xlsx", ".xlsm", ".ods", ".pptx", ".pdf", ".doc", ".xls", ".ppt"})
_DEEPEST = 6
_MOST_FOLDERS = 20_000
_ENOUGH = 1_000


def propose(folder: Path) -> Iterator[Proposal]:
    """Yield the folder whose first-level folders are most likely the projects: *folder* itself, or the one below that holds nearly all.

    Hidden folders are not looked into, links not followed.
    """
    here, name = folder, "."
    while True:
        counts = {child: _count(child) for child in _folders(here)}
        full = [child for child, count in counts.items() if count]
        own = sum(1 for child in _files(here) if child.suffix.lower() in _DOCUMENTS)
        if len(full) == 1 and not own and any(_count(child) for child in _folders(full[0])):
            here = full[0]
            name = here.relative_to(folder).as_posix()
            continue
        break
    total = own + sum(counts.values())
    if total:
        many = "at least " if total >= _ENOUGH else ""
        yield Proposal({"root": name}, f"{many}{total} documents in {len(full)} folders below {name}")


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink() and not child.name.startswith("."))
    except OSError:
        return []


def _files(folder: Path) -> list[Path]:
    try:
        return [child for child in folder.iterdir() if child.is_file() and not child.name.startswith((".", "~$"))]
    except OSError:
        return []


def _count(folder: Path) -> int:
    """Return how many documents lie in *folder* and below; counting ends when there are enough to know."""
    found, waiting, seen = 0, [(folder, 0)], 0
    while waiting and found < _ENOUGH and seen < _MOST_FOLDERS:
        here, depth = waiting.pop()
        seen += 1
        found += sum(1 for child in _files(here) if child.suffix.lower() in _DOCUMENTS)
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in _folders(here)]
    return found
