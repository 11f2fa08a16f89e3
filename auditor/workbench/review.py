"""The findings of recognition as a workbook that a person corrects, and the way back into `recognition-review.yaml`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import AuditorError, Location, UsageError, did_you_mean, raise_all
from auditor.snapshot.review import NONE, Review, load_review
from auditor.snapshot.store import Snapshot
from auditor.workbench.query import ask

SHEET = "Files"
COLUMNS = ("Project", "Source", "File", "Recognised as", "How sure", "To look at because", "Is really", "Note")
_WIDTHS = (18, 14, 70, 32, 10, 24, 34, 40)
_MARK = "auditor recognition review 1"
_MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A file as it was recognised."""

    project: str
    source: str
    path: str
    kind: str
    confidence: float | None
    why: str
    url: str


def review_rows(snapshot: Snapshot) -> list[ReviewRow]:
    """Return every file: the doubtful and unreadable ones first, then the others, by project and path."""
    answer = ask(
        """
        select * exclude (place) from (
        select a.project_id, a.source, a.path, coalesce(a.kind, c.kind, '') as kind,
          coalesce(a.kind_confidence, c.confidence) as confidence,
          case when a.kind_confidence >= 0.8 then '' when c.kind is not null then 'low confidence' else '' end as why,
          coalesce(a.url, '') as url, 1 as place
        from artefact a left join (
          select project_id, artefact_id, max(confidence) as confidence, arg_max(kind, confidence) as kind from candidate
          where reason = 'low_confidence' group by all) c on c.project_id = a.project_id and c.artefact_id = a.id
        where a.is_gone is not true
        union all
        select project_id, source, path, coalesce(candidate_kinds, ''), null, reason, coalesce(url, ''), 0 from unreadable
        where is_gone is not true
        ) where path is not null order by why = '', project_id, path, place
        """,
        {name: snapshot.file(name) for name in ("artefact", "candidate", "unreadable")},
    )
    seen: set[tuple[str, str]] = set()
    rows = []
    for project, source, path, kind, confidence, why, url in answer.rows:
        if (source, path) not in seen:
            seen.add((source, path))
            sure = None if confidence is None else float(confidence)
            rows.append(ReviewRow(project, source or "", path, kind, sure, why.replace("_", " "), url))
    return rows


def write_review(rows: Iterable[ReviewRow], kinds: Collection[str], before: Review, target: Path) -> int:
    """Write the workbook and return how many files it lists; what was said before is filled in.

    Args:
        rows: the files.
        kinds: what a file may be.
        before: what was said before, in the file and in the ledger.
        target: the workbook.
    """
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is written)

    count = 0
    partial = target.with_suffix(".part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(partial), options) as workbook:
        sheet = workbook.add_worksheet(SHEET)
        known = workbook.add_worksheet("Kinds")
        meta = workbook.add_worksheet("_meta")
        meta.write_string(0, 0, _MARK)
        meta.very_hidden()
        head = workbook.add_format({"bold": True, "bg_color": "#1D4F91", "font_color": "#FFFFFF", "text_wrap": True})
        text = workbook.add_format({"text_wrap": True, "valign": "top"})
        open_ = workbook.add_format({"bg_color": "#FFF6DB", "valign": "top", "text_wrap": True})
        share = workbook.add_format({"num_format": "0 %", "valign": "top"})
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.write_string(0, column, name, head)
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate((row.project, row.source, row.path, row.kind)):
                sheet.write_string(number, column, value, text)
            if row.confidence is not None:
                sheet.write_number(number, 4, row.confidence, share)
            sheet.write_string(number, 5, row.why, text)
            sheet.write_string(number, 6, before.kind(row.source, row.path) or "", open_)
            sheet.write_string(number, 7, "", open_)
            count = number
        allowed = [NONE, *sorted(kinds)]
        known.set_column(0, 0, 44)
        for number, kind in enumerate(allowed):
            known.write_string(number, 0, kind)
        if count:
            source = f"=Kinds!$A$1:$A${len(allowed)}"
            message = (
                "Choose a kind, or 'none' when the file is no document of any standard. Leave it empty where the recognition is right."
            )
            sheet.data_validation(
                1, 6, count, 6, {"validate": "list", "source": source, "input_message": message[:255], "ignore_blank": True}
            )
            sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
        sheet.freeze_panes(1, 3)
    partial.replace(target)
    return count


def read_review(workbook: Path, kinds: Collection[str]) -> dict[tuple[str, str], str]:
    """Return what a person corrected in *workbook*: (source, path) → kind, '' where nothing is said.

    Raises:
        UsageError: the workbook is none of ours, or cannot be read.
        ExceptionGroup: of UsageError, every cell that holds no kind.
    """
    corrections: dict[tuple[str, str], str] = {}
    errors: list[AuditorError] = []
    for number, row in enumerate(_cells(workbook)[1:], start=2):
        source, path, said = (_text(row, place) for place in (1, 2, 6))
        if not path:
            continue
        if said and said != NONE and said not in kinds:
            at = Location(f"{workbook.name} {SHEET}!G{number}")
            errors.append(UsageError(f"{said[:60]!r} is no kind", at=at, hint=did_you_mean(said, [NONE, *kinds])))
        corrections[source, path] = said
    raise_all(f"{workbook.name} has mistakes", errors)
    return corrections


def keep_review(said: Mapping[tuple[str, str], str], target: Path) -> int:
    """Write corrections into *target* (`recognition-review.yaml`) and return how many there are now. What it holds of other files stays."""
    corrections = {key: kind for key, kind in ({**load_review(target).kinds, **said}).items() if kind}
    data = {"documents": [{"source": source, "path": path, "kind": kind} for (source, path), kind in sorted(corrections.items())]}
    partial = target.with_suffix(".part")
    head = "# What documents really are, said by a person: it wins over recognition. `none`: no document of any standard.\n"
    partial.write_text(head + yaml.safe_dump(data, allow_unicode=True, sort_keys=True, width=10_000), encoding="utf-8")
    partial.replace(target)
    return len(corrections)


def _cells(workbook: Path) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  (only where a workbook is read)

    try:
        book = CalamineWorkbook.from_path(str(workbook))
        names = book.sheet_names
        mark = book.get_sheet_by_name("_meta").to_python(nrows=1) if "_meta" in names else []
        rows: list[list[Any]] = book.get_sheet_by_name(SHEET).to_python(nrows=_MOST_ROWS) if SHEET in names else []
    except (OSError, CalamineError) as error:
        raise UsageError(f"{workbook}: cannot be read: {error}") from error
    if not mark or mark[0][:1] != [_MARK] or not rows or tuple(map(str, rows[0][: len(COLUMNS)])) != COLUMNS:
        raise UsageError(
            f"{workbook} was not written by `auditor sources review`", hint="write a new one and fill in its column 'Is really'"
        )
    return rows


def _text(row: list[Any], place: int) -> str:
    return str(row[place]).strip() if place < len(row) else ""
