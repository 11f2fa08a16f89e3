"""Management stages of one project: which row tells of a stage, and when it was authorised, began and ended.

Every version of a plan lists the stages; rules read each once, as the newest plan has it. Plans say when a stage is to begin and to end.
That it did is known where somebody says so who knew: a plan that was brought up to date afterwards and still shows the day, the first
report of the stage whose period holds the day, the next stage, the closing of the project. Where none does, the days stay unknown.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from auditor.connect.values import fold, parse_day
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

_REGULAR = frozenset({"status", "progress", "highlight"})
_WEEK = timedelta(7)
_TAKEN = frozenset({"approved", "implemented"})
_LIKE_PLANS = frozenset({"project_initiation_documentation"})  # hold the plan where it is no document of its own
_NO_LEVELS = frozenset({"business_case", "benefits_management_approach", "benefits_management_plan"})  # they set no tolerances of a level
_IN_FORCE = frozenset({"approved", "baselined"})
_TELLING = frozenset({"status", "progress", "highlight", "end_stage"})
_DAY = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}(?:\.|st|nd|rd|th|er)?(?: de)? [^\W\d_]{3,10}\.?(?: (?:de )?\d{4})?"
# Looks ahead only: in 'Stage 2 was closed and stage 3 began on 22 June' what stage 2 is said to have done must not hide what stage 3 did.
_BEGUN = re.compile(rf"(?<!\w)(?=([^\W\d_]+) (\d{{1,2}})((?: [^\W\d_]+){{1,4}}) ({_DAY}))")
_NUMBER = re.compile(r"\d{1,2}")
_PARTS = re.compile(r"\s*(?:[,;:/+&()]|\s[-–—]\s|(?<!\w)(?:and|und|et|y)(?!\w))\s*")  # what stands between two things that a milestone says
_SMALL = frozenset({"of", "the", "de", "la", "le", "l", "du", "der", "des", "von", "management"})


def choose_stages(rows: Iterable[Made]) -> None:
    """Leave one row of each numbered stage for rules: that of the current document, of the newest where several are.

    Of current documents one that knows when the stages began comes before one that only plans them, however that was approved.
    """
    rows = [row for row in rows if not row.is_gone]
    artefacts = {row.id: row for row in rows if row.table == "artefact"}
    of_number: dict[tuple[str, int], list[Made]] = defaultdict(list)
    for row in rows:
        if row.table == "stage" and row.get("number") is None and (begins := number_of(str(row.get("name") or ""))) is not None:
            row.put("number", begins)  # a table that calls its stages '2 Build'
        if row.table == "stage" and row.artefact and isinstance(number := row.get("number"), int):
            of_number[row.source, number].append(row)
    for first in _unnumbered_first(rows):
        of_number[first.source, first.values["number"]].append(first)
    for same in of_number.values():
        ranks = {id(row): _rank(artefacts.get(row.artefact)) for row in same}
        best = max(same, key=lambda row: (*ranks[id(row)][:2], row.get("started_on") is not None, *ranks[id(row)][2:], row.id))
        for row in same:
            row.is_record = row is best


def _unnumbered_first(rows: Iterable[Made]) -> Iterator[Made]:
    """Yield the initiation stages that a document lists without a number before numbered ones, with the number before theirs."""
    listed: dict[str, list[Made]] = defaultdict(list)
    for row in rows:
        if row.table == "stage" and row.artefact:
            listed[row.artefact].append(row)
    for stages in listed.values():
        first = [row for row in stages if row.get("number") is None]
        numbers = [number for row in stages if isinstance(number := row.get("number"), int)]
        said = f" {fold(str(first[0].get('name') or ''))} " if len(first) == 1 else ""
        if numbers and any(f" {word} " in said for word in words("initiation_stage")):
            first[0].put("number", min(numbers) - 1)
            yield first[0]


def spread_allowances(rows: Sequence[Made]) -> Iterator[Made]:
    """Yield the tolerances that are set for every stage, as those of each stage after the initiation that has none of its own.

    The row that names no stage is no tolerance of a stage by itself and is not read by rules.
    """
    live = [row for row in rows if not row.is_gone and row.is_record]
    stages = [row for row in live if row.table == "stage" and row.get("kind") != "initiation"]
    _read_twice([row for row in live if row.table == "allowance"])
    _leave_out_objectives(live)
    allowances = [row for row in live if row.table == "allowance" and row.get("level") == "stage"]
    _belong_to_plans(live, allowances)
    own = {(row.get("level_id"), row.get("aspect")) for row in allowances if row.get("level_id") is not None}
    for row in allowances:
        if "level_id" in row.filled or not stages:
            continue
        row.is_record = False
        for stage in stages:
            if (stage.id, row.get("aspect")) not in own:
                copy = replace(row, id=f"{row.id}:{stage.id}", values=dict(row.values), filled=set(row.filled), is_record=True)
                copy.put("level_id", stage.id)
                yield copy


_OF_STAGES = frozenset({"stage_plan", "exception_plan"})


def plans_of_stages(rows: Sequence[Made]) -> Iterator[Made]:
    """Yield to which stage each edition of a stage plan, or of an exception plan, belongs: that which its title or file alone names."""
    live = [row for row in rows if not row.is_gone]
    stages = [row for row in live if row.table == "stage" and row.is_record]
    for plan in live:
        if plan.table != "artefact" or plan.get("kind") not in _OF_STAGES:
            continue
        meant = sorted(_stages_of(plan, stages))
        if len(meant) == 1:
            said = {
                "from_table": "artefact",
                "from_id": plan.id,
                "to_table": "stage",
                "to_id": meant[0],
                "kind": "references",
                "is_broken": False,
            }
            link_id = digest_id(plan.source, "link", plan.id, "stage", meant[0], "title")
            yield Made("link", link_id, said, set(said), plan.source, plan.url, seen_at=plan.seen_at)


def _read_twice(allowances: Sequence[Made]) -> None:
    """Leave out what was read as an entry of a register, without a level, of a line that was read as a tolerance with one."""
    told = {(row.artefact, row.locator) for row in allowances if row.locator and row.get("level") is not None}
    for row in allowances:
        if row.get("level") is None and (row.artefact, row.locator) in told:
            row.is_record = False


def _leave_out_objectives(rows: Sequence[Made]) -> None:
    """Leave out what a business case allows its objectives and benefits: without level and aspect it is no tolerance."""
    cases = {row.id for row in rows if row.table == "artefact" and row.get("kind") in _NO_LEVELS}
    for row in rows:
        if row.table == "allowance" and row.artefact in cases and row.get("level") is None and row.get("aspect") is None:
            row.is_record = False


def _belong_to_plans(rows: Sequence[Made], allowances: Sequence[Made]) -> None:
    """Let the tolerances that a stage plan lists be those of its stage, where its title or its file names exactly one by number or name."""
    plans = {row.id: row for row in rows if row.table == "artefact" and row.get("kind") == "stage_plan"}
    stages = [row for row in rows if row.table == "stage"]
    for row in allowances:
        plan = plans.get(row.artefact)
        if plan is None or "level_id" in row.filled:
            continue
        meant = _stages_of(plan, stages)
        if len(meant) == 1:
            row.put("level_id", meant.pop())


_CODED = re.compile(r"((?:WP|AP|LT|PT)[-_. ]?\d{1,4}(?:\.\d{1,3})*)(?!\w)", re.IGNORECASE)


def choose_packages(rows: Sequence[Made]) -> None:
    """Leave one row of each numbered work package for rules: that of the document about it, before those of plans that list it.

    What a plan lists among numbered packages without a number of its own ('Management') is none.
    """
    live = [row for row in rows if row.table == "work_package" and row.artefact and not row.is_gone]
    about = {row.id for row in rows if row.table == "artefact" and row.get("kind") == "work_package"}
    codes = {row.id: _plain_code(row) for row in live}
    told = {codes[row.id] for row in live if row.artefact in about and row.is_record} - {""}
    listed: dict[str, list[Made]] = defaultdict(list)
    for row in live:
        if row.artefact not in about:
            listed[row.artefact].append(row)
    for same in listed.values():
        is_numbered = sum(1 for row in same if codes[row.id]) > 1
        for row in same:
            if codes[row.id] in told or (is_numbered and not codes[row.id]):
                row.is_record = False


def _plain_code(row: Made) -> str:
    said = _CODED.match(str(row.extra.get("own_id") or "")) or _CODED.match(str(row.get("title") or ""))
    return re.sub(r"[-_. ]", "", said[1]).casefold() if said is not None else ""


def settle_package_stages(rows: Sequence[Made]) -> None:
    """Let a work package be of the one stage whose plan names it or whose folder it lies in, where it also is to begin in that stage.

    Its checkpoint reports are of the same stage. Where plan and folder tell different stages, or two plans name it, nothing is told.
    """
    live = [row for row in rows if not row.is_gone]
    stages = [row for row in live if row.table == "stage" and row.is_record]
    packages = [row for row in live if row.table == "work_package" and row.is_record and row.artefact and "stage_id" not in row.filled]
    if not stages or not packages:
        return
    artefacts = {row.id: row for row in live if row.table == "artefact"}
    by_id = {stage.id: stage for stage in stages}
    plans = [row for row in artefacts.values() if row.get("kind") == "stage_plan" and row.get("is_current")]
    plan_of = {plan.id: next(iter(meant)) for plan in plans if len(meant := _stages_of(plan, stages)) == 1}
    texts: dict[str, list[str]] = defaultdict(list)
    for row in live:
        if row.table == "section" and row.artefact in plan_of and row.get("text"):
            texts[row.artefact].append(f" {fold(str(row.get('text')))} ")
    for package in packages:
        said = f" {fold(package.id)} "
        told = {plan_of[plan] for plan, found in texts.items() if any(said in text for text in found)}
        folder = str(artefacts[package.artefact].get("folder") or "") if package.artefact in artefacts else ""
        for part in folder.split("/"):
            told |= {stage.id for stage in _named_by(part, [stage for stage in stages if stage.get("number") is not None])}
        if len(told) == 1 and _begins_in(package, by_id[next(iter(told))]):
            package.put("stage_id", told.pop())
    stage_of = {row.id: row.get("stage_id") for row in packages if row.get("stage_id") is not None}
    for row in live:
        if row.table == "report" and "stage_id" not in row.filled and row.get("work_package_id") in stage_of:
            row.put("stage_id", stage_of[str(row.get("work_package_id"))])


def _begins_in(package: Made, stage: Made) -> bool:
    """Say whether *package* is to begin in *stage*, as far as both plans tell days."""
    day, first, last = package.get("planned_start_on"), stage.get("planned_start_on"), stage.get("planned_end_on")
    is_told = isinstance(day, date) and isinstance(first, date) and isinstance(last, date)
    return not is_told or first <= day <= last


def _stages_of(plan: Made, stages: Sequence[Made]) -> set[str]:
    named = [_named_by(str(plan.get(column) or ""), stages) for column in ("title", "file_name")]
    return {stage.id for found in named for stage in found}


def _named_by(title: str, stages: Sequence[Made]) -> list[Made]:
    """Return the stages that *title* names: by the number behind 'stage' ('Stage Plan 3'), else by a whole name ('Foundation plan')."""
    said = fold(title).split()
    numbers = {
        int(word)
        for place, word in enumerate(said)
        if _NUMBER.fullmatch(word) and any(before in words("stages_of_projects") for before in said[max(place - 2, 0) : place])
    }
    if numbers:
        return [row for row in stages if row.get("number") in numbers]
    return [row for row in stages if (name := _plain_name(row)) and f" {name} " in f" {' '.join(said)} "]


def _plain_name(stage: Made) -> str:
    """Return the name of *stage* without the number that it begins with: '1 Initiation'."""
    said = fold(str(stage.get("name") or "")).split()
    if said and isinstance(number := stage.get("number"), int) and said[0] == str(number):
        said = said[1:]
    return " ".join(said)


def _rank(artefact: Made | None) -> tuple[bool, bool, date, str]:
    if artefact is None:
        return False, False, date.min, ""
    day = artefact.get("date_on_cover")
    is_plan = str(artefact.get("kind") or "").endswith("plan") or artefact.get("kind") in _LIKE_PLANS
    return is_plan, bool(artefact.get("is_current")), day if isinstance(day, date) else date.min, str(artefact.get("path") or "")


def settle_stages(rows: Sequence[Made], as_of: date) -> None:
    """Fill the days on which the stages of *rows* were authorised, began and ended, as far as plans, reports and decisions tell them."""
    rows = [row for row in rows if not row.is_gone]
    artefacts = {row.id: row for row in rows if row.table == "artefact"}
    stages = [row for row in rows if row.table == "stage" and row.is_record and isinstance(row.get("number"), int)]
    stages.sort(key=lambda row: row.values["number"])
    if len({row.get("number") for row in stages}) < len(stages):
        return
    authorised = _authorised(rows, stages)
    said = _said_to_begin(rows)
    _belong_by_period(rows, stages, authorised)
    _tell_edges(rows, stages, artefacts, as_of)
    for stage in stages:
        if "authorised_on" not in stage.filled and (day := authorised.get(stage.values["number"])) is not None and day <= as_of:
            stage.put("authorised_on", day)
        if "started_on" not in stage.filled and (day := said.get(stage.values["number"])) is not None and day <= as_of:
            stage.put("started_on", day)
        if "started_on" not in stage.filled:
            _begin(stage, artefacts.get(stage.artefact), [row for row in rows if _tells_of(row, stage)], as_of)
    closed = min((row.values["decided_on"] for row in rows if _closes(row, as_of)), default=None)
    for stage, following in zip_longest(stages, stages[1:]):
        if "ended_on" not in stage.filled:
            _end(stage, following, artefacts.get(stage.artefact), closed, as_of)
    _cover(rows, {stage.id: (stage, following) for stage, following in zip_longest(stages, stages[1:])})


def _cover(rows: Iterable[Made], stages: Mapping[str, tuple[Made, Made | None]]) -> None:
    """Let the report on the end of a stage cover that stage, where it does not say its period.

    It tells what was known when it was issued: no more, and what came between the end and that day where the next stage had not begun.
    """
    for row in rows:
        is_such = row.table == "report" and row.get("kind") == "end_stage"
        stage, following = stages.get(str(row.get("stage_id")), (None, None)) if is_such else (None, None)
        if stage is None or {"period_from_on", "period_to_on"} & row.filled or row.get("period_from_on_raw"):
            continue
        began, ended = stage.get("started_on"), stage.get("ended_on")
        if isinstance(began, date) and isinstance(ended, date):
            issued = row.get("issued_on")
            begun = (following.get("started_on") or following.get("planned_start_on")) if following is not None else None
            if isinstance(issued, date) and began <= issued and (issued < ended or begun is None or issued < begun):
                ended = issued
            row.put("period_from_on", began)
            row.put("period_to_on", ended)


def _tell_edges(rows: Iterable[Made], stages: Iterable[Made], artefacts: Mapping[str, Made], as_of: date) -> None:
    """Fill begin, end and forecast of the stages that milestones of a current plan bear in their names; not where two of them differ.

    What a milestone has not reached though its day has passed may be a plan that nobody keeps up to date: it stays unknown.
    """
    told: dict[tuple[int, str], list[Made]] = defaultdict(list)
    first = [row.values["number"] for row in stages if row.get("kind") == "initiation"]
    for row in rows:
        plan = artefacts.get(row.artefact) if row.table == "milestone" and row.is_record else None
        if plan is not None and plan.get("is_current") and str(plan.get("kind") or "").endswith("plan"):
            for number, edge in edges_of(str(row.get("title") or ""), first[0] if len(first) == 1 else None):
                told[number, edge].append(row)
    for stage in stages:
        for edge, column in (("begins", "started_on"), ("ends", "ended_on")):
            found = told.get((stage.values["number"], edge), [])
            if len({(row.get("achieved_on"), row.get("forecast_on"), row.get("baseline_on")) for row in found}) == 1:
                _tell_edge(stage, column, found[0], as_of)


def _tell_edge(stage: Made, column: str, milestone: Made, as_of: date) -> None:
    reached, forecast, planned = (milestone.get(name) for name in ("achieved_on", "forecast_on", "baseline_on"))
    awaited = forecast if isinstance(forecast, date) else planned
    if column not in stage.filled and isinstance(reached, date) and reached <= as_of:
        stage.put(column, reached)
    elif (
        column not in stage.filled
        and reached is None
        and "achieved_on" in milestone.filled
        and isinstance(awaited, date)
        and awaited > as_of
    ):
        stage.put(column, None)
    if column == "ended_on" and "forecast_end_on" not in stage.filled:
        if isinstance(forecast, date):
            stage.put("forecast_end_on", forecast)
        elif isinstance(reached, date) and "forecast_on" in milestone.filled:
            stage.put("forecast_end_on", None)  # what has ended is forecast no longer


def edges_of(title: str, initiation: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield number and edge of the stages that the name of a milestone says to begin or to end: 'End of stage 2 / start of stage 3'.

    A part of the name must say this and nothing else: 'Stage 2 end report approved' is another matter. *initiation* is the number of the
    stage of that name.
    """
    for part in _PARTS.split(title.lower()):
        said = [word for word in fold(part).split() if word not in _SMALL]
        numbers = [int(word) for word in said if _NUMBER.fullmatch(word)]
        called = words("stages_of_projects") - (frozenset() if numbers else words("initiation_stage"))
        plain = " ".join(word for word in said if word not in called and not _NUMBER.fullmatch(word))
        is_named = len(said) > len(plain.split()) + len(numbers)
        if len(numbers) == 1 and is_named:
            edges, number = {edge for edge in ("begins", "ends") if plain in words(f"edge_{edge}")}, numbers[0]
        elif not numbers and initiation is not None:
            edges, number = {edge for edge in ("begins", "ends") if _is_edge_of_initiation(plain, edge)}, initiation
        else:
            continue
        if len(edges) == 1:
            yield number, edges.pop()


def _is_edge_of_initiation(said: str, edge: str) -> bool:
    return any(
        said in {f"{word} {name}", f"{name} {word}"} for word in words(f"edge_{edge}") for name in words("initiation_stage") if word != name
    )


def _begin(stage: Made, plan: Made | None, reports: Sequence[Made], as_of: date) -> None:
    planned = stage.get("planned_start_on")
    if not isinstance(planned, date):
        return
    if planned > as_of:
        if not reports:
            stage.put("started_on", None)
        return
    if _is_shown_after(plan, planned, as_of):
        stage.put("started_on", planned)
        return
    dated = sorted(
        (first, last)
        for row in reports
        if isinstance(first := row.get("period_from_on"), date) and isinstance(last := row.get("period_to_on"), date)
    )
    if dated and dated[0][0] <= planned <= dated[0][1]:
        stage.put("started_on", planned)


def _end(stage: Made, following: Made | None, plan: Made | None, closed: date | None, as_of: date) -> None:
    planned, began = stage.get("planned_end_on"), stage.get("started_on")
    next_began = following.get("started_on") if following is not None else None
    if not isinstance(began, date):
        if "started_on" in stage.filled:
            stage.put("ended_on", None)
    elif isinstance(planned, date) and planned <= as_of and _is_shown_after(plan, planned, as_of):
        stage.put("ended_on", planned)
    elif isinstance(next_began, date) and isinstance(planned, date):
        stage.put("ended_on", min(planned, next_began))
    elif following is None and closed is not None:
        stage.put("ended_on", closed)
    elif isinstance(planned, date) and planned > as_of and closed is None:
        stage.put("ended_on", None)


def _is_shown_after(plan: Made | None, day: date, as_of: date) -> bool:
    """Say whether a plan in force that was brought up to date on *day* or later shows it."""
    if plan is None or not (plan.get("status") in _IN_FORCE or (plan.get("status") is None and isinstance(plan.get("approved_on"), date))):
        return False
    written = plan.get("date_on_cover")
    return isinstance(written, date) and day <= written <= as_of


def _tells_of(row: Made, stage: Made) -> bool:
    return row.table == "report" and row.get("kind") in _REGULAR and bool(row.get("stage_id") == stage.id)


def _closes(row: Made, as_of: date) -> bool:
    day = row.get("decided_on")
    is_taken = row.get("kind") == "closure" and row.get("status") in _TAKEN
    return row.table == "decision" and is_taken and isinstance(day, date) and day <= as_of


def _belong_by_period(rows: Iterable[Made], stages: Sequence[Made], authorised: Mapping[int, date]) -> None:
    """Let a regular report that names no stage tell of the only one whose planned days hold its period, where a board had let that begin.

    A stage that overruns is followed by one that nobody has authorised yet; its reports stay without a stage.
    """
    for row in rows:
        first, last = row.get("period_from_on"), row.get("period_to_on")
        is_open = row.table == "report" and row.get("kind") in _REGULAR and "stage_id" not in row.filled
        if not is_open or not isinstance(first, date) or not isinstance(last, date):
            continue
        holding = [stage for stage in stages if _is_planned_for(stage, first, last)]
        if not holding and not any(_is_planned_for(stage, first, first) for stage in stages):
            # A report of a month in whose first days no stage ran: the one before ended on a Friday, the next began on a Monday.
            holding = [stage for stage in stages if _is_planned_for(stage, first + _WEEK, last)]
        if len(holding) == 1 and (day := authorised.get(holding[0].values["number"])) is not None and day <= first:
            row.put("stage_id", holding[0].id)


def _is_planned_for(stage: Made, first: date, last: date) -> bool:
    begins, ends = stage.get("planned_start_on"), stage.get("planned_end_on")
    return isinstance(begins, date) and isinstance(ends, date) and begins <= first and last <= ends


def _authorised(rows: Iterable[Made], stages: Iterable[Made] = ()) -> Mapping[int, date]:
    """Return the first day on which a board let each stage begin: 'Stage 3 authorised', 'Phase 2 freigegeben', 'Initiation authorised'."""
    found: dict[int, date] = {}
    first = next((stage.values["number"] for stage in stages if stage.get("kind") == "initiation"), None)
    for row in rows:
        day = row.get("decided_on")
        if row.table != "decision" or row.get("kind") != "gate" or row.get("status") not in _TAKEN or not isinstance(day, date):
            continue
        said = fold(f"{row.get('title') or ''} . {row.get('description') or ''}").split()
        for number in {*_let_begin(said), *({first} if first is not None and _lets_initiate(said) else ())}:
            found[number] = min(day, found.get(number, day))
    return found


def _said_to_begin(rows: Sequence[Made]) -> Mapping[int, date]:
    """Return the day on which each stage began as reports tell it: 'Stage 3 started on 13 July'; without those told differently."""
    reports = {row.artefact: row for row in rows if row.table == "report" and row.artefact and row.get("kind") in _TELLING}
    found: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        if row.table == "section" and (report := reports.get(row.artefact)) is not None and (text := row.get("text")):
            year = report.get("period_to_on") or report.get("issued_on")
            for number, day in begun_in(str(text), year.year if isinstance(year, date) else None):
                found[number].add(day)
    return {number: days.pop() for number, days in found.items() if len(days) == 1}


def begun_in(text: str, year: int | None) -> Iterator[tuple[int, date]]:
    """Yield number and first day of the stages of which *text* says that they began; *year* is that of days without one."""
    for match in _BEGUN.finditer(text):
        stage, number, between, said = match.groups()
        if fold(stage) not in words("stages_of_projects") or words("begun").isdisjoint(fold(between).split()):
            continue
        plain = said.strip(" .,;")
        day = parse_day(plain) or (parse_day(f"{plain} {year}") if year is not None else None)
        if day is not None:
            yield int(number), day


def _lets_initiate(said: Sequence[str]) -> bool:
    """Say whether *said* lets the initiation begin: 'Initiation authorised'; a plan or report of it is another matter."""
    return any(
        word in words("initiation_stage") and any(other.startswith(tuple(words("authorised"))) for other in said[place + 1 : place + 3])
        for place, word in enumerate(said)
    )


def _let_begin(said: Sequence[str]) -> set[int]:
    """Return the numbers of the stages that *said* lets begin; none where a word between speaks of a plan or a report of the stage."""
    found = set()
    for place, word in enumerate(said[:-1]):
        if word in words("stages_of_projects") and _NUMBER.fullmatch(said[place + 1]):
            near = said[place + 2 : place + 5]
            before = said[max(place - 3, 0) : place]
            if any(other.startswith(tuple(words("authorised"))) for other in (*near[:2], *before)):
                found.add(int(said[place + 1]))
    return found


def number_of(name: str) -> Any:
    """Return the number that the name of a stage begins with or bears: 'Stage 2 – Build', '2 Build', '2'; None when it has none."""
    said = fold(name).split()
    if said and said[0] in words("stages_of_projects"):
        said = said[1:]
    return int(said[0]) if said and _NUMBER.fullmatch(said[0]) else None
