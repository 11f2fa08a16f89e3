"""A folder of exports with its declaration, pulled and read."""

from collections import defaultdict
from types import SimpleNamespace

from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Entry, Fact, Filled, Record, Scope, Unmapped, Unread, Walked
from auditor_connectors.tabular import TabularConnector, TabularOptions

COSTS = """
tables:
  - name: costs
    files: ["*.csv", "*.xlsx"]
    project: {value: P}
    rows:
      - table: cost
        columns: {category: Category, amount: Amount, period_on: Date}
        optional: {currency: Currency}
        constants: {kind: actual}
"""


class Exports:
    """Files in a folder and what a connector says of them."""

    def __init__(self, folder):
        self.folder = folder / "exports"
        self.folder.mkdir()
        self.base = folder

    def write(self, name, content, encoding="utf-8"):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return self

    def connect(self, declaration=COSTS, **options):
        if declaration.strip().startswith("tables:"):
            (self.base / "tables.yaml").write_text(declaration, "utf-8")
            declaration = "tables.yaml"
        return TabularConnector(TabularOptions(root="exports", declaration=declaration, **options), base=self.base)

    def read(self, declaration=COSTS, **options):
        """Return facts by table and place, and everything else that was pulled and read."""
        connector = self.connect(declaration, **options)
        pulled = list(connector.pull(Scope(), Remembered()))
        records = defaultdict(list)
        for thing in pulled:
            if isinstance(thing, Record):
                records[thing.place].append(thing)
        items = [(place, item) for place, found in sorted(records.items()) if place for _, item in connector.read(found)]
        facts = defaultdict(list)
        for _, item in items:
            if isinstance(item, Fact):
                facts[item.table].append(item)
        return SimpleNamespace(
            facts=facts,
            rows=lambda table, *columns: [tuple(fact.values.get(column) for column in columns) for fact in facts[table]],
            entries=[item for _, item in items if isinstance(item, Entry)],
            filled={item.table: item for _, item in items if isinstance(item, Filled)},
            unmapped={(item.table, item.field, item.word): item.count for _, item in items if isinstance(item, Unmapped)},
            errors=sorted(fact.values["error"] for fact in facts["unreadable"]),
            walks={thing.place: thing for thing in pulled if isinstance(thing, Walked)},
            unread=[thing for thing in pulled if isinstance(thing, Unread)],
            places=sorted({place for place, _ in items}),
            pulled=pulled,
        )
