"""By which roles the deciders of changes are named: 'BM and PM (A. Lee, J. Lake)' is two roles, whoever holds them."""

from collections.abc import Iterable

from auditor.snapshot.documents.matters.ladders import deciders
from auditor.snapshot.documents.matters.words import DetailWords
from auditor.snapshot.rows import Made


def name_deciders(rows: Iterable[Made], words: DetailWords) -> None:
    """Give each change the roles by which its deciders are named, blank where they are named otherwise; before names become persons."""
    for row in rows:
        if row.table == "change_request" and "decided_by" in row.filled:
            row.put("decided_as", ", ".join(sorted(deciders(words, str(row.get("decided_by") or "")))) or None)
