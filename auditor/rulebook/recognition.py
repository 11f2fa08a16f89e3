"""How kinds of documents and of their sections are recognised: what packs say in `recognition.yaml` and `recognition/*.yaml`.

    words: {about: {en: [of, for]}, neutral: {en: [draft]}} # how titles are read
    names:                                                  # what several kinds, also of several standards, may be called
      risk_register: {en: [risk register, risk log], de: [Risikoregister]}
    sections:                                               # content items and the headings below which they stand
      milestones: {en: [milestones, key dates], fr: [jalons]}
    columns:                                                # headers by which a table is known
      risk: {own: {en: [risk id, risk owner]}, also: {en: [likelihood, impact]}}
    kinds:
      risk_log:                                             # the standard's id
        title: Risk Log
        called: [risk_register]                             # lists of `names`
        names: {en: [risk log]}                             # the standard's own words
        maybe: {en: [risk matrix]}                          # others use these words too: never sure by them alone
        short: [RL]                                         # as written in file names
        columns: [risk]

A methodology owner adds a kind or a word here and nowhere else. Words are compared without case, accents, punctuation, articles and
plural endings; 'Risikomanagement-Plan' is 'Risikomanagementplan'. Lists of several files and packs are joined; a kind is declared once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from auditor.errors import AuditorError, Location, RuleError, did_you_mean, raise_all
from auditor.model.row import Frozen
from auditor.rulebook.digest import digest
from auditor.rulebook.pack import Pack, PackFolder, find_packs
from auditor.rulebook.registers_spec import RegistersSpec, merge_registers
from auditor.rulebook.yaml_source import Positions, load_yaml, read_model

CORE = "core"
"""Name of the pack whose kinds belong to no standard: test documents, agendas of agile teams, manuals."""

_FOLDER = "recognition"
_READ_ELSEWHERE = frozenset({"details.yaml"})  # in the same folder, with a grammar of its own

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Phrases = dict[Language, list[Phrase]]
Weight = Annotated[int, Field(ge=1, le=5, strict=True)]


class Words(Frozen):
    """How titles and file names are read, in every language at once."""

    about: Phrases = {}  # 'guide *to* the risk log': what stands before is the kind, what follows its subject
    skip: Phrases = {}  # articles and conjunctions: names are compared without them
    same: dict[Phrase, Phrase] = {}  # short word → the word that it stands for: {mgmt: management}
    neutral: Phrases = {}  # say nothing about the kind: template, draft, final, version
    this: Phrases = {}  # 'the purpose of this …': what follows is what the document calls itself
    elsewhere: Phrases = {}  # 'see the separate …': a section that says so does not hold what its heading names
    title_labels: Phrases = {}  # labels of a control block beside which the title stands
    residue: Phrases = {}  # what templates put where something is to be written: 'TBD', 'click here to enter text'
    slots: Phrases = {}  # what stands between '[' and ']' where something is to be written: 'project name'
    template: Phrases = {}  # words in a name that say that a file is a template
    guidance: Phrases = {}  # how instructions of a template begin: 'describe the', 'this section should'


class Columns(Frozen):
    """Headers of a table. One of `own` and two in all make it known."""

    own: Phrases = {}  # nothing else has such a column
    also: Phrases = {}


class Kind(Frozen):
    """A kind of document: an artefact or management product of a standard, or something that is none and must not be taken for one."""

    title: str
    called: list[Name] = []
    names: Phrases = {}
    maybe_called: list[Name] = []
    maybe: Phrases = {}
    short: list[Phrase] = []  # abbreviations, compared with their case
    against: Phrases = {}  # words in a title that say it is not this
    sections: dict[Name, Weight] = {}  # content items; the weight says how typical
    columns: list[Name] = []
    registers: list[Name] = []  # tables of the model of which it consists
    formats: list[str] = []  # usual ones; empty: any
    inside: StrictBool = False  # may stand as a section of another document
    inside_called: list[Name] = []  # lists of `names`: headings of such a section besides its names
    inside_as: Phrases = {}  # the same, the standard's own
    chapters: Phrases = {}  # what such a section is called in a document, or below a heading, named as one of `collections`: 'Risks'
    has_control_block: StrictBool = False  # its template opens with version, date, author …: what is missing there is blank
    holds: StrictBool = False  # sections of it may be products of their own
    decides: StrictBool = False  # wherever it stands in a title it says what the document is: minutes, checklist, test plan
    instead_of: list[Name] = []  # kinds of the same standard that a document called so is not, where its first lines have `labels`
    labels: list[Phrases] = []  # of each a label ('Customer: …') stands there


class LookedFor(Frozen):
    """Rows that a product should speak of: its whole text is searched for each (table `mention`)."""

    row: Name  # table
    kind: Name | None = None  # of listed items
    of: Name | None = None  # kind of product in which the rows stand; None: the rows of record, wherever they stand
    within: Name  # kind of product that should speak of them


class RecognitionFile(Frozen):
    """One file of a pack about recognition."""

    words: Words = Words()
    names: dict[Name, Phrases] = {}
    sections: dict[Name, Phrases] = {}
    columns: dict[Name, Columns] = {}
    kinds: dict[Name, Kind] = {}
    registers: RegistersSpec | None = None
    same_roles: dict[Name, Name] = {}  # role of another method → the role that it is in this one: {executive: project_owner}
    looked_for: list[LookedFor] = []
    editions: dict[str, Phrases] = {}  # edition of the standard → names that only its products have
    collections: Phrases = {}  # what documents are called that hold a chapter for each of several kinds: 'Management approaches'
    blocks: dict[str, Any] = {}  # read by what reads control blocks and lists

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        empty = [name for name, kind in self.kinds.items() if not (kind.called or kind.names or kind.maybe_called or kind.maybe)]
        if empty:
            raise ValueError(f"the kinds {', '.join(empty)} have no name")
        return self


@dataclass(frozen=True, slots=True)
class DeclaredKind:
    """A kind as its pack declares it, its lists of names resolved."""

    id: str
    standard: str  # id of the standard; `CORE`: of no standard
    spec: Kind
    names: Mapping[str, tuple[str, ...]]  # language → names that say it surely
    own: frozenset[str]  # those that are the standard's own words
    maybe: Mapping[str, tuple[str, ...]]
    inside: Mapping[str, tuple[str, ...]]  # headings of a section that is this kind; empty when none can be


@dataclass(frozen=True, eq=False)
class Recognition:
    """What all packs together say. Compared and hashed by its digest, so that what is compiled from it is kept; it can be pickled."""

    kinds: tuple[DeclaredKind, ...]  # by standard, then as declared
    sections: Mapping[str, Phrases]
    columns: Mapping[str, Columns]
    words: Words
    standards: tuple[str, ...]  # by name
    digest: str  # of everything that the files say
    registers: RegistersSpec | None = None
    by_id: Mapping[tuple[str, str], DeclaredKind] = field(default_factory=dict)  # (standard, kind)
    same_roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # standard → role of another method → its own
    looked_for: Mapping[str, tuple[LookedFor, ...]] = field(default_factory=dict)  # standard → what its products should speak of
    editions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # standard → its editions, as its pack calls them
    edition_names: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)  # standard → edition → names of its own
    collections: Phrases = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recognition) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def of_standard(self, standard: str) -> Iterator[DeclaredKind]:
        """Yield the kinds of *standard* as declared."""
        return (kind for kind in self.kinds if kind.standard == standard)


def load_recognition(folders: Iterable[Path | Traversable] = (), *, installed: bool = True) -> Recognition:
    """Return what the installed packs and those in *folders* say about recognition.

    Args:
        folders: what `[rules] folders` names.
        installed: whether the packs of installed distributions belong.

    Raises:
        ExceptionGroup: of RuleError, one per mistake, each with its file, line and column.
        RuleError: a folder cannot be read.
    """
    loader = _Loader()
    for folder in find_packs(tuple(folders), installed=installed).packs:
        loader.read_pack(folder)
    loader.sort()
    loader.check()
    raise_all("recognition has mistakes", sorted(loader.errors, key=_place))
    return loader.recognition()


def read_recognition(files: Mapping[str, Iterable[Path | Traversable]]) -> Recognition:
    """Return what *files* (standard → its files) say, without packs; for packs under test. Raises as `load_recognition`."""
    loader = _Loader()
    for standard, paths in files.items():
        for path in paths:
            loader.read_file(standard, path, str(path))
    loader.sort()
    loader.check()
    raise_all("recognition has mistakes", sorted(loader.errors, key=_place))
    return loader.recognition()


def _place(error: AuditorError) -> tuple[str, int, int, str]:
    at = error.at or Location("")
    return at.file, at.line, at.column, error.message


class _Loader:
    def __init__(self) -> None:
        self.errors: list[AuditorError] = []
        self._files: list[tuple[str, RecognitionFile, Positions]] = []
        self._editions: dict[str, set[str]] = {}
        self._digests: dict[int, str] = {}  # identity of a file's model → digest

    def read_pack(self, folder: PackFolder) -> None:
        source = load_yaml(folder.files["pack.yaml"].path, folder.files["pack.yaml"].name)
        pack = read_model(Pack, source, self.errors)
        if pack is None:
            return
        if pack.standard != CORE and pack.editions:
            self._editions.setdefault(pack.standard, set()).update(pack.editions)
        if (main := folder.files.get("recognition.yaml")) is not None:
            self.read_file(pack.standard, main.path, main.name)
        for path in _more(folder):
            self.read_file(pack.standard, path, f"{folder.name}/{_FOLDER}/{path.name}")

    def read_file(self, standard: str, path: Path | Traversable, name: str) -> None:
        try:
            source = load_yaml(path, name)
        except AuditorError as error:
            self.errors.append(error)
            return
        read = read_model(RecognitionFile, source, self.errors)
        if read is not None:
            self._files.append((standard, read, source.positions))

    def sort(self) -> None:
        """Put the files in an order that does not depend on the order of the packs."""

        def place(item: tuple[str, RecognitionFile, Positions]) -> tuple[bool, str, bool, str, str]:
            standard, file, positions = item
            folder, _, name = positions.file.rpartition("/")
            return standard != CORE, standard, folder.endswith(_FOLDER), name, self._digests[id(file)]

        self._digests = {id(file): digest(file) for _, file, _ in self._files}
        self._files.sort(key=place)

    def check(self) -> None:
        """Add an error for every name that is not declared and every kind that is declared twice."""
        names = {name for _, file, _ in self._files for name in file.names}
        sections = {name for _, file, _ in self._files for name in file.sections}
        columns = {name for _, file, _ in self._files for name in file.columns}
        seen: dict[tuple[str, str], Location] = {}
        for standard, file, positions in self._files:
            editions = self._editions.get(standard, set())
            for edition in file.editions if editions else ():  # none: the file is read without its pack
                if edition not in editions:
                    hint = did_you_mean(edition, editions) or f"its pack names {', '.join(sorted(editions))}"
                    at = positions.at_key("editions", edition)
                    self.errors.append(RuleError(f"editions: {edition!r} is no edition of {standard!r}", at=at, hint=hint))
            for kind_id, kind in file.kinds.items():
                at = positions.at_key("kinds", kind_id)
                if (first := seen.setdefault((standard, kind_id), at)) is not at:
                    self.errors.append(
                        RuleError(f"the kind {kind_id!r} is declared twice", at=at, hint=f"first in {first.file}:{first.line}")
                    )
                uses = {"called": names, "maybe_called": names, "inside_called": names, "sections": sections, "columns": columns}
                for field_name, known in uses.items():
                    self._check(("kinds", kind_id, field_name), getattr(kind, field_name), known, positions)

    def _check(self, path: tuple[str, ...], used: Iterable[str], known: set[str], positions: Positions) -> None:
        for position, name in enumerate(used):
            if name not in known:
                at = positions.at_key(*path, name) if isinstance(used, Mapping) else positions.at(*path, position)
                self.errors.append(RuleError(f"{path[-1]}: nothing is declared as {name!r}", at=at, hint=did_you_mean(name, known)))

    def recognition(self) -> Recognition:
        names = _joined(file.names for _, file, _ in self._files)
        columns: dict[str, Columns] = {}
        for _, file, _ in self._files:
            for name, found in file.columns.items():
                before = columns.get(name, Columns())
                columns[name] = Columns(own=_added(before.own, found.own), also=_added(before.also, found.also))
        kinds = [
            DeclaredKind(
                id=kind_id,
                standard=standard,
                spec=kind,
                names=_phrases(kind.names, kind.called, names),
                own=frozenset(phrase for phrases in kind.names.values() for phrase in phrases),
                maybe=_phrases(kind.maybe, kind.maybe_called, names),
                inside=_phrases(_added(kind.names, kind.inside_as), [*kind.called, *kind.inside_called], names) if kind.inside else {},
            )
            for standard, file, _ in self._files
            for kind_id, kind in file.kinds.items()
        ]
        standards = tuple(dict.fromkeys(standard for standard, _, _ in self._files if standard != CORE))
        order = {standard: position for position, standard in enumerate((*standards, CORE))}
        kinds.sort(key=lambda kind: order[kind.standard])
        registers = [file.registers for _, file, _ in self._files if file.registers is not None]
        same_roles: dict[str, dict[str, str]] = {}
        for standard, file, _ in self._files:
            same_roles.setdefault(standard, {}).update(file.same_roles)
        looked_for: dict[str, tuple[LookedFor, ...]] = {}
        for standard, file, _ in self._files:
            looked_for[standard] = (*looked_for.get(standard, ()), *file.looked_for)
        edition_names: dict[str, dict[str, frozenset[str]]] = {}
        for standard, file, _ in self._files:
            for edition, phrases in file.editions.items():
                known = edition_names.setdefault(standard, {})
                known[edition] = known.get(edition, frozenset()) | {phrase for said in phrases.values() for phrase in said}
        editions = {standard: tuple(sorted(self._editions[standard])) for standard in sorted(self._editions)}
        return Recognition(
            kinds=tuple(kinds),
            sections=_joined(file.sections for _, file, _ in self._files),
            columns=columns,
            words=_words(file.words for _, file, _ in self._files),
            standards=standards,
            registers=merge_registers(registers) if registers else None,
            digest=digest([editions, *((standard, self._digests[id(file)]) for standard, file, _ in self._files)]),
            by_id={(kind.standard, kind.id): kind for kind in kinds},
            same_roles=same_roles,
            looked_for=looked_for,
            editions=editions,
            edition_names=edition_names,
            collections=_joined({"": file.collections} for _, file, _ in self._files).get("", {}),
        )


def _more(folder: PackFolder) -> list[Path | Traversable]:
    """Return the files of the pack's folder `recognition`, by name."""
    home = getattr(folder.files["pack.yaml"].path, "parent", None)  # every Traversable of a file in a folder or zip has one
    inner = None if home is None else home / _FOLDER
    if inner is None or not inner.is_dir():
        return []
    try:
        return sorted(
            (item for item in inner.iterdir() if item.name.endswith(".yaml") and item.name not in _READ_ELSEWHERE),
            key=lambda item: str(item.name),
        )
    except OSError as error:
        raise RuleError(f"the folder cannot be read: {error.strerror}", at=Location(f"{folder.name}/{_FOLDER}")) from error


def _added(first: Phrases, second: Phrases) -> Phrases:
    return {
        language: list(dict.fromkeys([*first.get(language, ()), *second.get(language, ())]))
        for language in dict.fromkeys([*first, *second])
    }


def _joined(parts: Iterable[Mapping[str, Phrases]]) -> dict[str, Phrases]:
    joined: dict[str, Phrases] = {}
    for part in parts:
        for name, phrases in part.items():
            joined[name] = _added(joined.get(name, {}), phrases)
    return joined


def _words(parts: Iterable[Words]) -> Words:
    joined: dict[str, Phrases] = {name: {} for name in Words.model_fields if name != "same"}
    same: dict[str, str] = {}
    for part in parts:
        joined = {name: _added(phrases, getattr(part, name)) for name, phrases in joined.items()}
        same |= part.same
    return Words(same=same, **joined)


def _phrases(own: Phrases, called: Iterable[str], names: Mapping[str, Phrases]) -> Mapping[str, tuple[str, ...]]:
    joined = own
    for name in called:
        joined = _added(joined, names[name])
    return {language: tuple(phrases) for language, phrases in joined.items()}
