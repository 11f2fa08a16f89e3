"""Waivers are read strictly: every mistake with file, line or cell, what is wrong, and what to do."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import UsageError
from auditor.findings.granted import Grounds, load_waivers
from auditor.findings.treat import WaiverBook, treat
from auditor.findings.written import add_to_yaml, csv_text
from auditor.ledger.waiver import EndingIssue, requirement_digest
from auditor.snapshot.people import NAMES, Aliases, named
from tests.findings.made import REQUIREMENT, decided, evaluated, found, made_rule, made_waiver

DIGEST = requirement_digest(REQUIREMENT)
GOOD = {
    "rule": "A-1",
    "requirement": DIGEST,
    "project": "ALPHA",
    "reason": "for a time",
    "requester": "Jan Kowalski",
    "approver": "Olga Brandt",
    "begins_on": "2026-06-01",
    "ends_on": "2026-07-31",
}
CLOSED = {"B-1": EndingIssue(key="B-1", is_closed=True, closed_on=(date(2026, 5, 2),))}


def grounds(issues=None):
    rules = {"A-1": made_rule(aliases=["A-0"]), "A-2": made_rule("A-2", waivable=False)}
    return Grounds(
        rules,
        ["ALPHA", "BETA"],
        Aliases({(NAMES, named("Anna Vogel").id): "anna"}),
        lambda keys: {k: v for k, v in (issues or {}).items() if k in keys},
    )


def yaml_of(*entries):
    lines = ["waivers:"]
    for entry in entries:
        lines += [f"{'  - ' if number == 0 else '    '}{key}: {value}" for number, (key, value) in enumerate(entry.items())]
    return "\n".join(lines) + "\n"


def said_of(folder, issues=None):
    """Return the messages of all mistakes, or the waivers."""
    try:
        return load_waivers(folder, grounds(issues))
    except ExceptionGroup as group:
        return [str(error) for error in group.exceptions]


def test_a_file_is_read(tmp_path):
    """What stands in YAML and CSV comes back sorted, with its place; no file, and a file with nothing in it, is no waiver."""
    assert said_of(tmp_path) == ()
    (tmp_path / "waivers.yaml").write_text("waivers:\n")
    assert said_of(tmp_path) == ()
    (tmp_path / "waivers.yaml").write_text(yaml_of(GOOD | {"subject": "R1", "rule": "A-0"}))
    (tmp_path / "waivers.csv").write_bytes(
        "\ufeffapprover;rule;requirement;project;reason;requester;begins_on;ends_on;ends_with;kind;state\r\n"
        f'Olga Brandt;A-2;{DIGEST};ALPHA;"because;\r\nof it";Jan Kowalski;2026-06-01;;B-2;accepted;in_force\r\n'.encode()
    )
    first, second = said_of(tmp_path)
    assert (first.waiver.rule, first.waiver.subject, str(first.at("project"))) == ("A-1", "R1", "waivers.yaml:4:14")
    assert (second.waiver.kind, second.waiver.reason, second.waiver.ends_with) == ("accepted", "because;\r\nof it", "B-2")
    assert str(second.at("reason")) == "waivers.csv, line 3, cell E2"


@pytest.mark.parametrize(
    ("change", "place", "says", "do"),
    [
        ({"rule": "A-3"}, "2:11", "there is no rule 'A-3'", "did you mean 'A-"),
        ({"project": "ALPHE"}, "4:14", "there is no project 'ALPHE'", "did you mean 'ALPHA'?"),
        ({"approver": None}, "2:5", "the field 'approver' is missing", "who granted it?"),
        ({"approver": ""}, "7:14", "the field 'approver' is missing", "who granted it?"),
        ({"approver": "' '"}, "7:15", "the approver is missing", "who granted it?"),
        ({"approver": "Jan Kowalski"}, "7:15", "Jan Kowalski approved what Jan Kowalski asked for: one person", "somebody else"),
        ({"approver": "Kowalski, Jan"}, "7:15", "one person", "somebody else"),
        ({"approver": "anna", "requester": "Anna Vogel"}, "7:15", "one person", "somebody else"),
        ({"approver": "J. Kowalski"}, "7:15", "nobody knows whether 'Jan Kowalski' and 'J. Kowalski' are two people", "people.yaml"),
        ({"approver": "Steering Committee"}, "7:15", "the approver 'Steering Committee' is no person", "not a group"),
        ({"requester": "TBD"}, "6:16", "the requester 'TBD' is no person", "name the one person"),
        ({"reason": None}, "2:5", "the field 'reason' is missing", "why is it right"),
        ({"requirement": None}, "2:5", "the field 'requirement' is missing", f"of what A-1 asks now it is {DIGEST}"),
        ({"rule": "A-2"}, "2:5", "A-2 may not be waived; a lapse can only be accepted as a risk", "`kind: accepted`"),
        ({"kind": "accept"}, "10:11", "'accept' is none of the allowed values", "did you mean 'accepted'?"),
        ({"ends_on": None}, "2:5", "the waiver has no end", "ends_with: KEY-1"),
        ({"ends_with": "B-2"}, "10:16", "a waiver has one end, here are two", "not both"),
        ({"ends_on": "2026-05-31"}, "9:14", "the waiver would end on 2026-05-31, before it begins on 2026-06-01", "its last day"),
        ({"ends_on": "31.07.2026"}, "9:14", "'31.07.2026' is not a day (YYYY-MM-DD)", ""),
        ({"begins_on": "soon"}, "8:16", "'soon' is not a day (YYYY-MM-DD)", ""),
        ({"ends_on": None, "ends_with": "B-1"}, "9:16", "B-1 was closed on 2026-05-02, before the waiver begins", "name an open issue"),
        ({"subjekt": "R1"}, "10:5", "unknown field 'subjekt'", "did you mean 'subject'?"),
    ],
)
def test_each_mistake_says_what_to_do(tmp_path, change, place, says, do):
    """One mistake gives one message: the place, what is wrong, and what to do about it."""
    (tmp_path / "waivers.yaml").write_text(yaml_of({k: v for k, v in (GOOD | change).items() if v is not None}))
    (told,) = said_of(tmp_path, CLOSED)
    assert told.startswith(f"waivers.yaml:{place}: "), told
    assert says in told
    assert do in told


def test_mistakes_of_a_sheet_name_the_cell(tmp_path):
    """In a CSV the cell is named, by the letters that a spreadsheet shows."""
    rows = [GOOD, GOOD | {"approver": ""}, GOOD | {"ends_on": "31/07/2026"}, GOOD | {"project": "ALPHE"}]
    (tmp_path / "waivers.csv").write_text("\n".join([",".join(GOOD), *(",".join(row.values()) for row in rows[1:])]) + "\n")
    assert [text.splitlines()[0] for text in said_of(tmp_path)] == [
        "waivers.csv, line 2, cell F2: the field 'approver' is missing",
        "waivers.csv, line 3, cell H3: '31/07/2026' is not a day (YYYY-MM-DD)",
        "waivers.csv, line 4, cell C4: there is no project 'ALPHE'",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rule,requirement\n", "the column 'approver' is missing"),
        ("rule,aprover\n", "unknown column 'aprover'"),
        ("rule,rule\n", "the column 'rule' occurs twice"),
        (",".join(GOOD) + '\nA-1,"open\n', "not CSV"),
        ("waivers\xff", "not UTF-8"),
    ],
)
def test_a_sheet_that_is_none(tmp_path, text, says):
    """A header that is not understood, and what is no CSV, is told with its line."""
    (tmp_path / "waivers.csv").write_bytes(text.encode("latin-1"))
    assert any(says in told and told.startswith("waivers.csv") for told in said_of(tmp_path))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("waivers: [", "waivers.yaml:2:1: not YAML"),
        ("- a\n", "waivers.yaml:1:1: a list is not a mapping"),
        ("waivers: {a: b}\n", "waivers.yaml:1:10: a mapping is not a list"),
        ("waivers: []\nmore: 1\n", "waivers.yaml:2:1: unknown field 'more'"),
        ("waivers: &a []\n", "anchors are not allowed"),
    ],
)
def test_a_file_that_is_none(tmp_path, text, says):
    """What is no list of waivers is told with its place."""
    (tmp_path / "waivers.yaml").write_text(text)
    assert any(says in told for told in said_of(tmp_path))


OVERLAPS = [
    ({}, {}, True),
    ({"subject": "R1"}, {}, True),
    ({"subject": "R1"}, {"subject": "R1", "begins_on": "2026-07-31", "ends_on": "2026-12-31"}, True),
    ({"subject": "R1"}, {"subject": "R2"}, False),
    ({}, {"begins_on": "2026-08-01", "ends_on": "2026-12-31"}, False),
    ({}, {"project": "BETA"}, False),
    ({"ends_on": None, "ends_with": "B-2"}, {"begins_on": "2030-01-01", "ends_on": "2031-01-01"}, True),
]


@pytest.mark.parametrize(("one", "other", "meet"), OVERLAPS)
def test_two_at_the_same_time(tmp_path, one, other, meet):
    """Two waivers of the same thing never hold at once; whichever stands first in the file, the mistake is found."""
    for order in permutations((one, other)):
        (tmp_path / "waivers.yaml").write_text(yaml_of(*({k: v for k, v in (GOOD | change).items() if v} for change in order)))
        told = said_of(tmp_path)
        if meet:
            assert len(told) == 1
            assert "at the same time" in told[0]
            assert "waivers.yaml, line" in told[0]
        else:
            assert len(told) == 2


def test_the_closing_of_an_issue_makes_room(tmp_path):
    """Where the issue was closed, another waiver may begin on that day."""
    first = {k: v for k, v in GOOD.items() if k != "ends_on"} | {"ends_with": "B-1", "begins_on": "2026-04-01"}
    (tmp_path / "waivers.yaml").write_text(yaml_of(first, GOOD | {"begins_on": "2026-05-02"}))
    assert len(said_of(tmp_path, CLOSED)) == 2
    (tmp_path / "waivers.yaml").write_text(yaml_of(first, GOOD | {"begins_on": "2026-05-01"}))
    assert "at the same time" in said_of(tmp_path, CLOSED)[0]


def test_all_mistakes_in_one_run(tmp_path):
    """Mistakes of both files, of form and of content, are told together."""
    (tmp_path / "waivers.yaml").write_text(yaml_of(GOOD | {"project": "ALPHE", "kind": "x"}, GOOD | {"rule": "A-9"}))
    (tmp_path / "waivers.csv").write_text("rule,aprover\n")
    told = "\n".join(said_of(tmp_path))
    for part in ("ALPHE", "'x' is none", "A-9", "aprover"):
        assert part in told


@given(
    st.permutations(
        [
            GOOD,
            GOOD | {"subject": "R1", "project": "BETA"},
            GOOD | {"rule": "A-2", "kind": "accepted"},
            GOOD | {"begins_on": "2026-08-01", "ends_on": "2026-08-02"},
        ]
    )
)
@settings(max_examples=12)
def test_the_order_of_entries_does_not_matter(tmp_path_factory, entries):
    """The same entries in another order are the same waivers, and the same digest."""
    folder = tmp_path_factory.mktemp("waivers")
    (folder / "waivers.yaml").write_text(yaml_of(*entries))
    waivers = tuple(item.waiver for item in load_waivers(folder, grounds()))
    assert list(waivers) == sorted(waivers, key=lambda waiver: waiver.key)
    (folder / "waivers.yaml").write_text(yaml_of(*sorted(entries, key=str)))
    assert waivers == tuple(item.waiver for item in load_waivers(folder, grounds()))


# Writing

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(lambda text: text.strip() == text)
people = st.sampled_from([("Jan Kowalski", "Olga Brandt"), ("O'Neil, Mary", "Karl Weiß")])


@given(texts, st.one_of(st.none(), texts), people, st.sampled_from(["waived", "accepted"]), st.booleans())
@settings(max_examples=60)
def test_what_is_written_is_read(tmp_path_factory, reason, subject, pair, kind, by_issue):
    """Any text survives the way into the file and back, and what stood there before, comments too, stays to the byte."""
    folder = tmp_path_factory.mktemp("waivers")
    path = folder / "waivers.yaml"
    before = "# ours\nwaivers:  # all of them\n  # the first\n" + yaml_of(GOOD).partition("\n")[2]
    path.write_text(before)
    end = {"ends_with": "B-2"} if by_issue else {"ends_on": date(2026, 12, 31)}
    new = made_waiver(project="BETA", reason=reason, subject=subject, requester=pair[0], approver=pair[1], kind=kind, **end)
    add_to_yaml(path, new)
    assert path.read_text(encoding="utf-8").startswith(before)
    waivers = [item.waiver for item in load_waivers(folder, grounds())]
    assert len(waivers) == 2
    assert new in waivers


@pytest.mark.parametrize(
    "before",
    [
        None,
        "waivers:\n",
        "waivers: []\n",
        "# a\nwaivers: [] # b\n",
        "waivers:\r\n",
        "waivers:\n- " + "\n  ".join(f"{k}: {v}" for k, v in GOOD.items()),
    ],
)
def test_written_into_any_file(tmp_path, before):
    """A file that is not there, an empty list, Windows line ends, a list without indentation, a last line without its end."""
    path = tmp_path / "waivers.yaml"
    if before is not None:
        path.write_bytes(before.encode())
    new = made_waiver(project="BETA")
    add_to_yaml(path, new)
    assert new in [item.waiver for item in load_waivers(tmp_path, grounds())]
    assert not [name for name in tmp_path.iterdir() if name != path]
    if before is not None and "\r" in before:
        assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")


def test_a_file_that_nothing_can_be_added_to(tmp_path):
    """A list in one line is left as it is; the error shows what to write by hand."""
    path = tmp_path / "waivers.yaml"
    path.write_text("waivers: [{" + ", ".join(f"{k}: {v}" for k, v in GOOD.items()) + "}]\n")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="nothing can be appended") as raised:
        add_to_yaml(path, made_waiver(project="BETA"))
    assert "project: BETA" in (raised.value.hint or "")
    assert path.read_bytes() == before


@given(st.lists(texts, min_size=1, max_size=3))
@settings(max_examples=40)
def test_csv_is_read_back(tmp_path_factory, reasons):
    """What is written as CSV is read as `waivers.csv`, formulas of spreadsheets included, and gives the same waivers."""
    folder = tmp_path_factory.mktemp("waivers")
    waivers = [made_waiver(project="ALPHA", subject=f"R{number}", reason=reason) for number, reason in enumerate([*reasons, "=1+1", "'-x"])]
    statuses = treat(found(evaluated()), WaiverBook(waivers=tuple(waivers)), decided(evaluated()))[1]
    (folder / "waivers.csv").write_bytes(csv_text(statuses).encode())
    assert [item.waiver for item in load_waivers(folder, grounds())] == waivers
