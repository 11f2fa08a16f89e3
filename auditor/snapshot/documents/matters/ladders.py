"""Who decides up to which level: the tables by which handbooks and plans share out decisions on changes, issues and risks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, text_of
from auditor.snapshot.documents.matters.minutes import AGENDA, MINUTES
from auditor.snapshot.documents.matters.reports import KINDS as REPORTS
from auditor.snapshot.documents.matters.words import DetailWords
from auditor.snapshot.words import words as listed

_NOT_RULES = MINUTES | AGENDA | frozenset(REPORTS)
"""What tells of decisions, and not of who may decide."""
_HIGHEST = 25
"""Likelihood × impact on scales of five."""
_MOST_COLUMNS = 5
_MANAGER = "project_manager"
_COMMITTEES = frozenset({"project_steering_committee", "project_board"})
_NAMES = {
    "change": ("change_size_beyond_manager", "change_size_of_committee"),
    "issue": ("issue_size_beyond_manager", "issue_size_of_committee"),
    "risk": ("risk_level_beyond_manager", "risk_level_of_committee"),
}
_PLANS = {"project_change_management_plan": "change", "issue_management_plan": "issue", "risk_management_plan": "risk"}
_BRACKETS = re.compile(r"\([^()]*\)")
_SEGMENTS = re.compile(r"\s*[,;]\s*")
_TOGETHER = re.compile(r"\s+(?:and|und|et|y|e)\s+|\s*[&/+]\s*", re.IGNORECASE)
_NUMBER = r"(\d{1,2})"
_LEVELS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b{_NUMBER}\s*(?:[-\u2013\u2014]|\b(?:to|bis|à|a|and|und|et|y)\b)\s*{_NUMBER}\b"), "between"),
    (
        re.compile(
            rf"\b{_NUMBER}\s*(?:\+|(?:and|or) (?:more|above|higher|over)\b|et plus\b|ou plus\b|et au-dessus\b|(?:und|oder) (?:mehr|höher)\b"
            r"|[yo] más\b|o superior\b|en adelante\b)"
        ),
        "from",
    ),
    (re.compile(rf"(?:\b(?:from|at least|ab|mindestens|à partir de|dès|au moins|desde|a partir de|al menos)|≥|>=)\s*{_NUMBER}\b"), "from"),
    (re.compile(rf"(?:\b(?:up to|at most|bis zu|bis|höchstens|jusqu['’]à|au plus|hasta|como máximo)|≤|<=)\s*{_NUMBER}\b"), "to"),
    (re.compile(rf"(?:\b(?:below|under|less than|unter|kleiner als|inférieure? à|moins de|menos de|inferior a)|<)\s*{_NUMBER}\b"), "below"),
    (
        re.compile(rf"(?:\b(?:above|over|more than|über|mehr als|größer als|supérieure? à|plus de|más de|superior a)|>)\s*{_NUMBER}\b"),
        "above",
    ),
    (re.compile(rf"\b{_NUMBER}\b"), "is"),
)


class _Step(NamedTuple):
    first: int
    last: int
    roles: frozenset[str]
    locator: str


def read_ladders(reading: Reading) -> Iterator[Found]:
    """Yield a row of `project_parameter` for the lowest level beyond the project manager, and for the lowest of the steering committee.

    Only a table whose levels follow each other without a gap, each with a decider that is known, says so; any other says nothing.
    """
    if reading.kind in _NOT_RULES:
        return
    for grid in reading.grids:
        steps: dict[str, list[_Step | None]] = {}
        for subject, step in _steps(reading, grid):
            steps.setdefault(subject, []).append(step)
        for subject, found in sorted(steps.items()):
            yield from _limits(reading, grid, subject, found)


def _limits(reading: Reading, grid: Grid, subject: str, found: Sequence[_Step | None]) -> Iterator[Found]:
    ladder = sorted(step for step in found if step is not None)
    if len(ladder) < 2 or len(ladder) < len(found) or ladder[0].first > 1:
        return
    if any(above.first != below.last + 1 for below, above in pairwise(ladder)):
        return
    beyond, committee = _NAMES[subject]
    last = max((number for number, step in enumerate(ladder) if _MANAGER in step.roles), default=None)
    if last is not None and last + 1 < len(ladder):
        yield _parameter(reading, grid, beyond, ladder[last + 1])
    if (first := next((step for step in ladder if step.roles & _COMMITTEES), None)) is not None and first.first > 1:
        yield _parameter(reading, grid, committee, first)


def _parameter(reading: Reading, grid: Grid, name: str, step: _Step) -> Found:
    row = Filling(reading, "project_parameter")
    row.set("name", name)
    row.set("value", str(step.first))
    row.below(grid.heading)
    return row.found(step.locator, "parameter", name)


def _steps(reading: Reading, grid: Grid) -> Iterator[tuple[str, _Step | None]]:
    """Yield subject and step for each line that states who decides; None for a line that is not understood."""
    if len(grid.lines) < 2:
        return
    heads = [clean(text_of(cell), 200) for cell in grid.lines[0].cells]
    keys = [fold(_BRACKETS.sub(" ", head)) for head in heads]
    decides = [place for place, key in enumerate(keys) if key in listed("ladder_deciders")]
    topics = [place for place, key in enumerate(keys) if key in listed("ladder_subjects")]
    if len(decides) == 1 and len(heads) <= _MOST_COLUMNS:
        yield from _down(reading, grid, heads, decides[0], topics[0] if len(topics) == 1 else None)
    elif topics == [0] and len(heads) > 2:
        yield from _across(grid, [_deciders(reading.words, head) for head in heads])


def _down(reading: Reading, grid: Grid, heads: Sequence[str], decides: int, topic: int | None) -> Iterator[tuple[str, _Step | None]]:
    """Read one level a line: 'Change size | Decided by'."""
    measured = [place for place, head in enumerate(heads) if place not in {decides, topic} and _is_measure(head)]
    if len(measured) != 1:
        return
    whole = set() if topic is not None else _subject_of(reading, grid, heads[measured[0]])
    if topic is None and len(whole) != 1:
        return
    for line in grid.lines[1:]:
        level = clean(text_of(line.cell(measured[0])), 200)
        subjects = whole if topic is None else _subjects(text_of(line.cell(topic)))
        span = level_in(level)
        if topic is None and span is None and not any(sign.isdigit() for sign in level):
            continue  # 'Outside the limits of the Charter' is beyond the scale
        roles = _deciders(reading.words, text_of(line.cell(decides)))
        for subject in subjects:
            yield subject, _Step(*span, roles, line.locator) if span is not None and roles else None


def _across(grid: Grid, heads: Sequence[frozenset[str]]) -> Iterator[tuple[str, _Step | None]]:
    """Read the levels of one subject a line, below those who decide: 'Subject | BM and PM | PSC'."""
    for line in grid.lines[1:]:
        for subject in _subjects(text_of(line.cell(0))):
            for place, roles in enumerate(heads[1:], start=1):
                level = clean(text_of(line.cell(place)), 200)
                span = level_in(level)
                if span is not None:
                    yield subject, _Step(*span, roles, line.locator) if roles else None
                elif any(sign.isdigit() for sign in level) and "%" not in level:
                    yield subject, None


def _is_measure(head: str) -> bool:
    key = fold(_BRACKETS.sub(" ", head))
    return key in listed("ladder_limits") or not listed("ladder_measures").isdisjoint(key.split())


def _subject_of(reading: Reading, grid: Grid, head: str) -> set[str]:
    """Return what a table is about that has no column for it: by its head, the line above it, or the plan it stands in."""
    if found := _subjects(head):
        return found
    if grid.above and (found := _subjects(grid.above[0])):
        return found
    return {_PLANS[reading.kind]} if reading.kind in _PLANS else set()


def _subjects(text: str) -> set[str]:
    said = set(fold(text).split())
    return {subject for subject, words in _subject_words().items() if not words.isdisjoint(said)}


def _subject_words() -> Mapping[str, frozenset[str]]:
    return {subject: listed(f"ladder_{subject}") for subject in _NAMES}


def level_in(text: str) -> tuple[int, int] | None:
    """Return the first and last level that *text* means and says nothing else: 'size 1-2', 'level 16 and more', 'bis 15'.

    What stands in brackets explains it. Two conditions, a share or a number of days are no level of a scale.
    """
    said = clean(_BRACKETS.sub(" ", text), 200).casefold()
    for pattern, means in _LEVELS:
        match = pattern.search(said)
        if match is None:
            continue
        rest = f"{said[: match.start()]} {said[match.end() :]}"
        if any(sign.isdigit() or sign in "%€$£" for sign in rest) or not set(fold(rest).split()) <= listed("ladder_measures"):
            return None
        first, last = _span(means, int(match[1]), int(match[match.lastindex or 1]))
        return (first, last) if 1 <= first <= last <= _HIGHEST else None
    return None


def _span(means: str, number: int, last: int) -> tuple[int, int]:
    return {
        "between": (number, last),
        "from": (number, _HIGHEST),
        "to": (1, number),
        "below": (1, number - 1),
        "above": (number + 1, _HIGHEST),
    }.get(means, (number, number))


def _deciders(words: DetailWords, text: str) -> frozenset[str]:
    """Return the roles that decide; empty when one of them is not known.

    'PM and BM, PSC informed afterwards': what follows the comma belongs only when it is a role as well.
    """
    segments = [part for part in _SEGMENTS.split(clean(_BRACKETS.sub(" ", text), 200)) if part.strip()]
    if not segments:
        return frozenset()
    found = [_roles(words, part) for part in segments]
    return frozenset().union(*found) if all(found) and not any(map(_is_told, segments)) else found[0]


def _is_told(segment: str) -> bool:
    return any(word.startswith(("inform", "told", "consult", "notif")) for word in fold(segment).split())


def _roles(words: DetailWords, segment: str) -> frozenset[str]:
    roles = [_role(words, part) for part in _TOGETHER.split(segment) if part.strip()]
    return frozenset(role for role in roles if role is not None) if None not in roles else frozenset()


def _role(words: DetailWords, part: str) -> str | None:
    """Return the role with which *part* begins: 'Business Manager in the status meeting'."""
    if _is_told(part):
        return None
    tokens = part.split()
    if not (listed("of_others") | listed("contractors")).isdisjoint(fold(part).split()):
        return None  # 'Project Manager of the supplier'
    return next((role for count in range(len(tokens), 0, -1) if (role := words.role(" ".join(tokens[:count]))) is not None), None)
