"""The page about exports: its declaration is one, and every key and shipped declaration stands on it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from auditor_connectors.tabular.declare import Cells, Declaration, Rows, load_declaration, shipped_names
from tests.connectors.tabular.source import Exports

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")
DECLARATION = re.search(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


def test_the_declaration_of_the_page_reads_what_it_says(tmp_path):
    exports = Exports(tmp_path)
    exports.write(
        "ledger/03.csv",
        "Project;Document no;Line;Cost type;Value type;Amount;Posted\n"
        "ALPHA;4711;1;Staff;Invoice;1.234,56;03/04/2026\nALPHA;4711;2;Staff;Credit note;34,56;04/04/2026\n;;;Total;;1.200,00;\n",
    )
    found = exports.read(DECLARATION)
    assert sorted(found.rows("cost", "kind", "amount", "period_on", "currency")) == [
        ("actual", Decimal("-34.56"), date(2026, 4, 4), "EUR"),
        ("actual", Decimal("1234.56"), date(2026, 4, 3), "EUR"),
    ]
    assert found.walks["ALPHA"].reason == "not_found"  # the budget of the page is not there


def test_every_key_is_on_the_page():
    for model in (Declaration, Rows, Cells):
        for name in model.model_fields:
            assert f"`{name}`" in PAGE or f"`{name}:" in PAGE or f" {name}:" in PAGE, name


def test_every_shipped_declaration_is_on_the_page():
    assert load_declaration(DECLARATION, file="exports.md")
    assert all(f"`{name}`" in PAGE for name in shipped_names())
