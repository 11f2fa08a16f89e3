"""The files of packs and profiles beside the rules, and where packs and profiles are found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import entry_points
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, model_validator

from auditor.errors import Location, RuleError
from auditor.model.row import Frozen
from auditor.rulebook.clauses import Clause
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Severity

ENTRY_POINTS = "auditor.rules"

PACK_FILES = ("pack.yaml", "clauses.yaml", "vocabulary.yaml", "views.yaml", "events.yaml", "recognition.yaml", "obligations.yaml")
"""What may lie directly in a pack's folder and has a meaning there."""

NOT_AREAS = frozenset({"profiles", "schema", "reasoning", "recognition", "templates", "crosswalks"})
"""Folders of a pack that hold no rules."""

PackName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class Pack(Frozen):
    """`pack.yaml`: what a pack is."""

    name: PackName
    title: str
    standard: str  # id that rules cite: pm2, prince2, …
    editions: list[str] = []  # oldest first; the last one is what holds when a project does not say
    version: str
    requires: list[PackName] = []  # packs whose vocabulary, views and events its rules use
    acknowledgement: str = ""  # what the standard's owner wants to be printed


class ClausesFile(Frozen):
    """`clauses.yaml`: every auditable requirement of the standard."""

    clauses: list[Clause]


class VocabularyFile(Frozen):
    """`vocabulary.yaml`: the words of the pack's conditions."""

    terms: list[Term]


class ViewsFile(Frozen):
    """`views.yaml`: the pack's named SELECTs, each over tables and views above it."""

    views: list[View]


class EventsFile(Frozen):
    """`events.yaml`: what happens once in a project."""

    events: list[Event]


class Select(Frozen):
    """Some of the inherited rules: those that meet every condition given. A profile keeps what any of its selections names."""

    rules: list[str] = []  # ids or globs
    areas: list[str] = []
    severities: list[Severity] = []
    because: str


class Drop(Frozen):
    """Rules that a profile leaves out."""

    rules: list[str] = []  # ids or globs
    areas: list[str] = []
    severities: list[Severity] = []
    because: str


class Add(Frozen):
    """Rules of other packs that a profile takes in as they are."""

    rules: list[str]  # ids or globs
    because: str


class Texts(Frozen):
    """The texts of a rule that an organisation may say in its own words."""

    title: str | None = None
    say: str | None = None
    why: str | None = None
    fix: str | None = None
    ask: str | None = None


class Change(Frozen):
    """What a profile changes in rules that it has."""

    rules: list[str] = []  # ids or globs
    areas: list[str] = []
    severities: list[Severity] = []  # by their inherited severity
    severity: Severity | None = None
    params: dict[str, Any] = {}
    texts: Texts | None = None
    allow_share: str | int | Decimal | None = None
    gate: str | None = None
    waivable: StrictBool | None = None
    because: str


class Weights(Frozen):
    """What a rule of each severity weighs in a score."""

    critical: Annotated[int, Field(ge=0, strict=True)] | None = None
    major: Annotated[int, Field(ge=0, strict=True)] | None = None
    minor: Annotated[int, Field(ge=0, strict=True)] | None = None
    observation: Annotated[int, Field(ge=0, strict=True)] | None = None


class Bands(Frozen):
    """From which score a project is green, from which amber; below it is red."""

    green: Annotated[Decimal, Field(ge=0, le=1)]
    amber: Annotated[Decimal, Field(ge=0, le=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.amber > self.green:
            raise ValueError("amber begins at or below green")
        return self


class ScoringChange(Frozen):
    """How a profile counts; what it leaves out is inherited."""

    weights: Weights | None = None
    bands: Bands | None = None
    min_coverage: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    because: str


class ProfileFile(Frozen):
    """A profile as its file says it: what an organisation audits by.

    `chosen` says when it holds for a project although the configuration names no profile: `by_name` never, `by_default` when the project
    has its methodology, edition and size, `as_fallback` also when the project's methodology is not known.
    """

    name: PackName
    title: str = ""
    extends: list[str]  # packs and profiles
    methodology: str | None = None  # of the projects that it is for; None: it is chosen by name only
    edition: str | None = None  # of the standard: what only other editions ask is left out, parameters have its values
    sizes: list[Literal["small", "medium", "large"]] = []  # of the projects that it is for; none: any
    chosen: Literal["by_name", "by_default", "as_fallback"] = "by_default"  # where the configuration names no profile
    select: list[Select] = []  # none: everything inherited
    drop: list[Drop] = []
    add: list[Add] = []
    change: list[Change] = []  # one after the other
    scoring: ScoringChange | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file of a pack or profile: how to read it and what errors and reports call it."""

    path: Path | Traversable
    name: str  # 'pm2/risk/PM2-RSK-07.yaml': the same on every machine

    @property
    def stem(self) -> str:
        """The file's name without `.yaml`."""
        return self.path.name.removesuffix(".yaml")


@dataclass(frozen=True, slots=True)
class PackFolder:
    """A pack as found: its own files by name, its rules by area, its profiles, and what it reasons by (YAML, or tables as CSV and xlsx)."""

    name: str  # the folder's name as errors show it
    files: Mapping[str, File]  # those of PACK_FILES that exist
    rules: tuple[tuple[str, File], ...]  # (area, file)
    profiles: tuple[File, ...]
    reasoning: tuple[File, ...]
    texts: tuple[File, ...]  # translations of rules, a file per language
    crosswalks: tuple[File, ...]  # onto other standards, a file each
    strays: tuple[File, ...]  # YAML that nothing reads: most likely misnamed


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that rule folders hold."""

    packs: tuple[PackFolder, ...]
    profiles: tuple[File, ...]  # those outside packs


def find_packs(folders: tuple[Path | Traversable, ...] = (), *, installed: bool = True) -> Found:
    """Return the packs and profiles of installed distributions and of *folders*, in that order.

    A folder is a pack (it holds `pack.yaml`), or it holds packs, profiles (`*.yaml`) and a folder `profiles`.

    Raises:
        RuleError: a folder does not exist, or the function behind an entry point fails.
    """
    packs: list[PackFolder] = []
    profiles: list[File] = []
    for folder in (*(_installed() if installed else ()), *folders):
        if not folder.is_dir():
            raise RuleError("there is no such folder of rules", at=Location(str(folder)), hint="see [rules] folders in auditor.toml")
        if _has_pack(folder):
            packs.append(_pack_folder(folder, folder.name))
            continue
        profiles.extend(_yaml_files(folder, folder.name))
        for child in _children(folder):
            if not child.is_dir():
                continue
            if _has_pack(child):
                packs.append(_pack_folder(child, f"{folder.name}/{child.name}"))
            elif child.name == "profiles":
                profiles.extend(_yaml_files(child, f"{folder.name}/{child.name}"))
    return Found(tuple(packs), tuple(profiles))


def _installed() -> Iterator[Path | Traversable]:
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        try:
            folder = point.load()()
        except Exception as error:
            raise RuleError(
                f"the installed rule pack {point.name!r} cannot be found: {type(error).__name__}",
                at=Location(point.value),
                hint="reinstall the distribution that brings it",
            ) from error
        yield folder


def _has_pack(folder: Path | Traversable) -> bool:
    return (folder / "pack.yaml").is_file()


def _children(folder: Path | Traversable) -> list[Path | Traversable]:
    try:
        found = [child for child in folder.iterdir() if not child.name.startswith((".", "_"))]
    except OSError as error:
        raise RuleError(f"the folder cannot be read: {error.strerror}", at=Location(str(folder))) from error
    return sorted(found, key=lambda child: child.name)


def _yaml_files(folder: Path | Traversable, name: str) -> Iterator[File]:
    for child in _children(folder):
        if child.name.endswith(".yaml") and child.is_file():
            yield File(child, f"{name}/{child.name}")


def _pack_folder(folder: Path | Traversable, name: str) -> PackFolder:
    files: dict[str, File] = {}
    rules: list[tuple[str, File]] = []
    profiles: list[File] = []
    reasoning: list[File] = []
    texts: list[File] = []
    crosswalks: list[File] = []
    strays: list[File] = []
    for child in _children(folder):
        if child.is_file():
            if child.name in PACK_FILES:
                files[child.name] = File(child, f"{name}/{child.name}")
            elif child.name.endswith((".yaml", ".yml")):
                strays.append(File(child, f"{name}/{child.name}"))
        elif child.name == "profiles":
            profiles.extend(_yaml_files(child, f"{name}/{child.name}"))
        elif child.name == "reasoning":
            for item in _children(child):
                if not item.is_file() or item.name.startswith("~$"):  # what a spreadsheet program keeps while a file is open
                    continue
                file = File(item, f"{name}/{child.name}/{item.name}")
                if item.name.endswith((".yaml", ".csv", ".xlsx")):
                    reasoning.append(file)
                elif item.name.endswith((".yml", ".xls", ".xlsm", ".ods", ".tsv")):
                    strays.append(file)
        elif child.name == "texts":
            texts.extend(_yaml_files(child, f"{name}/{child.name}"))
        elif child.name == "crosswalks":
            crosswalks.extend(_yaml_files(child, f"{name}/{child.name}"))
        elif child.name not in NOT_AREAS and child.is_dir():
            for item in _children(child):
                file = File(item, f"{name}/{child.name}/{item.name}")
                if item.name.endswith(".yaml"):
                    rules.append((child.name, file))
                elif item.name.endswith(".yml"):
                    strays.append(file)
    return PackFolder(name, files, tuple(rules), tuple(profiles), tuple(reasoning), tuple(texts), tuple(crosswalks), tuple(strays))
