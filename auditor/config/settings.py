"""`auditor.toml` as frozen settings. Every mistake of the file is told in one run, each with its place.

    [store]
    path = ".auditor"
    time_zone = "Europe/Brussels"

    [[source]]
    name = "tracker"
    connector = "jira"
    pages = "jira-pages"             # options of the connector
    mapping.registers.risk.types = ["Danger"]

    [[project]]
    id = "FCREPO"
    jira = ["FCREPO"]                # places, by the key of each connector
    folders = ["fedora-repository"]
    methodology = "pm2"              # any column of the table `project`
    record = {risk = "tracker"}

Relative paths count from the file's folder. `AUDITOR_STORE_PATH` and `AUDITOR_STORE_TIME_ZONE` win over the file.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, field_validator

from auditor.config.ledger_address import full_url, has_password, sqlite_url
from auditor.config.mapping import EntryMapping, extend_mapping
from auditor.config.toml_source import Path_, TomlSource, read_toml
from auditor.connect.protocol import Connector
from auditor.connect.registry import ConnectorClass, connector_class, project_key
from auditor.connect.secret import Secret
from auditor.connect.zone import ZoneName
from auditor.errors import AuditorError, UsageError, did_you_mean, raise_all
from auditor.model.schema import TABLES, Column
from auditor.model.types import Kind

FILE = "auditor.toml"
_NAME = r"^[A-Za-z0-9][\w.-]{0,63}$"
_COMPUTED = {f"{column}_{part}" for column in ("phase", "methodology", "size") for part in ("basis", "confidence")}
_MAY_HOLD_SECRET = re.compile(r"(?i)token|secret|passw|key\s*=|//[^/\s]*@")
_OWN_OF_SOURCE = ("name", "connector", "places", "mapping")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Store(_Frozen):
    """Where pulled data, snapshots and results lie."""

    path: Path = Path(".auditor")
    time_zone: ZoneName = "UTC"
    """In which instants become days, and what day a snapshot is of."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)


class RuleFolders(_Frozen):
    """Folders with packs and profiles of one's own, how long a statement that decides rules may take, and what derives productions."""

    folders: tuple[Path, ...] = ()
    max_seconds: int = Field(default=300, ge=1)
    engine: Literal["durable", "clips"] | None = None


class LedgerPlace(_Frozen):
    """Where the ledger is: what people write. Left out: `ledger.sqlite` in the store.

    Attributes:
        url: 'sqlite:///file', or 'postgresql+psycopg://user@host/database' without the password; or where the whole address lies.
        password: where the password lies that the address leaves out.
    """

    # One member is tried, not both: a mistake gives one message.
    url: (
        Annotated[
            Annotated[str, Tag("url")] | Annotated[Secret, Tag("address")],
            Discriminator(lambda value: "address" if isinstance(value, (dict, Secret)) else "url"),
        ]
        | None
    ) = None
    password: Secret | None = None

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str | Secret | None) -> str | Secret | None:
        if isinstance(url, str):
            if has_password(url):
                raise ValueError('a password never stands in the configuration: leave it out and write password = {env = "NAME"}')
            try:
                full_url(url, Path("/"))
            except UsageError as error:
                raise ValueError(f"{error.message}; {error.hint}") from None
        return url


class ChecklistFolders(_Frozen):
    """Folders with templates of checklists of one's own, their scoring schemes and translations."""

    folders: tuple[Path, ...] = ()


class WaiverSettings(_Frozen):
    """How waivers are reported."""

    soon_days: int = Field(default=30, ge=0)
    """Within how many days the end of a waiver is soon."""


@dataclass(frozen=True)
class Source:
    """One configured source.

    Attributes:
        options: validated by the connector's own `Options`.
        places: what to pull; empty: everything.
        mapping: entries → registers, None where the connector's items need none.
        base: folder that relative paths of the options count from.
    """

    name: str
    connector: str
    options: BaseModel
    base: Path
    project_key: str
    places: tuple[str, ...] = ()
    mapping: EntryMapping | None = None

    def connect(self) -> Connector:
        """Make the connector. Nothing is asked of the source yet."""
        return connector_class(self.connector)(self.options, name=self.name, base=self.base)


@dataclass(frozen=True)
class Project:
    """What `[[project]]` says.

    Attributes:
        places: key of a connector ('jira', 'folders') → places that belong to the project.
        columns: column of the table `project` → declared value.
        record: table or kind of product → name of the source that is its place of record.
        profile: by which profile it is audited; None: by its methodology.
    """

    id: str
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = None


@dataclass(frozen=True)
class Settings:
    """The whole configuration.

    Attributes:
        file: `auditor.toml` itself; `folder` is where it lies.
        profiles: methodology or 'default' → profile.
    """

    file: Path
    store: Store = field(default_factory=Store)
    sources: tuple[Source, ...] = ()
    projects: tuple[Project, ...] = ()
    rules: RuleFolders = field(default_factory=RuleFolders)
    profiles: Mapping[str, str] = field(default_factory=dict)
    ledger: LedgerPlace = field(default_factory=LedgerPlace)
    waivers: WaiverSettings = field(default_factory=WaiverSettings)
    checklists: ChecklistFolders = field(default_factory=ChecklistFolders)

    @property
    def ledger_url(self) -> str:
        """The address of the ledger as `auditor.ledger.ledger.open_ledger` takes it. It may hold a password: never shown, never kept.

        Raises:
            UsageError: a secret that it needs is not there, or what was there is no address.
        """
        said = os.environ.get("AUDITOR_LEDGER_URL") or self.ledger.url
        if said is None:
            return sqlite_url(self.store.path / "ledger.sqlite")
        url = said.read(self.folder) if isinstance(said, Secret) else said
        password = self.ledger.password.read(self.folder) if self.ledger.password is not None else None
        return full_url(url, self.folder, password)

    @property
    def folder(self) -> Path:
        """Where `auditor.toml` lies."""
        return self.file.parent

    @property
    def people_file(self) -> Path:
        """Confirmed aliases of people; may be absent."""
        return self.folder / "people.yaml"

    @property
    def answers_file(self) -> Path:
        """What people answered; may be absent."""
        return self.folder / "answers.yaml"

    @property
    def review_file(self) -> Path:
        """A person's corrections of recognition; may be absent."""
        return self.folder / "recognition-review.yaml"

    @property
    def organisation_folder(self) -> Path:
        """Facts of the organisation, a CSV or YAML file per table; may be absent."""
        return self.folder / "organisation"

    def source(self, name: str) -> Source:
        """Return a source by its name.

        Raises:
            UsageError: there is none of this name.
        """
        for source in self.sources:
            if source.name == name:
                return source
        names = [source.name for source in self.sources]
        raise UsageError(f"no source {name!r}", hint=did_you_mean(name, names) or f"configured: {', '.join(names) or 'none'}")

    @cached_property
    def project_of_place(self) -> Mapping[tuple[str, str], str]:
        """Key of a connector and place → id of the project that `[[project]]` joins it to."""
        return {(key, place): project.id for project in self.projects for key, places in sorted(project.places.items()) for place in places}

    def profile_of(self, project_id: str, methodology: str | None) -> str | None:
        """Return the name of the profile that a project is audited by, or None when nothing says it."""
        declared = next((project.profile for project in self.projects if project.id == project_id), None)
        return declared or self.profiles.get(methodology or "") or self.profiles.get("default")


def load_settings(path: Path) -> Settings:
    """Return what `auditor.toml` says.

    Args:
        path: the file, or the folder it lies in.

    Raises:
        UsageError: the file cannot be read or is no TOML.
        ExceptionGroup: everything else that is wrong with it, of `UsageError`.
    """
    file = (path / FILE if path.is_dir() else path).absolute()
    toml = read_toml(file)
    reading = _Reading(toml, file)
    settings = reading.settings()
    raise_all(f"{file}: the configuration is wrong", reading.errors)
    return settings


class _Reading:
    """One pass over the data of the file; mistakes are gathered."""

    def __init__(self, toml: TomlSource, file: Path) -> None:
        self._toml = toml
        self._file = file
        self.errors: list[AuditorError] = []

    def settings(self) -> Settings:
        data = self._toml.data
        known = ("store", "source", "project", "rules", "profiles", "ledger", "waivers", "checklists")
        for key in data:
            if key not in known:
                self._error(f"unknown key {key!r}", (key,), did_you_mean(key, known))
        store = self._model(Store, self._table(data, "store"), ("store",)) or Store()
        rules = self._model(RuleFolders, self._table(data, "rules"), ("rules",)) or RuleFolders()
        checklists = self._model(ChecklistFolders, self._table(data, "checklists"), ("checklists",)) or ChecklistFolders()
        sources = tuple(filter(None, (self._source(*item) for item in self._list(data, "source"))))
        self._twice(((source.name, ("source", number, "name")) for number, source in enumerate(sources)), "source")
        projects = tuple(filter(None, (self._project(number, said, sources) for number, said in self._list(data, "project"))))
        self._twice(((project.id, ("project", number, "id")) for number, project in enumerate(projects)), "project")
        self._shared_places(projects)
        return Settings(
            self._file,
            self._placed(store),
            sources,
            projects,
            rules.model_copy(update={"folders": tuple(self._file.parent / folder for folder in rules.folders)}),
            self._profiles(data),
            self._model(LedgerPlace, self._table(data, "ledger"), ("ledger",)) or LedgerPlace(),
            self._model(WaiverSettings, self._table(data, "waivers"), ("waivers",)) or WaiverSettings(),
            checklists.model_copy(update={"folders": tuple(self._file.parent / folder for folder in checklists.folders)}),
        )

    def _placed(self, store: Store) -> Store:
        said = {"path": os.environ.get("AUDITOR_STORE_PATH"), "time_zone": os.environ.get("AUDITOR_STORE_TIME_ZONE")}
        try:
            store = Store.model_validate({**store.model_dump(), **{key: value for key, value in said.items() if value}})
        except ValidationError as error:
            for item in error.errors():
                variable = f"AUDITOR_STORE_{str(item['loc'][0]).upper()}"
                self.errors.append(UsageError(f"the environment variable {variable}: {_said(item)}"))
        return store.model_copy(update={"path": self._file.parent / store.path})

    def _profiles(self, data: Mapping[str, Any]) -> dict[str, str]:
        known = (*TABLES["project"].by_name["methodology"].type.codes, "default")
        profiles = {}
        for key, value in self._table(data, "profiles").items():
            if key not in known:
                self._error(f"unknown methodology {key!r}", ("profiles", key), did_you_mean(key, known) or f"one of {', '.join(known)}")
            elif not isinstance(value, str):
                self._error("expected the name of a profile", ("profiles", key))
            else:
                profiles[key] = value
        return profiles

    # Sources

    def _source(self, number: int, said: Mapping[str, Any]) -> Source | None:
        at: Path_ = ("source", number)
        name, connector = said.get("name"), said.get("connector")
        before = len(self.errors)
        if not isinstance(name, str) or not _matches(name):
            self._error("a source needs a `name` of letters, digits, '-', '_' and '.'", (*at, "name"))
        if not isinstance(connector, str):
            self._error("a source needs a `connector`", (*at, "connector"))
            return None
        try:
            found = connector_class(connector)
        except UsageError as error:
            self._error(error.message, (*at, "connector"), error.hint)
            return None
        places = said.get("places", [])
        if not isinstance(places, list) or not all(isinstance(place, str) for place in places):
            self._error("`places` is a list of names", (*at, "places"))
            places = []
        own = {key: value for key, value in said.items() if key not in _OWN_OF_SOURCE}
        if "time_zone" in found.Options.model_fields and "time_zone" not in own:
            own["time_zone"] = self._table(self._toml.data, "store").get("time_zone", "UTC")
        options = self._model(found.Options, own, at, _OWN_OF_SOURCE)
        mapping = self._mapping(found, said.get("mapping"), (*at, "mapping"))
        if options is None or len(self.errors) > before:
            return None
        return Source(str(name), connector, options, self._file.parent, project_key(found), tuple(places), mapping)

    def _mapping(self, connector: ConnectorClass, said: Any, at: Path_) -> EntryMapping | None:
        shipped = getattr(connector, "mapping", None)
        if shipped is None:
            if said is not None:
                self._error("this connector maps no entries to registers", at)
            return None
        mapping: EntryMapping = shipped()
        if said is None:
            return mapping
        try:
            return extend_mapping(mapping, said, file=str(self._file))
        except ExceptionGroup as group:
            for error in group.exceptions:
                assert isinstance(error, AuditorError)
                where, _, message = error.message.partition(": ")
                inner = tuple(int(key) if key.isdigit() else key for key in where.split("."))
                self._error(message or error.message, (*at, *inner), error.hint)
        return mapping

    # Projects

    def _project(self, number: int, said: Mapping[str, Any], sources: tuple[Source, ...]) -> Project | None:
        at: Path_ = ("project", number)
        project_id = said.get("id")
        if not isinstance(project_id, str) or not project_id.strip():
            self._error("a project needs an `id`", (*at, "id"))
            return None
        project = Project(project_id)
        columns = {column.name: column for column in TABLES["project"].own if column.name not in _COMPUTED}
        keys = sorted({source.project_key for source in sources} | {"jira", "folders"})
        values: dict[str, Any] = {}
        places: dict[str, tuple[str, ...]] = {}
        for key, value in said.items():
            if key == "id":
                continue
            if key in keys:
                places[key] = self._names(value, (*at, key))
            elif key == "record":
                project = replace(project, record=self._record(value, (*at, key)))
            elif key == "profile":
                if not isinstance(value, str):
                    self._error("expected the name of a profile", (*at, key))
                project = replace(project, profile=str(value))
            elif key in columns:
                self._column(columns[key], value, values, (*at, key))
            else:
                known = (*columns, *keys, "record", "profile")
                self._error(f"unknown key {key!r}", (*at, key), did_you_mean(key, known))
        return replace(project, columns=values, places=places)

    def _names(self, value: Any, at: Path_) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._error("expected a list of names", at)
            return ()
        return tuple(item.strip("/") for item in value)

    def _record(self, value: Any, at: Path_) -> dict[str, str]:
        if not isinstance(value, dict):
            self._error('expected a table such as {risk = "tracker"}', at)
            return {}
        # A source that has a mistake of its own is there all the same.
        names = [str(said.get("name")) for said in self._toml.data.get("source", []) if isinstance(said, dict)]
        for table, name in value.items():
            if name not in names:
                self._error(f"no source {name!r}", (*at, table), did_you_mean(str(name), names))
            elif table in TABLES and not (TABLES[table].is_register or table in ("artefact", "product")):
                self._error(f"{table!r} has no place of record: it is the union of its sources", (*at, table))
        return {table: str(name) for table, name in value.items()}

    def _column(self, column: Column, value: Any, values: dict[str, Any], at: Path_) -> None:
        found = _declared(column, value)
        if found is None:
            codes = column.type.codes
            hint = (did_you_mean(str(value), codes) or f"one of {', '.join(codes)}") if codes else None
            expected = "one of its values" if codes else {"day": "a date", "decimal": "an amount"}.get(column.type.kind, column.type.kind)
            self._error(f"{column.name}: expected {expected}, not {value!r}", at, hint)
        else:
            values[column.name] = found

    def _shared_places(self, projects: tuple[Project, ...]) -> None:
        owner: dict[tuple[str, str], str] = {}
        for number, project in enumerate(projects):
            for key, places in project.places.items():
                for place in places:
                    first = owner.setdefault((key, place), project.id)
                    if first != project.id:
                        self._error(f"{place!r} belongs to the project {first!r} already", ("project", number, key))

    # Helpers

    def _table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = data.get(key, {})
        if isinstance(found, dict):
            return found
        self._error(f"[{key}] is a table", (key,))
        return {}

    def _list(self, data: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
        found = data.get(key, [])
        if isinstance(found, list) and all(isinstance(item, dict) for item in found):
            return list(enumerate(found))
        self._error(f"[[{key}]] is a list of tables: write two brackets on each side", (key,))
        return []

    def _twice(self, names: Iterable[tuple[str, Path_]], what: str) -> None:
        seen = set()
        for name, at in names:
            if name in seen:
                self._error(f"the {what} {name!r} stands here twice", at)
            seen.add(name)

    def _model(self, model: type[Any], said: Mapping[str, Any], at: Path_, more: tuple[str, ...] = ()) -> Any:
        try:
            return model.model_validate(dict(said))
        except ValidationError as error:
            for item in error.errors():
                place = (*at, *item["loc"])
                if item["type"] == "extra_forbidden":
                    key = str(item["loc"][-1])
                    self._error(f"unknown key {key!r}", place, did_you_mean(key, (*model.model_fields, *more)))
                elif item["type"] == "missing":
                    self._error(f"`{item['loc'][-1]}` is missing", at)
                else:
                    self._error(f"{item['loc'][-1]}: {_said(item)}" if item["loc"] else _said(item), place)
        return None

    def _error(self, message: str, at: Path_, hint: str | None = None) -> None:
        where = self._toml.at(at)
        if _MAY_HOLD_SECRET.search(where.text):
            where = replace(where, text="")  # written there by mistake, and shown no further
        self.errors.append(UsageError(message, at=where, hint=hint))


def _said(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _matches(name: str) -> bool:
    return re.match(_NAME, name) is not None


def _declared(column: Column, value: Any) -> Any:
    """Return a value of TOML as the column's value, or None when it is none."""
    kind = column.type.kind
    if kind is Kind.CODE:
        return value if value in column.type.codes else None
    if kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else None
    if kind is Kind.DAY:
        return _day(value)
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        return _amount(column, value)
    if column.name == "tags" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _amount(column: Column, value: Any) -> Decimal | int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        amount = Decimal(str(value))
        places = column.type.sql.partition(",")[2].rstrip(")")
        return amount.quantize(Decimal(1).scaleb(-int(places or 0))) if amount.is_finite() else None
    except InvalidOperation:
        return None
