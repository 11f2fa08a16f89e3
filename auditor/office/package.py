"""Office files that people send back, as hostile as they may be; and office files written so that the same content gives the same bytes.

No document type declaration, no entity, nothing from the network; every part is counted while it is inflated. Nothing in a file is run:
macros are parts that nobody reads.
"""

import posixpath
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import Location, UsageError

if TYPE_CHECKING:
    from lxml import etree

MOST_BYTES = 50 * 2**20  # of the file
MOST_INFLATED = 100 * 2**20  # of all parts that are read
MOST_PART = 40 * 2**20  # of one part
MOST_MEMBERS = 5_000
_RATIO = 100  # inflated to deflated, of parts above _RATIO_FROM
_RATIO_FROM = 20 * 2**20
_CHUNK = 1 << 18
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .doc, .xls, and every encrypted file
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
)


class Package:
    """The parts of one office file, read within limits.

    Raises:
        UsageError: the file is missing, damaged, encrypted, no office file, or larger than the limits allow.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._left = MOST_INFLATED
        data = self._load(path)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.wrong("the file is damaged", "open it in the office program, save it anew, and try again") from error
        if len(members) > MOST_MEMBERS:
            raise self.wrong(f"the file has more than {MOST_MEMBERS:,} parts")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._members.setdefault(member.filename.replace("\\", "/").lstrip("/").lower(), member)

    def _load(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise self.wrong(f"the file cannot be read: {error.strerror or error}") from error
        if len(data) > MOST_BYTES:
            raise self.wrong(f"the file is larger than {MOST_BYTES // 2**20} MB")
        if data[:4] == _OLD_OFFICE:
            raise self.wrong("the file is encrypted, or of an office program before 2007", "save it without a password as .xlsx or .docx")
        return data

    def wrong(self, message: str, hint: str | None = None) -> UsageError:
        """Return an error about this file."""
        return UsageError(message, at=Location(self.name), hint=hint)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def read(self, name: str) -> bytes:
        """Return a part; empty when there is none of this name."""
        member = self._members.get(name.lower())
        if member is None:
            return b""
        if member.flag_bits & 1:
            raise self.wrong("the file is encrypted", "save it without a password")
        size = member.file_size
        if size > _RATIO_FROM and size > _RATIO * max(member.compress_size, 1):
            raise self.wrong(
                f"a part of the file inflates from {member.compress_size:,} to {size:,} bytes", "this is no list that a person filled in"
            )
        buffer = BytesIO()
        try:
            with self._zip.open(member) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0 or buffer.tell() > MOST_PART:
                        raise self.wrong(
                            f"the file inflates to more than {MOST_INFLATED // 2**20} MB, or a part of it to {MOST_PART // 2**20} MB"
                        )
                    buffer.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise self.wrong("the file is damaged", "open it in the office program, save it anew, and try again") from error
        return buffer.getvalue()

    def xml(self, name: str) -> "etree._Element | None":
        """Return the root of a part, or None when there is no such part or it is empty."""
        data = self.read(name)
        if not data.strip():
            return None
        if b"purl.oclc.org/ooxml" in data[:4096]:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        root = parse_xml(data)
        if root is None:
            raise self.wrong("the file is damaged: one of its parts is no XML that office programs write")
        return root

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part: id → (last word of the type, target as a part name or address)."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
        found = {}
        for element in root.iter(_RELATIONSHIP) if root is not None else ():
            target = element.get("Target") or ""
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[element.get("Id") or ""] = ((element.get("Type") or "").rpartition("/")[2], target)
        return found

    def main(self, kind: str) -> str:
        """Return the name of the part that the file is about: of a workbook or a document; '' when there is none."""
        return next((target for type_, target in self.relations("").values() if type_ == kind and target in self), "")


def parse_xml(data: bytes) -> "etree._Element | None":
    """Return the root of what came from outside; None when it is not well-formed, too deep, or declares a document type."""
    from lxml import etree  # noqa: PLC0415  (only where a file is read)

    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        return None
    parser = etree.XMLParser(
        load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    info = root.getroottree().docinfo
    return None if info.internalDTD is not None or info.doctype else root


def repack(data: bytes) -> bytes:
    """Return a zip file with the same members and without the time at which it was written."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            target.writestr(info, source.read(member))
    return result.getvalue()
