"""One entry, several documents: which of its rows is the register's.

A plan lists products that a register keeps, a report shows the risks of its day, a business case names some of them. Rules read an entry
once: as the register keeps it. The other rows stay, as copies that are not of the place of record.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

from auditor.connect.values import fold
from auditor.model.schema import TABLES
from auditor.snapshot.documents.found import Found
from auditor.snapshot.references import REFERS
from auditor.snapshot.rows import Made

COPY = "copy"
"""What `Made.extra` holds of a row that shows an entry which another document keeps."""

_OWN_ID = re.compile(r"(?=.*\d)[^\W\d_].{0,18}")
_NUMBER_AND_NAME = re.compile(r"([^\W\d_]{1,6}[-_. ]?\d{1,5})\s*[:.\u2013\u2014-]?\s+(\S.*)", re.DOTALL)
_PLACE = re.compile(r"!| rows? | column ")
_FIGURES = re.compile(r"\d+")
_SAME_NAME = 85.0  # similarity (0..100)
_SHOWN = frozenset({"risk", "issue", "change_request"})
"""Registers that have a log of their own in every method: where there is one, other documents only show its entries. Of lessons only plans
do: they say which they use, while reports tell what was learned since."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A document as a place where entries stand.

    Attributes:
        id: of the document.
        order: when it was changed, and where it lies.
        found: its rows.
        keeps: tables of which it is the register, or holds it.
        is_known: whether it surely is a product of a standard.
        is_periodic: one of a series: a report, minutes. They show what is kept elsewhere.
        is_current: whether no newer version of it exists.
        is_gone: whether it vanished.
        is_workbook: whether it is made of sheets.
        is_plan: whether it is a plan: it lists the checks to come that the quality register keeps.
        is_draft: whether it says of itself that it is not finished: what it leaves open will be said.
        is_first: whether it is of the beginning of a project: a request, a case, a charter. It outlines what plans lay down later.
    """

    id: str
    order: str
    found: Sequence[Found]
    keeps: frozenset[str]
    is_known: bool
    is_periodic: bool
    is_current: bool
    is_gone: bool
    is_workbook: bool
    is_plan: bool = False
    is_draft: bool = False
    is_first: bool = False


def own_ids(holders: Sequence[Holder]) -> Mapping[tuple[str, str], str | None]:
    """Return which document may use an id of its own: (table, own id) → id of the document, None when nobody can say.

    The versions of one document share their ids, and the current one keeps them: an id stays the same when a version is added. Of
    several documents that list one entry, by number and name, the one has it that keeps the register, else that says most of it. Beside a
    register the number alone says which entry a report or a plan means: each tells it in its own words.
    """
    places: dict[tuple[str, str], list[tuple[Holder, Found]]] = defaultdict(list)
    for holder in holders:
        if holder.is_gone:
            continue
        for row in holder.found:
            if row.own_id and TABLES[row.table].is_register:
                places[row.table, row.own_id].append((holder, row))
    chosen: dict[tuple[str, str], str | None] = {}
    for key, found in places.items():
        wanted = [(holder, row) for holder, row in found if holder.is_current] or found
        counts = Counter(holder.id for holder, _ in wanted)
        if len(counts) == 1:
            chosen[key] = wanted[0][0].id if len(wanted) == 1 else None
            continue
        alone = [(holder, row) for holder, row in wanted if counts[holder.id] == 1]
        best = max(alone, key=lambda place: _rank(*place), default=None)
        if best is None or not _OWN_ID.fullmatch(key[1]) or len(alone) < len(wanted):
            chosen[key] = None
        else:
            is_one = (
                _is_kept_once(key[0], best[0], alone)
                or all(_is_same(_name(best[1].key), _name(row.key)) for _, row in alone)
                or _is_recorded(key[0], best, alone)
            )
            chosen[key] = best[0].id if is_one else None
    return chosen


def twice_numbered(found: Sequence[Found]) -> Mapping[int, str]:
    """Return the ids of rows of one document whose number stands at two matters of one register: place in *found* → 'E-04 #1'.

    The rows are told apart, and what they share stays to be seen. Rows of one name go on with what the first began: a risk with two
    responses. Plain figures count anew in every part of a table.
    """
    places: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, row in enumerate(found):
        if row.own_id and row.table in TABLES and TABLES[row.table].is_register and _OWN_ID.fullmatch(row.own_id):
            places[row.table, row.own_id, _PLACE.split(row.locator, maxsplit=1)[0]].append(at)
    ids: dict[int, str] = {}
    for (_, own_id, _), same in places.items():
        names = [_name(found[at].key) for at in same]
        if len(same) > 1 and all(names) and not any(_is_same(one, other) for one, other in combinations(names, 2)):
            ids.update({at: f"{own_id} #{count}" for count, at in enumerate(same, 1)})
    return ids


def _is_kept_once(table: str, best: Holder, places: Sequence[tuple[Holder, Found]]) -> bool:
    """Say whether *best* is the register and all others only refer to it by number, in whatever words: reports, and other products."""
    others = [holder for holder, _ in places if holder is not best]
    return table in best.keeps and all(table not in holder.keeps and (holder.is_known or holder.is_periodic) for holder in others)


def _is_recorded(table: str, best: tuple[Holder, Found], places: Sequence[tuple[Holder, Found]]) -> bool:
    """Say whether *best* is the register of checks and all others are records of the check: of its number, and held on its day."""
    holder, check = best
    others = [(other, row) for other, row in places if other is not holder]
    day = check.values.get("held_on")
    return (
        table == "review"
        and table in holder.keeps
        and day is not None
        and all(table not in other.keeps and row.values.get("held_on") == day for other, row in others)
    )


def _rank(holder: Holder, row: Found) -> tuple[bool, bool, bool, int, bool, str]:
    is_named = row.table != "benefit" or bool(row.values.get("name"))  # a table of measurements tells the rest of what another place names
    return (not holder.is_periodic, is_named, row.table in holder.keeps, len(row.filled), holder.is_workbook, holder.order)


def _name(key: Sequence[str]) -> str:
    return key[0] if key else ""


def _is_same(one: str, other: str) -> bool:
    """Say whether two names of one number are one: missing, of equal beginning, or alike."""
    if not one or not other or one.startswith(other) or other.startswith(one):
        return True
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where there is something to compare)

    return fuzz.ratio(one, other) >= _SAME_NAME


def mark_copies(rows: Sequence[Made], holders: Sequence[Holder]) -> None:
    """Mark the rows of one source that show entries which another document keeps; the kept row takes what only they say.

    By number: rows whose id belongs to another document. By place: where a document is the register, reports and documents that are
    something else show excerpts of it.
    """
    by_id = {holder.id: holder for holder in holders}
    keeping = {table for holder in holders if holder.is_current and not holder.is_gone for table in holder.keeps}
    keeping &= _SHOWN | {"lesson"}
    held = {(row.table, row.artefact) for row in rows if row.is_record and not row.is_gone}
    keeping = {table for table in keeping if any((table, holder.id) in held for holder in holders if table in holder.keeps)}
    kept: dict[tuple[str, str], Made] = {}
    copies: dict[tuple[str, str], list[Made]] = defaultdict(list)
    for row in rows:
        own = row.extra.get("own_id")
        if row.is_gone or not row.is_record or not TABLES[row.table].is_register:
            continue
        holder = by_id.get(row.artefact)
        if own and _OWN_ID.fullmatch(own):
            if row.id == own:
                kept[row.table, own] = row
            else:
                copies[row.table, own].append(row)
        if holder is None or row.table not in keeping or row.table in holder.keeps:
            continue
        if holder.is_plan if row.table not in _SHOWN else holder.is_periodic or holder.is_known:
            row.is_record = False
            row.extra[COPY] = True
    for row in rows:
        if row.is_gone or not row.is_record or not TABLES[row.table].is_register or not row.extra.get("own_id"):
            continue
        main = _entry_named(row, kept)
        if main is not None and main is not row:  # '1.3 | D2 Registry' in the outline of a plan shows the deliverable D2
            kept.pop((row.table, row.id), None)
            copies[row.table, main.id].append(row)
    _mark_planned_checks(rows, by_id)
    _mark_outlined_milestones(rows, by_id)
    _mark_shown_tolerances(rows, by_id)
    _mark_stages(rows, by_id)
    _accepted_later(rows)
    numbered = _numbered_lists(rows, kept, by_id)
    for row in rows:
        if row.is_record and not row.is_gone and not row.extra.get("own_id") and TABLES[row.table].is_register:
            main = _entry_meant(row, kept) or _undated_milestone(row, kept)
            if main is None and (row.table, row.artefact) in numbered:
                main = kept[row.table, _NUMBER_AND_NAME.fullmatch(title_of(row).strip())[1]]  # type: ignore[index]
            if main is not None and _OWN_ID.fullmatch(main.id):
                copies[row.table, main.id].append(row)
            elif any(str(other.id).startswith(f"{title_of(row)} #") for other in copies.get((row.table, title_of(row)), ())):
                row.is_record = False  # its name is a number that the register gave twice: one of these, nobody can say which
                row.extra[COPY] = True
    for key, found in copies.items():
        main = kept.get(key)
        if main is None:
            _mark_shown_twice(key[1], found)
            continue
        for row in found:
            row.is_record = False
            row.extra[COPY] = True
        others = [row for row in found if row.artefact in by_id and not by_id[row.artefact].is_periodic]
        _complete(main, others, {row.artefact for row in others if by_id[row.artefact].is_draft})


def _numbered_lists(rows: Sequence[Made], kept: Mapping[tuple[str, str], Made], by_id: Mapping[str, Holder]) -> set[tuple[str, str]]:
    """Return the lists of reports and the like (table, document) whose every line begins with the number of a kept entry.

    'B1 errors per 1,000 doses', 'B2 late doses' in a review of benefits: each tells the entry in its own words. A workbook that nobody
    knows may be a register that numbers what is its own.
    """
    lists: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for row in rows:
        if row.is_record and not row.is_gone and not row.extra.get("own_id") and TABLES[row.table].is_register:
            holder = by_id.get(row.artefact)
            if holder is None or (holder.is_workbook and not holder.is_known) or row.table in holder.keeps:
                continue
            match = _NUMBER_AND_NAME.fullmatch(title_of(row).strip())
            main = kept.get((row.table, match[1])) if match is not None else None
            lists[row.table, row.artefact].append(main is not None and main.artefact != row.artefact)
    return {key for key, found in lists.items() if len(found) > 1 and all(found)}


def _entry_meant(row: Made, kept: Mapping[tuple[str, str], Made]) -> Made | None:
    """Return the kept entry that a row without a number of its own shows; None where that is not sure.

    Its name is the number and no more ('R-06' in a list of what was spent), or the number and the entry's name ('M7 Handover done'), or a
    column has the number beside the name.
    """
    named = str(row.get("title") or row.get("name") or "").strip()
    if (main := kept.get((row.table, named))) is not None:
        return main
    number = str(row.get("wbs_code") or "").strip()
    return _same_entry(row, number, named, kept) or _entry_named(row, kept)


def _entry_named(row: Made, kept: Mapping[tuple[str, str], Made]) -> Made | None:
    """Return the entry of another document whose number and name are the name of *row*: 'D2 Registry'."""
    match = _NUMBER_AND_NAME.fullmatch(title_of(row).strip())
    return _same_entry(row, match[1], match[2], kept) if match is not None else None


def _same_entry(row: Made, number: str, name: str, kept: Mapping[tuple[str, str], Made]) -> Made | None:
    main = kept.get((row.table, number))
    is_same = main is not None and name and main.artefact != row.artefact and _is_same(fold(name), fold(title_of(main)))
    return main if is_same else None


def _undated_milestone(row: Made, kept: Mapping[tuple[str, str], Made]) -> Made | None:
    """Return the one milestone of a plan that a row of another document shows by its name, without a day: a first outline of the plan."""
    if row.table != "milestone" or any(row.get(column) for column in ("baseline_on", "forecast_on", "achieved_on")):
        return None
    name = fold(title_of(row))
    same = [
        main
        for (table, _), main in kept.items()
        if table == row.table and name and main.artefact != row.artefact and is_called(name, fold(title_of(main)))
    ]
    return same[0] if len(same) == 1 else None


def is_called(name: str, other: str) -> bool:
    """Say whether two folded names that stand without a number are one: the same figures in them, and alike as a whole."""
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where there is something to compare)

    return _FIGURES.findall(name) == _FIGURES.findall(other) and fuzz.ratio(name, other) >= _SAME_NAME


def title_of(row: Made) -> str:
    """Return what an entry is called; '' where it has no name."""
    return str(row.get("title") or row.get("name") or "")


def _mark_shown_twice(own: str, found: Sequence[Made]) -> None:
    """Mark the rows that show one of several entries of a register that share a number: the one of their name."""
    mains = [row for row in found if str(row.id).startswith(f"{own} #")]
    for row in found:
        name = fold(str(row.get("title") or ""))
        if row not in mains and name and any(_is_same(fold(str(main.get("title") or "")), name) for main in mains):
            row.is_record = False
            row.extra[COPY] = True


def _mark_planned_checks(rows: Sequence[Made], by_id: Mapping[str, Holder]) -> None:
    """Mark the checks that plans list where there is a quality register: what it does not hold is planned only."""
    checks = [row for row in rows if row.table == "review" and row.is_record and not row.is_gone and row.artefact in by_id]
    if any("review" in by_id[row.artefact].keeps for row in checks):
        for row in checks:
            holder = by_id[row.artefact]
            if holder.is_plan and "review" not in holder.keeps:
                row.is_record = False
                row.extra[COPY] = True


def _mark_outlined_milestones(rows: Sequence[Made], by_id: Mapping[str, Holder]) -> None:
    """Mark the milestones of charters and cases where a plan has dated ones: an outline has nowhere to say what was reached."""
    dated = [row for row in rows if row.table == "milestone" and row.is_record and not row.is_gone and row.artefact in by_id]
    planned = Counter(row.artefact for row in dated if row.get("baseline_on") is not None and not _outlines(by_id[row.artefact]))
    if not any(count >= _FEWEST_PLANNED and by_id[artefact].is_current for artefact, count in planned.items()):
        return
    for row in dated:
        if by_id[row.artefact].is_first:
            row.is_record = False
            row.extra[COPY] = True


_FEWEST_PLANNED = 2


def _outlines(holder: Holder) -> bool:
    return holder.is_first or holder.is_periodic


def _mark_shown_tolerances(rows: Sequence[Made], by_id: Mapping[str, Holder]) -> None:
    """Mark the tolerances that reports show where a plan or the like sets some of their level: a report says how far they are used up.

    Of one whose level nobody can tell any plan is enough.
    """
    limits = [row for row in rows if row.table == "allowance" and row.is_record and not row.is_gone and row.artefact in by_id]
    levels = {row.get("level") for row in limits if not by_id[row.artefact].is_periodic}
    for row in limits:
        if by_id[row.artefact].is_periodic and levels and row.get("level") in {None, *levels}:
            row.is_record = False
            row.extra[COPY] = True


def _accepted_later(rows: Sequence[Made]) -> None:
    """Let a role whose acceptance a document leaves blank, or has no place for, take the day that others say of it."""
    said: dict[tuple[object, object], set[object]] = defaultdict(set)
    roles = [row for row in rows if row.table == "role" and not row.is_gone and row.get("person_id")]
    for row in roles:
        if (day := row.get("accepted_on")) is not None:
            said[row.get("role"), row.get("person_id")].add(day)
    for row in roles:
        days = said.get((row.get("role"), row.get("person_id")), set())
        if row.get("accepted_on") is None and len(days) == 1:
            row.put("accepted_on", next(iter(days)))


def _mark_stages(rows: Sequence[Made], by_id: Mapping[str, Holder]) -> None:
    """Mark the stages that several documents list, by number and name: the one counts that says most."""
    same: dict[tuple[object, str], list[Made]] = defaultdict(list)
    for row in rows:
        if row.table == "stage" and row.is_record and not row.is_gone and row.get("number") is not None and row.artefact in by_id:
            same[row.get("number"), fold(str(row.get("name") or ""))].append(row)
    for found in same.values():
        if len({row.artefact for row in found}) < 2:
            continue
        main = max(found, key=lambda row: (not by_id[row.artefact].is_periodic, len(row.filled), by_id[row.artefact].order))
        for row in found:
            if row.artefact != main.artefact:
                row.is_record = False
                row.extra[COPY] = True
        _complete(main, [row for row in found if row.artefact != main.artefact])
    _join_mentions(rows)


def _join_mentions(rows: Sequence[Made]) -> None:
    """Let the stage that a plan lists take what reports only mention of it by its number: 'stage 3 started on 13 July'."""
    stages = [row for row in rows if row.table == "stage" and not row.is_gone and row.get("number") is not None]
    mentions = [row for row in stages if "name" not in row.filled]
    listed: dict[object, list[Made]] = defaultdict(list)
    for row in stages:
        if row.is_record and "name" in row.filled:
            listed[row.get("number")].append(row)
    told: dict[object, list[Made]] = defaultdict(list)
    for row in mentions:
        told[row.get("number")].append(row)
    for number, found in told.items():
        if len(listed[number]) != 1:
            continue
        for row in found:
            row.is_record = False
            row.extra[COPY] = True
        _complete(listed[number][0], found)


def _complete(main: Made, copies: Sequence[Made], drafts: AbstractSet[str] = frozenset()) -> None:
    """Fill columns of *main* that its own document has no place for with what the others say, where they agree; tell where it stands.

    What all of them leave blank is blank; what only *drafts* leave blank is still to come, so nothing is known of it.
    """
    table = TABLES[main.table]
    _take_maker(main, copies)
    said: dict[str, dict[str, tuple[object, Made]]] = defaultdict(dict)
    for row in copies:
        for column in row.filled - main.filled:
            if column in table.by_name and not (row.get(column) is None and row.artefact in drafts):
                shown = "" if row.get(column) is None else fold(str(row.get(column)))
                said[column].setdefault(shown, (row.get(column), row))
    for values in said.values():
        if len(values) > 1:
            values.pop("", None)  # one says what another leaves out
    for column, values in sorted(said.items()):
        if len(values) == 1:
            value, row = next(iter(values.values()))
            main.put(column, value)
            place = ", ".join(part for part in (row.url.rstrip("/").rpartition("/")[2], row.locator) if part)
            main.locator = "; ".join(part for part in (main.locator, f"{column}: {place}") if part)
    _refer_as(main, copies)


def _take_maker(main: Made, copies: Sequence[Made]) -> None:
    """Let a product whose register calls its acceptor the owner be made by whom its description names: an owner may be either."""
    owner = main.get("owner_id") if main.table == "deliverable" else None
    if owner is None:
        return
    makers = {row.get("owner_id") for row in copies if row.get("acceptor_id") == owner} - {None, owner}
    if len(makers) == 1:
        main.put("owner_id", makers.pop())


def _refer_as(main: Made, copies: Sequence[Made]) -> None:
    """Let *main* refer to what the others say that it refers to, where they agree and its own document has no place for it."""
    meant: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in copies:
        for column, target in row.extra.get(REFERS, {}).items():
            if column not in main.filled and column not in main.extra.get(REFERS, {}):
                meant[column].add(target)
    for column, targets in sorted(meant.items()):
        if len(targets) == 1:
            main.extra.setdefault(REFERS, {})[column] = next(iter(targets))
