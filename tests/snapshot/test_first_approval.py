"""A product was approved when its first released version was, also where a later edition was approved again."""

import datetime as dt

HANDBOOK = """# Project Handbook

Version: 1.1

{line}

# 1 Roles

The Project Owner decides, the Project Manager leads the daily work, and the team does it week by week.

# 2 Project artefacts

The handbook, the work plan and the logs are kept in one folder that everybody may read.
"""


def approved(world, rows, line):
    world.document("Alpha/Project Handbook v1.1.md", HANDBOOK.format(line=line))
    snapshot = world.snapshot()
    (product,) = _days(rows(snapshot, "product", "kind, approved_on"))
    (artefact,) = _days(rows(snapshot, "artefact", "kind, approved_on"))
    return product, artefact


def _days(found):
    return [day for kind, day in found if kind == "project_handbook"]


def test_the_first_edition_counts_for_the_product(world, rows):
    line = "Ada Finch approved edition 1.0 on 3 May 2026 and edition 1.1 on 12 August 2026."
    assert approved(world, rows, line) == (dt.date(2026, 5, 3), dt.date(2026, 8, 12))


def test_a_draft_that_was_agreed_does_not(world, rows):
    line = "Ada Finch approved edition 0.9 on 3 May 2026 and edition 1.1 on 12 August 2026."
    assert approved(world, rows, line) == (dt.date(2026, 8, 12), dt.date(2026, 8, 12))


def test_what_an_earlier_edition_was(world, rows):
    """Approved: superseded now. Below 1.0: a draft. Neither: nothing is said. The present one says it itself or not at all."""
    said = "Ada Finch approved this handbook on 3 May 2026."
    world.document("Alpha/Project Handbook v0.3.md", HANDBOOK.format(line="").replace("1.1", "0.3"))
    world.document("Alpha/Project Handbook v1.0.md", HANDBOOK.format(line=said).replace("1.1", "1.0"))
    world.document("Alpha/Project Handbook v1.1.md", HANDBOOK.format(line=""))
    world.document("Alpha/Project Handbook v1.2.md", HANDBOOK.format(line=said.replace("May", "June")).replace("1.1", "1.2"))
    found = rows(world.snapshot(), "product", "version, status, approved_on", order="version")
    assert found == [
        ("0.3", "draft", None),
        ("1.0", "superseded", dt.date(2026, 5, 3)),
        ("1.1", None, None),
        ("1.2", None, dt.date(2026, 6, 3)),
    ]


HISTORY = """# Project Handbook

We work together.

# Document control

| Version | 1.2 |
| --- | --- |
| Author | Bo Ek |

## Sign-off

| Name | Role | Signed as | Signed on |
| --- | --- | --- | --- |
| Ada Finch | Project Owner | Approver | 17 September 2026 |

## Issue record

| Issue | Date | By | What changed |
| --- | --- | --- | --- |
| 1.2 | 14 September 2026 | Bo Ek | New places of plans |
| 1.0 | 20 August 2025 | Bo Ek | {said} |
"""

DECISIONS = """# Decision Log

| ID | Decision | Description | Decided by | Decision date |
| --- | --- | --- | --- | --- |
| D-1 | Ready for Executing (RfE) | The project is ready for executing, the gate is approved | Ada Finch | {day} |
"""


def _first(world, rows, said, gate):
    world.document("Alpha/Project Handbook v1.2.md", HISTORY.format(said=said))
    world.document("Alpha/Decision Log.md", DECISIONS.format(day=gate))
    snapshot = world.snapshot()
    (day,) = _days(rows(snapshot, "product", "kind, approved_on"))
    return day


def test_a_history_tells_when_an_earlier_version_was_approved(world, rows):
    assert _first(world, rows, "For approval; approved 26 August 2025 (D-06)", "2025-09-16") == dt.date(2025, 8, 26)


def test_whether_an_earlier_version_was_approved_before_a_gate_is_not_known(world, rows):
    assert _first(world, rows, "First edition", "2025-09-16") is None


def test_an_earlier_version_in_whose_time_no_gate_lies_is_of_no_matter(world, rows):
    assert _first(world, rows, "First edition", "2026-10-02") == dt.date(2026, 9, 17)


TWICE = """# Project Handbook

We work together.

# Document control

| Version | 1.1 |
| --- | --- |
| Author | Bo Ek |

## Approvals

| Name | Role | Date | Decision |
| --- | --- | --- | --- |
| Ada Finch | Project Owner | 3 April 2026 | Approved |
| Jo Lake | Solution Provider | 5 April 2026 | Approved |
| {again} | Project Owner | 17 October 2026 | Version 1.1 approved |

## Version history

| Version | Date | Author | Change |
| --- | --- | --- | --- |
| {first} | {day} | Bo Ek | First edition |
| 1.1 | 16 October 2026 | Bo Ek | New places of plans |
"""


def _in_rounds(world, rows, again="Ada Finch", first="1.0", day="2 April 2026"):
    world.document("Alpha/Project Handbook.md", TWICE.format(again=again, first=first, day=day))
    (found,) = _days(rows(world.snapshot(), "product", "kind, approved_on"))
    return found


def test_who_approves_twice_approved_an_earlier_edition(world, rows):
    assert _in_rounds(world, rows) == dt.date(2026, 4, 5)


def test_three_who_approve_one_after_the_other_approved_one_edition(world, rows):
    assert _in_rounds(world, rows, again="Wim Moss") == dt.date(2026, 10, 17)


def test_a_draft_that_was_approved_is_no_edition(world, rows):
    assert _in_rounds(world, rows, first="0.9") == dt.date(2026, 10, 17)


def test_a_first_edition_that_is_younger_than_the_round_was_not_approved_in_it(world, rows):
    assert _in_rounds(world, rows, day="9 April 2026") == dt.date(2026, 10, 17)
