"""Days in figures: a document settles their order, else the others of its project do, where enough of them show it."""

import pytest

PM2 = '[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n'
OPEN = [["ID", "Risk", "Likelihood", "Impact", "Owner", "Due date"], ["R1", "Fire", "3", "4", "Ann Lee", "03/04/2026"]]
TELLING = {
    "first": "# Note\n\nWe met on {} and on 13/04/2026 in the hall.\n",
    "second": "# Note\n\nWe met on {} and on 04/13/2026 in the hall.\n",
}


@pytest.mark.parametrize(
    ("others", "day"),
    [
        (("first",) * 3, "2026-04-03"),
        (("second",) * 3, "2026-03-04"),
        (("first",) * 2, None),
        (("first", "first", "first", "second"), None),
        ((), None),
    ],
)
def test_the_other_documents_settle_what_one_leaves_open(world, rows, others, day):
    world.configure(PM2).document("Gamma/Risk Log.xlsx", OPEN)
    for number, order in enumerate(others):
        world.document(f"Gamma/Note {number}.md", TELLING[order].format("02/02/2026"))
    assert rows(world.snapshot(), "risk", "due_on::varchar, due_on_raw") == [(day, "03/04/2026")]


def test_what_a_document_says_in_its_text_settles_its_tables(world, rows):
    text = (
        "# Risk Log\n\nAs of 28/04/2026.\n\n| ID | Risk | Likelihood | Impact | Owner | Due date |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    world.configure(PM2).document("Gamma/Risk Log.md", text + "| R1 | Fire | 3 | 4 | Ann Lee | 03/04/2026 |\n")
    assert rows(world.snapshot(), "risk", "due_on::varchar") == [("2026-04-03",)]


def test_another_project_settles_nothing(world, rows):
    world.configure(PM2).document("Gamma/Risk Log.xlsx", OPEN)
    for number in range(4):
        world.document(f"Delta/Note {number}.md", TELLING["first"].format("02/02/2026"))
    assert rows(world.snapshot(), "risk", "due_on", "project_id = 'Gamma'") == [(None,)]
