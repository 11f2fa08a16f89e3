"""Where two sources state the same thing differently: rows that a match holds to be one thing, roles that have one holder.

What is blank or unknown on either side states nothing, and two people differ only when that is known: `docs/rules.md`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from auditor.model.schema import TABLES
from auditor.model.types import Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from auditor.snapshot.store import Snapshot

_COMPARED = frozenset({Kind.DAY, Kind.CODE, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.PERSON})
_OF_THE_ROW = frozenset({"is_gone", "is_record", "unknown_bits"})
_SINGLE_ROLES = (
    "project_owner",
    "project_manager",
    "business_manager",
    "solution_provider",
    "executive",
    "senior_user",
    "senior_supplier",
)
_ENDED = ("closed", "done", "resolved", "rejected", "cancelled", "implemented", "completed")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What two sources say of the same things.

    Attributes:
        project: its id.
        table, column: what differs; for roles the table `role` and the role.
        sources: the two sources, sorted.
        count: of how many things they say so.
        title: one of them, that with the smallest id.
        said: what each of the two sources says of it, in their order.
        ids: its rows, in their order.
    """

    project: str
    table: str
    column: str
    sources: tuple[str, str]
    count: int
    title: str
    said: tuple[str, str]
    ids: tuple[str, str]


def disagreements(snapshot: "Snapshot", projects: Collection[str], as_of: date | None = None) -> tuple[Disagreement, ...]:
    """Return what sources of the same project state differently, sorted; of codes of status only whether a thing has ended.

    Args:
        snapshot: where it is read.
        projects: ids.
        as_of: a day before that of the snapshot has none: what each source said then is not compared.

    Raises:
        StoreError: the snapshot cannot be read.
    """
    from auditor.snapshot.store import connection  # noqa: PLC0415  (duckdb: half a second that only audits pay)

    if as_of is not None and as_of != snapshot.as_of:
        return ()
    wanted = set(projects)
    found: list[Disagreement] = []
    database = connection()
    try:
        tables = database.execute(
            "select distinct from_table from read_parquet(?) where kind = 'same_thing' and from_table = to_table order by 1",
            [str(snapshot.file("match"))],
        ).fetchall()
        for (table,) in tables:
            found += _rows_that_differ(database, snapshot, table)
        found += _holders_that_differ(database, snapshot)
    finally:
        database.close()
    return tuple(
        sorted((item for item in found if item.project in wanted), key=lambda item: (item.project, item.table, item.column, item.sources))
    )


def _rows_that_differ(database: "DuckDBPyConnection", snapshot: "Snapshot", table: str) -> list[Disagreement]:
    columns = {
        column.name: column.type.kind
        for column in TABLES[table].columns
        if column.type.kind in _COMPARED and column.name not in _OF_THE_ROW and not column.name.endswith("_raw")
    }
    if not columns:
        return []
    title = next((name for name in ("title", "name", "subject", "text") if name in TABLES[table].by_name), "id")
    values = " union all ".join(
        f"select project_id, {title} as title, a_id, b_id, a_source, b_source, '{name}' as column_name,"
        f" {_shown(f'a_{name}', name, kind)} as a_said, {_shown(f'b_{name}', name, kind, 'another person')} as b_said"
        f" from pairs where {_differ(f'a_{name}', f'b_{name}', name, kind)}"
        for name, kind in sorted(columns.items())
    )
    a_columns = ", ".join(f"a.{name} as a_{name}, b.{name} as b_{name}" for name in sorted(columns))
    statement = f"""
        with live as (select * from read_parquet(?) where is_gone is not true),
        alike as (
          select distinct project_id, least(from_id, to_id) as one, greatest(from_id, to_id) as other from read_parquet(?)
          where kind = 'same_thing' and from_table = ? and to_table = ?
        ),
        people as (select * from read_parquet(?) where is_gone is not true),
        pairs as (
          select a.project_id, a.{title}, a.id as a_id, b.id as b_id, a.source as a_source, b.source as b_source, {a_columns}
          from alike join live as a on a.project_id = alike.project_id and a.id in (one, other)
          join live as b on b.project_id = a.project_id and b.id in (one, other) and a.source < b.source
        ),
        said as ({values})
        select project_id, column_name, a_source, b_source, count(*), min((a_id, b_id, coalesce(title, ''), a_said, b_said))
        from said group by all order by all
    """
    files = [str(snapshot.file(table)), str(snapshot.file("match")), table, table, str(snapshot.file("person"))]
    return [
        Disagreement(
            project,
            table,
            column,
            (first, second),
            int(count),
            str(_item(one, 2)),
            (_item(one, 3), _item(one, 4)),
            (_item(one, 0), _item(one, 1)),
        )
        for project, column, first, second, count, one in database.execute(statement, files).fetchall()
    ]


def _item(one: Any, number: int) -> str:
    """Return a value of a struct without names, as duckdb gives it."""
    values = tuple(one.values()) if isinstance(one, Mapping) else tuple(one)
    return str(values[number])


def _shown(value: str, column: str, kind: Kind, somebody: str = "one person") -> str:
    """Return what is told of a value; a person's name is not needed."""
    if kind is Kind.PERSON:
        return f"'{somebody}'"
    if column == "status":
        return f"case when {value} in {_ENDED} then 'ended' else 'open' end"
    return f"cast({value} as varchar)"


def _differ(first: str, second: str, column: str, kind: Kind) -> str:
    if column == "status":
        return f"{first} is not null and {second} is not null and ({first} in {_ENDED}) <> ({second} in {_ENDED})"
    if kind is Kind.PERSON:
        return _two_people(first, second)
    return f"{first} <> {second}"


def _two_people(first: str, second: str) -> str:
    """Return that two ids name two people for sure: their identities differ, or they have none and are of one realm."""
    unsure = TABLES["person"].by_name["identity"].mask
    known = " and ".join(f"({row}.identity is not null or ({row}.unknown_bits & {unsure}) = 0)" for row in ("p", "q"))
    return (
        f"exists (select 1 from people as p join people as q on p.project_id = pairs.project_id and q.project_id = pairs.project_id"
        f" where p.id = {first} and q.id = {second} and p.id <> q.id and p.kind = 'person' and q.kind = 'person' and {known}"
        " and case when p.identity is not null and q.identity is not null then p.identity <> q.identity else p.realm = q.realm end)"
    )


def _holders_that_differ(database: "DuckDBPyConnection", snapshot: "Snapshot") -> list[Disagreement]:
    """Return roles of one holder for which two sources name two people."""
    statement = f"""
        with people as (select * from read_parquet(?) where is_gone is not true),
        held as (
          select project_id, role, source, min(person_id) as person_id, min(id) as id from read_parquet(?)
          where is_gone is not true and person_id is not null and role in {_SINGLE_ROLES} and to_on is null
          group by all having count(distinct person_id) = 1
        ),
        pairs as (
          select a.project_id, a.role, a.source as a_source, b.source as b_source, a.id as a_id, b.id as b_id,
            a.person_id as a_person, b.person_id as b_person
          from held as a join held as b on a.project_id = b.project_id and a.role = b.role and a.source < b.source
        )
        select project_id, role, a_source, b_source, a_id, b_id from pairs
        where {_two_people("a_person", "b_person")} order by all
    """
    return [
        Disagreement(
            project, "role", role, (first, second), 1, role.replace("_", " "), ("one person", "another person"), (first_id, second_id)
        )
        for project, role, first, second, first_id, second_id in database.execute(
            statement, [str(snapshot.file("person")), str(snapshot.file("role"))]
        ).fetchall()
    ]
