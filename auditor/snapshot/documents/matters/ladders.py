"""Who decides up to which level: the tables by which handbooks and plans share out decisions on changes, issues and risks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from auditor.connect.document import TextBlock
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
_HIGHEST_SIZE = 5
_LOWEST_RISK = 6
"""Below it a number in a sentence may be a likelihood or an impact."""
_MOST_COLUMNS = 5
_MOST_WITH_SUBJECTS = 8
_MANAGER = "project_manager"
COMMITTEES = frozenset({"project_steering_committee", "project_board"})
_MANAGERS = frozenset({_MANAGER, "business_manager"})
_NAMES = {
    "change": ("change_size_beyond_manager", "change_size_of_committee"),
    "issue": ("issue_size_beyond_manager", "issue_size_of_committee"),
    "risk": ("risk_level_beyond_manager", "risk_level_of_committee"),
}
_BEYOND_BOTH = {"change": "change_size_beyond_managers"}
_HANDBOOKS = frozenset({"project_handbook", "project_initiation_documentation"})
_PLANS = {"project_change_management_plan": "change", "issue_management_plan": "issue", "risk_management_plan": "risk"}
_BRACKETS = re.compile(r"\([^()]*\)")
_SEGMENTS = re.compile(r"\s*[,;]\s*")
_TOGETHER = re.compile(r"\s+(?:and|und|et|y|e|with|mit|avec|con)\s+|\s*[&/+]\s*", re.IGNORECASE)
_EITHER = re.compile(r"\s+(?:and|und|et|y|e|or|oder|ou|o|u)\s+", re.IGNORECASE)
_TAIL = re.compile(r"\s*[,;]\s*|\s+(?=(?:or|oder|ou|o|u)\s)", re.IGNORECASE)
_AMOUNT_OF = r"\d[\d.,'’\u00a0\u202f ]*"
_MONEY = re.compile(
    rf"(?:[€£$]|\b(?:EUR|GBP|USD|CHF)\b)\s?{_AMOUNT_OF}|{_AMOUNT_OF}\s?(?:k|m|Mio\.?|Tsd\.?)?\s?(?:[€£$]|(?:EUR|GBP|USD|CHF|euros?)\b)",
    re.IGNORECASE,
)
_AND_MONEY = re.compile(rf"\s+(?:and|und|et|y|e)\s+(?=[^\d€£$]{{0,40}}(?:{_MONEY.pattern}))", re.IGNORECASE)
_OR = re.compile(r"(?:or|oder|ou|o|u)\s", re.IGNORECASE)
_MEASURED = re.compile(r"(?<=[^\W\d]\s)([^\W\d_]+)\s+(?=\d)")  # 'from size 3' is 'from 3'
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_CLAUSE = re.compile(r"\s*[;:()]\s*|\.(?!\d)")
_COMMA = re.compile(r"\s*,\s+")
_LONGEST_SENTENCE = 400
_LONGEST_ROLE = 4  # words
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
    """Yield a row of `project_parameter` for the lowest level beyond the managers, and for the lowest of the steering committee.

    Only a table whose levels follow each other without a gap, each with a decider that is known, says so; any other says nothing. A plan
    or the Handbook may say in a sentence what goes to the committee.
    """
    if reading.kind in _NOT_RULES:
        return
    tabled: set[object] = set()
    yield from _told_delays(reading)
    for grid in reading.grids:
        steps: dict[str, list[_Step | None]] = {}
        for subject, step in _steps(reading, grid):
            steps.setdefault(subject, []).append(step)
        for subject, found in sorted(steps.items()):
            for row in _limits(reading, grid, subject, found):
                tabled.add(row.values["name"])
                yield row
    yield from (row for row in _told(reading) if row.values["name"] not in tabled)


_BEYOND_DAYS = re.compile(
    r"(?:\b(?:above|over|more than|beyond|exceeding|longer than|über|mehr als|länger als"
    r"|supérieure? à|plus de|au-delà de|dépassant|más de|superior a)|>)\s*"
    r"(\d{1,3})\s+([^\W\d_]+(?:\s[^\W\d_]+)?)",
    re.IGNORECASE,
)


def _told_delays(reading: Reading) -> Iterator[Found]:
    """Yield from how many days on the delay of a milestone goes to the committee, as a line of a table or a sentence says.

    'Delay of a milestone | up to 20 days | - | more than 20 days', 'A milestone late by more than 20 days is brought before the committee'.
    """
    found: dict[str, Found] = {}
    for grid in reading.grids if reading.kind in _HANDBOOKS or reading.kind in _PLANS else ():
        heads = [clean(text_of(cell), 200) for cell in grid.lines[0].cells]
        for row in grid.lines[1:]:
            told = [
                text_of(row.cell(place))
                for place, head in enumerate(heads)
                if place and COMMITTEES & deciders(reading.words, _without_verb(head))
            ]
            if not _is_delay(text_of(row.cell(0))) or len(told) != 1 or (days := _days_beyond(reading, told[0])) is None:
                continue
            found.setdefault(days, _delay(reading, grid.heading, days, row.locator))
    for line in reading.prose if reading.kind in _HANDBOOKS else ():
        for sentence in _SENTENCE.split(clean(line.text, 8000)):
            _, committees, _ = _without_committees(reading.words, sentence)
            days = _days_beyond(reading, sentence) if committees and _is_delay(sentence) and len(sentence) <= _LONGEST_SENTENCE else None
            if days is not None:
                found.setdefault(days, _delay(reading, line.heading, days, line.block.locator))
    if len(found) == 1:
        yield from found.values()


def _is_delay(text: str) -> bool:
    return not listed("ladder_delay").isdisjoint(fold(text).split())


def _days_beyond(reading: Reading, text: str) -> str | None:
    found = set()
    for number, words in _BEYOND_DAYS.findall(text):
        told = fold(words).split()
        units = reading.words.values.get("unit_days", {})
        is_work = not listed("ladder_working").isdisjoint(told)
        unit = next((int(units[word]) for word in told if word in units), 1 if is_work else None)
        if unit is None:
            return None
        found.add(-(-int(number) * 7 // 5) if is_work and unit == 1 else int(number) * unit)
    return str(found.pop()) if len(found) == 1 else None


def _delay(reading: Reading, heading: TextBlock | None, days: str, locator: str) -> Found:
    row = Filling(reading, "project_parameter")
    row.set("name", "schedule_threshold")
    row.set("value", days)
    row.set("unit", "days")
    row.below(heading)
    return row.found(locator, "parameter", "schedule_threshold")


def _limits(reading: Reading, grid: Grid, subject: str, found: Sequence[_Step | None]) -> Iterator[Found]:
    ladder = sorted(step for step in found if step is not None)
    if len(ladder) < 2 or len(ladder) < len(found) or ladder[0].first > 1:
        return
    if any(above.first != below.last + 1 for below, above in pairwise(ladder)):
        return
    beyond, committee = _NAMES[subject]
    last = max((number for number, step in enumerate(ladder) if _MANAGER in step.roles), default=None)
    if last is not None and last + 1 < len(ladder):
        yield _parameter(reading, grid.heading, beyond, ladder[last + 1])
    managed = max((number for number, step in enumerate(ladder) if step.roles & _MANAGERS), default=None)
    if managed is not None and managed + 1 < len(ladder) and subject in _BEYOND_BOTH:
        yield _parameter(reading, grid.heading, _BEYOND_BOTH[subject], ladder[managed + 1])
    if (first := next((step for step in ladder if step.roles & COMMITTEES), None)) is not None and first.first > 1:
        yield _parameter(reading, grid.heading, committee, first)


def _parameter(reading: Reading, heading: TextBlock | None, name: str, step: _Step) -> Found:
    row = Filling(reading, "project_parameter")
    row.set("name", name)
    row.set("value", str(step.first))
    row.below(heading)
    return row.found(step.locator, "parameter", name)


def _told(reading: Reading) -> Iterator[Found]:
    """Yield from which level on sentences of a plan or of the Handbook leave it to the committee: 'From 15 the risk goes to the PSC'.

    Two sentences that say two levels say none.
    """
    if reading.kind not in _PLANS and reading.kind not in _HANDBOOKS:
        return
    found: dict[str, list[Found]] = {}
    for line in reading.prose:
        for sentence in _SENTENCE.split(clean(line.text, 8000)):
            if len(sentence) > _LONGEST_SENTENCE:
                continue
            for clause in _clauses(sentence):
                for subject in _subjects(clause) or _subjects(sentence) or {_PLANS.get(reading.kind or "", "")} - {""}:
                    first = _left_to_committee(reading.words, subject, clause)
                    if first is not None:
                        step = _Step(first, _HIGHEST, COMMITTEES, line.block.locator)
                        found.setdefault(subject, []).append(_parameter(reading, line.heading, _NAMES[subject][1], step))
    for _, rows in sorted(found.items()):
        if len({row.values["value"] for row in rows}) == 1:
            yield rows[0]


def _clauses(sentence: str) -> Iterator[str]:
    for clause in _CLAUSE.split(sentence):
        parts = _COMMA.split(clause)
        yield clause
        if len(parts) > 1:
            yield from parts


def _left_to_committee(words: DetailWords, subject: str, clause: str) -> int | None:
    """Return the level from which on a clause leaves a subject to the committee; None when it says anything besides."""
    plain = clean(clause, _LONGEST_SENTENCE)
    measures = listed("ladder_measures")
    bare = _MEASURED.sub(lambda match: " " if fold(match[1]) in measures else match[0], plain)
    return next((first for said in dict.fromkeys((plain, bare)) if (first := _first_of(words, subject, said)) is not None), None)


def _first_of(words: DetailWords, subject: str, said: str) -> int | None:
    level = next((found for pattern, means in _LEVELS if (found := _level_of(pattern, means, said.casefold())) is not None), None)
    if level is None:
        return None
    (first, last), start, end = level
    rest, committees, others = _without_committees(words, f"{said[:start]} | {said[end:]}")
    top, lowest = (_HIGHEST, _LOWEST_RISK) if subject == "risk" else (_HIGHEST_SIZE, 2)
    is_open = last in {top, _HIGHEST} and lowest <= first <= top
    return first if committees and not others and is_open and set(fold(rest).split()) <= listed("ladder_sentence") | _small() else None


def _level_of(pattern: re.Pattern[str], means: str, said: str) -> tuple[tuple[int, int], int, int] | None:
    match = pattern.search(said)
    if match is None or any(sign.isdigit() or sign in "%€$£" for sign in said[: match.start()] + said[match.end() :]):
        return None
    return _span(means, int(match[1]), int(match[match.lastindex or 1])), match.start(), match.end()


def _small() -> frozenset[str]:
    return listed("ladder_measures") | listed("ladder_limits") | frozenset().union(*_subject_words().values())


def _without_committees(words: DetailWords, text: str) -> tuple[str, int, int]:
    """Return *text* without the bodies and roles it names, and how many of them are a committee, how many are not."""
    tokens = [token.strip(",.;:'’\"”“") for token in text.split()]
    kept: list[str] = []
    committees = others = place = 0
    while place < len(tokens):
        for count in range(min(_LONGEST_ROLE, len(tokens) - place), 0, -1):
            phrase = " ".join(tokens[place : place + count])
            role = words.short_roles.get(phrase) or words.roles.get(fold(phrase))
            if role is not None:
                committees, others = (committees + 1, others) if role in COMMITTEES else (committees, others + 1)
                place += count
                break
        else:
            kept.append(tokens[place])
            place += 1
    return " ".join(kept), committees, others


def _steps(reading: Reading, grid: Grid) -> Iterator[tuple[str, _Step | None]]:
    """Yield subject and step for each line that states who decides; None for a line that is not understood."""
    if len(grid.lines) < 2:
        return
    heads = [clean(text_of(cell), 200) for cell in grid.lines[0].cells]
    keys = [fold(_BRACKETS.sub(" ", head)) for head in heads]
    decides = [place for place, key in enumerate(keys) if key in listed("ladder_deciders")]
    topics = [place for place, key in enumerate(keys) if key in listed("ladder_subjects")]
    measured = [place for place, head in enumerate(heads) if place not in decides and _is_measure(head)]
    subjects = [place for place in measured if _subjects(heads[place])]
    if len(decides) == 1 and not topics and subjects and len(measured) > 1 and len(heads) <= _MOST_WITH_SUBJECTS:
        yield from _beside(reading, grid, heads, decides[0], subjects)
    elif len(decides) == 1 and len(heads) <= _MOST_COLUMNS:
        yield from _down(reading, grid, heads, decides[0], topics[0] if len(topics) == 1 else None)
    elif topics == [0] and len(heads) > 2:
        yield from _across(grid, [deciders(reading.words, _without_verb(head)) for head in heads])


def _without_verb(head: str) -> str:
    """Return who a head names: 'Decided by BM and PM' names 'BM and PM'."""
    parts = head.split()
    for count in range(min(_LONGEST_ROLE, len(parts) - 1), 0, -1):
        if fold(" ".join(parts[:count])) in listed("ladder_deciders"):
            return " ".join(parts[count:])
    return head


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
        span = _span_in(level)
        if topic is None and span is None and not any(sign.isdigit() for sign in level):
            continue  # 'Outside the limits of the Charter' is beyond the scale
        roles = deciders(reading.words, text_of(line.cell(decides)))
        for subject in subjects:
            yield subject, _Step(*span, roles, line.locator) if span is not None and roles else None


def _beside(
    reading: Reading, grid: Grid, heads: Sequence[str], decides: int, subjects: Sequence[int]
) -> Iterator[tuple[str, _Step | None]]:
    """Read one decider a line with a column for each subject: 'Level | Issues and changes (size) | Risks | Decided by'."""
    for line in grid.lines[1:]:
        roles = deciders(reading.words, text_of(line.cell(decides)))
        for place in subjects:
            level = clean(text_of(line.cell(place)), 200)
            span = _span_in(level)
            if span is None and not any(sign.isdigit() for sign in level):
                continue
            for subject in _subjects(heads[place]):
                yield subject, _Step(*span, roles, line.locator) if span is not None and roles else None


def _across(grid: Grid, heads: Sequence[frozenset[str]]) -> Iterator[tuple[str, _Step | None]]:
    """Read the levels of one subject a line, below those who decide: 'Subject | BM and PM | PSC'."""
    for line in grid.lines[1:]:
        for subject in _subjects(text_of(line.cell(0))):
            for place, roles in enumerate(heads[1:], start=1):
                level = clean(text_of(line.cell(place)), 200)
                span = _span_in(level)
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


def _span_in(text: str) -> tuple[int, int] | None:
    """Return the first and last level of a cell that may say more: 'size 1-2, no effect on milestones', '3-5 or any draw on contingency'.

    What else the lowest level asks for leaves those above to others; beyond it only more ways to come there may follow.
    """
    if (span := level_in(text)) is not None:
        return span
    each = {level_in(part) for part in _EITHER.split(text)}
    if len(each) == 1 and (span := each.pop()) is not None:
        return span  # 'impact 1-3 and size 1-3'
    head, *rest = _TAIL.split(text) if _AND_MONEY.search(text) is None else _AND_MONEY.split(text, maxsplit=1)
    span = level_in(head) or (_span_in(head) if rest and head != text else None)
    if span is None:
        return None
    tail = text[len(head) :].strip(" ,;")
    # '4 and 5, or a cost above EUR 10,000': an amount of money is no level of the scale
    is_other_way, has_number = _OR.match(tail) is not None, any(sign.isdigit() for sign in _MONEY.sub(" ", tail))
    if span[0] == 1:
        return span if not has_number or (not is_other_way and level_in(tail) is None) else None
    return span if is_other_way and not has_number else None


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


def deciders(words: DetailWords, text: str) -> frozenset[str]:
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
