"""Milestones that two versions of the plan give different baselines."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.snapshot.documents.details import load_detail_words
from auditor.snapshot.documents.found import Found
from auditor.snapshot.moved import moved_milestones
from auditor.snapshot.rows import Made

WORDS = load_detail_words()
OLD = {"M3": ("Line tested", date(2026, 5, 4)), "M4": ("Hall handed over", date(2026, 7, 1)), "M5": ("Closing", date(2026, 9, 1))}
NEW = {**OLD, "M3": ("Line tested", date(2026, 5, 18)), "M4": ("Hall handed over", date(2026, 8, 1))}


def _change(text: str) -> Made:
    return Made("change_request", "C-1", {"description": text}, {"description"}, "files", artefact="R")


NAMED = _change("M4 to 1 August")


def _plan(version: str, milestones: dict[str, tuple[str, date]], *, is_current: bool = False, row: str = "", gone: Any = None) -> Any:
    found = [
        Found("milestone", {"title": title, "baseline_on": on}, frozenset({"baseline_on"}), f"Milestones!A{at}", own_id=own)
        for at, (own, (title, on)) in enumerate(milestones.items())
    ]
    table = TableBlock(rows=(tuple(Cell(text) for text in row.split(" | ")),), locator="Milestones")
    return SimpleNamespace(
        id=version,
        kind="project_work_plan",
        source="files",
        path=f"plan {version}",
        values={"version": version},
        parsed=SimpleNamespace(document=Document(format="xlsx", blocks=(table,))),
        read=SimpleNamespace(language="en", found=found),
        seen=SimpleNamespace(gone_at=gone, seen_at=None),
        record=SimpleNamespace(url="file:///plan"),
        is_current=is_current,
    )


def _doc(kind: str, text: str) -> Any:
    doc = _plan("", {})
    doc.kind, doc.is_current, doc.parsed = kind, True, SimpleNamespace(document=Document(format="docx", blocks=(TextBlock(text),)))
    return doc


def _moved(
    *docs: Any, change: Made = NAMED, old: Any = OLD, new: Any = NEW, versions: tuple[str, str] = ("1.0", "1.1"), row: str = ""
) -> dict[str, Any]:
    plans = [_plan(versions[0], old), _plan(versions[1], new, is_current=True, row=row)]
    return {str(item.get("ref")): item.get("reason") for item in moved_milestones([change], [*plans, *docs], WORDS)}


def test_a_milestone_that_nothing_names() -> None:
    assert _moved() == {"M3 Line tested": None, "M4 Hall handed over": "M4 to 1 August"}
    item = next(iter(moved_milestones([NAMED], [_plan("1.0", OLD), _plan("2", NEW, is_current=True)], WORDS)))
    assert (item.get("text"), item.locator) == ("2026-05-04 / 2026-05-18", "Milestones!A0")


@pytest.mark.parametrize(
    "change",
    [
        "M4 to 1 August, M3 to 18 May",
        "M2 to M4 by two weeks",
        "M4 to 1 August and all later milestones with it",
        "M4: Jalons suivants décalés",
        "M4. The line will be tested later.",
        "M4; line tested on 2026-05-18",
    ],
)
def test_what_a_change_may_mean_is_said(change: str) -> None:
    assert _moved(change=_change(change))["M3 Line tested"] == change


def test_without_a_named_move_nothing_is_expected() -> None:
    assert _moved(change=_change("More gates in the hall")) == {}


def test_minutes_and_other_papers_may_tell_of_the_move() -> None:
    assert _moved(_doc("minutes", "M3 was put on 18 May"))["M3 Line tested"] == "M3 was put on 18 May"
    assert _moved(_doc("project_status_report", "M3 moved to 18 May as the owner wished"))["M3 Line tested"]
    assert _moved(_doc("project_status_report", "M3 | 2026-05-18 | open"))["M3 Line tested"] is None


def test_the_plan_itself_may_name_the_change() -> None:
    assert _moved(row="M3 | Line tested | 2026-05-18 | C-1")["M3 Line tested"]
    assert _moved(row="M3 | Line tested | 2026-05-18 | W-1")["M3 Line tested"] is None


def test_what_follows_a_named_milestone_by_the_same_days_moved_with_it() -> None:
    new = {**OLD, "M4": ("Hall handed over", date(2026, 7, 15)), "M5": ("Closing", date(2026, 9, 15))}
    assert _moved(new=new)["M5 Closing"]
    assert _moved(new={**new, "M3": ("Line tested", date(2026, 5, 18))})["M3 Line tested"] is None
    assert _moved(new={**new, "M5": ("Closing", date(2026, 9, 30))})["M5 Closing"] is None


@pytest.mark.parametrize("versions", [("0.9", "1.0"), ("1.0", "1.0"), ("2.0", "1.0")])
def test_drafts_and_versions_in_doubt_are_no_baselines(versions: tuple[str, str]) -> None:
    assert _moved(versions=versions) == {}


def test_another_milestone_under_the_old_number() -> None:
    assert "M3 Roof closed" not in _moved(new={**NEW, "M3": ("Roof closed", date(2026, 5, 18))})


def test_a_sheet_that_tracks_the_plan_is_another_series() -> None:
    """It is of the same kind, current as well, and has a number of its own; a plan alone is compared whatever its versions are called."""
    plans = [_plan("1.0", OLD), _plan("2.0", NEW, is_current=True)]
    for plan in plans:
        plan.values["title"] = "Work Plan"
    tracking = _plan("6.0", OLD, is_current=True)
    tracking.values["title"] = "Tracking of the Work Plan"
    found = moved_milestones([NAMED], [*plans, tracking], WORDS)
    assert {str(item.get("ref")) for item in found} == {"M3 Line tested", "M4 Hall handed over"}
    tracking.values["title"] = "Work Plan"
    assert not list(moved_milestones([NAMED], [*plans, tracking], WORDS))


def test_a_line_of_the_schedule_that_is_a_milestone() -> None:
    """It has a letter before its number, and begins and ends on the same day."""

    def plan(version: str, days: dict[str, tuple[date, date]], **more: Any) -> Any:
        made = _plan(version, {}, **more)
        made.read.found = [
            Found("work_item", {"title": "Line tested", "baseline_start_on": begin, "baseline_due_on": end}, frozenset(), own, own_id=own)
            for own, (begin, end) in days.items()
        ]
        return made

    old, new, begin = date(2026, 5, 4), date(2026, 5, 18), date(2026, 5, 1)
    before = {"M3": (old, old), "M4": (old, old), "3.1": (old, old), "P2": (begin, old)}
    after = {"M3": (new, new), "M4": (new, new), "3.1": (new, new), "P2": (begin, new)}
    found = moved_milestones([_change("M4 to 18 May")], [plan("1.0", before), plan("2.0", after, is_current=True)], WORDS)
    assert {str(item.get("ref")): item.get("reason") for item in found}.keys() == {"M3 Line tested", "M4 Line tested"}
