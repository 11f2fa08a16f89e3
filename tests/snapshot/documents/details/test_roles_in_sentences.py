"""Who holds a role, where a sentence says only that."""

import datetime as dt

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The contractor's project manager is Jo Lake.", [("contractor_project_manager", "Jo Lake")]),
        ("The team keeps the named persons. The project manager is Jo Lake.", [("project_manager", "Jo Lake")]),
        ("Der Projektleiter ist Jo Lake.", [("project_manager", "Jo Lake")]),
        ("Le chef de projet est Mme Jo Lake.", [("project_manager", "Mme Jo Lake")]),
        ("The project manager is responsible for the plan.", []),
        ("The project manager is not Jo Lake.", []),
        ("The project owner is Head of Division.", []),  # a post, no person
        ("The weather is Jo Lake.", []),
    ],
)
def test_a_sentence_says_who_holds_a_role(text: str, expected: list[tuple[str, str]]) -> None:
    rows = [row for row in read(f"# 7. Project manager\n{text}", kind="project_handbook").found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"]) for row in rows] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Committee: Jo Lake (PO, chair), Ada van der Finch (BM), Wim Ek (PM).",
            [("project_owner", "Jo Lake"), ("business_manager", "Ada van der Finch"), ("project_manager", "Wim Ek")],
        ),
        (
            "Project Owner Jo Lake; Business Manager Ada Finch; Project Manager Wim Ek (deputy Lu Moss).",
            [("project_owner", "Jo Lake"), ("business_manager", "Ada Finch"), ("project_manager", "Wim Ek")],
        ),
        ("Chef de projet Anne Petit ; Responsable métier Luc Roux.", [("project_manager", "Anne Petit"), ("business_manager", "Luc Roux")]),
        ("Jo Lake (PM) asked what it costs.", []),  # one alone may be of any day
        ("Jo Lake (PM) hands over to Ada Finch (PM).", []),  # which of the two it is now, nobody says
        ("Jo Lake (Finance), Ada Finch (Registry).", []),
        ("Project Manager plans; Business Manager Accepts Results.", []),
        ("Project Owner Jo Lake until 3 May 2026; Business Manager Ada Finch.", []),
    ],
)
def test_a_sentence_names_several_and_what_each_is(text: str, expected: list[tuple[str, str]]) -> None:
    rows = [row for row in read(f"# 6. How we are organised\n{text}", kind="project_handbook").found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"]) for row in rows] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 7. Project Support – Jo Lake\nKeeps the registers.", [("project_support", "Jo Lake")]),
        ("# Team Managers – Jo Lake, Ada Finch\nAccept work packages.", [("team_manager", "Jo Lake"), ("team_manager", "Ada Finch")]),
        ("# 2. Chef de projet — Anne Petit\nPlanifie.", [("project_manager", "Anne Petit")]),
        ("# Project Manager – duties and rights\nPlans.", []),
        ("# Project Manager – Head of Unit\nPlans.", []),
        ("# Weather – Jo Lake\nRain.", []),
        (
            "# 2. Project assurance\nBusiness assurance: Jo Lake. User assurance: Ada Finch. They report to the board.",
            [("project_assurance", "Jo Lake"), ("project_assurance", "Ada Finch")],
        ),
        (
            "# 3. Roles\nUser Representatives: Jo Lake, Ada Finch",
            [("user_representative", "Jo Lake"), ("user_representative", "Ada Finch")],
        ),
        ("# 3. Roles\nUser Representative: Finch, Ada", [("user_representative", "Finch, Ada")]),
        ("# 3. Roles\nProject manager: runs the procedure. Project support: keeps the records.", []),
    ],
)
def test_role_descriptions_name_who_holds_a_role(text: str, expected: list[tuple[str, str]]) -> None:
    rows = [row for row in read(text, kind="project_handbook").found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"]) for row in rows] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("User assurance; Project Support", ["project_assurance", "project_support"]),
        ("Team Manager and Project Support", ["team_manager", "project_support"]),
        ("Chef de projet et soutien projet", ["project_manager", "project_support"]),
        ("Team Manager, Registry", ["team_manager"]),
        ("Project Manager, supplier", []),
    ],
)
def test_one_cell_names_several_roles(said: str, expected: list[str]) -> None:
    """Who holds two roles holds both: a list that told one of them only would make the other look free."""
    text = f"# Roles\n| Role | Person |\n| --- | --- |\n| {said} | Ada Finch |\n| Executive | Jo Lake |"
    rows = [row for row in read(text, kind="project_handbook").found if row.table == "role" and row.values.get("person_id") == "Ada Finch"]
    assert [row.values["role"] for row in rows if row.values.get("role")] == expected


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("Jo Lake takes over user assurance from 1 November 2026.", "en", [("project_assurance", "Jo Lake", dt.date(2026, 11, 1))]),
        ("Jo Lake, project support, takes over user assurance.", "en", [("project_assurance", "Jo Lake", None)]),
        ("Jo Lake wird Teammanager ab 01.11.2026.", "de", [("team_manager", "Jo Lake", dt.date(2026, 11, 1))]),
        ("Jo Lake takes over as project manager from 1 November 2026.", "en", []),  # older lists still name the one before
        ("Jo Lake takes over the tests from 1 November 2026.", "en", []),
        ("The supplier takes over user assurance from 1 November 2026.", "en", []),
    ],
)
def test_minutes_say_who_takes_over_a_role(said: str, language: str, expected: list[tuple[str, str, dt.date | None]]) -> None:
    for text in (
        f"% Minutes of the board\n## Decisions\n| No | Decision |\n| 1 | {said} |",
        f"% Minutes of the board\n## Discussion\n{said}",
    ):
        rows = [row for row in read(text, kind="minutes_of_meeting", language=language).found if row.table == "role"]
        assert [(row.values["role"], row.values["person_id"], row.values.get("from_on")) for row in rows] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Core team: Jo Lake (team leader, architect), Ada Finch (data), Tobin Marsh (user representative), then whoever leads the contractor.",
            [("project_core_team", "Jo Lake"), ("project_core_team", "Ada Finch")],
        ),
        ("Équipe projet : Jo Lake (architecte), Ada Finch.", [("project_core_team", "Jo Lake"), ("project_core_team", "Ada Finch")]),
        ("User representatives: Jo Lake, Ada Finch.", [("user_representative", "Jo Lake"), ("user_representative", "Ada Finch")]),
        ("Core team: meets every week, Jo Lake (chair).", []),
    ],
)
def test_lines_below_roles_list_who_is_in_them(text: str, expected: list[tuple[str, str]]) -> None:
    rows = [row for row in read(f"# 4 Roles\n{text}", kind="project_handbook").found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"]) for row in rows] == expected
