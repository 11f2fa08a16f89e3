"""An organisation's own checklist, as it stands in a workbook: questions under headings, with weights, guidance and sources.

Nobody needs to prepare the workbook: the line with the headings is found by its words, in English, French, German and Spanish, or said
with `columns`. Merged cells of groups, groups that stand as a line of their own, and several sheets are understood. What stands in other
columns, such as answers of another day, is kept beside the questions and decides nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from auditor.checklist.answer_words import fold
from auditor.errors import Location, UsageError
from auditor.model.row import Frozen
from auditor.office.links import printable
from auditor.office.package import Package
from auditor.office.sheets import Sheet, column_letters, column_number, read_sheets

Column = Literal["question", "group", "weight", "guidance", "reference", "id"]
"""What a column of an own checklist may be for."""

COLUMNS: tuple[Column, ...] = ("id", "group", "question", "guidance", "reference", "weight")

RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+[a-z]?")
_HEAD_ROWS = 40
_MOST_LINES = 5_000
_LONGEST_HEADING = 120

_WORDS: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        # The first words count most: where a sheet has a column 'Question' and a column 'Description', the question is the question.
        "question": (
            "question|questions|frage|fragen|pruffrage|kontrollfrage|pregunta|preguntas",
            (
                "check|checks|check item|checklist item|check condition|check conditions|control question|checkpoint"
                "|check point|point to check"
                "|what to check|prufpunkt|prufung|point de controle|controle|verification|punto de control|comprobacion|control"
            ),
            (
                "criterion|criteria|requirement|requirements|kriterium|kriterien|anforderung|critere|criteres|exigence"
                "|criterio|criterios|requisito"
            ),
            "item|items|statement|attribute|attributes|quality attributes|task|activity|description|beschreibung|descripcion",
        ),
        "group": (
            "group|gruppe|groupe|grupo",
            (
                "area|section|category|topic|chapter|domain|theme|phase|bereich|kategorie|thema|abschnitt|kapitel"
                "|rubrik|domaine|categorie|chapitre"
                "|rubrique|seccion|categoria|tema|capitulo|subject area|heading"
            ),
        ),
        "weight": (
            "weight|weighting|gewicht|gewichtung|poids|ponderation|peso|ponderacion",
            "priority|importance|severity|criticality|prioritat|wichtigkeit|priorite|criticite|prioridad|importancia",
        ),
        "guidance": (
            (
                "guidance|what to look for|how to check|help|hint|hints|explanation|instructions|hinweis|hinweise|hilfe"
                "|erlauterung|anleitung"
                "|worauf zu achten ist|conseil|aide|explication|consigne|a verifier|orientacion|ayuda|explicacion"
                "|instrucciones|que comprobar"
            ),
        ),
        "reference": (
            "reference|references|source|clause|standard|referenz|quelle|fundstelle|norm|verweis|clausule|referencia|fuente|clausula|norme",
            "ref",
        ),
        "id": ("id|rule|rule id|key|kennung|regel",),
    }
)
_NUMBERS = frozenset(
    ("no", "nr", "#", "sl", "sl #", "sl no", "sl.no", "n°", "no.", "nº", "lfd nr", "lfd. nr", "number", "nummer", "numero", "pos")
)
_HEADINGS: Mapping[str, tuple[Column, int]] = MappingProxyType(
    {
        word: (column, rank)
        for column, ranks in reversed(list(_WORDS.items()))
        for rank, words in reversed(list(enumerate(ranks)))
        for word in words.split("|")
    }
)


class Item(Frozen):
    """One question of an own checklist.

    Attributes:
        group: heading under which it stands; '' for none.
        weight: as the workbook has it: '3', '2.5', 'high'; '' for none.
        kept: heading → what stands in columns that are none of these.
        id: of its rule, where the workbook names one; else ''.
    """

    text: str
    group: str = ""
    weight: str = ""
    guidance: str = ""
    reference: str = ""
    kept: dict[str, str] = {}
    id: str = ""


class ItemSheet(Frozen):
    """One sheet with questions, in their order."""

    name: str
    items: tuple[Item, ...]


class Questionnaire(Frozen):
    """An own checklist."""

    sheets: tuple[ItemSheet, ...]

    def items(self) -> Iterator[Item]:
        """Yield every question in its order."""
        for sheet in self.sheets:
            yield from sheet.items


def read_questionnaire(path: Path, columns: Mapping[Column, str] | None = None) -> Questionnaire:
    """Return the questions of a workbook; sheets without any are left out.

    Args:
        path: of the workbook.
        columns: what → letter of its column, where headings do not say it: {'question': 'C'}.

    Raises:
        UsageError: it cannot be read, a column is no column, or no question was found.
    """
    package = Package(path)
    chosen = _chosen(columns or {})
    found = []
    for sheet in read_sheets(package):
        if sheet.is_hidden:
            continue
        items = tuple(_Reader(sheet, chosen).items())
        if items:
            found.append(ItemSheet(name=sheet.name, items=items))
    if not found:
        raise UsageError(
            "no question was found: no line of headings names a column with questions",
            at=Location(path.name),
            hint="say where they stand: --column question=C (and group=A, weight=D, guidance=E, reference=F)",
        )
    if sum(len(sheet.items) for sheet in found) > _MOST_LINES:
        raise UsageError(
            f"the workbook has more than {_MOST_LINES:,} questions", at=Location(path.name), hint="name the column of the questions"
        )
    return Questionnaire(sheets=tuple(found))


def _chosen(columns: Mapping[Column, str]) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for column, letters in columns.items():
        if not re.fullmatch("[A-Za-z]{1,3}", letters):
            raise UsageError(f"{letters[:20]!r} is no column of a workbook", hint="for example question=C")
        found[column] = column_number(letters)
    return found


class _Reader:
    """Finds the questions of one sheet."""

    def __init__(self, sheet: Sheet, chosen: Mapping[Column, int]) -> None:
        self._sheet = sheet
        self._rows: dict[int, dict[int, str]] = {}
        for row, column in sorted(sheet.cells):
            text = _clean(sheet.text(row, column))
            if text:
                self._rows.setdefault(row, {})[column] = text
        self._head, self._columns = self._layout(chosen)
        if not self._names_rules():
            self._columns.pop("id", None)
        self._numbered = self._number_column()

    def _layout(self, chosen: Mapping[Column, int]) -> tuple[int, dict[Column, int]]:
        """Return the row of the headings and which column is for what; no column: there are no questions."""
        best: tuple[int, int, dict[Column, int]] | None = None
        for row in list(self._rows)[:_HEAD_ROWS]:
            columns = {**self._named(row), **chosen}
            score = len({column for column in columns if column not in chosen})
            if "question" in columns and (best is None or score > best[0]):
                best = (score, row, columns)
        if best is None:
            return 0, {}
        score, row, columns = best
        if chosen and not score:
            row = next((row for row, line in self._rows.items() if columns["question"] in line), 0)
        return row, self._divided(row, columns)

    def _named(self, row: int) -> dict[Column, int]:
        ranked: dict[Column, tuple[int, int]] = {}
        for column, text in self._rows[row].items():
            meaning = _HEADINGS.get(_heading(text))
            if meaning is not None and (meaning[0] not in ranked or meaning[1] < ranked[meaning[0]][0]):
                ranked[meaning[0]] = (meaning[1], column)
        return {what: column for what, (_, column) in ranked.items()}

    def _divided(self, row: int, columns: dict[Column, int]) -> dict[Column, int]:
        """Return the columns where one heading spans two: the left one holds the groups, the right one the questions."""
        question = columns["question"]
        for top, left, bottom, right in self._sheet.merges:
            if top <= row <= bottom and left == question and right > left:
                full = [
                    sum(1 for line, cells in self._rows.items() if line > bottom and column in cells) for column in range(left, right + 1)
                ]
                if full[-1] > full[0] and "group" not in columns:
                    return {**columns, "group": left, "question": right}
        return columns

    def _names_rules(self) -> bool:
        """Whether the column of ids holds ids of rules, no two alike: others number lines, or are somebody else's."""
        column = self._columns.get("id")
        ids = [line[column] for row, line in self._rows.items() if row > self._head and column in line]
        return bool(ids) and len(set(ids)) == len(ids) and all(RULE_ID.fullmatch(id_) for id_ in ids)

    def _number_column(self) -> int | None:
        """Return the column that numbers the questions, if one does."""
        line = self._rows.get(self._head, {})
        return next((column for column, text in line.items() if _heading(text) in _NUMBERS), None)

    def items(self) -> Iterator[Item]:
        """Yield the questions."""
        if not self._columns:
            return
        titles = self._titles()
        group = ""
        for row, line in self._rows.items():
            if row <= self._head:
                continue
            heading = self._as_heading(row, line)
            if heading:
                group = heading
                continue
            own = self._group(row, line)
            group = own or group
            text = line.get(self._columns["question"], "")
            if not text:
                continue
            mapped = set(self._columns.values())
            kept = {titles[column]: value for column, value in line.items() if column in titles and column not in mapped}
            yield Item(
                text=text,
                group=group,
                weight=self._of("weight", line),
                guidance=self._of("guidance", line),
                reference=self._of("reference", line),
                kept=dict(sorted(kept.items())),
                id=self._of("id", line),
            )

    def _titles(self) -> dict[int, str]:
        """Return the headings of all columns, no two alike."""
        line = self._rows.get(self._head, {})
        used = sorted({column for row, cells in self._rows.items() if row > self._head for column in cells})
        titles: dict[int, str] = {}
        seen: Counter[str] = Counter()
        for column in used:
            title = " ".join(line.get(column, "").split()) or column_letters(column)
            seen[title] += 1
            titles[column] = title if seen[title] == 1 else f"{title} ({seen[title]})"
        return titles

    def _of(self, what: Column, line: Mapping[int, str]) -> str:
        column = self._columns.get(what)
        return line.get(column, "") if column is not None else ""

    def _group(self, row: int, line: Mapping[int, str]) -> str:
        column = self._columns.get("group")
        if column is None:
            return ""
        origin = self._sheet.merged_from(row, column)
        return _line(self._rows.get(origin[0], {}).get(origin[1], "") if origin else line.get(column, ""))

    def _as_heading(self, row: int, line: Mapping[int, str]) -> str:
        """Return the heading that stands alone in a row, without being a question; '' for none."""
        others = {column: text for column, text in line.items() if column != self._numbered or not text.isdigit()}
        if len(others) != 1:
            return ""
        (column, text), *_ = others.items()
        is_wide = any(top == row and left == column and right > left for top, left, _, right in self._sheet.merges)
        is_question = column == self._columns["question"]
        if len(text) > _LONGEST_HEADING:
            return ""
        if is_wide or (not is_question and column < self._columns["question"] and column != self._columns.get("group")):
            return _line(text)
        is_unnumbered = self._numbered is not None and self._numbered not in line and self._numbers_most()
        return _line(text) if is_question and is_unnumbered and "group" not in self._columns else ""

    def _numbers_most(self) -> bool:
        asked = [line for row, line in self._rows.items() if row > self._head and self._columns["question"] in line]
        return 2 * sum(1 for line in asked if self._numbered in line) > len(asked)


def _clean(text: str) -> str:
    """Return a text without blanks at the ends of its lines."""
    return "\n".join(line.rstrip() for line in printable(text).replace("\u00a0", " ").split("\n")).strip()


def _line(text: str) -> str:
    return " ".join(text.split())


def _heading(text: str) -> str:
    return fold(re.sub(r"\(.*?\)|\*", " ", text)).strip(" :*.")


def write_questionnaire(questionnaire: Questionnaire, path: Path) -> Path:
    """Write an own checklist as a workbook to *path* and return it: `read_questionnaire` reads the same out of it."""
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is written)

    partial = path.with_name(path.name + ".part")
    with xlsxwriter.Workbook(str(partial), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        from datetime import UTC, datetime  # noqa: PLC0415  (as above)

        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        head = book.add_format({"bold": True, "bg_color": "#1D4F91", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"})
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#CDD5DF"})
        for sheet in questionnaire.sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, head, text)
    partial.replace(path)
    return path


_TITLES: Mapping[Column, tuple[str, int]] = MappingProxyType(
    {
        "id": ("ID", 18),
        "group": ("Group", 24),
        "question": ("Question", 70),
        "guidance": ("Guidance", 50),
        "reference": ("Reference", 22),
        "weight": ("Weight", 10),
    }
)


def _write_sheet(out: Any, sheet: ItemSheet, head: Any, text: Any) -> None:
    kept = list(dict.fromkeys(title for item in sheet.items for title in item.kept))
    for column, (title, width) in enumerate([*_TITLES.values(), *((title, 20) for title in kept)]):
        out.set_column(column, column, width)
        out.write_string(0, column, title, head)
    for row, item in enumerate(sheet.items, start=1):
        values = (item.id, item.group, item.text, item.guidance, item.reference, item.weight, *(item.kept.get(title, "") for title in kept))
        for column, value in enumerate(values):
            if value:
                out.write_string(row, column, value, text)
            else:
                out.write_blank(row, column, None, text)
    out.freeze_panes(1, 0)
    out.autofilter(0, 0, max(len(sheet.items), 1), len(COLUMNS) + len(kept) - 1)
    out.set_landscape()
    out.fit_to_pages(1, 0)
    out.repeat_rows(0)
