"""Role descriptions: who holds a role below its heading, since when, and what the holder is otherwise."""

import datetime as dt

import pytest
from details_notation import read

from auditor.connect.values import parse_people


def test_a_role_description_says_its_holder_below_the_heading_of_the_role() -> None:
    found = read(
        "% Role descriptions\n# 1 Project executive\n| Holder | Ann Lee |\n| Description agreed by the holder on | 2 Jun 2026 |\n| Duties | Decides |\n"
        "# 2 User assurance\n| Holder | Bo Ek (until 29 Jun 2026) |\n| Description agreed by the holder on | 5 Jun 2026 |\n| Duties | Looks |\n"
        "# 3 User assurance\n| Holder | Jo Lake (from 30 Jun 2026) |\n| Description agreed by the holder on | |\n| Duties | Looks |"
    )
    rows = [row for row in found.found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"], row.values.get("accepted_on")) for row in rows] == [
        ("executive", "Ann Lee", dt.date(2026, 6, 2)),
        ("project_assurance", "Bo Ek", dt.date(2026, 6, 5)),
        ("project_assurance", "Jo Lake", None),
    ]
    assert all("accepted_on" in row.filled for row in rows)
    assert rows[1].values["to_on"] == dt.date(2026, 6, 29)
    assert rows[2].values["from_on"] == dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("heading", "label", "day"),
    [
        ("13 Senior Supplier from 1 June 2026", "Accepted by the holder", "29 May 2026"),
        ("Senior Supplier (since 1 June 2026)", "Agreed by the holder", "2026-05-29"),
        ("Lieferantenvertreterin ab 1. Juni 2026", "Vom Inhaber angenommen", "29.05.2026"),
        ("Fournisseur principal depuis le 1 juin 2026", "Accepté par le titulaire", "29/05/2026"),
    ],
)
def test_the_heading_says_since_when(heading: str, label: str, day: str) -> None:
    found = read(f"% Role descriptions\n# {heading}\n| Name | Lena Berg |\n| {label} | {day} |")
    (row,) = [row for row in found.found if row.table == "role"]
    assert (row.values["role"], row.values["person_id"]) == ("senior_supplier", "Lena Berg")
    assert (row.values["from_on"], row.values["accepted_on"]) == (dt.date(2026, 6, 1), dt.date(2026, 5, 29))


def test_what_the_holder_of_a_role_is_otherwise_names_nobody() -> None:
    found = read(
        "% PID\n# Team structure\n| Role | Person |\n| Project executive | Ann Lee, Director Asset Management |\n"
        "| Senior user | Ingrid Faulk, Head of Network Operations |\n| Business assurance | Georg Ash, finance business partner |\n"
        "| User assurance | Jo Lake (from 30 Mar 2026; before: Sue Dahl) |\n| Team managers | Rui Ek (platform), Han Vik (installation) |"
    )
    rows = [row for row in found.found if row.table == "role"]
    assert [row.values["person_id"] for row in rows] == ["Ann Lee", "Ingrid Faulk", "Georg Ash", "Jo Lake", "Rui Ek", "Han Vik"]
    assert rows[3].values["from_on"] == dt.date(2026, 3, 30)


@pytest.mark.parametrize(
    ("header", "language"),
    [("| Accepted by | Date |", "en"), ("| Name | Accepted on | Signature |", "en"), ("| Angenommen von | Datum |", "de")],
)
def test_who_accepted_a_role_stands_below_its_description(header: str, language: str) -> None:
    more = " | signed |" if header.count("|") > 3 else " |"
    found = read(
        "% Role descriptions\n# 4. Senior supplier (external)\nStuart Kell. Commits the resources of the supplier.\n"
        f"{header}\n| Stuart Kell | 2026-04-20{more}\n# 10. Team manager\nSeveral.\n{header}\n| Ann Lee | 2026-04-07{more}\n| Bo Ek | {more}\n"
        f"# 11. Library\n{header}\n| Jo Lake | 2026-04-09{more}",
        kind="role_descriptions",
        language=language,
    )
    rows = [row for row in found.found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"], row.values.get("accepted_on")) for row in rows] == [
        ("senior_supplier", "Stuart Kell", dt.date(2026, 4, 20)),
        ("team_manager", "Ann Lee", dt.date(2026, 4, 7)),
        ("team_manager", "Bo Ek", None),
    ]
    assert all("accepted_on" in row.filled for row in rows)


@pytest.mark.parametrize(
    ("title", "heading", "header"),
    [
        ("Role descriptions", "2 Acceptance by role holders", "| Name | Role | Accepted on | Signed |"),
        ("PID", "Acceptance of roles", "| Role | Held by | Agreed on | Signature |"),
        ("PID", "Annahme der Rollen", "| Rolle | Name | angenommen am | Unterschrift |"),
    ],
)
def test_who_accepts_a_role_approves_no_document(title: str, heading: str, header: str) -> None:
    first = ("Ann Lee", "Executive") if header.startswith("| Name") else ("Executive", "Ann Lee")
    second = ("Bo Ek", "Senior User") if header.startswith("| Name") else ("Senior User", "Bo Ek")
    found = read(
        f"% {title}\n# 1 Approvals\n| Name | Role | Decision | Date of approval | Version |\n| Ann Lee | Executive | Approved | 5 Jun 2026 | 1.0 |\n"
        f"# {heading}\n{header}\n| {first[0]} | {first[1]} | 2 Jun 2026 | signed |\n| {second[0]} | {second[1]} | | |",
        kind="role_descriptions" if title == "Role descriptions" else None,
    )
    rows = [row for row in found.found if row.table == "role"]
    assert [(row.values["role"], row.values["person_id"], row.values.get("accepted_on")) for row in rows] == [
        ("executive", "Ann Lee", dt.date(2026, 6, 2)),
        ("senior_user", "Bo Ek", None),
    ]
    assert all("accepted_on" in row.filled for row in rows)
    assert [row.values["person_id"] for row in found.found if row.table == "approval"] == ["Ann Lee"]


def test_the_approvals_of_role_descriptions_are_approvals() -> None:
    found = read(
        "% Role descriptions\n# Approvals\n| Name | Role | Signed on |\n| Ann Lee | Executive | 5 Jun 2026 |\n"
        "| Bo Ek | Senior User | 6 Jun 2026 |",
        kind="role_descriptions",
    )
    assert len([row for row in found.found if row.table == "approval"]) == 2
    assert not [row for row in found.found if row.table == "role"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Bo Ek; on site between his visits: Owen Trask", ["Bo Ek", "Owen Trask"]),
        ("Bo Ek; deputy: Jo Lake", ["Bo Ek"]),
        ("Bo Ek; bisher: Jo Lake", ["Bo Ek"]),
    ],
)
def test_words_before_a_name_are_no_part_of_it(said: str, names: list[str]) -> None:
    found = read(f"% Stage plan\n# Roles in this stage\n| Role | Name |\n| Supplier assurance | {said} |\n| Executive | Ann Lee |")
    assert [row.values["person_id"] for row in found.found if row.table == "role"] == [*names, "Ann Lee"]


def test_a_sentence_behind_a_name_names_nobody() -> None:
    assert [person.name for person in parse_people("Ann Lee (leave). No deputy was named.")] == ["Ann Lee"]
    assert [person.name for person in parse_people("Ann Lee (leave). Bo Ek (sick).")] == ["Ann Lee", "Bo Ek"]
    assert [person.name for person in parse_people("Dr. J. Doe (ACME)")] == ["Dr. J. Doe"]
