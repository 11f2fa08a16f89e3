"""A filled-in page. What its marks mean is told at the top of `html.py`. Scripts in it are text that nobody runs."""

from typing import TYPE_CHECKING

from auditor.checklist.identity import SAYS, ListMark, looks_like_mark, read_field_mark, read_list_mark
from auditor.checklist.labels import Field
from auditor.checklist.lines import Raw, RawList
from auditor.checklist.read_text import Asked, close, no_list, read_was

if TYPE_CHECKING:
    from lxml import etree

_FIELDS: dict[str, Field] = {"note": "note", "evidence": "evidence", "until": "expires_on"}


def read_html(text: str, name: str) -> RawList:
    """Return what stands in a filled-in page.

    Args:
        text: of the file.
        name: of the file, for messages.

    Raises:
        UsageError: it is no list that auditor wrote.
    """
    from lxml import etree  # noqa: PLC0415  (only where a page is read)

    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise no_list(name) from error
    mark = None if root is None else _list_mark(root)
    if root is None or mark is None:
        raise no_list(name)
    found = RawList(mark)
    for element in root.iter("fieldset", "input", "tr"):
        identity = element.get("data-mark") or ""
        if looks_like_mark(identity):
            close(_question(element, identity), found)
        elif identity:
            _whole(element, identity, found)
    return found


def _list_mark(root: "etree._Element") -> ListMark | None:
    for element in root.iter("meta"):
        if element.get("name") == "auditor-list" and (mark := read_list_mark(element.get("content") or "")) is not None:
            return mark
    return None


def _question(element: "etree._Element", identity: str) -> Asked:
    name = element.get("id") or ""
    place = f"question {name.removeprefix('q').replace('-', '.')}" if name else "a question"
    legend = element.find("legend")
    title = " ".join("".join(str(text) for text in legend.itertext()).split()) if legend is not None else ""
    asked = Asked(identity, place, title, was=read_was(element.get("data-was") or ""))
    for control in element.iter("input", "textarea"):
        if control.get("type") == "radio":
            says = next((says for says in SAYS if says == control.get("value")), None)
            if says is not None and control.get("checked") is not None:
                asked.ticked.append((says, f"{place}, answer"))
            continue
        field = _FIELDS.get((control.get("name") or "").rpartition("-")[2])
        if field is not None:
            asked.fields[field] = Raw(_value(control), f"{place}, {field.replace('_', ' ')}")
    return asked


def _value(control: "etree._Element") -> str:
    text = "".join(str(part) for part in control.itertext()) if control.tag == "textarea" else control.get("value") or ""
    return text.strip()


def _whole(element: "etree._Element", identity: str, found: RawList) -> None:
    match read_field_mark(identity):
        case ("filled_by",):
            found.filled_by = Raw(_value(element), "your name")
        case ("filled_on",):
            found.filled_on = Raw(_value(element), "the day")
        case ("sign", role):
            values = [Raw(_value(control), f"signature of {role}") for control in element.iter("input")]
            if len(values) > 1:
                found.signatures.append((role, values[0], values[1]))
