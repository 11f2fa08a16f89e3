"""Columns, places, options: what they make of odd values."""

from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from auditor.connect.document import Cell
from auditor_connectors.sharepoint.columns import Column, cell, columns_of, has_approval, plain, selections, shown
from auditor_connectors.sharepoint.graph import site_path
from auditor_connectors.sharepoint.options import SharePointOptions
from auditor_connectors.sharepoint.places import Site, below_root, places_of, short_name
from auditor_connectors.sharepoint.shapes import instant, person, taken

ZONE = ZoneInfo("Europe/Brussels")
USERS = {"7": "Ann Archer <ann@x.example>", "8": "Bob Baker <bob@x.example>"}


def said(kind, raw, **more):
    return cell(Column("X", "X", kind, is_hidden=False, **more), {} if raw is None else {"X": raw}, USERS, ZONE)


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("text", None, Cell("", type="empty")),
        ("text", "  ", Cell("", type="empty")),
        ("text", "<div>One<br>two &amp; <b>three</b></div>", Cell("One\ntwo & three")),
        ("text", "if a<b then c", Cell("if a<b then c")),
        ("text", "\u200bclean", Cell("clean")),
        ("choice", ["Low", "High"], Cell("Low; High")),
        ("number", 3.0, Cell("3", 3, "number")),
        ("number", 0, Cell("0", 0, "number")),
        ("number", 2.5, Cell("2.5", 2.5, "number")),
        ("boolean", False, Cell("No", False, "boolean")),
        ("calculated", True, Cell("Yes", True, "boolean")),
        ("dateTime", "2026-03-01T23:30:00Z", Cell("2026-03-02 00:30", "2026-03-02", "date")),
        ("dateTime", "soon", Cell("soon")),
        ("dateTime", "0001-01-01T00:00:00Z", Cell("", type="empty")),
        ("term", {"Label": "Supply", "TermGuid": "1", "WssId": 3}, Cell("Supply")),
        ("term", [{"Label": "A"}, {"Label": "B"}], Cell("A; B")),
        ("term", {"TermGuid": "1"}, Cell("", type="uncalculated")),
        ("lookup", {"LookupId": 3, "LookupValue": "Phase 2"}, Cell("Phase 2")),
        ("hyperlinkOrPicture", {"Url": "https://x.example/a", "Description": "A"}, Cell("A", link="https://x.example/a")),
        ("hyperlinkOrPicture", {"Url": "https://x.example/a"}, Cell("https://x.example/a", link="https://x.example/a")),
        ("personOrGroup", "Ann Archer", Cell("Ann Archer <ann@x.example>")),
        ("personOrGroup", "Nobody Known", Cell("Nobody Known")),
        ("personOrGroup", {"LookupId": 8, "LookupValue": "B.", "Email": "other@x.example"}, Cell("Bob Baker <bob@x.example>")),
        ("personOrGroup", [{"LookupId": 9, "LookupValue": "Cem", "Email": "cem@x.example"}, {"LookupId": 7}], Cell("Cem <cem@x.example>; Ann Archer <ann@x.example>")),
        ("personOrGroup", [{"LookupId": 9}], Cell("", type="uncalculated")),
    ],
)  # fmt: skip
def test_values_as_people_see_them(kind, raw, expected):
    assert said(kind, raw) == expected


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-03-01T23:00:00Z", "2026-03-02"),  # midnight in Brussels
        ("2026-07-01T22:00:00Z", "2026-07-02"),
        ("2026-03-02T00:00:00Z", "2026-03-02"),
        ("2026-03-02T08:00:00Z", "2026-03-02"),  # in California
        ("2026-03-01T15:00:00Z", "2026-03-02"),  # in Tokyo
        ("2026-03-01T18:30:00Z", "2026-03-02"),  # in Kolkata
    ],
)
def test_a_day_is_midnight_of_the_sites_own_zone(raw, day):
    assert said("dateTime", raw, is_day=True).value == day


@pytest.mark.parametrize("kind", ["lookup", "personOrGroup", "term"])
def test_what_is_only_referred_to_is_unknown_and_not_blank(kind):
    column = Column("X", "X", kind, is_hidden=False)
    assert cell(column, {"XLookupId": "99"}, USERS, ZONE).type == "uncalculated"
    assert cell(column, {"XLookupId": ["7", "99"]}, USERS, ZONE).type == "uncalculated"
    assert cell(column, {"XLookupId": "7"}, USERS, ZONE).type == ("text" if kind == "personOrGroup" else "uncalculated")


def test_columns_by_both_names():
    columns = columns_of(
        [
            {"name": "Risk_x0020_Owner", "displayName": "Risk Owner", "personOrGroup": {}},
            {"name": "Sum", "displayName": "Sum", "calculated": {"outputType": "dateTime", "format": "dateOnly"}},
            {"name": "Secret", "displayName": "Secret", "text": {}, "hidden": True},
            {"name": "Created", "displayName": "Created", "dateTime": {}},
            {"displayName": "nameless"},
        ]
    )
    assert [column.kind for column in columns] == ["personOrGroup", "dateTime", "text", "dateTime"]
    assert columns[1].is_day
    assert [title for _, title in shown(columns, {})] == ["Risk Owner", "Sum"]
    titles = {"risk owner": "Owner", "Created": "Date identified", "Sum": "", "secret": "Shown"}
    assert [title for _, title in shown(columns, titles)] == ["Owner", "Shown", "Date identified"]


def test_lookups_are_spread_over_queries():
    columns = [Column(f"L{number}", "", "lookup", is_hidden=False) for number in range(19)] + [Column("T", "", "text", is_hidden=False)]
    found = selections(columns, ("ID",))
    assert [len([name for name in select.split(",") if name.startswith("L")]) for select in found] == [8, 8, 3]
    assert found[0].startswith("ID,T,")
    assert sorted(name for select in found for name in select.split(",") if name.startswith("L")) == sorted(
        column.name for column in columns[:19]
    )


@pytest.mark.parametrize(("hidden", "on"), [(True, False), (False, True), (None, True)])
def test_whether_content_approval_is_on(hidden, on):
    assert has_approval(columns_of([{"name": "_ModerationStatus", "contentApprovalStatus": {}, "hidden": hidden}])) is on
    assert not has_approval(())


def test_names_of_places():
    base = "https://contoso.sharepoint.com"
    assert short_name(f"{base}/sites/ABC") == "ABC"
    assert short_name(f"{base}/teams/A%20B/sub") == "A B:sub"
    assert short_name(base) == "contoso.sharepoint.com"
    names = places_of([f"{base}/sites/ABC", f"{base}/teams/abc", f"{base}/sites/X"])
    assert names == {
        f"{base}/sites/ABC": "contoso.sharepoint.com:sites:ABC",
        f"{base}/teams/abc": "contoso.sharepoint.com:teams:abc",
        f"{base}/sites/X": "X",
    }


def test_the_deepest_part_holds_a_thing():
    site = Site("1", "PMO", "", parts={"A": "Docs/Alpha", "B": "Docs/Alpha/Beta"})
    assert [site.place_of(path) for path in ("Docs/x", "Docs/Alpha/x", "Docs/Alpha/Beta/x", "Docs/Alphabet/x")] == ["PMO", "A", "B", "PMO"]


def test_paths_below_the_root():
    assert below_root("/drives/b!1/root:/Plans%20of/100%25") == "Plans of/100%"
    assert below_root("/drives/b!1/root:") == ""
    assert below_root(None) is None
    assert below_root("/drives/b!1") is None


def test_addresses_of_sites():
    assert site_path("https://contoso.sharepoint.com/sites/A B/") == "sites/contoso.sharepoint.com:/sites/A%20B"
    assert site_path("https://contoso.sharepoint.com/sites/A%20B") == "sites/contoso.sharepoint.com:/sites/A%20B"
    assert site_path("https://contoso.sharepoint.com") == "sites/contoso.sharepoint.com"
    assert site_path("contoso.sharepoint.com,1,2") == "sites/contoso.sharepoint.com,1,2"


def test_moments_and_people():
    assert instant("2026-03-01T10:00:00.1234567Z") is not None
    assert instant("0001-01-01T00:00:00+14:00") is None
    assert instant("yesterday") is None
    assert instant(7) is None
    assert person({"user": {"displayName": "Ann", "userPrincipalName": "ann@x.example"}}) == ("Ann <ann@x.example>", False)
    assert person({"siteGroup": {"displayName": "Members"}}) == ("Members", True)
    assert person({"application": {"displayName": "Flow"}}) == ("Flow", False)
    assert person({"user": {}}) is None
    assert person("x") is None


def test_what_is_not_taken_is_counted():
    from collections import Counter

    unmapped = Counter()
    found = taken(
        "driveItem",
        {"id": "1", "@odata.etag": "x", "photo": {}, "file": {"mimeType": "a/b", "hashes": {"sha1Hash": "x"}}, "name": None},
        unmapped,
    )
    assert found == {"id": "1", "file": {"mimeType": "a/b", "hashes": {}}}
    assert unmapped == {"driveItem.photo": 1, "hashes.sha1Hash": 1}
    assert taken("driveItem", [1], unmapped) == {}


def test_rich_text():
    assert plain("<p>a</p><p>b</p>") == "a\nb"
    assert plain("3 < 4 > 2") == "3 < 4 > 2"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"secret": {"env": "A"}, "certificate": {"env": "B"}},
        {"secret": {"env": "A"}, "thumbprint": "AA"},
        {"secret": "the secret itself"},
        {"secret": {"env": "A"}, "columns": {"statuses": {"done": ["x"]}}},
        {"secret": {"env": "A"}, "time_zone": "Mars/Base"},
        {"secret": {"env": "A"}, "graph": "graph.microsoft.com"},
    ],
)
def test_wrong_options_are_told(more):
    with pytest.raises(ValidationError) as caught:
        SharePointOptions(tenant="t", client_id="c", **more)
    assert "the secret itself" not in str(caught.value)
