"""Registers that wait for their first entry: sheets with a header and no row, and sheets with a name and nothing else.

A register that is set up is there. Where the header is a register's and the sheet is named so, it is that register; where only the name
or only the header says so, it may be, and nobody can say that there is none.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from auditor.connect.document import TableBlock
from auditor.connect.protocol import Parsed
from auditor.connect.values import fold
from auditor.rulebook.recognition import CORE, Recognition
from auditor.rulebook.registers_spec import RegistersSpec
from auditor.snapshot.documents.registers import RegistersRead
from auditor.snapshot.documents.sections import SectionProduct

_SURE, _MAYBE = Decimal("0.85"), Decimal("0.60")
_WORKBOOKS = frozenset({"xlsx", "ods"})


def waiting_registers(parsed: Parsed, recognition: Recognition, read: RegistersRead, rows: Mapping[str, int]) -> Iterator[SectionProduct]:
    """Yield the products that registers without entries are, or may be.

    Args:
        parsed: a workbook; other documents have no sheets to be empty.
        recognition: what the packs say.
        read: the registers of the document.
        rows: locator of a sheet → how many entries were read from it.
    """
    spec = recognition.registers
    if spec is None or parsed.document.format not in _WORKBOOKS:
        return
    named = _by_name(recognition)
    headed: dict[str, set[str]] = {}
    for kept in read.kept:
        if not rows.get(kept.locator, 0):
            headed.setdefault(kept.locator, set()).update(_products(spec, kept.product))
    names = {block.locator: block.name for block in parsed.document.blocks if isinstance(block, TableBlock)}
    sheets = [*((locator, names.get(locator, locator), products) for locator, products in headed.items())]
    sheets += [(name, name, set[str]()) for name in parsed.document.empty_sheets]
    done = set()
    for locator, name, products in sheets:
        said = named.get(fold(name), frozenset())
        for key, kind in recognition.by_id.items():
            if key[0] == CORE or not kind.spec.registers or key in done or kind.id not in said | products:
                continue
            done.add(key)
            confidence = _SURE if kind.id in said & products else _MAYBE
            yield SectionProduct(kind.id, kind.standard, "", confidence, f"sheet '{name[:40]}' without entries", locator)


def _products(spec: RegistersSpec, product: str) -> frozenset[str]:
    return frozenset(other for register in spec.registers.values() if product in register.products for other in register.products)


@lru_cache(maxsize=4)
def _by_name(recognition: Recognition) -> Mapping[str, frozenset[str]]:
    """Return what sheets of a name hold: folded name → kinds of products. A sheet 'RAID' holds whatever one column can tell apart."""
    found: dict[str, set[str]] = {}
    if recognition.registers is not None:
        for register in recognition.registers.registers.values():
            for name in register.names:
                found.setdefault(fold(name), set()).update(register.products)
            if register.row_words:
                for name in recognition.registers.combined_names:
                    found.setdefault(fold(name), set()).update(register.products)
    return {name: frozenset(products) for name, products in found.items()}
