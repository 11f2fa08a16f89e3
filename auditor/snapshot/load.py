"""Hours of people over all projects: the only place where projects are seen together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from auditor.snapshot.rows import Made, digest_id


class PersonLoad:
    """Adds up hours per person and month while the projects pass by.

    A person is the confirmed identity, else the account or name in its realm. Where a project tells nothing of hours nothing is added:
    the sum is what is known to have been worked.
    """

    def __init__(self) -> None:
        self._hours: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
        self._unsure: set[tuple[str, date]] = set()

    def add(self, rows: Iterable[Made]) -> None:
        """Add the hours of one project."""
        rows = [row for row in rows if row.table in {"worklog", "effort", "person"} and not row.is_gone]
        identities = {row.id: str(row.get("identity")) for row in rows if row.table == "person" and row.get("identity")}
        for row in rows:
            if row.table == "person":
                continue
            person, day, hours = row.get("person_id"), row.get("worked_on"), row.get("hours")
            if row.table == "effort":
                day, hours = row.get("period_on"), row.get("actual_hours")
            if person is None or not isinstance(day, date):
                continue
            key = (identities.get(str(person), str(person)), day.replace(day=1))
            if isinstance(hours, Decimal):
                self._hours[key] += hours
            else:
                self._unsure.add(key)

    def rows(self) -> Iterator[Made]:
        """Yield the rows of `person_load`."""
        for person, month in sorted({*self._hours, *self._unsure}):
            made = Made("person_load", digest_id("person_load", person, month.isoformat()), {}, set(), "auditor")
            made.put("person_id", person)
            made.put("period_on", month)
            if (person, month) not in self._unsure:
                made.put("hours_everywhere", self._hours[person, month])
            yield made
