"""Which rows are about the same thing: what documents and audiences say."""

from auditor.snapshot.match import matches
from auditor.snapshot.rows import Made


def _row(table, id_, **values):
    return Made(table, id_, values, set(values), "documents")


def _pairs(*rows):
    return {(row.get("from_id"), row.get("to_table"), row.get("to_id"), row.get("kind")) for row in matches(rows)}


def test_a_version_and_a_file_name_what_they_speak_of():
    """A comment of a version and the name of a file hold the id of a change; the change names neither."""
    change = _row("change_request", "CR-12", title="A second crane")
    version = _row("artefact_version", "V1", comment="Adapted to CR-12")
    form = _row("artefact", "A1", title="Change Request Form", file_name="CR-12_form.docx")
    other = _row("artefact_version", "V2", comment="Typing mistakes")
    assert _pairs(change, version, form, other) == {
        ("V1", "change_request", "CR-12", "names"),
        ("A1", "change_request", "CR-12", "names"),
    }


def test_documents_are_not_alike():
    """Two documents of one title, and a document and a task of one title, are no match."""
    assert (
        _pairs(
            _row("artefact", "A1", title="Plan of the new quay", file_name="plan.docx"),
            _row("artefact", "A2", title="Plan of the new quay", file_name="plan.pdf"),
        )
        == set()
    )


def test_audiences_name_stakeholders():
    """By name, organisation, role or the initials of the role; a part of a name, or another kind of line, names nobody."""
    rows = (
        _row("stakeholder", "S1", name="Ada Finch", role="project_steering_committee", organisation="Port Authority"),
        _row("stakeholder", "S2", name="Users", role="User"),
        _row("listed_item", "L1", kind="communication", name="Report", text="PSC, port authority"),
        _row("listed_item", "L2", kind="report_in_use", name="News", text="Users and suppliers"),
        _row("listed_item", "L3", kind="communication", name="Call", text="Port"),
        _row("listed_item", "L4", kind="tailoring", name="Plan", text="Users"),
        _row("listed_item", "L5", kind="communication", name="Mail", text=None),
        _row("listed_item", "L6", kind="communication", name="Memo", text="Project Steering Committee"),
    )
    assert _pairs(*rows) == {
        ("L1", "stakeholder", "S1", "names"),
        ("L2", "stakeholder", "S2", "names"),
        ("L6", "stakeholder", "S1", "names"),
    }


def test_what_is_gone_names_nothing():
    """A version that vanished says nothing any more."""
    gone = Made("artefact_version", "V1", {"comment": "CR-12"}, {"comment"}, "documents", is_gone=True)
    assert _pairs(_row("change_request", "CR-12", title="A second crane"), gone) == set()


def test_an_earlier_edition_is_no_register():
    """A risk that only an earlier edition of the charter lists is alike, but its match is not of record: the log does not hold it."""
    listed = _row("listed_item", "L1", kind="risk", name="No coverage in rural areas")
    earlier = Made("risk", "7f3a", {"title": "No coverage in rural areas"}, {"title"}, "documents", is_record=False)
    (found,) = (row for row in matches([listed, earlier]) if row.get("kind") == "same_thing")
    assert not found.is_record
    entry = _row("risk", "R-1", title="No coverage in rural areas")
    (found,) = (row for row in matches([listed, entry]) if row.get("kind") == "same_thing")
    assert found.is_record
