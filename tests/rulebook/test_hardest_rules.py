"""The ten requirements that ask most of the language and the model, written down before both were frozen."""

from pathlib import Path
from typing import Any

import pytest

from auditor.rulebook.condition import rule_conditions, rule_reads
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.rule import Case
from auditor.workbench.cases import run_case
from tests.shipped import shipped_rulebook

PACK = """\
name: hardest
title: The ten hardest requirements
standard: hardest
version: 1.0.0
requires: [core, pm2]
"""
VIEWS = """\
views:
- name: time_breach
  sentence: since when a stage was forecast to end later than its tolerance of time allows
  columns: {stage_name: text, since_at: instant}
  select: >
    select stage_history.project_id, stage_history.id, min(stage_history.name) as stage_name, min(stage_history.valid_from) as since_at
    from stage_history
    join allowance on allowance.project_id = stage_history.project_id and allowance.level_id = stage_history.id
    where allowance.level = 'stage' and allowance.aspect = 'time' and allowance.unit = 'days'
      and days(stage_history.planned_end_on, stage_history.forecast_end_on) > allowance.upper
    group by stage_history.project_id, stage_history.id
  known_when: [stage, allowance]
  cases: []
- name: risk_in_a_report
  sentence: a risk that a highlight report lists, with the rating and the day of the report
  columns: {ref: reference, rating: decimal, as_on: day}
  select: >
    select listed_item.project_id, listed_item.id, listed_item.ref, listed_item.number as rating, report.period_to_on as as_on
    from listed_item
    join report on report.project_id = listed_item.project_id and report.artefact_id = listed_item.artefact_id
    where listed_item.kind = 'risk' and report.kind = 'highlight'
  known_when: [listed_item, report]
  cases: []
- name: justification
  sentence: a span of days during which a version of the business case was approved, and the day on which the one before it ended
  columns: {from_at: instant, to_at: instant, before_to_at: instant}
  select: >
    select artefact_history.project_id, artefact_history.id, artefact_history.valid_from as from_at, artefact_history.valid_to as to_at,
      lag(artefact_history.valid_to) over (partition by artefact_history.project_id order by artefact_history.valid_from) as before_to_at
    from artefact_history
    where artefact_history.kind = 'business_case' and artefact_history.status in ('approved', 'baselined')
  known_when: [artefact]
  cases: []
- name: initiation_version
  sentence: a version of the Project Initiation Documentation, with its content and the content that bore its number before
  columns: {version: text, approved_on: day, content: text, content_before: text}
  select: >
    select artefact_version.project_id, artefact_version.id, artefact_version.version, artefact_version.approved_on,
      artefact_version.content_hash as content,
      lag(artefact_version.content_hash) over (partition by artefact_version.project_id, artefact_version.artefact_id,
        artefact_version.version order by artefact_version.modified_at) as content_before
    from artefact_version
    join product on product.project_id = artefact_version.project_id and product.artefact_id = artefact_version.artefact_id
    where product.kind = 'project_initiation_documentation'
  known_when: [artefact_version, product]
  cases: []
"""
COMMON = {
    "P2-PRG-06": """\
title: A forecast breach of tolerance is escalated by an exception report
about: time_breach
where: days(day(since_at), today) > $days_allowed
require: exists (from report where report.kind = 'exception' and during(report.issued_on, day(since_at), day(since_at) + $days_allowed))
params: {days_allowed: {type: days, default: 5}}
""",
    "P2-RSK-12": """\
title: Risks in highlight reports match the register
about: risk_in_a_report
where: filled(risk_in_a_report.as_on)
require: exists (from risk r at risk_in_a_report.as_on where r.id = risk_in_a_report.ref and r.likelihood * r.impact = risk_in_a_report.rating)
""",
    "PM2-PLA-07": """\
title: Every plan that the Handbook lists as used exists
about: listed_item
where: listed_item.kind = 'tailoring' and listed_item.is_used and listed_item.names_kind like '%plan'
require: exists_product(listed_item.names_kind)
""",
    "PM2-GOV-05": """\
title: Business Manager and Project Manager are different persons
about: role
where: role.role = 'business_manager' and filled(role.person_id)
require: not exists (from role other where other.role = 'project_manager' and same_person(other.person_id, role.person_id))
""",
    "ORG-DFA-02": """\
title: Orders are not split to stay under a limit
about: agreement
where: agreement.kind = 'order' and agreement.amount >= $near * (select min(a.limit) from authority a where a.subject = 'order' and a.limit > agreement.amount and a.currency = agreement.currency)
require: (select sum(o.amount) from agreement o where o.kind = 'order' and o.supplier = agreement.supplier and o.currency = agreement.currency and days(agreement.on_date, o.on_date) between 0 and $window_days) <= (select min(a.limit) from authority a where a.subject = 'order' and a.limit > agreement.amount and a.currency = agreement.currency)
params: {window_days: {type: days, default: 30}, near: {type: share, default: 0.9}}
""",
    "P2-PRI-01": """\
title: An approved business justification exists from authorisation to closure
about: project
due: filled(gate_on('project_authorisation'))
require: happened_by(event('business_case_approved'), gate_on('project_authorisation')) and not exists (from justification j where day(j.before_to_at) < day(j.from_at)) and exists (from justification j where blank(j.to_at))
""",
    "P2-IP-05": """\
title: The version used for authorisation is preserved unchanged
about: gate
where: gate.gate = 'project_authorisation' and gate.decision in ('approved', 'conditional')
require: exists (from initiation_version v where v.approved_on <= gate.decided_on) and not exists (from initiation_version v where v.approved_on <= gate.decided_on and v.content_before <> v.content)
""",
    "PM2-EXE-09": """\
title: Figures in the status report agree with the logs
about: reported_figure
where: reported_figure.name = 'open_risks' and filled(reported_figure.number) and filled(reported_figure.as_on)
require: (select count(*) from risk r at reported_figure.as_on where r.status not in ('closed', 'rejected')) = reported_figure.number
""",
    "ORG-SCR-09": """\
title: Scope added after the start of a sprint stays low
about: sprint
where: sprint.state = 'closed'
require: ratio((select sum(i.points_then) from sprint_item i where i.sprint_id = sprint.id and i.added_at > sprint.start_at), (select sum(i.points_then) from sprint_item i where i.sprint_id = sprint.id and i.added_at <= sprint.start_at)) <= $most_added
params: {most_added: {type: share, default: 0.2}}
""",
    "P2-BC-09": """\
title: Major risks of the business case are in the register
about: listed_item
where: listed_item.kind = 'risk' and exists (from product p where p.artefact_id = listed_item.artefact_id and p.kind = 'business_case')
require: listed_item.ref in (select r.id from risk r) or matched('risk')
decides: supports
""",
}
READS = {
    "P2-PRG-06": {"stage", "allowance", "report"},
    "P2-RSK-12": {"listed_item", "report", "risk"},
    "PM2-PLA-07": {"listed_item", "product", "candidate"},
    "PM2-GOV-05": {"role", "person"},
    "ORG-DFA-02": {"agreement", "authority"},
    "P2-PRI-01": {"product", "candidate", "gate", "artefact"},
    "P2-IP-05": {"gate", "artefact_version", "product"},
    "PM2-EXE-09": {"listed_item", "report", "risk"},
    "ORG-SCR-09": {"sprint", "sprint_item"},
    "P2-BC-09": {"listed_item", "product", "risk", "match"},
}


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder: Path = tmp_path_factory.mktemp("rules") / "hardest"
    (folder / "any").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "views.yaml").write_text(VIEWS, encoding="utf-8")
    clauses = "clauses:\n"
    for id_, text in COMMON.items():
        clauses += f"- {{id: HARD-{id_}, requirement: x, area: any, status: automatic, rules: planned}}\n"
        head = f"id: HARD-{id_}\nrequirement: x\nanswers: [HARD-{id_}]\ncites: [{{standard: hardest}}]\narea: any\nseverity: major\n"
        (folder / "any" / f"HARD-{id_}.yaml").write_text(head + text, encoding="utf-8")
    (folder / "clauses.yaml").write_text(clauses, encoding="utf-8")
    return load_rulebook([folder], understood=shipped_rulebook())


@pytest.mark.parametrize("id_", COMMON)
def test_the_language_can_say_it(rulebook: Rulebook, id_: str) -> None:
    """Each condition is understood, and reads the tables that hold its evidence."""
    language = rulebook.language
    rule = rulebook.rules[f"HARD-{id_}"]
    assert "require" in rule_conditions(rule, language)
    assert rule_reads(rule, language) == READS[id_]


Rows = list[dict[str, Any]]
STAGE: Rows = [{"id": "S1", "name": "Build", "planned_end_on": "2026-06-01", "forecast_end_on": "2026-06-20"}]
BREACH: dict[str, Rows] = {
    "stage": STAGE,
    "stage_history": [STAGE[0] | {"valid_from": "2026-04-01 08:00", "valid_to": None}],
    "allowance": [{"id": "A1", "level": "stage", "level_id": "S1", "aspect": "time", "unit": "days", "upper": 10}],
}
REPORTED: dict[str, Rows] = {
    "report": [{"id": "P1", "artefact_id": "X", "kind": "highlight", "period_to_on": "2026-05-31"}],
    "listed_item": [{"id": "L1", "artefact_id": "X", "kind": "risk", "ref": "R1", "number": 12}],
    "risk": [{"id": "R1", "likelihood": 3, "impact": 4}],
}
LIMIT: Rows = [{"id": "L", "subject": "order", "limit": 10000, "currency": "EUR"}]
AUTHORISED: dict[str, Rows] = {
    "gate": [{"id": "G", "gate": "project_authorisation", "decision": "approved", "decided_on": "2026-02-01"}],
    "product": [
        {"id": "P1", "kind": "business_case", "artefact_id": "A1", "approved_on": "2026-01-10"},
        {"id": "P2", "kind": "project_initiation_documentation", "artefact_id": "X", "approved_on": "2026-01-30"},
    ],
    "candidate": [],
    "artefact": [{"id": "A1", "kind": "business_case", "status": "approved"}],
}
SPRINT: Rows = [{"id": "S1", "state": "closed", "start_at": "2026-03-01 09:00"}]
LISTED: dict[str, Rows] = {
    "listed_item": [{"id": "L1", "artefact_id": "X", "kind": "risk", "ref": "R1"}],
    "product": [{"id": "P1", "kind": "business_case", "artefact_id": "X"}],
    "match": [],
}


def orders(*days: str) -> Rows:
    return [{"id": day, "kind": "order", "supplier": "Northwind", "amount": 9500, "currency": "EUR", "on_date": day} for day in days]


def past(status: str, begin: str, end: str | None) -> dict[str, Any]:
    return {"id": "A1", "kind": "business_case", "status": status, "valid_from": f"{begin} 00:00", "valid_to": end and f"{end} 00:00"}


def rated(impact: int, begin: str, end: str | None) -> dict[str, Any]:
    return {"id": "R1", "likelihood": 3, "impact": impact, "valid_from": f"{begin} 00:00", "valid_to": end and f"{end} 00:00"}


def version(id_: str, content: str, day: str) -> dict[str, Any]:
    moment = f"{day} 10:00"
    return {"id": id_, "artefact_id": "X", "version": "1.0", "approved_on": "2026-01-30", "content_hash": content, "modified_at": moment}


def scope(added: int) -> Rows:
    first = {"id": "I1", "sprint_id": "S1", "added_at": "2026-02-28 09:00", "points_then": 10}
    return [first, {"id": "I2", "sprint_id": "S1", "added_at": "2026-03-03 09:00", "points_then": added}]


CASES: list[tuple[str, dict[str, Rows], str]] = [
    ("P2-PRG-06", BREACH | {"report": []}, "nonconform"),
    ("P2-PRG-06", BREACH | {"report": [{"id": "R", "kind": "exception", "issued_on": "2026-04-03"}]}, "conform"),
    ("P2-RSK-12", REPORTED | {"risk_history": [rated(4, "2026-02-01", None)]}, "conform"),
    ("P2-RSK-12", REPORTED | {"risk_history": [rated(3, "2026-02-01", "2026-06-05"), rated(4, "2026-06-05", None)]}, "nonconform"),
    ("P2-RSK-12", REPORTED, "not_assessed"),
    ("ORG-DFA-02", {"agreement": orders("2026-03-01", "2026-03-10"), "authority": LIMIT}, "nonconform"),
    ("ORG-DFA-02", {"agreement": orders("2026-03-01", "2026-05-10"), "authority": LIMIT}, "conform"),
    ("P2-PRI-01", AUTHORISED | {"artefact_history": [past("approved", "2026-01-10", None)]}, "conform"),
    (
        "P2-PRI-01",
        AUTHORISED
        | {
            "artefact_history": [
                past("approved", "2026-01-10", "2026-03-01"),
                past("draft", "2026-03-01", "2026-04-01"),
                past("approved", "2026-04-01", None),
            ]
        },
        "nonconform",
    ),
    ("P2-IP-05", AUTHORISED | {"artefact_version": [version("V1", "a", "2026-01-30")]}, "conform"),
    ("P2-IP-05", AUTHORISED | {"artefact_version": [version("V1", "a", "2026-01-30"), version("V2", "b", "2026-03-01")]}, "nonconform"),
    ("ORG-SCR-09", {"sprint": SPRINT, "sprint_item": scope(3)}, "nonconform"),
    ("ORG-SCR-09", {"sprint": SPRINT, "sprint_item": scope(2)}, "conform"),
    ("P2-BC-09", LISTED | {"risk": [{"id": "R1"}]}, "conform"),
    ("P2-BC-09", LISTED | {"risk": [{"id": "R2"}]}, "not_assessed"),
]


@pytest.mark.parametrize(("id_", "given", "verdict"), CASES)
def test_the_engine_decides_it(rulebook: Rulebook, id_: str, given: dict[str, Rows], verdict: str) -> None:
    """What was written down is decided as an auditor would."""
    case = Case.model_validate({"name": id_, "given": given, "expect": {"verdict": verdict}})
    assert run_case(rulebook, rulebook.rules[f"HARD-{id_}"], case).differences == ()
