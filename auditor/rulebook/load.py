"""From folders of YAML to one frozen rulebook: every mistake of every file in one run, each with its place.

What conditions, views and events say is understood by `condition.py` and `selection.py`; nothing that they refuse is loaded.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

from auditor.errors import AuditorError, Location, RuleError, did_you_mean, raise_all
from auditor.model.schema import COMMON, TABLES, UNKNOWN, Table
from auditor.model.types import Kind
from auditor.rulebook.clauses import Clause
from auditor.rulebook.condition import Condition, Context, Language, analyse, rule_conditions
from auditor.rulebook.decision_format import is_table, load_table, table_of_yaml
from auditor.rulebook.decision_table import DecisionTable, Places, read_table
from auditor.rulebook.digest import digest
from auditor.rulebook.expression import Pool, Selection
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.obligations import Obligation, ObligationsFile
from auditor.rulebook.pack import (
    PACK_FILES,
    ClausesFile,
    EventsFile,
    File,
    Found,
    Pack,
    PackFolder,
    ProfileFile,
    ViewsFile,
    VocabularyFile,
    find_packs,
)
from auditor.rulebook.params import param_value
from auditor.rulebook.production import Production, ReasoningFile, Stated, Step, derived_kinds, mistakes
from auditor.rulebook.rule import Case, Decides, Each, NotApplicable, NotAssessed, Rule
from auditor.rulebook.selection import analyse_view
from auditor.rulebook.sentence import TemplateError, placeholders
from auditor.rulebook.yaml_source import Positions, Source, load_yaml, read_model

RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+[a-z]?")
NAME = re.compile(r"[a-z][a-z0-9_]*")
CONDITIONS = ("applies", "due", "where", "require", "allow_share")
"""Fields of a rule that hold an expression."""

_TEXTS_WITH_PLACEHOLDERS = ("say",)
_PARAM = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_HISTORY = "_history"
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Redefinition:
    """A word that a later pack defines anew."""

    kind: str  # term or event
    name: str
    by: str  # the pack whose definition holds
    instead_of: str


@dataclass(frozen=True)
class Rulebook:
    """Everything that packs and profiles say.

    Mappings are in a total order: rules, clauses and words by name, packs and views so that each stands behind those it needs.
    """

    packs: Mapping[str, Pack]  # required packs first
    rules: Mapping[str, Rule]
    pack_of: Mapping[str, str]  # rule id → name of its pack
    terms: Mapping[str, Term]
    views: Mapping[str, View]
    events: Mapping[str, Event]
    clauses: Mapping[str, Clause]
    clause_pack: Mapping[str, str]  # clause id → name of its pack
    profiles: Mapping[str, ProfileFile]
    obligations: Mapping[str, tuple[Obligation, ...]]  # pack → which products it asks of which project, in the order of its file
    productions: tuple[Stated, ...]  # by pack, file and place; their names are unique
    redefinitions: tuple[Redefinition, ...]
    positions: Mapping[tuple[str, str], tuple[Positions, tuple[str | int, ...]]]  # (kind, name) → file and path in it
    digest: str
    conditions: Mapping[str, Mapping[str, Condition]] = field(default_factory=dict)  # rule id → field → what it means
    selections: Mapping[str, Selection] = field(default_factory=dict)  # view → what it means
    digests: Mapping[str, str] = field(default_factory=dict)  # rule id → digest of what it says
    words_digest: str = ""  # of terms, views and events

    def location(self, kind: str, name: str, *path: str | int, offset: int = 0) -> Location:
        """Return where a field stands: `location("rule", "PM2-RSK-10", "where", offset=12)`.

        Args:
            kind: rule, term, view, event, clause, pack or profile.
            name: its id or name.
            path: keys and indexes inside it; a field that the file does not state gives the thing as a whole.
            offset: characters into the text at *path*.
        """
        positions, under = self.positions[kind, name]
        return positions.at(*under, *path, offset=offset)

    def key_location(self, kind: str, name: str, *path: str | int) -> Location:
        """Return where the last key of *path* stands, not its value; see `location`."""
        positions, under = self.positions[kind, name]
        return positions.at_key(*under, *path)

    @property
    def language(self) -> Language:
        """What conditions may name."""
        return Language(self.terms, self.views, self.events)

    def conditions_of(self, rule: Rule) -> Mapping[str, Condition]:
        """Return what the conditions of *rule* mean; see `rule_conditions`.

        They are read anew only where a profile changed something that they depend on.

        Args:
            rule: of this rulebook, as it is written or as a profile has it.

        Raises:
            ExceptionGroup: of RuleError, one for each field that is wrong.
        """
        known = self.conditions.get(rule.id)
        return rule_conditions(rule, self.language) if known is None or not self._is_as_understood(rule) else known

    def _is_as_understood(self, rule: Rule) -> bool:
        as_written = self.rules.get(rule.id)
        if as_written is None or any(getattr(rule, name) != getattr(as_written, name) for name in (*CONDITIONS, "about")):
            return False
        if {name: param.type for name, param in rule.params.items()} != {name: param.type for name, param in as_written.params.items()}:
            return False
        return not isinstance(rule.about, Each) or rule.params == as_written.params  # a param may hold what `each` names

    def columns(self, source: str) -> Collection[str] | None:
        """Return the columns of a table of the model or of a view; None when there is no such thing."""
        return _columns(source, self.views)

    def position_source(self, kind: str, name: str) -> Positions:
        """Return the positions of the whole file in which something stands."""
        return self.positions[kind, name][0]


def load_rulebook(folders: Iterable[Path | Traversable] = (), *, installed: bool = True, understood: Rulebook | None = None) -> Rulebook:
    """Return the rulebook of the installed packs and of the packs and profiles in *folders*.

    Args:
        folders: what `[rules] folders` names; later ones may redefine words of packs that they require.
        installed: whether the packs of installed distributions (entry points `auditor.rules`) belong.
        understood: another rulebook; conditions that it has too, in the same words, mean the same here and are not understood anew.

    Raises:
        ExceptionGroup: of RuleError, every mistake that was found.
        RuleError: a folder cannot be read.
    """
    found = find_packs(tuple(folders), installed=installed)
    loader = _Loader(understood)
    loader.read(found)
    loader.check()
    raise_all("the rulebook has mistakes", sorted(loader.errors, key=_place))
    return loader.rulebook()


def _place(error: AuditorError) -> tuple[str, int, int, str]:
    at = error.at or Location("")
    return at.file, at.line, at.column, error.message


class _Loader:
    """Collects what the files say, and what is wrong with it."""

    def __init__(self, understood: Rulebook | None = None) -> None:
        self.errors: list[AuditorError] = []
        self._understood = understood
        self.packs: dict[str, Pack] = {}
        self.rules: dict[str, Rule] = {}
        self.pack_of: dict[str, str] = {}
        self.terms: dict[str, Term] = {}
        self.views: dict[str, View] = {}
        self.events: dict[str, Event] = {}
        self.clauses: dict[str, Clause] = {}
        self.clause_pack: dict[str, str] = {}
        self.profiles: dict[str, ProfileFile] = {}
        self.obligations: dict[str, tuple[Obligation, ...]] = {}
        self.productions: list[Stated] = []
        self.tables: dict[str, str] = {}  # decision table → its file
        self.redefinitions: list[Redefinition] = []
        self.conditions: dict[str, Mapping[str, Condition]] = {}
        self.selections: dict[str, Selection] = {}
        self.positions: dict[tuple[str, str], tuple[Positions, tuple[str | int, ...]]] = {}
        self._word_pack: dict[tuple[str, str], str] = {}
        self._unread: set[tuple[str, str]] = set()  # things whose file has mistakes: not missing, only unread
        self._broken_lists: set[str] = set()  # pack files with mistakes: what they would name is not missing

    # Reading

    def read(self, found: Found) -> None:
        """Read every file of *found*."""
        folders: dict[str, PackFolder] = {}
        for folder in found.packs:
            source = self._load(folder.files["pack.yaml"])
            pack = source and read_model(Pack, source, self.errors)
            if not source or not pack:
                self._broken_lists.add("pack.yaml")
                continue
            if pack.name in folders:
                first = self.location("pack", pack.name)
                self._wrong(f"the pack {pack.name!r} exists twice", source.positions.at("name"), f"the other is {first.file}")
                continue
            folders[pack.name] = folder
            self.packs[pack.name] = pack
            self.positions["pack", pack.name] = (source.positions, ())
        self.packs = self._ordered(self.packs)
        for name in self.packs:
            self._read_pack(name, folders[name])
        for file in found.profiles:
            self._read_profile(file)

    def _load(self, file: File) -> Source | None:
        try:
            return load_yaml(file.path, file.name)
        except AuditorError as error:
            self.errors.append(error)
            return None

    def _ordered(self, packs: dict[str, Pack]) -> dict[str, Pack]:
        """Return *packs* so that each stands behind those it requires."""
        done: dict[str, Pack] = {}
        waiting = dict(packs)
        while waiting:
            ready = [name for name, pack in waiting.items() if not (set(pack.requires) & set(waiting))]
            if not ready:
                cycle = ", ".join(sorted(waiting))
                self._wrong(f"packs require each other: {cycle}", self.location("pack", min(waiting), "requires"))
                ready = sorted(waiting)
            for name in ready:
                done[name] = waiting.pop(name)
        for name, pack in done.items():
            for number, required in enumerate(pack.requires):
                if required not in packs and "pack.yaml" not in self._broken_lists:
                    self._unknown("pack", required, packs, self.location("pack", name, "requires", number))
        return done

    def _read_pack(self, name: str, folder: PackFolder) -> None:
        for stray in folder.strays:
            hint = did_you_mean(stray.path.name, PACK_FILES) or "rules end in .yaml and lie in a folder named for their area"
            if "/reasoning/" in stray.name:
                hint = "productions are .yaml files; decision tables are .yaml, .csv or .xlsx"
            self._wrong("nothing reads this file", Location(stray.name), hint)
        self._read_words(name, "vocabulary.yaml", folder, VocabularyFile, "terms", "term", self.terms)
        self._read_views(name, folder)
        self._read_words(name, "events.yaml", folder, EventsFile, "events", "event", self.events)
        self._read_clauses(name, folder)
        self._read_obligations(name, folder)
        for file in folder.reasoning:
            self._read_productions(name, file)
        for area, file in folder.rules:
            self._read_rule(name, area, file)
        for file in folder.profiles:
            self._read_profile(file)

    def _items(self, folder: PackFolder, file_name: str, model: type[_Model]) -> tuple[_Model | None, Positions]:
        file = folder.files.get(file_name)
        if file is None:
            return None, Positions(folder.name)
        source = self._load(file)
        read = source and read_model(model, source, self.errors)
        if source and not read and (names := _names_in(source.data)):
            self._unread |= {(file_name, name) for name in names}
        elif not read:
            self._broken_lists.add(file_name)
        return read or None, source.positions if source else Positions(file.name)

    def _read_words(
        self, pack: str, file_name: str, folder: PackFolder, model: type[BaseModel], field: str, kind: str, words: dict[str, Any]
    ) -> None:
        read, positions = self._items(folder, file_name, model)
        for number, word in enumerate(getattr(read, field) if read else ()):
            at = positions.at(field, number, "name")
            before = self._word_pack.get((kind, word.name))
            self._check_name(word.name, at)
            if before is not None and not self._may_redefine(pack, before):
                where = self.location(kind, word.name)
                hint = f"first in {where.file}:{where.line}"
                if before != pack:
                    hint += f"; a pack that requires {before} may redefine it"
                self._wrong(f"the {kind} {word.name!r} is defined twice", at, hint)
                continue
            if before is not None:
                self.redefinitions.append(Redefinition(kind, word.name, pack, before))
            self._word_pack[kind, word.name] = pack
            words[word.name] = word
            self.positions[kind, word.name] = (positions, (field, number))

    def _may_redefine(self, pack: str, other: str) -> bool:
        seen: set[str] = set()
        waiting = [pack]
        while waiting:
            name = waiting.pop()
            if name not in seen and name in self.packs:
                seen.add(name)
                waiting.extend(self.packs[name].requires)
        return other in seen - {pack}

    def _read_views(self, pack: str, folder: PackFolder) -> None:
        read, positions = self._items(folder, "views.yaml", ViewsFile)
        for number, view in enumerate(read.views if read else ()):
            at = positions.at("views", number, "name")
            self._check_name(view.name, at)
            if view.name in self.views:
                where = self.location("view", view.name)
                self._wrong(f"the view {view.name!r} is defined twice", at, f"first in {where.file}:{where.line}")
                continue
            if _is_table(view.name):
                self._wrong(f"{view.name!r} is a table of the model", at, "give the view another name")
            self._word_pack["view", view.name] = pack
            self.views[view.name] = view
            self.positions["view", view.name] = (positions, ("views", number))

    def _read_clauses(self, pack: str, folder: PackFolder) -> None:
        read, positions = self._items(folder, "clauses.yaml", ClausesFile)
        for number, clause in enumerate(read.clauses if read else ()):
            if clause.id in self.clauses:
                where = self.location("clause", clause.id)
                self._wrong(f"the clause {clause.id!r} occurs twice", positions.at("clauses", number, "id"), f"first in line {where.line}")
                continue
            self.clauses[clause.id] = clause
            self.clause_pack[clause.id] = pack
            self.positions["clause", clause.id] = (positions, ("clauses", number))

    def _read_obligations(self, pack: str, folder: PackFolder) -> None:
        read, positions = self._items(folder, "obligations.yaml", ObligationsFile)
        stated: dict[str, list[int]] = {}  # kind → its statements
        for number, item in enumerate(read.obligations if read else ()):
            at = positions.at("obligations", number, "kind")
            self._check_name(item.kind, at)
            for other in stated.get(item.kind, ()):
                before = read.obligations[other].when if read else {}
                if all(item.when.get(name) == value for name, value in before.items()):
                    line = positions.at("obligations", other).line
                    self._wrong(f"this never holds: line {line} says it of {item.kind!r} first", at, "of several statements the first wins")
                    break
            stated.setdefault(item.kind, []).append(number)
        if read:
            self.obligations[pack] = tuple(read.obligations)

    def _read_productions(self, pack: str, file: File) -> None:
        if not file.name.endswith(".yaml"):
            self._read_table(pack, file.name, self._sheet(file))
            return
        source = self._load(file)
        if source and is_table(source.data):
            self._read_table(pack, file.name, table_of_yaml(source, self.errors))
            return
        read = source and read_model(ReasoningFile, source, self.errors)
        if not source or not read:
            self._broken_lists.add("reasoning")
            return
        self._state(pack, read.step, read.productions, source.positions)

    def _sheet(self, file: File) -> tuple[DecisionTable, Places] | None:
        try:
            return load_table(file.path, file.name, self.errors)
        except AuditorError as error:
            self.errors.append(error)
            return None

    def _read_table(self, pack: str, name: str, read: tuple[DecisionTable, Places] | None) -> None:
        compiled = read and read_table(*read, self.errors)
        if not read or not compiled:
            self._broken_lists.add("reasoning")
            return
        table, places = read
        first = self.tables.get(table.table)
        if first is not None:
            self._wrong(f"the table {table.table!r} exists twice", places.at_head("table"), f"the other is {first}")
            return
        self.tables[table.table] = name
        self._state(pack, "tailoring", compiled.productions, compiled.positions)

    def _state(self, pack: str, step: Step, productions: Iterable[Production], positions: Positions) -> None:
        for number, production in enumerate(productions):
            if ("production", production.name) in self.positions:
                where = self.location("production", production.name)
                at = positions.at("productions", number, "name")
                self._wrong(f"the production {production.name!r} is stated twice", at, f"first in {where.file}:{where.line}")
                continue
            self.productions.append(Stated(pack, step, production))
            self.positions["production", production.name] = (positions, ("productions", number))

    def _read_rule(self, pack: str, area: str, file: File) -> None:
        source = self._load(file)
        rule = source and read_model(Rule, source, self.errors)
        if not source or not rule:
            self._unread.add(("rule", file.stem))
            return
        at = source.positions.at("id")
        if not RULE_ID.fullmatch(rule.id):
            self._wrong(f"{rule.id!r} is no rule id", at, "for example PM2-RSK-10, or PM2-RSK-10b for a second rule of the clause")
        if rule.id != file.stem:
            self._wrong(f"the id {rule.id!r} is not the file's name", at, f"the file is called {file.path.name}")
        if rule.area != area:
            self._wrong(f"the area {rule.area!r} is not the folder's name", source.positions.at("area"), f"the folder is called {area}")
        if rule.id in self.rules:
            first = self.location("rule", rule.id)
            self._wrong(f"the id {rule.id!r} is used twice; ids are never reused", at, f"first in {first.file}")
            return
        self.rules[rule.id] = rule
        self.pack_of[rule.id] = pack
        self.positions["rule", rule.id] = (source.positions, ())

    def _read_profile(self, file: File) -> None:
        source = self._load(file)
        profile = source and read_model(ProfileFile, source, self.errors)
        if not source or not profile:
            self._unread.add(("profile", file.stem))
            return
        at = source.positions.at("name")
        if profile.name != file.stem:
            self._wrong(f"the name {profile.name!r} is not the file's name", at, f"the file is called {file.path.name}")
        if profile.name in self.profiles:
            first = self.location("profile", profile.name)
            self._wrong(f"the profile {profile.name!r} exists twice", at, f"first in {first.file}")
            return
        self.profiles[profile.name] = profile
        self.positions["profile", profile.name] = (source.positions, ())

    # Checking

    def check(self) -> None:
        """Check what only shows when everything is read."""
        self._check_ids()
        for clause in self.clauses.values():
            for number, answer in enumerate(clause.rule_ids):
                if answer not in self.rules and ("rule", answer) not in self._unread:
                    self._unknown("rule", answer, self.rules, self.location("clause", clause.id, "rules", number))
        for view in self.views.values():
            self._check_view(view)
        for term in self.terms.values():
            self._check_term(term)
        for event in self.events.values():
            self._check_tables("event", event.name, "known_when", event.known_when)
        sound = []
        for rule in self.rules.values():
            wrong = list(_RuleCheck(self, rule).errors())
            self.errors.extend(wrong)
            sound += [] if wrong else [rule]
        self._check_meaning(sound)
        for profile in self.profiles.values():
            self._check_extends(profile)
        if "reasoning" not in self._broken_lists:
            self._check_productions()

    def _check_productions(self) -> None:
        """Check what productions read and name, pack by pack: one reads what its own pack and those that it requires derive."""
        for stated in self.productions:
            seen = [item.production for item in self.productions if item.step == stated.step and self._reads(stated.pack, item.pack)]
            derived = derived_kinds(seen, stated.step)
            for path, message, hint in mistakes(stated.production, stated.step, derived, self.rules):
                self._wrong(message, self.location("production", stated.production.name, *path), hint or None)

    def _reads(self, pack: str, other: str) -> bool:
        return pack == other or self._may_redefine(pack, other)

    def _check_meaning(self, rules: Iterable[Rule]) -> None:
        """Check what views, events and conditions say; not while words that they may use could not be read."""
        if self._broken_lists or self._unread & {(name, word) for name, word in self._unread if name != "rule"}:
            return
        language = Language(dict(sorted(self.terms.items())), self.views, dict(sorted(self.events.items())))
        known = self._understood if self._understood is not None and self._has_words_of(self._understood) else None
        for view in self.views.values():
            if known is not None and view.name in known.selections:
                self.selections[view.name] = known.selections[view.name]
                continue
            with self._collecting():
                self.selections[view.name] = analyse_view(view, language, at=self._places("view", view.name, "select"))
        context = Context(language)
        for event in self.events.values():
            if known is not None and event.name in known.events:
                continue
            with self._collecting():
                analyse(event.expression, context, wants=(Kind.DAY,), at=self._places("event", event.name, "expression"))
        for rule in rules:
            if known is not None and rule == known.rules.get(rule.id) and rule.id in known.conditions:
                self.conditions[rule.id] = known.conditions[rule.id]
                continue
            with self._collecting():
                self.conditions[rule.id] = MappingProxyType(rule_conditions(rule, language, partial(self._place_in_rule, rule.id)))
        pool = Pool()
        self.selections = {name: selection.pooled(pool) for name, selection in self.selections.items()}
        self.conditions = {id_: _pooled(conditions, pool) for id_, conditions in self.conditions.items()}

    def _has_words_of(self, other: Rulebook) -> bool:
        """Return whether every word of *other* says the same here: then its conditions mean the same, whatever words there are besides."""
        pairs: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = (
            (other.terms, self.terms),
            (other.views, self.views),
            (other.events, self.events),
        )
        return all(name in own and own[name] == word for theirs, own in pairs for name, word in theirs.items())

    @contextmanager
    def _collecting(self) -> Iterator[None]:
        """Keep what is found to be wrong."""
        try:
            yield
        except RuleError as error:
            self.errors.append(error)
        except ExceptionGroup as group:
            self.errors.extend(error for error in group.exceptions if isinstance(error, AuditorError))

    def _places(self, kind: str, name: str, field: str) -> Callable[[int], Location]:
        return lambda offset: self.location(kind, name, field, offset=offset)

    def _place_in_rule(self, rule: str, field: str, offset: int) -> Location:
        return self.location("rule", rule, field, offset=offset)

    def _check_ids(self) -> None:
        owners: dict[str, str] = {id_: id_ for id_ in self.rules}
        for rule in self.rules.values():
            for number, alias in enumerate(rule.aliases):
                if alias in owners:
                    at = self.location("rule", rule.id, "aliases", number)
                    self._wrong(f"the id {alias!r} is used twice; ids are never reused", at, f"it belongs to {owners[alias]}")
                owners.setdefault(alias, rule.id)

    def _check_view(self, view: View) -> None:
        self._check_tables("view", view.name, "known_when", view.known_when)
        for column in view.columns:
            if not NAME.fullmatch(column):
                self._wrong(f"{column[:60]!r} is no name of a column", self.location("view", view.name, "columns", column))
        for number, case in enumerate(view.cases):
            given = case.get("given", {})
            if not isinstance(given, dict):
                self._wrong("given is a mapping of tables", self.location("view", view.name, "cases", number, "given"))
                continue
            at = ("cases", number, "given")
            self.errors.extend(self._rows("view", view.name, at, given, ()))

    def _check_term(self, term: Term) -> None:
        for parameter in term.parameters:
            self._check_name(parameter, self.location("term", term.name, "parameters", parameter))
        if term.expression is None and self._word_pack.get(("term", term.name)) != "core":
            at = self.location("term", term.name)
            self._wrong("a term has an expression", at, "only words of the pack core are built into the compiler")
        for number, case in enumerate(term.cases):
            if isinstance(tables := case.get("tables"), dict):
                self.errors.extend(self._rows("term", term.name, ("cases", number, "tables"), tables, ()))

    def _check_tables(self, kind: str, name: str, field: str, tables: list[str]) -> None:
        for number, table in enumerate(tables):
            if not self.is_source(table):
                self._unknown("table or view", table, self.sources(), self.location(kind, name, field, number))
            elif table.endswith("_history"):
                hint = f"name {table.removesuffix('_history')!r}; how far back it is known is looked at where it is read"
                self._wrong(f"{table!r} is never complete: histories begin somewhere", self.location(kind, name, field, number), hint)

    def _check_extends(self, profile: ProfileFile) -> None:
        for number, base in enumerate(profile.extends):
            if base not in self.packs and base not in self.profiles and ("profile", base) not in self._unread:
                known = [*self.packs, *self.profiles]
                self._unknown("pack or profile", base, known, self.location("profile", profile.name, "extends", number))
        if not profile.extends:
            self._wrong("a profile extends at least one pack or profile", self.location("profile", profile.name, "extends"))
        methodologies = TABLES["project"].by_name["methodology"].type.codes
        if profile.methodology is not None and profile.methodology not in methodologies:
            at = self.location("profile", profile.name, "methodology")
            self._wrong(
                f"unknown methodology {profile.methodology[:60]!r}",
                at,
                did_you_mean(profile.methodology, methodologies) or f"one of: {', '.join(methodologies)}",
            )

    def _check_name(self, name: str, at: Location) -> None:
        if not NAME.fullmatch(name):
            self._wrong(f"{name[:60]!r} is no name", at, "small letters, digits and underscores, beginning with a letter")

    def _rows(
        self, kind: str, name: str, path: tuple[str | int, ...], given: Mapping[Any, Any], views: Collection[str]
    ) -> Iterator[RuleError]:
        """Yield what is wrong with the rows that a case gives."""
        for table, rows in given.items():
            at = self.key_location(kind, name, *path, table)
            columns = self.columns(table) if table in views else _case_columns(table)
            if columns is None:
                yield RuleError(f"unknown table {table[:60]!r}", at=at, hint=did_you_mean(table, [*TABLES]))
                continue
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                yield RuleError(f"the rows of {table} are a list of mappings", at=at)
                continue
            for number, row in enumerate(rows):
                for column, value in row.items():
                    here = self.location(kind, name, *path, table, number, column)
                    if column not in columns:
                        hint = did_you_mean(column, columns) or f"known are: {', '.join(sorted(columns))}"
                        key = self.key_location(kind, name, *path, table, number, column)
                        yield RuleError(f"the table {table} has no column {column[:60]!r}", at=key, hint=hint)
                    elif (problem := _cell_problem(table, column, value)) is not None:
                        yield RuleError(problem, at=here)

    # Names

    def location(self, kind: str, name: str, *path: str | int, offset: int = 0) -> Location:
        """Return where something stands."""
        positions, under = self.positions[kind, name]
        return positions.at(*under, *path, offset=offset)

    def key_location(self, kind: str, name: str, *path: str | int) -> Location:
        """Return where the last key of *path* stands."""
        positions, under = self.positions[kind, name]
        return positions.at_key(*under, *path)

    def is_source(self, name: str) -> bool:
        """Return whether *name* is a table of the model, one of its histories, or a view."""
        is_unread = ("views.yaml", name) in self._unread or "views.yaml" in self._broken_lists
        return name in self.views or _is_table(name) or is_unread

    def sources(self) -> list[str]:
        """Return the names of tables and views."""
        return [*TABLES, *self.views]

    def columns(self, source: str) -> Collection[str] | None:
        """Return the columns of a table or view; None when there is no such thing."""
        return _columns(source, self.views)

    def knows_clause(self, clause: str) -> bool:
        """Return whether *clause* exists, or may stand in a file that could not be read."""
        return clause in self.clauses or ("clauses.yaml", clause) in self._unread or "clauses.yaml" in self._broken_lists

    def editions(self, standard: str) -> list[str] | None:
        """Return the editions of *standard*; None when no pack is about it."""
        found = [pack for pack in self.packs.values() if pack.standard == standard]
        return [edition for pack in found for edition in pack.editions] if found else None

    def _wrong(self, message: str, at: Location, hint: str | None = None) -> None:
        self.errors.append(RuleError(message, at=at, hint=hint))

    def _unknown(self, kind: str, name: str, known: Collection[str], at: Location) -> None:
        self._wrong(f"unknown {kind} {name[:80]!r}", at, did_you_mean(name, known))

    # Result

    def rulebook(self) -> Rulebook:
        """Return what was read, frozen."""
        rules = dict(sorted(self.rules.items()))
        digests = {id_: digest(rule) for id_, rule in rules.items()}
        words = digest([self.terms, list(self.views.values()), self.events])
        contents = {
            "packs": self.packs,
            "rules": digests,
            "words": words,
            "clauses": self.clauses,
            "profiles": self.profiles,
            "obligations": self.obligations,
            "productions": [(item.pack, item.step, item.production) for item in self.productions],
        }
        return Rulebook(
            packs=MappingProxyType(self.packs),
            rules=MappingProxyType(rules),
            pack_of=MappingProxyType(dict(sorted(self.pack_of.items()))),
            terms=MappingProxyType(dict(sorted(self.terms.items()))),
            views=MappingProxyType(self.views),
            events=MappingProxyType(dict(sorted(self.events.items()))),
            clauses=MappingProxyType(dict(sorted(self.clauses.items()))),
            clause_pack=MappingProxyType(dict(sorted(self.clause_pack.items()))),
            profiles=MappingProxyType(dict(sorted(self.profiles.items()))),
            obligations=MappingProxyType(dict(sorted(self.obligations.items()))),
            productions=tuple(self.productions),
            redefinitions=tuple(self.redefinitions),
            positions=MappingProxyType(self.positions),
            digest=digest(contents),
            conditions=MappingProxyType(self.conditions),
            selections=MappingProxyType(self.selections),
            digests=MappingProxyType(digests),
            words_digest=words,
        )


def _pooled(conditions: Mapping[str, Condition], pool: Pool) -> Mapping[str, Condition]:
    return MappingProxyType({name: replace(condition, node=pool.of(condition.node)) for name, condition in conditions.items()})


class _RuleCheck:
    """What is wrong with one rule, seen with everything else."""

    def __init__(self, loader: _Loader, rule: Rule) -> None:
        self._loader = loader
        self._rule = rule

    def errors(self) -> Iterator[RuleError]:
        """Yield every mistake."""
        yield from self._references()
        yield from self._population()
        yield from self._condition()
        yield from self._params()
        yield from self._sentences()
        for number, case in enumerate(self._rule.cases):
            yield from self._case(number, case)

    def _at(self, *path: str | int, offset: int = 0) -> Location:
        return self._loader.location("rule", self._rule.id, *path, offset=offset)

    def _references(self) -> Iterator[RuleError]:
        rule, loader = self._rule, self._loader
        if not rule.answers:
            yield RuleError("a rule answers at least one clause", at=self._at("answers"))
        for number, clause in enumerate(rule.answers):
            if not loader.knows_clause(clause):
                yield RuleError(
                    f"unknown clause {clause[:60]!r}",
                    at=self._at("answers", number),
                    hint=did_you_mean(clause, loader.clauses) or "clauses.yaml of the pack names every clause",
                )
        for number, citation in enumerate(rule.cites):
            known = loader.editions(citation.standard)
            for place, edition in enumerate(citation.editions):
                if known is not None and edition not in known:
                    yield RuleError(
                        f"{citation.standard} has no edition {edition[:40]!r}",
                        at=self._at("cites", number, "editions", place),
                        hint=f"pack.yaml names: {', '.join(known)}",
                    )
        gates = TABLES["gate"].by_name["gate"].type.codes
        if rule.gate is not None and rule.gate not in gates:
            yield RuleError(f"unknown gate {rule.gate[:60]!r}", at=self._at("gate"), hint=did_you_mean(rule.gate, gates))
        for number, source in enumerate(rule.reads):
            if not loader.is_source(source):
                yield RuleError(
                    f"unknown table or view {source[:60]!r}", at=self._at("reads", number), hint=did_you_mean(source, loader.sources())
                )

    def _population(self) -> Iterator[RuleError]:
        about = self._rule.about
        if isinstance(about, str):
            if not self._loader.is_source(about):
                yield RuleError(
                    f"unknown table or view {about[:60]!r}", at=self._at("about"), hint=did_you_mean(about, self._loader.sources())
                )
            return
        if not NAME.fullmatch(about.as_):
            yield RuleError(f"{about.as_[:60]!r} is no name", at=self._at("about", "as"))
        if isinstance(about.each, str):
            param = self._rule.params.get(about.each.removeprefix("$"))
            if not about.each.startswith("$") or param is None:
                yield RuleError(
                    f"{about.each[:60]!r} is no parameter of the rule",
                    at=self._at("about", "each"),
                    hint="each: is a list, or $name of a parameter that is one",
                )
            elif param.type != "list":
                yield RuleError(f"the parameter {about.each[:60]!r} is no list", at=self._at("about", "each"))

    def _condition(self) -> Iterator[RuleError]:
        rule = self._rule
        if rule.require is None and rule.decides is not Decides.NOTHING:
            yield RuleError(
                "the field 'require' is missing", at=self._at(), hint="or the rule says 'decides: nothing' and a person answers"
            )
        if not isinstance(rule.allow_share, str) and not 0 <= rule.allow_share <= 1:
            yield RuleError("allow_share is a share from 0 to 1, or an expression", at=self._at("allow_share"))
        for place in CONDITIONS:
            text = getattr(rule, place)
            for name, offset in named_params(text) if isinstance(text, str) else ():
                if name not in rule.params:
                    yield RuleError(
                        f"unknown parameter '${name[:60]}'",
                        at=self._at(place, offset=offset),
                        hint=did_you_mean(name, rule.params) or "declare it under params",
                    )

    def _params(self) -> Iterator[RuleError]:
        for name, param in self._rule.params.items():
            if not NAME.fullmatch(name):
                yield RuleError(f"{name[:60]!r} is no name", at=self._at("params", name))
            if (param.type == "one_of") != (param.one_of is not None):
                yield RuleError("one_of lists the values of a parameter of type one_of", at=self._at("params", name))
                continue
            values: list[tuple[Any, tuple[str, ...]]] = [(param.default, ("default",))]
            values += [(value, ("default_by_edition", edition)) for edition, value in param.default_by_edition.items()]
            for value, path in values:
                try:
                    param_value(param, value)
                except ValueError as error:
                    yield RuleError(str(error), at=self._at("params", name, *path))
            known = {edition for citation in self._rule.cites for edition in self._loader.editions(citation.standard) or ()}
            for edition in param.default_by_edition:
                if known and edition not in known:
                    yield RuleError(
                        f"no cited standard has an edition {edition[:40]!r}",
                        at=self._at("params", name, "default_by_edition", edition),
                        hint=f"known are: {', '.join(sorted(known))}",
                    )

    def _sentences(self) -> Iterator[RuleError]:
        about = self._rule.about
        columns = self._loader.columns(about) if isinstance(about, str) else ()
        if columns is None:
            return  # the population itself is unknown, and said so
        known = sentence_names(self._rule, columns)
        for name in _TEXTS_WITH_PLACEHOLDERS:
            yield from self._sentence(name, getattr(self._rule, name), known)

    def _sentence(self, field: str, text: str, known: Collection[str]) -> Iterator[RuleError]:
        try:
            for placeholder in placeholders(text):
                if placeholder.name not in known:
                    yield RuleError(
                        f"unknown value {{{placeholder.name[:60]}}} in {field!r}",
                        at=self._at(field, offset=placeholder.offset),
                        hint=did_you_mean(placeholder.name, known) or "a column of the subject or a parameter",
                    )
        except TemplateError as error:
            yield RuleError(str(error), at=self._at(field, offset=error.offset))

    def _case(self, number: int, case: Case) -> Iterator[RuleError]:
        loader, rule = self._loader, self._rule
        here = ("cases", number)
        if any(other.name == case.name for other in rule.cases[:number]):
            yield RuleError(f"two cases are called {case.name[:60]!r}", at=self._at(*here, "name"))
        yield from loader._rows("rule", rule.id, (*here, "given"), case.given, ())  # noqa: SLF001  (one reader of rows)
        for place, table in enumerate(case.incomplete):
            if table not in case.given and not loader.is_source(table):
                yield RuleError(f"unknown table {table[:60]!r}", at=self._at(*here, "incomplete", place), hint=did_you_mean(table, TABLES))
        for table, names in case.unknown.items():
            columns = _case_columns(table)
            if columns is None:
                yield RuleError(f"unknown table {table[:60]!r}", at=self._at(*here, "unknown", table), hint=did_you_mean(table, TABLES))
                continue
            for place, name in enumerate(names):
                if name not in columns:
                    yield RuleError(
                        f"the table {table} has no column {name[:60]!r}",
                        at=self._at(*here, "unknown", table, place),
                        hint=did_you_mean(name, columns),
                    )
        yield from self._case_params(here, case)
        yield from self._expectation(here, case)

    def _case_params(self, here: tuple[str | int, ...], case: Case) -> Iterator[RuleError]:
        for name, value in case.params.items():
            param = self._rule.params.get(name)
            if param is None:
                yield RuleError(
                    f"the rule has no parameter {name[:60]!r}",
                    at=self._at(*here, "params", name),
                    hint=did_you_mean(name, self._rule.params),
                )
                continue
            try:
                param_value(param, value)
            except ValueError as error:
                yield RuleError(str(error), at=self._at(*here, "params", name))

    def _expectation(self, here: tuple[str | int, ...], case: Case) -> Iterator[RuleError]:
        expect = case.expect
        allowed = {"not_assessed": get_args(NotAssessed), "not_applicable": get_args(NotApplicable)}.get(expect.verdict, ())
        if expect.reason is not None and expect.reason not in allowed:
            hint = f"one of: {', '.join(allowed)}" if allowed else "only not_assessed and not_applicable have one"
            yield RuleError(f"{expect.reason!r} is no reason for {expect.verdict}", at=self._at(*here, "expect", "reason"), hint=hint)


def named_params(expression: str) -> Iterator[tuple[str, int]]:
    """Yield the name of each `$param` of *expression*, not those inside quoted texts, and the offset of its dollar."""
    plain = _LITERAL.sub(lambda literal: " " * len(literal.group()), expression)
    for found in _PARAM.finditer(plain):
        yield found[1], found.start()


def sentence_names(rule: Rule, columns: Collection[str]) -> set[str]:
    """Return the names that the sentences of *rule* may use: columns of its subject, its list element, its parameters.

    Args:
        rule: the rule.
        columns: those of the table or view that it is about; none for a list.
    """
    names = {*rule.params, *columns}
    if isinstance(rule.about, Each):
        names |= {rule.about.as_, "id"}
    return names


def _names_in(data: Any) -> set[str]:
    """Return what a list of clauses or words with mistakes in it means to define."""
    lists = [value for value in data.values() if isinstance(value, list)] if isinstance(data, dict) else []
    items = [item for items in lists for item in items if isinstance(item, dict)]
    return {name for item in items for name in (item.get("id"), item.get("name")) if isinstance(name, str)}


def _is_table(name: str) -> bool:
    return _table(name) is not None


def _table(name: str) -> Table | None:
    """Return the table that *name* means, itself, as its history, or as all of its copies."""
    if name in TABLES:
        return TABLES[name]
    if name.endswith(_HISTORY):
        table = TABLES.get(name.removesuffix(_HISTORY))
        return table if table is not None and table.has_history else None
    if name.startswith("all_"):
        return TABLES.get(name.removeprefix("all_"))
    return None


def _columns(source: str, views: Mapping[str, View]) -> Collection[str] | None:
    view = views.get(source)
    if view is not None:
        return {*view.columns, *COMMON}
    table = _table(source)
    return None if table is None else {*table.by_name} - {UNKNOWN} | _interval(source)


def _interval(name: str) -> set[str]:
    return {"valid_from", "valid_to"} if name.endswith(_HISTORY) and name not in TABLES else set()


def _case_columns(name: str) -> Collection[str] | None:
    table = None if name.startswith("all_") else _table(name)
    return None if table is None else {*table.by_name} - {UNKNOWN} | _interval(name)


_WORDS = {
    Kind.TEXT: "a text",
    Kind.CODE: "a text",
    Kind.REFERENCE: "the id of a row, as text",
    Kind.PERSON: "the id of a person, as text",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.DAY: "a day (YYYY-MM-DD)",
    Kind.INSTANT: "a time (YYYY-MM-DD HH:MM)",
}


def _cell_problem(table: str, column: str, value: Any) -> str | None:
    """Return what is wrong with one value of a case's row; None when it fits."""
    declared = _table(table)
    if value is None or declared is None:
        return None
    type_ = declared.by_name[column].type if column in declared.by_name else None  # None: the interval of a history
    kind, codes = (type_.kind, type_.codes) if type_ else (Kind.INSTANT, ())
    if not _fits(kind, value):
        shown = f"{value!r}" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
        return f"{shown[:60]} is not {_WORDS[kind]}, as {table}.{column} wants it"
    if codes and value not in codes:
        meant = did_you_mean(value, codes)
        return f"{value[:60]!r} is no value of {table}.{column}; " + (meant or f"one of: {', '.join(codes)}")
    return None


def _fits(kind: Kind, value: Any) -> bool:
    match kind:
        case Kind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.DECIMAL:
            return not isinstance(value, (bool, str, list, dict))
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.DAY | Kind.INSTANT:
            return isinstance(value, str) and _is_time(kind, value)
        case _:
            return isinstance(value, str)


def _is_time(kind: Kind, value: str) -> bool:
    try:
        if kind is Kind.DAY:
            return len(value) == len("2026-06-30") and bool(date.fromisoformat(value))
        return bool(datetime.fromisoformat(value))
    except ValueError:
        return False
