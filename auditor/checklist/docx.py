"""A checklist as a document: a table of content controls for each question, headings by group, in the house style of a template.

Tags of content controls hold at most 64 characters: they name the field and a key of the line. The identity itself stands as hidden text
in the line's first cell (`identity.py`), so that it survives office programs that know no content controls.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from auditor.checklist.answer_words import says_text
from auditor.checklist.checklist import Checklist, Question, Says, State
from auditor.checklist.identity import SAYS, field_mark, line_key, line_mark, list_mark, mark_key
from auditor.checklist.labels import Field, labels_of
from auditor.checklist.score import bands_of, percent, score_list
from auditor.checklist.words import state_word, word
from auditor.errors import Location, UsageError
from auditor.office.links import is_web_link, printable
from auditor.office.package import Package, repack

_BLUE, _GREY, _RED, _HINT = "1D4F91", "5B6673", "8A1C1C", "8A8F98"
_LABEL, _WRITE = "F2F5F9", "FFFDF2"  # behind labels, behind what people fill in
_STATES: dict[State, tuple[str, str]] = {  # background, text
    "evidence": ("DCEEF2", "0F4C5C"),  # neither green nor red: evidence may say no
    "attested": ("E9E4F5", "4A2F80"),
    "to_confirm": ("FDEBC8", "7A4B00"),
    "open": ("FFFFFF", "8A1C1C"),
    "not_applicable": ("E9EDF2", "4A5562"),
}
_SAID: dict[Says, str] = {"yes": "14532D", "no": "8A1C1C", "partly": "7A4B00", "not_applicable": "4A5562"}
_GRID = (0.13, 0.25, 0.13, 0.22, 0.12, 0.15)  # shares of the width: three labels, each with its value
_Control = Literal["text", "day", "answer"]
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_TEMPLATE, _DOCUMENT = b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"


def write_docx(checklist: Checklist, path: Path, template: Path | None = None, *, person: str = "") -> Path:
    """Write *checklist* as a document to *path* and return *path*. The same list and template give the same bytes.

    Args:
        checklist: what is asked.
        path: of the document.
        template: a .docx or .dotx whose styles, header, footer and page are kept; None: the look of auditor.
        person: who will fill it in; '': not known.

    Raises:
        UsageError: the template is no document.
    """
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(_Writer(checklist, template, person).write())
    partial.replace(path)
    return path


def _opened(template: Path | None) -> Any:
    """Return an empty document: the template without its text, or one in the look of auditor."""
    import docx  # noqa: PLC0415  (only where a document is written)

    if template is None:
        return docx.Document()
    package = Package(template)
    main = package.main("officeDocument")
    types = package.read("[Content_Types].xml")
    if not main or b"wordprocessingml" not in types:
        raise package.wrong("the template is no document", "a .docx or .dotx")
    if b"macroEnabled" in types:
        raise package.wrong("the template holds macros", "save it without them, as .docx")
    package.xml(main)
    try:
        document = docx.Document(BytesIO(_as_document(template.read_bytes())))
    except (ValueError, KeyError, OSError, AttributeError) as error:
        raise UsageError("the template cannot be read", at=Location(template.name), hint="save it anew in Word, as .docx") from error
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    return document


def _as_document(data: bytes) -> bytes:
    """Return a template of Word (.dotx) as a document."""
    import zipfile  # noqa: PLC0415  (as above)

    with zipfile.ZipFile(BytesIO(data)) as source:
        types = source.read("[Content_Types].xml")
        if _TEMPLATE not in types:
            return data
        result = BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
            for member in source.infolist():
                content = types.replace(_TEMPLATE, _DOCUMENT) if member.filename == "[Content_Types].xml" else source.read(member)
                target.writestr(member.filename, content)
    return result.getvalue()


class _Writer:
    def __init__(self, checklist: Checklist, template: Path | None, person: str) -> None:
        self._list = checklist
        self._person = person
        self._labels = labels_of(checklist.language)
        self._document = _opened(template)
        self._has_template = template is not None
        self._says = {says: says_text(checklist, says) for says in SAYS}
        self._ids: set[int] = set()
        self._styles = {style.name for style in self._document.styles}

    def write(self) -> bytes:
        """Return the document."""
        self._page()
        self._front()
        number = 0
        for group in self._list.groups:
            self._heading(group.title, 1)
            if group.note:
                self._paragraph(group.note, color=_GREY)
            for question in group.questions:
                number += 1
                self._question(number, question)
        self._left_out()
        self._bands()
        self._sign_off()
        self._properties()
        result = BytesIO()
        self._document.save(result)
        return repack(result.getvalue())

    # The page

    def _page(self) -> None:
        from docx.shared import Cm, Pt  # noqa: PLC0415  (as above)

        section = self._document.sections[0]
        if not self._has_template:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(1.8)
            section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
            normal = self._document.styles["Normal"]
            normal.font.name, normal.font.size = "Calibri", Pt(10)
            normal.paragraph_format.space_after = Pt(3)
            for name in ("Title", "Heading 1", "Heading 2", "Subtitle"):
                style = self._document.styles[name]
                style.font.name = "Calibri"
                _font(style, "Calibri")
                style.font.color.rgb = _rgb(_BLUE)
        if not _has_text(section.header):
            line = _first(section.header)
            self._run(line, f"{self._list.title} – {self._list.project_title}", size=8, color=_GREY)
        if not _has_text(section.footer):
            line = _first(section.footer)
            self._run(line, f"{self._list.id} · {self._list.as_of.isoformat()} · ", size=8, color=_GREY)
            before, _, rest = self._labels.page.partition("{page}")
            between, _, after = rest.partition("{pages}")
            for text, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
                self._run(line, text, size=8, color=_GREY)
                if code:
                    _field(line, code)

    def _width(self) -> int:
        section = self._document.sections[0]
        return int(section.page_width - section.left_margin - section.right_margin)

    def _style(self, name: str) -> str | None:
        return name if name in self._styles else None

    def _heading(self, text: str, level: int) -> None:
        name = self._style(f"Heading {level}")
        paragraph = self._document.add_paragraph(style=name)
        paragraph.paragraph_format.keep_with_next = True
        if name:
            paragraph.add_run(printable(text))
        else:
            self._run(paragraph, text, bold=True, size=16 - 2 * level, color=_BLUE)

    def _paragraph(self, text: str, **look: Any) -> Any:
        paragraph = self._document.add_paragraph()
        self._run(paragraph, text, **look)
        return paragraph

    def _run(
        self, paragraph: Any, text: str, *, bold: bool = False, size: float | None = None, color: str | None = None, hidden: bool = False
    ) -> Any:
        from docx.shared import Pt  # noqa: PLC0415  (as above)

        run = paragraph.add_run(printable(text))
        run.bold = True if bold else None
        if size:
            run.font.size = Pt(size)
        if color:
            run.font.color.rgb = _rgb(color)
        if hidden:
            run.font.hidden = True
            run.font.no_proof = True
        return run

    # Before the questions

    def _front(self) -> None:
        checklist, labels = self._list, self._labels
        title = self._document.add_paragraph(style=self._style("Title"))
        self._run(title, checklist.title, bold=self._style("Title") is None, size=None if self._style("Title") else 20)
        self._run(title, list_mark(checklist), hidden=True, size=1)
        subtitle = self._document.add_paragraph(style=self._style("Subtitle"))
        self._run(subtitle, checklist.project_title, bold=True)
        if checklist.purpose:
            self._paragraph(checklist.purpose)
        facts = [
            (labels.project, f"{checklist.project_title} ({checklist.project})"),
            (labels.as_of, checklist.as_of.isoformat()),
            (labels.profile, checklist.profile_title or checklist.profile),
            *checklist.traits,
            (labels.list_id, f"{checklist.id} · {checklist.kind}"),
        ]
        table = self._table((0.3, 0.7), len(facts) + 2)
        for row, (name, value) in enumerate(facts):
            self._label(table, row, 0, name)
            self._run(_first(table.cell(row, 1)), value)
        fields: tuple[tuple[str, str, _Control], ...] = (("filled_by", labels.filled_by, "text"), ("filled_on", labels.filled_on, "day"))
        for row, (key, label, kind) in enumerate(fields, start=len(facts)):
            self._label(table, row, 0, label)
            self._whole(table, row, 1, label, kind, key)
        self._how()
        self._counts()

    def _how(self) -> None:
        checklist, labels = self._list, self._labels
        self._heading(labels.how, 2)
        values = {
            "open": state_word(checklist, "open"),
            "to_confirm": state_word(checklist, "to_confirm"),
            "not_applicable": ", ".join(self._says[says] for says in checklist.scheme.explain) or self._says["not_applicable"],
            "answers": ", ".join(self._says[says] for says in SAYS),
        }
        for number, step in enumerate(labels.document_steps, start=1):
            self._paragraph(f"{number}.  {step.format_map(values)}")

    def _counts(self) -> None:
        checklist, labels = self._list, self._labels
        self._heading(labels.counts, 2)
        table = self._table((0.26, 0.59, 0.15), len(_STATES) + 1)
        for column, text in enumerate((word(checklist, "state"), labels.legend, labels.count)):
            self._head(table, 0, column, text)
        for row, (state, (back, front)) in enumerate(_STATES.items(), start=1):
            self._cell(table, row, 0, state_word(checklist, state), bold=True, color=front)
            _shade(table.cell(row, 0), back)
            self._cell(table, row, 1, labels.meanings[state])
            self._cell(table, row, 2, str(sum(1 for question in checklist.questions() if question.state == state)))
        _repeat_head(table)
        self._score()

    def _score(self) -> None:
        """Say what the list scores as it stands, and what the open questions can still make of it."""
        checklist, scored = self._list, score_list(self._list)
        lines = [f"{word(checklist, 'score_none')}."]
        if scored.share is not None:
            between = word(checklist, "score_between").format(lowest=percent(scored.lowest), highest=percent(scored.highest))
            lines = [f"{percent(scored.share)} {word(checklist, 'score_of_answered')}; {between}."]
        bands = bands_of(checklist.scheme, scored)
        if len(bands) == 1:
            lines.append(f"{bands[0].title}: {bands[0].advice}")
        elif bands:
            lines.append(f"{word(checklist, 'band_open')}: {' / '.join(band.title for band in bands)}.")
        if scored.attested_points:
            lines.append(word(checklist, "score_attested").format(share=percent(scored.attested)) + ".")
        for text in lines:
            self._paragraph(text).paragraph_format.space_before = 0

    # Questions

    def _question(self, number: int, question: Question) -> None:
        checklist, labels = self._list, self._labels
        known = any((question.given, question.contradiction, question.why_open, question.evidence))
        told = [[1, 5]] * (bool(question.guidance) + known)
        table = self._table(_GRID, [[1, 4, 1], *told, [1] * 6, [1, 5], [1, 3, 1, 1]])
        first = _first(table.cell(0, 0))
        self._run(first, str(number), bold=True)
        self._run(first, line_mark(checklist, question), hidden=True, size=1)
        self._asked(table.cell(0, 1), question)
        back, front = _STATES[question.state]
        self._cell(table, 0, 5, state_word(checklist, question.state), bold=True, color=front)
        for column in (0, 5):
            _shade(table.cell(0, column), back)
        row = 1
        if question.guidance:
            self._label(table, row, 0, labels.guidance)
            self._run(_first(table.cell(row, 1)), question.guidance, color=_GREY, size=9)
            row += 1
        if known:
            self._label(table, row, 0, labels.known)
            self._known(table.cell(row, 1), question)
            row += 1
        key = line_key(checklist, question)
        self._control(table, row, 0, "answer", "answer", key)
        self._control(table, row, 2, "author", "text", key)
        self._control(table, row, 4, "on", "day", key)
        self._control(table, row + 1, 0, "note", "text", key)
        self._control(table, row + 2, 0, "evidence", "text", key)
        self._control(table, row + 2, 4, "expires_on", "day", key)
        _keep_together(table)
        gap = self._document.add_paragraph()
        gap.paragraph_format.space_after = 0
        self._run(gap, "", size=6)

    def _asked(self, cell: Any, question: Question) -> None:
        paragraph = _first(cell)
        self._run(paragraph, question.text, bold=True)
        if question.subject:
            self._run(cell.add_paragraph(), question.subject_text or question.subject, bold=True, color=_BLUE)
        if question.requirement and question.requirement != question.text:
            self._run(cell.add_paragraph(), question.requirement)
        if question.cites:
            self._run(cell.add_paragraph(), question.cites, size=8, color=_GREY)

    def _known(self, cell: Any, question: Question) -> None:
        labels = self._labels
        lines = _Lines(cell)
        given = question.given
        if given is not None:
            until = f"{labels.fields['expires_on']} {given.expires_on.isoformat()}" if given.expires_on else ""
            who = ", ".join(part for part in (given.author, given.on.isoformat() if given.on else "") if part)
            said = " · ".join(part for part in (self._says[given.says], who, until) if part)
            self._run(lines.next(), said, bold=True, color=_SAID[given.says])
            for text in (given.note, given.evidence):
                if text:
                    self._run(lines.next(), text)
        if question.contradiction:
            self._run(lines.next(), f"⚠ {labels.contradiction}: {question.contradiction}", bold=True, color=_RED)
        if question.why_open:
            self._run(lines.next(), question.why_open)
        for shown in question.evidence:
            paragraph = lines.next()
            self._run(paragraph, f"• {shown.text} ")
            place = shown.place or (labels.open_link if is_web_link(shown.url) else "")
            if place and is_web_link(shown.url):
                self._link(paragraph, place, shown.url)
            elif place:
                self._run(paragraph, place, size=8, color=_GREY)
        more = question.evidence_count - len(question.evidence)
        if more > 0:
            self._run(lines.next(), labels.more.format(count=more), size=8, color=_GREY)

    def _link(self, paragraph: Any, text: str, url: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415  (as above)

        relation = self._document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        look = f'<w:rPr><w:color w:val="{_BLUE}"/><w:sz w:val="16"/><w:u w:val="single"/></w:rPr>'
        run = f'<w:r>{look}<w:t xml:space="preserve">{_xml(text)}</w:t></w:r>'
        paragraph._p.append(_parsed(f'<w:hyperlink r:id="{relation}" w:history="1">{run}</w:hyperlink>'))  # noqa: SLF001  (no other way)

    # Content controls

    def _control(self, table: "_Table", row: int, column: int, field: Field, kind: _Control, key: str) -> None:
        """Write the label of a field and the control beside it."""
        label = self._labels.fields[field]
        self._label(table, row, column, label)
        cell = table.cell(row, column + 1)
        _shade(cell, _WRITE)
        _first(cell)._p.append(self._sdt(label, f"auditor:{field}:{key}", kind))  # noqa: SLF001  (as above)

    def _whole(self, table: "_Table", row: int, column: int, label: str, kind: _Control, *name: str) -> None:
        """Write the control of something that concerns the list as a whole."""
        cell = table.cell(row, column)
        _shade(cell, _WRITE)
        mark = field_mark(self._list, *name)
        paragraph = _first(cell)
        self._run(paragraph, mark, hidden=True, size=1)
        paragraph._p.append(self._sdt(label, f"auditor:{name[0]}:{mark_key(mark)}", kind, self._person if name[0] == "filled_by" else ""))  # noqa: SLF001  (as above)

    def _sdt(self, label: str, tag: str, kind: _Control, text: str = "") -> Any:
        """Return a content control that holds *text*, or its hint when that is ''."""
        labels = self._labels
        number = int.from_bytes(hashlib.sha256(tag.encode()).digest()[:4], "big") >> 1 or 1
        while number in self._ids:
            number += 1
        self._ids.add(number)
        match kind:
            case "answer":
                hint = labels.pick
                items = "".join(f'<w:listItem w:displayText="{_xml(self._says[says])}" w:value="{says}"/>' for says in SAYS)
                content = f"<w:dropDownList>{items}</w:dropDownList>"
            case "day":
                hint = labels.pick_day
                content = (
                    '<w:date><w:dateFormat w:val="yyyy-MM-dd"/><w:lid w:val="en-GB"/><w:storeMappedDataAs w:val="date"/>'
                    '<w:calendar w:val="gregorian"/></w:date>'
                )
            case "text":
                hint = labels.type_here
                content = '<w:text w:multiLine="1"/>'
        look = "" if text else f'<w:rPr><w:color w:val="{_HINT}"/></w:rPr>'
        run = f'<w:r>{look}<w:t xml:space="preserve">{_xml(text or hint)}</w:t></w:r>'
        return _parsed(
            f'<w:sdt><w:sdtPr><w:alias w:val="{_xml(label)}"/><w:tag w:val="{_xml(tag)}"/><w:id w:val="{number}"/>'
            f'<w:lock w:val="sdtLocked"/>{"" if text else "<w:showingPlcHdr/>"}{content}</w:sdtPr>'
            f"<w:sdtContent>{run}</w:sdtContent></w:sdt>"
        )

    # After the questions

    def _left_out(self) -> None:
        labels = self._labels
        if not self._list.left_out:
            return
        self._heading(labels.left_out, 1)
        table = self._table((0.5, 0.5), len(self._list.left_out) + 1)
        self._head(table, 0, 0, labels.question)
        self._head(table, 0, 1, labels.reason)
        for row, (question, why) in enumerate(self._list.left_out, start=1):
            self._cell(table, row, 0, question)
            self._cell(table, row, 1, why)
        _repeat_head(table)

    def _bands(self) -> None:
        labels, scheme = self._labels, self._list.scheme
        if not scheme.bands:
            return
        self._heading(scheme.title, 1)
        table = self._table((0.15, 0.3, 0.55), len(scheme.bands) + 1)
        for column, text in enumerate((f"{labels.from_percent} %", labels.band, labels.advice)):
            self._head(table, 0, column, text)
        for row, band in enumerate(scheme.bands, start=1):
            self._cell(table, row, 0, str(band.from_percent))
            self._cell(table, row, 1, band.title, bold=True)
            self._cell(table, row, 2, band.advice)
        _keep_together(table)

    def _sign_off(self) -> None:
        labels = self._labels
        if not self._list.sign_off:
            return
        self._heading(labels.sign_off, 1)
        table = self._table((0.28, 0.3, 0.16, 0.26), len(self._list.sign_off) + 1)
        for column, text in enumerate((labels.role, labels.name, labels.day, labels.signature)):
            self._head(table, 0, column, text)
        for row, role in enumerate(self._list.sign_off, start=1):
            self._label(table, row, 0, role)
            self._whole(table, row, 1, labels.name, "text", "sign", role)
            self._whole(table, row, 2, labels.day, "day", "sign_on", role)
            _tall(table, row)
        _keep_together(table)

    def _properties(self) -> None:
        from docx.opc.packuri import PackURI  # noqa: PLC0415  (as above)
        from docx.opc.part import Part  # noqa: PLC0415

        checklist = self._list
        core = self._document.core_properties
        core.title, core.subject, core.author = printable(checklist.title)[:200], printable(checklist.project_title)[:200], "auditor"
        made = datetime(checklist.as_of.year, checklist.as_of.month, checklist.as_of.day, tzinfo=UTC)
        core.created = core.modified = made
        core.last_modified_by, core.revision, core.comments = "auditor", 1, ""
        package = self._document.part.package
        if any(relation.reltype == _CUSTOM_RELATION for relation in package.rels.values()):
            return  # the template's own stay; the list is known by its hidden text
        values = (("id", checklist.id), ("kind", checklist.kind), ("project", checklist.project), ("language", checklist.language))
        properties = "".join(
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="auditor-{name}">'
            f"<vt:lpwstr>{_xml(value[:250])}</vt:lpwstr></property>"
            for number, (name, value) in enumerate(values, start=2)
        )
        blob = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
            f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{properties}</Properties>'
        ).encode()
        package.relate_to(Part(PackURI("/docProps/custom.xml"), _CUSTOM, blob, package), _CUSTOM_RELATION)

    # Tables

    def _table(self, shares: Sequence[float], rows: int | Sequence[Sequence[int]]) -> "_Table":
        """Return a new table at the end of the document.

        Args:
            shares: of the width, by column.
            rows: how many, or for each how many columns its cells span.
        """
        spans = [[1] * len(shares)] * rows if isinstance(rows, int) else rows
        table = _Table([int(self._width() * share / 635) for share in shares], spans, self._document)
        body = self._document.element.body
        last = body[-1] if len(body) and body[-1].tag.endswith("}sectPr") else None
        if last is not None:
            last.addprevious(table.element)
        else:
            body.append(table.element)
        return table

    def _cell(self, table: "_Table", row: int, column: int, text: str, **look: Any) -> None:
        self._run(_first(table.cell(row, column)), text, **look)

    def _label(self, table: "_Table", row: int, column: int, text: str) -> None:
        self._cell(table, row, column, text, size=8, bold=True, color=_GREY)
        _shade(table.cell(row, column), _LABEL)

    def _head(self, table: "_Table", row: int, column: int, text: str) -> None:
        self._cell(table, row, column, text, bold=True, color="FFFFFF")
        _shade(table.cell(row, column), _BLUE)


class _Table:
    """A table whose cells are known by the column of the grid in which they begin.

    The table of python-docx looks all of its cells through for each one that is asked for: a list of 300 questions took 14 seconds.
    """

    def __init__(self, widths: Sequence[int], spans: Sequence[Sequence[int]], parent: Any) -> None:
        """Make a table.

        Args:
            widths: of the columns, in twentieths of a point.
            spans: row by row, how many columns each cell spans.
            parent: the document.
        """
        from docx.table import _Cell  # noqa: PLC0415  (as above)

        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="CDD5DF"/>' for side in sides)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = []
        for row in spans:
            begins = [sum(row[:number]) for number in range(len(row))]
            cells = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths[begin : begin + span])}" w:type="dxa"/>'
                f'{f"""<w:gridSpan w:val="{span}"/>""" if span > 1 else ""}</w:tcPr><w:p/></w:tc>'
                for begin, span in zip(begins, row, strict=True)
            )
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
        self.element = _parsed(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        self.rows = list(self.element.tr_lst)
        self._cells = {
            (number, sum(spans[number][:place])): _Cell(cell, parent)
            for number, row in enumerate(self.rows)
            for place, cell in enumerate(row.tc_lst)
        }

    def cell(self, row: int, column: int) -> Any:
        """Return the cell of a row that begins in a column."""
        return self._cells[row, column]

    def cells(self, row: int) -> list[Any]:
        """Return the cells of a row."""
        return [cell for (number, _), cell in self._cells.items() if number == row]


class _Lines:
    """The paragraphs of a cell, the first of which is there already."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell
        self._is_first = True

    def next(self) -> Any:
        """Return a fresh paragraph."""
        if self._is_first:
            self._is_first = False
            return _first(self._cell)
        paragraph = self._cell.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        return paragraph


def _first(holder: Any) -> Any:
    """Return the first paragraph of a cell, header or footer, without space below."""
    paragraph = holder.paragraphs[0]
    paragraph.paragraph_format.space_after = 0
    return paragraph


def _has_text(part: Any) -> bool:
    """Whether a header or footer of a template holds anything: texts, pictures, fields."""
    element = part._element  # noqa: SLF001  (as above)
    if any(paragraph.text.strip() for paragraph in part.paragraphs) or part.tables:
        return True
    return any(node.tag.rpartition("}")[2] in {"drawing", "pict", "fldChar", "fldSimple", "sdt"} for node in _nodes(element))


def _nodes(element: Any) -> Iterator[Any]:
    return (node for node in element.iter() if isinstance(node.tag, str))


def _parsed(xml: str) -> Any:
    from docx.oxml import parse_xml  # noqa: PLC0415  (as above)
    from docx.oxml.ns import nsdecls  # noqa: PLC0415

    name, sep, rest = xml.partition(">") if ">" in xml else (xml, "", "")
    closing = "/" if name.endswith("/") else ""
    return parse_xml(f"{name.removesuffix('/')} {nsdecls('w', 'r')}{closing}{sep}{rest}")


def _xml(text: str) -> str:
    return escape(printable(text), {'"': "&quot;", "\n": "&#10;"})


def _rgb(color: str) -> Any:
    from docx.shared import RGBColor  # noqa: PLC0415  (as above)

    return RGBColor.from_string(color)


def _font(style: Any, name: str) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    from docx.oxml.ns import qn  # noqa: PLC0415  (as above)

    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    for key in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{key}"), name)


def _shade(cell: Any, color: str) -> None:
    cell._tc.get_or_add_tcPr().append(_parsed(f'<w:shd w:val="clear" w:color="auto" w:fill="{color}"/>'))  # noqa: SLF001  (as above)


def _field(paragraph: Any, code: str) -> None:
    look = f'<w:rPr><w:color w:val="{_GREY}"/><w:sz w:val="16"/></w:rPr>'
    paragraph._p.append(_parsed(f'<w:fldSimple w:instr="{code}"><w:r>{look}<w:t>1</w:t></w:r></w:fldSimple>'))  # noqa: SLF001  (as above)


def _keep_together(table: _Table) -> None:
    """Keep the rows of a short table on one page."""
    for number in range(len(table.rows) - 1):
        for cell in table.cells(number):
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _repeat_head(table: _Table) -> None:
    table.rows[0].get_or_add_trPr().append(_parsed("<w:tblHeader/>"))


def _tall(table: _Table, row: int) -> None:
    table.rows[row].get_or_add_trPr().append(_parsed('<w:trHeight w:val="567" w:hRule="atLeast"/>'))
