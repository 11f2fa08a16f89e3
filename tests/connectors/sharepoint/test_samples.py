"""Recorded answers of real tenants: each parses to its end, and every field of it is taken or counted."""

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

from auditor_connectors.sharepoint.columns import columns_of
from auditor_connectors.sharepoint.shapes import SHAPES, deepest_code, instant, person, taken

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "graph"

pytestmark = [pytest.mark.samples, pytest.mark.skipif(not SAMPLES.is_dir(), reason="the recorded answers are not here")]

# By the last resource that the OData context of an answer names.
KINDS = {
    "sites": "site",
    "drives": "drive",
    "items": "driveItem",
    "driveItem": "driveItem",
    "list": "list",
    "listItem": "listItem",
    "permissions": "permission",
    "permission": "permission",
    "contentTypes": "contentType",
    "columns": "column",
    "sharedColumns": "column",
}
DOCUMENTED = {
    "drive_get-": "drive",
    "drive_list": "drive",
    "drive_recent": "driveItem",
    "driveitem_delta": "driveItem",
    "driveitem_list_children": "driveItem",
    "driveitem_list_versions": "version",
    "driveitem_search": "driveItem",
    "list_list": "list",
    "listitem_get": "listItem",
    "listitemversion": "version",
    "permission_get": "permission",
    "site_": "site",
    "shares_get": "driveItem",
    "drive_get_special": "driveItem",
}


def recorded(folder):
    """(file, body) of every answer, those inside batches too."""
    for file in sorted((SAMPLES / folder).glob("*.json")):
        body = json.loads(file.read_text("utf-8"))["body"]
        if isinstance(body, dict) and isinstance(body.get("responses"), list):
            for number, part in enumerate(body["responses"]):
                yield f"{file.name}#{number}", part.get("body")
        else:
            yield file.name, body


def kind_of(body):
    """What an answer is, by its context; None: something that no project's documents or registers need."""
    context = unquote(str(body.get("@odata.context", ""))).partition("$metadata#")[2].removesuffix("/$entity")
    last = ""
    while context != last:
        last, context = context, re.sub(r"\([^()]*\)", "", context)
    name = context.rpartition("/")[2].removeprefix("microsoft.graph.")
    if not name and any("@odata.type" in item and "link" in item for item in body.get("value", ()) if isinstance(item, dict)):
        return "permission"
    return KINDS.get(name)


def things(body):
    values = body.get("value")
    return [item for item in values if isinstance(item, dict)] if isinstance(values, list) else [body]


def lost(kind, data, found, unmapped):
    """Fields that were neither taken nor counted: found out without the code that takes them."""
    for name, value in data.items():
        if name.startswith("@") or "@odata" in name or value is None:
            continue
        if name not in found:
            if not unmapped[f"{kind}.{name}"]:
                yield f"{kind}.{name}"
            continue
        below = SHAPES[kind][name]
        if below in SHAPES:
            pairs = zip(value, found[name], strict=True) if isinstance(value, list) else [(value, found[name])]
            for inner, inner_found in pairs:
                yield from lost(below, inner, inner_found, unmapped)


def test_every_recorded_answer_of_graph_parses_and_loses_nothing():
    met, others, unmapped = Counter(), Counter(), Counter()
    for name, body in recorded("graph"):
        if not isinstance(body, dict):
            others[type(body).__name__] += 1
            continue
        if "error" in body:
            assert deepest_code(body), name
            met["error"] += 1
            continue
        kind = kind_of(body)
        for thing in things(body):
            if kind is None:
                others.update(f"other.{field}" for field in thing if not field.startswith("@"))
                continue
            here = Counter()
            found = taken(kind, thing, here)
            assert list(lost(kind, thing, found, here)) == [], name
            unmapped += here
            met[kind] += 1
            understood(kind, found, name)
    assert met["site"] > 70
    assert met["permission"] >= 8
    assert met["list"] >= 4
    assert met["driveItem"] >= 2
    assert met["drive"] >= 2
    assert met["column"] >= 3
    assert met["contentType"] >= 2
    assert met["error"] >= 1
    assert others
    assert sum(unmapped.values()) > 0


def understood(kind, found, name):
    """What is taken says what it must."""
    if kind == "column":
        assert columns_of([found])[0].name == found["name"], name
    if kind == "site" and "webUrl" in found:
        assert found["webUrl"].startswith("https://"), name
    for moment in ("createdDateTime", "lastModifiedDateTime"):
        if moment in found:
            assert instant(found[moment]) is not None, name
    for who in ("createdBy", "lastModifiedBy"):
        if who in found:
            assert person(found[who]), name
    if kind == "permission":
        named = [found.get("grantedToV2") or found.get("grantedTo"), *(found.get("grantedToIdentitiesV2") or [])]
        assert any(map(person, named)) or "link" in found, name


def test_every_documented_answer_parses_and_loses_nothing():
    met = Counter()
    for name, body in recorded("documentation"):
        kind = next((DOCUMENTED[begin] for begin in sorted(DOCUMENTED, key=len, reverse=True) if name.startswith(begin)), None)
        for thing in things(body):
            if kind is None:
                met["other"] += 1
                continue
            here = Counter()
            found = taken(kind, thing, here)
            assert list(lost(kind, thing, found, here)) == [], name
            met[kind] += 1
            understood(kind, found, name)
    assert met["driveItem"] >= 10
    assert met["version"] >= 4


def test_recorded_errors_tell_their_code():
    codes = [deepest_code(json.loads(file.read_text("utf-8"))["body"]) for file in sorted((SAMPLES / "errors").glob("*.json"))]
    assert codes
    assert all(codes)


def rest_bodies():
    """(file, JSON value) of every recorded REST answer, those inside batches too."""
    for file in sorted((SAMPLES / "sharepoint-rest").glob("*.json")):
        body = json.loads(file.read_text("utf-8"))["body"]
        if not isinstance(body, str):
            yield file.name, body
            continue
        # A part of a batch is a head and a value, which may be written over several lines.
        for part in re.split(r"(?m)^--batchresponse\S*\s*$", body):
            begin = part.find("\n{")
            if begin >= 0:
                yield file.name, json.loads(part[begin:])


def below(value):
    """Every object inside a value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from below(item)


def test_recorded_answers_of_rest_are_understood():
    from auditor_connectors.sharepoint.server import _column, _row

    met = Counter()
    for name, body in rest_bodies():
        for thing in below(body):
            if "InternalName" in thing and "TypeAsString" in thing:
                column = _column(thing, moderated=False)
                assert columns_of([column])[0].name == thing["InternalName"], name
                met["column"] += 1
                met["known"] += columns_of([column])[0].kind != "other"
            elif "ContentTypeId" in thing and "Id" in thing and isinstance(thing["Id"], int):
                row = _row(thing)
                plain = {
                    key.removeprefix("OData_")
                    for key, value in thing.items()
                    if value not in (None, {}) and not isinstance(value, (dict, list))
                }
                kept = set(row["fields"]) | {f"{key.removesuffix('LookupId')}Id" for key in row["fields"] if key.endswith("LookupId")}
                assert plain - kept - {"ContentTypeId"} == {key for key in plain if "odata" in key.lower()}, name
                assert "LookupId" not in row["fields"], name
                met["row"] += 1
            elif {"BaseType", "EnableModeration", "Title"} <= thing.keys():
                assert isinstance(thing["EnableModeration"], bool), name
                met["list"] += 1
    assert met["column"] > 20
    assert met["known"] > met["column"] // 3
    assert met["list"] >= 5
    assert met["row"] >= 1
