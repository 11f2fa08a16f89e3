"""What a version history tells of a changed baseline by nobody's word: 'Dates of stage 4 adjusted'. Rules compare no texts."""

import re
from collections.abc import Iterable, Iterator

from auditor.config.mapping import fold
from auditor.connect.values import clean
from auditor.snapshot.documents.details import DetailWords
from auditor.snapshot.likeness import Passages
from auditor.snapshot.match import plain_id
from auditor.snapshot.rows import Made

_PARTS = re.compile(r";|\n|(?<=\w{2})\.(?=\s|$)")
_NUMBER = re.compile(r"\d")
_TOKEN = re.compile(r"(?<![\w-])([A-Z]{1,10})[-_.]?\d{1,6}(?![\w-])")
_OF_PLANS = frozenset({"milestone", "deliverable", "work_package", "requirement"})
_LISTED = frozenset({"milestone", "deliverable", "requirement", "acceptance_criterion"})
"""Tables, and kinds of listed items, whose ids say what was changed, not who decided it."""

_DECIDING = ("change_request", "issue", "decision")
_MANY_WORDS = 4
_LIKE_MANY, _LIKE_FEW = 75, 90  # per cent of many, and of few telling words: an entry of the registers may be what decided it
_LONGEST = 300


def mark_unbacked(rows: Iterable[Made], words: DetailWords) -> None:
    """Fill `unbacked` of the versions whose comment was read.

    A part of a comment counts where it says that something was moved, and what: a date, a cost, a criterion, or any figure. It is backed
    by a word of approval or decision, by an id that is none of a plan's items, and by an entry of the registers of changes, issues and
    decisions that has three quarters of its telling words, or all where they are few.
    """
    versions: list[Made] = []
    items, deciding = set[str](), set[str]()
    decided: list[str] = []
    for row in rows:
        if row.is_gone:
            continue
        if row.table == "artefact_version" and row.get("comment"):
            versions.append(row)
        elif row.table in _OF_PLANS or (row.table == "listed_item" and row.get("kind") in _LISTED):
            items |= _ids(row) | {plain_id(found[0]) for found in _TOKEN.finditer(str(row.get("title") or row.get("name") or ""))}
        elif row.table in _DECIDING or (row.table == "listed_item" and row.get("kind") == "decision"):
            deciding |= _ids(row)
            decided.append(" ".join(str(row.get(name)) for name in ("title", "text", "description", "resolution") if row.get(name)))
    items -= deciding
    entries: Passages | None = None
    for row in versions:
        said = next(_unbacked(str(row.get("comment")), words, items), None)
        if said is not None:
            entries = entries or Passages(decided)
            if (entries.share_of([said], _MANY_WORDS) or 0) >= _LIKE_MANY or (entries.share_of([said], 1) or 0) >= _LIKE_FEW:
                said = None
        row.put("unbacked", None if said is None else clean(said, _LONGEST))


def _unbacked(comment: str, words: DetailWords, items: set[str]) -> Iterator[str]:
    for part in _PARTS.split(comment):
        padded = f" {fold(part)} "
        if not _has(padded, words, "moves") or _has(padded, words, "unmoved") or _has(padded, words, "authority"):
            continue
        tokens = {plain_id(match[0]) for match in _TOKEN.finditer(part) if match[1] != "V"}  # 'V1.1' is a version
        if tokens <= items and (_has(padded, words, "moved_matter") or _NUMBER.search(_TOKEN.sub("", part))):
            yield part.strip()


def _has(padded: str, words: DetailWords, marker: str) -> bool:
    return any(f" {phrase} " in padded for phrase in words.markers.get(marker, ()))


def _ids(row: Made) -> set[str]:
    return {plain_id(str(name)) for name in (row.id, row.get("key"), row.get("ref"), row.extra.get("own_id")) if name}
