"""Decisions at gates that a tool's decision log holds."""

from collections.abc import Iterable, Iterator

from auditor.snapshot.documents.matters.gates import gate_of
from auditor.snapshot.documents.matters.words import DetailWords
from auditor.snapshot.rows import Made, digest_id

_TAKEN = frozenset({"approved", "implemented"})


def gates_of_tools(rows: Iterable[Made], words: DetailWords) -> Iterator[Made]:
    """Yield a row of `gate` for each entry of a tool's decision log that was taken and whose words let the project pass one gate.

    Day and decider are those of the entry; without them they stay unknown. Entries that are still proposed, or whose words name several
    gates or do not say what was decided, tell nothing.
    """
    for row in rows:
        if row.table != "decision" or row.artefact or row.is_gone or not row.is_record or row.get("status") not in _TAKEN:
            continue
        title = str(row.get("title") or "")
        said = gate_of(words, f"{title} {row.get('description') or ''}")
        if said is None:
            continue
        gate = Made(
            "gate",
            digest_id(row.source, "gate", row.id),
            {},
            set(),
            row.source,
            row.url,
            row.locator,
            row.record_version,
            row.content_hash,
            row.seen_at,
        )
        gate.put("gate", said[0])
        gate.values["gate_raw"] = title
        gate.put("decision", said[1])
        for column in ("decided_on", "decided_by"):
            if row.get(column) is not None:  # an entry that names nobody may be of a type without that field
                gate.put(column, row.get(column))
        yield gate
