"""Milestones whose baseline differs between two versions of the plan, and what was decided about the move.

The older version lies in an archive with 'M7 | Interfaces accepted | 17 July', the current one says 31 July; the change that is given for
the new baseline moves M8 alone. Rules compare no texts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from auditor.config.mapping import fold
from auditor.connect.document import passages_of
from auditor.connect.values import clean, parse_day
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.documents.details import DetailWords
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.minutes import MINUTES
from auditor.snapshot.likeness import stems
from auditor.snapshot.match import plain_id
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_PLAN = "project_work_plan"
_FIRST_BASELINE = 1.0
"""Versions below it are drafts: between them dates may move."""

_DECIDING = ("change_request", "decision", "issue")
_LISTED = frozenset({"decision", "change", "issue"})
_SAID = ("title", "name", "text", "description", "rationale", "impact_analysis", "resolution", "response_detail", "comment")
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3})?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,10}\.?\s+(?:de\s+)?\d{4}")
_TOKEN = re.compile(r"(?<![\w-])[A-Z]{1,8}[-_.]?\d{1,4}(?![\w-])")
_RANGE = re.compile(r"(?<!\w)([A-Z]{1,8}[-_.]?)(\d{1,3})\s*(?:-|\u2013|\u2014|to|through|until|\u00e0|bis|al?)\s*\1?(\d{1,3})(?!\w)")
_LETTERED = re.compile(r"[A-Za-z]{1,3}[-. ]?\d{1,3}")
_SAME_PLACE = 50  # per cent of the telling words of a title that both versions have: the same milestone
_MOST = 75  # per cent of its telling words: a text speaks of it
_FEWEST_WORDS = 2
_LONGEST = 200


class _Move(NamedTuple):
    doc: Doc
    own_id: str
    title: str
    locator: str
    before: date
    after: date


def moved_milestones(rows: Iterable[Made], docs: Iterable[Doc], detail: DetailWords) -> Iterator[Made]:
    """Yield a `listed_item` (kind `figure`, `baseline_moved`) for each milestone of another baseline; its reason is what was said of it.

    Only where the registers or minutes name another milestone that moved between the same versions by its number: there one may expect
    the same of each. What moved by the same number of days as a named one and lies after it may have moved with it.
    """
    docs = list(docs)
    plans = sorted((doc for doc in docs if doc.kind == _PLAN and doc.seen.gone_at is None), key=lambda doc: (_version(doc), doc.path))
    moves: dict[str, _Move] = {}
    for series in _series(plans):
        moves |= {move.own_id: move for older, newer in pairwise(series) for move in _moves(older, newer)}
    if not moves:
        return
    live = [row for row in rows if not row.is_gone]
    deciding = list(_deciding(live, docs))
    others = list(_others(docs, detail))
    changes = {plain_id(str(own)) for row in live if row.table in _DECIDING for own in (row.id, row.extra.get("own_id")) if own}
    named = {own: next((text for text in deciding if _names(own, text)), None) for own in moves}
    if not any(named.values()):
        return
    by_name = [moves[own] for own, text in named.items() if text]
    for own, move in sorted(moves.items()):
        said = named[own] or next((text for text in (*deciding, *others) if _speaks_of(move, text, detail)), None)
        said = said or _traced(move, changes) or next((text for text in deciding if _has(text, words("later_milestones"))), None)
        if said is None and any((move.after - move.before) == (of.after - of.before) and move.before >= of.before for of in by_name):
            said = "with a milestone that a decision names"
        yield _item(move, said)


def _series(plans: Sequence[Doc]) -> Iterator[list[Doc]]:
    """Yield the baselined versions of each plan, oldest first, where the newest of them is the current one.

    Beside the work plan there may be others of its kind, such as a sheet that tracks it: each is told by its title.
    """
    by_title: dict[str, list[Doc]] = defaultdict(list)
    for doc in plans:
        by_title[fold(str(doc.values.get("title") or ""))].append(doc)
    for same in [plans, *by_title.values()] if len(by_title) > 1 else [plans]:
        current = [doc for doc in same if doc.is_current]
        baselines = [doc for doc in same if _version(doc) >= _FIRST_BASELINE]
        if len(current) == 1 and current[0] is same[-1] and len({_version(doc) for doc in baselines}) == len(baselines):
            yield baselines
            if same is plans:
                return


def _version(doc: Doc) -> float:
    found = _VERSION.search(str(doc.values.get("version") or ""))
    return float(found[0]) if found else 0.0


def _moves(older: Doc, newer: Doc) -> Iterator[_Move]:
    before = _milestones(older)
    for own, (title, on, locator) in _milestones(newer).items():
        if own not in before:
            continue
        was, on_before, _ = before[own]
        first, second = stems(was), stems(title)
        if on != on_before and first and 100 * len(first & second) >= _SAME_PLACE * len(first | second):
            yield _Move(newer, own, title, locator, on_before, on)


def _day_of_line(row: Found) -> date | None:
    """Return the day of a line of the schedule that is a milestone: it begins and ends on it, and is called 'M4' among '3.1' and '3.2'."""
    if row.table != "work_item" or _LETTERED.fullmatch(row.own_id or "") is None:
        return None
    begin, end = row.values.get("baseline_start_on"), row.values.get("baseline_due_on")
    return end if isinstance(end, date) and begin in (None, end) else None


def _milestones(doc: Doc) -> Mapping[str, tuple[str, date, str]]:
    """Return the milestones of a plan with their baselines; those whose number stands twice say nothing sure."""
    found: dict[str, tuple[str, date, str]] = {}
    twice = set[str]()
    for row in doc.read.found:
        on = row.values.get("baseline_on") if row.table == "milestone" else _day_of_line(row)
        if row.own_id and isinstance(on, date):
            twice |= {row.own_id} & found.keys()
            found[row.own_id] = (str(row.values.get("title") or ""), on, row.locator)
    return {own: value for own, value in found.items() if own not in twice}


def _deciding(rows: Sequence[Made], docs: Iterable[Doc]) -> Iterator[str]:
    for row in rows:
        if row.table in _DECIDING or (row.table == "listed_item" and row.get("kind") in _LISTED):
            yield " ".join(str(row.get(column)) for column in _SAID if row.get(column))
        elif row.table == "artefact_version" and row.get("comment"):
            yield str(row.get("comment"))
    for doc in docs:
        if doc.kind in MINUTES and doc.seen.gone_at is None:
            yield from (text for text, _locator in passages_of(doc.parsed.document))


def _others(docs: Iterable[Doc], detail: DetailWords) -> Iterator[str]:
    """Yield what other documents tell of something that was moved."""
    for doc in docs:
        if doc.kind not in MINUTES and doc.kind != _PLAN and doc.is_current and doc.seen.gone_at is None:
            yield from (text for text, _locator in passages_of(doc.parsed.document) if _has(text, detail.markers.get("moves", ())))


def _names(own: str, text: str) -> bool:
    """Say whether a text names a milestone by its number, alone or within a range: 'M8 to M10'."""
    wanted = plain_id(own)
    if any(plain_id(found[0]) == wanted for found in _TOKEN.finditer(text)):
        return True
    number = re.fullmatch(r"(.*?)(\d+)", own)
    return number is not None and any(
        fold(found[1]) == fold(number[1]) and int(found[2]) <= int(number[2]) <= int(found[3]) for found in _RANGE.finditer(text)
    )


def _speaks_of(move: _Move, text: str, detail: DetailWords) -> bool:
    """Say whether a text tells of the move: it has the milestone, its product or its words, and the new day or a word of moving."""
    own = stems(_TOKEN.sub(" ", move.title))
    tokens = {plain_id(found[0]) for found in _TOKEN.finditer(move.title)} | {plain_id(move.own_id)}
    is_of = any(plain_id(found[0]) in tokens for found in _TOKEN.finditer(text))
    is_of = is_of or (len(own) >= _FEWEST_WORDS and 100 * len(own & stems(text)) >= _MOST * len(own))
    return is_of and (_has(text, detail.markers.get("moves", ())) or any(parse_day(day[0]) == move.after for day in _DAY.finditer(text)))


def _traced(move: _Move, changes: set[str]) -> str | None:
    """Return the line of the plan itself where it names an entry of the registers: 'M7 | Interfaces accepted | CHG-03'."""
    for text, _locator in passages_of(move.doc.parsed.document):
        if text.startswith(move.own_id) and move.title in text and {plain_id(found[0]) for found in _TOKEN.finditer(text)} & changes:
            return text
    return None


def _has(text: str, phrases: Iterable[str]) -> bool:
    padded = f" {fold(text)} "
    return any(f" {phrase} " in padded for phrase in phrases)


def _item(move: _Move, said: str | None) -> Made:
    doc = move.doc
    values: dict[str, Any] = {
        "artefact_id": doc.id,
        "kind": "figure",
        "name": "baseline_moved",
        "ref": clean(f"{move.own_id} {move.title}", _LONGEST),
        "text": f"{move.before.isoformat()} / {move.after.isoformat()}",
        "reason": None if said is None else clean(said, _LONGEST),
    }
    key = digest_id("baseline_moved", doc.source, doc.path, move.own_id)
    return Made(
        "listed_item", key, values, set(values), doc.source, doc.record.url, move.locator, seen_at=doc.seen.seen_at, artefact=doc.id
    )
