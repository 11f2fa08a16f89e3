"""Templates of checklists: YAML with the place of everything in it. A template selects rules and has questions of its own.

Templates, scoring schemes and translations lie in folders (`*.yaml`, `schemes.yaml`, `texts/<language>.yaml`): those of installed
distributions (entry points `auditor.checklists`) and those of the organisation (`[checklists] folders`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from auditor.checklist.checklist import Band, Says, Scheme
from auditor.errors import AuditorError, Location, RuleError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.rulebook.lint import LintFinding
from auditor.rulebook.load import RULE_ID, Rulebook
from auditor.rulebook.production import Production, Then, When, chosen_rules, mistakes
from auditor.rulebook.rule import Citation, Rule, Severity
from auditor.rulebook.yaml_source import Positions, load_yaml, read_model

ENTRY_POINTS = "auditor.checklists"
SCHEMES = "schemes.yaml"
TEXTS = "texts"
_GLOB = frozenset("*?[")
_KIND = r"^[a-z][a-z0-9-]*(:[a-z][a-z0-9-]*)?$"
_ID = r"^[A-Za-z][A-Za-z0-9]*([-_.][A-Za-z0-9]+)*$"


class Selected(Frozen):
    """Some rules of the profile: those that meet every condition given.

    Attributes:
        rules, clauses: ids or globs.
        areas, gates, severities, standards: one of which a rule has; a standard is the one that its pack is about.
        but: ids or globs of rules that are not meant.
    """

    rules: list[str] = []
    clauses: list[str] = []
    areas: list[str] = []
    gates: list[str] = []
    severities: list[Severity] = []
    standards: list[str] = []
    but: list[str] = []

    @model_validator(mode="after")
    def _some(self) -> "Selected":
        if not (self.rules or self.clauses or self.areas or self.gates or self.severities or self.standards):
            raise ValueError("a selection names rules, clauses, areas, gates, severities or standards")
        return self

    def of(self, rules: Mapping[str, Rule], standard_of: Mapping[str, str]) -> list[str]:
        """Return the ids of *rules* that are meant, in the order of their ids; *standard_of* knows the standard of each."""
        return [
            id_
            for id_, rule in sorted(rules.items())
            if (not self.rules or _matches(id_, self.rules))
            and (not self.clauses or any(_matches(clause, self.clauses) for clause in rule.answers))
            and (not self.areas or rule.area in self.areas)
            and (not self.gates or rule.gate in self.gates)
            and (not self.severities or rule.severity in self.severities)
            and (not self.standards or standard_of.get(id_) in self.standards)
            and not _matches(id_, self.but)
        ]


class OwnQuestion(Frozen):
    """A question that no rule asks: a person answers.

    Attributes:
        clauses: what it asks about; where the profile has a rule for one of them, the rule is asked in its place. Requirement and source
            are those of the first one when nothing else is said.
        when: characteristic of the project → test, as in a production's pattern on `project`. Not known: it is asked.
        product: it is about this product, and left out where tailoring does not use it.
    """

    id: Annotated[str, Field(pattern=_ID, max_length=60)]
    text: Annotated[str, Field(min_length=1)]
    requirement: str = ""
    guidance: str = ""
    clauses: list[str] = []
    cites: list[Citation] = []
    weight: Annotated[int, Field(ge=0, strict=True)] = 1
    when: dict[str, Any] = {}
    product: str | None = None


class GroupSpec(Frozen):
    """Questions under one heading.

    Attributes:
        when, product: as of a question, for all of them.
        rules: selections; a rule that one of them means is asked.
        questions: the template's own.
        also: ids of questions of other templates: who answered one there is not asked again.
        before: of a template that extends another one: the inherited group before which this new one stands.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
    title: str = ""
    note: str = ""
    when: dict[str, Any] = {}
    product: str | None = None
    rules: list[Selected] = []
    questions: list[OwnQuestion] = []
    also: list[str] = []
    before: str | None = None


class Left(Frozen):
    """What a template does not take over from the one that it extends."""

    groups: list[str] = []
    questions: list[str] = []
    rules: list[str] = []  # ids or globs
    because: Annotated[str, Field(min_length=1)]


class TemplateFile(Frozen):
    """A template as its file says it. What it leaves out it has of the template that it extends.

    Attributes:
        ahead: whether rules that are not due yet are asked, as they would be decided today: for what a gate will ask.
        gate: which gate the list is for; while it was not decided, its rules are asked as if it were decided today.
        weigh: whether every rule weighs 1 in the score, or as the profile weighs its severity.
        weights: rule → its weight, where `weigh` does not say it.
        methodologies: for which projects it is meant; empty: any. Lists for others can still be made.
        order: place among the kinds.
    """

    kind: Annotated[str, Field(pattern=_KIND, max_length=80)]
    title: str = ""
    purpose: str = ""
    extends: str | None = None
    scheme: str | None = None
    weigh: Literal["equal", "severity"] | None = None
    weights: dict[str, Annotated[int, Field(ge=0, strict=True)]] = {}
    ahead: bool | None = None
    gate: str | None = None
    methodologies: list[str] | None = None
    sign_off: list[str] | None = None
    drop: list[Left] = []
    groups: list[GroupSpec] = []
    order: int | None = None


class Template(Frozen):
    """A template with everything that it has of others."""

    kind: str
    title: str
    purpose: str
    scheme: Scheme
    weigh: Literal["equal", "severity"]
    weights: dict[str, int] = {}
    ahead: bool
    gate: str | None
    methodologies: tuple[str, ...]
    sign_off: tuple[str, ...]
    groups: tuple[GroupSpec, ...]
    dropped: tuple[str, ...]  # ids or globs of rules
    lineage: tuple[str, ...]  # kinds that it extends, the furthest first, itself last
    order: int

    def questions(self) -> Iterator[OwnQuestion]:
        """Yield its own questions in their order."""
        for group in self.groups:
            yield from group.questions


class SchemeFile(Frozen):
    """A scheme as its file says it: answer → hundredths of the weight, bands from a percentage on."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
    title: str
    points: dict[Says, Annotated[int, Field(ge=0, le=100, strict=True)]] = {"yes": 100, "partly": 50, "no": 0}
    bands: list[Band] = []
    explain: list[Says] = ["not_applicable"]

    @field_validator("points")
    @classmethod
    def _complete(cls, value: dict[Says, int]) -> dict[Says, int]:
        if set(value) != {"yes", "partly", "no"}:
            raise ValueError("points are given for yes, partly and no; not_applicable never counts")
        return value

    @model_validator(mode="after")
    def _bands(self) -> "SchemeFile":
        starts = [band.from_percent for band in self.bands]
        if starts and (starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > 100):
            raise ValueError("bands begin at 0 and rise, none above 100")
        return self

    def scheme(self) -> Scheme:
        """Return the scheme."""
        return Scheme(id=self.id, title=self.title, points=self.points, bands=tuple(self.bands), explain=tuple(self.explain))


class SchemesFile(Frozen):
    """`schemes.yaml`: how lists are scored."""

    schemes: list[SchemeFile]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of translations: of which language, where it lies, and what errors call it."""

    language: str
    path: Path | Traversable
    name: str


@dataclass(frozen=True)
class Shelf:
    """Every template, by kind in their order, with the schemes and the files of translations that lie beside them."""

    templates: Mapping[str, Template]
    schemes: Mapping[str, Scheme]
    texts: tuple[TextFile, ...] = ()  # those of later folders win
    positions: Mapping[str, tuple[Positions, TemplateFile]] = field(default_factory=dict)

    def template(self, kind: str) -> Template:
        """Return a template.

        Raises:
            RuleError: there is none of that kind.
        """
        if kind not in self.templates:
            known = list(self.templates)
            raise RuleError(f"there is no checklist {kind[:80]!r}", hint=did_you_mean(kind, known) or f"known are: {', '.join(known)}")
        return self.templates[kind]


def load_shelf(folders: Iterable[Path | Traversable] = (), *, installed: bool = True, rulebook: Rulebook | None = None) -> Shelf:
    """Return the templates of installed distributions and of *folders*, each with what it extends.

    Args:
        folders: what `[checklists] folders` names. A template of the same kind as an earlier one must extend it, and takes its place.
        installed: whether those of installed distributions belong.
        rulebook: to check the rules that templates name by their whole id, and that questions are not called like rules.

    Raises:
        ExceptionGroup: of RuleError, every mistake with its place.
        RuleError: a folder cannot be read.
    """
    reading = _Reading(rulebook)
    for folder, name in (*(_installed() if installed else ()), *((folder, folder.name) for folder in folders)):
        reading.folder(folder, name)
    shelf = reading.shelf()
    raise_all("checklists have mistakes", sorted(reading.errors, key=_place))
    return shelf


def lint_shelf(shelf: Shelf, rulebook: Rulebook) -> list[LintFinding]:
    """Return what loads and is most likely not meant, ordered by place: selections that mean no rule, products that nobody owes."""
    products = {item.kind for own in rulebook.obligations.values() for item in own}
    standard_of = standards(rulebook)
    found: list[LintFinding] = []
    for positions, file in shelf.positions.values():
        for number, group in enumerate(file.groups):
            path: tuple[str | int, ...] = ("groups", number)
            for index, select in enumerate(group.rules):
                if not select.of(rulebook.rules, standard_of):
                    found.append(LintFinding("empty-selection", "no rule is meant by this", positions.at(*path, "rules", index)))
            owners = ((path, group.product), *(((*path, "questions", at), item.product) for at, item in enumerate(group.questions)))
            for where, product in owners:
                if product is not None and product not in products:
                    hint = did_you_mean(product, products) or "tailoring never leaves it out"
                    message = f"no pack says who owes a {product!r}; {hint}"
                    found.append(LintFinding("unknown-product", message, positions.at(*where, "product")))
    return sorted(found, key=lambda item: (item.at.file, item.at.line, item.at.column, item.message))


def standards(rulebook: Rulebook) -> dict[str, str]:
    """Return rule → standard that its pack is about."""
    return {id_: rulebook.packs[pack].standard for id_, pack in rulebook.pack_of.items()}


def _matches(text: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)


def _place(error: AuditorError) -> tuple[str, int, int, str]:
    at = error.at or Location("")
    return at.file, at.line, at.column, error.message


def _installed() -> Iterator[tuple[Path | Traversable, str]]:
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        try:
            folder = point.load()()
        except Exception as error:
            raise RuleError(
                f"the installed checklists {point.name!r} cannot be found: {type(error).__name__}",
                at=Location(point.value),
                hint="reinstall the distribution that brings them",
            ) from error
        yield folder, point.name


Kept = tuple[TemplateFile, Positions]


class _Reading:
    """Collects what the files say, and what is wrong with it."""

    def __init__(self, rulebook: Rulebook | None) -> None:
        self.errors: list[AuditorError] = []
        self._rulebook = rulebook
        self._files: dict[str, list[Kept]] = {}  # kind → its files, an earlier one first
        self._schemes: dict[str, Scheme] = {}
        self._scheme_at: dict[str, Location] = {}
        self._texts: list[TextFile] = []
        self._asked: dict[str, tuple[OwnQuestion, Location]] = {}
        self._done: dict[tuple[str, int], Template | None] = {}
        self._broken = False  # a file has mistakes: what it would define is not missing

    def folder(self, folder: Path | Traversable, name: str) -> None:
        """Read every file of *folder*."""
        if not folder.is_dir():
            self._wrong("there is no such folder of checklists", Location(str(folder)), "see [checklists] folders in auditor.toml")
            return
        for child in sorted(folder.iterdir(), key=lambda child: child.name):
            shown = f"{name}/{child.name}"
            if child.name == TEXTS and child.is_dir():
                for item in sorted(child.iterdir(), key=lambda item: item.name):
                    if item.name.endswith(".yaml"):
                        self._texts.append(TextFile(item.name.removesuffix(".yaml"), item, f"{shown}/{item.name}"))
            elif child.name == SCHEMES:
                self._read_schemes(child, shown)
            elif child.name.endswith(".yaml") and child.is_file():
                self._read_template(child, shown)
            elif child.name.endswith(".yml"):
                self._wrong("nothing reads this file", Location(shown), "templates end in .yaml")

    def shelf(self) -> Shelf:
        """Return what was read, as far as it has no mistakes."""
        resolved: dict[str, Template] = {}
        for kind in self._files:
            found = self._resolved(kind, len(self._files[kind]) - 1, ())
            if found is not None:
                resolved[kind] = found
        ordered = {item.kind: item for item in sorted(resolved.values(), key=lambda item: (item.order, item.kind))}
        positions = {kind: (files[-1][1], files[-1][0]) for kind, files in self._files.items()}
        return Shelf(MappingProxyType(ordered), MappingProxyType(self._schemes), tuple(self._texts), positions)

    def _wrong(self, message: str, at: Location | None, hint: str | None = None) -> None:
        self.errors.append(RuleError(message, at=at, hint=hint))

    def _read_schemes(self, path: Path | Traversable, name: str) -> None:
        read: SchemesFile | None = None
        try:
            source = load_yaml(path, name)
            read = read_model(SchemesFile, source, self.errors)
        except AuditorError as error:
            self.errors.append(error)
        if read is None:
            self._broken = True
            return
        for number, item in enumerate(read.schemes):
            at = source.positions.at("schemes", number, "id")
            if item.id in self._schemes:
                self._wrong(f"the scheme {item.id!r} exists twice", at, f"the other is {self._scheme_at[item.id]}")
                continue
            self._schemes[item.id] = item.scheme()
            self._scheme_at[item.id] = at

    def _read_template(self, path: Path | Traversable, name: str) -> None:
        read: TemplateFile | None = None
        try:
            source = load_yaml(path, name)
            read = read_model(TemplateFile, source, self.errors)
        except AuditorError as error:
            self.errors.append(error)
        if read is None:
            self._broken = True
            return
        earlier = self._files.setdefault(read.kind, [])
        if earlier and read.extends != read.kind:
            other = earlier[-1][1].at("kind")
            hint = f"the other is {other.file}:{other.line}; `extends: {read.kind}` takes its place"
            self._wrong(f"the checklist {read.kind!r} exists twice", source.positions.at("kind"), hint)
            return
        earlier.append((read, source.positions))
        self._check_words(read, source.positions)

    def _check_words(self, read: TemplateFile, positions: Positions) -> None:
        """Check what a file says without those that it extends."""
        seen: dict[str, Location] = {}
        for number, group in enumerate(read.groups):
            path: tuple[str | int, ...] = ("groups", number)
            if group.id in seen:
                self._wrong(f"the group {group.id!r} occurs twice", positions.at(*path, "id"), f"first in line {seen[group.id].line}")
            seen.setdefault(group.id, positions.at(*path, "id"))
            if group.before is not None and read.extends is None:
                self._wrong("`before` names a group of the template that is extended", positions.at(*path, "before"), "say `extends`")
            self._check_when(group.when, positions, (*path, "when"))
            for index, select in enumerate(group.rules):
                self._check_rules(select, positions, (*path, "rules", index))
            for index, question in enumerate(group.questions):
                self._check_question(question, positions, (*path, "questions", index))

    def _check_when(self, when: Mapping[str, Any], positions: Positions, path: tuple[str | int, ...]) -> None:
        if not when:
            return
        pattern = Production(name="when", when=[When(fact="project", where=dict(when))], then=[Then(derive="asked")], because="a question")
        for where, message, hint in mistakes(pattern, "tailoring", {}, {}):
            self._wrong(message, positions.at_key(*path, *where[3:]), hint or None)

    def _check_rules(self, select: Selected, positions: Positions, path: tuple[str | int, ...]) -> None:
        if self._rulebook is None:
            return
        known: tuple[tuple[str, Collection[str], Collection[str], str], ...] = (
            ("rules", select.rules, self._rulebook.rules, "rule"),
            ("clauses", select.clauses, self._rulebook.clauses, "clause"),
            ("but", select.but, self._rulebook.rules, "rule"),
        )
        for name, globs, names, what in known:
            for number, glob in enumerate(globs):
                if not _GLOB & set(glob) and glob not in names:
                    self._wrong(f"there is no {what} {glob[:60]!r}", positions.at(*path, name, number), did_you_mean(glob, names))

    def _check_question(self, question: OwnQuestion, positions: Positions, path: tuple[str | int, ...]) -> None:
        at = positions.at(*path, "id")
        self._check_when(question.when, positions, (*path, "when"))
        for number, clause in enumerate(question.clauses):
            if self._rulebook is not None and clause not in self._rulebook.clauses:
                known = self._rulebook.clauses
                self._wrong(f"there is no clause {clause[:60]!r}", positions.at(*path, "clauses", number), did_you_mean(clause, known))
        if self._rulebook is not None and (question.id in self._rulebook.rules or question.id in self._rulebook.clauses):
            self._wrong(f"{question.id} is a rule or a clause", at, "a question that a rule decides is selected under `rules`")
        elif RULE_ID.fullmatch(question.id) and self._rulebook is not None and _near_rule(question.id, self._rulebook):
            self._wrong(f"{question.id} reads like a rule", at, "give questions of one's own a prefix that no standard has")
        other = self._asked.get(question.id)
        if other is not None:
            self._wrong(f"the question {question.id} is asked twice", at, f"first in {other[1].file}:{other[1].line}; ids are unique")
        else:
            self._asked[question.id] = (question, at)

    # What extends what

    def _resolved(self, kind: str, number: int, above: tuple[tuple[str, int], ...]) -> Template | None:
        key = (kind, number)
        if key in above:
            names = ", ".join(name for name, _ in above)
            self._wrong(f"checklists extend each other: {names}", self._files[kind][number][1].at("extends"))
            self._done |= dict.fromkeys(above)
            return None
        if key not in self._done:
            found = self._put_together(kind, number, above)
            self._done.setdefault(key, found)
        return self._done[key]

    def _put_together(self, kind: str, number: int, above: tuple[tuple[str, int], ...]) -> Template | None:
        file, positions = self._files[kind][number]
        base: Template | None = None
        if file.extends is not None:
            base = self._base(file, positions, number, (*above, (kind, number)))
            if base is None:
                return None
        scheme = self._scheme(file, positions, base)
        groups, dropped = self._groups(self._with_others(file, positions), positions, base)
        title = file.title or (base.title if base else "")
        if not title:
            self._wrong("a checklist has a title", positions.at())
        counted = Counter(question.id for group in groups for question in group.questions)
        for id_ in sorted(id_ for id_, count in counted.items() if count > 1):
            self._wrong(f"{kind} asks {id_} {counted[id_]} times", positions.at(), "take it out of `also`, or `drop` it")
        for group in groups:
            if not group.title:
                at = next((place for place, item in enumerate(file.groups) if item.id == group.id), None)
                self._wrong(f"the group {group.id!r} has no title", positions.at("groups", *(() if at is None else (at,))))
        if scheme is None:
            return None
        return Template(
            kind=kind,
            title=title,
            purpose=file.purpose or (base.purpose if base else ""),
            scheme=scheme,
            weigh=file.weigh or (base.weigh if base else "equal"),
            weights={**(base.weights if base else {}), **file.weights},
            ahead=file.ahead if file.ahead is not None else base.ahead if base else False,
            gate=file.gate or (base.gate if base else None),
            methodologies=tuple(file.methodologies if file.methodologies is not None else base.methodologies if base else ()),
            sign_off=tuple(file.sign_off if file.sign_off is not None else base.sign_off if base else ()),
            groups=tuple(groups),
            dropped=dropped,
            lineage=(*(base.lineage if base else ()), kind),
            order=file.order if file.order is not None else base.order if base else 1000,
        )

    def _base(self, file: TemplateFile, positions: Positions, number: int, above: tuple[tuple[str, int], ...]) -> Template | None:
        wanted = file.extends or ""
        if wanted == file.kind:
            if number == 0:
                self._wrong(f"there is no earlier checklist {wanted!r} to extend", positions.at("extends"))
                return None
            return self._resolved(wanted, number - 1, above)
        if wanted not in self._files:
            if not self._broken:
                self._wrong(f"there is no checklist {wanted[:80]!r} to extend", positions.at("extends"), did_you_mean(wanted, self._files))
            return None
        return self._resolved(wanted, len(self._files[wanted]) - 1, above)

    def _scheme(self, file: TemplateFile, positions: Positions, base: Template | None) -> Scheme | None:
        if file.scheme is None and base is not None:
            return base.scheme
        name = file.scheme or "counting"
        found = self._schemes.get(name)
        if found is None and name == "counting":
            return Scheme(id="counting", title="Share of what is met")
        if found is None and not self._broken:
            hint = did_you_mean(name, self._schemes) or f"known are: {', '.join(sorted(self._schemes)) or 'none'}"
            self._wrong(f"there is no scoring scheme {name[:60]!r}", positions.at("scheme"), hint)
        return found

    def _with_others(self, file: TemplateFile, positions: Positions) -> TemplateFile:
        """Return the file with the questions of other templates that it names."""
        groups = []
        for number, group in enumerate(file.groups):
            more: list[OwnQuestion] = []
            for index, id_ in enumerate(group.also):
                at = positions.at("groups", number, "also", index)
                found = self._asked.get(id_)
                if found is None:
                    self._wrong(f"no template asks {id_[:60]!r}", at, did_you_mean(id_, self._asked))
                elif found[1].file == positions.file:
                    self._wrong(f"{id_} is a question of this template", at, "`also` names questions of other templates")
                else:
                    more.append(found[0])
            groups.append(group.model_copy(update={"questions": [*group.questions, *more], "also": []}) if group.also else group)
        return file.model_copy(update={"groups": groups})

    def _groups(self, file: TemplateFile, positions: Positions, base: Template | None) -> tuple[list[GroupSpec], tuple[str, ...]]:
        groups = list(base.groups) if base else []
        dropped = list(base.dropped) if base else []
        for number, left in enumerate(file.drop):
            if base is None:
                self._wrong("`drop` leaves out what the extended template has", positions.at("drop", number), "say `extends`")
                break
            dropped += left.rules
            known = [group.id for group in groups]
            asked = [question.id for group in groups for question in group.questions]
            for what, names, existing in (("groups", left.groups, known), ("questions", left.questions, asked)):
                for index, name in enumerate(names):
                    if name not in existing:
                        at = positions.at("drop", number, what, index)
                        self._wrong(f"{base.kind} has no {what[:-1]} {name[:60]!r}", at, did_you_mean(name, existing))
            if self._rulebook is not None:
                for index, glob in enumerate(left.rules):
                    if not chosen_rules([glob], self._rulebook.rules):
                        at = positions.at("drop", number, "rules", index)
                        self._wrong(f"{glob[:60]!r} names no rule", at, did_you_mean(glob, self._rulebook.rules))
            groups = [
                group.model_copy(update={"questions": [item for item in group.questions if item.id not in left.questions]})
                for group in groups
                if group.id not in left.groups
            ]
        for number, group in enumerate(file.groups):
            place = next((at for at, item in enumerate(groups) if item.id == group.id), None)
            if place is not None and base is not None:
                groups[place] = _joined(groups[place], group)
                continue
            before = len(groups)
            if group.before is not None:
                names = [item.id for item in groups]
                if group.before in names:
                    before = names.index(group.before)
                else:
                    at = positions.at("groups", number, "before")
                    self._wrong(f"there is no group {group.before[:60]!r}", at, did_you_mean(group.before, names))
            groups.insert(before, group.model_copy(update={"before": None}))
        return groups, tuple(dropped)


def _joined(inherited: GroupSpec, own: GroupSpec) -> GroupSpec:
    """Return an inherited group with what an extending template says of it: its questions and rules come on top."""
    return inherited.model_copy(
        update={
            "title": own.title or inherited.title,
            "note": own.note or inherited.note,
            "when": own.when or inherited.when,
            "product": own.product or inherited.product,
            "rules": [*inherited.rules, *own.rules],
            "questions": [*inherited.questions, *own.questions],
        }
    )


def _near_rule(id_: str, rulebook: Rulebook) -> bool:
    """Return whether *id_* begins as the ids of a standard's clauses do: an answer could be taken for one to a rule that comes later."""
    prefix = id_.rpartition("-")[0]
    return any(other.startswith(f"{prefix}-") for other in (*rulebook.rules, *rulebook.clauses))
