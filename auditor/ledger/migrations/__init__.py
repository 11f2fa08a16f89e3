"""How a ledger of an older revision becomes one of the newest: steps of Alembic, run when a ledger is opened."""
