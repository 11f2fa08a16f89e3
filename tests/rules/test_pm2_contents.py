"""What the documents of PM² are to state: each item has a rule, and the rule's list names it by a heading that is recognised."""

from collections import Counter

import pytest

from auditor.rulebook.crosswalk import load_crosswalks
from auditor.rulebook.recognition import load_recognition

ITEMS = {
    "PIR": 11,
    "BC": 10,
    "PC": 12,
    "PHB": 12,
    "PWP": 5,
    "RqMP": 7,
    "PCMP": 6,
    "RMP": 8,
    "IMP": 7,
    "QMP": 10,
    "CMP": 7,
    "DAP": 7,
    "TP": 8,
    "BIP": 9,
    "OP": 8,
    "PER": 12,
}


@pytest.fixture(scope="module")
def entries(rulebook):
    return load_crosswalks(rulebook)["pm2-contents"].entries


def lists(rulebook, entry):
    return {item for id_ in entry.rules for param in rulebook.rules[id_].params.values() if param.type == "list" for item in param.default}


def test_every_item_of_the_guide_has_a_rule(entries):
    """139 items in 16 documents."""
    assert Counter(entry.clause.partition("-")[0] for entry in entries) == ITEMS


def test_the_list_of_a_rule_holds_the_item(rulebook, entries):
    assert [entry.clause for entry in entries if entry.note and entry.note not in lists(rulebook, entry)] == []


def test_a_heading_is_recognised_as_the_item(rulebook, entries):
    """By itself, or because a word of the pack says what else stands for it."""
    headings = set(load_recognition().sections)
    words = " ".join(str(term.expression) for term in rulebook.terms.values())
    assert [entry.clause for entry in entries if entry.note and entry.note not in headings and f"'{entry.note}'" not in words] == []
