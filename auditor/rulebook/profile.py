"""Profiles: what an organisation audits by, resolved so that every field of every rule knows who set it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from auditor.errors import AuditorError, Location, RuleError, did_you_mean, raise_all
from auditor.model.schema import TABLES
from auditor.rulebook.digest import canonical, digest
from auditor.rulebook.load import Rulebook, named_params, sentence_names
from auditor.rulebook.pack import Add, Change, Drop, ProfileFile, ScoringChange, Select
from auditor.rulebook.params import param_value
from auditor.rulebook.rule import Rule, Severity
from auditor.rulebook.sentence import TemplateError, placeholders

BUILT_IN = "auditor"
"""Who sets what no profile sets."""

_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of one field and who set it."""

    value: Any
    set_by: str  # a pack ('pm2'), a line of a profile ('acme.yaml:12'), or 'auditor'
    because: str = ""
    before: "Setting | None" = None  # what it was, and who had set that

    def describe(self, field: str) -> str:
        """Return for people: `severity: minor, set by acme.yaml:12, was major in pm2`."""
        text = f"{field}: {canonical(self.value)}, set by {self.set_by}"
        return text if self.before is None else f"{text}, was {canonical(self.before.value)} in {self.before.set_by}"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A rule that the profile leaves out."""

    by: str  # a line of a profile
    because: str
    is_choice: bool = False  # not selected, or of another edition: a base that asks the rule brings it back


@dataclass(frozen=True, slots=True)
class ProfileScoring:
    """How the profile counts, exact."""

    weights: Mapping[str, int]  # by severity
    green_from: Fraction  # a score from here on is green
    amber_from: Fraction  # from here on amber, below red
    min_coverage: Fraction  # below it grey
    settings: Mapping[str, Setting]  # 'weights.major', 'green_from', 'min_coverage', … → who set it


@dataclass(frozen=True)
class Profile:
    """The rules that an audit asks, as the profile has them. Rules are in the order of their ids."""

    name: str
    title: str
    rulebook: Rulebook
    rules: Mapping[str, Rule]  # with every change; `rule.params[p].default` is the profile's value
    settings: Mapping[str, Mapping[str, Setting]]  # rule → field ('severity', 'params.high_score', …) → who set it
    dropped: Mapping[str, Dropped]
    scoring: ProfileScoring
    lineage: tuple[str, ...]  # packs and profiles that it stands on, first the furthest
    digest: str

    def setting(self, rule: str, field: str) -> Setting:
        """Return who set *field* of *rule*; parameters are fields called `params.<name>`."""
        return self.settings[rule][field]


@dataclass(frozen=True, slots=True)
class _Held:
    """One rule on its way through the profiles."""

    rule: Rule
    settings: Mapping[str, Setting]


@dataclass(frozen=True)
class _State:
    """What a pack or profile hands to those that extend it."""

    rules: Mapping[str, _Held]
    dropped: Mapping[str, Dropped]
    restored: Mapping[str, frozenset[Dropped]]  # rule → the times that it was left out before it was taken in again
    scoring: ProfileScoring
    lineage: tuple[str, ...]


_DEFAULT_WEIGHTS = {Severity.CRITICAL: 10, Severity.MAJOR: 5, Severity.MINOR: 2, Severity.OBSERVATION: 0}
_DEFAULT_GREEN, _DEFAULT_AMBER = Fraction(9, 10), Fraction(7, 10)
_DEFAULT_COVERAGE = Fraction(6, 10)


def _default_scoring() -> ProfileScoring:
    weights = {str(severity): weight for severity, weight in _DEFAULT_WEIGHTS.items()}
    settings = {f"weights.{severity}": Setting(weight, BUILT_IN) for severity, weight in weights.items()}
    settings["green_from"] = Setting(_DEFAULT_GREEN, BUILT_IN)
    settings["amber_from"] = Setting(_DEFAULT_AMBER, BUILT_IN)
    settings["min_coverage"] = Setting(_DEFAULT_COVERAGE, BUILT_IN)
    return ProfileScoring(weights, _DEFAULT_GREEN, _DEFAULT_AMBER, _DEFAULT_COVERAGE, settings)


def resolve_profile(rulebook: Rulebook, name: str) -> Profile:
    """Return the profile *name*, or all rules of the pack *name* when no profile is called so.

    Raises:
        ExceptionGroup: of RuleError: unknown rules, fields or parameters, values of a wrong type, empty selections, cycles.
        RuleError: there is neither a profile nor a pack of that name.
    """
    if name not in rulebook.profiles and name not in rulebook.packs:
        known = sorted({*rulebook.profiles, *rulebook.packs})
        hint = did_you_mean(name, known) or f"known are: {', '.join(known)}"
        raise RuleError(f"there is no profile and no pack called {name[:80]!r}", hint=hint)
    resolver = _Resolver(rulebook)
    state = resolver.state(name)
    if not state.rules and not resolver.errors:
        kind = "profile" if name in rulebook.profiles else "pack"
        resolver.errors.append(RuleError(f"the {kind} {name!r} has no rules", at=rulebook.location(kind, name)))
    raise_all(f"the profile {name} has mistakes", resolver.errors)
    rules = {id_: held.rule for id_, held in sorted(state.rules.items())}
    settings = {id_: MappingProxyType(dict(sorted(held.settings.items()))) for id_, held in sorted(state.rules.items())}
    file = rulebook.profiles.get(name)
    scoring = state.scoring
    dropped = {id_: dropped for id_, dropped in sorted(state.dropped.items()) if id_ not in rules}
    said = {id_: rulebook.digests[id_] if rule is rulebook.rules.get(id_) else digest(rule) for id_, rule in rules.items()}
    bands = [scoring.weights, scoring.green_from, scoring.amber_from, scoring.min_coverage]
    origins = {id_: {field: setting.set_by for field, setting in own.items()} for id_, own in settings.items()}
    return Profile(
        name=name,
        title=(file.title if file else rulebook.packs[name].title) or name,
        rulebook=rulebook,
        rules=MappingProxyType(rules),
        settings=MappingProxyType(settings),
        dropped=MappingProxyType(dropped),
        scoring=scoring,
        lineage=state.lineage,
        digest=digest([said, origins, dropped, *bands, rulebook.words_digest]),
    )


class _Resolver:
    """Follows `extends` down to the packs and applies each profile on the way back."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.errors: list[AuditorError] = []
        self._rulebook = rulebook
        self._states: dict[tuple[str, str], _State] = {}

    def state(self, name: str) -> _State:
        """Return what *name* resolves to. Depth is no matter of the stack: profiles are applied in the order of a walk."""
        waiting: list[tuple[str, str, tuple[str, ...]]] = [(*self._target(name, ""), ())]
        while waiting:
            kind, here, above = waiting[-1]
            if (kind, here) in self._states:
                waiting.pop()
                continue
            bases = self._bases(kind, here)
            missing = [base for base in bases if base not in self._states]
            looping = next((base for base in missing if base[0] == "profile" and base[1] in (*above, here)), None)
            if looping is not None:
                chain = " → ".join((*above, here, looping[1]))
                at = self._rulebook.location("profile", here, "extends")
                self.errors.append(RuleError(f"profiles extend each other: {chain}", at=at))
                missing = []
            if missing:
                waiting.extend((*base, (*above, here)) for base in reversed(missing))
                continue
            self._states[kind, here] = self._apply(kind, here, [self._states[base] for base in bases if base in self._states])
            waiting.pop()
        return self._states[self._target(name, "")]

    def _target(self, name: str, inside: str) -> tuple[str, str]:
        """Return what *name* means: the profile of that name, but inside a profile called as its pack the pack."""
        return ("profile", name) if name in self._rulebook.profiles and name != inside else ("pack", name)

    def _bases(self, kind: str, name: str) -> list[tuple[str, str]]:
        if kind == "pack":
            return []
        targets = [self._target(base, name) for base in self._rulebook.profiles[name].extends]
        known = []
        for number, (target_kind, target) in enumerate(targets):
            if target_kind == "pack" and target not in self._rulebook.packs:
                at = self._rulebook.location("profile", name, "extends", number)
                self.errors.append(RuleError(f"the profile {target!r} extends itself", at=at))
            else:
                known.append((target_kind, target))
        return known

    def _apply(self, kind: str, name: str, bases: list[_State]) -> _State:
        if kind == "pack":
            return self._pack(name)
        merged, conflicts = _merge(name, bases)
        return _Application(self._rulebook, name, self.errors).apply(merged, conflicts)

    def _pack(self, name: str) -> _State:
        rules = {id_: _held(rule, name) for id_, rule in self._rulebook.rules.items() if self._rulebook.pack_of[id_] == name}
        return _State(rules, {}, {}, _default_scoring(), (name,))


def _held(rule: Rule, pack: str) -> _Held:
    settings = {field: Setting(getattr(rule, field), pack) for field in type(rule).model_fields if field not in {"params", "cases"}}
    settings |= {f"params.{name}": Setting(param_value(param, param.default), pack) for name, param in rule.params.items()}
    return _Held(rule, settings)


_Conflicts = dict[tuple[str, str], tuple[Setting, Setting]]
"""(rule, field) → what two bases say of it that know nothing of each other; the rule of a score's field is ''."""


def _merge(name: str, bases: list[_State]) -> tuple[_State, _Conflicts]:
    """Return the union of *bases*, and where two of them set a field differently: the later one holds until the profile says."""
    rules: dict[str, _Held] = {}
    dropped: dict[str, Dropped] = {}
    restored: dict[str, frozenset[Dropped]] = {}
    scoring = _default_scoring()
    lineage: dict[str, None] = {}
    conflicts: _Conflicts = {}
    for base in bases:
        for id_, held in base.rules.items():
            rules[id_] = _later(rules[id_], held, conflicts) if id_ in rules else held
        dropped |= base.dropped
        for id_, before in base.restored.items():
            restored[id_] = restored.get(id_, frozenset()) | before
        scoring = _later_scoring(scoring, base.scoring, conflicts)
        lineage |= dict.fromkeys(base.lineage)
    for base in bases:  # what one base left out stays out, unless a base knew that and took it in again
        for id_, out in base.dropped.items():
            if id_ in rules and not out.is_choice and out not in restored.get(id_, ()):
                del rules[id_]
                dropped[id_] = out
    return _State(rules, {id_: out for id_, out in dropped.items() if id_ not in rules}, restored, scoring, (*lineage, name)), conflicts


def _later(first: _Held, second: _Held, conflicts: _Conflicts) -> _Held:
    held = first
    for field, setting in second.settings.items():
        if setting.before is not None and not _stands_behind(first.settings[field], setting):
            _note(conflicts, first.rule.id, field, first.settings[field], setting)
            held = _set(held, field, setting)
    return held


def _note(conflicts: _Conflicts, rule: str, field: str, first: Setting, second: Setting) -> None:
    """Keep that *second* contradicts what holds so far, or what that contradicts; what it stands on is only older."""
    before = conflicts.pop((rule, field), None)
    rivals = (first,) if before is None else (before[0], first)
    for rival in rivals:
        if rival.before is not None and rival.value != second.value and not _stands_behind(second, rival):
            conflicts[rule, field] = (rival, second)


def _stands_behind(later: Setting, earlier: Setting) -> bool:
    """Return whether *later* already knew *earlier*: both bases stand on the profile that set it, and one went further."""
    setting: Setting | None = later
    while setting is not None:
        if setting is earlier:
            return True
        setting = setting.before
    return False


def _later_scoring(first: ProfileScoring, second: ProfileScoring, conflicts: _Conflicts) -> ProfileScoring:
    settings = dict(first.settings)
    for field, setting in second.settings.items():
        if setting.before is not None and not _stands_behind(settings[field], setting):
            _note(conflicts, "", field, settings[field], setting)
            settings[field] = setting
    return _scoring(settings)


def _scoring(settings: Mapping[str, Setting]) -> ProfileScoring:
    weights = {str(severity): settings[f"weights.{severity}"].value for severity in Severity}
    green, amber, coverage = (settings[field].value for field in ("green_from", "amber_from", "min_coverage"))
    return ProfileScoring(weights, green, amber, coverage, dict(sorted(settings.items())))


def _set(held: _Held, field: str, setting: Setting) -> _Held:
    """Return *held* with one field set, on the rule and in its settings."""
    rule = held.rule
    if field.startswith("params."):
        name = field.removeprefix("params.")
        param = rule.params[name].model_copy(update={"default": setting.value, "default_by_edition": {}})
        rule = rule.model_copy(update={"params": {**rule.params, name: param}})
    else:
        rule = rule.model_copy(update={field: setting.value})
    return replace(held, rule=rule, settings={**held.settings, field: setting})


class _Application:
    """One profile applied to what it inherits."""

    def __init__(self, rulebook: Rulebook, name: str, errors: list[AuditorError]) -> None:
        self._rulebook = rulebook
        self._name = name
        self._file: ProfileFile = rulebook.profiles[name]
        self._errors = errors
        self._rules: dict[str, _Held] = {}
        self._dropped: dict[str, Dropped] = {}
        self._restored: dict[str, frozenset[Dropped]] = {}

    def apply(self, inherited: _State, conflicts: _Conflicts) -> _State:
        """Return *inherited* after the additions, the edition, selections, drops and changes of the profile, in this order."""
        self._rules = dict(inherited.rules)
        self._dropped = dict(inherited.dropped)
        self._restored = dict(inherited.restored)
        for number, add in enumerate(self._file.add):
            self._add(number, add)
        if self._file.edition is not None:
            self._keep_edition(self._file.edition, inherited.lineage)
        self._select()
        for number, drop in enumerate(self._file.drop):
            self._drop(number, drop)
        for number, change in enumerate(self._file.change):
            self._change(number, change)
        scoring = self._scored(inherited.scoring, self._file.scoring)
        self._settle(conflicts, scoring)
        return _State(self._rules, self._dropped, self._restored, scoring, inherited.lineage)

    def _settle(self, conflicts: _Conflicts, scoring: ProfileScoring) -> None:
        """Refuse what two bases say differently and the profile leaves open."""
        for (id_, field), (first, second) in conflicts.items():
            if id_ and id_ not in self._rules:
                continue
            holds = self._rules[id_].settings[field] if id_ else scoring.settings[field]
            if holds is second:
                what = f"{field} of {id_}" if id_ else f"{field} of the scoring"
                self._wrong(
                    f"the bases contradict each other: {what} is {canonical(first.value)} ({first.set_by})"
                    f" and {canonical(second.value)} ({second.set_by})",
                    self._at("extends"),
                    "say here which holds",
                )

    # Which rules

    def _add(self, number: int, add: Add) -> None:
        for id_ in self._named(("add", number, "rules"), add.rules, self._rulebook.rules):
            if id_ not in self._rules:
                self._rules[id_] = _held(self._rulebook.rules[id_], self._rulebook.pack_of[id_])
                if id_ in self._dropped:
                    self._restored[id_] = self._restored.get(id_, frozenset()) | {self._dropped.pop(id_)}

    def _keep_edition(self, edition: str, lineage: tuple[str, ...]) -> None:
        """Leave out what other editions of the standard ask alone, and give parameters the edition's values."""
        packs = [self._rulebook.packs[name] for name in lineage if name in self._rulebook.packs]
        standards = {pack.standard for pack in packs if edition in pack.editions}
        at = self._at("edition")
        if not standards:
            known = sorted({one for pack in packs for one in pack.editions})
            self._wrong(f"no pack of the profile has the edition {edition[:60]!r}", at, f"there are: {', '.join(known) or 'none'}")
            return
        for id_, held in list(self._rules.items()):
            cited = [one for one in held.rule.cites if one.standard in standards]
            if cited and not any(edition in one.editions or not one.editions for one in cited):
                editions = ", ".join(sorted({name for one in cited for name in one.editions}))
                del self._rules[id_]
                self._dropped[id_] = Dropped(_by(at), f"asked by edition {editions} only", is_choice=True)
                continue
            for name, param in held.rule.params.items():
                if edition in param.default_by_edition:
                    value = param_value(param, param.default_by_edition[edition])
                    self._put(id_, f"params.{name}", value, at, f"the value of edition {edition}")

    def _select(self) -> None:
        if not self._file.select:
            return
        before = len(self._errors)
        kept: dict[str, Select] = {}
        for number, select in enumerate(self._file.select):
            for id_ in self._chosen(("select", number), select):
                kept.setdefault(id_, select)
        if len(self._errors) > before:
            return  # a mistaken selection must not make every later line look mistaken
        by = self._by("select")
        why = "; ".join(dict.fromkeys(select.because for select in self._file.select))
        for id_ in [id_ for id_ in self._rules if id_ not in kept]:
            del self._rules[id_]
            self._dropped[id_] = Dropped(by, f"not selected: {why}", is_choice=True)

    def _drop(self, number: int, drop: Drop) -> None:
        for id_ in self._chosen(("drop", number), drop):
            del self._rules[id_]
            self._dropped[id_] = Dropped(self._by("drop", number), drop.because)

    def _chosen(self, path: tuple[str | int, ...], choice: Select | Drop | Change) -> list[str]:
        """Return the ids of the held rules that *choice* means; an empty answer is a mistake."""
        at = self._at(*path)
        if not (choice.rules or choice.areas or choice.severities):
            self._wrong("nothing is chosen", at, "name rules, areas or severities")
            return []
        areas = {held.rule.area for held in self._rules.values()}
        for number, area in enumerate(choice.areas):
            if area not in areas:
                self._wrong(
                    f"no rule of the profile has the area {area[:60]!r}", self._at(*path, "areas", number), did_you_mean(area, areas)
                )
        before = len(self._errors)
        ids: Iterable[str] = self._named((*path, "rules"), choice.rules, self._rules) if choice.rules else self._rules
        found = [id_ for id_ in ids if self._meets(self._rules[id_].rule, choice)]
        if not found and len(self._errors) == before and all(area in areas for area in choice.areas):
            self._wrong("no rule of the profile meets this choice", at)
        return found

    def _meets(self, rule: Rule, choice: Select | Drop | Change) -> bool:
        return (not choice.areas or rule.area in choice.areas) and (not choice.severities or rule.severity in choice.severities)

    def _named(self, path: tuple[str | int, ...], patterns: list[str], known: Mapping[str, Any]) -> list[str]:
        """Return the ids among *known* that *patterns* name; each pattern must name one."""
        found: dict[str, None] = {}
        aliases = {alias: id_ for id_ in known for alias in self._rulebook.rules[id_].aliases}
        for number, pattern in enumerate(patterns):
            exact = aliases.get(pattern, pattern)
            meant = [exact] if exact in known else []
            if not meant and _is_glob(pattern):
                meant = [id_ for id_ in known if fnmatchcase(id_, pattern)]
            if not meant:
                self._unknown_rule(pattern, known, self._at(*path, number))
            found |= dict.fromkeys(meant)
        return list(found)

    def _unknown_rule(self, pattern: str, known: Mapping[str, Any], at: Location) -> None:
        if _is_glob(pattern):
            self._wrong(f"no rule matches {pattern[:80]!r}", at)
        elif pattern in self._dropped:
            dropped = self._dropped[pattern]
            self._wrong(f"the rule {pattern!r} is not in the profile any more", at, f"left out by {dropped.by}")
        elif pattern in self._rulebook.rules:
            self._wrong(f"the rule {pattern!r} is not among the inherited ones", at, "take it in with 'add'")
        else:
            self._wrong(f"unknown rule {pattern[:80]!r}", at, did_you_mean(pattern, known))

    # What is changed in them

    def _change(self, number: int, change: Change) -> None:
        path = ("change", number)
        ids = self._chosen(path, change)
        setters = list(self._setters(path, change))
        if not setters and not change.params:
            self._wrong("nothing is changed", self._at(*path), "set severity, params, texts, allow_share, gate or waivable")
        for field, value, at in setters:
            for id_ in ids:
                problem = self._problem(self._rules[id_].rule, field, value)
                if problem is not None:
                    self._wrong(f"{problem} ({id_})", at)
                    break
                self._put(id_, field, value, at, change.because)
        for name, value in change.params.items():
            self._change_param(path, change, ids, name, value)

    def _setters(self, path: tuple[str | int, ...], change: Change) -> Iterator[tuple[str, Any, Location]]:
        for field in ("severity", "allow_share", "gate", "waivable"):
            value = getattr(change, field)
            if value is not None:
                yield field, value, self._at(*path, field)
        if change.texts is not None:
            for field in type(change.texts).model_fields:
                text = getattr(change.texts, field)
                if text is not None:
                    yield field, text, self._at(*path, "texts", field)

    def _problem(self, rule: Rule, field: str, value: Any) -> str | None:
        checks: Mapping[str, Callable[[Rule, Any], str | None]] = {"say": self._say, "allow_share": _share, "gate": _gate}
        return checks[field](rule, value) if field in checks else None

    def _say(self, rule: Rule, text: str) -> str | None:
        columns = self._rulebook.columns(rule.about) if isinstance(rule.about, str) else ()
        known = sentence_names(rule, columns or ())
        try:
            unknown = next((item.name for item in placeholders(text) if item.name not in known), None)
        except TemplateError as error:
            return str(error)
        return None if unknown is None else f"unknown value {{{unknown[:60]}}} in 'say'"

    def _change_param(self, path: tuple[str | int, ...], change: Change, ids: list[str], name: str, value: Any) -> None:
        at = self._at(*path, "params", name)
        having = [id_ for id_ in ids if name in self._rules[id_].rule.params]
        named = [id_ for id_ in change.rules if id_ in ids]
        lacking = next((id_ for id_ in named if id_ not in having), None)
        if ids and (lacking is not None or not having):
            known = {param for id_ in ids for param in self._rules[id_].rule.params}
            whose = f"the rule {lacking}" if lacking else "none of the chosen rules"
            key = self._rulebook.key_location("profile", self._name, *path, "params", name)
            verb = "has no" if lacking else "has a"
            self._wrong(f"{whose} {verb} parameter {name[:60]!r}", key, did_you_mean(name, known))
            return
        for id_ in having:
            try:
                found = param_value(self._rules[id_].rule.params[name], value)
            except ValueError as error:
                self._wrong(f"{error} ({id_}, parameter {name})", at)
                return
            self._put(id_, f"params.{name}", found, at, change.because)

    def _put(self, id_: str, field: str, value: Any, at: Location, because: str) -> None:
        held = self._rules[id_]
        self._rules[id_] = _set(held, field, Setting(value, _by(at), because, held.settings[field]))

    def _scored(self, inherited: ProfileScoring, change: ScoringChange | None) -> ProfileScoring:
        if change is None:
            return inherited
        values: dict[str, tuple[Any, Location]] = {}
        if change.weights is not None:
            for severity in Severity:
                weight = getattr(change.weights, severity)
                if weight is not None:
                    values[f"weights.{severity}"] = (weight, self._at("scoring", "weights", severity))
        if change.bands is not None:
            values["green_from"] = (Fraction(change.bands.green), self._at("scoring", "bands", "green"))
            values["amber_from"] = (Fraction(change.bands.amber), self._at("scoring", "bands", "amber"))
        if change.min_coverage is not None:
            values["min_coverage"] = (Fraction(change.min_coverage), self._at("scoring", "min_coverage"))
        if not values:
            self._wrong("nothing is changed", self._at("scoring"), "set weights, bands or min_coverage")
        settings = dict(inherited.settings)
        for field, (value, at) in values.items():
            settings[field] = Setting(value, _by(at), change.because, settings[field])
        return _scoring(settings)

    # Places

    def _at(self, *path: str | int) -> Location:
        return self._rulebook.location("profile", self._name, *path)

    def _by(self, *path: str | int) -> str:
        return _by(self._at(*path))

    def _wrong(self, message: str, at: Location, hint: str | None = None) -> None:
        self._errors.append(RuleError(message, at=at, hint=hint))


def _by(at: Location) -> str:
    return f"{PurePosixPath(at.file).name}:{at.line}"


def _is_glob(pattern: str) -> bool:
    return bool(_GLOB & set(pattern))


def _share(rule: Rule, value: Any) -> str | None:
    if not isinstance(value, str):
        return None if 0 <= value <= 1 else "allow_share is a share from 0 to 1, or an expression"
    unknown = next((name for name, _ in named_params(value) if name not in rule.params), None)
    return None if unknown is None else f"unknown parameter '${unknown[:60]}'"


def _gate(_: Rule, value: str) -> str | None:
    gates = TABLES["gate"].by_name["gate"].type.codes
    return None if value in gates else f"unknown gate {value[:60]!r}; one of: {', '.join(gates)}"


def describe_profile(profile: Profile) -> str:
    """Return the resolved profile as text, one line per fact and always in the same order: for golden files and for reading.

    Of each rule what decides an audit is shown, and every field that a profile changed.
    """
    scoring = profile.scoring
    lines = [
        f"profile {profile.name}: {' < '.join(profile.lineage)}",
        f"green from {scoring.green_from}, amber from {scoring.amber_from}, grey below {scoring.min_coverage} coverage",
        "weights " + ", ".join(f"{severity} {scoring.weights[severity]}" for severity in Severity),
    ]
    lines += [f"  {setting.describe(field)}" for field, setting in scoring.settings.items() if setting.before is not None]
    for id_, rule in profile.rules.items():
        facts = [id_, rule.area, str(rule.severity), str(rule.decides), *([f"gate {rule.gate}"] if rule.gate else [])]
        lines.append(" ".join(facts))
        for name, param in rule.params.items():
            lines.append(f"  ${name} = {canonical(param.default)}" + (f" {param.unit}" if param.unit else ""))
            lines.extend(f"    {edition}: {canonical(value)}" for edition, value in param.default_by_edition.items())
        settings = profile.settings[id_]
        lines += [f"  {settings[field].describe(field)}" for field in settings if settings[field].before is not None]
    lines += [f"without {id_}: {dropped.because} ({dropped.by})" for id_, dropped in profile.dropped.items()]
    return "\n".join(lines) + "\n"
