"""A file of Microsoft Project XML as plain JSON values: only what the model can hold, in the file's own words.

Elements are read while the file streams by; a document type, an entity, or more depth than the format has is refused.
"""

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from auditor_connectors.documents.container import local
from auditor_connectors.documents.limits import Unreadable

ROOT = "Project"
_MOST_DEPTH = 32
_MOST_ELEMENTS = 20_000_000
_MOST_THINGS = 500_000
_LONGEST = 4_000
_PROJECT = frozenset(
    {"GUID", "Name", "Title", "Manager", "CreationDate", "LastSaved", "StartDate", "FinishDate", "StatusDate", "CurrencyCode"}
)
_TASK = frozenset(
    {
        "UID", "ID", "Name", "Active", "IsNull", "WBS", "OutlineNumber", "OutlineLevel", "Priority", "Start", "Finish", "Summary",
        "Milestone", "ExternalTask", "PercentComplete", "ActualStart", "ActualFinish", "Work", "ActualWork", "RemainingWork", "CreateDate",
    }
)  # fmt: skip
_RESOURCE = frozenset({"UID", "Name", "Type", "IsNull", "EmailAddress"})
_ASSIGNMENT = frozenset({"UID", "TaskUID", "ResourceUID"})
_BASELINE = frozenset({"Number", "Start", "Finish"})
_PREDECESSOR = frozenset({"PredecessorUID", "Type", "CrossProject", "LinkLag", "LagFormat"})


def read_schedule(file: IO[bytes]) -> dict[str, Any]:
    """Return `{"project": …, "tasks": […], "resources": […], "assignments": […]}`; values are texts.

    Raises:
        Unreadable: it is no such file, not well-formed, declares a document type, or is beyond the limits.
    """
    found: dict[str, Any] = {"project": {}, "tasks": [], "resources": [], "assignments": []}
    try:
        for element, depth in _elements(file):
            name = local(element)
            if depth == 2 and name in _PROJECT:
                found["project"][name] = _text(element)
            elif depth == 3 and name in {"Task", "Resource", "Assignment"}:
                parent = element.getparent()
                if parent is None or local(parent) != f"{name}s":
                    continue
                things = found[f"{name.lower()}s"]
                if len(things) >= _MOST_THINGS:
                    raise Unreadable("too_large", f"more than {_MOST_THINGS} tasks, resources or assignments")
                things.append(_task(element) if name == "Task" else _values(element, _RESOURCE if name == "Resource" else _ASSIGNMENT))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Unreadable("damaged", f"it is not well-formed (line {line}, column {column})") from error
    return found


def _elements(file: IO[bytes]) -> Iterator[tuple[etree._Element, int]]:
    """Yield the elements at depth 2 and 3 when they end, then free them."""
    depth = count = 0
    events = etree.iterparse(
        file,
        events=("start", "end"),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for event, element in events:
        if event == "start":
            depth += 1
            count += 1
            if depth == 1:
                info = element.getroottree().docinfo
                if info.internalDTD is not None or info.doctype:
                    raise Unreadable("damaged", "it declares a document type, which its format forbids")
                if local(element) != ROOT:
                    raise Unreadable("unsupported", "XML that is no schedule of Microsoft Project")
            if depth > _MOST_DEPTH:
                raise Unreadable("damaged", "nested too deeply")
            if count > _MOST_ELEMENTS:
                raise Unreadable("too_large", f"more than {_MOST_ELEMENTS} elements")
            continue
        if depth in {2, 3}:
            yield element, depth
        if depth <= 3:
            # What ended stays in its parent until it is taken out; the inside of a task is needed until the task ends.
            parent = element.getparent()
            element.clear()
            if parent is not None:
                while element.getprevious() is not None:
                    del parent[0]
        depth -= 1


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()[:_LONGEST]


def _values(element: etree._Element, wanted: frozenset[str]) -> dict[str, Any]:
    return {name: _text(child) for child in element if (name := local(child)) in wanted}


def _task(element: etree._Element) -> dict[str, Any]:
    values: dict[str, Any] = _values(element, _TASK)
    baselines = [_values(child, _BASELINE) for child in element if local(child) == "Baseline"]
    predecessors = [_values(child, _PREDECESSOR) for child in element if local(child) == "PredecessorLink"]
    if baselines:
        values["baselines"] = baselines
    if predecessors:
        values["predecessors"] = predecessors
    notes = next((child for child in element if local(child) == "Notes"), None)
    values["has_notes"] = notes is not None and bool(_text(notes))
    return values
