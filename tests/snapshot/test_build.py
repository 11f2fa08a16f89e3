"""From what was pulled to a snapshot."""

from datetime import UTC, date, datetime

import openpyxl
import pytest

from auditor.errors import StoreError, UsageError
from auditor.model.schema import TABLES

LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)


def _completeness(rows, snapshot, project):
    found = rows(snapshot, "completeness", "table_name, is_complete, reason", f"project_id = '{project}'")
    return {table: (is_complete, reason) for table, is_complete, reason in found}


def test_nothing_pulled_yet(world):
    with pytest.raises(StoreError, match="nothing was pulled"):
        world.build()


def test_documents_and_tracker_are_projects_of_their_own(world, rows, issue, risks):
    world.pages(issue(1), issue(2, "BETA")).document("Gamma/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    assert snapshot.project_ids() == ("ALPHA", "BETA", "Gamma")
    assert snapshot.as_of == date(2026, 3, 2)
    assert rows(snapshot, "work_item", "project_id, key, url") == [
        ("ALPHA", "ALPHA-1", "https://jira.example.org/browse/ALPHA-1"),
        ("BETA", "BETA-2", "https://jira.example.org/browse/BETA-2"),
    ]
    found = rows(snapshot, "risk", "project_id, id, title, likelihood, due_on, owner_id, locator, is_record", order="id")
    assert found[0] == ("Gamma", "R1", "The supplier leaves the market", 4, date(2026, 4, 1), "name:anna-weber", "Log!A2:H2", True)
    assert [row[5] for row in found] == ["name:anna-weber", "name:berg-tom", None]
    url = rows(snapshot, "risk", "url", "id = 'R1'")[0][0]
    assert url.startswith("file:///")
    assert url.endswith("/Projects/Gamma/Risk%20Log.xlsx#Log!A2:H2")


def test_blank_is_not_unknown(world, rows, risks):
    world.document("Gamma/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    risk = TABLES["risk"].by_name
    bits = {row[0]: row[1] for row in rows(snapshot, "risk", "id, unknown_bits")}
    assert bits["R2"] & risk["due_on"].mask == 0  # the column is there and the cell is empty
    assert bits["R3"] & risk["owner_id"].mask == 0  # 'TBD' is nobody
    assert bits["R1"] & risk["response"].mask  # the log has no such column


def test_projects_are_joined_where_declared(world, rows, issue, risks):
    world.configure(
        '[[project]]\nid = "alpha"\nname = "Project Alpha"\njira = ["ALPHA"]\nfolders = ["Gamma"]\nmethodology = "pm2"\nsize = "medium"\n'
        'record = {risk = "tracker"}\n'
    )
    risk = issue(7, issuetype={"id": "9", "name": "Risk", "subtask": False}, summary="The supplier leaves the market")
    world.pages(issue(1), risk).document("Gamma/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    assert snapshot.project_ids() == ("alpha",)
    columns = "name, methodology, methodology_basis, methodology_confidence, size, time_zone"
    assert rows(snapshot, "project", columns)[0][:3] == ("Project Alpha", "pm2", "declared")
    assert rows(snapshot, "risk", "source, id, is_record", order="source, id") == [
        ("documents", "R1", False),
        ("documents", "R2", False),
        ("documents", "R3", False),
        ("tracker", "10007", True),
    ]
    assert _completeness(rows, snapshot, "alpha")["risk"] == (True, None)
    assert ("risk", "10007", "risk", "R1") in {
        pair for row in rows(snapshot, "match", "from_table, from_id, to_table, to_id, kind") for pair in _both(row)
    }
    products = rows(snapshot, "product", "kind, source, table_name, is_record", "kind = 'risk_log'", order="source")
    assert products == [("risk_log", "documents", None, False), ("risk_log", "tracker", "risk", True)]


def _both(row):
    first, second = row[:2], row[2:4]
    return [(*first, *second), (*second, *first)]


def test_without_declaration_the_register_with_history_is_the_record(world, rows, issue, risks):
    """What only the other holds counts beside it: R1 is the tracker's risk in the words of the log, the others are further risks."""
    world.configure('[[project]]\nid = "alpha"\njira = ["ALPHA"]\nfolders = ["Gamma"]\n')
    risk = issue(7, issuetype={"id": "9", "name": "Risk", "subtask": False}, summary="The supplier leaves the market")
    world.pages(risk).document("Gamma/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    said = {(row[0], row[1]) for row in rows(snapshot, "risk", "source, id", "is_record")}
    assert said == {("tracker", "10007"), ("documents", "R2"), ("documents", "R3")}
    assert snapshot.manifest["assumed_records"]["alpha"]["risk"] == "tracker"


def test_components_of_a_product_are_no_category_of_a_risk(world, rows, issue):
    """Nobody filled them: whether risks have categories is not known."""
    world.pages(issue(7, issuetype={"id": "9", "name": "Risk", "subtask": False}, components=[]))
    category = TABLES["risk"].by_name["category"]
    assert all(bits & category.mask for (bits,) in rows(world.snapshot(), "risk", "unknown_bits"))


def test_a_short_title_of_one_place_swallows_no_entry_of_the_other(world, rows, issue, risks):
    """'The supplier' begins as a risk of the log does, and is another one: none is left out."""
    world.configure('[[project]]\nid = "alpha"\njira = ["ALPHA"]\nfolders = ["Gamma"]\n')
    world.pages(issue(7, issuetype={"id": "9", "name": "Risk", "subtask": False}, summary="The supplier")).document(
        "Gamma/Risk Log.xlsx", risks
    )
    said = {row[0] for row in rows(world.snapshot(), "risk", "id", "is_record")}
    assert said == {"10007", "R1", "R2", "R3"}


def test_same_name_in_two_sources_is_not_the_same_project(world, issue, risks):
    world.pages(issue(1)).document("ALPHA/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    assert snapshot.project_ids() == ("ALPHA", "ALPHA@documents")
    assert "join them" in snapshot.manifest["notes"][0]


def test_newer_versions_count_and_keep_the_ids(world, rows, risks):
    world.document("Gamma/Risk Log v1.0.xlsx", risks)
    first = world.snapshot()
    assert {row[0] for row in rows(first, "risk", "id")} == {"R1", "R2", "R3"}
    world.document("Gamma/Risk Log v1.1.xlsx", [*risks, ["R4", "New one that came later", "Open", 1, 1, "Tom Berg", "2026-02-01", None]])
    second = world.snapshot(LATER)
    assert rows(second, "artefact", "file_name, is_current", order="file_name") == [
        ("Risk Log v1.0.xlsx", False),
        ("Risk Log v1.1.xlsx", True),
    ]
    assert {row[0] for row in rows(second, "risk", "id", "is_record")} == {"R1", "R2", "R3", "R4"}
    old = rows(second, "risk", "id", "not is_record")
    assert len(old) == 3
    assert not {"R1", "R2", "R3"} & {row[0] for row in old}


@pytest.mark.parametrize("folder", ["earlier editions", "frühere Fassungen", "versions précédentes", "versiones anteriores"])
def test_earlier_editions_are_no_current_ones(world, rows, risks, folder):
    world.document("Gamma/Risk Log.xlsx", risks).document(f"Gamma/{folder}/Risk Log (May, old).xlsx", risks[:2])
    snapshot = world.snapshot()
    assert rows(snapshot, "artefact", "is_current", order="is_current") == [(False,), (True,)]


def test_an_archived_copy_is_not_current(world, rows, risks):
    world.document("Gamma/Risk Log.xlsx", risks).document("Gamma/Archive/Risk Log.xlsx", risks[:2])
    world.document("Delta/Archive/Risk Log.xlsx", risks[:2])
    snapshot = world.snapshot()
    assert rows(snapshot, "artefact", "path, is_current", order="path") == [
        ("Delta/Archive/Risk Log.xlsx", True),  # the only one there is
        ("Gamma/Archive/Risk Log.xlsx", False),
        ("Gamma/Risk Log.xlsx", True),
    ]


@pytest.mark.parametrize("folder", ["Old", "Current"])
def test_a_register_in_an_archive_is_replaced_by_a_sheet_of_a_log(folder, world, rows, risks):
    """Its entries take no numbers from those of the log, however differently a third document calls them."""
    world.document(f"Gamma/{folder}/Risk List.xlsx", risks).document("Gamma/Project Log.xlsx", [["ID", "Decision", "Date"]])
    book = openpyxl.load_workbook(world.root / "Projects" / "Gamma" / "Project Log.xlsx")
    for name, lines in (
        ("Risks", risks),
        ("Issues", [["ID", "Issue", "Status", "Priority", "Owner"], ["I1", "No test copy", "Open", 3, "Tom Berg"]]),
    ):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(world.root / "Projects" / "Gamma" / "Project Log.xlsx")
    said = dict(rows(world.snapshot(), "artefact", "file_name, is_current"))
    assert said == {"Project Log.xlsx": True, "Risk List.xlsx": folder != "Old"}


@pytest.mark.parametrize(
    "folder",
    [
        "zz Archive",
        "xx_old",
        "zz superseded",
        "z Veraltet",
        "zzz Anciennes versions",
        "90 Superseded",
        "Archiv 2025",
        "Superseded (read only)",
        "Alt - nicht verwenden",
        "Périmés, ne pas utiliser",
    ],
)
def test_a_folder_that_is_sorted_to_the_end_is_an_archive(folder, world, rows, risks):
    world.document("Gamma/Risk Log v1.2.xlsx", risks).document(f"Gamma/{folder}/Risk Log (baseline) v1.1.xlsx", risks[:2])
    assert rows(world.snapshot(), "artefact", "file_name, is_current", order="file_name") == [
        ("Risk Log (baseline) v1.1.xlsx", False),
        ("Risk Log v1.2.xlsx", True),
    ]


def test_what_cannot_be_read_is_a_candidate(world, rows):
    world.document("Gamma/notes.md", "# Notes\n\nNothing special here.\n")
    (world.root / "Projects" / "Gamma" / "Risk Log.xlsx").write_bytes(b"PK\x03\x04 this is no workbook")
    snapshot = world.snapshot()
    assert len(rows(snapshot, "unreadable", "path, reason")) == 1
    assert ("risk_log", "Gamma/Risk Log.xlsx", "unreadable") in rows(snapshot, "candidate", "kind, path, reason")
    known = _completeness(rows, snapshot, "Gamma")
    assert known["artefact"] == (False, "file_unreadable")
    assert known["product"] == (True, None)
    assert "risk" not in known  # nobody knows of a register: no row means not complete


def test_a_person_corrects_recognition(world, rows, risks):
    world.document("Gamma/Risk Log.xlsx", risks)
    assert rows(world.snapshot(), "product", "kind")
    (world.root / "recognition-review.yaml").write_text('documents:\n  - {path: "Gamma/Risk Log.xlsx", kind: none}\n')
    snapshot = world.build()
    assert rows(snapshot, "artefact", "kind") == [(None,)]
    (world.root / "recognition-review.yaml").write_text('documents:\n  - {path: "Gamma/Risk Log.xlsx", kind: issue_log, by: QA}\n')
    snapshot = world.build()
    assert rows(snapshot, "artefact", "kind, kind_confidence::varchar") == [("issue_log", "1.000000")]


def test_what_nobody_mapped_is_counted(world, issue):
    world.pages(issue(1, issuetype={"id": "77", "name": "Moon Landing", "subtask": False}))
    world.document("in the root.md", "# Of no project\n")
    snapshot = world.snapshot()
    assert snapshot.manifest["unmapped"]["types"] == {"tracker: Moon Landing": 1}
    assert snapshot.manifest["unmapped"]["outside_projects"]["documents"] >= 1


def test_people(world, rows, issue, person, risks):
    world.configure('[[project]]\nid = "alpha"\njira = ["ALPHA"]\nfolders = ["Gamma"]\n')
    world.pages(issue(1, assignee=person("u2", "Tom Berg"))).document("Gamma/Risk Log.xlsx", risks)
    snapshot = world.snapshot()
    assert rows(snapshot, "person", "id, realm, identity", order="id") == [
        ("name:anna-weber", "names", None),
        ("name:berg-tom", "names", None),
        ("u1", "jira:jira.example.org", None),
        ("u2", "jira:jira.example.org", None),
    ]
    assert {(item["name"], item["account"], item["basis"]) for item in snapshot.manifest["people_proposals"]} == {
        ("name:anna-weber", "u1", "name"),
        ("name:berg-tom", "u2", "name"),
    }
    (world.root / "people.yaml").write_text(
        'people:\n  - identity: tom\n    names: ["Berg, Tom"]\n    accounts: {"jira:jira.example.org": u2}\n'
    )
    snapshot = world.build()
    assert rows(snapshot, "person", "id, identity", "identity is not null", order="id") == [("name:berg-tom", "tom"), ("u2", "tom")]
    assert len(snapshot.manifest["people_proposals"]) == 1


def test_a_mistake_in_people_yaml_is_told(world, issue):
    world.pages(issue(1)).pull()
    (world.root / "people.yaml").write_text("people:\n  - identity: a\n    naems: [x]\n  - names: [y]\n")
    with pytest.raises(ExceptionGroup) as caught:
        world.build()
    assert len(caught.value.exceptions) == 2
    assert caught.group_contains(UsageError, match="naems")


def test_facts_of_the_organisation(world, rows, issue):
    world.pages(issue(1))
    folder = world.root / "organisation"
    folder.mkdir()
    (folder / "authority.csv").write_text("role,subject,limit,currency\nproject_manager,change_request,5000,EUR\n")
    (folder / "calendar_day.yaml").write_text("- {calendar: be, on_date: 2026-05-01, is_working: false}\n")
    snapshot = world.snapshot()
    assert rows(snapshot, "authority", 'project_id, role, "limit"::varchar, currency') == [(None, "project_manager", "5000.00", "EUR")]
    assert rows(snapshot, "calendar_day", "on_date, is_working") == [(date(2026, 5, 1), False)]
    known = dict(rows(snapshot, "completeness", "table_name, is_complete", "project_id is null"))
    assert known == {"authority": True, "calendar_day": True, "person_load": False}
    (folder / "authority.csv").write_text("role,limits\npm,5000\n")
    with pytest.raises(ExceptionGroup, match="organisation"):
        world.build()


def test_hours_over_all_projects(world, rows, issue, person):
    def worklog(number, hours):
        return {
            "startAt": 0,
            "maxResults": 20,
            "total": 1,
            "worklogs": [
                {
                    "id": str(number),
                    "author": person("u1", "Anna Weber"),
                    "started": "2026-01-20T09:00:00.000+0000",
                    "created": "2026-01-20T09:00:00.000+0000",
                    "timeSpentSeconds": hours * 3600,
                }
            ],
        }

    world.pages(issue(1, worklog=worklog(1, 3)), issue(2, "BETA", worklog=worklog(2, 4)))
    snapshot = world.snapshot()
    assert rows(snapshot, "person_load", "person_id, period_on, hours_everywhere::varchar") == [("u1", date(2026, 1, 1), "7.00")]


def test_a_folder_of_projects_is_divided_where_declared(world, rows, risks):
    world.configure('[[project]]\nid = "old-a"\nfolders = ["Archive/A"]\n[[project]]\nid = "old-b"\nfolders = ["Archive/B", "Extra"]\n')
    for name in ("Archive/A", "Archive/B", "Extra", "Live"):
        world.document(f"{name}/Risk Log.xlsx", risks)
    assert world.snapshot().project_ids() == ("Live", "old-a", "old-b")
    world.document("Archive/readme.md", "# About this folder\n")
    snapshot = world.snapshot()
    assert rows(snapshot, "artefact", "project_id, path", order="path") == [
        ("old-a", "Archive/A/Risk Log.xlsx"),
        ("old-b", "Archive/B/Risk Log.xlsx"),
        ("Archive", "Archive/readme.md"),
        ("old-b", "Extra/Risk Log.xlsx"),
        ("Live", "Live/Risk Log.xlsx"),
    ]


def test_a_project_that_no_pull_ever_met_is_not_complete(world, rows, issue):
    world.configure('[[project]]\nid = "ghost"\nname = "Ghost"\njira = ["GHOST"]\nfolders = ["Ghost"]\n')
    world.pages(issue(1)).document("Gamma/notes.md", "# Notes\n")
    snapshot = world.snapshot()
    assert "ghost" in snapshot.project_ids()
    known = _completeness(rows, snapshot, "ghost")
    assert known["artefact"] == (False, "not_found")
    assert known["work_item"] == (False, "not_found")
    assert known["product"][0] is False


def test_a_document_that_breaks_recognition_costs_one_row(world, rows, risks, monkeypatch):
    from auditor.snapshot import reading

    real = reading.read_document

    def breaking(parsed, words, habit, house):
        if "bad" in parsed.path:
            raise RecursionError("too deep")
        return real(parsed, words, habit, house)

    monkeypatch.setattr(reading, "read_document", breaking)
    world.document("Gamma/Risk Log.xlsx", risks).document("Gamma/bad issue log.md", "# Issue Log\n")
    snapshot = world.snapshot()
    assert rows(snapshot, "artefact", "path") == [("Gamma/Risk Log.xlsx",)]
    assert rows(snapshot, "unreadable", "path, reason, error") == [
        ("Gamma/bad issue log.md", "crashed", "recognition failed: RecursionError")
    ]
    assert _completeness(rows, snapshot, "Gamma")["artefact"] == (False, "file_unreadable")


def test_a_file_in_an_old_format_may_hold_any_register(world, rows):
    log = [["Risk ID", "Risk title", "Likelihood", "Impact"], ["R1", "Late", 3, 4]]
    for name in ("Alpha", "Beta", "Gamma", "Delta"):
        world.document(f"{name}/Risk Log.xlsx", log)
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook".encode("utf-16-le")
    for path, content in (
        ("Beta/Scan 7.xls", old),
        ("Gamma/Logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 99),
        ("Delta/Business Case.xls", old),
    ):
        (world.root / "Projects" / path).write_bytes(content)
    snapshot = world.snapshot()
    assert {name: _completeness(rows, snapshot, name)["risk"] for name in ("Alpha", "Beta", "Gamma", "Delta")} == {
        "Alpha": (True, None),
        "Beta": (False, "file_unreadable"),
        "Gamma": (True, None),
        "Delta": (True, None),
    }
    assert _completeness(rows, snapshot, "Delta")["role"] == (False, "file_unreadable")
    assert ("business_case", "Delta/Business Case.xls", "unreadable") in rows(snapshot, "candidate", "kind, path, reason")


@pytest.mark.parametrize(("others", "is_known"), [(0, False), (2, False), (3, True)])
def test_the_day_on_which_a_folder_was_copied_is_no_day_of_change(world, rows, others, is_known):
    """Nearly all files of one day were copied or unpacked then: nobody knows when they were written."""
    for number in range(8 + others):
        world.document(
            f"Alpha/Note {number}.md", f"# Note {number}\n\nSome words.\n", at=1_700_000_000 + (0 if number < 8 else 86_400 * 40 * number)
        )
    said = dict(rows(world.snapshot(), "artefact", "file_name, modified_at"))
    assert (said["Note 0.md"] is not None) is is_known
    assert all(said[f"Note {number}.md"] is not None for number in range(8, 8 + others))


def test_a_log_that_is_two_logs_hides_no_gate_when_both_were_read(world, rows):
    """Its title names both, and it is both; its decisions, and the gates among them, were read."""
    file = world.root / "Projects" / "Gamma" / "Risk and Decision Log.xlsx"
    file.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Risks"
    for row in (["RISK LOG"], ["Ref", "Short name", "State", "L", "I"], ["R-01", "Late extracts", "Approved", 4, 4]):
        sheet.append(row)
    sheet = book.create_sheet("Decisions")
    for row in (
        ["DECISION LOG"],
        ["No", "Decision", "Description", "Taken by", "Taken on"],
        ["DEC-01", "RfP", "Ready for Planning passed.", "Eva Lind", date(2026, 1, 7)],
    ):
        sheet.append(row)
    book.save(file)
    snapshot = world.snapshot()
    assert {"decision_log", "risk_log"} <= {kind for (kind,) in rows(snapshot, "product", "kind", "artefact_id is not null")}
    assert rows(snapshot, "gate", "gate") == [("rfp",)]
    assert _completeness(rows, snapshot, "Gamma")["gate"] == (True, None)


def test_risks_for_people_are_no_risks_of_the_project(world, rows, risks):
    """An assessment of the impact on their data lists them; the register holds those of the project."""
    world.document("Gamma/Risk Log.xlsx", risks)
    text = "# Data protection impact assessment\n\n## Risks\n\n| Risk | Safeguard |\n| --- | --- |\n{}\n"
    lines = "| Wrong person sees the account | Identity check |\n| Data set used by others | Annex to the contract |"
    world.document("Gamma/DPIA.md", text.format(lines))
    found = rows(world.snapshot(), "risk", "title, is_record", "not is_gone")
    assert {title for title, is_record in found if not is_record} == {"Wrong person sees the account", "Data set used by others"}
