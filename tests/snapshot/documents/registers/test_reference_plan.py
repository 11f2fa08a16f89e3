"""Plans whose columns stand below groups and whose baseline is called the reference."""

import datetime as dt

import pytest
from register_tables import read, sheet, workbook


@pytest.mark.parametrize(
    ("title", "header"),
    [
        (
            "Calendrier de référence",
            "N° | Élément | Nature | Responsable | Charge (j-p) | Début réf. | Fin réf. | Après | Fin prévue | Fin réelle | État",
        ),
        (
            "Work plan",
            "No | Item | Type | Owner | Effort (md) | Start (ref.) | Finish (ref.) | After | Expected finish | Actual finish | Status",
        ),
    ],
)
def test_the_reference_is_the_baseline(title: str, header: str) -> None:
    found = read(
        workbook(
            sheet(
                "Calendrier" if title.startswith("C") else "Plan",
                f"""
                {title}
                {header}
                1 | Lot 1 | Livrable | | | 2027-01-11 | 2027-06-11 | | 2027-06-11 | | à venir
                1.1 | Formulaires | Tâche | Ada Finch | 45 | 2027-01-11 | 2027-03-12 | | 2027-03-19 | | à venir
                1.2 | Recette | Acceptation | Tom Ray | 25 | 2027-03-15 | 2027-06-11 | 1.1 | 2027-06-11 | | à venir
                """,
            ),
            path="02/Plan.xlsx",
        )
    )
    rows = [row for row in found.found if row.table == "work_item"]
    assert [row.values["title"] for row in rows] == ["Lot 1", "Formulaires", "Recette"]
    assert [row.values["kind"] for row in rows] == ["epic", "task", "task"]  # what is accepted or reviewed is work as well
    assert (rows[1].values["baseline_start_on"], rows[1].values["baseline_due_on"], rows[1].values["due_on"]) == (
        dt.date(2027, 1, 11),
        dt.date(2027, 3, 12),
        dt.date(2027, 3, 19),
    )
