"""From exports and schedules to verdicts: what is there is judged, what is missing stays not assessed."""

from datetime import UTC, datetime

import pytest

from auditor.checks.evaluation import Verdict
from auditor.config.settings import load_settings
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.pull import pull
from auditor.workbench.desk import Desk
from tests.connectors.msproject.schedules import schedule, task

TOML = """
[store]
path = "store"
time_zone = "Europe/Brussels"

[profiles]
default = "few"
pm2 = "few"

[rules]
folders = ["rules"]

[[source]]
name = "erp"
connector = "tabular"
root = "erp"
declaration = ["costs", "meetings.yaml"]
files = ["costs*.csv"]

[[source]]
name = "plan"
connector = "msproject"
root = "plan"
"""
PROJECT = '\n[[project]]\nid = "{0}"\ntabular = ["{0}"]\nfolders = ["{0}"]\nmethodology = "pm2"\nphase = "executing"\nsize = "medium"\n'
MEETINGS = """
tables:
  - name: meetings
    files: ["costs*.csv"]
    project: {column: Projekt}
    rows:
      - table: meeting
        when: {column: Kick-off}
        constants: {kind: executing_kick_off}
        columns: {held_on: Kick-off}
"""
PROFILE = """
name: few
title: Costs and schedule
extends: [pm2]
methodology: pm2
select:
  - {areas: [cost, schedule], because: this is what the sources are about}
"""
COSTS = "Projekt;Kostenart;Werttyp;Betrag;Währung;Buchungsdatum;Kick-off\n"


def _milestones(forecast, achieved):
    said = {"Milestone": 1, "Baseline": {"Number": 0, "Finish": "2026-02-01T17:00:00"}}
    return schedule([task(1, "Design accepted", Finish=forecast, ActualFinish=achieved, **said)])


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Rule and project → evaluation; and the folder."""
    root = tmp_path_factory.mktemp("audit")
    (root / "auditor.toml").write_text(TOML + "".join(PROJECT.format(name) for name in ("GOOD", "LATE", "DIM", "NONE")), "utf-8")
    (root / "meetings.yaml").write_text(MEETINGS, "utf-8")
    (root / "rules" / "profiles").mkdir(parents=True)
    (root / "rules" / "profiles" / "few.yaml").write_text(PROFILE, "utf-8")
    months = [f"{day:02}.0{month}.2026" for month in (1, 2) for day in (5, 28)]
    (root / "erp").mkdir()
    lines = [f"GOOD;Staff;Ist;1.000,00;EUR;{day};\n" for day in months] + ["GOOD;Staff;Plan;9.000,00;EUR;01.01.2026;05.01.2026\n"]
    lines += ["DIM;Staff;Ist;1.000,00;EUR;next month;05.01.2026\n"]
    (root / "erp" / "costs.csv").write_text(COSTS + "".join(lines), "utf-8")
    for name, text in (
        ("GOOD", _milestones("2026-02-03T17:00:00", "2026-02-03T17:00:00")),
        ("LATE", _milestones("2026-02-10T17:00:00", "NA")),
        ("DIM", _milestones("2026-02-10T17:00:00", "when ready")),
        ("NONE", '<Project xmlns="http://schemas.microsoft.com/project"><Tasks>'),
    ):
        (root / "plan" / name).mkdir(parents=True)
        (root / "plan" / name / "plan.xml").write_text(text, "utf-8")
    settings = load_settings(root / "auditor.toml")
    pull(settings, now=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC))
    build_snapshot(settings, load_document_words(()))
    desk = Desk(settings)
    result, _ = desk.audit()
    return {(item.rule, item.project): item for item in result.evaluations}, desk


def test_a_schedule_rule_is_decided_by_the_schedule(verdicts):
    found, _ = verdicts
    said = {name: found["PM2-SCH-01", name].verdict for name in ("GOOD", "LATE", "DIM", "NONE")}
    assert said == {"GOOD": Verdict.CONFORM, "LATE": Verdict.NONCONFORM, "DIM": Verdict.NOT_ASSESSED, "NONE": Verdict.NOT_ASSESSED}
    (evidence,) = found["PM2-SCH-01", "LATE"].evidence
    assert "LATE/plan.xml task 1" in repr(evidence)


def test_a_cost_rule_is_decided_by_the_cost_lines(verdicts):
    found, _ = verdicts
    said = {name: found["PM2-CST-07", name].verdict for name in ("GOOD", "DIM", "NONE")}
    assert said == {"GOOD": Verdict.CONFORM, "DIM": Verdict.NOT_ASSESSED, "NONE": Verdict.NOT_ASSESSED}


def test_nothing_conforms_because_nothing_was_seen(verdicts):
    """Where the only schedule cannot be read and no line names the project, every rule on its costs and milestones is open."""
    found, desk = verdicts
    reads = {rule.id: set(rule.reads) for rule in desk.rulebook.rules.values()}
    for (rule, project), item in found.items():
        if project == "NONE" and reads.get(rule, set()) & {"cost", "milestone", "work_item"}:
            assert item.verdict in {Verdict.NOT_ASSESSED, Verdict.NOT_APPLICABLE}, rule


def test_the_places_and_what_was_left_are_in_the_snapshot(verdicts):
    _, desk = verdicts
    import duckdb

    folder = desk.snapshot.path
    rows = duckdb.sql(
        f"select path, reason, error from '{folder}/unreadable.parquet' where project_id = 'DIM' and source = 'erp'"
    ).fetchall()
    assert ("costs.csv", "no_day", "column 'Buchungsdatum': 1 value unknown, first in row 7: it names no day") in rows
    cost = duckdb.sql(f"select locator, amount, currency, kind from '{folder}/cost.parquet' where project_id = 'DIM'").fetchall()
    assert [(locator, str(amount), currency, kind) for locator, amount, currency, kind in cost] == [
        ("costs.csv row 7", "1000.00", "EUR", "actual")
    ]
    unmapped = desk.snapshot.manifest["unmapped"]["fields"]
    assert unmapped["erp: cost: Kick-off"] == 2
