"""Triggers that refuse to change or remove what was written."""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = ("ledger_trail", "ledger")
_SAYS = "the trail of the ledger is append-only"


def upgrade() -> None:
    """Create the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _TABLES:
            for act in ("update", "delete"):
                op.execute(f"create trigger {table}_no_{act} before {act} on {table} begin select raise(abort, '{_SAYS}'); end")
        # `insert or replace` deletes without a trigger of its own.
        op.execute(
            "create trigger ledger_trail_in_order before insert on ledger_trail "
            "when new.number is not (select coalesce(max(number), 0) + 1 from ledger_trail) "
            f"begin select raise(abort, '{_SAYS}'); end"
        )
        return
    op.execute(f"create function ledger_refuse() returns trigger language plpgsql as $$ begin raise exception '{_SAYS}'; end $$")
    for table in _TABLES:
        for act in ("update", "delete"):
            op.execute(f"create trigger {table}_no_{act} before {act} on {table} for each row execute function ledger_refuse()")
        op.execute(f"create trigger {table}_no_truncate before truncate on {table} for each statement execute function ledger_refuse()")
