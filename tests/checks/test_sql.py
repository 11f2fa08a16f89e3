"""The SQL of a dozen typical conditions, kept so that a change of the compiler shows what it changes."""

import os
from datetime import date
from pathlib import Path

from auditor.checks.compile import sql
from auditor.checks.compile.scope import Relations
from auditor.checks.compile.settings import Settings
from auditor.checks.compile.statement import Builder, Ready
from auditor.rulebook.condition import rule_conditions
from auditor.rulebook.rule import Decides
from tests.checks.small import rule, words

GOLDEN = Path(__file__).parent / "golden" / "conditions.sql"
TYPICAL = [
    ("risk", "score >= 20"),
    ("risk", "due_on < today"),
    ("risk", "status not in ('closed', 'rejected')"),
    ("risk", "filled(owner_id) and not is_group(owner_id)"),
    ("risk", "linked('mitigates', 'work_item')"),
    ("risk", "during(identified_on, due_on, closed_on)"),
    ("risk", "happened_by(closed_on, due_on)"),
    ("risk", "exists (from meeting where meeting.held_on > risk.identified_on)"),
    ("risk", "ratio(score, likelihood) >= 0.5"),
    ("project", "exists_product('risk_log')"),
    ("project", "gate_on('rfe') <= today"),
    ("project", "(select count(*) from issue where issue.status = 'open') = 0"),
    ("project", "(select max(risk.score) from risk) >= 20"),
    ("project", "kept_every((select issued_on from report), 30, 5, project.start_on, today)"),
    ("role", "not exists (from role other where other.role = 'project_manager' and same_person(other.person_id, role.person_id))"),
]


def written():
    builder = Builder(Settings(date(2026, 6, 30), time_zones=False, calendars=False), Relations(lambda source: source))
    parts = []
    for about, require in TYPICAL:
        node = rule_conditions(rule(about=about, require=require), words())["require"].node
        population = "_project" if about == "project" else about
        statement = builder.deciding([Ready("T", Decides.BOTH, population, require=node)])
        hoists = "".join(f"-- {hoist.name}\n{sql.text(hoist.build())};\n" for hoist in builder.hoists.take())
        parts.append(f"-- {about}: {require}\n{hoists}{sql.text(statement.select)};\n")
    return "\n".join(parts)


def test_typical_conditions():
    if os.environ.get("AUDITOR_UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(written(), "utf-8")
    assert written() == GOLDEN.read_text("utf-8"), "if the change is meant: AUDITOR_UPDATE_GOLDEN=1 pytest tests/checks"


def test_equal_conditions_are_computed_once():
    node = rule_conditions(rule(about="risk", require="linked('mitigates', 'work_item')"), words())["require"].node

    def deciding(*ids: str) -> list[str]:
        builder = Builder(Settings(date(2026, 6, 30), time_zones=False, calendars=False), Relations(lambda source: source))
        statement = builder.deciding([Ready(id_, Decides.BOTH, "risk", require=node) for id_ in ids])
        return [*(sql.text(hoist.build()) for hoist in builder.hoists.take()), sql.text(statement.select)]

    assert deciding("A") == deciding("A", "B")
