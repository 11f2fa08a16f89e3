"""An own checklist as a rule pack with a template, and back: what a methodology owner edits from then on.

Every question becomes a rule that a person decides (`decides: nothing`). What the workbook holds beside questions is kept in the pack, in
`templates/workbook.yaml`, which no audit reads: `read_pack` puts both together again.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.checklist.answer_words import fold
from auditor.checklist.workbook import RULE_ID, Item, ItemSheet, Questionnaire
from auditor.errors import Location, RuleError, UsageError
from auditor.model.row import Frozen
from auditor.rulebook.pack import NOT_AREAS
from auditor.rulebook.rule import Decides, Rule
from auditor.rulebook.schema import write_schemas
from auditor.rulebook.yaml_source import load_yaml, read_model
from auditor.rulebook.yaml_text import yaml_lines

KEPT = "templates/workbook.yaml"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SCHEMA = "# yaml-language-server: $schema={}schema/{}.json"
_TITLE = 90  # characters of a rule's title
_SEVERE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("critical", "kritisch", "critique", "critico", "critica"), "critical"),
        **dict.fromkeys(("high", "major", "must", "hoch", "haute", "eleve", "elevee", "alta", "alto", "mandatory", "muss"), "major"),
        **dict.fromkeys(("medium", "minor", "should", "mittel", "moyenne", "moyen", "media", "medio", "soll"), "minor"),
        **dict.fromkeys(
            ("low", "could", "optional", "niedrig", "gering", "basse", "faible", "baja", "bajo", "kann", "observation"), "observation"
        ),
    }
)
_POINTS: Mapping[str, int] = MappingProxyType({"critical": 10, "major": 5, "minor": 2, "observation": 1})


class _Said(Frozen):
    """The sentences that a workbook does not have, in one language."""

    say: str
    why: str
    fix: str
    reason: str
    yes: str
    no: str
    nobody: str
    general: str


_TEXTS: Mapping[str, _Said] = MappingProxyType(
    {
        "en": _Said(
            say="Answered “no”: {text}",
            why="Our checklist asks for it.",
            fix="Do what the question asks for, or note why it does not matter here.",
            reason="The checklist asks a person.",
            yes="answered yes",
            no="answered no",
            nobody="nobody answered",
            general="General",
        ),
        "fr": _Said(
            say="Réponse « non » : {text}",
            why="Notre liste de contrôle le demande.",
            fix="Faire ce que la question demande, ou noter pourquoi cela n'importe pas ici.",
            reason="La liste interroge une personne.",
            yes="réponse oui",
            no="réponse non",
            nobody="sans réponse",
            general="Généralités",
        ),
        "de": _Said(
            say="Mit „nein“ beantwortet: {text}",
            why="Unsere Checkliste verlangt es.",
            fix="Tun, wonach die Frage fragt, oder notieren, warum es hier nicht zählt.",
            reason="Die Checkliste fragt einen Menschen.",
            yes="mit ja beantwortet",
            no="mit nein beantwortet",
            nobody="niemand hat geantwortet",
            general="Allgemeines",
        ),
        "es": _Said(
            say="Respuesta «no»: {text}",
            why="Nuestra lista de control lo pide.",
            fix="Hacer lo que pide la pregunta, o anotar por qué no importa aquí.",
            reason="La lista pregunta a una persona.",
            yes="respuesta sí",
            no="respuesta no",
            nobody="sin respuesta",
            general="General",
        ),
    }
)


def write_pack(questionnaire: Questionnaire, name: str, folder: Path, *, title: str = "", language: str = "en") -> list[Path]:
    """Write the pack *name* and its template below *folder* and return the files: `rules/<name>/…` and `checklists/<name>.yaml`.

    Args:
        questionnaire: what a workbook holds.
        name: of the pack, of the standard that its rules cite, and of the kind of the list.
        folder: beside `auditor.toml`, most likely.
        title: of pack and list; '': the name.
        language: of the sentences that the workbook does not have.

    Raises:
        UsageError: the name is none, or something of the pack is there already: ids of rules are never given twice.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name[:60]!r} is no name of a pack", hint="small letters, digits, - and _, beginning with a letter")
    pack, template = folder / "rules" / name, folder / "checklists" / f"{name.replace('_', '-').rstrip('-')}.yaml"
    for path in (pack, template):
        if path.exists():
            raise UsageError(f"{path} is there already", hint="take another --pack or --output, or delete it first")
    writing = _Writing(questionnaire, name, title or name.replace("_", " ").replace("-", " ").capitalize(), language)
    written = []
    for path, lines in (*((pack / place, lines) for place, lines in writing.pack()), (template, writing.template())):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        written.append(path)
    schemas = folder / "rules" / "schema"
    if not schemas.exists():
        schemas.mkdir()
        write_schemas(schemas)  # so that editors complete and check the files from the first line on
    return written


class _Placed(Frozen):
    """A question with its place in the pack."""

    id: str
    sheet: int
    group: str  # id of its group in the template
    area: str
    item: Item


class _Writing:
    def __init__(self, questionnaire: Questionnaire, name: str, title: str, language: str) -> None:
        self._questionnaire = questionnaire
        self._name = name
        self._title = title
        self._said = _TEXTS.get(language, _TEXTS["en"])
        self._language = language
        self._groups: dict[tuple[int, str], tuple[str, str, str]] = {}  # sheet and group → id, code, title
        self._placed = list(self._place())
        self._weights, self._severities = _weighed([placed.item.weight for placed in self._placed])

    def _place(self) -> Iterator[_Placed]:
        prefix = re.sub(r"[^A-Z0-9]+", "-", self._name.upper()).strip("-")
        taken = {item.id for item in self._questionnaire.items() if item.id}
        counts: Counter[str] = Counter()
        for number, sheet in enumerate(self._questionnaire.sheets):
            for item in sheet.items:
                slug, code, _ = self._group(number, sheet, item.group)
                id_ = item.id
                while not id_:
                    counts[code] += 1
                    made = f"{prefix}-{code}-{counts[code]:02}"
                    id_ = "" if made in taken else made
                area = slug.replace("-", "_")
                yield _Placed(id=id_, sheet=number, group=slug, area=f"{area}_questions" if area in NOT_AREAS else area, item=item)

    def _group(self, number: int, sheet: ItemSheet, title: str) -> tuple[str, str, str]:
        key = (number, title)
        if key not in self._groups:
            several = len(self._questionnaire.sheets) > 1
            shown = title or (sheet.name if several else self._said.general)
            if title and several and any(other == title for _, other in self._groups):
                shown = f"{title} ({sheet.name})"
            slugs, codes = {slug for slug, _, _ in self._groups.values()}, {code for _, code, _ in self._groups.values()}
            slug = _unlike(_slug(shown)[:40].strip("-") or "group", slugs, "-")
            code = _unlike(re.sub(r"[^A-Z0-9]", "", slug.upper())[:3] or "Q", codes, "")
            self._groups[key] = (slug, code, shown)
        return self._groups[key]

    # Files

    def pack(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the files of the pack: place and lines."""
        yield (
            "pack.yaml",
            self._file(
                "pack", {"name": self._name, "title": self._title, "standard": self._name, "version": "1.0.0", "requires": ["core"]}
            ),
        )
        clauses = []
        for placed in self._placed:
            clause: dict[str, Any] = {"id": placed.id, "requirement": placed.item.text}
            clause |= {"section": placed.item.reference} if placed.item.reference else {}
            clauses.append(clause | {"area": placed.area, "status": "manual", "reason": self._said.reason, "rules": [placed.id]})
        yield "clauses.yaml", self._file("clauses", {"clauses": clauses})
        for placed, severity in zip(self._placed, self._severities, strict=True):
            yield f"{placed.area}/{placed.id}.yaml", self._file("rule", self._rule(placed, severity))
        yield (
            KEPT,
            ["# What the workbook holds beside its questions; `auditor rules export-checklist` writes it back.", *yaml_lines(self._kept())],
        )

    def _file(self, schema: str, data: Mapping[str, Any]) -> list[str]:
        return [_SCHEMA.format("../../" if schema == "rule" else "../", schema), *yaml_lines(data)]

    def _rule(self, placed: _Placed, severity: str) -> dict[str, Any]:
        item, said = placed.item, self._said
        cited: dict[str, Any] = {"standard": self._name} | ({"section": item.reference} if item.reference else {})
        short = _shortened(item.text)
        cases: list[dict[str, Any]] = [
            {"name": said.yes, "given": {}, "answer": {"says": "yes"}, "expect": {"verdict": "conform", "attested": True}},
            {"name": said.no, "given": {}, "answer": {"says": "no"}, "expect": {"verdict": "nonconform"}},
            {"name": said.nobody, "given": {}, "expect": {"verdict": "not_assessed", "reason": "awaiting_answer"}},
        ]
        return {
            "id": placed.id,
            "title": short,
            "requirement": item.text,
            "cites": [cited],
            "answers": [placed.id],
            "area": placed.area,
            "severity": severity,
            "decides": "nothing",
            "say": said.say.format(text=short).replace("{", "{{").replace("}", "}}"),
            "why": said.why,
            "fix": item.guidance or said.fix,
            "ask": item.text,
            "cases": cases,
        }

    def template(self) -> list[str]:
        """Return the lines of the template of the list."""
        asked: dict[str, list[str]] = {}
        for placed in self._placed:
            asked.setdefault(placed.group, []).append(placed.id)
        data: dict[str, Any] = {
            "kind": _slug(self._name),
            "title": self._title,
            "scheme": "counting",
            "weigh": "equal",
            "weights": dict(zip((placed.id for placed in self._placed), self._weights, strict=True)) if self._weights else {},
            "groups": [
                {"id": slug, "title": title, "rules": [{"rules": asked[slug]}]} for slug, _, title in self._groups.values() if slug in asked
            ],
        }
        if not data["weights"]:
            del data["weights"]
        return yaml_lines(data)

    def _kept(self) -> dict[str, Any]:
        sheets = []
        for number, sheet in enumerate(self._questionnaire.sheets):
            lines = []
            for placed in self._placed:
                if placed.sheet == number:
                    item = placed.item
                    line: dict[str, Any] = {"rule": placed.id}
                    line |= {"group": item.group} if item.group else {}
                    line |= {"weight": item.weight} if item.weight else {}
                    line |= {"unguided": True} if not item.guidance else {}
                    line |= {"kept": item.kept} if item.kept else {}
                    lines.append(line)
            sheets.append({"name": sheet.name, "lines": lines})
        return {"sheets": sheets}


def _weighed(texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the weight of each question as a whole number (none at all when no question has one), and how bad a lapse is.

    Numbers keep their ratios: 0.5, 1 and 2 become 1, 2 and 4. A question without a weight among others weighs 1 of their unit.
    """
    numbers = [_number(text) for text in texts]
    if any(number is not None for number in numbers):
        places = max((max(-int(number.as_tuple().exponent), 0) for number in numbers if number is not None), default=0)
        scaled = [1 if number is None else int(number.scaleb(min(places, 6))) for number in numbers]
        scaled = [10 ** min(places, 6) if number is None else value for number, value in zip(numbers, scaled, strict=True)]
        most = max(scaled)
        return scaled, ["major" if 4 * value >= 3 * most else "minor" if 4 * value >= most else "observation" for value in scaled]
    severities = [_SEVERE.get(fold(text), "minor") for text in texts]
    if any(fold(text) in _SEVERE for text in texts):
        return [_POINTS[severity] for severity in severities], severities
    return [], severities


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number.normalize() if number.is_finite() and 0 <= number < 10**9 else None


def _slug(text: str) -> str:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return slug if not slug or slug[0].isalpha() else f"g-{slug}"


def _unlike(name: str, others: Iterable[str], between: str) -> str:
    """Return *name*, with a number behind it where another has it already."""
    known = set(others)
    number, made = 1, name
    while made in known:
        number += 1
        made = f"{name}{between}{number}"
    return made


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _TITLE:
        return plain
    cut = plain[: _TITLE - 1].rpartition(" ")[0] or plain[: _TITLE - 1]
    return f"{cut.rstrip(' ,;:')}…"


# Back


def read_pack(folder: Path) -> Questionnaire:
    """Return the questions of a pack as an own checklist: those of `write_pack` in the order and with all that the workbook had.

    A pack that was never a workbook gives the rules that a person decides, one sheet, grouped by area.

    Raises:
        RuleError: there is no pack, or none of its rules is for a person.
        ExceptionGroup: of RuleError: mistakes of its files.
    """
    if not (folder / "pack.yaml").is_file():
        raise RuleError("there is no pack", at=Location(str(folder)), hint="a folder with pack.yaml")
    rules = {rule.id: rule for rule in _rules(folder)}
    if not rules:
        raise RuleError("no rule of the pack is for a person alone", at=Location(str(folder)), hint="`decides: nothing`")
    path = folder / KEPT
    kept = load_yaml(path).data if path.is_file() else {}
    sheets, seen = [], set()
    for sheet in kept.get("sheets", ()) if isinstance(kept, dict) else ():
        lines = [line for line in sheet["lines"] if line["rule"] in rules]
        seen |= {line["rule"] for line in lines}
        sheets.append(ItemSheet(name=sheet["name"], items=tuple(_item(rules[line["rule"]], line) for line in lines)))
    rest = tuple(_item(rule, {"group": rule.area.replace("_", " ").capitalize()}) for rule in rules.values() if rule.id not in seen)
    if rest:
        sheets.append(ItemSheet(name=_unlike("Rules", (sheet.name for sheet in sheets), " "), items=rest))
    return Questionnaire(sheets=tuple(sheet for sheet in sheets if sheet.items))


def _rules(folder: Path) -> Iterator[Rule]:
    errors: list[Any] = []
    for area in sorted(item for item in folder.iterdir() if item.is_dir() and item.name not in NOT_AREAS):
        for path in sorted(area.glob("*.yaml")):
            rule = read_model(Rule, load_yaml(path), errors)
            if rule is not None and rule.decides is Decides.NOTHING and RULE_ID.fullmatch(rule.id):
                yield rule
    if errors:
        raise ExceptionGroup("the pack has mistakes", errors)


def _item(rule: Rule, line: Mapping[str, Any]) -> Item:
    return Item(
        id=rule.id,
        text=rule.ask or rule.requirement,
        group=str(line.get("group", "")),
        weight=str(line.get("weight", "")),
        guidance="" if line.get("unguided") else rule.fix,
        reference=next((citation.section for citation in rule.cites if citation.section), ""),
        kept={str(title): str(value) for title, value in line.get("kept", {}).items()},
    )
