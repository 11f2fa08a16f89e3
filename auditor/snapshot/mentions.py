"""What a document says of rows that it should speak of: deliverables of the charter in the work plan, open issues in an end report.

Which rows are looked for in which product the packs declare. Rules compare no texts: they read how much of a row was found.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.connect.document import Document, is_partial, passages_of
from auditor.connect.values import is_placeholder
from auditor.rulebook.recognition import LookedFor
from auditor.snapshot.artefacts import Doc
from auditor.snapshot.copies import COPY
from auditor.snapshot.likeness import Passages
from auditor.snapshot.match import OWN_ID
from auditor.snapshot.rows import Made, digest_id

_FEWEST_WORDS = 2
_RANGE = re.compile(
    r"(?<![\w-])([A-Za-z]{1,10}[-_. ]?)(\d{1,4})\s*(?:-|–|—|\.\.+|…|to|through|until|bis|à|a|hasta|jusqu'à)\s*(?:\1)?(\d{1,4})(?![\w-])"
)
"""'D1 to D6', 'R-01–R-07': the ids between are meant too."""
_LONGEST_RANGE = 60
_WHOLE, _ALIKE = 100, 60
_NAMES = ("title", "name", "text", "description")


def mentions(rows: Sequence[Made], docs: Sequence[Doc], looked_for: Iterable[LookedFor]) -> Iterator[Made]:
    """Yield what the documents of each product say of the rows that they should speak of.

    A document that may be the product, or holds it as a section, is searched as a whole, so that what it says anywhere counts as said; rows
    of the same document are not looked for in it.
    """
    products: dict[str, set[str]] = defaultdict(set)  # kind → ids of current documents that are it or hold it
    doubts: dict[str, set[tuple[str, str]]] = defaultdict(set)  # kind → source and path of documents that may be it
    for row in rows:
        if row.is_gone:
            continue
        if row.table == "product" and row.get("artefact_id") and row.get("is_current"):
            products[str(row.get("kind"))].add(str(row.get("artefact_id")))
        elif row.table == "candidate":
            doubts[str(row.get("kind"))].add((row.source, str(row.get("path"))))
    by_id = {doc.id: doc for doc in docs}
    by_path = {(doc.source, doc.path): doc.id for doc in docs if doc.seen.gone_at is None}
    cut = {doc.id for doc in docs if is_partial(doc.parsed.document)}
    searched: dict[str, Passages] = {}

    def passages(id_: str) -> Passages:
        if id_ not in searched:
            searched[id_] = _passages(by_id[id_].parsed.document)
        return searched[id_]

    for wanted in looked_for:
        sure = sorted(products[wanted.within] & by_id.keys())
        maybe = sorted({by_path[place] for place in doubts[wanted.within] if place in by_path} - {*sure})
        is_read = len(sure) == len(products[wanted.within]) and doubts[wanted.within] <= by_path.keys()
        known: dict[str, list[tuple[Made, int | None, int | None]]] = defaultdict(list)  # document → row, share here, share anywhere
        for row in _wanted(rows, wanted, products) if sure else ():
            found = {id_: _share(passages(id_), row, is_whole=id_ not in cut) for id_ in (*sure, *maybe) if id_ != row.artefact}
            is_known = is_read and row.artefact not in sure and row.artefact not in maybe
            is_told = None not in found.values() or _WHOLE in found.values()
            most = max((share for share in found.values() if share is not None), default=None) if is_known and is_told else None
            for id_ in sure:
                if id_ in found:
                    known[id_].append((row, found[id_], most))
        for id_, told in known.items():
            yield from _of_document(id_, told, wanted)


def _wanted(rows: Iterable[Made], wanted: LookedFor, products: Mapping[str, set[str]]) -> list[Made]:
    of = None if wanted.of is None else products[wanted.of]
    found = [
        row
        for row in rows
        if row.table == wanted.row
        and not row.is_gone
        and row.is_record
        and not row.extra.get(COPY)
        and (wanted.kind is None or row.get("kind") == wanted.kind)
        and (of is None or row.artefact in of)
    ]
    return sorted(found, key=lambda row: (row.source, row.id))


def _share(text: Passages, row: Made, *, is_whole: bool) -> int | None:
    """Return how much of a row a document has; None where its words do not tell, or may stand in what was not read."""
    ref = _ref(row)
    share = _WHOLE if ref is not None and text.names([ref]) else text.share_of(_says(row)[:1], _FEWEST_WORDS)
    return share if is_whole or share == _WHOLE else None


def _says(row: Made) -> list[str]:
    return [str(row.get(column)) for column in _NAMES if row.get(column) and not is_placeholder(str(row.get(column)))]


def _of_document(document: str, told: Sequence[tuple[Made, int | None, int | None]], wanted: LookedFor) -> Iterator[Made]:
    """Yield the mentions in one document, each with how many of the other rows of its list were found there."""
    lists: dict[tuple[str, bool], Counter[bool]] = defaultdict(Counter)
    for row, share, _ in told:
        lists[_list_of(row)][_is_found(row, share)] += 1
    for row, share, most in told:
        others = lists[_list_of(row)].copy()
        others[_is_found(row, share)] -= 1
        values: dict[str, Any] = {
            "from_table": row.table,
            "from_id": row.id,
            "from_artefact_id": row.artefact or None,
            "kind": row.get("kind") if row.table == "listed_item" else None,
            "ref": _ref(row),
            "name": next(iter(_says(row)), None),
            "product_kind": wanted.within,
            "artefact_id": document,
            "others_found": others[True],
            "others_missed": others[False],
        }
        values |= {name: value for name, value in (("likeness", share), ("most", most)) if value is not None}
        key = digest_id("mention", row.table, row.source, row.id, wanted.within, document)
        yield Made("mention", key, values, set(values), row.source, row.url, row.locator, seen_at=row.seen_at, artefact=row.artefact)


def _list_of(row: Made) -> tuple[str, bool]:
    return row.artefact if row.table == "listed_item" else "", _ref(row) is not None


def _ref(row: Made) -> str | None:
    named = (row.get("ref"), row.get("key"), row.extra.get("own_id"))
    return next((str(name) for name in named if name and OWN_ID.fullmatch(str(name))), None)


def _is_found(row: Made, share: int | None) -> bool:
    """Return whether a row is found for sure: a document that names the others by their ids would name it too."""
    return share is not None and share >= (_WHOLE if _ref(row) is not None else _ALIKE)


def _passages(document: Document) -> Passages:
    texts = [text for text, _ in passages_of(document)]
    ids = {found for text in texts for found in OWN_ID.findall(text)}
    for text in texts:
        for prefix, first, last in _RANGE.findall(text):
            if int(first) < int(last) <= int(first) + _LONGEST_RANGE:
                ids |= {f"{prefix}{number}" for number in range(int(first), int(last) + 1)}
    return Passages(texts, ids)
