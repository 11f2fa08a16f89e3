"""Builders of documents from tables written as text: one line per row, cells between bars."""

import re
from dataclasses import replace
from pathlib import Path

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.rulebook.registers_spec import load_registers
from auditor.snapshot.documents.headers import Registers, compile_registers
from auditor.snapshot.documents.registers import RegistersRead, read_registers

ROOT = Path(__file__).parents[4]
SPEC = load_registers(ROOT / "rules" / "auditor_rules" / "core" / "recognition.yaml")
assert SPEC is not None
COMPILED: Registers = compile_registers(SPEC)


def cell(text: str) -> Cell:
    """'=…' is a formula without cached value, '~…' struck through, '*…' bold, '#12' a number, '@2026-01-31' a date, '>n text' spans n columns."""
    if text.startswith("="):
        return Cell("", type="uncalculated")
    if text.startswith("~"):
        return Cell(text[1:], text[1:], is_struck=True)
    if text.startswith("*"):
        return Cell(text[1:], text[1:], is_bold=True)
    if text.startswith("@"):
        return Cell(text[1:], text[1:], type="date")
    if text.startswith("#") and text[1:].replace(".", "", 1).isdigit():
        value = float(text[1:]) if "." in text else int(text[1:])
        return Cell(text[1:], value, type="number")
    return Cell(text, text) if text else Cell("", type="empty")


def rows(text: str) -> tuple[tuple[Cell, ...], ...]:
    """'>3 Group' spans three columns, '^' continues the merged cell above."""
    found: list[list[Cell]] = []
    for line in text.strip("\n").split("\n"):
        row: list[Cell] = []
        for raw in line.strip().split("|"):
            part = raw.strip().replace("\\n", "\n")
            if spanning := re.match(r">(\d+) (.*)", part, re.DOTALL):
                count, said = spanning.groups()
                row.append(replace(cell(said), column_span=int(count)))
                row.extend([replace(cell(said), is_covered=True)] * (int(count) - 1))
            elif part == "^":
                at = len(row)
                above = len(found) - 1
                while found[above][at].is_covered:
                    above -= 1
                found[above][at] = replace(found[above][at], row_span=found[above][at].row_span + 1)
                row.append(replace(found[above][at], is_covered=True, row_span=1))
            else:
                row.append(cell(part))
        found.append(row)
    return tuple(tuple(row) for row in found)


def sheet(name: str, text: str, **more: object) -> TableBlock:
    return TableBlock(rows(text), name=name, locator=name, **more)  # type: ignore[arg-type]


def table(text: str, number: int = 1, **more: object) -> TableBlock:
    return TableBlock(rows(text), locator=f"table {number}", **more)  # type: ignore[arg-type]


def heading(text: str, level: int = 1) -> TextBlock:
    return TextBlock(text, level=level, level_basis="style")


def workbook(*sheets: TableBlock, path: str = "Book.xlsx") -> Parsed:
    return Parsed(Document("xlsx", tuple(sheets)), path)


def text_document(*blocks: TableBlock | TextBlock, path: str = "Document.docx") -> Parsed:
    return Parsed(Document("docx", tuple(blocks)), path)


def read(parsed: Parsed, language: str | None = "en") -> RegistersRead:
    return read_registers(parsed, COMPILED, language=language)


def counts(found: RegistersRead) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in found.found:
        total[row.register] = total.get(row.register, 0) + 1
    return total


def columns(found: RegistersRead) -> dict[str, str | None]:
    return {mapped.label: mapped.column for mapped in found.mapped}
