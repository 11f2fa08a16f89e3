"""Accounts that a tracker closed: who bore them left, though no day and no paper says so."""

from collections.abc import Iterable, Iterator

from auditor.snapshot.rows import Made, digest_id


def closed_accounts(rows: Iterable[Made]) -> Iterator[Made]:
    """Yield a `listed_item` (kind `departure`, reason `account_closed`) for each person whose account in a tool is not active any more."""
    for row in rows:
        if row.table != "person" or row.is_gone or row.get("kind") == "group" or row.get("is_active") is not False:
            continue
        values = {"kind": "departure", "name": row.get("name"), "person_id": row.id, "reason": "account_closed"}
        values |= {"artefact_id": None, "on_date": None, "role": None, "value": None, "text": None}
        yield Made(
            "listed_item",
            digest_id("account_closed", row.source, row.id),
            values,
            set(values),
            row.source,
            row.url,
            row.locator,
            seen_at=row.seen_at,
        )
