"""Cross-walks (`crosswalks/*.yaml` of a pack): which rules, checklists and reports of ours serve the entries of another standard."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from auditor.errors import AuditorError, RuleError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.rulebook.load import Rulebook
from auditor.rulebook.pack import File, PackName, find_packs
from auditor.rulebook.yaml_source import Source, load_yaml, read_model


class CrosswalkEntry(Frozen):
    """A clause, competence or process of the other standard, named in our own words."""

    clause: str = Field(max_length=60)  # its number or id
    title: str
    editions: list[str] = []  # those in which it stands; none named: all of the file
    rules: list[str] = []  # ids or globs of rules
    checklists: list[str] = []  # kinds
    reports: list[str] = []  # commands that show it: 'audit', 'doctor', 'checklist read', …
    note: str = ""


class Crosswalk(Frozen):
    """One file of a pack's `crosswalks`: the other standard, and what serves each of its entries."""

    name: PackName
    title: str
    editions: list[str] = []  # oldest first
    source: str = ""  # what the entries were taken from
    entries: list[CrosswalkEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for entry in self.entries:
            strange = sorted(set(entry.editions) - set(self.editions))
            if strange:
                raise ValueError(f"entry {entry.clause}: the edition {strange[0]!r} is none of the file's editions")
        return self


def load_crosswalks(rulebook: Rulebook, folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> Mapping[str, Crosswalk]:
    """Return the cross-walks of all packs by name.

    Args:
        rulebook: whose rules they name.
        folders: what `[rules] folders` names.
        installed: whether the packs of installed distributions belong.

    Raises:
        ExceptionGroup: of RuleError, every mistake with its place: a name twice, an entry twice, a rule that does not exist.
    """
    errors: list[AuditorError] = []
    found: dict[str, Crosswalk] = {}
    for pack in find_packs(tuple(folders), installed=installed).packs:
        for file in pack.crosswalks:
            read = _read(file, rulebook, errors)
            if read is None:
                continue
            if read.name in found:
                errors.append(RuleError(f"the cross-walk {read.name!r} exists twice: {file.name}", hint="give it another name"))
            found[read.name] = read
    raise_all("cross-walks have mistakes", errors)
    return MappingProxyType(dict(sorted(found.items())))


def rules_of(entry: CrosswalkEntry, rulebook: Rulebook) -> list[str]:
    """Return the rules that serve an entry, by id."""
    return sorted({rule for pattern in entry.rules for rule in matching(pattern, rulebook)})


def _read(file: File, rulebook: Rulebook, errors: list[AuditorError]) -> Crosswalk | None:
    try:
        source = load_yaml(file.path, file.name)
    except AuditorError as error:
        errors.append(error)
        return None
    read = read_model(Crosswalk, source, errors)
    if read is not None:
        errors.extend(_mistakes(read, source, rulebook))
    return read


def _mistakes(crosswalk: Crosswalk, source: Source, rulebook: Rulebook) -> Iterator[RuleError]:
    first: dict[str, int] = {}
    for number, entry in enumerate(crosswalk.entries):
        at = source.positions.at("entries", number, "clause")
        if entry.clause in first:
            yield RuleError(f"the entry {entry.clause!r} occurs twice", at=at)
        first.setdefault(entry.clause, number)
        for place, pattern in enumerate(entry.rules):
            if not matching(pattern, rulebook):
                hint = did_you_mean(pattern, rulebook.rules) or "`auditor rules list` names them all"
                yield RuleError(f"there is no rule {pattern!r}", at=source.positions.at("entries", number, "rules", place), hint=hint)


def matching(pattern: str, rulebook: Rulebook) -> list[str]:
    """Return the rules that an id or a glob names; none where there is no such one."""
    if pattern in rulebook.rules:
        return [pattern]
    return [rule for rule in rulebook.rules if fnmatchcase(rule, pattern)] if set(pattern) & set("*?[") else []
