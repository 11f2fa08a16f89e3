"""When tests before an acceptance were finished, and when the acceptance was signed."""

import datetime as dt

import pytest
from details_notation import read

FORM = "% Deliverables Acceptance Note\n| Deliverable | D2 Registry |\n| Result | Accepted |\n"
SIGNED = "# Acceptance\n| Accepted by | Role | Date | Signature |\n| --- | --- | --- | --- |\n| Ann Lee | Project Owner | 7 August 2026 | signed |"


def said(text: str, kind: str | None, language: str = "en") -> list[tuple[str, str, dt.date]]:
    rows = [row.values for row in read(text, kind=kind, language=language).found if str(row.values.get("name")).startswith("acceptance_")]
    return [(row["name"], row["ref"], row["on_date"]) for row in rows]


def test_a_note_tells_when_it_was_signed_and_when_each_criterion_was_verified() -> None:
    table = "# Criteria\n| No | Criterion / activity | Result | Date verified |\n| --- | --- | --- | --- |\n| 1 | Security test | Okay | 18 August 2026 |\n"
    assert said(FORM + table + SIGNED, "deliverables_acceptance_note") == [
        ("acceptance_signed", "D2", dt.date(2026, 8, 7)),
        ("acceptance_activity", "D2", dt.date(2026, 8, 18)),
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "# Checks\n| Deliverable | Acceptance activity | Finished |\n| --- | --- | --- |\n| D1 Forms | Load test | 3 September 2026 |\n| D2 | Test | open |",
            "en",
            [("D1", dt.date(2026, 9, 3))],
        ),
        (
            "# Prüfungen\n| Ergebnis | Aktivität | Beendet am |\n| --- | --- | --- |\n| E1 Formular | Lasttest | 03.09.2026 |",
            "de",
            [("E1", dt.date(2026, 9, 3))],
        ),
        (
            "% Test report D3\n| Tested from | 1 September 2026 |\n| Test finished on | 3 September 2026 |",
            "en",
            [("D3", dt.date(2026, 9, 3))],
        ),
        (
            "# Checks\n| Deliverable | Acceptance activity | Finished |\n| --- | --- | --- |\n| D1 to D4 | Load test | 3 September 2026 |",
            "en",
            [],
        ),
        ("# Checks\n| Acceptance activity | Finished |\n| --- | --- |\n| Load test | 3 September 2026 |", "en", []),
        ("% Report D3\n| Test finished on | 3 September 2026 |", "en", []),
        ("% Test report D3, D4\n| Test finished on | 3 September 2026 |", "en", []),
    ],
)
def test_checklists_and_reports_tell_when_tests_were_finished(text: str, language: str, expected: list[tuple[str, dt.date]]) -> None:
    assert [(ref, day) for _, ref, day in said(text, None, language)] == expected


def test_signatures_without_a_decision_tell_the_day_as_well() -> None:
    table = "# Signed\n| Name | Capacity | Signed on |\n| --- | --- | --- |\n| Ann Lee | Director | 5 August 2026 |\n| Jo Lake | Head | 7 August 2026 |"
    assert said(FORM + table, "deliverables_acceptance_note") == [("acceptance_signed", "D2", dt.date(2026, 8, 7))]
