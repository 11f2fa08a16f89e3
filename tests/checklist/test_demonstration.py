"""Each project of the demonstration gets a different list, the right one, as it was written down from its story."""

import re
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from auditor.checklist.checklist import Checklist, Question
from auditor.checklist.score import percent, score_list
from auditor.checks.evaluation import Verdict
from auditor.workbench.checklisting import Checklists

pytestmark = pytest.mark.xdist_group("demo-lists")

EXPECTATIONS = sorted((Path(__file__).parent / "expectations").glob("*.yaml"))
Lists = Mapping[tuple[str, str], Checklist]

MAIN = ("phase-exit:rfp", "phase-exit:rfe", "quality-review", "health-check")
"""The lists by which the share that evidence answers is stated: most of what they ask leaves a record."""


def expected(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


LEAST = 0.44
"""Share of the questions of the main lists that the evidence answers where records are kept."""


def questions(item: Checklist) -> dict[str, Question]:
    return {question.id: question for question in item.questions()}


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_the_list_is_the_one_that_the_story_asks_for(path: Path, made: Lists) -> None:
    """What must be answered yes or no with evidence, what is open and what is left out, was written by hand before anything was run."""
    for kind, wanted in expected(path)["lists"].items():
        item = made[kind, path.stem]
        asked = questions(item)
        wrong = {}
        for id_ in wanted["yes"]:
            question = asked.get(id_)
            if question is None or question.state != "evidence" or question.given is None or question.given.says != "yes":
                wrong[id_] = "not answered yes with evidence"
        for id_ in wanted["no"]:
            question = asked.get(id_)
            if question is None or question.state != "evidence" or question.given is None or question.given.says != "no":
                wrong[id_] = "not answered no with evidence"
        wrong |= {id_: "not open" for id_ in wanted["open"] if id_ not in asked or asked[id_].state != "open"}
        left = {what.split(" ")[0] for what, _ in item.left_out}
        wrong |= {id_: "not left out" for id_ in wanted["left_out"] if id_ not in left}
        assert not wrong, (kind, wrong)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_nothing_else_is_answered_no(path: Path, made: Lists) -> None:
    """A no with evidence, in a list about what is due, is one of those that were written down."""
    for kind, wanted in expected(path)["lists"].items():
        early = "gate will ask" in " ".join(question.guidance for question in made[kind, path.stem].questions())
        no = {q.id for q in made[kind, path.stem].questions() if q.state == "evidence" and q.given and q.given.says == "no"}
        due = {id_ for id_ in no if "as if it were asked" not in questions(made[kind, path.stem])[id_].guidance}
        assert due == set(wanted["no"]), (kind, early)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_the_evidence_names_what_fails_and_where_it_stands(path: Path, made: Lists) -> None:
    """The subjects of a defect are in the sentences, and the file in which they stand is named, with an address."""
    said = expected(path)
    for kind, wanted in said["lists"].items():
        asked = questions(made[kind, path.stem])
        for id_, subjects in wanted["no"].items():
            told = " ".join(shown.text for shown in asked[id_].evidence)
            assert all(re.search(rf"\b{re.escape(subject)}\b", told) for subject in subjects), (kind, id_, told)
    for kind, places in said["evidence"].items():
        asked = questions(made[kind, path.stem])
        for id_, file in places.items():
            shown = [item for item in asked[id_].evidence if file in item.place]
            assert shown, (kind, id_, asked[id_].evidence)
            assert all(item.url.startswith("file:///") for item in shown)


@pytest.mark.parametrize("path", EXPECTATIONS, ids=lambda path: path.stem)
def test_a_list_shows_what_it_is_tailored_to(path: Path, made: Lists) -> None:
    said = expected(path)
    for kind in said["lists"]:
        assert dict(made[kind, path.stem].traits).items() >= said["traits"].items()


def test_where_nothing_can_be_read_nothing_is_answered(made: Lists) -> None:
    """Neither yes nor no: an unreadable file proves nothing."""
    for kind in expected(Path(__file__).parent / "expectations" / "HAZE.yaml")["nothing_answered"]:
        assert {question.state for question in made[kind, "HAZE"].questions()} <= {"open", "not_applicable"}


def test_every_project_has_an_expectation_and_a_list_of_its_own(made: Lists, lists: Checklists) -> None:
    """No two projects get the same questions with the same answers."""
    assert {path.stem for path in EXPECTATIONS} == set(lists.projects)
    for kind in MAIN:
        seen: dict[Any, str] = {}
        for project in lists.projects:
            item = made[kind, project]
            face = (
                tuple((q.id, q.state, q.given.says if q.given else "", tuple(e.text for e in q.evidence)) for q in item.questions()),
                item.left_out,
            )
            assert face not in seen, (kind, project, seen.get(face))
            seen[face] = project


def test_more_than_four_tenths_are_answered_with_evidence_where_records_are_kept(made: Lists, lists: Checklists) -> None:
    """The shares are printed; the more clauses have a rule that only a person can finish and that asks another question, the more is open."""
    rows, totals = [], []
    for project in lists.projects:
        scored = [score_list(made[kind, project]) for kind in MAIN]
        asked = sum(item.asked for item in scored)
        counts = {state: sum(item.states.get(state, 0) for item in scored) for state in ("evidence", "attested", "open")}
        totals.append(counts["evidence"] / asked)
        rows.append((project, asked, counts, f"{counts['evidence'] / asked:.0%}", [percent(item.part("evidence")) for item in scored]))
        said = expected(Path(__file__).parent / "expectations" / f"{project}.yaml")
        if said["keeps_its_records"] and project != "CEDRE":  # in Initiating little is recorded yet: its gate's list is what counts
            assert counts["evidence"] >= LEAST * asked, rows[-1]
    print(*rows, f"median {median(totals):.0%}", sep="\n")  # noqa: T201  (the shares are stated)
    assert score_list(made["phase-exit:rfp", "CEDRE"]).part("evidence") >= LEAST  # type: ignore[operator]  # it asks something
    assert median(totals) >= LEAST
    assert totals[list(lists.projects).index("HAZE")] == 0


def test_every_kind_is_made_for_every_project(made: Lists, lists: Checklists) -> None:
    """Also the lists of PRINCE2 for projects of PM²: where no rule is of theirs their own questions are asked."""
    assert len(lists.shelf.templates) == 19
    assert set(made) == {(kind, project) for kind in lists.shelf.templates for project in lists.projects}
    for (kind, _), item in made.items():
        assert item.groups or item.left_out, kind
        assert all((item.title, item.purpose, item.scheme.title)), kind
        assert all(question.text and question.digest for question in item.questions())
        assert all(question.why_open for question in item.questions() if question.state in ("open", "to_confirm"))


def test_questions_are_unique_and_every_selected_rule_is_asked_or_left_out(made: Lists, lists: Checklists) -> None:
    """Once, and not both; a rule that is left out says why."""
    from auditor.checklist.build import selected

    _, plan = lists.audited
    for (kind, project), item in made.items():
        ids = [(question.id, question.subject) for question in item.questions()]
        left = [what.split(" ")[0] for what, because in item.left_out if because]
        assert len(ids) == len(set(ids))
        assert len(left) == len(set(left)) == len(item.left_out)
        asked = {id_ for id_, _ in ids}
        assert not asked & set(left)
        template, profile = lists.shelf.template(kind), plan.profiles[plan.chosen[project] or ""]
        rules = {id_ for ids in selected(template, profile) for id_ in ids}
        assert rules == {id_ for id_ in asked | set(left) if id_ in profile.rules or id_ in profile.dropped}


def test_a_yes_with_evidence_rests_on_a_verdict(made: Lists, lists: Checklists) -> None:
    """Never a false yes: the rule conforms, or it is not due and would conform."""
    result, _ = lists.audited
    verdicts = {(item.project, item.rule): item for item in result.evaluations}
    seen = 0
    for (kind, project), item in made.items():
        for question in item.questions():
            if question.state != "evidence" or question.given is None:
                continue
            evaluation = verdicts[project, question.id]
            wanted = Verdict.CONFORM if question.given.says == "yes" else Verdict.NONCONFORM
            if evaluation.verdict is not wanted:
                assert lists.shelf.template(kind).ahead
                assert evaluation.reason == "not_due_yet"
                assert "gate will ask" in question.guidance or "as if it were asked" in question.guidance
            assert question.evidence, (kind, project, question.id)
            seen += 1
    assert seen > 500


def test_language_changes_texts_and_nothing_else(made: Lists, french: Lists) -> None:
    """Identity, states, answers and digests are those of the English list."""
    for key, item in french.items():
        english = made[key]
        assert item.language == "fr"
        assert item.id == english.id
        for one, other in zip(item.questions(), english.questions(), strict=True):
            for name in ("id", "rule", "subject", "state", "digest", "weight", "evidence_count"):
                assert getattr(one, name) == getattr(other, name)
            assert (one.given and one.given.says) == (other.given and other.given.says)
        assert [what.split(" ")[0] for what, _ in item.left_out] == [what.split(" ")[0] for what, _ in english.left_out]
        assert item.untranslated == sum(1 for question in item.questions() if question.language == "en")


def test_the_phase_exit_kinds_are_translated(french: Lists, lists: Checklists) -> None:
    """Titles, groups and own questions; what nobody translated is marked as English."""
    for (kind, _), item in french.items():
        if kind.startswith("phase-exit"):
            assert item.title.startswith("Revue de fin de phase")
            assert {question.language for question in item.questions() if question.rule is None} == {""}
            assert not {group.title for group in item.groups} & {group.title for group in lists.shelf.template(kind).groups}


def test_dropping_by_the_projects_own_tailoring_shows(made: Lists) -> None:
    """A rule that does not concern the project is left out with the reason in words."""
    left = dict(made["phase-exit:rfe", "ALPINE"].left_out)
    because = next(why for what, why in left.items() if what.startswith("PM2-OUT-10"))
    assert "outsourced" in because
