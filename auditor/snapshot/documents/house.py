"""How a house calls the artefacts and roles of its method, by the table in which one of its documents says so.

'Project Charter | Project Agreement', 'Project Owner | Sponsor'. The other documents of the project are called by these names and use them;
the words of packs do not know them. Only a table with a column of the method's names beside one of the house's is believed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.connect.document import Document, TableBlock, TextBlock
from auditor.connect.values import clean, fold, is_placeholder
from auditor.snapshot.documents.matters.words import DetailWords
from auditor.snapshot.words import words as listed

_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{1,80}[)\]]")
_SEVERAL = re.compile(r"\s*[,;/]\s*|\s+(?:and|und|et|y|with|mit|avec|con)\s+")
_HEADER_WITHIN = 3
_LONGEST_NAME = 60
_SPACES = re.compile(r"[\s_.\-–—]+")
_PASSING = re.compile(r"\d+[a-z]{0,2}|[a-z]{1,2}\d*|v\d+")
"""Words of a file's name beside that of its kind: numbers, days, versions, the code of a deliverable."""
_TITLE_WITHIN = 12


@dataclass(frozen=True, slots=True)
class HouseNames:
    """Names of a house, folded.

    Attributes:
        kinds: name → kind of artefact, sorted.
        roles: name → role, sorted.
    """

    kinds: tuple[tuple[str, str], ...] = ()
    roles: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.roles)

    def kind_called(self, document: Document, path: str) -> str | None:
        """Return the kind by whose house name the file is called, or its title; None when by none.

        Beside the name stand at most numbers, days, versions and codes: 'REB_Handover Slip D1_2026-09-11'.
        """
        stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        codes = {word for part in path.split("/")[:-1] for word in fold(_SPACES.sub(" ", part)).split()}
        found = {kind for name, kind in self.kinds if _is_called(_SPACES.sub(" ", stem), name, codes)}
        if not found:
            lines = [block.text for block in document.blocks[:_TITLE_WITHIN] if isinstance(block, TextBlock) and block.text.strip()]
            found = {kind for name, kind in self.kinds if any(_is_called(line, name, codes) for line in lines[:3])}
        return found.pop() if len(found) == 1 else None


NO_HOUSE = HouseNames()


def _is_called(text: str, name: str, codes: set[str]) -> bool:
    if len(text) > _LONGEST_NAME * 2:
        return False
    words, wanted = fold(text).split(), name.split()
    for start in range(len(words) - len(wanted) + 1):
        if words[start : start + len(wanted)] == wanted:
            before, after = words[:start], words[start + len(wanted) :]
            is_code = all(word in codes or _PASSING.fullmatch(word) for word in before)
            return is_code and all(_PASSING.fullmatch(word) for word in after)
    return False


def house_names(document: Document, words: DetailWords) -> HouseNames:
    """Return the names that tables of *document* give; what names two things, or several at once, is left out."""
    kinds: dict[str, set[str]] = defaultdict(set)
    roles: dict[str, set[str]] = defaultdict(set)
    for block in document.blocks:
        if not isinstance(block, TableBlock) or block.is_hidden:
            continue
        for position, row in enumerate(block.rows[:_HEADER_WITHIN]):
            texts = [fold(clean(cell.text, _LONGEST_NAME)) for cell in row]
            places = [place for place, text in enumerate(texts) if text in listed("house_name")]
            if len(places) != 1:
                continue
            rows = [[clean(cell.text, 200) for cell in line] for line in block.rows[position + 1 :]]
            artefact = _column(texts, words, "tailoring", "artefact")
            role = _column(texts, words, "roles", "role")
            if artefact is not None:
                _note(kinds, ((words.kind_of(_plain(said)), house) for said, house in _pairs(rows, artefact, places[0])))
            elif role is not None:
                _note(roles, ((words.role(said), house) for said, house in _pairs(rows, role, places[0])))
            break
    return HouseNames(_sure(kinds), _sure(roles))


def joined(found: Iterable[HouseNames]) -> HouseNames:
    """Return the names of several documents of one project; those that they use for different things are left out."""
    kinds: dict[str, set[str]] = defaultdict(set)
    roles: dict[str, set[str]] = defaultdict(set)
    for names in found:
        _note(kinds, ((kind, name) for name, kind in names.kinds))
        _note(roles, ((role, name) for name, role in names.roles))
    return HouseNames(_sure(kinds), _sure(roles))


def _column(texts: Sequence[str], words: DetailWords, table: str, column: str) -> int | None:
    known = words.tables[table].columns
    places = [place for place, text in enumerate(texts) if column in known.get(text, ())]
    return places[0] if len(places) == 1 else None


def _pairs(rows: Iterable[Sequence[str]], method: int, house: int) -> Iterable[tuple[str, str]]:
    for row in rows:
        if max(method, house) < len(row) and not is_placeholder(row[method]) and not is_placeholder(row[house]):
            yield row[method], row[house]


def _note(found: dict[str, set[str]], pairs: Iterable[tuple[str | None, str]]) -> None:
    for meant, name in pairs:
        plain = _plain(name)
        if meant is not None and 2 < len(plain) <= _LONGEST_NAME and not _SEVERAL.search(plain):
            found[fold(plain)].add(meant)


def _plain(name: str) -> str:
    """Return a name without what stands beside it in brackets: 'Delivery Calendar (document and workbook)'."""
    return _BRACKETS.sub("", name).strip(" -–—.")


def _sure(found: dict[str, set[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, next(iter(meant))) for name, meant in found.items() if name and len(meant) == 1))
