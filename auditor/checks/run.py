"""Deciding rules: what every rule says of every project of a snapshot, as a stream in a total order."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from auditor.checks.compile.plan import CheckPlan, RulePlan, compile_rules
from auditor.checks.database import Database, Files, snapshot_database
from auditor.checks.evaluation import Evaluation, Evidence, ParamValue, Reason, Verdict
from auditor.checks.inputs import Answer, Plan, ProjectPlan
from auditor.checks.reasons import completeness_reason, explain, incomplete
from auditor.checks.verdict import STATES as _STATES
from auditor.checks.verdict import Decision, Facts, Outcome, Result, State, Tally, counting_answers, decide, outcome, tally
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import tables_of
from auditor.rulebook.expression import Node
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Decides, Each, Rule
from auditor.rulebook.sentence import render_sentence

if TYPE_CHECKING:
    from auditor.checks.engine import Engine
    from auditor.checks.shown import Shown

Origin = Callable[[str, str], str]
"""(rule, parameter) → who set its value."""

_BLOCK = 500  # projects whose evidence is at hand at one time
_NO_PLAN = ProjectPlan(is_known=False)
_REASONS: Mapping[str, Reason] = {reason.value: reason for reason in Reason}


def run_checks(
    snapshot: Files,
    profile: Profile,
    rulebook: Rulebook,
    plan: Plan,
    answers: Iterable[Answer] = (),
    *,
    as_of: date | None = None,
    projects: Iterable[str] | None = None,
    evidence_limit: int = 5,
    fuse: bool = True,
    threads: int | None = None,
    checks: CheckPlan | None = None,
    seconds: float | None = None,
) -> Iterator[Evaluation]:
    """Yield what every rule of *profile* says of every project, ordered by project and rule.

    The same inputs give the same evaluations, whatever the machine and however the projects are split over runs.

    Args:
        snapshot: what was true.
        profile: which rules, with their parameters.
        rulebook: their words.
        plan: what tailoring computed.
        answers: what people said.
        as_of: the day of the audit; None: the day of the snapshot. An earlier day sees what is known of that day.
        projects: ids to look at; None: all.
        evidence_limit: how many subjects of a rule and project are shown; the counts count all.
        fuse: whether rules about the same table share a statement; without it the same answers take longer.
        threads: of the database; None: all cores.
        checks: the plan of the profile's rules where the caller has it already.
        seconds: how long one statement may take; a rule that takes longer ends as an error. None: 300.
    """
    ready = checks or compile_rules(profile.rules.values(), rulebook.language, rulebook)

    def origin(rule: str, param: str) -> str:
        return profile.setting(rule, f"params.{param}").set_by

    with snapshot_database(snapshot, projects=projects, threads=threads) as database:
        yield from check(
            database, ready, plan, answers, origin=origin, as_of=as_of, evidence_limit=evidence_limit, fuse=fuse, seconds=seconds
        )


def check(
    database: Database,
    checks: CheckPlan,
    plan: Plan,
    answers: Iterable[Answer] = (),
    *,
    origin: Origin = lambda _rule, _param: "",
    as_of: date | None = None,
    evidence_limit: int = 5,
    fuse: bool = True,
    seconds: float | None = None,
    wanted: Collection[tuple[str, str]] | None = None,
) -> Iterator[Evaluation]:
    """Yield what every rule of *checks* says of every project of *database*; see `run_checks`.

    Where pairs of rule and project are *wanted* the others are left out.
    """
    from auditor.checks.engine import MOST_SECONDS, Engine  # noqa: PLC0415  (sqlglot: half a second that `auditor --help` does not pay)

    engine = Engine(database, checks, plan, as_of or database.as_of, fuse=fuse, seconds=seconds or MOST_SECONDS)
    yield from _Evaluating(engine, checks, plan, answers, origin, evidence_limit, wanted).all()


def evidence_digest(rule: str, project: str, counts: Mapping[State, int], evidence: Iterable[Evidence]) -> str:
    """Return the digest of what a person is shown about a rule and a project: an answer is bound to it.

    It is that of the first few subjects and of their number, however many more are shown.
    """
    shown = sorted(
        (item.subject_table, item.subject_id, orjson.dumps(item.values, option=orjson.OPT_SORT_KEYS).decode())
        for item in islice(evidence, _DIGESTED)
    )
    return hashlib.sha256(orjson.dumps([rule, project, sum(counts.values()), shown])).hexdigest()[:16]


def subject_digest(rule: str, project: str, item: Evidence) -> str:
    """Return the digest of what a person is shown about one subject: an answer about it alone is bound to it."""
    return evidence_digest(rule, project, {}, [item])


_DIGESTED = 5
_MOST_SHOWN = 999_999  # the database picks no more


Subject = tuple[Any, ...]
"""State, id, reason, source, url, locator, content hash, and the values of `Shown.fields`."""


class _Evaluating:
    """Puts together what the database, tailoring and people say."""

    def __init__(
        self,
        engine: "Engine",
        checks: CheckPlan,
        plan: Plan,
        answers: Iterable[Answer],
        origin: Origin,
        evidence_limit: int,
        wanted: Collection[tuple[str, str]] | None,
    ) -> None:
        self._engine = engine
        self._rules = checks.rules
        self._language = checks.language
        self._plan = plan
        self._origin = origin
        self._limit = evidence_limit
        self._wanted = None if wanted is None else frozenset(wanted)
        self._answers: dict[tuple[str, str], list[Answer]] = {}
        for answer in answers:
            self._answers.setdefault((answer.rule, answer.project), []).append(answer)
        self._answered_rules = frozenset(rule for rule, _ in self._answers)
        self._incomplete = engine.incomplete()
        self._constants: dict[str, dict[str, ParamValue]] = {}
        self._alike: dict[tuple[Any, ...], tuple[Tally, Decision] | None] = {}

    def all(self) -> Iterator[Evaluation]:
        """Yield every evaluation in its order."""
        projects = self._engine.projects
        for start in range(0, len(projects), _BLOCK):
            block = projects[start : start + _BLOCK]
            shown = self._engine.show(
                [id_ for id_ in self._rules if self._shows(id_, block)],
                (block[0], block[-1]),
                limit=min(max(self._limit, _DIGESTED), _MOST_SHOWN),  # else what an answer is bound to would change with what is shown
                all_reasons=self._all_reasons(),
            )
            for project in block:
                for id_ in self._rules:
                    if self._wanted is None or (id_, project) in self._wanted:
                        yield self._evaluation(id_, project, shown)
            shown.close()

    def _shows(self, id_: str, block: Sequence[str]) -> bool:
        """Return whether a rule has a subject to show in one of the projects that it concerns."""
        engine = self._engine
        if id_ in engine.errors or (self._limit < 1 and id_ not in self._answered_rules):
            return False
        states = _STATES[self._rules[id_].rule.decides]
        concerned = (
            project for project in block if (self._wanted is None or (id_, project) in self._wanted) and engine.concerns(id_, project)
        )
        return engine.has_any(id_, states, concerned)

    def _all_reasons(self) -> frozenset[str]:
        """Return the rules whose verdict may be open although a subject fails: the others need no reasons then."""
        answered = self._answered_rules
        strict = (Decides.BOTH, Decides.REFUTES)
        return frozenset(
            id_ for id_, plan in self._rules.items() if id_ in answered or plan.rule.allow_share != 0 or plan.rule.decides not in strict
        )

    def _evaluation(self, id_: str, project: str, shown: "Shown") -> Evaluation:
        engine, rule = self._engine, self._rules[id_].rule
        plan = self._plan.projects.get(project) or _NO_PLAN
        if not engine.concerns(id_, project):
            return self._unconcerned(id_, project, plan.dropped.get(id_))
        if id_ in engine.errors:
            error = engine.errors[id_]
            return Evaluation(rule=id_, project=project, verdict=Verdict.NOT_ASSESSED, reason=Reason.RULE_ERROR, detail=error)
        subjects, reasons = shown.take(id_, project)
        fields = shown.fields(id_) if subjects else ()
        counts = engine.counts(id_, project)
        params = self._params(id_, project)
        given = self._answers.get((id_, project))
        shown_subjects = [self._evidence(rule, subject, fields, params, project, is_final=not given) for subject in subjects]
        seen = _Seen(rule, project, counts, subjects, shown_subjects)
        plain = None if given or subjects or id_ in plan.doubts else self._plain(id_, project, counts)
        if plain is not None:
            return plain
        digest = evidence_digest(id_, project, counts, seen.evidence) if given else ""
        total, whole, evidence, remark = self._answered(seen, given or [], digest, params)
        facts = self._facts(seen, plan, total, whole, reasons)
        found = decide(facts)
        if not digest and found.verdict is Verdict.NOT_ASSESSED:
            digest = evidence_digest(id_, project, counts, seen.evidence)
        is_shown = found.verdict is not Verdict.NOT_APPLICABLE or found.reason is Reason.NOT_DUE_YET
        return Evaluation(
            rule=id_,
            project=project,
            verdict=found.verdict,
            reason=found.reason,
            detail="; ".join(part for part in (found.detail, remark) if part),
            population=total.population,
            passed=total.passed,
            failed=total.failed,
            undecided=total.undecided,
            may_pass=total.may_pass,
            is_attested=found.is_attested,
            is_partial=found.is_partial,
            contradictions=total.contradictions,
            next_verdict=found.next_verdict,
            due_is_unknown=found.due_is_unknown,
            params=params,
            evidence=tuple(evidence) if is_shown else (),
            evidence_digest=digest,
        )

    def _unconcerned(self, id_: str, project: str, dropped: str | None) -> Evaluation:
        """Return the evaluation where tailoring dropped the rule or it does not apply: nobody counts its subjects then."""
        if dropped is not None:
            found = decide(Facts(Tally(), dropped=dropped))
        else:
            due, why = self._engine.due(id_, project)
            detail = why if due is not None else self._reason(why, project)[1]
            found = decide(Facts(Tally(), applies=False, due=due, due_detail=detail))
        return self._bare(id_, project, Tally(), found)

    def _bare(self, id_: str, project: str, total: Tally, found: Decision) -> Evaluation:
        """Return the evaluation where nothing is shown."""
        return Evaluation(
            rule=id_,
            project=project,
            verdict=found.verdict,
            reason=found.reason,
            detail=found.detail,
            population=total.population,
            passed=total.passed,
            failed=total.failed,
            undecided=total.undecided,
            may_pass=total.may_pass,
            next_verdict=found.next_verdict,
            due_is_unknown=found.due_is_unknown,
            params=self._params(id_, project),
        )

    def _plain(self, id_: str, project: str, counts: Mapping[State, int]) -> Evaluation | None:
        """Return the evaluation where nobody said anything, there is nothing to show and no reason to look for; None: there is.

        Most evaluations are alike: what decides them is looked up.
        """
        engine = self._engine
        applies, due, is_known = engine.applies(id_, project)[0], engine.due(id_, project), engine.is_known(id_, project)
        if due[0] is None or (due[0] is False and due[1]):
            return None
        key = (id_, tuple(counts.values()), applies, due[0], is_known)
        found = self._alike.get(key)
        if found is None:
            rule = self._rules[id_].rule
            share = self._share(self._rules[id_], project)
            total = tally(counts, rule.decides)
            facts = Facts(total, share or Fraction(0), is_known, applies=applies, due=due[0])
            is_plain = share is not None and not self._engine.params.differs(id_)
            found = self._alike[key] = (total, decide(facts)) if is_plain else None
        if found is None or found[1].verdict is Verdict.NOT_ASSESSED:
            return None
        return self._bare(id_, project, *found)

    # What people said

    def _answered(
        self, seen: "_Seen", given: Sequence[Answer], shown: str, params: Mapping[str, ParamValue]
    ) -> tuple[Tally, Answer | None, list[Evidence], str]:
        """Return the subjects counted with what people said, the answer about all of them, the evidence, and a remark."""
        rule, decides = seen.rule, seen.rule.decides
        tailorable = bool(rule.tailorable)
        if not given:
            total = tally(seen.counts, decides)
            return total, None, seen.evidence[: self._limit], ""
        is_about_one = any(answer.subject is not None for answer in given)
        all_of_them = self._every(seen, params) if is_about_one else []
        single_digests = {item.subject_id: subject_digest(rule.id, seen.project, item) for item, _ in all_of_them}
        whole, single, stale = counting_answers(given, self._engine.today, shown, single_digests)
        remark = f"to be confirmed: {len(stale)} answer{'s' if len(stale) > 1 else ''} about other evidence" if stale else ""
        evidence = seen.evidence
        pairs = seen.pairs()
        counts = dict(seen.counts)
        own: list[tuple[State, Answer]] = []
        if single or whole is not None:
            every = all_of_them or (self._every(seen, params) if whole is None or whole.says in ("no", "partly") else [])
            if every:
                pairs = every
            for item, state in every:
                answer = single.get(item.subject_id)
                if answer is not None:
                    counts[state] -= 1
                    own.append((state, answer))
        total = tally(counts, decides, whole, own, is_tailorable=tailorable)
        judged = [self._judged(item, state, single.get(item.subject_id) or whole, rule) for item, state in pairs]
        order = {"failed": 0, "undecided": 1}
        if given:
            judged.sort(key=lambda item: order.get(item.outcome, 2))
        told = [item for item in judged if item.outcome in order or item.subject_id in single or item in evidence]
        return total, whole, (told or judged)[: self._limit], remark

    def _every(self, seen: "_Seen", params: Mapping[str, ParamValue]) -> list[tuple[Evidence, State]]:
        """Return all subjects of a rule and project."""
        engine, project = self._engine, seen.project
        shown = engine.show([seen.rule.id], (project, project), limit=None, states="TFUM", all_reasons=(seen.rule.id,))
        subjects, _ = shown.take(seen.rule.id, project)
        fields = shown.fields(seen.rule.id) if subjects else ()
        shown.close()
        ordered = sorted(subjects, key=lambda subject: str(subject[1]))
        return [(self._evidence(seen.rule, row, fields, params, project), State(row[0])) for row in ordered]

    def _judged(self, item: Evidence, state: State, answer: Answer | None, rule: Rule) -> Evidence:
        """Return the evidence with what became of it."""
        found: Outcome = outcome(state, rule.decides, answer, is_tailorable=bool(rule.tailorable))
        result = Result.UNDECIDED if found.result is Result.MAY_PASS else found.result
        reason = item.reason if result is Result.UNDECIDED else None
        if found.waits:
            reason = Reason.AWAITING_ANSWER
        return item.model_copy(update={"outcome": str(result), "reason": reason, "says": item.says if result is Result.FAILED else ""})

    # What the condition says

    def _evidence(
        self, rule: Rule, subject: Subject, fields: Sequence[str], params: Mapping[str, ParamValue], project: str, *, is_final: bool = False
    ) -> Evidence:
        """Return a subject as it is shown. *is_final*: nobody said anything about it, so what became of it is known."""
        about = rule.about
        element = about.as_ if isinstance(about, Each) else ""
        state, id_, why, source, url, locator, content_hash, *found = subject
        values: dict[str, Any] = dict(zip(fields, found, strict=True))
        if element:
            values[element] = id_
        reason, _ = self._reason(why or "", project) if state in "UM" else (None, "")
        became = outcome(State(state), rule.decides, None) if is_final else None
        if became is not None and became.waits:
            reason = Reason.AWAITING_ANSWER
        is_failing = became is None or became.result is Result.FAILED
        return Evidence(
            subject_table=element or str(about),
            subject_id=str(id_),
            outcome=str(Result.FAILED if became is not None and is_failing else Result.UNDECIDED),
            values={name: _as_json(value) for name, value in values.items()},
            says=render_sentence(rule.say, {**{name: param.value for name, param in params.items()}, **values})
            if rule.say and is_failing
            else "",
            reason=reason,
            source=source,
            url=url,
            locator=locator,
            content_hash=content_hash,
        )

    def _params(self, rule: str, project: str) -> dict[str, ParamValue]:
        if rule in self._constants:
            return self._constants[rule]
        found = {
            name: ParamValue(value=held.value, origin=held.where or self._origin(rule, name))
            for name, held in self._engine.params.of(rule, project).items()
        }
        if not self._engine.params.differs(rule):
            self._constants[rule] = found
        return found

    def _facts(self, seen: "_Seen", plan: ProjectPlan, total: Tally, answer: Answer | None, reasons: Mapping[str, int]) -> Facts:
        engine, id_, project = self._engine, seen.rule.id, seen.project
        votes: Counter[Reason] = Counter()
        told: dict[Reason, Counter[str]] = {}
        wanted = "U" if any(key.startswith("U") for key in reasons) else "M"
        for key, count in reasons.items():
            if key[:1] == wanted:
                reason, detail = self._reason(key[1:], project)
                votes[reason] += count
                told.setdefault(reason, Counter())[detail] += count
        if total.undecided == total.waiting and wanted == "U":
            votes.clear()
        is_known = engine.is_known(id_, project)
        reason, detail = (Reason.INCOMPLETE_DATA, "") if is_known else self._population(seen.rule, plan, project)
        applies, why = engine.applies(id_, project)
        applies_reason, applies_detail = self._reason(why, project) if applies is None else (Reason.NO_DATA, "")
        due, due_why = engine.due(id_, project)
        share = self._share(self._rules[id_], project)
        if id_ in plan.doubts and applies is not False:
            applies, applies_reason = None, Reason.NO_DATA
            applies_detail = f"tailoring depends on the {plan.doubts[id_]}, which is not known"
        if share is None and applies:
            applies, applies_reason, applies_detail = None, Reason.NOT_CONFIGURED, "the share that may fail is not set"
        return Facts(
            tally=total,
            share=share or Fraction(0),
            is_known=is_known,
            answer=answer,
            is_tailorable=bool(seen.rule.tailorable),
            reasons=votes,
            details={one: min(details, key=lambda text: (-details[text], text)) for one, details in told.items()},
            population_reason=reason,
            population_detail=detail,
            applies=applies,
            applies_reason=applies_reason,
            applies_detail=applies_detail,
            due=due,
            due_detail=due_why if due is not None else self._reason(due_why, project)[1],
        )

    def _reason(self, written: str, project: str) -> tuple[Reason, str]:
        """Return what a statement's `reason:what` means for a project."""
        word, _, what = written.partition(":")
        if word == "incomplete":
            return self._unseen(what, project)
        if word == "not_configured":
            return Reason.NOT_CONFIGURED, explain(Reason.NOT_CONFIGURED, what)
        reason = _REASONS.get(word, Reason.NO_DATA)
        return reason, explain(reason, what)

    def _unseen(self, source: str, project: str) -> tuple[Reason, str]:
        """Return why a table or view was not seen completely."""
        if source == "expected":
            return self._untailored(self._plan.projects.get(project) or _NO_PLAN)
        tables = sorted(tables_of([source], self._language))
        for table in tables:
            for key in ((project, table), (None, table)):
                if key in self._incomplete:
                    word = self._incomplete[key]
                    return completeness_reason(word, is_listed=True), incomplete(table, word, is_listed=True)
        if self._engine.is_past and all(self._engine.is_complete(table, project) for table in tables):
            return Reason.NO_HISTORY, f"what {source} held on that day is not known"
        if tables and all(self._engine.is_complete(table, project) for table in tables):
            what = f"the view {source} rests on" if source in self._language.views else f"rows of the table {source} turn on"
            return Reason.NO_DATA, f"{what} values that are not stated"
        missing = [table for table in tables if not self._engine.is_complete(table, project)]
        return completeness_reason(None, is_listed=False), incomplete((missing or tables or [source])[0], None, is_listed=False)

    def _untailored(self, plan: ProjectPlan) -> tuple[Reason, str]:
        return Reason.NO_DATA, plan.unknown_because or "which products the project owes is not known"

    def _population(self, rule: Rule, plan: ProjectPlan, project: str) -> tuple[Reason, str]:
        if isinstance(rule.about, Each):
            return Reason.NOT_CONFIGURED, explain(Reason.NOT_CONFIGURED, str(rule.about.each).removeprefix("$"))
        return self._untailored(plan) if rule.about == "expected" else self._unseen(rule.about, project)

    def _share(self, plan: RulePlan, project: str) -> Fraction | None:
        share = plan.rule.allow_share
        if not isinstance(share, str):
            return Fraction(share)
        condition = plan.conditions.get("allow_share")
        return None if condition is None else self._exact(condition.node, plan.rule.id, project)

    def _exact(self, node: Node, rule: str, project: str) -> Fraction | None:
        """Return the value of an expression over parameters; None where one is not set."""
        match node:
            case ir.Constant(value=int() | Decimal() as value):
                return Fraction(value)
            case ir.ParamRef(name=name):
                value = self._engine.params.value(rule, name, project).value
                return Fraction(value) if isinstance(value, (int, Decimal)) else None
            case ir.Arithmetic(operator=operator, left=left, right=right):
                a, b = self._exact(left, rule, project), self._exact(right, rule, project)
                if a is None or b is None:
                    return None
                return a + b if operator == "+" else a - b if operator == "-" else a * b
            case ir.Ratio(dividend=dividend, divisor=divisor):
                a, b = self._exact(dividend, rule, project), self._exact(divisor, rule, project)
                return None if a is None or not b else a / b
            case _:
                return None


class _Seen:
    """What the database shows of one rule and project."""

    def __init__(
        self, rule: Rule, project: str, counts: Mapping[State, int], subjects: Sequence[Subject], evidence: list[Evidence]
    ) -> None:
        self.rule = rule
        self.project = project
        self.counts = counts
        self.evidence = evidence
        self._states = [State(subject[0]) for subject in subjects]

    def pairs(self) -> list[tuple[Evidence, State]]:
        """Return the subjects that are shown with their states."""
        return list(zip(self.evidence, self._states, strict=True))


def _as_json(value: Any) -> Any:
    """Return *value* as JSON has it, exact: days and times in ISO, decimals as texts."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return [_as_json(item) for item in value] if isinstance(value, list) else value
