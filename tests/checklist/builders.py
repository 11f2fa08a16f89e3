"""Lists and what they stand on, small and by hand, with defaults for what a test does not care about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.checklist.build import Basis
from auditor.checklist.checklist import Band, Checklist, Given, Group, Question, Scheme, Shown
from auditor.checklist.template import Shelf, load_shelf
from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.checks.inputs import Answer, ProjectPlan
from auditor.results.audit_result import AuditedProject, AuditResult
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import Profile

DAY = date(2026, 6, 30)
HOSTILE = "x <script>alert(1)</script> --> <!-- auditor:q:1 --> [x](javascript:alert(1)) `*_|\\&amp; \u202e\x07"


def question(id_: str, **changes: Any) -> Question:
    return Question(
        **({"id": id_, "text": f"Is {id_} so?", "state": "open", "why_open": "Only a person can answer this.", "digest": "d"} | changes)
    )


def given(says: str = "yes", author: str = "", **changes: Any) -> Given:
    return Given(**({"says": says, "author": author, "on": date(2026, 6, 1) if author else None} | changes))


def checklist(*groups: Group, **changes: Any) -> Checklist:
    """Return a list with a question in every state, unless *groups* are given."""
    every = (
        Group(
            id="one",
            title="First",
            note="What it is about.",
            questions=(
                question(
                    "R-1",
                    rule="R-1",
                    state="evidence",
                    why_open="",
                    given=given("yes"),
                    requirement="It is so.",
                    guidance="It matters. Do it.",
                    cites="PM² 3.1, section 5.5",
                    evidence=(Shown(text="Risk R1: owner: Ada", place="Risk Log.xlsx, Risks!C7", url="file:///p/Risk%20Log.xlsx"),),
                    evidence_count=4,
                ),
                question(
                    "R-2",
                    rule="R-2",
                    state="attested",
                    why_open="",
                    given=given("no", "Ada", note="Not yet.", evidence="minutes of May", expires_on=date(2026, 12, 31)),
                    contradiction="Ada answered “No” on 2026-06-01; the evidence says “Yes”.",
                ),
                question("R-3", rule="R-3", state="to_confirm", given=given("yes", "Ben"), why_open="What was shown has changed."),
            ),
        ),
        Group(
            id="two",
            title="Second",
            questions=(
                question("Q-4", text=HOSTILE, requirement=HOSTILE, guidance=HOSTILE, subject="S 1 -->", subject_text=HOSTILE),
                question(
                    "R-5",
                    rule="R-5",
                    state="not_applicable",
                    why_open="",
                    given=given("not_applicable"),
                    evidence=(Shown(text="There is nothing of this kind.", url="javascript:alert(1)"),),
                    evidence_count=1,
                ),
                question(
                    "R-6",
                    rule="R-6",
                    text="In English?",
                    language="en",
                    evidence=(Shown(text=HOSTILE, place=HOSTILE, url="https://e.org/a b>c"),),
                ),
            ),
        ),
    )
    return Checklist(
        **(
            {
                "id": "0123456789ab",
                "kind": "phase-exit:rfe",
                "title": "Review",
                "purpose": "Is it ready?",
                "project": "ALPINE",
                "project_title": "Grants Portal",
                "profile": "pm2",
                "profile_title": "PM²",
                "as_of": DAY,
                "audit": "2026-06-30-aaaaaaaaaaaa",
                "traits": (("Size", "small"), ("Phase", "planning")),
                "groups": groups or every,
                "left_out": (("R-9 Contractors report", "nothing is outsourced"),),
                "scheme": Scheme(
                    id="pm2-bands",
                    title="Compliance",
                    bands=(
                        Band(from_percent=0, title="Red"),
                        Band(from_percent=51, title="Amber"),
                        Band(from_percent=81, title="Green", advice="Go."),
                    ),
                ),
                "sign_off": ("Project Manager", "Project Owner"),
                "untranslated": 1,
            }
            | changes
        )
    )


def shelf(folder: Path, *, rulebook: Rulebook | None = None, **files: str) -> Shelf:
    """Write *files* (name without .yaml → content; `texts__fr` lies in `texts`) into *folder* and load them alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return load_shelf([folder], installed=False, rulebook=rulebook)


def evaluation(rule: str, verdict: str, **changes: Any) -> Evaluation:
    return Evaluation(**({"rule": rule, "project": "P", "verdict": Verdict(verdict), "evidence_digest": "now"} | changes))


def answer(rule: str, says: str = "yes", **changes: Any) -> Answer:
    return Answer(
        **({"rule": rule, "project": "P", "says": says, "author": "Ada", "on": date(2026, 6, 1), "evidence_digest": "now"} | changes)
    )


def basis(
    rulebook: Rulebook,
    profile: Profile | None,
    evaluations: Sequence[Evaluation] = (),
    *,
    traits: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Basis:
    result = AuditResult(
        id="2026-06-30-aaaaaaaaaaaa",
        as_of=DAY,
        snapshot="s",
        generator="auditor",
        inputs={},
        projects=(AuditedProject(id="P", profile=profile.name if profile else None),),
        evaluations=tuple(evaluations),
        findings=(),
    )
    known = {"name": "Project", "methodology": "pm2", "phase": "executing", "size": "small", "is_outsourced": False}
    made = Basis(result, "P", "Project", rulebook, profile, ProjectPlan(), MappingProxyType(known if traits is None else dict(traits)))
    return replace(made, **changes)


REASON = Reason
