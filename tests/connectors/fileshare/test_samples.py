from pathlib import Path

import pytest

from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Record, Scope, Unread, Walked
from auditor_connectors.fileshare import FileshareConnector, FileshareOptions

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "documents"


@pytest.mark.samples
def test_every_file_is_read_or_has_a_reason():
    if not SAMPLES.is_dir():
        pytest.skip("no samples here")
    files = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*") if path.is_file()}
    pulled = list(FileshareConnector(FileshareOptions(root=SAMPLES)).pull(Scope(), Remembered()))
    read = {thing.key for thing in pulled if isinstance(thing, Record) and thing.kind == "document"}
    reasons = {thing.key: thing.reason for thing in pulled if isinstance(thing, Unread)}
    assert read | set(reasons) == files
    assert len(reasons) == 2
    assert set(reasons.values()) == {"not_a_document", "no_text_layer"}
    assert all(thing.is_complete for thing in pulled if isinstance(thing, Walked))
