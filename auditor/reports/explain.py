"""A rule and what it says of a project, told from the requirement to the rows that decided."""

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from auditor.checks.evaluation import Evaluation, Evidence, Verdict
from auditor.findings.treat import WaiverState, WaiverStatus
from auditor.reasoning.trace import Derivation
from auditor.reports.build import cited, place_of
from auditor.reports.telling import Telling, detail_in_words
from auditor.reports.terminal import Hanging, clean
from auditor.reports.words import MEANINGS, days_in_words, place_in_chain, waiver_in_words
from auditor.rulebook.pack import Pack
from auditor.rulebook.plain import rule_in_words
from auditor.rulebook.profile import Profile
from auditor.rulebook.rule import Rule
from auditor.rulebook.sentence import show_value

_STYLES = {"conform": "green", "nonconform": "bold red", "not_assessed": "yellow", "not_applicable": "bright_black"}
_NEXT = {
    "not_due_yet": "Nothing to do yet; this is what will be asked.",
    "condition_false": "The rule does not concern this project.",
    "empty_population": "There is nothing that the rule could speak of.",
    "tailored_out": "The project's tailoring drops this rule.",
    "out_of_scope": "The profile is not for this project's methodology.",
}


def explain_rule(profile: Profile) -> RenderableType:
    """Return what the one rule of *profile* asks, how it is decided, by which parameters, and how a lapse is mended."""
    rule = next(iter(profile.rules.values()))
    book = profile.rulebook
    where = book.location("rule", rule.id)
    lines: list[RenderableType] = [
        Text.assemble((f"{rule.id}  {rule.title}", "bold")),
        *_field("asks", rule.requirement),
        *_field("source", cited(rule.cites, book.packs)),
        *_field("severity", profile.setting(rule.id, "severity").describe("severity").removeprefix("severity: ")),
        *(_field("gate", f"counts towards {rule.gate}") if rule.gate else []),
        *_field("decided by", rule_in_words(rule, book)),
        *_field("condition", _condition(rule)),
        *_field("proves", _PROVES[rule.decides.value]),
    ]
    for name, param in rule.params.items():
        setting = profile.settings[rule.id].get(f"params.{name}")
        value = "not configured" if param.default is None else show_value(param.default)
        unit = f" {param.unit}" if param.unit else ""
        why = f" ({param.why})" if param.why else ""
        lines += _field("parameter", f"{name} = {value}{unit}, set by {setting.set_by if setting else 'the pack'}{why}")
    lines += [*_field("why", rule.why), *_field("to mend", rule.fix), *_field("question", rule.ask)]
    if rule.known_gaps:
        lines += _field("not seen", rule.known_gaps)
    lines += [*_field("file", str(where)), Text()]
    return Group(*lines)


_PROVES = {
    "both": "true is conform, false is nonconform",
    "refutes": "false is nonconform; true only prepares a person's answer",
    "supports": "true is conform; false asks a person",
    "nothing": "a person answers; what is found is shown as evidence",
}


def explain_evaluation(evaluation: Evaluation, profile: Profile, told: Telling) -> RenderableType:
    """Return the verdict on one project, what was counted, and the rows that decided with the place of each; *told* names things."""
    verdict = evaluation.verdict.value.replace("_", " ")
    head = Text.assemble((f"{evaluation.project}: ", "bold"), (verdict, _STYLES[evaluation.verdict.value]))
    if evaluation.reason:
        head.append(f", {evaluation.reason.value.replace('_', ' ')}")
    lines: list[RenderableType] = [head]
    if evaluation.reason:
        lines += _field("because", MEANINGS.get(evaluation.reason.value) or _NEXT.get(evaluation.reason.value, ""))
    if evaluation.detail:
        lines += _field("missing" if evaluation.verdict is Verdict.NOT_ASSESSED else "detail", detail_in_words(evaluation.detail))
    if evaluation.next_verdict:
        lines += _field("if due", f"were it asked today: {evaluation.next_verdict.value.replace('_', ' ')}")
    if evaluation.due_is_unknown:
        lines += _field("due", "whether it is due is not known; it counts as due")
    if evaluation.population or evaluation.may_pass:
        maybe = f", {evaluation.may_pass} would pass if they belong" if evaluation.may_pass else ""
        lines += _field(
            "looked at",
            f"{evaluation.population}: {evaluation.passed} pass, {evaluation.failed} fail, {evaluation.undecided} undecided{maybe}",
        )
    for name, param in sorted(evaluation.params.items()):
        lines += _field("measured with", f"{name} = {show_value(param.value)} ({param.origin})")
    for item in evaluation.evidence:
        lines += _evidence(item, evaluation, told)
    shown = sum(1 for item in evaluation.evidence if item.outcome == "failed")
    if evaluation.failed > shown:
        lines.append(Text(f"  and {evaluation.failed - shown} more that fail"))
    rule = next(iter(profile.rules.values()))
    if evaluation.verdict is Verdict.NONCONFORM:
        lines += _field("to mend", rule.fix)
    return Group(*lines)


def explain_waivers(statuses: Iterable[WaiverStatus]) -> RenderableType:
    """Return how the waivers of a rule and a project stand: until when, who granted them to whom, and why. The verdict stays as it is."""
    lines: list[RenderableType] = []
    for status in statuses:
        waiver = status.waiver
        name = ("waived" if waiver.kind == "waived" else "accepted") if status.state is WaiverState.IN_FORCE else "waiver"
        told = [
            f"{waiver.subject or 'every subject'}: {waiver_in_words(status)}",
            "and it is open again" if status.is_open_again else "",
            "soon" if status.is_soon else "",
            place_in_chain(status.earlier),
            f"no longer needed: {status.because}" if status.need == "no" and status.state is not WaiverState.EXPIRED else "",
            f"has run {days_in_words(status.days)}" if status.state is not WaiverState.NOT_BEGUN else "",
        ]
        lines += _field(name, "; ".join(part for part in told if part))
        lines += _field("", f"approved by {waiver.approver}, asked for by {waiver.requester}: {waiver.reason}")
    return Group(*lines)


def explain_derivations(derivations: Iterable[tuple[str, Derivation]], packs: Mapping[str, Pack]) -> RenderableType:
    """Return what was derived: what follows, from which facts, by which production, and why."""
    lines: list[RenderableType] = []
    for title, item in derivations:
        lines += [Text.assemble((clean(title), "bold"))]
        for follows in item.follows:
            lines += _field("follows", follows)
        for fact in item.facts:
            lines += _field("from", fact)
        lines += [
            *_field("because", item.because),
            *_field("source", cited(item.cites, packs)),
            *_field("production", f"{item.production} ({item.pack})"),
        ]
        lines.append(Text())
    return Group(*lines)


def _evidence(item: Evidence, evaluation: Evaluation, told: Telling) -> list[RenderableType]:
    mark = {"failed": "✗", "undecided": "?", "passed": "✓"}.get(item.outcome, "·")
    says = told.sentence(evaluation.project, item.says) or told.subject(item)
    why = f" ({item.reason.value.replace('_', ' ')})" if item.reason else ""
    lines: list[RenderableType] = [Hanging(f"  {mark} ", says + why)]
    place = place_of(item)
    if place:
        place = " · ".join(part for part in (place, item.source, item.url) if part)
        lines.append(Hanging("    at ", place, head_style="bright_black", style="bright_black"))
    facts = "; ".join(told.told(evaluation.rule, evaluation.project, item))
    if facts:
        lines.append(Hanging("    ", facts, style="bright_black"))
    return lines


def _field(name: str, text: str) -> list[RenderableType]:
    return [Hanging(f"  {name:<14}", text, head_style="bright_black")] if text else []


def _condition(rule: Rule) -> str:
    about = rule.about if isinstance(rule.about, str) else f"each of {rule.about.each}"
    where = f" where {rule.where}" if rule.where != "true" else ""
    return " ".join(f"about {about}{where} require {rule.require or 'an answer'}".split())
