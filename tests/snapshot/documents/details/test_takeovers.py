"""When operations took over, when a result of a check was corrected, and what a package in a list of several made."""

import datetime as dt

import pytest
from details_notation import read

JUNE = dt.date(2026, 6, 24)
SIGNED = "| Name | Role | Date |\n| --- | --- | --- |\n"


def _told(text: str, name: str, language: str = "en") -> list[tuple[object, object]]:
    rows = [row.values for row in read(text, language=language).found if row.values.get("name") == name]
    return [(row.get("ref"), row.get("on_date")) for row in rows]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("% Record\n# Takeover by operations and maintenance\n" + SIGNED + "| Jo Lake | Head of operations | 24 June 2026 |", "en"),
        ("% Record\n# Übernahme durch Betrieb und Wartung\n| Name | Rolle | Datum |\n| Jo Lake | Leiter Betrieb | 24.06.2026 |", "de"),
        ("% PV\n# Prise en charge par l'exploitation\n| Nom | Rôle | Date |\n| Jo Lake | Exploitation | 24/06/2026 |", "fr"),
        ("% End project report\n# Products\nOperations accepted the platform on 24 June 2026.", "en"),
        ("% Acta\n# Aceptación por operaciones\nAceptado por: Jo Lake, 24/06/2026", "es"),
    ],
)
def test_operations_took_over(text: str, language: str) -> None:
    assert _told(text, "operations_took_over", language) == [(None, JUNE)]


@pytest.mark.parametrize(
    "text",
    [
        "% Record\n# Takeover by operations\n" + SIGNED + "| Jo Lake | Head of operations | 24 June 2026 |\n| Ada Finch | Maintenance | |",
        "% Record\n# Acceptance by the users\n" + SIGNED + "| Jo Lake | Senior user | 24 June 2026 |",
        "% Plan\n# Closing\nAccepted by operations: planned for 24 June 2026.",
        "% Plan\n# Closing\nOperations have not accepted the platform by 24 June 2026.",
    ],
)
def test_what_is_to_come_or_of_others_is_no_takeover(text: str) -> None:
    assert _told(text, "operations_took_over") == []


@pytest.mark.parametrize(
    ("remark", "is_told"),
    [
        ("New head 15 June; result corrected to pass on 17 June", True),
        ("Ergebnis korrigiert am 17.06.", True),
        ("résultat modifié le 17 juin", True),
        ("Inicialmente no superado", True),
        ("Repeat of Q-05, which failed at first", False),
        ("The result was not changed to pass", False),
        ("Print head corrected", False),
    ],
)
def test_a_remark_on_a_check_tells_that_its_result_was_corrected(remark: str, is_told: bool) -> None:
    text = f"# Quality register\n| ID | Product | Result | Remarks |\n| --- | --- | --- | --- |\n| Q-22 | Labels | pass | {remark} |"
    assert _told(text, "check_corrected") == ([("Q-22", None)] if is_told else [])


FORM = "| Product descriptions | {product} in MOLE-017 |\n| Authorised by / date | Ann Lee, 1 May 2026 |\n| {label} | {done} |\n"


@pytest.mark.parametrize(
    ("label", "done"),
    [
        ("Completion notified / accepted by project manager", "Bo Ek, 23 June 2026 / Ann Lee, 24 June 2026"),
        ("Completion", "Notified by Bo Ek on 23 June 2026 and accepted by Ann Lee on 24 June 2026"),
        ("Completion", "Notified by Bo Ek and accepted by Ann Lee on 24 June 2026"),
    ],
)
def test_packages_of_a_list_tell_what_they_make_and_when_they_were_taken_back(label: str, done: str) -> None:
    parts = "".join(f"# WP-0{n}: Part {n}\n" + FORM.format(product=f"P0{n}", label=label, done=done) for n in (1, 2))
    found = read("% Work packages WP-01 to WP-02\n" + parts, kind="work_package").found
    packages = [(row.own_id, row.values.get("closed_on")) for row in found if row.table == "work_package"]
    assert packages == [("WP-01", JUNE), ("WP-02", JUNE)]
    made = {(row.refers["from_id"][1], row.refers["to_id"][1]) for row in found if row.table == "link"}
    assert {("P01", "WP-01"), ("P02", "WP-02")} <= made
