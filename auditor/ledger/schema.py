"""The tables of the ledger as they are now. How older ledgers become like this stands in `migrations`."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

NEWEST = "0002"
"""The revision of these tables."""

VERSION_TABLE = "ledger_version"

metadata = MetaData()

ledger = Table(
    "ledger",
    metadata,
    Column("id", String(32), primary_key=True),  # random; the chain begins with its hash
    Column("created_at", String(27), nullable=False),
)
"""One row: which ledger this is."""

trail = Table(
    "ledger_trail",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),  # as it is hashed: no database may round it or move its zone
    Column("actor", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON
    Column("before", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Index("ledger_trail_about", "kind", "key", "number"),
)
"""What was written, one row per entry, never changed. What holds is the newest entry of each (kind, key)."""

GUARDS = ("ledger_trail_no_update", "ledger_trail_no_delete", "ledger_no_update", "ledger_no_delete")
"""Triggers that refuse changes on both kinds of database."""
