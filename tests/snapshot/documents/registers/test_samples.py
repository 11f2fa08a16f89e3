"""The public documents that the team measures recognition with: rows and columns as a careful person counted them."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from register_tables import ROOT, read

from auditor.connect.protocol import Parsed
from auditor.connect.values import fold
from auditor.snapshot.documents.registers import RegistersRead
from auditor.snapshot.documents.tasks import TABLE as TASKS

SAMPLES = ROOT.parent / "shared" / "samples" / "documents"
OFFICE = {".xlsx", ".ods", ".docx", ".odt"}
ENOUGH = 0.95

pytestmark = [pytest.mark.samples, pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not there")]


def expected() -> list[dict[str, str]]:
    with (SAMPLES / "expected.csv").open(encoding="utf-8") as file:
        return [line for line in csv.DictReader(file) if Path(line["file"]).suffix.lower() in OFFICE and line["readable"] == "yes"]


@cache
def registers(file: str, language: str) -> RegistersRead:
    from auditor_connectors.documents import structure

    return read(Parsed(structure(SAMPLES / file), file), language or None)


def test_rows_of_registers() -> None:
    right = told = invented = 0
    for line in expected():
        wanted: Counter[str] = Counter()
        for item in filter(None, line["registers"].split(";")):
            name, count = item.split(":")
            wanted[name] += int(count)
        found = Counter(row.register for row in registers(line["file"], line["language"]).found if row.table != TASKS)
        right += sum(min(found[name], wanted[name]) for name in wanted)
        told += sum(wanted.values())
        invented += sum((found - wanted).values())
    assert right >= ENOUGH * told
    assert invented <= (1 - ENOUGH) * told


def test_lines_of_plans() -> None:
    """Work items are counted in the notes: a plan has as many as the person counted."""
    plan = "tpm-handbook/Project Plan.xlsx"
    note = next(line["note"] for line in expected() if line["file"] == plan)
    assert note.startswith(f"{sum(row.table == TASKS for row in registers(plan, 'en').found)} tasks")


def test_columns_of_registers() -> None:
    languages = {line["file"]: line["language"] for line in expected()}
    right = told = 0
    with (SAMPLES / "expected_columns.csv").open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["file"] in languages]
    for line in lines:
        table = line["model column"].split(".", maxsplit=1)[0]
        allowed = {column.split(".", maxsplit=1)[1].replace("source", "origin") for column in line["model column"].split("|")}
        header = fold(line["header text"])
        right += any(
            mapped.register == table and mapped.column in allowed and fold(mapped.label).startswith(header)
            for mapped in registers(line["file"], languages[line["file"]]).mapped
        )
        told += 1
    assert right >= ENOUGH * told
