"""Fixtures of `tests/fixtures/kinds`: documents in a plain notation, with what a careful reader says they are.

The head of a file gives `path`, per standard the kinds that are right (`a|b`; `-` none; `a?` right or none), `section: heading = content
item` and `product: heading = kind` (any number of both). Below `---` stand `% title`, `# heading`, `**bold line**`, `| cell | cell |`,
`== sheet`, `> page header` and paragraphs.
"""

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from auditor.connect.document import Cell, Document, TableBlock, TextBlock
from auditor.connect.protocol import Parsed
from auditor.rulebook.recognition import Recognition, read_recognition

FOLDER = Path(__file__).parents[3] / "fixtures" / "kinds"


@dataclass(frozen=True)
class Fixture:
    name: str
    parsed: Parsed
    kinds: dict[str, frozenset[str | None]]  # standard → what is right
    sections: dict[str, str]
    products: dict[str, str]


def fixtures() -> list[Fixture]:
    return [_read(path) for path in sorted(FOLDER.glob("*.md"))]


def _read(path: Path) -> Fixture:
    head, body = path.read_text(encoding="utf-8").split("\n---\n", 1)
    said: dict[str, Any] = {"section": {}, "product": {}}
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        if name in {"section", "product"}:
            heading, _, kind = value.rpartition(" = ")
            said[name][heading] = kind
        else:
            said[name] = value
    return Fixture(
        path.stem,
        Parsed(document(body, said["path"].rsplit(".", 1)[-1]), said["path"]),
        {standard: _wanted(said[standard]) for standard in ("pm2", "prince2")},
        said["section"],
        said["product"],
    )


def _wanted(text: str) -> frozenset[str | None]:
    wanted: set[str | None] = set()
    for kind in text.split("|"):
        if kind == "-" or kind.endswith("?"):
            wanted.add(None)
        if kind != "-":
            wanted.add(kind.removesuffix("?"))
    return frozenset(wanted)


def document(body: str, format_: Any) -> Document:
    blocks: list[TextBlock | TableBlock] = []
    rows: list[tuple[Cell, ...]] = []
    headers: list[str] = []
    sheet = ""

    def close() -> None:
        if rows:
            blocks.append(TableBlock(tuple(rows), name=sheet, locator=sheet or f"table {len(blocks)}"))
            rows.clear()

    for line in body.splitlines():
        if line.startswith("|"):
            rows.append(tuple(Cell(cell.strip()) for cell in line.strip().strip("|").split("|")))
            continue
        close()
        if line.startswith("== "):
            sheet = line[3:]
        elif line.startswith("% "):
            blocks.append(TextBlock(line[2:], style="Title", is_title=True))
        elif line.startswith("> "):
            headers.append(line[2:])
        elif heading := re.match(r"(#+) (.*)", line):
            blocks.append(TextBlock(heading[2], level=len(heading[1]), level_basis="style"))
        elif line.startswith("**"):
            blocks.append(TextBlock(line.strip("*"), is_bold=True))
        elif line.strip():
            blocks.append(TextBlock(line))
    close()
    return Document(format_, tuple(blocks), headers=tuple(headers))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        found = fixtures()
        metafunc.parametrize("case", found, ids=[case.name for case in found])


def packs() -> dict[str, list[Any]]:
    """Return the shipped files that say how kinds are recognised, by standard."""
    home = files("auditor_rules")
    core = home / "core" / "recognition"
    return {
        "core": [core / "kinds.yaml", core / "sections.yaml"],
        "pm2": [home / "pm2" / "recognition.yaml"],
        "prince2": [home / "prince2" / "recognition.yaml"],
    }


@pytest.fixture(scope="session")
def recognition() -> Recognition:
    return read_recognition(packs())


@pytest.fixture(scope="session")
def reversed_recognition() -> Recognition:
    return read_recognition({standard: listed[::-1] for standard, listed in reversed(packs().items())})


@pytest.fixture(scope="session")
def make_document() -> Any:
    return document
