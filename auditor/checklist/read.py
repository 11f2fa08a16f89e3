"""A list that somebody filled in and sent back, in any of the formats that lists are written in."""

from pathlib import Path

from auditor.checklist.checklist import ReadBack
from auditor.checklist.lines import read_lines
from auditor.errors import Location, UsageError
from auditor.office.package import Package


def read_checklist(path: Path) -> ReadBack:
    """Return the answers in a filled-in list: a workbook, a document, a page or a Markdown text.

    Every valid answer arrives; everything that is none is named with its place. Nothing in the file is run, and nothing is written.

    Raises:
        UsageError: the file cannot be read, or is no list that auditor wrote.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror or error}", at=Location(path.name)) from error
    if head not in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        from auditor.checklist.read_html import read_html  # noqa: PLC0415  (only the readers that are needed)
        from auditor.checklist.read_text import read_markdown, read_text  # noqa: PLC0415

        text = read_text(path)
        is_page = path.suffix.lower() in {".html", ".htm"} or text.lstrip()[:200].lower().startswith(("<!doctype html", "<html"))
        return read_lines(read_html(text, path.name) if is_page else read_markdown(text, path.name))
    package = Package(path)
    main = package.main("officeDocument").lower()
    if main.startswith("word/") or main.endswith("document.xml"):
        from auditor.checklist.read_docx import read_docx  # noqa: PLC0415  (as above)

        return read_lines(read_docx(package))
    if main:
        from auditor.checklist.read_xlsx import read_xlsx  # noqa: PLC0415  (as above)

        return read_lines(read_xlsx(package))
    raise package.wrong("this is no checklist", "lists are .xlsx, .docx, .html or .md")
