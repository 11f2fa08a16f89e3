"""What a connector is, and what it hands over.

A connector *pulls* raw records (kept in the raw store as the source served them) and *reads* a raw record into items that know nothing
of vendors: documents, entries of trackers and lists, and ready facts. Pulling does I/O and is resumable; reading is a pure function
that runs at snapshot time, so that better mapping needs no new pull.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from auditor.connect.document import Document


@dataclass(frozen=True, slots=True)
class Record:
    """One thing of a source, as the source served it."""

    key: str  # unique in the source and stable: a path, an issue id
    kind: str  # 'document', 'jira.issue', 'jira.fields' …: for the connector's own `read`
    place: str  # the source's own word for the project: first-level folder, Jira project key; '' = the whole source
    payload: dict[str, Any]  # JSON values
    fingerprint: str  # changes when the thing may have changed: size + mtime, `updated`
    url: str = ""
    version: str = ""
    changed_at: datetime | None = None  # UTC
    content_hash: str = ""  # SHA-256 of the content, hexadecimal


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A known record is still there with the same fingerprint."""

    key: str


UnreadReason = Literal[
    "no_text_layer",
    "encrypted",
    "damaged",
    "too_large",
    "time_limit",
    "memory_limit",
    "not_a_document",
    "unsupported",
    "locked",
    "permission_denied",
    "empty",
    "offline",
    "crashed",
]
"""Why something that is there could not be read."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something is there and could not be read. It stays a candidate for what it may hold."""

    key: str
    place: str
    path: str  # or another name that a person knows it by
    reason: UnreadReason
    error: str = ""  # one line, no content of the file
    url: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """A part of the scope was walked to its end, or was not.

    Only a complete walk lets the runner conclude that what it did not meet is gone.

    Attributes:
        is_delta: only what changed was listed: what was not met is as it was, unless a `Gone` tells otherwise.
    """

    place: str
    is_complete: bool
    reason: str = ""  # when not: permission_denied, page_failed, limit_reached …
    detail: str = ""
    url: str = ""
    is_delta: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The source says that a thing is not there any more: for walks that list changes only."""

    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the next pull may begin: a link to changes, a moment.

    It is kept only when *place* was walked completely and everything before it is written; until then `Known.watermark` gives the last one
    that was. No secret belongs into it.
    """

    place: str
    name: str  # unique in the source
    value: str


@dataclass(frozen=True, slots=True)
class Expected:
    """So many things will come of a place, as far as is known: for the display of progress only."""

    place: str
    count: int


Pulled = Record | Unchanged | Unread | Walked | Gone | Mark | Expected


class Known(Protocol):
    """What earlier pulls of this source left behind."""

    def fingerprint(self, key: str) -> str | None:
        """Return the fingerprint of a live record or unread thing, or None when it is new."""
        ...

    def fingerprints(self, place: str) -> Mapping[str, str]:
        """Return key → fingerprint of what is live in a place: for sources that list everything at once."""
        ...

    def watermark(self, name: str) -> str | None:
        """Return the value of the last `Mark` of this name that was kept; 'started_at': when the last complete pull began; None: none."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What to pull."""

    places: tuple[str, ...] = ()  # empty: everything in the source


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one recorded edit, in the source's words."""

    edit_id: str
    field: str
    at: datetime  # UTC
    by: str | None  # person key
    from_value: str | None  # label
    to_value: str | None
    from_id: str | None = None  # the source's id of the value
    to_id: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a table of the model, ready but for the identity of its project.

    Attributes:
        values: column → value; columns that are missing here are blank when in *filled*, unknown otherwise. People are given by their
            source's id; the connector also hands over the `person` fact.
        filled: own columns that this source fills for this row.
    """

    table: str
    id: str
    values: Mapping[str, Any]
    filled: frozenset[str]
    locator: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a tracker or list that a declared mapping turns into rows of registers.

    The ready facts about it (work item, comments …) come beside it as `Fact`; *id* is the same.
    """

    type: str  # the source's word: 'Risk', 'Change Request'
    id: str
    values: Mapping[str, Any]  # the source's field name → plain value (text, number, bool, ISO day or instant, list of those)
    people: Mapping[str, str]  # fields whose value is a person → person id
    changes: tuple[Change, ...] = ()
    has_changes: bool = False  # False: the source gave no history, the past is unknown
    locator: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """A row of a table as somebody left it, where the repository keeps what rows were before.

    Attributes:
        key: the repository's own id of the row: it stays when rows above it come and go.
        version: the repository's word for this state of it.
        line: row of the table in `Past.document` that says it, from 1 on, as in locators.
        of: row of the table of today that it became; *line* itself for what stands there now.
        at: when it was written (UTC).
        by: who wrote it, as written; None: nobody is named.
    """

    key: str
    version: str
    line: int
    of: int
    at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """How the rows of a document's only table were.

    Attributes:
        document: as it is now, its table followed by its rows as they were: what a column means is the same for all of them.
        editions: of every row that stands there now, at least as it is; those of one row together, the oldest first.
        is_whole: whether no change of these rows is missing.
    """

    document: Document
    editions: tuple[Edition, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file with its structure and what the repository knows about it."""

    document: Document
    path: str  # relative to the source's root, '/' as separator, printable
    values: Mapping[str, Any] = field(default_factory=dict)  # columns of `artefact` that the repository fills
    filled: frozenset[str] = frozenset()
    facts: tuple[Fact, ...] = ()
    """What else the repository knows of the document: its versions, approvals. Columns that name the document are filled by whoever
    takes them: the connector does not know its id."""
    past: Past | None = None
    """How its rows were, where the repository keeps that row by row."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Which columns of a table this source fills in this place even when it has no row there."""

    table: str
    columns: frozenset[str]
    is_complete: bool = True
    history_from: str | None = None  # ISO day; None: no history
    reason: str = ""  # when not complete


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What a source holds for a table and no declaration takes. It is counted and shown, never dropped in silence."""

    table: str
    field: str  # the source's word for a column, or with *word* the column of the model
    count: int
    word: str = ""  # a word of the source that stands for no value of the column


Item = Parsed | Entry | Fact | Filled | Unmapped


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source that a connector believes to have found: for `auditor init`.

    A connector that can look for sources has a static method `propose(folder: Path) -> Iterator[Proposal]`; it reads little and asks no
    other machine. One that can ask a source what it holds has a method `suggest() -> Proposal`; its errors are those of `pull`.
    """

    options: Mapping[str, str]  # of the connector, as `auditor.toml` would say them; paths relative to the folder
    why: str
    secrets: Mapping[str, str] = field(default_factory=dict)  # option → variable of the environment that holds it
    places: Mapping[str, str] = field(default_factory=dict)  # what could be pulled → its name
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # 'registers.risk.types' → the source's words, to be confirmed
    remarks: tuple[str, ...] = ()  # what a person should know or decide, a line each


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a source says of itself and of us: for `auditor doctor`.

    A connector that can ask has a method `diagnose(self, scope: Scope) -> Diagnosis | None`; it asks little. What cannot be asked is left
    empty; None: there is nobody to ask.
    Errors are those of `pull`.
    """

    account: str = ""  # as whom the source knows us
    dialect: str = ""  # product, version, interface
    seen: tuple[str, ...] = ()  # what the account may see, a line each
    unseen: tuple[str, ...] = ()  # what it may not see, and who can change that
    clock_skew_seconds: float | None = None  # the source's clock before ours
    head_room: str = ""  # what is left of the source's rate limits
    hidden: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # line of `unseen` → tables that are not complete for it; (): all that the source holds


class Connector(Protocol):
    """Reads one kind of source. Never writes to it.

    An instance is made from its table in `auditor.toml` (`Options` is a pydantic model, so that mistakes are told at load).
    A class whose facts and entries give people by their names, as somebody wrote them, and not by ids of accounts, says
    `gives_names = True`: the snapshot turns names into persons.
    """

    name: str

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield what is in *scope*; each place ends with its `Walked`.

        What `known` holds with the same fingerprint may be reported as `Unchanged` instead of being read again.

        Raises:
            AccessDenied: the account may not read the source at all.
            SourceUnavailable: retries were used up; what was yielded before is valid.
        """
        ...

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the items of *records* (all of one place), without I/O; the same records give the same items.

        Metadata records (field lists) of the place come with the others, in any order.
        """
        ...
