"""What documents said when they were read last, kept in the store beside the raw pages: a pull reads what changed and nothing else.

A document's reading follows from its structure, the packs' words, how its neighbours write days, the names of the house, and our own code
(`documents/read.py` is pure): all of them are its key. What is not taken in a pass is forgotten with it.
"""

import hashlib
import io
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from auditor import __version__
from auditor.connect.protocol import Parsed
from auditor.connect.values import DayOrder
from auditor.kept import UNREADABLE, code_digest, dump, load, read_kept, write_kept
from auditor.snapshot.documents.house import HouseNames
from auditor.snapshot.documents.read import DocumentRead

_FOLDER = "readings"
_OWN = ("auditor.snapshot.documents.",)  # what readers give; none of these does anything when it is made


class Readings:
    """The kept readings of one place of a source.

    Args:
        store_path: the store's folder.
        source, place: whose documents.
        words: digest of what packs say about documents.
    """

    def __init__(self, store_path: Path, source: str, place: str, words: str) -> None:
        self._file = store_path / _FOLDER / source / f"{hashlib.sha256(place.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.pickle"
        self._base = f"{words} {_code()}"
        self._kept = self._load()
        self._taken: dict[bytes, bytes] = {}

    def of(self, parsed: Parsed, habit: DayOrder, house: HouseNames, read: Callable[[], DocumentRead]) -> DocumentRead:
        """Return what a document says: as kept where everything that it follows from is the same, else by *read*."""
        key = self._key(parsed, habit, house)
        found = self._taken.get(key) or self._kept.get(key)
        if found is not None:
            try:
                known = load(io.BytesIO(found), _OWN)
            except UNREADABLE:
                known = None
            if isinstance(known, DocumentRead):
                self._taken[key] = found
                return known
        fresh = read()
        stream = io.BytesIO()
        dump(fresh, stream)
        self._taken[key] = stream.getvalue()
        return fresh

    def keep(self) -> None:
        """Write what was taken. Where the store cannot be written to, the next pull takes longer and nothing else happens."""
        if self._taken.keys() == self._kept.keys():
            return
        stream = io.BytesIO()
        dump(self._taken, stream)
        with suppress(OSError):
            write_kept(self._file, stream.getvalue())

    def _key(self, parsed: Parsed, habit: DayOrder, house: HouseNames) -> bytes:
        said = (
            self._base,
            parsed.path,
            parsed.document,
            sorted(parsed.values.items(), key=lambda item: item[0]),
            sorted(parsed.filled),
            habit,
            house,
        )
        return hashlib.sha256(orjson.dumps(said, default=str)).digest()

    def _load(self) -> dict[bytes, bytes]:
        body = read_kept(self._file)
        if body is None:
            return {}
        try:
            found: Any = load(io.BytesIO(body), _OWN)
        except UNREADABLE:
            return {}
        return found if isinstance(found, dict) else {}


@cache
def _code() -> str:
    whole = code_digest(Path(__file__).parents[1])
    whole.update(f"{__version__} orjson {orjson.__version__}\n".encode())
    return whole.hexdigest()
