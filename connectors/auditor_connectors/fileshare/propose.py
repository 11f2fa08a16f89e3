"""Folders that look like the documents of projects."""

# ruff: noqa: SIM905  (lists of words read better as one text)
from collections.abc import Iterator
from pathlib import Path

from auditor.connect.protocol import Proposal
from auditor.connect.values import fold

_DOCUMENTS = frozenset({".docx", ".docm", ".odt", ".xlsx", ".xlsm", ".ods", ".pptx", ".pdf", ".doc", ".xls", ".ppt"})
_DEEPEST = 6
_MOST_FOLDERS = 20_000
_ENOUGH = 1_000
_FEWEST_PARTS = 3
_PARTS = frozenset(
    "initiating initiation start starting startup mandate planning plans executing execution delivery deliverables control controlling "
    "monitoring steering governance closing closure meetings minutes board committee reports reporting registers logs stages stage pid "
    "quality risks issues changes communication contracts procurement archive misc miscellaneous other various admin templates finance "
    "initiierung planung durchfuhrung ausfuhrung steuerung abschluss protokolle sitzungen berichte register qualitat risiken "
    "kommunikation vertrage archiv diverses sonstiges vorlagen "
    "initialisation lancement planification execution pilotage suivi cloture reunions comptes rapports registres qualite risques contrats "
    "archives divers modeles "
    "inicio iniciacion planificacion ejecucion seguimiento cierre reuniones actas informes "
    "registros calidad riesgos contratos varios".split()
)
"""Words by which the folders of one project are called, folded."""


def propose(folder: Path) -> Iterator[Proposal]:
    """Yield the folder whose first-level folders are most likely the projects: *folder* itself, or the one below that holds nearly all.

    Hidden folders are not looked into, links not followed.
    """
    here, name = folder, "."
    while True:
        counts = {child: _count(child) for child in _folders(here)}
        full = [child for child, count in counts.items() if count]
        own = sum(1 for child in _files(here) if child.suffix.lower() in _DOCUMENTS)
        inside = [child.name for child in _folders(full[0]) if _count(child)] if len(full) == 1 and not own else []
        if inside and not _are_parts(inside):
            here = full[0]
            name = here.relative_to(folder).as_posix()
            continue
        break
    total = own + sum(counts.values())
    if total and here == folder and _are_parts([child.name for child in full]):
        yield Proposal(
            {"root": ".."},
            f"{total} documents: the folders here are the parts of one project",
            places={folder.resolve().name: "this folder"},
        )
    elif total:
        many = "at least " if total >= _ENOUGH else ""
        yield Proposal({"root": name}, f"{many}{total} documents in {len(full)} folders below {name}")


def _are_parts(names: list[str]) -> bool:
    """Say whether folders are what one project is filed in, '01 Initiating', 'Meetings', and not projects themselves."""
    parts = sum(not _PARTS.isdisjoint(fold(name.replace("_", " ")).split()) for name in names)
    return parts >= _FEWEST_PARTS and 2 * parts > len(names)


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
