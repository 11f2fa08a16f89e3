"""Names of documents as persons."""

import pytest

from auditor.model.schema import TABLES
from auditor.snapshot.people import Aliases, is_short_for, may_be_one, named, names_elsewhere, settle_people
from auditor.snapshot.rows import Made


@pytest.mark.parametrize(
    ("text", "person", "kind"),
    [
        ("Anna Weber", "name:anna-weber", "person"),
        ("Weber, Anna", "name:anna-weber", "person"),
        ("Weber Anna", "name:anna-weber", "person"),
        ("Dr. Anna Weber (PM)", "name:anna-weber", "person"),
        ("Anna Weber, Finance", "name:anna-weber", "person"),
        ("Anna Weber <anna.weber@example.org>", "name:anna-weber", "person"),
        ("anna.weber@example.org", "name:anna-weber", "person"),
        ("José García López", "name:garcia-jose-lopez", "person"),
        ("van der Berg, Jan", "name:berg-der-jan-van", "person"),
        ("Project Steering Committee", "name:committee-project-steering", "group"),
        ("Lenkungsausschuss", "name:lenkungsausschuss", "group"),
        ("A. Smith / B. Jones", "name:a-b-jones-smith", "group"),
        ("Vogt, Krüger, Brandl", "name:brandl-kruger-vogt", "group"),
        ("Anna Weber, Tom Berg, Li Ma", "name:anna-berg-li-ma-tom-weber", "group"),
        ("Anna Weber und Tom Berg", "name:anna-berg-tom-und-weber", "group"),
        ("Change Authority (Anna Weber)", "name:anna-weber", "person"),
        ("Senior User (A. Weber)", "name:a-weber", "person"),
        ("Projektleiterin (Anna Weber)", "name:anna-weber", "person"),
        ("Project Manager (acting as chair)", "name:manager-project", "group"),
        ("Project Board (Anna Weber)", "name:board-project", "group"),  # a body decides, whoever leads it
    ],
)
def test_who_is_named(text, person, kind):
    found = named(text)
    assert (found.id, found.kind) == (person, kind)


@pytest.mark.parametrize(("text", "is_open"), [("Change authority", True), ("PM", True), ("Change Authority (Jo Lake)", False)])
def test_an_authority_alone_names_nobody(text, is_open):
    assert names_elsewhere(text) == is_open


@pytest.mark.parametrize(
    "text", ["", "-", "TBD", "t.b.d.", "n/a", "<name>", "[Name]", "Name 3", "12", "noch offen", "à définir", "por definir"]
)
def test_who_is_nobody(text):
    assert named(text) is None


def test_an_address_is_compared_and_never_kept():
    found = named("Anna Weber <Anna.Weber@example.org>")
    assert found.email_hash == named("anna.weber@example.org").email_hash
    assert "@" not in found.name


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Anna Weber", "A. Weber", True),
        ("Anna Weber", "Weber", True),
        ("Anna Weber", "Ana Weber", True),
        ("Anna Maria Weber", "Anna Weber", True),
        ("Anna Weber", "Peter Weber", False),
        ("Anna Weber", "P. Weber", False),
        ("Anna Weber", "Tom Berg", False),
    ],
)
def test_two_ways_to_write_one_name(first, second, expected):
    assert may_be_one(named(first).tokens, named(second).tokens) is expected
    assert may_be_one(named(second).tokens, named(first).tokens) is expected


def test_a_short_name_is_of_no_known_realm(world, rows):
    table = (
        "| Action | Owner |\n| --- | --- |\n| Call the supplier | Anna Weber |\n| Write the plan | A. Weber |\n| Check it | Tom Berg |\n"
    )
    world.document("Gamma/Action Log.md", f"# Action Log\n\n{table}")
    found = dict(rows(world.snapshot(), "person", "id, realm"))
    assert found == {"name:anna-weber": "names", "name:a-weber": None, "name:berg-tom": "names"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("A. Weber", "Anna Weber", True),
        ("Weber", "Anna Weber", True),
        ("Anna Weber", "A. Weber", False),
        ("Anna Weber", "Anna Maria Weber", True),
        ("Anna Weber", "Anna M. Weber", False),
        ("Anna M. Weber", "Anna Maria Weber", True),
        ("Anna Weber", "Ana Weber", False),
        ("Anna Weber", "Weber, Anna", False),
    ],
)
def test_the_shorter_way_to_write_a_name(first, second, expected):
    """What may be written in two ways of which neither is the shorter stays open for both."""
    assert may_be_one(named(first).tokens, named(second).tokens)
    assert is_short_for(named(first).tokens, named(second).tokens) is expected


@pytest.mark.parametrize(
    "text", ["see the contract", "agreed later on", "siehe Vertrag", "voir le contrat", "pendiente de acordar", "not yet decided"]
)
def test_a_remark_is_no_person(text):
    """A remark where a name should stand is nobody who could own anything."""
    found = named(text)
    assert found is None or found.kind == "group"


@pytest.mark.parametrize("text", ["Lisa See", "jane doe", "Maria de la Cruz", "Jan van der Meer", "Le Pen, Marie", "Will To"])
def test_a_name_that_looks_like_a_remark_stays_a_person(text):
    """Short words are parts of names too."""
    found = named(text)
    assert found is not None
    assert found.kind == "person"


@pytest.mark.parametrize(
    "text", ["To be appointed", "To Be Nominated", "not yet known", "à désigner", "noch zu benennen", "wird noch benannt", "por designar"]
)
def test_who_is_still_to_be_named_is_nobody(text):
    assert named(text) is None


def test_what_refers_to_a_name_elsewhere_names_nobody_known(world, rows):
    """'See contract' is neither a person nor a blank: the name may stand there."""
    table = (
        "| ID | Title | Status | Owner |\n| --- | --- | --- | --- |\n| R1 | Late delivery of the stone | Approved | see contract |\n"
        "| R2 | Theft of the tools | Approved | to be appointed |\n| R3 | Storm | Approved | Anna Weber |\n"
    )
    world.document("Gamma/Risk Log.md", f"# Risk Log\n\n{table}")
    snapshot = world.snapshot()
    assert rows(snapshot, "risk", "id, owner_id", order="id") == [("R1", None), ("R2", None), ("R3", "name:anna-weber")]
    bit = next(column.mask for column in TABLES["risk"].columns if column.name == "owner_id")
    assert [bool(bits & bit) for (bits,) in rows(snapshot, "risk", "unknown_bits", order="id")] == [True, False, False]
    assert rows(snapshot, "person", "id") == [("name:anna-weber",)]


def test_a_shared_account_is_a_group(world, rows, issue, person):
    world.pages(issue(1, assignee=person("u7", "Infrastructure Team")), issue(2, assignee=person("u8", "Anna Weber")))
    assert dict(rows(world.snapshot(), "person", "name, kind"))["Infrastructure Team"] == "group"
    assert dict(rows(world.snapshot(), "person", "name, kind"))["Anna Weber"] == "person"


@pytest.mark.parametrize(("text", "expected"), [("PM", True), ("po", True), ("see contract", True), ("JD", False), ("Ann See", False)])
def test_what_may_be_a_role_or_initials_names_nobody_known(text, expected):
    assert names_elsewhere(text) is expected


def test_two_surnames_with_a_comma_are_two_people() -> None:
    """'Strand, Delvaux' beside Helen Strand and Marc Delvaux; a colleague who is also written in full stays one person."""

    def row(number: int, said: str) -> Made:
        return Made("decision", f"D{number}", {"decided_by": said}, {"decided_by"}, "files", url=f"file:///{number}")

    rows = [row(number, said) for number, said in enumerate(("Helen Strand", "Marc Delvaux", "Strand, Delvaux", "Orr, Ann", "Jo Orr"))]
    settle_people(rows, Aliases(), frozenset({"files"}))
    kinds = {str(person.get("name")): person.get("kind") for person in rows if person.table == "person"}
    assert (kinds["Helen Strand"], kinds["Delvaux Strand"], kinds["Ann Orr"]) == ("person", "group", "person")
    martin = [row(1, "Anna Martin"), row(2, "Bob Thomas"), row(3, "Thomas, Martin"), row(4, "Martin Thomas")]
    settle_people(martin, Aliases(), frozenset({"files"}))
    assert {person.get("kind") for person in martin if person.table == "person"} == {"person"}


@pytest.mark.parametrize("text", ["18 Dec 2026", "18/12/2026", "2026-12-18", "18. Dezember 2026"])
def test_a_day_is_nobody_known(text):
    """Where a day stands for a name the column was misread: it is unknown who is meant, neither somebody nor nobody."""
    assert names_elsewhere(text)


@pytest.mark.parametrize("text", ["12", "-", "?", "May Lee", "April Day"])
def test_what_is_no_day_names_as_before(text):
    assert not names_elsewhere(text)


def test_a_body_whose_members_are_told_is_the_body() -> None:
    found = named("Project board: T. Renwick, I. Faulk, M. Orr")
    assert found is not None
    assert (found.name, found.kind) == ("Project board", "group")


@pytest.mark.parametrize(
    ("written", "others", "expected"),
    [
        ("N. Lee", ["Nora Lee", "Jo Lake"], "name:lee-nora"),
        ("Lee", ["Nora Lee", "N. Lee"], "name:lee-nora"),
        ("N. Lee", ["Nora Lee", "Nick Lee"], "name:lee-n"),  # which of them?
        ("N. Lee", ["Jo Lee"], "name:lee-n"),
        ("N. Lee", ["Nora Lake"], "name:lee-n"),
    ],
)
def test_who_left_is_the_only_one_of_that_name(written: str, others: list[str], expected: str) -> None:
    def row(id_: str, name: str, kind: str) -> Made:
        values = {"kind": kind, "name": name, "person_id": name}
        return Made("listed_item", id_, values, set(values), "docs", "u", "l", None, None, None)

    rows = [row("L0", written, "departure"), *(row(f"L{place}", name, "role_assignment") for place, name in enumerate(others, start=1))]
    settle_people(rows, Aliases(), frozenset({"docs"}))
    assert rows[0].values["person_id"] == expected
