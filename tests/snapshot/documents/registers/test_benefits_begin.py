"""Tables of benefits that say from when they count and what enables them, some by number alone."""

import datetime as dt

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.snapshot.documents.read import load_document_words, read_document

WORDS = load_document_words()


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("ID", "How measured", "Baseline", "Target", "Starts", "Enabled by"), ("B4", "Pump log", "2.1", "0.8", "1 June 2026", "P14")),
        (("ID", "Benefit", "Counted from", "Enabling product"), ("B4", "Fewer errors", "1 June 2026", "P14")),
        (("ID", "Nutzen", "Ab", "Enabled by"), ("B4", "Weniger Fehler", "1. Juni 2026", "P14")),
        (("ID", "Bénéfice", "À partir du", "Produit habilitant"), ("B4", "Moins d'erreurs", "1 juin 2026", "P14")),
    ],
)
def test_from_when_a_benefit_counts(head: tuple[str, ...], row: tuple[str, ...]) -> None:
    second = (row[0].replace("4", "5"), *row[1:])
    table = TableBlock(rows=tuple(tuple(Cell(text) for text in line) for line in (head, row, second)), locator="table 1", header_rows=1)
    document = Document(format="docx", blocks=(TextBlock("Benefits management approach", level=1), TextBlock("Benefits", level=1), table))
    read = read_document(Parsed(document, "Benefits management approach.docx"), WORDS)
    found = [found for found in read.found if found.table == "benefit"]
    assert [(one.own_id, one.values["due_on"], one.refers.get("enabling_deliverable_id")) for one in found] == [
        (own, dt.date(2026, 6, 1), ("deliverable", "P14")) for own in ("B4", "B5")
    ]
