"""What followed, and from what: every derivation keeps the production and the facts that filled it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.model.row import Frozen
from auditor.reasoning.compile import Compiled, plain_kind, read_back, unknown_in
from auditor.reasoning.program import Firing
from auditor.rulebook.production import FIELD, Production, is_reference
from auditor.rulebook.rule import Citation


class Derivation(Frozen):
    """One production that held.

    Attributes:
        pack: who states the production.
        facts: what filled its patterns, in words: `project: size small, phase executing`.
        follows: what follows, in words.
    """

    production: str
    pack: str
    because: str
    cites: tuple[Citation, ...] = ()
    facts: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


class Held:
    """A firing as its production speaks of it."""

    def __init__(self, compiled: Compiled, firing: Firing) -> None:
        source = compiled.sources[firing.production]
        self.stated = source.stated
        self.is_sure = source.is_sure
        self.then = source.then
        self._compiled = compiled
        self._firing = firing
        positive = [item for item in self.production.when if item.no is None]
        places: list[Any] = []
        for item in positive:
            places += [item, item] if item.at_least is not None and item.at_most is not None else [item]
        self._named = {item.as_: fact for item, fact in reversed(list(zip(places, firing.facts, strict=True))) if item.as_ is not None}

    @property
    def production(self) -> Production:
        """The production."""
        return self.stated.production

    def value(self, written: Any) -> Any:
        """Return a value, taken from a fact where it is written as `$name.property`; None where the fact does not have it."""
        if not is_reference(written):
            return written
        alias, _, name = written[1:].partition(".")
        return self._values(alias).get(name)

    def sentence(self, template: str) -> str:
        """Return a sentence with its `{name.property}` filled in."""
        return FIELD.sub(lambda found: _shown(self._values(found["alias"]).get(found["name"])), template)

    def facts(self) -> tuple[str, ...]:
        """Return the facts in words."""
        return tuple(dict.fromkeys(_words(self._compiled, fact) for fact in self._firing.facts))

    def unknown(self) -> list[str]:
        """Return what is unknown of the facts and was asked for: `size of the project`."""
        asked = {(item.kind, name) for item in self.production.when for name in item.where}
        found = []
        for fact in self._firing.facts:
            kind = plain_kind(fact.kind)
            if kind in self._compiled.kinds:
                found += [f"{name} of the {kind}" for name in unknown_in(self._compiled.kinds[kind], fact) if (kind, name) in asked]
        return list(dict.fromkeys(found))

    def derivation(self, follows: Iterable[str]) -> Derivation:
        """Return what is kept of it."""
        production = self.production
        return Derivation(
            production=production.name,
            pack=self.stated.pack,
            because=production.because,
            cites=tuple(production.cites),
            facts=self.facts(),
            follows=tuple(follows),
        )

    def _values(self, alias: str) -> Mapping[str, Any]:
        fact = self._named[alias]
        if fact.kind == "count":
            values = fact.values
            return {"key": str(values["key"])[1:], "n": values["n"]}
        return read_back(self._compiled.kinds[plain_kind(fact.kind)], fact)


def holding(compiled: Compiled, firings: Sequence[Firing]) -> list[Held]:
    """Return the firings that stand for a production as a whole, in the order of the productions."""
    return [held for firing in firings if (held := Held(compiled, firing)).then is None]


def _words(compiled: Compiled, fact: Any) -> str:
    if fact.kind == "count":
        values = fact.values
        key = f" of {str(values['key'])[1:]}" if values["key"] else ""
        return f"counted{key}: {values['n']}"
    kind = plain_kind(fact.kind)
    properties = compiled.kinds[kind]
    known = [f"{name} {_shown(value)}" for name, value in read_back(properties, fact).items()]
    open_ = [f"{name} unknown" for name in unknown_in(properties, fact)]
    return f"{kind}: {', '.join([*known, *open_])}"


def _shown(value: Any) -> str:
    if value is None:
        return "not stated"
    return (
        {True: "yes", False: "no"}[value]
        if isinstance(value, bool)
        else str(value).replace("_", " ")
        if isinstance(value, str)
        else str(value)
    )
