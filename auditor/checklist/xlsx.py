"""A checklist as a workbook: what people sort, filter, fill in and send back.

Every question is one row, its group a column, so that sorting and filtering keep rows whole. Excel sorts a protected sheet only when every
cell of the table is unlocked: so they are, the sheet is protected for its structure and headings, and a validation that accepts nothing
keeps people from typing over a question. What is read back rests on the hidden identity of each row (`identity.py`), never on its text.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.checklist.answer_words import FIRST_YEAR, LAST_YEAR, says_text
from auditor.checklist.checklist import Checklist, Group, Question, Says, State
from auditor.checklist.identity import SAYS, field_mark, line_mark, list_mark
from auditor.checklist.labels import FIELDS, Field, Labels, labels_of
from auditor.checklist.score import Scored, bands_of, score
from auditor.checklist.words import state_word, word
from auditor.office.links import is_web_link, printable

META_SHEET = "_auditor"
_LONGEST = 32_000  # a cell holds 32,767 characters
_LINE = 15.0  # points of one line, with air around it
_TIGHT = 12.8  # points of a line among others
_HIGHEST = 409.0  # points: Excel allows no more
_BLUE, _GREY, _RULE = "#1D4F91", "#5B6673", "#CDD5DF"
_WRITE = "#FFFDF2"  # behind what people fill in
_STATES: dict[State, tuple[str, str]] = {  # background, text
    "evidence": ("#DCEEF2", "#0F4C5C"),  # neither green nor red: evidence may say no
    "attested": ("#E9E4F5", "#4A2F80"),
    "to_confirm": ("#FDEBC8", "#7A4B00"),
    "open": ("#FFFFFF", "#8A1C1C"),
    "not_applicable": ("#E9EDF2", "#4A5562"),
}
_ANSWERS: dict[Says, tuple[str, str]] = {
    "yes": ("#DDF0E3", "#14532D"),
    "no": ("#FBDCDC", "#8A1C1C"),
    "partly": ("#FDEBC8", "#7A4B00"),
    "not_applicable": ("#E9EDF2", "#4A5562"),
}


def write_xlsx(checklist: Checklist, path: Path, *, person: str = "") -> Path:
    """Write *checklist* as a workbook to *path* and return *path*. The same list gives the same bytes.

    Args:
        checklist: what is asked.
        path: of the workbook.
        person: who will fill it in; '': not known.
    """
    import xlsxwriter  # noqa: PLC0415  (only where a workbook is written)

    partial = path.with_name(path.name + ".part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(partial), options) as workbook:
        _Writer(workbook, checklist, person).write()
    partial.replace(path)
    return path


class _Formats:
    """The looks of cells, made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[str, Any] = {}
        self._cell = {"valign": "top", "text_wrap": True, "border": 1, "border_color": _RULE, "font_name": "Calibri", "font_size": 10}
        self.head = self.make(bold=True, bg_color=_BLUE, font_color="#FFFFFF", valign="vcenter")
        self.write_head = self.make(bold=True, bg_color="#7A4B00", font_color="#FFFFFF", valign="vcenter")
        self.text = self.make(locked=False)
        self.locked = self.make()
        self.small = self.make(locked=False, font_color=_GREY, font_size=9)
        self.number = self.make(locked=False, align="center")
        self.link = self.make(locked=False, font_color=_BLUE, underline=1)
        self.answer = self.make(locked=False, bg_color=_WRITE, bold=True)
        self.write = self.make(locked=False, bg_color=_WRITE)
        self.day = self.make(locked=False, bg_color=_WRITE, num_format="yyyy-mm-dd", align="left")
        self.result = self.make(locked=False, align="center")
        self.share = self.make(num_format="0 %", align="center")
        self.count = self.make(num_format="0", align="center")
        self.points = self.make(num_format="0.0", align="center")
        self.label = self.make(bold=True, bg_color="#F2F5F9")
        self.states = {
            state: self.make(locked=False, bg_color=back, font_color=front, bold=True) for state, (back, front) in _STATES.items()
        }
        self.legend = {state: self.make(bg_color=back, font_color=front, bold=True) for state, (back, front) in _STATES.items()}
        self.title = self.plain(bold=True, font_size=20, font_color=_BLUE)
        self.heading = self.plain(bold=True, font_size=13, font_color=_BLUE)
        self.lead = self.plain(font_size=11, text_wrap=True, valign="top")
        self.big = self.plain(bold=True, font_size=14)
        self.bold = self.plain(bold=True, font_size=10)
        self.said = {says: self.plain(bold=True, font_size=10, font_color=front) for says, (_, front) in _ANSWERS.items()}
        self.grey = self.plain(font_color=_GREY, font_size=9)
        self.warning = self.plain(font_color="#8A1C1C", bold=True, font_size=10)
        self.usual = self.plain(font_size=10)

    def make(self, **more: Any) -> Any:
        """Return the look of a cell of a table."""
        return self._workbook.add_format(self._cell | more)

    def plain(self, **more: Any) -> Any:
        """Return a look without borders."""
        return self._workbook.add_format({"font_name": "Calibri"} | more)


class _Column:
    """A column of the list: what stands in it and how wide it is, in characters."""

    def __init__(self, key: str, title: str, width: int) -> None:
        self.key = key
        self.title = title
        self.width = width


class _Writer:
    def __init__(self, workbook: Any, checklist: Checklist, person: str) -> None:
        self._workbook = workbook
        self._person = person
        self._list = checklist
        self._labels: Labels = labels_of(checklist.language)
        self._formats = _Formats(workbook)
        self._says = {says: says_text(checklist, says) for says in SAYS}
        self._rows = [(group, question) for group in checklist.groups for question in group.questions]
        self._columns = self._list_columns()
        self._at = {column.key: number for number, column in enumerate(self._columns)}

    def write(self) -> None:
        """Write every sheet and what identifies the list."""
        checklist, labels = self._list, self._labels
        names = (labels.cover, labels.checklist, labels.evidence_sheet, labels.score)
        cover, sheet, evidence, score = (self._workbook.add_worksheet(name) for name in names)
        left_out = self._workbook.add_worksheet(labels.left_out) if checklist.left_out else None
        meta = self._workbook.add_worksheet(META_SHEET)
        self._checklist(sheet)
        self._evidence(evidence)
        self._score(score)
        if left_out is not None:
            self._left_out(left_out)
        self._cover(cover)
        mark = list_mark(checklist)
        meta.write_string(0, 0, mark)
        meta.very_hidden()
        cover.activate()
        self._workbook.set_properties(
            {
                "title": printable(checklist.title)[:200],
                "subject": printable(checklist.project_title)[:200],
                "author": "auditor",
                "created": datetime(checklist.as_of.year, checklist.as_of.month, checklist.as_of.day, tzinfo=UTC),
            }
        )
        for name, value in (
            ("id", checklist.id),
            ("kind", checklist.kind),
            ("project", checklist.project),
            ("language", checklist.language),
        ):
            self._workbook.set_custom_property(f"auditor-{name}", printable(value)[:250] or "-", "text")

    # The list

    def _list_columns(self) -> list[_Column]:
        labels = self._labels
        columns = [
            _Column("number", labels.number, 5),
            _Column("group", labels.group, 16),
            _Column("question", labels.question, 46),
        ]
        if any(question.subject for _, question in self._rows):
            columns.append(_Column("subject", labels.subject, 20))
        columns += [
            _Column("guidance", labels.guidance, 32),
            _Column("state", word(self._list, "state"), 15),
            _Column("known", labels.known, 44),
            _Column("link", labels.link, 8),
        ]
        widths: dict[Field, int] = {"answer": 15, "note": 32, "evidence": 22, "author": 16, "on": 15, "expires_on": 13}
        columns += [_Column(field, labels.fields[field], widths[field]) for field in FIELDS]
        return [
            *columns,
            _Column("weight", labels.weight, 8),
            _Column("result", labels.result, 14),
            _Column("counted", "", 10),
            _Column("identity", "", 10),
        ]

    def _checklist(self, sheet: Any) -> None:
        formats, at = self._formats, self._at
        last = max(len(self._rows), 1)
        for number, column in enumerate(self._columns):
            is_hidden = column.key in {"counted", "identity"}
            sheet.set_column(number, number, column.width, None, {"hidden": 1} if is_hidden else {})
            look = formats.write_head if column.key in FIELDS else formats.head
            sheet.write_string(0, number, list_mark(self._list) if column.key == "identity" else column.title, look)
        sheet.set_row(0, 32)
        for row, (group, question) in enumerate(self._rows, start=1):
            self._row(sheet, row, group, question)
        sheet.freeze_panes(1, at["question"] + 1)
        sheet.autofilter(0, 0, last, at["result"])
        self._guard(sheet, last)
        self._colours(sheet, last)
        sheet.protect("", {"sort": True, "autofilter": True, "format_columns": True, "format_rows": True, "insert_hyperlinks": True})
        self._print(sheet, paper=8)
        sheet.repeat_rows(0)

    def _row(self, sheet: Any, row: int, group: Group, question: Question) -> None:
        formats, at, labels = self._formats, self._at, self._labels
        under = [("", question.requirement)] if question.requirement and question.requirement != question.text else []
        parts = [(formats.bold, question.text)]
        parts += [(formats.usual, text) for _, text in under]
        parts += [(formats.grey, question.cites)] if question.cites else []
        known = self._known(question)
        sheet.write_number(row, at["number"], row, formats.number)
        _text(sheet, row, at["group"], group.title, formats.text)
        _rich(sheet, row, at["question"], parts, formats.text)
        if "subject" in at:
            _text(sheet, row, at["subject"], question.subject_text or question.subject or "", formats.text)
        _text(sheet, row, at["guidance"], question.guidance, formats.small)
        _text(sheet, row, at["state"], state_word(self._list, question.state), formats.states[question.state])
        _rich(sheet, row, at["known"], known, formats.text)
        link = next((shown.url for shown in question.evidence if is_web_link(shown.url)), "")
        _link(sheet, row, at["link"], link, labels.open_link if link else "", formats.link, formats.text)
        for field in FIELDS:
            look = {"answer": formats.answer, "on": formats.day, "expires_on": formats.day}.get(field, formats.write)
            sheet.write_blank(row, at[field], None, look)
        sheet.write_number(row, at["weight"], question.weight, formats.number)
        counted = self._counted(question)
        answer, known_cell = _cell(row, at["answer"]), _cell(row, at["counted"])
        formula = f'=IF(LEN(TRIM({answer}))>0,{answer},IF({known_cell}="","",{known_cell}))'
        sheet.write_formula(row, at["result"], formula, formats.result, counted)
        _text(sheet, row, at["counted"], counted, formats.text)
        _text(sheet, row, at["identity"], line_mark(self._list, question), formats.text)
        widths = {column.key: column.width for column in self._columns}
        lines = max(
            _lines(parts, widths["question"]),
            _lines(known, widths["known"]),
            _lines([(None, question.guidance)], int(widths["guidance"] * 1.1)),
            _lines([(None, group.title)], widths["group"]),
            _lines([(None, question.subject_text or question.subject or "")], widths.get("subject", 20)),
            2,
        )
        sheet.set_row(row, min(lines * _TIGHT + 5, _HIGHEST))

    def _counted(self, question: Question) -> str:
        """Return the word of the answer that counts while nobody answers; '' for none."""
        if question.state in {"open", "to_confirm"}:
            return ""
        if question.given is not None:
            return self._says[question.given.says]
        return self._says["not_applicable"] if question.state == "not_applicable" else ""

    def _known(self, question: Question) -> list[tuple[Any, str]]:
        """Return the looks and texts of what is known, line by line."""
        formats, labels = self._formats, self._labels
        parts: list[tuple[Any, str]] = []
        given = question.given
        if given is not None:
            who = ", ".join(part for part in (given.author, given.on.isoformat() if given.on else "") if part)
            until = f"{labels.fields['expires_on']} {given.expires_on.isoformat()}" if given.expires_on else ""
            parts.append((formats.said[given.says], " · ".join(part for part in (self._says[given.says], who, until) if part)))
            parts += [(formats.usual, text) for text in (given.note, given.evidence) if text]
        if question.contradiction:
            parts.append((formats.warning, f"⚠ {labels.contradiction}: {question.contradiction}"))
        if question.why_open:
            parts.append((formats.usual, question.why_open))
        for shown in question.evidence:
            parts.append((formats.usual, f"• {shown.text}"))
            parts += [(formats.grey, f"   {shown.place}")] if shown.place else []
        more = question.evidence_count - len(question.evidence)
        if more > 0:
            parts.append((formats.grey, labels.more.format(count=more)))
        return parts

    def _guard(self, sheet: Any, last: int) -> None:
        """Let answers be chosen and days be days, and keep questions from being typed over."""
        at, labels = self._at, self._labels
        answers = ", ".join(self._says[says] for says in SAYS)
        choice = {
            "validate": "list",
            "source": [self._says[says] for says in SAYS],
            "input_title": labels.choose_title[:32],
            "input_message": labels.choose.format(answers=answers)[:255],
            "error_title": labels.choose_title[:32],
            "error_message": labels.choose.format(answers=answers)[:255],
        }
        sheet.data_validation(1, at["answer"], last, at["answer"], choice)
        for field in ("on", "expires_on"):
            sheet.data_validation(1, at[field], last, at[field], self._day_rule())
        refuse = {
            "validate": "custom",
            "value": "=FALSE",
            "ignore_blank": False,
            "error_title": labels.guard_title[:32],
            "error_message": labels.guard[:255],
        }
        sheet.data_validation(1, 0, last, at["link"], refuse)
        sheet.data_validation(1, at["weight"], last, at["identity"], refuse)

    def _day_rule(self) -> dict[str, Any]:
        labels = self._labels
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": datetime(FIRST_YEAR, 1, 1),  # noqa: DTZ001  (xlsxwriter wants days without zone)
            "maximum": datetime(LAST_YEAR, 12, 31),  # noqa: DTZ001
            "error_title": labels.day_title[:32],
            "error_message": labels.day_help[:255],
        }

    def _colours(self, sheet: Any, last: int) -> None:
        at = self._at
        for key in ("answer", "result"):
            for says, (back, front) in _ANSWERS.items():
                look = self._workbook.add_format({"bg_color": back, "font_color": front})
                rule = {"type": "cell", "criteria": "==", "value": f'"{_quoted(self._says[says])}"', "format": look}
                sheet.conditional_format(1, at[key], last, at[key], rule)
        missing = self._workbook.add_format({"bg_color": "#FBDCDC", "border": 1, "border_color": "#8A1C1C"})
        answer, note = _cell(1, at["answer"], fixed=True), _cell(1, at["note"], fixed=True)
        for says in self._list.scheme.explain:
            criteria = f'=AND({answer}="{_quoted(self._says[says])}",LEN(TRIM({note}))=0)'
            sheet.conditional_format(1, at["note"], last, at["note"], {"type": "formula", "criteria": criteria, "format": missing})

    # The other sheets

    def _evidence(self, sheet: Any) -> None:
        labels, formats = self._labels, self._formats
        columns = ((labels.number, 6), (labels.question, 50), (labels.text, 70), (labels.place, 40), (labels.link, 12))
        _head(sheet, columns, formats.head)
        row = 0
        for number, (_, question) in enumerate(self._rows, start=1):
            for shown in question.evidence:
                row += 1
                sheet.write_number(row, 0, number, formats.count)
                _text(sheet, row, 1, question.text, formats.locked)
                _text(sheet, row, 2, shown.text, formats.locked)
                _text(sheet, row, 3, shown.place, formats.locked)
                link = shown.url if is_web_link(shown.url) else ""
                _link(sheet, row, 4, link, labels.open_link if link else "", formats.link, formats.locked)
                lines = max(_lines([(None, question.text)], 50), _lines([(None, shown.text)], 70), _lines([(None, shown.place)], 40))
                sheet.set_row(row, min(lines * _TIGHT + 5, _HIGHEST))
        if not row:
            _text(sheet, 1, 0, labels.nothing, formats.locked)
        sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
        sheet.freeze_panes(1, 0)
        sheet.protect("", {"format_columns": True, "autofilter": True})
        self._print(sheet)
        sheet.repeat_rows(0)

    def _left_out(self, sheet: Any) -> None:
        labels, formats = self._labels, self._formats
        _head(sheet, ((labels.question, 80), (labels.reason, 80)), formats.head)
        for row, (question, why) in enumerate(self._list.left_out, start=1):
            _text(sheet, row, 0, question, formats.locked)
            _text(sheet, row, 1, why, formats.locked)
            lines = max(_lines([(None, question)], 80), _lines([(None, why)], 80))
            sheet.set_row(row, min(lines * _TIGHT + 5, _HIGHEST))
        sheet.freeze_panes(1, 0)
        sheet.protect("", {"format_columns": True})
        self._print(sheet)
        sheet.repeat_rows(0)

    def _score(self, sheet: Any) -> None:
        """Write the score by group, by formulas over the list: it follows what people enter."""
        labels, formats, checklist = self._labels, self._formats, self._list
        bands = checklist.scheme.bands
        groups = [(group.title, sum(1 for _ in group.questions)) for group in checklist.groups]
        titles = [labels.group, labels.questions, labels.answered, labels.points, labels.of, labels.share, labels.lowest, labels.highest]
        titles += [labels.band] if bands else []
        _text(sheet, 0, 0, checklist.scheme.title, formats.title)
        sheet.set_row(0, 30)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 7, 11)
        sheet.set_column(8, 8, 30)
        head = 2
        for number, title in enumerate(titles):
            _text(sheet, head, number, title, formats.head)
        band_top = head + len(groups) + 4
        lines: list[tuple[str | None, int]] = [*groups, (None, len(self._rows))]
        for row, (its, count) in enumerate(lines, start=head + 1):
            look = formats.locked if its else formats.label
            _text(sheet, row, 0, its or labels.all, look)
            sheet.write_number(row, 1, count, formats.count)
            self._score_row(sheet, row, its)
            if bands:
                self._band_cell(sheet, row, its, band_top, look)
        if bands:
            for number, heading in enumerate((f"{labels.from_percent} %", labels.band)):
                _text(sheet, band_top, number, heading, formats.head)
            sheet.merge_range(band_top, 1, band_top, 3, labels.band, formats.head)
            sheet.merge_range(band_top, 4, band_top, 8, labels.advice, formats.head)
            for row, band in enumerate(bands, start=band_top + 1):
                sheet.write_number(row, 0, band.from_percent, formats.count)
                sheet.merge_range(row, 1, row, 3, "", formats.label)
                _text(sheet, row, 1, band.title, formats.label)
                sheet.merge_range(row, 4, row, 8, "", formats.locked)
                _text(sheet, row, 4, band.advice, formats.locked)
                sheet.set_row(row, max(_lines([(None, band.advice)], 70), _lines([(None, band.title)], 30)) * _LINE + 3)
        if groups:
            self._chart(sheet, head + 1, head + len(groups), band_top + len(bands) + 2)
        sheet.protect("", {"format_columns": True})
        self._print(sheet)

    def _score_row(self, sheet: Any, row: int, group: str | None) -> None:
        """Write the numbers of a group, of the whole list when it is None: formulas and what they give at first (`score.py`)."""
        formats, nothing, scored = self._formats, self._labels.nothing, self._scored(group)
        result, weight = self._range("result"), self._range("weight")
        its = f"({self._range('group')}={_cell(row, 0)})*" if group is not None else ""
        points = self._points()
        full = max((hundredths for _, hundredths in points), default=100)
        earned = "+".join(f'({result}="{_quoted(self._says[says])}")*{hundredths}' for says, hundredths in points if hundredths) or "0"
        counted = "+".join(f'({result}="{_quoted(self._says[says])}")' for says, _ in points) or "0"
        still_open = f"SUMPRODUCT({its}(LEN({result})=0)*{weight})*{full}/100"
        gained, of = _cell(row, 3), _cell(row, 4)
        answered = sum(1 for its, question in self._rows if group in (None, its.title) and self._counted(question))
        sheet.write_formula(row, 2, f"=SUMPRODUCT({its}(LEN({result})>0)*1)", formats.count, answered)
        sheet.write_formula(row, 3, f"=SUMPRODUCT({its}({earned})*{weight})/100", formats.points, scored.points / 100)
        sheet.write_formula(row, 4, f"=SUMPRODUCT({its}({counted})*{weight})*{full}/100", formats.points, scored.possible / 100)
        formulas = (
            (5, f'=IF({of}=0,"{nothing}",{gained}/{of})', scored.share),
            (6, f'=IF({of}+{still_open}=0,"{nothing}",{gained}/({of}+{still_open}))', scored.lowest),
            (7, f'=IF({of}+{still_open}=0,"{nothing}",({gained}+{still_open})/({of}+{still_open}))', scored.highest),
        )
        for column, formula, value in formulas:
            sheet.write_formula(row, column, formula, formats.share, nothing if value is None else float(value))

    def _band_cell(self, sheet: Any, row: int, group: str | None, band_top: int, look: Any) -> None:
        """Write the band: none while what is open can still change it. Percent begun count as reached, but for the last (`band_of`)."""
        checklist, nothing, depends = self._list, self._labels.nothing, word(self._list, "band_open")
        first, last = band_top + 1, band_top + len(checklist.scheme.bands)
        table = f"{_cell(first, 0, fixed=True, row_fixed=True)}:{_cell(last, 0, fixed=True, row_fixed=True)}"
        names = f"{_cell(first, 1, fixed=True, row_fixed=True)}:{_cell(last, 1, fixed=True, row_fixed=True)}"
        low, high = (self._band_formula(_cell(row, column), table, names) for column in (6, 7))
        formula = f'=IF(ISTEXT({_cell(row, 6)}),"{nothing}",IF({low}={high},{low},"{_quoted(depends)}"))'
        bands = bands_of(checklist.scheme, self._scored(group))
        sheet.write_formula(row, 8, formula, look, bands[0].title if len(bands) == 1 else depends if bands else nothing)

    @staticmethod
    def _band_formula(cell: str, table: str, names: str) -> str:
        percent = f"ROUND({cell}*100,7)"
        return f"LOOKUP(IF({percent}>=100,100,MIN(99,ROUNDUP({percent},0))),{table},{names})"

    def _scored(self, group: str | None) -> Scored:
        return score([question for its, question in self._rows if group in (None, its.title)], self._list.scheme)

    def _chart(self, sheet: Any, first: int, last: int, row: int) -> None:
        labels = self._labels
        chart = self._workbook.add_chart({"type": "bar"})
        name = labels.score
        chart.add_series(
            {
                "name": labels.share,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 5, last, 5],
                "fill": {"color": _BLUE},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "0 %"},
            }
        )
        chart.set_title({"name": labels.share, "name_font": {"size": 12, "color": _BLUE}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0 %", "major_gridlines": {"visible": True, "line": {"color": _RULE}}})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 920, "height": 90 + 34 * (last - first + 1)})
        sheet.insert_chart(row, 0, chart, {"description": f"{labels.share} ({labels.group})"})

    def _points(self) -> list[tuple[Says, int]]:
        points = self._list.scheme.points
        return [(says, points[says]) for says in SAYS if says in points and says != "not_applicable"]

    def _range(self, key: str) -> str:
        """Return the range of a column of the list, for formulas of other sheets."""
        column, last = self._at[key], max(len(self._rows), 1)
        name = self._labels.checklist.replace("'", "''")
        return f"'{name}'!{_cell(1, column, fixed=True, row_fixed=True)}:{_cell(last, column, fixed=True, row_fixed=True)}"

    def _cover(self, sheet: Any) -> None:
        labels, formats, checklist = self._labels, self._formats, self._list
        sheet.hide_gridlines(2)
        for column, width in enumerate((3, 30, 44, 16, 34)):
            sheet.set_column(column, column, width)
        sheet.set_column(5, 5, 5, None, {"hidden": 1})
        _text(sheet, 1, 1, checklist.title, formats.title)
        sheet.set_row(1, 32)
        _text(sheet, 2, 1, checklist.project_title, formats.big)
        row = 4
        if checklist.purpose:
            sheet.merge_range(row, 1, row, 4, "", formats.lead)
            _text(sheet, row, 1, checklist.purpose, formats.lead)
            sheet.set_row(row, _lines([(None, checklist.purpose)], 110) * 16 + 4)
            row += 2
        facts = (
            (labels.project, f"{checklist.project_title} ({checklist.project})"),
            (labels.as_of, checklist.as_of.isoformat()),
            (labels.profile, checklist.profile_title or checklist.profile),
            *checklist.traits,
            (labels.list_id, f"{checklist.id} · {checklist.kind}"),
        )
        for name, value in facts:
            _text(sheet, row, 1, name, formats.label)
            _text(sheet, row, 2, value, formats.locked)
            sheet.set_row(row, max(_lines([(None, value)], 44), 1) * _LINE + 3)
            row += 1
        row = self._how(sheet, row + 1)
        row = self._counts(sheet, row + 1)
        if checklist.sign_off:
            self._sign_off(sheet, row + 1)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        self._print(sheet)
        sheet.set_portrait()
        sheet.fit_to_pages(1, 1)

    def _how(self, sheet: Any, row: int) -> int:
        labels, formats, checklist = self._labels, self._formats, self._list
        _text(sheet, row, 1, labels.how, formats.heading)
        values = {
            "checklist": labels.checklist,
            "open": state_word(checklist, "open"),
            "to_confirm": state_word(checklist, "to_confirm"),
            "not_applicable": ", ".join(self._says[says] for says in checklist.scheme.explain) or self._says["not_applicable"],
            "answers": ", ".join(self._says[says] for says in SAYS),
        }
        for number, step in enumerate(labels.steps, start=1):
            row += 1
            text = f"{number}.  {step.format_map(values)}"
            sheet.merge_range(row, 1, row, 4, "", formats.lead)
            _text(sheet, row, 1, text, formats.lead)
            sheet.set_row(row, _lines([(None, text)], 112) * 15 + 3)
        row += 2
        for key, label, look in (("filled_by", labels.filled_by, formats.write), ("filled_on", labels.filled_on, formats.day)):
            _text(sheet, row, 1, label, formats.label)
            _text(sheet, row, 2, self._person if key == "filled_by" else "", look)
            _text(sheet, row, 5, field_mark(checklist, key), formats.locked)
            sheet.set_row(row, 20)
            row += 1
        sheet.data_validation(row - 1, 2, row - 1, 2, self._day_rule())
        return row

    def _counts(self, sheet: Any, row: int) -> int:
        labels, formats, checklist = self._labels, self._formats, self._list
        _text(sheet, row, 1, labels.counts, formats.heading)
        row += 1
        for column, title in ((1, word(checklist, "state")), (2, labels.legend), (3, labels.count)):
            _text(sheet, row, column, title, formats.head)
        state: State
        for state in _STATES:
            row += 1
            _text(sheet, row, 1, state_word(checklist, state), formats.legend[state])
            _text(sheet, row, 2, labels.meanings[state], formats.locked)
            sheet.set_row(row, _lines([(None, labels.meanings[state])], 44) * _LINE + 3)
            count = sum(1 for _, question in self._rows if question.state == state)
            sheet.write_formula(row, 3, f"=SUMPRODUCT(({self._range('state')}={_cell(row, 1)})*1)", formats.count, count)
        still = sum(1 for _, question in self._rows if not self._counted(question))
        for title, formula, value in (
            (labels.questions, f"=COUNT({self._range('number')})", len(self._rows)),
            (labels.answered_here, f"=SUMPRODUCT((LEN(TRIM({self._range('answer')}))>0)*1)", 0),
            (labels.still_open, f"=SUMPRODUCT((LEN({self._range('result')})=0)*({self._range('number')}>0))", still),
        ):
            row += 1
            _text(sheet, row, 1, title, formats.label)
            _text(sheet, row, 2, "", formats.locked)
            sheet.write_formula(row, 3, formula, formats.count, value)
        return row + 1

    def _sign_off(self, sheet: Any, row: int) -> None:
        labels, formats, checklist = self._labels, self._formats, self._list
        _text(sheet, row, 1, labels.sign_off, formats.heading)
        row += 1
        for column, title in ((1, labels.role), (2, labels.name), (3, labels.day), (4, labels.signature)):
            _text(sheet, row, column, title, formats.head)
        for role in checklist.sign_off:
            row += 1
            sheet.set_row(row, 28)
            _text(sheet, row, 1, role, formats.label)
            sheet.write_blank(row, 2, None, formats.write)
            sheet.write_blank(row, 3, None, formats.day)
            sheet.write_blank(row, 4, None, formats.write)
            sheet.data_validation(row, 3, row, 3, self._day_rule())
            _text(sheet, row, 5, field_mark(checklist, "sign", role), formats.locked)

    def _print(self, sheet: Any, paper: int = 9) -> None:
        """Set a sheet up for paper: landscape, one page wide, with page numbers. Papers: 8 is A3, 9 is A4."""
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        title = printable(f"{self._list.title} – {self._list.project_title}").replace("&", "&&").replace("\n", " ")[:120]
        # A blank ends the size of the font: a text that begins with a digit would go on with it.
        sheet.set_header(f"&L&9 {title}&R&9 {self._list.as_of.isoformat()}")
        page = self._labels.page.format(page="&P", pages="&N")
        sheet.set_footer(f"&L&9 {self._list.id}&R&9 {page}")


def _head(sheet: Any, columns: Iterable[tuple[str, int]], look: Any) -> None:
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        _text(sheet, 0, number, title, look)


def _text(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Write a text that never becomes a formula, a number or a link."""
    clean = printable(text)[:_LONGEST]
    if clean:
        sheet.write_string(row, column, clean, look)
    else:
        sheet.write_blank(row, column, None, look)


def _rich(sheet: Any, row: int, column: int, parts: Sequence[tuple[Any, str]], look: Any) -> None:
    """Write lines, each with a look of its own, into one cell."""
    left = _LONGEST
    pieces: list[Any] = []
    for number, (font, text) in enumerate(parts):
        clean = printable(text)[: max(left, 0)]
        left -= len(clean) + 1
        if clean:
            pieces += [font, clean if number == 0 else "\n" + clean]
    if len(pieces) == 2:
        pieces += [pieces[0], " "]  # Excel takes a text with looks of its own only in two pieces or more
    if not pieces:
        _text(sheet, row, column, "", look)
    else:
        sheet.write_rich_string(row, column, *pieces, look)


def _link(sheet: Any, row: int, column: int, url: str, text: str, look: Any, plain: Any) -> None:
    # A link that Excel would drop in silence stays as text.
    if not url or sheet.write_url(row, column, url, look, text) != 0:
        _text(sheet, row, column, url, plain)


def _lines(parts: Iterable[tuple[Any, str]], width: int) -> int:
    """Return about how many lines texts take in a column of *width* characters."""
    return sum(math.ceil(max(len(line), 1) * 0.8 / max(width, 1)) for _, text in parts for line in text.split("\n"))


def _cell(row: int, column: int, *, fixed: bool = False, row_fixed: bool = False) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415  (as above)

    name: str = xl_rowcol_to_cell(row, column, row_abs=row_fixed, col_abs=fixed)
    return name


def _quoted(text: str) -> str:
    return text.replace('"', '""')
