"""What is allowed and still not good: for methodology owners, before a pack is published."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.errors import Location, did_you_mean
from auditor.rulebook.load import CONDITIONS, Rulebook, named_params
from auditor.rulebook.production import is_reference
from auditor.rulebook.rule import Each, Rule
from auditor.rulebook.sentence import placeholders

LONGEST_CONDITION = 200
"""Characters: two lines. What is longer becomes a term or a view, with a sentence and cases of its own."""

CODES = {
    "missing-text": "say, why, fix and ask are read by project managers; each rule has them",
    "say-without-values": "a sentence names the subject and the value that decided",
    "long-condition": "a condition fits on two lines; more becomes a term or a view",
    "order-of-dates": "`a <= b` is unknown while one of them has not happened; `happened_by(a, b)` says what an auditor says",
    "missing-case": "a rule has a case for every verdict that it can reach",
    "unused-param": "a parameter is used by a condition, the population or a sentence",
    "clause-unlisted": "clauses.yaml names the rules that answer each clause",
    "clause-unanswered": "a rule answers the clauses that name it",
    "unknown-standard": "a citation names a standard that a pack is about",
    "unknown-product": "what a production requires is a product that the obligations of a pack name",
    "no-schema-line": "the first line names the schema, so that editors check and complete while one writes",
    "reads-differ": "`reads` names the tables behind where and require",
}
"""Code → the habit that it stands for."""

_TEXTS = ("say", "why", "fix", "ask")
_DATE = r"(?:event\(\s*'[^']*'\s*\)|(?:[a-z_]+\.)?[a-z_]*_on\b(?:\([^()]*\))?)"
_ORDER = re.compile(rf"(?<![\w.]){_DATE}\s*(?:<=|>=|<|>)\s*{_DATE}(?!\s*[+\-])")
_SUB_QUERY = re.compile(r"\(\s*(?:from|select)\b")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_VERDICTS = ("conform", "nonconform", "not_assessed", "not_applicable")


@dataclass(frozen=True, slots=True)
class LintFinding:
    """Something that an author should look at."""

    code: str  # a key of CODES
    message: str
    at: Location

    def __str__(self) -> str:
        """Return `file:line:column: message [code]`."""
        return f"{self.at}: {self.message} [{self.code}]"


def lint_rulebook(rulebook: Rulebook, reads: Callable[[Rulebook, Rule], frozenset[str]] | None = None) -> list[LintFinding]:
    """Return what should be better, ordered by place.

    Args:
        rulebook: what was loaded.
        reads: tells which tables stand behind a rule's where and require (the compiler knows); without it `reads` is not compared.
    """
    found: list[LintFinding] = []
    for rule in rulebook.rules.values():
        found.extend(_texts(rulebook, rule))
        found.extend(_conditions(rulebook, rule))
        found.extend(_cases(rulebook, rule))
        found.extend(_params(rulebook, rule))
        found.extend(_clauses(rulebook, rule))
        if reads is not None:
            found.extend(_reads(rulebook, rule, reads(rulebook, rule)))
    found.extend(_unanswered(rulebook))
    found.extend(_productions(rulebook))
    found.extend(_schema_lines(rulebook))
    return sorted(found, key=lambda finding: (finding.at.file, finding.at.line, finding.at.column, finding.code, finding.message))


def missing_verdicts(rule: Rule) -> tuple[str, ...]:
    """Return the verdicts that *rule* can reach and that none of its cases expects.

    Every rule can conform, not conform and stay unassessed. It can be not applicable when it has a population, a `where`, an `applies` or
    a `due`.
    """
    expected = {case.expect.verdict for case in rule.cases}
    can_be_inapplicable = rule.about != "project" or any(getattr(rule, field) != "true" for field in ("where", "applies", "due"))
    reachable = _VERDICTS if can_be_inapplicable else _VERDICTS[:3]
    return tuple(verdict for verdict in reachable if verdict not in expected)


def _texts(rulebook: Rulebook, rule: Rule) -> Iterator[LintFinding]:
    for field in _TEXTS:
        if not getattr(rule, field).strip():
            yield LintFinding("missing-text", f"{rule.id} has no {field!r}", rulebook.location("rule", rule.id, field))
    if rule.say.strip() and rule.about != "project" and not any(placeholders(rule.say)):
        yield LintFinding("say-without-values", f"{rule.id} says the same of every subject", rulebook.location("rule", rule.id, "say"))
    for number, citation in enumerate(rule.cites):
        if citation.standard not in {pack.standard for pack in rulebook.packs.values()}:
            at = rulebook.location("rule", rule.id, "cites", number, "standard")
            yield LintFinding("unknown-standard", f"no pack is about {citation.standard!r}", at)


def _conditions(rulebook: Rulebook, rule: Rule) -> Iterator[LintFinding]:
    for field in CONDITIONS:
        text = getattr(rule, field)
        if not isinstance(text, str):
            continue
        if len(" ".join(text.split())) > LONGEST_CONDITION:
            message = f"{field!r} of {rule.id} is {len(text)} characters long"
            yield LintFinding("long-condition", message, rulebook.location("rule", rule.id, field))
        if field == "require":
            plain = _LITERAL.sub(lambda literal: f"'{'x' * (len(literal.group()) - 2)}'", text)  # texts may look like conditions
            for order in _ORDER.finditer(_without_sub_queries(plain)):
                at = rulebook.location("rule", rule.id, field, offset=order.start())
                yield LintFinding("order-of-dates", f"“{text[order.start() : order.end()]}” compares two dates of events", at)


def _without_sub_queries(text: str) -> str:
    """Return *text* with spaces in place of sub-queries: there an order picks rows, and one that is unknown leaves its row in doubt."""
    left = list(text)
    for found in _SUB_QUERY.finditer(text):
        depth = 0
        for at in range(found.start(), len(text)):
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            left[at] = " "
            if depth == 0:
                break
    return "".join(left)


def _cases(rulebook: Rulebook, rule: Rule) -> Iterator[LintFinding]:
    missing = missing_verdicts(rule)
    if missing:
        at = rulebook.location("rule", rule.id, "cases")
        yield LintFinding("missing-case", f"{rule.id} has no case for {', '.join(missing)}", at)


def _params(rulebook: Rulebook, rule: Rule) -> Iterator[LintFinding]:
    used = {name for field in CONDITIONS if isinstance(text := getattr(rule, field), str) for name, _ in named_params(text)}
    used |= {placeholder.name for placeholder in placeholders(rule.say)}
    if isinstance(rule.about, Each) and isinstance(rule.about.each, str):
        used.add(rule.about.each.removeprefix("$"))
    for name in rule.params:
        if name not in used:
            yield LintFinding("unused-param", f"{rule.id} never uses {name!r}", rulebook.key_location("rule", rule.id, "params", name))


def _clauses(rulebook: Rulebook, rule: Rule) -> Iterator[LintFinding]:
    for number, answered in enumerate(rule.answers):
        clause = rulebook.clauses[answered]
        same_pack = rulebook.clause_pack[answered] == rulebook.pack_of[rule.id]
        if same_pack and rule.id not in clause.rule_ids:
            at = rulebook.location("rule", rule.id, "answers", number)
            where = rulebook.location("clause", answered, "rules")
            yield LintFinding("clause-unlisted", f"{where.file}:{where.line} does not name {rule.id} among the rules of {answered}", at)


def _unanswered(rulebook: Rulebook) -> Iterator[LintFinding]:
    for clause in rulebook.clauses.values():
        for number, id_ in enumerate(clause.rule_ids):
            if clause.id not in rulebook.rules[id_].answers:
                at = rulebook.location("clause", clause.id, "rules", number)
                yield LintFinding("clause-unanswered", f"{id_} does not say that it answers {clause.id}", at)


def _productions(rulebook: Rulebook) -> Iterator[LintFinding]:
    products = {item.kind for own in rulebook.obligations.values() for item in own}
    standards = {pack.standard for pack in rulebook.packs.values()}
    for stated in rulebook.productions:
        name = stated.production.name
        for number, then in enumerate(stated.production.then):
            product = then.require
            if product is not None and not is_reference(product) and product not in products:
                at = rulebook.location("production", name, "then", number)
                hint = did_you_mean(product, products)
                yield LintFinding("unknown-product", f"no pack asks for the product {product!r}{f'; {hint}' if hint else ''}", at)
        for number, citation in enumerate(stated.production.cites):
            if citation.standard not in standards:
                at = rulebook.location("production", name, "cites", number, "standard")
                yield LintFinding("unknown-standard", f"no pack is about {citation.standard!r}", at)


def _schema_lines(rulebook: Rulebook) -> Iterator[LintFinding]:
    files = {positions.file: positions for positions, _ in rulebook.positions.values()}
    for name, positions in files.items():
        if name.endswith(".yaml") and not positions.first_line.startswith("# yaml-language-server: $schema="):
            yield LintFinding("no-schema-line", "the first line names no schema", Location(name, 1, 1))


def _reads(rulebook: Rulebook, rule: Rule, found: frozenset[str]) -> Iterator[LintFinding]:
    declared = set(rule.reads)
    if declared == found:
        return
    parts = [f"lacks {', '.join(sorted(found - declared))}"] if found - declared else []
    parts += [f"names {', '.join(sorted(declared - found))} in vain"] if declared - found else []
    at = rulebook.location("rule", rule.id, "reads")
    yield LintFinding("reads-differ", f"'reads' of {rule.id} {' and '.join(parts)}", at)
