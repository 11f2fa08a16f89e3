"""Filled-in lists of several people, and what the ledger holds, put together. Nothing is overwritten: who disagrees is shown.

Two answers to one question are a conflict when they say something else. One of them has to be taken by name, `take`, before anything is
written about the question.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from auditor.checklist.answer_words import fold
from auditor.checklist.checklist import Filled, ReadBack, Says
from auditor.checklist.question import question_of, shown_digest
from auditor.checks.evaluation import Evaluation, Reason, Verdict
from auditor.checks.inputs import Answer
from auditor.ledger.entry import AnswerEntry, SignOffEntry
from auditor.ledger.ledger import StoredAnswer
from auditor.model.row import Frozen
from auditor.rulebook.digest import digest
from auditor.rulebook.rule import Decides, Rule

LEDGER = "ledger"
"""What `take` calls the answer that the ledger holds."""

_Key = tuple[str, str, str, str]  # kind of list, for a list's own questions; project; question; subject


class Read(Frozen):
    """One file and what it says."""

    file: str  # as the person named it
    back: ReadBack


class Side(Frozen):
    """One of several answers to a question: who gave it, and where it stands."""

    where: str  # 'anna.xlsx, Checklist!F12' or 'ledger, entry 7'
    file: str  # LEDGER: the ledger holds it
    answer: Answer


class Disagreement(Frozen):
    """Answers to one question that say something else."""

    question: str
    subject: str | None
    project: str
    sides: tuple[Side, ...]


class Remark(Frozen):
    """Something that the person who reads lists in should know, although the answer counts."""

    question: str
    subject: str | None
    where: str
    what: str


class Merged(Frozen):
    """What files say together.

    Attributes:
        answers: to be written, by question and subject.
        sign_offs: to be written.
        conflicts: nothing is written about these.
        nameless: answers without an author, which nobody can be asked about: nothing is written about these either.
        known: how many answers add nothing to what the ledger holds.
        remarks: contradictions between answer and evidence, and evidence that has changed since the list was made.
    """

    answers: tuple[AnswerEntry, ...] = ()
    sign_offs: tuple[SignOffEntry, ...] = ()
    conflicts: tuple[Disagreement, ...] = ()
    nameless: tuple[Remark, ...] = ()
    known: int = 0
    remarks: tuple[Remark, ...] = ()


def merge(
    files: Sequence[Read],
    held: Iterable[StoredAnswer],
    *,
    rules: Mapping[str, Rule],
    today: date,
    author: str = "",
    take: Collection[str] = (),
    evaluations: Iterable[Evaluation] = (),
) -> Merged:
    """Return what becomes of the answers in *files*.

    Args:
        files: of one person or several, of one list or several.
        held: what the ledger holds.
        rules: of the rulebook; another question is the list's own.
        today: the day of answers that name none.
        author: of answers that name nobody; '': such answers are named.
        take: files, people, or 'ledger': whose answer counts where answers differ, first come first.
        evaluations: of the newest audit; an answer that they contradict is named.
    """
    return _Merging(files, held, rules, today, author, take, evaluations).merged()


def list_digest(back: ReadBack) -> str:
    """Return the digest of what somebody signed: the list and the answers in it."""
    answers = sorted((item.question, item.subject or "", item.given.says, item.given.note, item.given.evidence) for item in back.filled)
    return digest([back.checklist, answers])[:16]


class _Merging:
    def __init__(
        self,
        files: Sequence[Read],
        held: Iterable[StoredAnswer],
        rules: Mapping[str, Rule],
        today: date,
        author: str,
        take: Collection[str],
        evaluations: Iterable[Evaluation],
    ) -> None:
        self._files = files
        self._rules = rules
        self._twins: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)  # what only can refute, by its question
        for rule in rules.values():
            if rule.decides is Decides.REFUTES and rule.ask:
                self._twins[question_of(rule)].append(rule.id)
        self._today = today
        self._author = author
        self._take = [fold(name) for name in take]
        self._held = {self._held_key(item): item for item in held}
        self._evaluations = {(item.project, item.rule): item for item in evaluations}
        self._conflicts: list[Disagreement] = []
        self._nameless: list[Remark] = []
        self._remarks: list[Remark] = []
        self._known = 0

    def merged(self) -> Merged:
        said: dict[_Key, list[Side]] = defaultdict(list)
        for read in self._files:
            for filled in read.back.filled:
                side = self._side(read, filled)
                if side is not None:
                    said[self._key(read.back, filled)].append(side)
        answers = []
        for key, sides in sorted(said.items()):
            chosen = self._agreed(key, sides)
            if chosen is not None:
                is_rule = not key[0]
                answers.append(AnswerEntry(answer=chosen, kind="rule" if is_rule else "question", checklist=key[0] or self._kind(sides)))
                if is_rule:
                    answers += [AnswerEntry(answer=one, kind="rule", checklist=self._kind(sides)) for one in self._along(chosen, said)]
        return Merged(
            answers=tuple(answers),
            sign_offs=tuple(self._signed()),
            conflicts=tuple(self._conflicts),
            nameless=tuple(self._nameless),
            known=self._known,
            remarks=tuple(self._remarks),
        )

    def _key(self, back: ReadBack, filled: Filled) -> _Key:
        return "" if filled.question in self._rules else back.kind, back.project, filled.question, filled.subject or ""

    def _held_key(self, item: StoredAnswer) -> _Key:
        answer = item.answer
        return (item.checklist or "") if item.kind == "question" else "", answer.project, answer.rule, answer.subject or ""

    def _kind(self, sides: Sequence[Side]) -> str | None:
        return next((read.back.kind for read in self._files if read.file == sides[0].file), None)

    def _side(self, read: Read, filled: Filled) -> Side | None:
        given = filled.given
        author = given.author or self._author
        where = f"{read.file}, {filled.place}"
        if not author:
            self._nameless.append(
                Remark(question=filled.question, subject=filled.subject, where=where, what="nobody is named as its author")
            )
            return None
        answer = Answer(
            rule=filled.question,
            project=read.back.project,
            subject=filled.subject,
            says=given.says,
            author=author,
            on=given.on or self._today,
            note=given.note,
            evidence=given.evidence,
            expires_on=given.expires_on,
            evidence_digest=filled.digest,
        )
        return Side(where=where, file=read.file, answer=answer)

    # One question

    def _agreed(self, key: _Key, sides: list[Side]) -> Answer | None:
        """Return the one answer to a question; None: there is a conflict, or the ledger's answer stays."""
        held = self._held.get(key)
        theirs = None
        if held is not None:
            theirs = Side(where=f"{LEDGER}, entry {held.entry}", file=LEDGER, answer=held.answer)
        if len({side.answer.says for side in sides}) > 1:
            every = [*sides, theirs] if theirs else sides
            sides = self._taken(every)
            if not sides:
                self._disagree(key, every)
                return None
            if sides[0].file == LEDGER:
                return None
        answer = _together([side.answer for side in sides])
        if theirs is not None and self._stands_against(theirs.answer, answer):
            chosen = self._taken([*sides, theirs])
            if not chosen:
                self._disagree(key, [*sides, theirs])
                return None
            if chosen[0].file == LEDGER:
                return None
            answer = _together([side.answer for side in chosen])
        self._remark(answer, sides)
        if held is not None and held.answer.says == answer.says and held.answer.evidence_digest == answer.evidence_digest:
            if _is_known(answer, held.answer):
                self._known += 1
                return None
            if held.answer.author != answer.author:
                answer = _together([answer, held.answer])
        return answer

    def _along(self, answer: Answer, said: Collection[_Key]) -> Iterable[Answer]:
        """Yield the yes for rules that ask the very same and are open: a list asks once for all of them."""
        asked, found = self._rules[answer.rule], self._evaluations.get((answer.project, answer.rule))
        is_current = found is not None and answer.evidence_digest in (None, found.evidence_digest or shown_digest(found))
        if not asked.ask or answer.says != "yes" or answer.subject is not None or not is_current:
            return
        for rule in self._twins.get(question_of(asked), ()):
            waits = self._evaluations.get((answer.project, rule))
            key = ("", answer.project, rule, "")
            if rule == answer.rule or waits is None or key in said or key in self._held:
                continue
            if waits.verdict is not Verdict.NOT_ASSESSED or waits.reason is Reason.NOT_DUE_YET:
                continue
            yield answer.model_copy(update={"rule": rule, "evidence_digest": waits.evidence_digest or shown_digest(waits)})

    def _taken(self, sides: Sequence[Side]) -> list[Side]:
        """Return the sides that `take` names, those that its first fitting name means; none when they differ or none is named."""
        for name in self._take:
            chosen = [side for side in sides if name in {fold(side.file), fold(side.answer.author), fold(_file_name(side.file))}]
            if chosen and len({side.answer.says for side in chosen}) == 1:
                return chosen
        return []

    @staticmethod
    def _stands_against(held: Answer, answer: Answer) -> bool:
        """Whether what the ledger holds must not be superseded in silence: another answer, still valid, of somebody else or newer."""
        if held.says == answer.says:
            return False
        if held.author == answer.author:
            return held.on > answer.on
        is_over = held.expires_on is not None and held.expires_on < answer.on
        has_changed = held.evidence_digest is not None and held.evidence_digest != answer.evidence_digest
        return not is_over and not has_changed

    def _disagree(self, key: _Key, said: Iterable[Side]) -> None:
        _, project, question, subject = key
        self._conflicts.append(Disagreement(question=question, subject=subject or None, project=project, sides=tuple(said)))

    def _remark(self, answer: Answer, sides: Sequence[Side]) -> None:
        rule, evaluation = self._rules.get(answer.rule), self._evaluations.get((answer.project, answer.rule))
        if rule is None or evaluation is None:
            return
        where = sides[0].where
        against = contradicted(answer.says, answer.subject, rule, evaluation)
        if against:
            self._remarks.append(Remark(question=answer.rule, subject=answer.subject, where=where, what=against))
        elif answer.evidence_digest and evaluation.evidence_digest and answer.evidence_digest != evaluation.evidence_digest:
            what = "the evidence has changed since the list was made: the answer is to be confirmed"
            self._remarks.append(Remark(question=answer.rule, subject=answer.subject, where=where, what=what))

    def _signed(self) -> Iterable[SignOffEntry]:
        for read in self._files:
            for signed in read.back.signed:
                yield SignOffEntry(
                    what="checklist",
                    id=read.back.checklist,
                    digest=list_digest(read.back),
                    role=signed.role,
                    person=signed.person,
                    on=signed.on or self._today,
                )


def contradicted(says: Says, subject: str | None, rule: Rule, evaluation: Evaluation) -> str:
    """Return what the evidence says against an answer; '' when nothing does.

    Source: docs/rules.md, What a condition proves.
    """
    failing = [item for item in evaluation.evidence if item.outcome == "failed" and subject in (None, item.subject_id)]
    if says == "yes" and rule.decides in {Decides.BOTH, Decides.REFUTES}:
        if failing and not evaluation.is_attested:
            first = next((item.says for item in failing if item.says), "the requirement is not met")
            count = evaluation.failed if subject is None else len(failing)
            return f"the evidence says no: {first}" + (f" (and {count - 1} more)" if count > 1 else "")
        if subject is None and evaluation.verdict is Verdict.NONCONFORM and not evaluation.is_attested:
            return "the evidence says no"
    is_proved = evaluation.verdict is Verdict.CONFORM and not evaluation.is_attested
    if says == "no" and is_proved and rule.decides in {Decides.BOTH, Decides.SUPPORTS}:
        return "the evidence says yes"
    return ""


def _together(answers: Sequence[Answer]) -> Answer:
    """Return one answer of several that say the same: the newest, with the notes and evidence of the others; the earliest end counts."""
    ordered = sorted(answers, key=lambda answer: (answer.on, answer.author), reverse=True)
    first = ordered[0]
    notes, evidence = [first.note] if first.note else [], [first.evidence] if first.evidence else []
    for other in ordered[1:]:
        if other.note and other.note not in notes:
            notes.append(other.note if other.author == first.author else f"{other.author}: {other.note}")
        if other.evidence and other.evidence not in evidence:
            evidence.append(other.evidence)
    ends: list[date] = [answer.expires_on for answer in answers if answer.expires_on is not None]
    return first.model_copy(update={"note": "\n".join(notes), "evidence": "\n".join(evidence), "expires_on": min(ends, default=None)})


def _is_known(answer: Answer, held: Answer) -> bool:
    """Whether an answer adds nothing to a newer one that says the same."""
    within = answer.note in held.note and answer.evidence in held.evidence
    return within and answer.on <= held.on and answer.expires_on == held.expires_on


def _file_name(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2]
