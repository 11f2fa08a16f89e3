"""One meeting, two documents: the agenda that was sent before it and the minutes that were taken."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from auditor.snapshot.rows import Made


def join_meetings(made: Iterable[Made]) -> Iterator[Made]:
    """Yield *made*, rows of one source and project, with each agenda joined to the minutes of the same kind of meeting on the same day.

    The row of the minutes takes `agenda_on` and `has_agenda`, and the agenda's own row is gone. An agenda without minutes stays a row,
    but whether the meeting was held is not known from it: `held_on` becomes unknown.
    """
    rows = list(made)
    minutes: dict[tuple[object, object], list[Made]] = defaultdict(list)
    for row in rows:
        if _is_meeting(row) and row.get("has_minutes"):
            minutes[row.get("kind"), row.get("held_on")].append(row)
    for row in rows:
        if not _is_meeting(row) or row.get("has_minutes"):
            yield row
            continue
        held = minutes.get((row.get("kind"), row.get("held_on")), []) if row.get("kind") and row.get("held_on") else []
        for other in held:
            _take(other, row)
        if not held:
            row.values.pop("held_on", None)
            row.filled.discard("held_on")
            yield row


def _is_meeting(row: Made) -> bool:
    return row.table == "meeting" and bool(row.artefact) and not row.is_gone


def _take(minutes: Made, agenda: Made) -> None:
    """Put what the agenda says into the row of the minutes; of several agendas the first that was sent counts."""
    minutes.put("has_agenda", value=True)
    sent, known = agenda.get("agenda_on"), minutes.get("agenda_on")
    if "agenda_on" in agenda.filled and (known is None or (sent is not None and sent < known)):
        minutes.put("agenda_on", sent)
