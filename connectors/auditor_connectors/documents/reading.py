"""From the bytes of a file to its structure: what the file is tells its content, the name only helps with plain text."""

import os
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from auditor.connect.document import Document
from auditor_connectors.documents.limits import DEFAULT, Limits, Unreadable

if TYPE_CHECKING:
    from auditor_connectors.documents.container import Package

_PICTURES = {
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
}
_OTHER = {
    b"{\\rtf": "rich text (RTF)",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"7z\xbc\xaf": "an archive (7z)",
    b"Rar!": "an archive (RAR)",
    b"MSCF": "an archive (CAB)",
    b"\xfd7zXZ": "a compressed file (xz)",
    b"SQLite format 3\x00": "a database (SQLite)",
    b"%!PS": "PostScript",
    b"\xd7\xcd\xc6\x9a": "a picture (WMF)",
}
_MACHINE = {
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\xca\xfe\xba\xbe": "a program",
    b"ID3": "sound",
    b"OggS": "sound",
    b"RIFF": "sound or film",
    b"\x00\x00\x01\x00": "an icon",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (
    ("EncryptedPackage", "encrypted", "protected by a password or by rights management"),
    ("WordDocument", "unsupported", "the old format of Word (doc)"),
    ("PowerPoint Document", "unsupported", "the old format of PowerPoint (ppt)"),
    ("VisioDocument", "unsupported", "a drawing of Visio (vsd)"),
    ("__properties_version1.0", "unsupported", "a mail of Outlook (msg)"),
    ("Props14", "unsupported", "a plan of Microsoft Project (mpp)"),
    ("Props12", "unsupported", "a plan of Microsoft Project (mpp)"),
    ("Props9", "unsupported", "a plan of Microsoft Project (mpp)"),
    ("   114", "unsupported", "a plan of Microsoft Project (mpp)"),
)
_MOST_SEARCHED = 64 * 2**20
_PACKAGES = {
    "docx",
    "docm",
    "dotx",
    "dotm",
    "xlsx",
    "xlsm",
    "xltx",
    "xltm",
    "pptx",
    "pptm",
    "potx",
    "ppsx",
    "odt",
    "ott",
    "ods",
    "ots",
    "pdf",
}
_MARKDOWN = {"md", "markdown", "mkd", "mdown"}
_TABLES = {"csv", "tsv", "tab"}
_PAGES = {"html", "htm", "xhtml"}
_PLAIN = {"txt", "text", "asc", "log", "readme", "wiki", "textile"}
_ASCIIDOC = {"adoc", "asciidoc"}


def structure(path: Path, limits: Limits = DEFAULT) -> Document:
    """Return the structure of a file.

    Raises:
        Unreadable: with the reason and one line for a person.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return structure_of_file(file, size, path.name, limits)
    except PermissionError as error:
        raise Unreadable("permission_denied", "the file may not be opened") from error
    except OSError as error:
        raise Unreadable("damaged", os.strerror(error.errno) if error.errno else "the file cannot be opened") from error


def structure_of_bytes(data: bytes, name: str, limits: Limits = DEFAULT) -> Document:
    """Return the structure of the content of a file called *name*.

    Raises:
        Unreadable: with the reason and one line for a person.
    """
    return structure_of_file(BytesIO(data), len(data), name, limits)


def structure_of_file(file: IO[bytes], size: int, name: str, limits: Limits = DEFAULT) -> Document:
    """Return the structure of an open file of *size* bytes called *name*.

    Raises:
        Unreadable: with the reason and one line for a person.
        OSError: it cannot be read on.
    """
    try:
        return _read(file, size, name, limits)
    except MemoryError as error:
        raise Unreadable("memory_limit", f"more than {limits.memory_bytes // 2**20} MiB were needed") from error
    except RecursionError as error:
        raise Unreadable("damaged", "nested too deeply") from error


def _read(file: IO[bytes], size: int, name: str, limits: Limits) -> Document:
    if size == 0:
        raise Unreadable("empty", "the file has no content")
    if size > limits.file_bytes:
        raise Unreadable("too_large", f"the file has {size} bytes, the limit is {limits.file_bytes}")
    extension = PurePath(name).suffix.lstrip(".").casefold()
    head = file.read(2_048)
    file.seek(0)
    if PurePath(name).name.startswith("~$") and size <= 1_024:
        raise Unreadable("not_a_document", "a lock file that an office application left behind")
    if head.startswith(b"PK\x03\x04") or (head.startswith(b"PK\x05\x06") and extension in _PACKAGES):
        return _read_package(file, limits)
    if head.startswith(_OLE):
        return _read_compound(file, limits)
    if b"%PDF-" in head[:1_024]:
        from auditor_connectors.documents.pdf import read_pdf  # noqa: PLC0415  (heavy)

        return read_pdf(file.read(), limits)
    _refuse(head)
    return _read_text(file.read(), extension, name, limits)


def _refuse(head: bytes) -> None:
    for magic, what in _PICTURES.items():
        if head.startswith(magic):
            raise Unreadable("no_text_layer", f"a picture ({what})")
    for magic, what in _OTHER.items():
        if head.startswith(magic):
            raise Unreadable("unsupported", what)
    for magic, what in _MACHINE.items():
        if head.startswith(magic):
            raise Unreadable("not_a_document", what)
    if head[4:8] == b"ftyp":
        if head[8:12] in {b"heic", b"heix", b"mif1", b"avif"}:
            raise Unreadable("no_text_layer", "a picture (HEIF)")
        raise Unreadable("not_a_document", "film or sound")


def _read_compound(file: IO[bytes], limits: Limits) -> Document:
    """Read a compound file: its directory holds the names of its streams in UTF-16, and they say what it is."""
    data = file.read()
    start = data[:_MOST_SEARCHED]
    for stream, reason, what in _OLE_KINDS:
        if stream.encode("utf-16-le") in start:
            raise Unreadable("encrypted" if reason == "encrypted" else "unsupported", what)
    if any(stream.encode("utf-16-le") in start for stream in ("Workbook", "Book\0")):
        from auditor_connectors.documents.old_excel import read_xls  # noqa: PLC0415  (heavy)

        return read_xls(data, limits)
    raise Unreadable("unsupported", "a compound file of an old office application")


def _read_package(file: IO[bytes], limits: Limits) -> Document:
    from auditor_connectors.documents.container import Package  # noqa: PLC0415  (lxml is heavy)

    package = Package(file, limits)
    if "mimetype" in package:
        kind = package.read("mimetype").decode("ascii", "replace").strip()
        if kind.startswith("application/vnd.oasis.opendocument."):
            return _read_open_document(package, kind.rpartition(".")[2], limits)
        raise Unreadable("unsupported", f"a package of another kind ({kind[:60]!r})")
    main = next((target for kind, target in package.relations("").values() if kind == "officeDocument" and target in package), "")
    if not main:
        main = next((name for name in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml") if name in package), "")
    if not main:
        if "content.xml" in package:
            return _read_open_document(package, "", limits)
        if "EncryptedPackage" in package:
            raise Unreadable("encrypted", "protected by a password")
        raise Unreadable("unsupported", "an archive (ZIP)")
    root = _root_name(package, main)
    if root == "document":
        from auditor_connectors.documents.word import read_docx  # noqa: PLC0415  (lxml is heavy)

        return read_docx(package, main, limits)
    if root == "workbook":
        from auditor_connectors.documents.excel import read_xlsx  # noqa: PLC0415  (lxml is heavy)

        return read_xlsx(package, main, limits)
    if root == "presentation":
        from auditor_connectors.documents.slides import read_pptx  # noqa: PLC0415  (lxml is heavy)

        return read_pptx(package, main, limits)
    raise Unreadable("unsupported", "an Office package of another kind")


def _root_name(package: "Package", main: str) -> str:
    """Return what an Office package holds: by the type that it declares for the main part, else by the folder of the part."""
    types = package.xml("[Content_Types].xml")
    for element in types if types is not None else ():
        if (element.get("PartName") or "").lstrip("/").casefold() == main.casefold():
            kind = element.get("ContentType") or ""
            for word, name in (("wordprocessingml", "document"), ("ms-word", "document"), ("presentationml", "presentation")):
                if word in kind:
                    return name
            if "ms-powerpoint" in kind:
                return "presentation"
            if "sheet.binary" in kind:
                raise Unreadable("unsupported", "a binary workbook (xlsb)")
            if "spreadsheetml" in kind or "ms-excel" in kind:
                return "workbook"
            if "visio" in kind:
                raise Unreadable("unsupported", "a drawing of Visio (vsdx)")
    return {"word": "document", "xl": "workbook", "ppt": "presentation"}.get(main.partition("/")[0].casefold(), "")


def _read_open_document(package: "Package", kind: str, limits: Limits) -> Document:
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Unreadable("encrypted", "protected by a password")
    kind = kind.removesuffix("-template").removesuffix("-master")
    if kind == "spreadsheet":
        from auditor_connectors.documents.calc import read_ods  # noqa: PLC0415  (lxml is heavy)

        return read_ods(package, limits)
    if kind in {"text", ""}:
        from auditor_connectors.documents.writer import read_odt  # noqa: PLC0415  (lxml is heavy)

        return read_odt(package, limits)
    raise Unreadable("unsupported", f"an OpenDocument {kind}")


def _read_text(data: bytes, extension: str, name: str, limits: Limits) -> Document:
    from auditor_connectors.documents.plain import decode, looks_like_page, read_csv, read_md, read_txt  # noqa: PLC0415  (see `_read`)

    text = decode(data)
    if text is None:
        if extension in _PACKAGES:
            raise Unreadable("damaged", f"the content is not that of a {extension}")
        raise Unreadable("not_a_document", "binary data of no known format")
    if not text.strip():
        raise Unreadable("empty", "the file holds nothing but white space")
    if looks_like_page(text):
        if extension in _PACKAGES:
            raise Unreadable("not_a_document", f"a web page under the name of a {extension}")
        if extension in _PAGES | {"xls", "doc", "", "txt", "aspx"}:
            from auditor_connectors.documents.page import read_html  # noqa: PLC0415  (lxml is heavy)

            return read_html(text, limits)
    if extension in _PACKAGES:
        raise Unreadable("damaged", f"the content is not that of a {extension}")
    if extension in _PAGES:
        from auditor_connectors.documents.page import read_html  # noqa: PLC0415  (lxml is heavy)

        return read_html(text, limits)
    if extension in _MARKDOWN:
        return read_md(text, limits)
    if extension in _TABLES:
        return read_csv(text, limits)
    if extension in _ASCIIDOC | {"rst", "org"}:
        from auditor_connectors.documents.markup import read_adoc, read_org, read_rst  # noqa: PLC0415  (see `_read`)

        return (read_rst if extension == "rst" else read_org if extension == "org" else read_adoc)(text, limits)
    if extension in _PLAIN or (
        not extension and PurePath(name).name.upper() in {"README", "CHANGELOG", "CHANGES", "NOTES", "LICENSE", "TODO"}
    ):
        return read_txt(text, limits)
    raise Unreadable("not_a_document", f"text that is no document ({'.' + extension if extension else 'without an extension'})")
