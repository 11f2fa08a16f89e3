"""Columns of lists and libraries: internal and display names, and what their values say to a person."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from auditor.connect.document import Cell
from auditor_connectors.sharepoint.shapes import instant

_KINDS = (
    "boolean", "calculated", "choice", "contentApprovalStatus", "currency", "dateTime", "geolocation", "hyperlinkOrPicture", "lookup",
    "number", "personOrGroup", "term", "text", "thumbnail",
)  # fmt: skip
_LOOKUPS = frozenset({"lookup", "personOrGroup", "term"})
LOOKUPS_AT_ONCE = 8
"""Columns that look something up in one query: 12 are allowed, those of every item (created by, modified by …) count."""
_OF_THE_SYSTEM = frozenset(
    {
        "_ColorTag", "_ColorHex", "_CommentCount", "_ComplianceFlags", "_ComplianceTag", "_ComplianceTagUserId",
        "_ComplianceTagWrittenTime", "_CopySource", "_EditMenuTableEnd", "_EditMenuTableStart", "_EditMenuTableStart2", "_Emoji",
        "_HasCopyDestinations", "_IsRecord", "_LikeCount", "_ModerationComments", "_ModerationStatus", "_UIVersion",
        "_UIVersionString", "AppAuthor", "AppEditor", "Attachments", "Author", "BaseName", "CheckedOutTitle", "CheckoutUser",
        "ComplianceAssetId", "ContentType", "ContentTypeId", "ContentVersion", "Created", "DocIcon", "Edit", "Editor",
        "EncodedAbsUrl", "File_x0020_Type", "FileDirRef", "FileLeafRef", "FileRef", "FileSizeDisplay", "FolderChildCount", "GUID",
        "HTML_x0020_File_x0020_Type", "ID", "ItemChildCount", "LinkCheckedOutTitle", "LinkFilename", "LinkFilename2",
        "LinkFilenameNoMenu", "LinkTitle", "LinkTitle2", "LinkTitleNoMenu", "MediaServiceAutoTags", "MediaServiceFastMetadata",
        "MediaServiceKeyPoints", "MediaServiceMetadata", "MediaServiceOCR", "MetaInfo", "Modified", "Order", "ParentLeafName",
        "ParentVersionString", "PermMask", "PrincipalCount", "ProgId", "ScopeId", "SelectFilename", "SelectTitle", "ServerUrl",
        "SMTotalSize", "SortBehavior", "SyncClientId", "TaxCatchAll", "TaxCatchAllLabel", "TemplateUrl", "UniqueId",
        "VirusStatus", "WorkflowVersion", "xd_ProgID", "xd_Signature",
    }
)  # fmt: skip
"""Columns that every list has, which say nothing that people entered, or what is known otherwise."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr)\b[^<>]{0,500}>")
_HTML = re.compile(r"(?i)</?(?:div|p|br|span|ul|ol|li|table|a|b|i|strong|em|font)\b[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: internal; never changes.
        title: as people see it.
        kind: the facet: 'text', 'dateTime' …; 'other': none that is known.
        is_day: a moment without a time.
    """

    name: str
    title: str
    kind: str
    is_hidden: bool
    is_day: bool = False

    @property
    def is_lookup(self) -> bool:
        """Whether a query pays for it with a lookup."""
        return self.kind in _LOOKUPS

    @property
    def is_own(self) -> bool:
        """Whether people of the site made it, to enter something."""
        return not self.is_hidden and self.name not in _OF_THE_SYSTEM


def columns_of(definitions: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Return the columns that a list declares, in its order."""
    found = []
    for said in definitions:
        name = said.get("name")
        if not isinstance(name, str) or not name:
            continue
        kind = next((kind for kind in _KINDS if kind in said), "other")
        form = said.get("dateTime") if isinstance(said.get("dateTime"), Mapping) else said.get("calculated")
        is_day = isinstance(form, Mapping) and form.get("format") == "dateOnly"
        if kind == "calculated" and isinstance(form, Mapping) and form.get("outputType") == "dateTime":
            kind = "dateTime"
        found.append(Column(name, str(said.get("displayName") or name), kind, bool(said.get("hidden")), is_day))
    return tuple(found)


def has_approval(columns: Iterable[Column]) -> bool:
    """Say whether content approval is on: every list has the column for it, and shows it only then."""
    return any(
        (column.kind == "contentApprovalStatus" or column.name == "_ModerationStatus") and not column.is_hidden for column in columns
    )


def selections(columns: Iterable[Column], always: Iterable[str] = ()) -> list[str]:
    """Return the names of columns to ask for, in as many queries as their lookups need."""
    plain, lookups = list(always), []
    for column in columns:
        if column.is_lookup:
            lookups.append(column.name)
        elif column.name not in plain:
            plain.append(column.name)
    groups = [lookups[begin : begin + LOOKUPS_AT_ONCE] for begin in range(0, len(lookups), LOOKUPS_AT_ONCE)] or [[]]
    # A query without a plain column would name no column at all where the lookups are left out.
    return [",".join([*(plain if number == 0 else ["ID"]), *group]) for number, group in enumerate(groups)]


def cell(column: Column, fields: Mapping[str, Any], users: Mapping[str, str], zone: ZoneInfo) -> Cell:
    """Return what an item says in a column.

    Args:
        column: which.
        fields: internal name → value; a column without a value is missing.
        users: id in the site → name and address.
        zone: in which moments become days.
    """
    raw = fields.get(column.name)
    if raw in (None, "", []):
        number = fields.get(f"{column.name}LookupId")
        if number in (None, "", []):
            return Cell("", type="empty")
        texts = [_of_lookup(item, column, users) for item in (number if isinstance(number, list) else [number])]
        if any(text is None for text in texts):
            return Cell("", type="uncalculated")  # there is a value, and nobody says which
        return Cell("; ".join(text for text in texts if text))
    if column.kind == "dateTime":
        return _moment(column, raw, zone)
    if column.kind == "boolean" and isinstance(raw, bool):
        return Cell("Yes" if raw else "No", raw, "boolean")
    if isinstance(raw, bool):
        return Cell("Yes" if raw else "No", raw, "boolean")
    if isinstance(raw, (int, float)):
        shown = str(int(raw)) if isinstance(raw, int) or raw.is_integer() else repr(raw)
        return Cell(shown, int(raw) if isinstance(raw, float) and raw.is_integer() else raw, "number")
    texts = [_said(item, column, users) for item in (raw if isinstance(raw, list) else [raw])]
    if any(text is None for text in texts):
        return Cell("", type="uncalculated")
    link = raw.get("Url") if column.kind == "hyperlinkOrPicture" and isinstance(raw, dict) else None
    text = "; ".join(text for text in texts if text)
    return Cell(text, link=str(link) if link else None) if text else Cell("", type="empty")


def people_in(columns: Iterable[Column], fields: Mapping[str, Any], users: Mapping[str, str]) -> dict[str, str]:
    """Return those of the *users* that an item names in a column: nobody else's name and address is kept."""
    found: dict[str, str] = {}
    for column in columns:
        if column.kind != "personOrGroup":
            continue
        for raw in (fields.get(column.name), fields.get(f"{column.name}LookupId")):
            for item in raw if isinstance(raw, list) else [raw]:
                number = str(item.get("LookupId") if isinstance(item, dict) else item)
                if number in users:
                    found[number] = users[number]
                elif isinstance(item, str):
                    found |= {key: shown for key, shown in users.items() if shown.partition(" <")[0] == item.strip()}
    return found


def text_of(column: Column, fields: Mapping[str, Any], users: Mapping[str, str], zone: ZoneInfo) -> str | None:
    """Return what an item says in a column as text; '': nothing; None: something that nobody tells."""
    found = cell(column, fields, users, zone)
    return None if found.type == "uncalculated" else found.text


def _moment(column: Column, raw: Any, zone: ZoneInfo) -> Cell:
    at = instant(raw)
    if at is None:
        return Cell("", type="empty") if str(raw).startswith("0001-01-01") else Cell(str(raw))
    if column.is_day:
        # A day is stored as midnight of the site's own zone, which nobody tells: the nearest midnight is it.
        day = (at + timedelta(hours=12)).date().isoformat() if (at.hour, at.minute) != (0, 0) else at.date().isoformat()
        return Cell(day, day, "date")
    local = at.astimezone(zone)
    return Cell(local.strftime("%Y-%m-%d %H:%M"), local.date().isoformat(), "date")


def _of_lookup(number: Any, column: Column, users: Mapping[str, str]) -> str | None:
    return users.get(str(number)) if column.kind == "personOrGroup" else None


def _said(raw: Any, column: Column, users: Mapping[str, str]) -> str | None:
    """Return one value as text; None: there is one, and it does not say what it is."""
    if isinstance(raw, dict):
        if column.kind == "personOrGroup":
            known = users.get(str(raw.get("LookupId")))
            name, address = str(raw.get("LookupValue") or "").strip(), str(raw.get("Email") or "").strip()
            return known or (f"{name} <{address}>" if name and address else name or address or None)
        if column.kind == "term" and str(raw.get("Label") or "") == str(raw.get("WssId")):
            return None  # a number that the site gave the term, not its word
        for key in ("Label", "LookupValue", "Description", "Url", "DisplayName"):
            if raw.get(key):
                return plain(str(raw[key]))
        return None
    if column.kind == "personOrGroup":
        text = str(raw).strip()
        same = [shown for shown in users.values() if shown.partition(" <")[0] == text]
        return same[0] if len(same) == 1 else text
    return plain(str(raw))


def plain(text: str) -> str:
    """Return rich text without its marks."""
    if _HTML.search(text):
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return "\n".join(line.strip() for line in text.replace("\u200b", "").splitlines() if line.strip())


def shown(columns: Iterable[Column], titles: Mapping[str, str]) -> Iterator[tuple[Column, str]]:
    """Yield the columns that a register shows, with the words above them.

    Args:
        columns: of the list.
        titles: internal or display name → what it is to be called; '' leaves it out. What stands here is shown though it is hidden.
    """
    wanted = {name.casefold(): title for name, title in titles.items()}
    for column in columns:
        said = wanted.get(column.name.casefold(), wanted.get(column.title.casefold()))
        if said is None and column.is_own:
            yield column, column.title
        elif said:
            yield column, said
