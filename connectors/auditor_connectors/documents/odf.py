"""What odt and ods share: styles, properties, annotations."""

from dataclasses import dataclass

from lxml import etree

from auditor.connect.document import Comment
from auditor_connectors.documents.container import Package, local
from auditor_connectors.documents.text import clean

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"

_META = {
    "title": "title",
    "initial-creator": "creator",
    "creator": "last_modified_by",
    "creation-date": "created",
    "date": "modified",
    "editing-cycles": "revision",
    "subject": "subject",
    "description": "description",
    "language": "language",
    "generator": "application",
}


@dataclass(frozen=True, slots=True)
class OdfStyle:
    """What a style says, its ancestors included."""

    name: str = ""
    bold: bool | None = None
    italic: bool | None = None
    struck: bool | None = None
    hidden: bool | None = None
    size: float | None = None
    color: str | None = None
    outline: int = 0
    is_hidden_table: bool = False


class OdfStyles:
    """Styles of styles.xml and content.xml by family and name."""

    def __init__(self) -> None:
        self._raw: dict[tuple[str, str], etree._Element] = {}
        self._done: dict[tuple[str, str], OdfStyle] = {}
        self._defaults: dict[str, etree._Element] = {}

    def add(self, root: etree._Element | None) -> None:
        """Take the styles below *root*."""
        if root is None:
            return
        for element in root.iter(STYLE + "style"):
            self._raw[element.get(STYLE + "family") or "", element.get(STYLE + "name") or ""] = element
        for element in root.iter(STYLE + "default-style"):
            self._defaults[element.get(STYLE + "family") or ""] = element

    def get(self, family: str, name: str | None) -> OdfStyle:
        """Return a style; an unknown one says nothing."""
        key = (family, name or "")
        if key not in self._done:
            self._done[key] = self._resolve(family, name or "")
        return self._done[key]

    def _resolve(self, family: str, name: str) -> OdfStyle:
        chain: list[etree._Element] = []
        seen: set[str] = set()
        while name and name not in seen and (family, name) in self._raw and len(chain) < 50:
            seen.add(name)
            element = self._raw[family, name]
            chain.append(element)
            name = element.get(STYLE + "parent-style-name") or ""
        if family in self._defaults:
            chain.append(self._defaults[family])
        said: dict[str, str] = {}
        outline = 0
        is_hidden_table = False
        shown = next(
            (
                style.get(STYLE + "display-name") or style.get(STYLE + "name") or ""
                for style in chain
                if style.getparent() is not None and _is_named(style)
            ),
            "",
        )
        for style in reversed(chain):
            level = style.get(STYLE + "default-outline-level")
            if level is not None:
                outline = int(level) if level.isdecimal() else 0
            for properties in style:
                kind = local(properties)
                if kind == "text-properties":
                    previous = said.get("font-size")
                    for key, value in properties.attrib.items():
                        said[str(key).rpartition("}")[2]] = str(value)
                    size = said.get("font-size", "")
                    if size.endswith("%") and previous and previous.endswith("pt"):
                        said["font-size"] = f"{_points(previous) * float(size[:-1] or 100) / 100}pt"
                elif kind == "table-properties" and properties.get(TABLE + "display") == "false":
                    is_hidden_table = True
        struck = said.get("text-line-through-style") or said.get("text-line-through-type")
        weight = said.get("font-weight")
        style_ = said.get("font-style")
        display = said.get("display")
        return OdfStyle(
            shown or name,
            None if weight is None else weight == "bold" or (weight.isdecimal() and int(weight) >= 600),
            None if style_ is None else style_ in {"italic", "oblique"},
            None if struck is None else struck != "none",
            None if display is None else display == "none",
            _points(said.get("font-size")) or None,
            said.get("color"),
            outline,
            is_hidden_table,
        )


def _is_named(style: etree._Element) -> bool:
    """Say whether a style is one that people pick; automatic ones only carry direct formatting."""
    parent = style.getparent()
    return parent is not None and local(parent) == "styles" and style.tag == STYLE + "style"


def _points(text: str | None) -> float:
    if not text or not text.endswith("pt"):
        return 0.0
    try:
        return float(text[:-2])
    except ValueError:
        return 0.0


def odf_properties(package: Package) -> tuple[dict[str, str], int | None]:
    """Return the properties of meta.xml and the page count."""
    root = package.xml("meta.xml")
    found: dict[str, str] = {}
    pages: int | None = None
    keywords: list[str] = []
    meta = root.find(OFFICE + "meta") if root is not None else None
    for element in meta if meta is not None else ():
        name = local(element)
        value = clean("".join(map(str, element.itertext())))[:4_000]
        if name == "user-defined":
            label = clean(element.get(META + "name") or "")
            if label and value and len(found) < 500:
                found[f"custom:{label}"] = value
        elif name == "keyword" and value:
            keywords.append(value)
        elif name == "template":
            title = clean(element.get(XLINK + "title") or "")
            if title:
                found["template"] = title
        elif name == "document-statistic":
            count = element.get(META + "page-count") or ""
            pages = int(count) if count.isdecimal() and len(count) < 9 else None
        elif name in _META and value:
            found.setdefault(_META[name], value)
    if keywords:
        found["keywords"] = ", ".join(keywords)
    if pages is not None:
        found["pages"] = str(pages)
    return found, pages


def annotation(element: etree._Element) -> Comment:
    """Return a comment in the text or in a cell."""
    author = date = ""
    lines = []
    for child in element:
        name = local(child)
        text = clean("".join(map(str, child.itertext())))
        if name == "creator":
            author = text
        elif name == "date":
            date = text
        elif name not in {"creator-initials", "sender-initials", "date-string"} and text:
            lines.append(text)
    resolved = next((value for key, value in element.attrib.items() if str(key).endswith("}resolved")), "false")
    return Comment(author, date or None, "\n".join(lines)[:4_000], resolved == "true")
