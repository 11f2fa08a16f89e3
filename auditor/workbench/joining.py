"""Which folder and which project of a tracker are called the same: a new configuration joins them, for a person to confirm."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.connect.values import fold
from auditor.workbench.find import toml_text
from auditor.workbench.overview import ProjectSeen

_IN_BRACKETS = re.compile(r"[()]")
_LONG = 8
"""Letters of a name that says by itself which project is meant, at the beginning of a longer one."""


@dataclass(frozen=True, slots=True)
class Join:
    """A folder and a project of a tracker that bear one name."""

    folder: str  # place of the documents, which names the project
    tracker: str  # key of the tracker's project
    name: str  # what the tracker calls it


def joins_of(seen: Iterable[ProjectSeen]) -> list[Join]:
    """Return the pairs of which each side bears the other's name and nobody else's.

    The folder is called as the key or the name of the tracker's project ('PORTAL', 'Citizen Portal'), begins with the key ('PORTAL -
    Citizen Portal'), or begins the name; or the documents call the project so ('Citizen Portal (CIT-POR)'). Blanks and hyphens in
    between do not tell names apart. A project without documents has entries of a tracker only.
    """
    seen = list(seen)
    folders = [item for item in seen if item.files or item.unreadable]
    trackers = [item for item in seen if item.work_items and item not in folders]
    pairs = [(folder, tracker) for folder in folders for tracker in trackers if _is_same(folder, tracker)]
    times = Counter(item.id for pair in pairs for item in pair)
    return [Join(_own(one.id), _own(other.id), other.name) for one, other in pairs if times[one.id] == times[other.id] == 1]


def _own(project_id: str) -> str:
    """Return the place's own name: a second place of the same name has that of its source behind it."""
    return project_id.partition("@")[0]


def _is_same(folder: ProjectSeen, tracker: ProjectSeen) -> bool:
    called, key, name = fold(_own(folder.id)), fold(_own(tracker.id)), fold(tracker.name)
    if called.startswith(f"{key} ") or (name.startswith(f"{called} ") and (len(called) >= _LONG or " " in called)):
        return True
    said = {called, *(fold(part) for part in _IN_BRACKETS.split(folder.name))}
    return bool({_joined(text) for text in said if text} & {_joined(key), _joined(name)})


def _joined(text: str) -> str:
    return text.replace(" ", "")


def configured(joins: Sequence[Join], *, folders: str, tracker: str) -> Iterator[str]:
    """Yield lines of `auditor.toml` that declare *joins*.

    Args:
        joins: what is called the same.
        folders: key of the connector of the documents (`folders`).
        tracker: that of the tracker (`jira`).
    """
    for join in joins:
        yield from (
            "",
            "[[project]]                # called the same in both sources: take it out if they are two projects",
            f"id = {toml_text(join.folder)}",
            f"{folders} = [{toml_text(join.folder)}]",
            f"{tracker} = [{toml_text(join.tracker)}]",
        )
