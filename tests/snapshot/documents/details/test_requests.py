"""When an approval was asked for: beside each approver, else where the document says when it was submitted."""

import datetime as dt

import pytest
from details_notation import read

HEAD = {
    "en": "| Approver | Role | Action | Sent for approval | Date | Version |",
    "fr": "| Nom | Rôle | Action | Soumis le | Date | Version |",
    "de": "| Name | Rolle | Aktion | Vorgelegt am | Datum | Version |",
    "es": "| Nombre | Rol | Acción | Enviado el | Fecha | Versión |",
}


def _asked(text: str) -> list[dt.datetime | None]:
    rows = [row for row in read(text).found if row.table == "approval" and "requested_at" in row.filled]
    return [row.values.get("requested_at") for row in rows]


@pytest.mark.parametrize("language", sorted(HEAD))
def test_a_column_says_when_it_was_asked_for(language: str) -> None:
    found = _asked(f"# Approval\n{HEAD[language]}\n| Ada Finch | Executive | Approve | 2026-03-02 | 2026-03-09 | 1.0 |")
    assert [day and day.date() for day in found] == [dt.date(2026, 3, 2)]


def test_an_empty_cell_is_blank_and_a_word_unknown() -> None:
    """'In spring' is no day; an empty cell says that nobody noted it."""
    empty = f"# Approval\n{HEAD['en']}\n| Ada Finch | Executive | Approve | | 2026-03-09 | 1.0 |"
    assert _asked(empty) == [None]
    assert _asked(empty.replace("Approve | |", "Approve | in spring |")) == []


def test_the_document_says_when_it_was_submitted() -> None:
    """The day in the control block counts for each approver whose line has no column for it."""
    block = "# Document control\n| Title | Plan |\n| Version | 1.0 |\n| Date of submission | 2026-02-27 |\n"
    table = "# Approval\n| Name | Role | Action | Date |\n| Ada Finch | Executive | Approve | 2026-03-09 |"
    assert [day and day.date() for day in _asked(block + table)] == [dt.date(2026, 2, 27)]
    assert _asked(table) == []
