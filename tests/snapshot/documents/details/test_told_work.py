"""Days on which checkpoint reports tell that work was done."""

import datetime as dt

import pytest
from details_notation import read

from auditor.snapshot.likeness import name_changes_worked_on
from auditor.snapshot.rows import Made


def told(
    done: str,
    issued: str = "2026-03-06",
    beside: str = "none",
    head: str = "Report date | Period | Done in this period | Next period | Issues",
) -> list[tuple]:
    rows = read(f"% Checkpoint reports WP3.2\n| {head} |\n| {issued} | | {done} | More | {beside} |", kind="checkpoint_report").found
    return [(row.values["on_date"], row.values.get("ref"), row.locator) for row in rows if row.values.get("name") == "work_told"]


@pytest.mark.parametrize(
    ("done", "day"),
    [
        ("First two course days held on 11 and 12 February with 9 technicians", dt.date(2026, 2, 11)),
        ("19 cabinets mounted (29-30 September)", dt.date(2025, 9, 29)),  # the last one before the report
        ("Nordby inspected; work at Sentrum began 01.03.", dt.date(2026, 3, 1)),
        ("Cables laid from 2026-02-20 on", dt.date(2026, 2, 20)),
        ("Erste Schulungen am 11. und 12. Februar abgehalten", dt.date(2026, 2, 11)),
        ("Armoires installées le 11 février 2026", dt.date(2026, 2, 11)),
        ("Cursos celebrados el 11 y 12 de febrero", dt.date(2026, 2, 11)),
    ],
)
def test_a_day_of_work(done: str, day: dt.date) -> None:
    assert [found[0] for found in told(done)] == [day]


@pytest.mark.parametrize(
    "done",
    [
        "P-08 accepted 2 March",  # no work
        "Courses to be held on 3 March, as decided",
        "View built after 3 March",
        "Contract signed 5 February",
        "18 people trained",
        "Work began on 9 March",  # behind the report
    ],
)
def test_no_day_of_work(done: str) -> None:
    assert told(done) == []


def test_each_clause_tells_for_itself_and_a_row_says_of_which_report() -> None:
    found = told("Tests carried out 2 March; P-08 accepted 3 March; 14 extra ones of I-05 mounted 4 March")
    assert [(day, ref) for day, ref, _ in found] == [(dt.date(2026, 3, 2), None), (dt.date(2026, 3, 4), "I-05")]
    assert len({locator for _, _, locator in found}) == 1


def test_a_report_of_its_own_tells_below_what_was_done() -> None:
    text = "% Checkpoint report WP-A\n| Report date | 6 March 2026 |\n\n# Done in this period\n- First courses held on 11 February.\n\n# Next period\n- Courses held on 1 March.\n"
    rows = read(text, kind="checkpoint_report").found
    report = next(row for row in rows if row.table == "report")
    found = [row for row in rows if row.values.get("name") == "work_told"]
    assert [(row.values["on_date"], row.locator) for row in found] == [(dt.date(2026, 2, 11), report.locator)]


@pytest.mark.parametrize(
    ("text", "reason", "ref"),
    [
        ("19 gateways mounted, the four extra ones at Harrow Lane on 29 September", "I-9 R-02", "I-09"),
        ("19 gateways mounted on 29 September", "I-9 R-02", None),  # one word of five
        ("19 gateways mounted at Harrow Lane on 29 September", "R-02", None),  # the report does not name the issue
        ("19 gateways mounted at Harrow Lane on 29 September", "I-9 I-10", None),  # of which of the two?
    ],
)
def test_a_change_is_named_by_its_words(text: str, reason: str, ref: str | None) -> None:
    def made(table: str, row_id: str, **values: str) -> Made:
        return Made(table=table, id=row_id, source="s", values=dict(values), filled=set(values))

    item = made("listed_item", "L1", kind="figure", name="work_told", text=text, reason=reason)
    issues = [
        made("issue", row_id, title=title)
        for row_id, title in (("I-09", "Four more gateways at Harrow Lane"), ("I-10", "Gateways at Harrow Lane fail"))
    ]
    name_changes_worked_on([item, *issues])
    assert item.get("ref") == ref


@pytest.mark.parametrize(
    ("done", "day"),
    [
        ("Drafting started on Monday 2 March: outline agreed with the clerks", dt.date(2026, 3, 2)),  # only what is agreed is no work
        ("Roll-out ran from Monday 2 to Thursday 5 March", dt.date(2026, 3, 2)),
        ("Firmware am 2. März aufgespielt", dt.date(2026, 3, 2)),
    ],
)
def test_a_clause_tells_apart_what_was_done(done: str, day: dt.date) -> None:
    assert [found[0] for found in told(done)] == [day]


def test_the_time_of_a_report_may_stand_in_two_columns() -> None:
    head = "No. | Work package | Period from | Period to | Issued | Done in this period | Next period"
    text = f"% Team reports\n| {head} |\n| T1 | WP-2 | 2026-02-23 | 2026-03-06 | 2026-03-06 | Walls built | Roof |\n"
    reports = [row.values for row in read(text, kind="checkpoint_report").found if row.table == "report"]
    assert [(one["period_from_on"], one["period_to_on"]) for one in reports] == [(dt.date(2026, 2, 23), dt.date(2026, 3, 6))]


@pytest.mark.parametrize(
    ("title", "other", "ref"),
    [
        ("Nouveau firmware 7.3 des bornes", "Borne 7 en panne", "I-9"),
        ("Nouveau firmware 7.4 des bornes", "Borne 7 en panne", None),
        ("Nouveau firmware 7.3 des bornes", "Défaut du firmware 7.3", None),  # of which of the two?
        ("Chapter 7.3 of the manual", "Borne 7 en panne", None),
    ],
)
def test_an_edition_names_the_change_in_any_language(title: str, other: str, ref: str | None) -> None:
    def made(table: str, row_id: str, **values: str) -> Made:
        return Made(table=table, id=row_id, source="s", values=dict(values), filled=set(values))

    item = made("listed_item", "L1", kind="figure", name="work_told", text="Firmware 7.3 loaded on 2 March, chapter 7.3 written")
    name_changes_worked_on([item, made("issue", "I-9", title=title), made("issue", "I-10", title=other)])
    assert item.get("ref") == ref
