"""Fills lists in as people do: with the libraries that write office files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn

from auditor.checklist.checklist import Checklist, Question
from auditor.checklist.identity import line_key
from auditor.checklist.labels import labels_of

Words = Mapping[str, Any]
"""Field of a line ('answer', 'note', 'on', …) → what a person writes."""


def line_of(question: Question) -> tuple[str, str]:
    return question.id, question.subject or ""


def fill_xlsx(
    checklist: Checklist, path: Path, answers: Mapping[tuple[str, str], Words], more: Callable[[Any], None] | None = None
) -> Path:
    """Write into the rows of questions; then do *more* with the workbook."""
    labels = labels_of(checklist.language)
    book = openpyxl.load_workbook(path)
    sheet = book[labels.checklist]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, question in enumerate(checklist.questions(), start=2):
        for field, value in answers.get(line_of(question), {}).items():
            sheet.cell(row, columns[labels.fields[field]]).value = value  # type: ignore[index]
    if more is not None:
        more(book)
    book.save(path)
    return path


def fill_docx(
    checklist: Checklist, path: Path, answers: Mapping[tuple[str, str], Words], more: Callable[[Any], None] | None = None
) -> Path:
    """Write into the content controls of questions; then do *more* with the document."""
    document = docx.Document(str(path))
    controls = {tag: control for control in document.element.iter(qn("w:sdt")) if (tag := tag_of(control))}
    for question in checklist.questions():
        for field, value in answers.get(line_of(question), {}).items():
            write_control(controls[f"auditor:{field}:{line_key(checklist, question)}"], str(value))
    if more is not None:
        more(document)
    document.save(str(path))
    return path


def tag_of(control: Any) -> str:
    tag = control.find(qn("w:sdtPr")).find(qn("w:tag"))
    return "" if tag is None else str(tag.get(qn("w:val")))


def write_control(control: Any, text: str) -> None:
    """Replace the hint of a content control by a text, as Word does."""
    properties = control.find(qn("w:sdtPr"))
    hint = properties.find(qn("w:showingPlcHdr"))
    if hint is not None:
        properties.remove(hint)
    runs = list(control.iter(qn("w:r")))
    for run in runs[1:]:
        run.getparent().remove(run)
    for old in list(runs[0]):
        if old.tag in {qn("w:t"), qn("w:br")}:
            runs[0].remove(old)
    for number, line in enumerate(text.split("\n")):
        if number:
            runs[0].append(runs[0].makeelement(qn("w:br"), {}))
        element = runs[0].makeelement(qn("w:t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        element.text = line
        runs[0].append(element)
