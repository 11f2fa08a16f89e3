"""docProps/core.xml, app.xml and custom.xml of Office packages."""

from auditor_connectors.documents.container import Package, local
from auditor_connectors.documents.text import clean

_CORE = {
    "title": "title",
    "creator": "creator",
    "lastModifiedBy": "last_modified_by",
    "created": "created",
    "modified": "modified",
    "revision": "revision",
    "subject": "subject",
    "keywords": "keywords",
    "category": "category",
    "description": "description",
    "language": "language",
    "contentStatus": "status",
    "version": "version",
}
_APP = {
    "Template": "template",
    "Company": "company",
    "Pages": "pages",
    "Slides": "pages",
    "Manager": "manager",
    "Application": "application",
}
_MOST = 500
_LONGEST = 4_000


def office_properties(package: Package) -> dict[str, str]:
    """Return the properties that are filled; custom ones as 'custom:<name>'."""
    found: dict[str, str] = {}
    parts = dict(package.relations("").values())
    for kind, usual, names in (("core-properties", "docProps/core.xml", _CORE), ("extended-properties", "docProps/app.xml", _APP)):
        root = package.xml(parts.get(kind, usual))
        for element in root if root is not None else ():
            name = names.get(local(element))
            value = clean("".join(map(str, element.itertext())))[:_LONGEST]
            if name and value:
                found.setdefault(name, value)
    root = package.xml(parts.get("custom-properties", "docProps/custom.xml"))
    for element in list(root if root is not None else ())[:_MOST]:
        name = clean(element.get("name") or "")
        value = clean("".join(map(str, element.itertext())))[:_LONGEST]
        if name and value:
            found[f"custom:{name}"] = value
    return found


def whole(text: str | None) -> int | None:
    """Return a count that a property states, or None."""
    return int(text) if text and text.isdecimal() and len(text) < 9 else None
