"""Custom fields that are called what a column of a sheet is called."""

import json
from datetime import date

from auditor.model.schema import TABLES

CHANGE = {"id": "9", "name": "Change Request"}
FIELDS = {
    "customfield_1": "Actual delivery date",
    "customfield_2": "Decided by",
    "customfield_3": "Decision",
    "customfield_4": "Date of application",
    "customfield_5": "Updated",
}
BITS = {name: TABLES["change_request"].by_name[name].mask for name in ("implemented_on", "decided_by")}


def _changes(world, rows, *issues):
    fields = [{"id": key, "name": name, "schema": {"type": "string"}} for key, name in FIELDS.items()]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields), "utf-8")
    world.pages(*issues)
    found = rows(world.snapshot(), "change_request", "implemented_on, decided_by, decision, unknown_bits", order="id")
    return [(*row[:3], *(bool(row[3] & bit) for bit in BITS.values())) for row in found]


def test_the_words_of_sheets_count_for_fields(world, rows, issue):
    first = issue(1, issuetype=CHANGE, customfield_1="2026-07-24", customfield_2="Ada Finch", customfield_3="approve")
    second = issue(2, issuetype=CHANGE, customfield_1=None, customfield_2=None, customfield_3=None)
    found = _changes(world, rows, first, second)
    # Where one has it filled, an empty field is blank.
    assert found == [(date(2026, 7, 24), "name:ada-finch", "approved", False, False), (None, None, None, False, False)]
    persons = rows(world.snapshot(), "person", "id, name, realm", "id = 'name:ada-finch'")
    assert persons == [("name:ada-finch", "Ada Finch", "names")]


def test_a_field_that_no_entry_has_filled_may_be_anothers(world, rows, issue):
    first = issue(1, issuetype=CHANGE, customfield_1=None, customfield_2=None)
    other = issue(2, customfield_1="2026-07-24", customfield_2="Ada Finch")  # a task: no entry of this register
    ((implemented_on, decided_by, _, *unknown),) = _changes(world, rows, first, other)
    assert (implemented_on, decided_by) == (None, None)
    assert unknown == [True, True]


def test_a_shipped_name_that_nobody_uses_is_the_registers(world, rows, issue):
    """'Decided by' is shipped for changes: empty everywhere it is blank. 'Actual delivery date' is borrowed from sheets and tells nothing."""
    first = issue(1, issuetype=CHANGE, customfield_1=None, customfield_2=None)
    ((*_, implemented, decided),) = _changes(world, rows, first)
    assert (implemented, decided) == (True, False)


def test_the_users_own_name_is_the_registers(world, rows, issue):
    """What auditor.toml declares is blank where it is empty, whoever else has it filled."""
    more = '[source.mapping.registers.change_request.columns.decided_by]\nfields = ["Decided by"]\n'
    text = (world.root / "auditor.toml").read_text("utf-8")
    at = text.rindex("[[source]]")
    (world.root / "auditor.toml").write_text(f"{text[:at]}{more}\n{text[at:]}", "utf-8")
    first = issue(1, issuetype=CHANGE, customfield_2=None)
    other = issue(2, customfield_2="Ada Finch")
    ((*_, decided),) = _changes(world, rows, first, other)
    assert decided is False


def test_a_name_in_brackets_qualifies_the_other(world, rows, issue):
    names = {"customfield_1": "Probability (inherent)", "customfield_2": "Impact (inherent)", "customfield_3": "Impact (residual)"}
    names |= {"customfield_4": "Severity"}
    fields = [{"id": key, "name": name, "schema": {"type": "number"}} for key, name in names.items()]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields), "utf-8")
    values = {"customfield_1": 4, "customfield_2": 5, "customfield_3": 2, "customfield_4": None}
    world.pages(issue(1, issuetype={"id": "8", "name": "Risk"}, **values), issue(2, customfield_4=3))
    assert rows(world.snapshot(), "risk", "likelihood, impact, residual_impact") == [(4, 5, 2)]


def test_what_brackets_say_once_more_changes_no_name(world, rows, issue):
    """An abbreviation, a scale, how the number comes about: 'Impact (I)', 'Likelihood (1-5)', 'Risk level (LxI)'."""
    names = {"customfield_1": "Likelihood (1-5)", "customfield_2": "Impact (I)", "customfield_3": "Risk level (LxI)"}
    fields = [{"id": key, "name": name, "schema": {"type": "number"}} for key, name in names.items()]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields), "utf-8")
    world.pages(issue(1, issuetype={"id": "8", "name": "Risk"}, customfield_1=4, customfield_2=5, customfield_3=20))
    assert rows(world.snapshot(), "risk", "likelihood, impact, score") == [(4, 5, 20)]


def test_a_field_of_other_entries_says_nothing_of_a_risk(world, rows, issue):
    """'Severity' of defects is empty for every risk, and no risk is known to be without an impact."""
    fields = [{"id": "customfield_4", "name": "Severity", "schema": {"type": "number"}}]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields), "utf-8")
    world.pages(issue(1, issuetype={"id": "8", "name": "Risk"}, customfield_4=None), issue(2, customfield_4=3))
    ((impact, bits),) = rows(world.snapshot(), "risk", "impact, unknown_bits")
    assert impact is None
    assert bits & TABLES["risk"].by_name["impact"].mask


def test_what_names_nobody_is_nobody(world, rows, issue):
    first = issue(1, issuetype=CHANGE, customfield_2="see minutes")
    second = issue(2, issuetype=CHANGE, customfield_2="TBD")
    assert [(row[1], row[4]) for row in _changes(world, rows, first, second)] == [(None, True), (None, False)]


def test_native_fields_mean_what_is_declared(world, rows, issue):
    """The day of the last edit is no day of a review, though sheets call that one 'updated'."""
    world.pages(issue(1, issuetype={"id": "8", "name": "Risk"}))
    ((reviewed_on, bits),) = rows(world.snapshot(), "risk", "reviewed_on, unknown_bits")
    assert reviewed_on is None
    assert bits & TABLES["risk"].by_name["reviewed_on"].mask


def test_a_header_that_names_the_register_is_its_own(world, rows, issue):
    """'Risk response strategy' is the response, though other columns may hold a 'strategy', too; what is called a kind says nothing."""
    names = {"customfield_1": "Risk response strategy", "customfield_2": "Category"}
    fields = [{"id": key, "name": name, "schema": {"type": "string"}} for key, name in names.items()]
    (world.root / "pages" / "field.json").write_text(json.dumps(fields), "utf-8")
    risk = issue(1, issuetype={"id": "8", "name": "Risk"}, customfield_1="Reduce", customfield_2="Opportunity")
    world.pages(risk)
    ((response, kind),) = rows(world.snapshot(), "risk", "response, kind")
    assert response == "reduce"
    assert kind is None
