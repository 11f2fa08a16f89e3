"""Artefacts, what they fulfil, and the repository they lie in."""

from typing import Annotated, ClassVar, Literal

from auditor.model.row import Row
from auditor.model.types import Code, Day, Flag, Instant, PersonId, Quantity, Reference, Share, Text, Whole


class Artefact(Row):
    """A document (file), also one that could be recognised as nothing.

    Source: file shares, SharePoint libraries.
    """

    has_history: ClassVar[bool] = True

    kind: Text = None
    kind_confidence: Share = None
    title: Text = None
    path: Text = None
    folder: Text = None
    file_name: Text = None
    media_type: Text = None
    size_bytes: Whole = None
    language: Text = None
    status: Annotated[Literal["draft", "in_review", "approved", "baselined", "superseded", "archived"] | None, Code()] = None
    version: Text = None
    version_in_name: Text = None
    version_on_cover: Text = None
    version_in_history: Text = None
    date_on_cover: Day = None
    author_id: PersonId = None
    owner_id: PersonId = None
    created_at: Instant = None
    modified_at: Instant = None
    modified_by: PersonId = None
    submitted_on: Day = None
    approved_on: Day = None
    approved_by: PersonId = None
    published_level: Annotated[Literal["draft", "minor", "major"] | None, Code()] = None
    is_checked_out: Flag = None
    checked_out_at: Instant = None
    sensitivity: Text = None
    retention_label: Text = None
    lineage_id: Reference = None
    is_current: Flag = None
    template_id: Reference = None
    is_template_unchanged: Flag = None
    page_count: Whole = None
    word_count: Whole = None
    placeholder_count: Whole = None
    tracked_change_count: Whole = None
    comment_count: Whole = None
    broken_reference_count: Whole = None


class Product(Row):
    """What fulfils which management product: a file, a section of a file, a register held in a tool.

    Source: computed at snapshot time from artefact, section and registers.
    """

    kind: Text = None
    artefact_id: Reference = None
    section_id: Reference = None
    table_name: Text = None
    confidence: Share = None
    is_current: Flag = None
    status: Annotated[Literal["draft", "in_review", "approved", "baselined", "superseded", "archived"] | None, Code()] = None
    version: Text = None
    created_on: Day = None
    approved_on: Day = None
    approved_by: PersonId = None


class Expected(Row):
    """A product that this project owes, as tailoring computed it.

    Source: tailoring.
    """

    kind: Text = None
    obligation: Annotated[Literal["mandatory", "recommended", "optional", "not_used"] | None, Code()] = None
    why: Text = None
    because_of: Text = None


class ArtefactVersion(Row):
    """One version of a document.

    Source: SharePoint versions, version history tables in documents, successive pulls.
    """

    artefact_id: Reference = None
    version: Text = None
    is_major: Flag = None
    modified_at: Instant = None
    modified_by: PersonId = None
    status: Annotated[Literal["draft", "in_review", "approved", "baselined", "superseded", "archived"] | None, Code()] = None
    approved_on: Day = None
    approved_by: PersonId = None
    comment: Text = None
    unbacked: Text = None
    """The part of `comment` that tells of moved dates, cost, scope or criteria and names no change, decision or approval; blank: none.
    Computed at snapshot time."""
    size_bytes: Whole = None


class Section(Row):
    """A heading of a document with the text below it.

    Source: documents.
    """

    artefact_id: Reference = None
    position: Whole = None
    level: Whole = None
    heading: Text = None
    kind: Text = None
    text: Text = None
    language: Text = None
    word_count: Whole = None
    placeholder_count: Whole = None
    is_empty: Flag = None
    similarity_to_previous: Share = None


class ArtefactProperty(Row):
    """A core or custom property of a file, or a library column.

    Source: documents, SharePoint.
    """

    artefact_id: Reference = None
    name: Text = None
    value: Text = None


class ListedItem(Row):
    """What a document or minutes list row by row and that is no register of its own.

    Source: documents.
    """

    artefact_id: Reference = None
    section_id: Reference = None
    kind: Annotated[
        Literal[
            "deliverable",
            "milestone",
            "success_criterion",
            "risk",
            "issue",
            "change",
            "decision",
            "told_decision",
            "action",
            "assumption",
            "constraint",
            "option",
            "benefit",
            "lesson",
            "requirement",
            "activity",
            "role_assignment",
            "tailoring",
            "escalation_level",
            "delegation",
            "communication",
            "report_in_use",
            "acceptance_criterion",
            "history_entry",
            "reference",
            "figure",
            "departure",
        ]
        | None,
        Code(),
    ] = None
    position: Whole = None
    ref: Text = None
    name: Text = None
    text: Text = None
    person_id: PersonId = None
    role: Text = None
    on_date: Day = None
    value: Text = None
    number: Quantity = None
    unit: Text = None
    names_kind: Text = None
    is_used: Flag = None
    reason: Text = None
    likeness: Whole = None
    """How much of it one entry of the register of its kind says, 0..100; 100 where it names one. Computed at snapshot time."""


class Approval(Row):
    """A person approved, reviewed or accepted a row of another table.

    Source: approver tables, SharePoint approval, minutes.
    """

    table_name: Text = None
    row_id: Reference = None
    version: Text = None
    person_id: PersonId = None
    role: Text = None
    action: Annotated[Literal["approve", "review", "accept", "authorise", "confirm"] | None, Code()] = None
    decision: Annotated[Literal["approved", "conditional", "rejected", "pending"] | None, Code()] = None
    requested_at: Instant = None
    decided_on: Day = None
    recorded_at: Instant = None
    medium: Annotated[Literal["workflow", "signature", "column", "approval_table", "minutes", "mail"] | None, Code()] = None
    on_behalf_of_id: PersonId = None


class Distribution(Row):
    """Something was sent to somebody.

    Source: distribution lists, mail exports.
    """

    table_name: Text = None
    row_id: Reference = None
    version: Text = None
    sent_on: Day = None
    recipient: PersonId = None
    medium: Text = None


class Baseline(Row):
    """A version of a document was frozen as the reference.

    Source: version histories.
    """

    artefact_id: Reference = None
    version: Text = None
    baselined_on: Day = None
    approved_by: PersonId = None


class Folder(Row):
    """A folder of the repository.

    Source: file shares, SharePoint libraries.
    """

    path: Text = None
    kind: Text = None
    is_read_only: Flag = None


class AccessRight(Row):
    """A right that a person or group has on a row.

    Source: SharePoint permissions.
    """

    table_name: Text = None
    row_id: Reference = None
    grantee_id: PersonId = None
    is_group: Flag = None
    right: Text = None
    granted_on: Day = None


class Link(Row):
    """*from* does *kind* to *to*: a work item mitigates a risk.

    Source: Jira links, id columns of registers.
    """

    from_table: Text = None
    from_id: Reference = None
    to_table: Text = None
    to_id: Reference = None
    kind: Annotated[
        Literal[
            "implements", "verifies", "mitigates", "blocks", "duplicates", "relates", "realises", "child_of", "references", "supersedes"
        ]
        | None,
        Code(),
    ] = None
    is_broken: Flag = None


class Match(Row):
    """Two rows are about the same thing by their texts; computed at snapshot time, where texts may be compared.

    Source: computed.
    """

    from_table: Text = None
    from_id: Reference = None
    to_table: Text = None
    to_id: Reference = None
    kind: Annotated[Literal["same_thing", "names"] | None, Code()] = None
    score: Share = None


class Mention(Row):
    """How much of a row one document says that should speak of it; computed at snapshot time, where texts may be compared.

    Source: computed, for the pairs that packs declare (`looked_for` of recognition.yaml).
    """

    from_table: Text = None
    from_id: Reference = None
    from_artefact_id: Reference = None
    """The document in which the row stands; blank for rows of a tool."""
    kind: Text = None
    """Kind of a listed item; blank for rows of registers."""
    ref: Text = None
    name: Text = None
    product_kind: Text = None
    artefact_id: Reference = None
    """The document in which the row was looked for, a current one of that kind."""
    likeness: Whole = None
    """How much of the row's telling words one passage of the document has, 0..100; 100 where it names its id."""
    most: Whole = None
    """The highest `likeness` of all documents that are, hold or may be of that kind; unknown where one of them was not read."""
    others_found: Whole = None
    """Other rows of its list that the document has: by their ids where the row has one, else six tenths of their telling words or more."""
    others_missed: Whole = None
    """Other rows of its list of which it has less."""


class UnknownId(Row):
    """An id of a register's shape that a document names and no entry of that register bears.

    Source: computed at snapshot time, for registers that documents hold.
    """

    artefact_id: Reference = None
    table_name: Text = None
    """The register whose entries are numbered so."""
    ref: Text = None
    text: Text = None


class ProjectParameter(Row):
    """A value that the documents of the project set for themselves.

    Source: Handbook, management plans, PID.
    """

    name: Text = None
    value: Text = None
    unit: Text = None
    artefact_id: Reference = None
    section_id: Reference = None
