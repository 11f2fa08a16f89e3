"""Documents in a plain notation, and what is read from them in one that a person can check.

`% title`, `# heading` (`##` …), `| cell | cell |` (rows that follow each other are one table), `- item` (`-- item` one level down), and
paragraphs. In `documents/` a file `<language>_<name>.txt` stands beside `<language>_<name>.json`: what it says.
"""

import datetime as dt
from pathlib import Path
from typing import Any, Literal

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.rulebook.details_spec import read_details_spec
from auditor.snapshot.documents.details import DetailsRead, DetailWords, compile_details, read_details
from auditor.snapshot.documents.found import Found

ROOT = Path(__file__).parents[4]
FOLDER = Path(__file__).parent / "documents"
KINDS = {
    "handbook": "project_handbook",
    "handbuch": "project_handbook",
    "charte": "project_charter",
    "plan": "project_work_plan",
    "minutes": "minutes_of_meeting",
    "compte_rendu": "minutes_of_meeting",
    "protokoll": "minutes_of_meeting",
    "acta": "minutes_of_meeting",
    "report": "project_status_report",
    "bericht": "project_status_report",
    "rapport": "project_status_report",
    "informe": "project_status_report",
}

Format = Literal["docx", "odt", "xlsx", "pdf", "md"]


def document_of(text: str, file_format: Format = "docx") -> Document:
    """Return the document that *text* notes."""
    blocks: list[TextBlock | TableBlock] = []
    rows: list[tuple[Cell, ...]] = []
    tables = 0

    def close() -> None:
        nonlocal tables
        if rows:
            tables += 1
            blocks.append(TableBlock(tuple(rows), locator=f"table {tables}"))
            rows.clear()

    for number, line in enumerate(text.splitlines(), 1):
        place = f"paragraph {number}"
        if line.startswith("|"):
            rows.append(tuple(Cell(cell.strip()) for cell in line.strip().strip("|").split("|")))
            continue
        close()
        if line.startswith("% "):
            blocks.append(TextBlock(line[2:], locator=place, is_title=True))
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            blocks.append(TextBlock(line[level:].strip(), level=level, level_basis="style", locator=place))
        elif line.startswith("-"):
            level = len(line) - len(line.lstrip("-")) - 1
            blocks.append(TextBlock(line.lstrip("- "), locator=place, is_list_item=True, list_level=level))
        elif line.strip():
            blocks.append(TextBlock(line.strip(), locator=place))
    close()
    return Document(file_format, tuple(blocks))


def shipped_words() -> DetailWords:
    """Return the words that are shipped, with a resolver of two kinds."""
    kinds = {"project charter": "project_charter", "outsourcing plan": "outsourcing_plan"}
    spec = read_details_spec([ROOT / "rules/auditor_rules/core/recognition/details.yaml"])
    return compile_details(spec, lambda name: kinds.get(name.casefold()))


WORDS = shipped_words()


def read(
    text: str | Document,
    *,
    kind: str | None = None,
    language: str | None = None,
    registers: tuple[Found, ...] = (),
    path: str = "folder/file.docx",
) -> DetailsRead:
    """Return what is read from a document, noted or built."""
    document = document_of(text) if isinstance(text, str) else text
    return read_details(Parsed(document, path), WORDS, language=language, kind=kind, registers=registers)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if not isinstance(value, (bool, int, str)) else value


def told(found: DetailsRead) -> dict[str, Any]:
    """Return what was read as JSON values; blanks are null, what is unknown is missing."""
    artefact = {column: _plain(found.artefact[column]) if column in found.artefact else None for column in sorted(found.artefact_filled)}
    artefact |= {column: value for column, value in found.artefact.items() if column.endswith("_raw")}
    return {"artefact": artefact, "rows": [row_told(row) for row in found.found]}


def row_told(row: Found) -> dict[str, Any]:
    """Return a row as JSON values."""
    values = {column: _plain(value) for column, value in row.values.items()}
    blank = dict.fromkeys(sorted(row.filled - set(row.values) - set(row.refers)))
    refers = {column: list(target) for column, target in row.refers.items()}
    own = {"own_id": row.own_id} if row.own_id else {}
    return {"table": row.table, "at": row.locator, **own, **dict(sorted({**values, **blank, **refers}.items()))}


def read_fixture(name: str) -> DetailsRead:
    """Return what is read from the fixture *name*."""
    language, _, rest = name.partition("_")
    return read((FOLDER / f"{name}.txt").read_text(encoding="utf-8"), kind=KINDS.get(rest), language=language)


def fixture_names() -> list[str]:
    """Return the names of all fixtures."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))
