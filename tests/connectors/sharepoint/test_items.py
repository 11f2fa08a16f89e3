"""What libraries and lists say: columns, versions, approval, check-out, people, days, rights."""

from datetime import UTC, date, datetime

import pytest

from auditor.connect.protocol import Fact, Filled, Parsed
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from tests.servers.graph import APPROVED, DRAFT, PENDING, REJECTED, FakeGraph, small

pytestmark = pytest.mark.usefixtures("here")


def one(world, name, *lines, place="ALPHA"):
    """The document of a name."""
    return next(item for item in world.items(*lines, place=place) if isinstance(item, Parsed) and item.path.rpartition("/")[2] == name)


def document(graph, name="Charter.md"):
    drive = next(iter(graph.drives.values()))
    return drive, next(item for item in drive.items.values() if item.name == name)


def test_what_a_library_knows_of_a_document(live):
    graph = small(FakeGraph())
    drive, item = document(graph)
    graph.write(drive, item, "# Charter\n", by="bob")
    graph.write(drive, item, "# Charter again\n", by="cem", major=False)
    world = live(graph)
    world.pull()
    found = one(world, "Charter.md")
    assert found.path == "ALPHA/Documents/Charter.md"
    assert found.values["version"] == "2.1"
    assert found.values["published_level"] == "minor"
    assert found.values["is_checked_out"] is False
    assert found.values["author_id"] == "Ann Archer <ann@contoso.example>"
    assert found.values["modified_by"] == "Cem Carter <cem@contoso.example>"
    assert found.values["modified_at"] == item.at.replace(tzinfo=UTC)
    assert found.values["status"] == "approved"  # the library's own column
    assert found.values["status_raw"] == "Approved"
    assert found.document.properties["library:Document Status"] == "Approved"
    versions = [fact for fact in found.facts if fact.table == "artefact_version"]
    assert [(fact.values["version"], fact.values["is_major"]) for fact in versions] == [("2.1", False), ("2.0", True), ("1.0", True)]
    assert versions[1].values["modified_by"] == "Bob Baker <bob@contoso.example>"
    assert isinstance(versions[1].values["modified_at"], datetime)


def test_a_document_has_no_label_where_the_library_has_the_column(live):
    graph = small(FakeGraph())
    drive, item = document(graph)
    world = live(graph)
    world.pull()
    assert "retention_label" not in one(world, "Charter.md").filled
    drive.columns.append({"name": "_ComplianceTag", "displayName": "Label", "text": {}, "hidden": True})
    graph.say(drive, item, Other="x")
    world.pull()
    assert one(world, "Charter.md").values["retention_label"] is None
    graph.say(drive, item, _ComplianceTag="Seven years")
    world.pull()
    assert one(world, "Charter.md").values["retention_label"] == "Seven years"


@pytest.mark.parametrize(("roles", "said"), [(["read"], True), (["write"], False), (["owner"], None), (["Mitwirken"], None)])
def test_a_library_is_read_only_where_nobody_may_write(live, roles, said):
    graph = small(FakeGraph())
    drive, _ = document(graph)
    drive.rights = [
        {"id": "1", "roles": ["read"], "grantedToV2": {"siteGroup": {"id": "5", "displayName": "Visitors"}}},
        {"id": "2", "roles": roles, "grantedToV2": {"siteGroup": {"id": "6", "displayName": "Members"}}},
    ]
    world = live(graph)
    world.pull()
    told = {
        fact.values["path"]: fact.values.get("is_read_only") for fact in world.items() if isinstance(fact, Fact) and fact.table == "folder"
    }
    assert told == {"ALPHA/Documents": said, "ALPHA/Documents/Plans": None, "ALPHA/Documents/Archive": None}


def test_what_was_said_at_check_in_is_of_the_present_version(live):
    graph = small(FakeGraph())
    drive, item = document(graph)
    graph.write(drive, item, "# Charter again\n")
    graph.say(drive, item, _CheckinComment="After the review of the board")
    world = live(graph)
    world.pull()
    versions = [fact for fact in one(world, "Charter.md").facts if fact.table == "artefact_version"]
    assert [(fact.values["version"], fact.values.get("comment")) for fact in versions] == [
        ("2.0", "After the review of the board"),
        ("1.0", None),
    ]
    assert ["comment" in fact.filled for fact in versions] == [True, False]


def test_check_out_is_told(live):
    graph = small(FakeGraph())
    drive, item = document(graph)
    graph.check_out(drive, item, "bob")
    world = live(graph)
    world.pull()
    assert one(world, "Charter.md").values["is_checked_out"] is True


@pytest.mark.parametrize(
    ("state", "status", "decision"),
    [(APPROVED, "approved", "approved"), (PENDING, "in_review", "pending"), (REJECTED, "draft", "rejected"), (DRAFT, "draft", None)],
)
def test_content_approval_goes_before_columns(live, state, status, decision):
    graph = small(FakeGraph())
    graph.rights = ["Sites.Manage.All"]
    drive, item = document(graph)
    drive.has_approval = True
    graph.moderate(drive, item, state)
    world = live(graph)
    world.pull()
    found = one(world, "Charter.md")
    assert found.values["status"] == status
    assert [fact.values["decision"] for fact in found.facts if fact.table == "approval"] == ([decision] if decision else [])


def coverage(world, *lines):
    return {item.table: (item.is_complete, item.reason) for item in world.items(*lines) if isinstance(item, Filled)}


def test_the_trap_of_approval(live):
    """An application that may only read is shown what is approved, and no word of the rest: nothing may be called missing."""
    graph = small(FakeGraph())
    drive, item = document(graph)
    drive.has_approval = True
    graph.moderate(drive, item, PENDING)
    world = live(graph)
    assert world.pull().is_complete
    assert not any(isinstance(found, Parsed) and "Charter" in found.path for found in world.items())
    assert coverage(world)["artefact"] == (False, "approval_state_incomplete")
    snapshot = build_snapshot(world.settings(), load_document_words())
    rows = {row["table_name"]: (row["is_complete"], row["reason"]) for row in rows_of(snapshot, "completeness", "ALPHA")}
    for table in ("artefact", "product", "risk", "approval", "report"):
        assert rows[table] == (False, "approval_state_incomplete")
    assert rows_of(snapshot, "completeness", "BETA") != []
    assert all(
        row["is_complete"] for row in rows_of(snapshot, "completeness", "BETA") if row["table_name"] in ("artefact", "product", "risk")
    )


def rows_of(snapshot, table, project):
    import duckdb

    found = duckdb.sql(f"select * from '{snapshot.path / table}.parquet' where project_id = '{project}'")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_the_trap_is_none_for_whoever_is_shown_more(live):
    graph = small(FakeGraph())
    drive, item = document(graph)
    drive.has_approval = True
    world = live(graph)
    world.pull()
    assert coverage(world)["artefact"] == (False, "approval_state_incomplete")
    world.pull("sees_unapproved = true")
    assert coverage(world, "sees_unapproved = true")["artefact"] == (True, "")
    graph.rights = ["Sites.Selected"]  # of which the token does not tell the role
    graph.tokens.clear()
    world.pull(store="second")
    with_rights = {item.table: item for item in world.items(store="second") if isinstance(item, Filled)}
    assert not with_rights["artefact"].is_complete
    graph.rights = ["Sites.Manage.All"]
    graph.moderate(drive, item, PENDING)
    world.pull(store="third")
    assert next(item for item in world.items(store="third") if isinstance(item, Filled) and item.table == "artefact").is_complete


def test_a_list_with_approval_is_a_trap_as_well(live):
    graph = small(FakeGraph())
    listed = next(iter(graph.lists.values()))
    listed.has_approval = True
    listed.rows["1"].moderation = PENDING
    world = live(graph)
    world.pull()
    assert coverage(world)["artefact"] == (False, "approval_state_incomplete")
    assert len(one(world, "Risk Log").document.blocks[0].rows) == 2


def test_a_list_is_a_table_under_its_own_titles(live):
    graph = small(FakeGraph())
    listed = next(iter(graph.lists.values()))
    graph.row(listed, Title="Folder").content_type = "0x0120"
    graph.row(listed, Title="Odd", Risk_x0020_OwnerLookupId="77", Found="2026-07-01T00:00:00Z")
    world = live(graph)
    world.pull()
    rows = one(world, "Risk Log").document.blocks[0].rows
    assert [cell.text for cell in rows[0]] == ["ID", "Title", "Risk Owner", "Likelihood", "Impact", "Status", "Date identified", "Category"]
    assert [cell.text for cell in rows[1]] == [
        "1", "Risk 0 of ALPHA", "Ann Archer <ann@contoso.example>", "3", "4", "Open", "2026-03-02", "Supply",
    ]  # fmt: skip
    assert [row[0].text for row in rows[1:]] == ["1", "2", "4"]
    assert rows[3][2].type == "uncalculated"  # somebody, and nobody says who
    assert rows[3][6].value == "2026-07-01"
    assert rows[3][3].type == "empty"


def test_attachments_of_list_items_are_told_as_not_read(live):
    """Graph does not give them: they stand among what could not be read, and leave no table incomplete by themselves."""
    graph = small(FakeGraph())
    listed = next(iter(graph.lists.values()))
    world = live(graph)
    world.pull()
    assert rows_of(build_snapshot(world.settings(), load_document_words()), "unreadable", "ALPHA") == []
    graph.enter(listed.rows["2"], Attachments=True)
    graph.enter(listed.rows["1"], Attachments=False)
    world.pull()
    snapshot = build_snapshot(world.settings(), load_document_words())
    told = rows_of(snapshot, "unreadable", "ALPHA")
    assert [(row["path"], row["reason"]) for row in told] == [("ALPHA/Lists/Risk Log/2/attachments", "unsupported")]
    assert next(row for row in rows_of(snapshot, "completeness", "ALPHA") if row["table_name"] == "risk")["is_complete"] is True
    assert [cell.text for cell in one(world, "Risk Log").document.blocks[0].rows[0]][-1] == "Category"


@pytest.mark.parametrize(
    ("said", "shown", "kind"),
    [
        ({"Label": "Supply", "TermGuid": "t-1", "WssId": 4}, "Supply", "text"),
        (
            [{"Label": "Supply", "TermGuid": "t-1", "WssId": 4}, {"Label": "People", "TermGuid": "t-2", "WssId": 5}],
            "Supply; People",
            "text",
        ),
        ({"Label": "2026", "TermGuid": "t-3", "WssId": 6}, "2026", "text"),
        ({"Label": "4", "TermGuid": "t-1", "WssId": 4}, "", "uncalculated"),
        ({"TermGuid": "t-1", "WssId": 4}, "", "uncalculated"),
        (None, "", "empty"),
    ],
)
def test_terms_are_their_words_and_never_their_numbers(live, said, shown, kind):
    graph = small(FakeGraph())
    listed = next(iter(graph.lists.values()))
    graph.enter(listed.rows["1"], Area=said)
    world = live(graph)
    world.pull()
    cell = one(world, "Risk Log").document.blocks[0].rows[1][7]
    assert (cell.text, cell.type) == (shown, kind)


def test_a_register_in_a_list_is_recognised_like_one_in_a_workbook(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    snapshot = build_snapshot(world.settings(), load_document_words())
    risks = rows_of(snapshot, "risk", "ALPHA")
    assert [(row["id"], row["title"], row["likelihood"], row["impact"], row["identified_on"]) for row in risks] == [
        ("1", "Risk 0 of ALPHA", 3, 4, date(2026, 3, 2)),
        ("2", "Risk 1 of ALPHA", 3, 4, date(2026, 3, 2)),
    ]
    assert risks[0]["owner_id"] == "name:ann-archer"
    assert {row["kind"] for row in rows_of(snapshot, "product", "ALPHA")} >= {"risk_log"}
    versions = rows_of(snapshot, "artefact_version", "ALPHA")
    artefacts = {row["id"] for row in rows_of(snapshot, "artefact", "ALPHA")}
    assert versions
    assert {row["artefact_id"] for row in versions} <= artefacts
    assert {row["right"] for row in rows_of(snapshot, "access_right", "ALPHA")} == {"write"}
    assert rows_of(snapshot, "project", "ALPHA")[0]["name"] == "Project ALPHA"


def test_declared_words_go_before_a_lists_own(live):
    graph = FakeGraph()
    site = graph.site("ALPHA")
    graph.library(site)
    odd = graph.register(
        site, "Gefahren", [{"name": "Halter", "displayName": "Halter", "text": {}}, {"name": "P", "displayName": "P", "number": {}}]
    )
    graph.row(odd, Title="Lieferant", Halter="Ann Archer", P=3.0)
    skipped = graph.register(site, "Links", [])
    graph.row(skipped, Title="x")
    world = live(graph)
    lines = [
        'lists.Gefahren = {title = "Risk log", columns = {Halter = "Risk owner", P = "Likelihood", Created = "Date identified"}}',
        "lists.links.skip = true",
    ]
    world.pull(*lines)
    found = one(world, "Gefahren", *lines)
    assert found.document.blocks[0].name == "Risk log"
    assert [cell.text for cell in found.document.blocks[0].rows[0]] == ["ID", "Title", "Risk owner", "Likelihood"]
    assert found.document.blocks[0].rows[1][3].value == 3
    assert not any(isinstance(item, Parsed) and item.path.endswith("Links") for item in world.items(*lines))


def test_declared_columns_say_how_far_a_document_is(live):
    graph = FakeGraph()
    site = graph.site("ALPHA")
    drive = graph.library(
        site,
        columns=[
            {"name": "Fertig", "displayName": "Fertigstellung", "choice": {}},
            {"name": "Wann", "displayName": "Wann", "dateTime": {"format": "dateOnly"}},
            {"name": "Wer", "displayName": "Wer", "personOrGroup": {}},
            {"name": "Owner0", "displayName": "Document Owner", "personOrGroup": {}},
        ],
    )
    fields = {
        "Fertig": "Durch",
        "Wann": "2026-04-01T22:00:00Z",
        "Wer": [{"LookupId": 2, "LookupValue": "Bob Baker", "Email": "bob@contoso.example"}],
    }
    graph.file(drive, "Plan.md", "# Plan\n", fields=fields)
    world = live(graph)
    lines = ['columns = {status = ["Fertigstellung"], approved_on = ["Wann"], approved_by = ["Wer"], statuses = {approved = ["durch"]}}']
    world.pull(*lines)
    found = one(world, "Plan.md", *lines)
    assert found.values["status"] == "approved"
    assert found.values["approved_on"] == date(2026, 4, 2)
    assert found.values["approved_by"] == "Bob Baker <bob@contoso.example>"
    assert "owner_id" in found.filled
    assert found.values["owner_id"] is None
    assert "status" not in one(world, "Plan.md").filled


def test_more_lookups_than_one_query_may_ask_for(live):
    graph = FakeGraph()
    site = graph.site("ALPHA")
    graph.library(site)
    many = [{"name": f"Who{number}", "displayName": f"Who {number}", "personOrGroup": {}} for number in range(20)]
    listed = graph.register(site, "Long", many)
    graph.row(listed, Title="x", **{f"Who{number}LookupId": str(number % 3 + 1) for number in range(20)})
    world = live(graph)
    assert world.pull().is_complete
    texts = [cell.text for cell in one(world, "Long").document.blocks[0].rows[1]]
    assert len([text for text in texts if "@contoso.example" in text]) == 20


def test_people_of_a_site_that_may_not_be_listed_stay_unknown(live):
    graph = small(FakeGraph())
    next(iter(graph.sites.values())).is_denied_users = True
    world = live(graph)
    assert world.pull().is_complete
    assert one(world, "Risk Log").document.blocks[0].rows[1][2].type == "uncalculated"


def test_parts_of_a_site_are_places_of_their_own(live):
    graph = FakeGraph()
    site = graph.site("PMO")
    drive = graph.library(site)
    folders = {name: graph.folder(drive, name) for name in ("Alpha", "Beta", "Common")}
    for name, folder in folders.items():
        graph.file(drive, f"Plan {name}.md", f"# Plan {name}\n", folder)
    world = live(graph)
    lines = ['parts = {A = {site = "PMO", folder = "Documents/Alpha"}, B = {site = "PMO", folder = "Documents/Beta"}}']
    assert world.pull(*lines).is_complete

    def names(place):
        return sorted(item.path.rpartition("/")[2] for item in world.items(*lines, place=place) if isinstance(item, Parsed))

    assert (names("A"), names("B"), names("PMO")) == (["Plan Alpha.md"], ["Plan Beta.md"], ["Plan Common.md"])
    moved = next(item for item in drive.items.values() if item.name == "Plan Alpha.md")
    graph.move(drive, moved, folders["Beta"])
    assert world.pull(*lines).is_complete
    assert (names("A"), names("B")) == ([], ["Plan Alpha.md", "Plan Beta.md"])
    graph.rename(drive, folders["Beta"], "Gamma")
    assert world.pull(*lines).is_complete
    assert (names("A"), names("B")) == ([], [])
    assert names("PMO") == ["Plan Alpha.md", "Plan Beta.md", "Plan Common.md"]
    assert world.rows(*lines) == world.whole(*lines)


def test_one_place_of_several_is_pulled_and_the_others_are_left(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    for drive in graph.drives.values():
        graph.file(drive, "New.md", "# New\n")
    report = world.pull('places = ["BETA"]')
    assert {walk.place for walk in report.walks} == {"BETA"}
    assert sum("New.md" in row for row in world.rows() if row.startswith("BETA file")) == 1
    assert not any("New.md" in row for row in world.rows() if row.startswith("ALPHA"))
    report = world.pull('places = ["BETA", "NOWHERE"]')
    assert {walk.place: walk.reason for walk in report.walks if not walk.is_complete} == {"NOWHERE": "not_found"}
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_what_is_left_out_by_configuration(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    lines = ['exclude = ["*/Plans", "*/Lists/Risk Log"]']
    assert world.pull(*lines).is_complete
    assert not any(
        "/Plans" in row or "Risk Log" in row for row in world.rows() if "ALPHA" in row and "sites" not in row and " site:" not in row
    )
    assert world.rows(*lines) == world.whole(*lines)
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_rights_of_libraries(live):
    graph = small(FakeGraph())
    drive = next(iter(graph.drives.values()))
    drive.rights = [
        {"id": "1", "roles": ["owner"], "grantedToV2": {"user": {"id": "1", "displayName": "Ann Archer", "email": "ann@contoso.example"}}},
        {"id": "2", "roles": ["read"], "link": {"scope": "anonymous", "type": "view"}},
        {"id": "3", "roles": ["write"], "grantedToIdentitiesV2": [{"group": {"id": "2", "displayName": "Everyone"}}, {"siteUser": {"displayName": "Bob"}}]},
        {"id": "4", "roles": ["read"], "grantedTo": {"user": {"displayName": "Old shape"}}},
    ]  # fmt: skip
    world = live(graph)
    world.pull()
    rights = {
        (fact.values["grantee_id"], fact.values["is_group"], fact.values["right"])
        for fact in world.items()
        if isinstance(fact, Fact) and fact.table == "access_right"
    }
    assert rights == {
        ("Ann Archer <ann@contoso.example>", False, "owner"),
        ("anyone with the link", True, "read"),
        ("Everyone", True, "write"),
        ("Bob", False, "write"),
        ("Old shape", False, "read"),
    }


def test_document_sets_are_told_from_folders(live):
    graph = small(FakeGraph())
    drive = next(iter(graph.drives.values()))
    next(item for item in drive.items.values() if item.name == "Plans").is_set = True
    world = live(graph)
    world.pull()
    kinds = {fact.values["path"]: fact.values["kind"] for fact in world.items() if isinstance(fact, Fact) and fact.table == "folder"}
    assert kinds == {"ALPHA/Documents": "library", "ALPHA/Documents/Plans": "document_set", "ALPHA/Documents/Archive": "archive"}


def test_nobody_is_kept_whom_no_item_names(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    kept = {name for record in world.records().values() for name in record.payload.get("users", {}).values()}
    assert kept == {"Ann Archer <ann@contoso.example>", "Bob Baker <bob@contoso.example>"}


def test_fields_that_nothing_takes_are_told(live):
    graph = small(FakeGraph())
    drive = next(iter(graph.drives.values()))
    drive.columns[0]["columnGroup"] = "Custom Columns"
    report = live(graph).pull()
    assert report.is_complete
    assert {walk.place: walk.detail for walk in report.walks if walk.detail} == {
        "ALPHA": "fields of its answers that nothing takes: column.columnGroup"
    }
