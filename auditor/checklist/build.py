"""From the result of an audit to a checklist for one project: what the evidence decides is answered, the rest is asked of people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from auditor.checklist.checklist import Checklist, Given, Group, Question, Says, Shown, State
from auditor.checklist.pointers import Thing, names_in
from auditor.checklist.question import question_of, shown_digest
from auditor.checklist.template import GroupSpec, OwnQuestion, Selected, Template, standards
from auditor.checklist.texts import RuleTexts, Texts
from auditor.checks.evaluation import Evaluation, Evidence, Reason, Verdict
from auditor.checks.inputs import Answer, ProjectPlan
from auditor.checks.verdict import counting_answers
from auditor.reports.build import cited, place_of
from auditor.reports.html import is_link
from auditor.reports.telling import Telling, detail_in_words
from auditor.reports.words import GATES, METHODS
from auditor.results.audit_result import AuditResult
from auditor.rulebook.clauses import Clause
from auditor.rulebook.digest import digest
from auditor.rulebook.load import Rulebook
from auditor.rulebook.plain import concerned_in_words, value_in_words
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Citation, Decides, Rule
from auditor.rulebook.sentence import placeholders, render_sentence

MOST_SHOWN = 3
"""Pieces of evidence that a question shows; all are counted."""

_TRAITS = ("methodology", "phase", "size", "is_outsourced", "is_agile", "criticality", "kind", "has_personal_data", "security_class")
_DECIDED: Mapping[Verdict, Says] = MappingProxyType({Verdict.CONFORM: "yes", Verdict.NONCONFORM: "no"})


@dataclass(frozen=True)
class Basis:
    """Everything that is known of one project when its list is made.

    Attributes:
        result: of the audit; `project` is one of its projects.
        title: what people call the project.
        profile: by which it was audited; None: none is for its methodology, and no rule is asked.
        plan: what tailoring says of it.
        traits: its row of `project`; None where the value is blank or unknown.
        answers: to rules, those of the audit.
        own_answers: to the templates' own questions; `rule` is the question.
        passing: rule → subjects that meet it, where it conforms.
        ahead: rule that is not due yet → what it would say if it were, and the gate of the list were decided today; answers left aside.
        told: what persons and facts are called.
        things: name → products, gates and meetings of the project: where to look, for rules whose subject has no place.
    """

    result: AuditResult
    project: str
    title: str
    rulebook: Rulebook
    profile: Profile | None
    plan: ProjectPlan
    traits: Mapping[str, Any]
    answers: Sequence[Answer] = ()
    own_answers: Sequence[Answer] = ()
    passing: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)
    ahead: Mapping[str, Evaluation] = field(default_factory=dict)
    told: Telling = field(default_factory=Telling)
    things: Mapping[str, Sequence[Thing]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Left:
    """A question that is not asked, and why."""

    id: str
    title: str
    because: str


def build_checklist(template: Template, basis: Basis, texts: Texts | None = None) -> Checklist:
    """Return the list of *template* for the project of *basis*, in the language of *texts* (None: English).

    Every rule that the template selects is asked once, in the first group that selects it, or left out with the reason. The same inputs
    give the same list; the language changes its texts and nothing else.
    """
    building = _Building(template, basis, texts or Texts())
    return building.checklist()


def holds(when: Mapping[str, Any], traits: Mapping[str, Any]) -> bool | None:
    """Return what a condition over characteristics says of a project: the tests of a production's pattern. None: not known.

    Args:
        when: characteristic → value, list of values, or {is: …, not: …, present: …, known: …}; all of them must hold.
        traits: characteristic → value; None, or left out: not known.
    """
    found = [_test(test, traits.get(name)) for name, test in when.items()]
    return False if False in found else None if None in found else True


def selected(template: Template, profile: Profile) -> list[list[str]]:
    """Return the rules of each group of *template*, each rule in the first group that selects it; what *profile* dropped belongs.

    A rule that answers a clause of a template's own question is selected by that question: it is asked in its place.
    """
    standard_of = standards(profile.rulebook)
    rules = {**{id_: profile.rulebook.rules[id_] for id_ in profile.dropped if id_ in profile.rulebook.rules}, **profile.rules}
    taken = set(Selected(rules=list(template.dropped)).of(rules, standard_of)) if template.dropped else set[str]()
    found: list[list[str]] = []
    for group in template.groups:
        asked = [Selected(clauses=question.clauses) for question in group.questions if question.clauses]
        every = {id_ for one in (*group.rules, *asked) for id_ in one.of(rules, standard_of)} - taken
        taken |= every
        found.append(sorted(every))
    return found


def _test(test: Any, value: Any) -> bool | None:
    if not isinstance(test, dict):
        return None if value is None else value in test if isinstance(test, list) else bool(value == test)
    if value is None:
        if test.get("known") is False:
            return True
        return False if test.get("known") else None
    parts = [test.get("known") is not False, test.get("present") is not False]
    parts += [bool(_test(test[word], value)) is (word == "is") for word in ("is", "not") if word in test]
    return all(parts)


class _Building:
    def __init__(self, template: Template, basis: Basis, texts: Texts) -> None:
        self._template = template
        self._basis = basis
        self._texts = texts
        self._today: date = basis.result.as_of
        self._evaluations = {item.rule: item for item in basis.result.evaluations if item.project == basis.project}
        self._answers: dict[str, list[Answer]] = {}
        for answer in basis.answers:
            if answer.project == basis.project:
                self._answers.setdefault(answer.rule, []).append(answer)
        self._own = {answer.rule: answer for answer in sorted(basis.own_answers, key=_age) if answer.project == basis.project}
        self._left: list[_Left] = []
        self._answered: set[str] = set()  # clauses for which the profile has a rule
        self._selected: set[str] = set()  # rules that a group of the list selects
        self._by_question: dict[tuple[str, frozenset[str]], list[Rule]] = {}  # those of them that ask the same of the same clauses

    def checklist(self) -> Checklist:
        template, basis, profile = self._template, self._basis, self._basis.profile
        spec = template.groups
        rules = selected(template, profile) if profile else [[] for _ in spec]
        self._selected = {id_ for of_group in rules for id_ in of_group}
        for id_ in sorted(self._selected):
            if profile and (rule := profile.rules.get(id_)) and rule.ask:
                self._by_question.setdefault(question_of(rule), []).append(rule)
        self._answered = {clause for rule in (profile.rules.values() if profile else ()) for clause in rule.answers}
        groups = tuple(filter(lambda group: group.questions, (self._group(group, rules[at]) for at, group in enumerate(spec))))
        said = self._texts.kinds.get(template.kind)
        everything = [template, basis.result.id, basis.project, basis.plan, sorted(self._own.values(), key=_age), basis.traits.get("name")]
        return Checklist(
            id=digest(everything)[:12],
            kind=template.kind,
            title=(said.title if said else "") or template.title,
            purpose=(said.purpose if said else "") or template.purpose,
            project=basis.project,
            project_title=basis.title,
            profile=profile.name if profile else "",
            profile_title=profile.title if profile else "",
            as_of=basis.result.as_of,
            audit=basis.result.id,
            language=self._texts.language,
            traits=tuple(self._traits()),
            groups=groups,
            left_out=tuple((f"{item.id} {item.title}", item.because) for item in self._left),
            scheme=self._scheme(),
            sign_off=tuple(self._texts.roles.get(role, role) for role in template.sign_off),
            words=dict(self._texts.words),
            untranslated=sum(1 for group in groups for question in group.questions if question.language),
        )

    def _word(self, key: str, **values: object) -> str:
        return self._texts.word(key).format(**values) if values else self._texts.word(key)

    def _value(self, value: Any) -> str:
        """Return a value of a characteristic as people read it."""
        key = f"value.{str(value).lower()}"
        try:
            return self._word(key)
        except KeyError:
            return METHODS.get(str(value), value_in_words(value))

    def _traits(self) -> Iterator[tuple[str, str]]:
        for name in _TRAITS:
            value = self._basis.traits.get(name)
            if value is None:
                continue
            basis = self._basis.traits.get(f"{name}_basis")
            how = f" ({self._word(f'basis.{basis}')})" if basis not in (None, "declared") else ""
            yield self._word(f"trait.{name}"), self._value(value) + how

    def _scheme(self) -> Any:
        scheme, said = self._template.scheme, self._texts.schemes.get(self._template.scheme.id)
        if said is None:
            return scheme
        bands = tuple(
            band.model_copy(update={"title": said.bands[at].title, "advice": said.bands[at].advice}) if at < len(said.bands) else band
            for at, band in enumerate(scheme.bands)
        )
        return scheme.model_copy(update={"title": said.title, "bands": bands})

    # Groups

    def _group(self, spec: GroupSpec, rules: Sequence[str]) -> Group:
        said = self._texts.kinds.get(self._template.kind)
        texts = said.groups.get(spec.id) if said else None
        for kind in reversed(self._template.lineage[:-1]):  # an own template reads as the one that it extends, where it says nothing else
            inherited = self._texts.kinds.get(kind)
            texts = texts or (inherited.groups.get(spec.id) if inherited else None)
        questions: list[Question] = []
        because = self._not_concerned(spec.when, spec.product)
        own = [question for question in spec.questions if not self._answered.intersection(question.clauses)]
        for asked in (*map(self._asked, rules), *map(self._asks, own)):
            found = _Left(asked.id, asked.text, because) if because is not None and isinstance(asked, Question) else asked
            if isinstance(found, _Left):
                self._left.append(found)
            else:
                questions.append(found)
        return Group(
            id=spec.id,
            title=(texts.title if texts else "") or spec.title,
            questions=tuple(questions),
            note=(texts.note if texts else "") or spec.note,
        )

    def _not_concerned(self, when: Mapping[str, Any], product: str | None) -> str | None:
        """Return why something is not asked of the project; None: it is."""
        if holds(when, self._basis.traits) is False:
            return self._word("out_trait", words=self._when_in_words(when))
        owed = next((item for item in self._basis.plan.expected if item.kind == product), None)
        if owed is not None and owed.obligation == "not_used":
            return self._word("out_product", because=owed.why)
        return None

    def _when_in_words(self, when: Mapping[str, Any]) -> str:
        parts = []
        for name, test in when.items():
            said = test if isinstance(test, dict) else {"is": test}
            for word, sign in (("is", "="), ("not", "≠")):
                if word in said:
                    values = said[word] if isinstance(said[word], list) else [said[word]]
                    parts.append(f"{self._word(f'trait.{name}')} {sign} {' / '.join(self._value(value) for value in values)}")
            if not said.keys() & {"is", "not"}:
                is_known = said.get("known", said.get("present", True))
                parts.append(f"{self._word(f'trait.{name}')}: {self._word('value.known' if is_known else 'value.unknown')}")
        return "; ".join(parts)

    # Own questions

    def _asks(self, own: OwnQuestion) -> Question | _Left:
        said = self._texts.questions.get(own.id)
        text = said.text if said else own.text
        because = self._not_concerned(own.when, own.product)
        if because is not None:
            return _Left(own.id, text, because)
        doubts = [self._word(f"trait.{name}") for name in own.when if self._basis.traits.get(name) is None]
        asked = digest([own.id, own.text, own.requirement])[:16]
        clause = next((self._basis.rulebook.clauses[id_] for id_ in own.clauses if id_ in self._basis.rulebook.clauses), None)
        cites = own.cites or ([self._cited(own.clauses[0], clause)] if clause else [])
        state, given, why = self._stands(self._own.get(own.id), asked)
        if not given and doubts:
            why = f"{self._word('trait_unknown', traits=', '.join(doubts))} {why}"
        return Question(
            id=own.id,
            text=text,
            requirement=(said.requirement if said else "") or own.requirement or (clause.requirement if clause else ""),
            guidance=(said.guidance if said else "") or own.guidance,
            cites=cited(cites, self._basis.rulebook.packs),
            weight=own.weight,
            state=state,
            given=given,
            why_open=why,
            digest=asked,
            language="" if said or self._texts.language == "en" else "en",
        )

    def _cited(self, id_: str, clause: Clause) -> Citation:
        pack = self._basis.rulebook.packs[self._basis.rulebook.clause_pack[id_]]
        return Citation(standard=pack.standard, editions=clause.editions or pack.editions, section=clause.section)

    def _stands(self, answer: Answer | None, asked: str) -> tuple[State, Given | None, str]:
        if answer is None:
            return "open", None, self._word("only_a_person")
        if self._is_expired(answer):
            return "to_confirm", _given(answer), self._expired(answer)
        if answer.evidence_digest not in (None, asked):
            return "to_confirm", _given(answer), self._word("changed_since", author=answer.author, day=answer.on.isoformat())
        return "attested", _given(answer), ""

    def _is_expired(self, answer: Answer) -> bool:
        return answer.expires_on is not None and answer.expires_on < self._today

    def _expired(self, answer: Answer) -> str:
        assert answer.expires_on is not None
        return self._word("expired", author=answer.author, day=answer.on.isoformat(), expires=answer.expires_on.isoformat())

    # Rules

    def _asked(self, id_: str) -> Question | _Left:
        profile = self._basis.profile
        assert profile is not None
        rule = profile.rules.get(id_)
        if rule is None:
            title = self._texts.of_rule(profile.rulebook.rules[id_], profile)[0].title
            return _Left(id_, title, self._word("out_profile", because=profile.dropped[id_].because))
        said, is_translated = self._texts.of_rule(rule, profile)
        evaluation = self._evaluations.get(id_)
        if evaluation is None:  # the audit is of other rules; `auditor audit` decides them
            evaluation = Evaluation(rule=id_, project=self._basis.project, verdict=Verdict.NOT_ASSESSED, reason=Reason.NO_DATA)
        answers = self._answers.get(id_, ())
        # Of an answer about one subject the engine has said whether its evidence changed: the list shows all of them as one line.
        subjects = {answer.subject: answer.evidence_digest for answer in answers if answer.subject and answer.evidence_digest}
        counting = counting_answers(answers, self._today, evaluation.evidence_digest or None, subjects)
        verdict, due = evaluation.verdict, evaluation
        if evaluation.reason is Reason.NOT_DUE_YET and self._template.ahead:
            due = evaluation if counting[0] is not None or counting[1] else self._basis.ahead.get(id_, evaluation)
            verdict = (evaluation.next_verdict if due is evaluation else due.verdict) or Verdict.NOT_ASSESSED
        if verdict is Verdict.NOT_APPLICABLE:
            whole = counting[0]
            if evaluation.reason is Reason.TAILORED_OUT and id_ not in self._basis.plan.dropped and whole is not None:
                return self._question(rule, said, evaluation, "attested", _given(whole), is_translated=is_translated)
            if due.reason is Reason.EMPTY_POPULATION:
                given = Given(says="not_applicable", author="")
                nothing = (Shown(text=self._word("nothing_to_see")),)
                found = self._question(rule, said, evaluation, "not_applicable", given, is_translated=is_translated)
                return found.model_copy(update={"evidence": nothing})
            return _Left(id_, said.title, self._because(rule, due))
        decided = self._decided(evaluation, verdict, *counting[:2])
        if decided is not None:
            state, given, contradiction = decided
            return self._question(rule, said, evaluation, state, given, contradiction=contradiction, due=due, is_translated=is_translated)
        waiting = self._waiting(id_, counting[2])
        if waiting is not None:
            answer, why = waiting
            return self._question(rule, said, evaluation, "to_confirm", _given(answer), why_open=why, due=due, is_translated=is_translated)
        if other := self._asked_with(rule):
            return _Left(id_, said.title, self._word("out_sibling", rule=other))
        why = self._why_open(evaluation, due)
        return self._question(rule, said, evaluation, "open", None, why_open=why, due=due, is_translated=is_translated)

    def _asked_with(self, rule: Rule) -> str:
        """Return the rule of the list that asks the very question of one that could only refute, and did not; '': it is asked itself."""
        if rule.decides is not Decides.REFUTES:
            return ""
        same = [
            other for other in self._by_question.get(question_of(rule), ()) if other.decides is not Decides.REFUTES or other.id < rule.id
        ]
        found = [question for other in same if isinstance(question := self._asked(other.id), Question)]
        return min((question.id for question in found if question.state != "not_applicable"), default="")

    def _because(self, rule: Rule, evaluation: Evaluation) -> str:
        """Return why a rule does not apply."""
        match evaluation.reason:
            case Reason.TAILORED_OUT:
                return self._basis.plan.dropped.get(rule.id) or evaluation.detail or self._word("out_condition")
            case Reason.NOT_DUE_YET:
                return self._word("out_not_due" if evaluation.next_verdict is not Verdict.NOT_APPLICABLE else "out_condition")
            case Reason.OUT_OF_SCOPE:
                return self._word("out_scope")
            case _:
                book = self._basis.rulebook
                words = concerned_in_words(rule, book)
                return self._word("out_condition_words", words=words) if words else self._word("out_condition")

    def _decided(
        self,
        evaluation: Evaluation,
        verdict: Verdict,
        whole: Answer | None,
        single: Mapping[str, Answer],
    ) -> tuple[State, Given, str] | None:
        """Return how a verdict stands: by evidence or by statement, with the answer and what contradicts it; None: it is open."""
        if verdict not in _DECIDED:
            return None
        said = sorted((*([whole] if whole else ()), *single.values()), key=_age)
        says = _DECIDED[verdict]
        is_ahead = evaluation.verdict is not verdict
        against = [answer for answer in said if answer.says == "yes"] if verdict is Verdict.NONCONFORM else []
        contradiction = ""
        if evaluation.contradictions:
            loud = against or [answer for answer in said if answer.says == "no"]
            other: Says = "no" if against else "yes"
            contradiction = " ".join(
                self._word(
                    "answer_yes_against",
                    author=answer.author,
                    day=answer.on.isoformat(),
                    says=self._word(f"says.{answer.says}"),
                    other=self._word(f"says.{other}"),
                )
                for answer in loud
            )
        people = [answer for answer in said if answer.says == says or (says == "no" and answer.says == "partly")]
        rests = evaluation.is_attested or evaluation.is_partial or (evaluation.contradictions > 0 and not against) or (is_ahead and said)
        if rests and people:
            return "attested", _joint(people, "partly" if evaluation.is_partial else says), contradiction
        if rests:  # by whom cannot be told from these answers: never as evidence
            return "attested", Given(says=says, author=", ".join(dict.fromkeys(item.author for item in said)) or "?"), contradiction
        return "evidence", Given(says=says, author=""), contradiction

    def _waiting(self, rule: str, stale: Sequence[Answer]) -> tuple[Answer, str] | None:
        """Return the latest answer that is to be given again, and why."""
        expired = [answer for answer in self._answers.get(rule, ()) if self._is_expired(answer) and answer.on <= self._today]
        found = max((*expired, *stale), key=_age, default=None)
        if found is None:
            return None
        if self._is_expired(found):
            return found, self._expired(found)
        return found, self._word("changed_since", author=found.author, day=found.on.isoformat())

    def _why_open(self, evaluation: Evaluation, due: Evaluation) -> str:
        reason = due.reason
        if reason is Reason.NOT_DUE_YET:  # what it would say is known, why is not
            return f"{self._word('cannot_yet')} {self._word('not_due')}"
        detail = detail_in_words(due.detail)
        why = self._word(f"why.{reason.value}") if reason is not None else ""
        ahead = self._word("not_due") if evaluation is not due else ""
        return " ".join(part for part in (why, f"({detail})" if detail else "", ahead) if part)

    def _question(
        self,
        rule: Rule,
        said: RuleTexts,
        evaluation: Evaluation,
        state: State,
        given: Given | None,
        *,
        is_translated: bool,
        contradiction: str = "",
        why_open: str = "",
        due: Evaluation | None = None,
    ) -> Question:
        profile = self._basis.profile
        assert profile is not None
        severity = self._basis.plan.severities.get(rule.id, rule.severity.value)
        shown, count = self._evidence(rule, said, due or evaluation, given)
        ahead = ""
        if evaluation.reason is Reason.NOT_DUE_YET and state not in ("open", "not_applicable"):
            ahead = self._word("not_due") if due in (None, evaluation) else self._word("as_today", day=self._today.isoformat())
        return Question(
            id=rule.id,
            rule=rule.id,
            text=said.ask or said.requirement,
            requirement=said.requirement if said.ask else "",
            guidance=" ".join(part for part in (said.why, said.fix, ahead) if part),
            cites=cited(rule.cites, self._basis.rulebook.packs),
            weight=self._template.weights.get(rule.id, profile.scoring.weights[severity] if self._template.weigh == "severity" else 1),
            state=state,
            given=given,
            contradiction=contradiction,
            why_open=why_open,
            evidence=shown,
            evidence_count=count,
            digest=evaluation.evidence_digest or shown_digest(evaluation),
            language="" if is_translated else "en",
        )

    # Evidence

    def _evidence(self, rule: Rule, said: RuleTexts, evaluation: Evaluation, given: Given | None) -> tuple[tuple[Shown, ...], int]:
        """Return the first pieces of evidence as people read them, and how many there are."""
        if given is not None and given.says == "yes":
            passing = self._basis.passing.get(rule.id, ())
            count = max(evaluation.passed, len(passing))
            found = [self._shown(rule, said, _plain(item)) for item in passing[:MOST_SHOWN]]
            if not passing and evaluation.population:
                key = "decided_one" if evaluation.population == 1 else "decided"
                found, count = [Shown(text=self._word(key, passed=evaluation.population))], 1
        else:
            failed = [item for item in evaluation.evidence if item.outcome == "failed"]
            picked = failed if given is not None and failed else list(evaluation.evidence)
            count = max(evaluation.failed + (0 if picked is failed else evaluation.undecided), len(picked))
            found = [self._shown(rule, said, item) for item in picked[:MOST_SHOWN]]
            is_early = self._evaluations[rule.id].reason is Reason.NOT_DUE_YET if rule.id in self._evaluations else False
            if is_early and given is not None and rule.about == "project":
                found, count = [Shown(text=self._word("not_yet"))], 1  # the rule's sentence is for when it is due
        if any(item.place for item in found):
            return tuple(found), count
        pointers = self._pointers(rule)
        if pointers and given is not None and given.says == "yes" and rule.about == "project":
            return pointers, len(pointers)  # the documents themselves say more than that they are there
        return (*found, *pointers), count + len(pointers)

    def _pointers(self, rule: Rule) -> tuple[Shown, ...]:
        """Return where to look for what a rule names."""
        book = self._basis.rulebook
        found = []
        for name in names_in(book.conditions.get(rule.id, {})) if self._basis.things else ():
            for thing in self._basis.things.get(name, ()):
                title = self._gate(name) if thing.table == "gate" else value_in_words(name)
                text = title[:1].upper() + title[1:]
                if thing.on:
                    text += f", {self._word(f'thing.{thing.table}', day=thing.on)}"
                found.append(Shown(text=text, place=thing.place, url=thing.url if is_link(thing.url) else ""))
        return tuple(found[:MOST_SHOWN])

    def _gate(self, name: str) -> str:
        return GATES.get(name, value_in_words(name))

    def _shown(self, rule: Rule, said: RuleTexts, item: Evidence) -> Shown:
        told, project = self._basis.told, self._basis.project
        text = told.sentence(project, self._sentence(rule, said, item))
        if not text:
            facts = "; ".join(told.told(rule.id, project, item))
            called = told.subject(item)
            text = ": ".join(part for part in (called[:1].upper() + called[1:], facts) if part)
        url = item.url if item.url and is_link(item.url) else ""
        is_project = item.subject_table == "project"  # its row is the configuration's: nothing to look at there
        return Shown(text=text) if is_project else Shown(text=text, place=place_of(item), url=url)

    def _sentence(self, rule: Rule, said: RuleTexts, item: Evidence) -> str:
        """Return the rule's sentence about a subject, in the language of the list where the values of the evidence suffice for it."""
        if not item.says or said.say == rule.say:
            return item.says
        evaluation = self._evaluations[rule.id]
        values = {**{name: param.value for name, param in evaluation.params.items()}, **item.values}
        is_whole = all(one.name in values for one in placeholders(said.say)) and render_sentence(rule.say, values) == item.says
        return render_sentence(said.say, values) if is_whole else item.says


def _plain(item: Evidence) -> Evidence:
    """Return the evidence of a subject that passes without what was only tested: that it is so need not be said of each part."""
    values = {
        name: value
        for name, value in item.values.items()
        if value != item.subject_id and (name.isidentifier() or not (value is None or isinstance(value, bool)))
    }
    return item.model_copy(update={"values": values})


def _age(answer: Answer) -> tuple[Any, ...]:
    return answer.on, answer.author, answer.says, answer.note, answer.subject or ""


def _given(answer: Answer) -> Given:
    return Given(
        says=answer.says,
        author=answer.author,
        on=answer.on,
        note=answer.note,
        evidence=answer.evidence,
        expires_on=answer.expires_on,
    )


def _joint(answers: Sequence[Answer], says: Says) -> Given:
    """Return what several answers say together: one of all subjects, or one for each."""
    last = answers[-1]
    if len(answers) == 1:
        return _given(last).model_copy(update={"says": says})
    notes = dict.fromkeys(f"{answer.subject}: {answer.note}" if answer.subject else answer.note for answer in answers if answer.note)
    evidence = dict.fromkeys(answer.evidence for answer in answers if answer.evidence)
    return Given(
        says=says,
        author=", ".join(dict.fromkeys(answer.author for answer in answers)),
        on=last.on,
        note="; ".join(notes),
        evidence="; ".join(evidence),
        expires_on=min((answer.expires_on for answer in answers if answer.expires_on), default=None),
    )
