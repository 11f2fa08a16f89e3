"""Whatever a file holds: no error escapes, nothing is complete that was not read, and a value is the one that was written or unknown.

`LAWS=deep` tries many times more.
"""

import os
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Record, Scope, Walked
from auditor_connectors.msproject import MsProjectConnector, MsProjectOptions
from tests.connectors.msproject.schedules import schedule, task
from tests.connectors.tabular.source import COSTS, Exports

DEEP = os.environ.get("LAWS") == "deep"
EXAMPLES = 2_000 if DEEP else 40

LINES = [f"C{number};{number}.5;2026-01-0{number + 1}" for number in range(5)]
TEXT = "\n".join(["Category;Amount;Date", *LINES, ""])
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(TEXT)), st.integers(0, 3), st.sampled_from(['"', ";", "\n", "\0", "\r", "\ufeff", "=", "'", "é", "\t", ","])
    ),
    min_size=1,
    max_size=4,
)


def _edited(text, edits):
    for place, removed, added in edits:
        text = text[:place] + added + text[place + removed :]
    return text


@settings(max_examples=EXAMPLES)
@given(edits=EDITS)
def test_a_file_that_was_tampered_with(edits):
    """A row that is read is one that was written, with some of its values unknown; or the edit changed the row itself."""
    text = _edited(TEXT, edits)
    with TemporaryDirectory() as folder:
        found = Exports(Path(folder)).write("a.csv", text).read()
    assert isinstance(found.walks[""], Walked)
    header = text.replace("\0", "").replace("\ufeff", "").splitlines()
    kept = {line for line in LINES if line in header}
    for fact in found.facts["cost"]:
        category = fact.values.get("category")
        line = next((line for line in kept if line.split(";")[0] == category), None)
        if line is None or sum(one.startswith(f"{category};") for one in header) != 1:
            continue
        # An untouched line gives its own amount, or none; never that of a neighbour.
        assert fact.values.get("amount", Decimal(line.split(";")[1])) == Decimal(line.split(";")[1])
    if found.filled and found.filled["cost"].is_complete:
        assert found.walks["P"].is_complete


@settings(max_examples=EXAMPLES)
@given(gone=st.sets(st.sampled_from(["Category", "Amount", "Date"]), min_size=1), rows=st.integers(0, 3))
def test_without_a_declared_column_nothing_is_complete(gone, rows):
    kept = [index for index, name in enumerate(["Category", "Amount", "Date"]) if name not in gone]
    text = "\n".join(";".join(line.split(";")[index] for index in kept) + ";x" for line in TEXT.splitlines()[: rows + 1])
    with TemporaryDirectory() as folder:
        found = Exports(Path(folder)).write("a.csv", text + "\n").read(COSTS)
    assert not any(item.is_complete for item in found.filled.values())
    assert not found.walks["P"].is_complete


@settings(max_examples=EXAMPLES)
@given(data=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.xlsx"]) if DEEP else st.just("a.csv"))
def test_any_bytes(data, name):
    with TemporaryDirectory() as folder:
        found = Exports(Path(folder)).write(name, data).read()
    assert not found.filled or not found.filled["cost"].is_complete


XML = schedule([task(1, "One"), task(2, "Two", Milestone=1, PredecessorLink={"PredecessorUID": 1, "Type": 1})])


@settings(max_examples=EXAMPLES)
@given(
    edits=st.lists(
        st.tuples(
            st.integers(0, len(XML)), st.integers(0, 12), st.sampled_from(["", "<", ">", "&x;", "-1", "NA", "</Task>", "<!DOCTYPE a>"])
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_schedule_that_was_tampered_with(edits):
    with TemporaryDirectory() as folder:
        (Path(folder) / "P").mkdir()
        (Path(folder) / "P" / "plan.xml").write_text(_edited(XML, edits), "utf-8")
        connector = MsProjectConnector(MsProjectOptions(root=folder))
        records = [thing for thing in connector.pull(Scope(), Remembered()) if isinstance(thing, Record)]
        items = [item for _, item in connector.read(records)]
    assert bool(items) == bool(records)
