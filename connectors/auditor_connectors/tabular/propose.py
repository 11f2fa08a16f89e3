"""Exports that a shipped declaration knows by their header: for `auditor init`."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from auditor.connect.protocol import Proposal
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.tabular.bind import Bound
from auditor_connectors.tabular.cells import text_of
from auditor_connectors.tabular.declare import Declaration, load_declaration, shipped_text
from auditor_connectors.tabular.lines import DELIMITERS, encoding_of, is_text, sample_rows

_KNOWN = ("jira", "msproject")
"""Declarations whose headers no other tool writes."""
_ENOUGH = 6
_MOST_FILES = 2_000
_DEEPEST = 4


def propose(folder: Path) -> Iterator[Proposal]:
    """Yield each folder whose CSV files have the header of a known export, with those files."""
    declared = {name: load_declaration(shipped_text(name), file=name)[0] for name in _KNOWN}
    found: dict[tuple[str, Path], list[str]] = defaultdict(list)
    for file in _files(folder):
        for name, table in declared.items():
            if _fits(file, table):
                found[name, file.parent].append(file.name)
    for (name, where), files in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        root = where.relative_to(folder).as_posix()
        what = {"jira": "exports of Jira", "msproject": "exports of Microsoft Project"}[name]
        yield Proposal({"root": root, "declaration": name}, f"{what} in {root}: {', '.join(sorted(files)[:5])}")


def _files(folder: Path) -> Iterator[Path]:
    seen, waiting = 0, [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            children = sorted(here.iterdir())
        except OSError:
            continue  # proposals are made of what can be seen
        for child in children:
            if child.name.startswith((".", "~$")) or child.is_symlink():
                continue
            if child.is_dir() and depth < _DEEPEST:
                waiting.append((child, depth + 1))
            elif child.suffix.casefold() == ".csv":
                seen += 1
                if seen > _MOST_FILES:
                    return
                yield child


def _fits(file: Path, table: Declaration) -> bool:
    try:
        if not is_text(file):
            return False
        encoding = encoding_of(file, is_quick=True)
        for delimiter in DELIMITERS:
            for row in sample_rows(file, encoding, delimiter, 3):
                bound = Bound(table, [text_of(cell) for cell in row], file.name)
                if bound.score() >= _ENOUGH and not bound.missing():
                    return True
    except (OSError, Unreadable):
        return False
    return False
