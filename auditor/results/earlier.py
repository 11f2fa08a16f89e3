"""What the audits before said of each rule: of every earlier day the last audit that looked at the project."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditor.errors import StoreError
from auditor.reasoning.conclude import EarlierVerdict
from auditor.results.store import audits, result_files
from auditor.snapshot.store import connection

_DAYS = 6
_ASSESSED = ("conform", "nonconform")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier audits said.

    Attributes:
        audits: their ids, newest first.
        verdicts: project → rule, as it was called then → what was said of it.
    """

    audits: tuple[str, ...] = ()
    verdicts: Mapping[str, Mapping[str, EarlierVerdict]] = field(default_factory=dict)


def earlier_verdicts(store: Path, before: date, projects: Collection[str]) -> Earlier:
    """Return what audits of days before *before* said of *projects*, looking back six such days per project at most.

    Audits of the same day are another look at the same state: of these the last by id counts.

    Raises:
        StoreError: an audit is damaged.
    """
    wanted = set(projects)
    chosen: dict[str, list[tuple[str, str]]] = {}  # project → days and audits, newest first
    for audit in reversed(audits(store)):
        folder = store / "audits" / audit
        try:
            head = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
            day, seen = str(head["as_of"]), {str(item["id"]) for item in head["projects"] if item["profile"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"the audit {audit} cannot be read", hint="delete its folder") from error
        if day < before.isoformat():
            for project in seen & wanted:
                chosen.setdefault(project, []).append((day, audit))
    pairs = []
    for project, looks in chosen.items():
        by_day: dict[str, str] = {}
        for day, audit in sorted(looks, reverse=True):
            by_day.setdefault(day, audit)
        pairs += [(project, audit, number) for number, (_, audit) in enumerate(sorted(by_day.items(), reverse=True)[:_DAYS])]
    if not pairs:
        return Earlier()
    used = sorted({audit for _, audit, _ in pairs}, reverse=True)
    return Earlier(tuple(used), _verdicts(store, used, pairs))


def _verdicts(store: Path, used: list[str], pairs: list[tuple[str, str, int]]) -> dict[str, dict[str, EarlierVerdict]]:
    import duckdb  # noqa: PLC0415  (half a second that only audits pay)

    files = [str(result_files(store, audit)["evaluation"]) for audit in used]
    database = connection()
    try:
        database.execute("create table look (project_id varchar, audit varchar, back bigint)")
        database.executemany("insert into look values (?, ?, ?)", pairs)
        rows = database.execute(
            "select project_id, rule, list(verdict order by back) from read_parquet(?, union_by_name = true) "
            "join look using (project_id, audit) "
            "group by all order by all",
            [files],
        ).fetchall()
    except duckdb.Error as error:
        raise StoreError(f"an audit of {used[-1]} to {used[0]} cannot be read", hint="delete its folder") from error
    finally:
        database.close()
    found: dict[str, dict[str, EarlierVerdict]] = {}
    for project, rule, verdicts in rows:
        found.setdefault(project, {})[rule] = _summed(verdicts)
    return found


def _summed(verdicts: list[str]) -> EarlierVerdict:
    """Return the newest verdict and how often it was given in a row; where something was assessed, what was not says nothing."""
    said = [verdict for verdict in verdicts if verdict in _ASSESSED] or verdicts
    times = next((number for number, verdict in enumerate(said) if verdict != said[0]), len(said))
    return EarlierVerdict(said[0], times)
