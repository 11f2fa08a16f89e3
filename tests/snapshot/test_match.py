"""Which rows are about the same thing: what documents and audiences say."""

from dataclasses import replace

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


def test_a_form_that_bears_another_id_than_its_name_names_nothing():
    """The file says CR-04, the form in it CR-14: nobody knows whose it is. A document that lists several entries is no form."""

    def inside(id_, **extra):
        return replace(_row("change_request", id_, title="A second crane"), artefact="A1", extra={"copy": True, **extra})

    change = _row("change_request", "CR-04", title="A second crane")
    form = _row("artefact", "A1", title="Change Request Form", file_name="CR-04_form.docx")
    assert _pairs(change, form, inside("0a1b", own_id="CR-14")) == set()
    named = {("A1", "change_request", "CR-04", "names")}
    assert _pairs(change, form, inside("0a1b", own_id="CR 04")) == named
    assert _pairs(change, form, inside("0a1b", own_id=None)) == named
    assert _pairs(change, form, inside("0a1b", own_id="CR-14"), inside("9f8e", own_id="CR-15")) == named


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


def test_an_entry_of_a_tracker_is_named_by_its_key():
    """The tracker's own number of it stands nowhere but there."""
    change = Made("change_request", "30012", {"title": "A second crane"}, {"title"}, "jira")
    item = Made("work_item", "30012", {"title": "A second crane", "key": "ABC-12"}, {"title", "key"}, "jira")
    said = _row("decision", "D-1", title="Change ABC-12 is approved")
    assert ("D-1", "change_request", "30012", "names") in _pairs(change, item, said)


def test_an_earlier_edition_is_no_register():
    """A risk that only an earlier edition of the charter lists is alike, but its match is not of record: the log does not hold it."""
    listed = _row("listed_item", "L1", kind="risk", name="No coverage in rural areas")
    earlier = Made("risk", "7f3a", {"title": "No coverage in rural areas"}, {"title"}, "documents", is_record=False)
    (found,) = (row for row in matches([listed, earlier]) if row.get("kind") == "same_thing")
    assert not found.is_record
    entry = _row("risk", "R-1", title="No coverage in rural areas")
    (found,) = (row for row in matches([listed, entry]) if row.get("kind") == "same_thing")
    assert found.is_record
