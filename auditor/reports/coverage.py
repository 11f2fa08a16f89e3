"""How far the rules reach: each clause of a standard, what decides it, and in how many projects of an audit it really was decided."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from auditor.checks.evaluation import Evaluation, Verdict
from auditor.model.row import Frozen
from auditor.reports.build import gaps
from auditor.results.audit_result import AuditResult
from auditor.rulebook.clauses import Clause, Coverage
from auditor.rulebook.crosswalk import Crosswalk, rules_of
from auditor.rulebook.load import Rulebook
from auditor.rulebook.rule import Decides, Rule

Means = Literal["both", "refutes", "supports", "asks", "planned", "none"]
"""The most that a rule of the clause does.

Its condition decides both ways; it can only refute, or only support; a person is asked; a rule is still to be written; there is none.
"""

_STRONGEST: Sequence[tuple[Decides, Means]] = ((Decides.BOTH, "both"), (Decides.REFUTES, "refutes"), (Decides.SUPPORTS, "supports"))
MACHINE: tuple[Means, ...] = ("both", "refutes", "supports")


class RuleReach(Frozen):
    """A rule of a clause."""

    id: str
    title: str
    decides: str


class Reach(Frozen):
    """In how many projects of the audit a clause was decided; a clause with several rules counts by the best of them."""

    decided: int = 0  # by machine
    attested: int = 0  # by what a person answered
    open: int = 0
    not_applicable: int = 0  # not due, tailored out, nothing there that it is about
    why_open: dict[str, int] = {}  # reason → projects


class ClauseReach(Frozen):
    """A clause and what decides it."""

    id: str
    pack: str
    section: str
    area: str
    requirement: str
    status: str  # automatic, partly, manual, out_of_scope
    reason: str  # why it is not automatic
    editions: list[str]
    means: Means
    rules: list[RuleReach]
    reach: Reach | None  # None: no audit, or no project of it is audited by the clause's pack


class PackReach(Frozen):
    """The clauses of a pack, counted."""

    name: str
    title: str
    clauses: int
    by_status: dict[str, int]
    by_means: dict[str, int]
    machine_share: float | None  # clauses with a condition that can refute or support, of all; None without clauses
    rules: int
    projects: int  # of the audit, audited by rules of the pack
    decided: int | None  # clauses that were decided by machine in one project at least; None without an audit of it
    decided_share: float | None  # of the pairs of clause and project where the clause applied: decided by machine


class GapReach(Frozen):
    """Something that is missing, and the clauses that it leaves open."""

    what: str
    reason: str
    who: str
    clauses: list[str]
    projects: list[str]
    decisions: int


class EntryReach(Frozen):
    """An entry of a cross-walk with what serves it."""

    clause: str
    title: str
    editions: list[str]
    rules: list[str]
    checklists: list[str]
    reports: list[str]
    note: str


class CrosswalkReach(Frozen):
    """A cross-walk: what serves each entry of another standard."""

    name: str
    title: str
    editions: list[str]
    entries: list[EntryReach]
    empty: list[str]  # entries that nothing serves


class CoverageReport(Frozen):
    """How far the rules reach, and how far they reached in an audit."""

    generator: str
    audit: str | None
    as_of: date | None
    snapshot: str | None
    packs: list[PackReach]
    clauses: list[ClauseReach]
    gaps: list[GapReach]
    crosswalks: list[CrosswalkReach]


def build_coverage(
    rulebook: Rulebook,
    crosswalks: Mapping[str, Crosswalk],
    result: AuditResult | None,
    *,
    generator: str,
    packs: Iterable[str] = (),
) -> CoverageReport:
    """Return how far the rules reach.

    Args:
        rulebook: packs with their clauses and rules.
        crosswalks: by name; `load_crosswalks`.
        result: an audit; None: nothing is said about projects.
        generator: what writes it.
        packs: only these; none: every pack that has clauses.
    """
    asked = set(packs)
    chosen = {id_: clause for id_, clause in rulebook.clauses.items() if not asked or rulebook.clause_pack[id_] in asked}
    by_rule: dict[str, list[Evaluation]] = defaultdict(list)
    for evaluation in result.evaluations if result is not None else ():
        by_rule[evaluation.rule].append(evaluation)
    clauses = [_clause(clause, rulebook, by_rule) for clause in chosen.values()]
    names = [name for name in rulebook.packs if any(clause.pack == name for clause in clauses)]
    rules = {rule.id for clause in clauses for rule in clause.rules}
    of_rule: dict[str, list[str]] = defaultdict(list)
    for clause in clauses:
        for rule in clause.rules:
            of_rule[rule.id].append(clause.id)
    open_ones = [item for rule in rules for item in by_rule[rule]]
    return CoverageReport(
        generator=generator,
        audit=result.id if result is not None else None,
        as_of=result.as_of if result is not None else None,
        snapshot=result.snapshot if result is not None else None,
        packs=[_pack(name, rulebook, clauses, by_rule) for name in names],
        clauses=clauses,
        gaps=_gaps(open_ones, of_rule),
        crosswalks=[_crosswalk(item, rulebook) for item in crosswalks.values()],
    )


def coverage_bytes(report: CoverageReport) -> bytes:
    """Return the report as UTF-8 JSON with sorted keys and a final newline."""
    return (json.dumps(report.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def write_coverage_json(report: CoverageReport, path: Path) -> Path:
    """Write the report to *path* in one step and return it."""
    partial = path.with_suffix(".part")
    partial.write_bytes(coverage_bytes(report))
    partial.replace(path)
    return path


def write_coverage_html(report: CoverageReport, path: Path) -> Path:
    """Write the report as one self-contained page to *path* and return it."""
    from auditor.reports.html import dump_page  # noqa: PLC0415  (jinja2 only where a page is written)

    areas: dict[str, list[tuple[str, list[ClauseReach]]]] = {}
    for pack in report.packs:
        own = [clause for clause in report.clauses if clause.pack == pack.name]
        areas[pack.name] = [(area, [one for one in own if one.area == area]) for area in sorted({one.area for one in own})]
    dump_page("coverage.html.j2", path, {"coverage": report, "areas": areas})
    return path


def _clause(clause: Clause, rulebook: Rulebook, by_rule: Mapping[str, list[Evaluation]]) -> ClauseReach:
    rules = [rulebook.rules[rule] for rule in clause.rule_ids]
    return ClauseReach(
        id=clause.id,
        pack=rulebook.clause_pack[clause.id],
        section=clause.section or "",
        area=clause.area,
        requirement=clause.requirement,
        status=clause.status.value,
        reason=clause.reason or "",
        editions=clause.editions,
        means=_means(clause, rules),
        rules=[RuleReach(id=rule.id, title=rule.title, decides=rule.decides.value) for rule in rules],
        reach=_reach([item for rule in rules for item in by_rule.get(rule.id, ())]),
    )


def _means(clause: Clause, rules: Sequence[Rule]) -> Means:
    decided = {rule.decides for rule in rules if rule.require is not None}
    strongest: Means | None = next((means for decides, means in _STRONGEST if decides in decided), None)
    if strongest is not None:
        return strongest
    return "asks" if rules else "planned" if clause.is_planned else "none"


def _reach(evaluations: Iterable[Evaluation]) -> Reach | None:
    by_project: dict[str, list[Evaluation]] = defaultdict(list)
    for item in evaluations:
        by_project[item.project].append(item)
    if not by_project:
        return None
    states = [_state(items) for items in by_project.values()]
    counts = Counter(state for state, _ in states)
    why = Counter(reason for state, reason in states if state == "open")
    return Reach(
        decided=counts["decided"],
        attested=counts["attested"],
        open=counts["open"],
        not_applicable=counts["not_applicable"],
        why_open=dict(sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _state(items: Sequence[Evaluation]) -> tuple[str, str]:
    """Return how a clause stands in one project, and why it is open; the rule that says most counts."""
    said = [item for item in items if item.verdict in {Verdict.CONFORM, Verdict.NONCONFORM}]
    if any(not item.is_attested for item in said):
        return "decided", ""
    if said:
        return "attested", ""
    left = sorted(item.reason.value if item.reason is not None else "" for item in items if item.verdict is Verdict.NOT_ASSESSED)
    return ("open", left[0]) if left else ("not_applicable", "")


def _pack(name: str, rulebook: Rulebook, clauses: Sequence[ClauseReach], by_rule: Mapping[str, list[Evaluation]]) -> PackReach:
    own = [clause for clause in clauses if clause.pack == name]
    rules = [rule for rule, pack in rulebook.pack_of.items() if pack == name]
    reached = [clause.reach for clause in own if clause.reach is not None]
    applied = sum(reach.decided + reach.attested + reach.open for reach in reached)
    machine = sum(clause.means in MACHINE for clause in own)
    return PackReach(
        name=name,
        title=rulebook.packs[name].title,
        clauses=len(own),
        by_status={status.value: sum(clause.status == status.value for clause in own) for status in Coverage},
        by_means={means: sum(clause.means == means for clause in own) for means in (*MACHINE, "asks", "planned", "none")},
        machine_share=round(machine / len(own), 4) if own else None,
        rules=len(rules),
        projects=len({item.project for rule in rules for item in by_rule.get(rule, ())}),
        decided=sum(reach.decided > 0 for reach in reached) if reached else None,
        decided_share=round(sum(reach.decided for reach in reached) / applied, 4) if applied else None,
    )


def _gaps(evaluations: Sequence[Evaluation], of_rule: Mapping[str, list[str]]) -> list[GapReach]:
    found = [
        GapReach(
            what=gap.what,
            reason=gap.reason,
            who=gap.who,
            clauses=sorted({clause for rule in gap.rules for clause in of_rule[rule]}),
            projects=gap.projects,
            decisions=gap.decisions,
        )
        for gap in gaps(evaluations)
    ]
    return sorted(found, key=lambda gap: (-len(gap.clauses), -gap.decisions, gap.reason, gap.what))


def _crosswalk(crosswalk: Crosswalk, rulebook: Rulebook) -> CrosswalkReach:
    entries = [
        EntryReach(
            clause=entry.clause,
            title=entry.title,
            editions=entry.editions,
            rules=rules_of(entry, rulebook),
            checklists=entry.checklists,
            reports=entry.reports,
            note=entry.note,
        )
        for entry in crosswalk.entries
    ]
    empty = [entry.clause for entry in entries if not (entry.rules or entry.checklists or entry.reports)]
    return CrosswalkReach(name=crosswalk.name, title=crosswalk.title, editions=crosswalk.editions, entries=entries, empty=empty)
