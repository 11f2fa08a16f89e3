"""Lists of several people and what the ledger holds: nothing is overwritten, who disagrees is shown."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.checklist.checklist import Filled, Given, ReadBack, Says, SignedOff
from auditor.checklist.merge import Merged, Read, contradicted, list_digest, merge
from auditor.checks.evaluation import Evaluation, Evidence, Reason, Verdict
from auditor.checks.inputs import Answer
from auditor.ledger.ledger import StoredAnswer
from auditor.rulebook.rule import Citation, Decides, Rule, Severity

TODAY = date(2026, 6, 30)


def rule(id_: str = "R-1", decides: Decides = Decides.BOTH) -> Rule:
    return Rule(
        id=id_,
        title="t",
        requirement="r",
        cites=[Citation(standard="pm2")],
        answers=[id_],
        area="a",
        severity=Severity.MAJOR,
        require="true",
        decides=decides,
    )


RULES = {"R-1": rule(), "R-2": rule("R-2")}


def said(question: str, says: Says, author: str = "Anna", on: date | None = date(2026, 6, 1), **more: Any) -> Filled:
    subject, digest, place = more.pop("subject", None), more.pop("digest", "d"), more.pop("place", "Checklist!F2")
    return Filled(question=question, subject=subject, given=Given(says=says, author=author, on=on, **more), digest=digest, place=place)


def read(file: str, *filled: Filled, signed: tuple[SignedOff, ...] = ()) -> Read:
    back = ReadBack(
        checklist="8c1f0355ab01", kind="health-check", project="P", language="en", filled=filled, misread=(), untouched=0, signed=signed
    )
    return Read(file=file, back=back)


def held(rule_: str, says: Says, author: str, on: date = date(2026, 5, 1), **more: Any) -> StoredAnswer:
    more.setdefault("evidence_digest", "d")
    answer = Answer(rule=rule_, project="P", says=says, author=author, on=on, **more)
    return StoredAnswer(answer=answer, kind="rule", checklist=None, entry=7)


def together(*files: Read, holds: tuple[StoredAnswer, ...] = (), **more: Any) -> Merged:
    return merge(files, holds, rules=RULES, today=TODAY, **more)


def test_rules_and_questions_of_lists_are_told_apart() -> None:
    """An answer to a list's own question never reaches the engine."""
    merged = together(read("a.xlsx", said("R-1", "yes", subject="S"), said("ACME-1", "no")))
    found = [(item.answer.rule, item.answer.subject, item.kind, item.checklist) for item in merged.answers]
    assert found == [("R-1", "S", "rule", "health-check"), ("ACME-1", None, "question", "health-check")]
    assert merged.answers[0].answer.evidence_digest == "d"


def test_people_who_disagree_are_shown() -> None:
    """Nothing is written about the question; the others are."""
    files = read("a.xlsx", said("R-1", "yes"), said("R-2", "yes")), read("b/b.xlsx", said("R-1", "no", "Bo", place="Checklist!F9"))
    merged = together(*files)
    assert [item.answer.rule for item in merged.answers] == ["R-2"]
    (conflict,) = merged.conflicts
    assert [(side.where, side.answer.author, side.answer.says) for side in conflict.sides] == [
        ("a.xlsx, Checklist!F2", "Anna", "yes"),
        ("b/b.xlsx, Checklist!F9", "Bo", "no"),
    ]
    for take in ("Bo", "b.xlsx", "b/b.xlsx", " BO "):
        merged = together(*files, take=[take])
        assert [(item.answer.rule, item.answer.says) for item in merged.answers] == [("R-1", "no"), ("R-2", "yes")]
        assert merged.conflicts == ()


def test_people_who_agree_keep_their_notes() -> None:
    """The newest answer, with the other's note beside its own, and the earliest end."""
    merged = together(
        read("a.xlsx", said("R-1", "no", note="two are missing", expires_on=date(2026, 12, 1))),
        read("b.xlsx", said("R-1", "no", "Bo", date(2026, 6, 2), note="the log is old", evidence="mail", expires_on=date(2026, 9, 1))),
    )
    (entry,) = merged.answers
    answer = entry.answer
    assert (answer.author, answer.note, answer.evidence, answer.expires_on) == (
        "Bo",
        "the log is old\nAnna: two are missing",
        "mail",
        date(2026, 9, 1),
    )


def test_what_the_ledger_holds_is_not_overwritten() -> None:
    """Another person's answer that still stands, or a newer one of one's own: a conflict, settled by name."""
    mine = read("a.xlsx", said("R-1", "yes"))
    for theirs in (held("R-1", "no", "Bo"), held("R-1", "no", "Anna", date(2026, 6, 5))):
        merged = together(mine, holds=(theirs,))
        assert merged.answers == ()
        assert [side.file for side in merged.conflicts[0].sides] == ["a.xlsx", "ledger"]
        assert together(mine, holds=(theirs,), take=["ledger"]).answers == ()
        assert together(mine, holds=(theirs,), take=["ledger"]).conflicts == ()
    assert together(mine, holds=(held("R-1", "no", "Bo"),), take=["Anna"]).answers[0].answer.says == "yes"


def test_what_no_longer_stands_is_superseded() -> None:
    """One's own older answer, an expired one, one about other evidence, and one that says the same."""
    mine = read("a.xlsx", said("R-1", "yes"))
    for theirs in (
        held("R-1", "no", "Anna"),
        held("R-1", "no", "Bo", expires_on=date(2026, 5, 31)),
        held("R-1", "no", "Bo", evidence_digest="before"),
        held("R-1", "yes", "Bo"),
    ):
        merged = together(mine, holds=(theirs,))
        assert [item.answer.says for item in merged.answers] == ["yes"]
        assert merged.conflicts == ()


def test_reading_twice_adds_nothing() -> None:
    """What was written once is known, with the notes of others in it."""
    files = read("a.xlsx", said("R-1", "no", note="a")), read("b.xlsx", said("R-1", "no", "Bo", date(2026, 6, 2), note="b"))
    first = together(*files)
    holds = tuple(StoredAnswer(answer=item.answer, kind=item.kind, checklist=item.checklist, entry=1) for item in first.answers)
    for again in (files, files[:1], files[1:]):
        merged = together(*again, holds=holds)
        assert all(item.answer == holds[0].answer for item in merged.answers)


def test_answers_of_nobody_are_named() -> None:
    """Without an author nobody can be asked; one may be given for all."""
    file = read("a.xlsx", said("R-1", "yes", author="", on=None))
    assert [item.where for item in together(file).nameless] == ["a.xlsx, Checklist!F2"]
    (entry,) = together(file, author="QA").answers
    assert (entry.answer.author, entry.answer.on) == ("QA", TODAY)


def test_signatures_are_bound_to_what_was_signed() -> None:
    """Another answer in the list is another digest."""
    sign = SignedOff(role="Project Owner", person="P. Owner", on=None, place="Cover!C9")
    one, other = read("a.xlsx", said("R-1", "yes"), signed=(sign,)), read("a.xlsx", said("R-1", "no"), signed=(sign,))
    (entry,) = together(one).sign_offs
    assert (entry.what, entry.id, entry.role, entry.person, entry.on) == ("checklist", "8c1f0355ab01", "Project Owner", "P. Owner", TODAY)
    assert entry.digest == list_digest(one.back) != list_digest(other.back)


def evaluation(verdict: Verdict, *failed: str, attested: bool = False, digest: str = "d") -> Evaluation:
    evidence = tuple(Evidence(subject_table="risk", subject_id=id_, outcome="failed", values={}, says=f"{id_} fails") for id_ in failed)
    return Evaluation(
        rule="R-1", project="P", verdict=verdict, failed=len(failed), evidence=evidence, is_attested=attested, evidence_digest=digest
    )


def test_an_answer_that_the_evidence_contradicts_is_told() -> None:
    """As docs/rules.md says: what the condition proves stands against the answer."""
    no, yes = evaluation(Verdict.NONCONFORM, "S1", "S2"), evaluation(Verdict.CONFORM)
    assert contradicted("yes", None, rule(), no) == "the evidence says no: S1 fails (and 1 more)"
    assert contradicted("yes", "S2", rule(), no) == "the evidence says no: S2 fails"
    assert contradicted("yes", "S3", rule(), no) == ""
    assert contradicted("no", None, rule(), yes) == "the evidence says yes"
    assert contradicted("no", None, rule(decides=Decides.REFUTES), yes) == ""
    assert contradicted("yes", None, rule(decides=Decides.SUPPORTS), no) == ""
    assert contradicted("no", None, rule(), evaluation(Verdict.CONFORM, attested=True)) == ""
    (remark,) = together(read("a.xlsx", said("R-1", "yes")), evaluations=[no]).remarks
    assert remark.what.startswith("the evidence says no")
    (remark,) = together(read("a.xlsx", said("R-1", "yes")), evaluations=[evaluation(Verdict.NOT_ASSESSED, digest="new")]).remarks
    assert remark.what == "the evidence has changed since the list was made: the answer is to be confirmed"


def twins() -> dict[str, Rule]:
    """Two rules that ask the same of the same clause, of which the second only can refute, and one that asks something else."""
    first = rule().model_copy(update={"ask": "Is it kept?", "answers": ["C-1"]})
    only = {"decides": Decides.REFUTES}
    return {
        "R-1": first,
        "R-1b": first.model_copy(update={"id": "R-1b", **only}),
        "R-2b": first.model_copy(update={"id": "R-2b", "ask": "Was it read?", **only}),
        "R-3b": first.model_copy(update={"id": "R-3b", "answers": ["C-3"], **only}),
    }


def open_rules(*ids: str, reason: Reason = Reason.AWAITING_ANSWER) -> list[Evaluation]:
    return [Evaluation(rule=id_, project="P", verdict=Verdict.NOT_ASSESSED, reason=reason, evidence_digest=f"d of {id_}") for id_ in ids]


def along(*files: Read, found: list[Evaluation], holds: tuple[StoredAnswer, ...] = ()) -> dict[str, tuple[Says, str | None]]:
    merged = merge(files, holds, rules=twins(), today=TODAY, evaluations=found)
    return {entry.answer.rule: (entry.answer.says, entry.answer.evidence_digest) for entry in merged.answers}


def test_a_yes_is_given_to_every_rule_that_asks_the_same() -> None:
    """A list asks once; each answer is bound to what the audit shows of its own rule."""
    every = open_rules("R-1", "R-1b", "R-2b", "R-3b")
    yes = said("R-1", "yes", digest="d of R-1")
    assert along(read("a.xlsx", yes), found=every) == {"R-1": ("yes", "d of R-1"), "R-1b": ("yes", "d of R-1b")}
    assert along(read("a.xlsx", yes), found=open_rules("R-1", "R-1b", reason=Reason.NO_DATA)).keys() == {"R-1", "R-1b"}


def test_an_answer_goes_no_further_than_it_was_given() -> None:
    """A no, an answer about one subject, one to evidence of before; a rule that is decided, not due, answered by itself or of no project."""
    every, yes = open_rules("R-1", "R-1b"), said("R-1", "yes", digest="d of R-1")
    alone = [
        along(read("a.xlsx", said("R-1", "no", digest="d of R-1")), found=every),
        along(read("a.xlsx", said("R-1", "yes", digest="d of R-1", subject="S")), found=every),
        along(read("a.xlsx", said("R-1", "yes", digest="of before")), found=every),
        along(read("a.xlsx", yes), found=open_rules("R-1", "R-1b", reason=Reason.NOT_DUE_YET)),
        along(read("a.xlsx", yes), found=open_rules("R-1")),
        along(read("a.xlsx", yes), found=[*open_rules("R-1"), evaluation(Verdict.NONCONFORM).model_copy(update={"rule": "R-1b"})]),
        along(read("a.xlsx", yes), found=every, holds=(held("R-1b", "no", "Bo"),)),
    ]
    assert all(answers.keys() == {"R-1"} for answers in alone)
    both = along(read("a.xlsx", yes, said("R-1b", "no", digest="x")), found=every)
    assert both == {"R-1": ("yes", "d of R-1"), "R-1b": ("no", "x")}


SAYS = st.sampled_from(["yes", "no", "partly"])
FILLED = st.builds(
    said, st.sampled_from(["R-1", "R-2", "Q"]), SAYS, st.sampled_from(["Anna", "Bo", ""]), st.dates(date(2026, 1, 1), date(2026, 6, 1))
)


@given(st.lists(st.lists(FILLED, max_size=4, unique_by=lambda item: item.question), max_size=4))
def test_every_answer_is_written_shown_or_named(lists: list[list[Filled]]) -> None:
    """No answer vanishes, and the order of the files decides nothing."""
    files = [read(f"{number}.xlsx", *filled) for number, filled in enumerate(lists)]
    merged = together(*files)
    written = {item.answer.rule for item in merged.answers}
    shown = {item.question for item in merged.conflicts}
    named = {item.where for item in merged.nameless}
    assert not written & shown
    for file in files:
        for item in file.back.filled:
            assert item.question in written | shown or f"{file.file}, {item.place}" in named
    again = together(*reversed(files))
    assert {(item.answer.rule, item.answer.says) for item in again.answers} == {
        (item.answer.rule, item.answer.says) for item in merged.answers
    }
    assert {item.question for item in again.conflicts} == shown
