"""The shipped cross-walks: what they name exists, and no entry is empty."""

import pytest

from auditor.checklist.template import load_shelf
from auditor.cli.main import cli
from auditor.rulebook.crosswalk import load_crosswalks, rules_of

NAMES = ("esco", "iso10006", "iso10007", "iso21502", "iso9001")


@pytest.fixture(scope="module")
def crosswalks(rulebook):
    return load_crosswalks(rulebook)


def test_all_of_them_are_shipped(crosswalks):
    """The four standards and the competences of a project support officer."""
    assert set(NAMES) <= set(crosswalks)
    assert len(crosswalks["esco"].entries) == 40


@pytest.mark.parametrize("name", NAMES)
def test_no_entry_is_empty(crosswalks, rulebook, name):
    """Each entry is served by rules, by checklists that ship, and by commands that exist."""
    kinds = set(load_shelf(rulebook=rulebook).templates)
    for entry in crosswalks[name].entries:
        assert rules_of(entry, rulebook), entry.clause
        assert entry.checklists, entry.clause
        assert set(entry.checklists) <= kinds, entry.clause
        assert entry.reports, entry.clause
        assert {report.split()[0] for report in entry.reports} <= set(cli.list_commands(None)), entry.clause
