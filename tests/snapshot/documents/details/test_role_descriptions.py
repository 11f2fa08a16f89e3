"""Role descriptions: who holds a role below its heading, since when, and what the holder is otherwise."""

import datetime as dt

from details_notation import read


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


def test_what_the_holder_of_a_role_is_otherwise_names_nobody() -> None:
    found = read(
        "% PID\n# Team structure\n| Role | Person |\n| Project executive | Ann Lee, Director Asset Management |\n"
        "| Senior user | Ingrid Faulk, Head of Network Operations |\n| Business assurance | Georg Ash, finance business partner |\n"
        "| User assurance | Jo Lake (from 30 Mar 2026; before: Sue Dahl) |\n| Team managers | Rui Ek (platform), Han Vik (installation) |"
    )
    rows = [row for row in found.found if row.table == "role"]
    assert [row.values["person_id"] for row in rows] == ["Ann Lee", "Ingrid Faulk", "Georg Ash", "Jo Lake", "Rui Ek", "Han Vik"]
    assert rows[3].values["from_on"] == dt.date(2026, 3, 30)
