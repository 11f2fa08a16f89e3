"""The version of a document where the repository keeps none: what the document says of itself."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from auditor.connect.document import Document
from auditor.connect.protocol import Parsed, Record
from auditor.snapshot.artefacts import doc_of
from auditor.snapshot.documents.read import DocumentRead
from auditor.snapshot.raw import Seen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "library", "version"),
    [
        ({"version_on_cover": "2.1", "version_in_history": "2.0"}, {}, "2.1"),
        ({"version_in_history": "2.0", "version_in_name": "1.0"}, {}, "2.0"),
        ({"version_on_cover": "1.0", "version_in_history": "1.1", "version_in_name": "1.1"}, {}, "1.1"),  # a cover that was forgotten
        ({"version_in_name": "1.0"}, {}, "1.0"),
        ({"version_on_cover": None}, {}, None),
        ({"version_on_cover": "2.1"}, {"version": "7.0"}, "7.0"),
        ({}, {}, "unknown"),
    ],
)
def test_the_version(stated: Mapping[str, str | None], library: Mapping[str, str], version: str | None) -> None:
    """Cover before history before name; a blank place for it is blank; a library's number counts before all; else it is unknown."""
    held = {column: value for column, value in stated.items() if value}
    read = DocumentRead("en", (), None, None, held, frozenset(stated), (), (), ())
    parsed = Parsed(Document("docx", ()), "P/a.docx", dict(library), frozenset(library))
    doc = doc_of("files", Record("a", "document", "P", {}, "1"), Seen(NOON, NOON, None, "a"), parsed, read)
    assert (doc.values.get("version") if "version" in doc.filled else "unknown") == version
