"""Archives of XML parts, as hostile as they may be: docx, xlsx, pptx, odt, ods.

No document type declaration, no entity, nothing from the network; every part is counted while it is inflated.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO
from urllib.parse import unquote

from lxml import etree

from auditor_connectors.documents.limits import Limits, Unreadable

_CHUNK = 1 << 18
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", b"http://schemas.openxmlformats.org/presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of one archive, read within limits.

    Raises:
        Unreadable: the archive is damaged, encrypted or larger than the limits allow.
    """

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._limits = limits
        self._left = limits.total_bytes
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Unreadable("damaged", "the archive has no readable directory") from error
        members = self._zip.infolist()
        if len(members) > limits.members:
            raise Unreadable("too_large", f"the archive has more than {limits.members} members")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._members.setdefault(member.filename.replace("\\", "/").lstrip("/").lower(), member)

    def names(self) -> list[str]:
        """Return the names of all parts, sorted."""
        return sorted(member.filename.replace("\\", "/").lstrip("/") for member in self._members.values())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def read(self, name: str) -> bytes:
        """Return a part; empty when there is none of this name."""
        member = self._members.get(name.lower())
        if member is None:
            return b""
        limits = self._limits
        if member.flag_bits & 1:
            raise Unreadable("encrypted", "a part of the archive is encrypted")
        size = member.file_size
        if size > limits.part_bytes or (size > limits.ratio_from_bytes and size > limits.ratio * max(member.compress_size, 1)):
            raise Unreadable("too_large", f"a part inflates from {member.compress_size} to {size} bytes")
        buffer = BytesIO()
        try:
            with self._zip.open(member) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise Unreadable("too_large", f"the parts inflate to more than {limits.total_bytes} bytes")
                    buffer.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise Unreadable("damaged", "a part of the archive cannot be inflated") from error
        except RuntimeError as error:  # what zipfile raises for an encrypted part
            raise Unreadable("encrypted", "a part of the archive is encrypted") from error
        return buffer.getvalue()

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of a part, or None when there is no such part or it is empty."""
        data = self._xml_bytes(name)
        return parse_xml(data) if data.strip() else None

    def stream(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """Yield the elements with *tags* of a part when they end. The caller clears what it has used."""
        data = self._xml_bytes(name)
        if not data.strip():
            return
        checked = False
        try:
            for _, element in etree.iterparse(
                BytesIO(data),
                events=("end",),
                tag=tags,
                load_dtd=False,
                no_network=True,
                resolve_entities=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            ):
                if not checked:
                    _refuse_dtd(element)
                    checked = True
                yield element
        except etree.XMLSyntaxError as error:
            raise _syntax(error) from error

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part: id → (last word of the type, target as a part name or address)."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
        if root is None:
            return {}
        found = {}
        for element in root.iter(_RELATIONSHIPS):
            target = element.get("Target", "")
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that *part* relates to as *kind* (the last word of the type), in the order of the file."""
        return [target for type_, target in self.relations(part).values() if type_ == kind and target in self]

    def _xml_bytes(self, name: str) -> bytes:
        data = self.read(name)
        head = data[:4096]
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise Unreadable("damaged", "a part declares a document type, which its format forbids")
        if b"purl.oclc.org/ooxml" in head:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data


def parse_xml(data: bytes) -> etree._Element:
    """Return the root of a document that came from outside.

    Raises:
        Unreadable: it is not well-formed, too deep, or declares a document type.
    """
    parser = etree.XMLParser(
        load_dtd=False, no_network=True, resolve_entities=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _syntax(error) from error
    _refuse_dtd(root)
    return root


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; '' for entities and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its name without namespace, or None."""
    value = element.get(name)
    if value is not None:
        return value
    for key, found in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(found)
    return None


def _refuse_dtd(element: etree._Element) -> None:
    info = element.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise Unreadable("damaged", "a part declares a document type, which its format forbids")


def _syntax(error: etree.XMLSyntaxError) -> Unreadable:
    line, column = error.position
    return Unreadable("damaged", f"a part is not well-formed (line {line}, column {column})")
