"""A rulebook that was read before, kept for this user: reading and checking hundreds of files takes seconds, this a tenth of it.

What is kept is trusted only when every file of rules, auditor's own reading code and Python are the same, and its digest agrees.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from pydantic import VERSION

from auditor import __version__
from auditor.errors import RuleError
from auditor.kept import UNREADABLE, code_digest, dump, load, read_kept, write_kept
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.pack import Found, find_packs

_PREFIX = "rulebook-"
_KEPT = 8  # files; one per set of folders that is in use
CACHE = "AUDITOR_CACHE"
"""The environment variable that names another folder than the user's own for what is kept."""

_OWN = ("auditor.rulebook.", "auditor.model.", "auditor.errors")


def cache_folder() -> Path:
    """Return the folder where things of this user are kept that can be made again; it need not exist."""
    named = os.environ.get(CACHE)
    return Path(named) if named else user_cache_path("auditor", appauthor=False)


def kept_rulebook(folders: Iterable[Path | Traversable], cache: Path, *, installed: bool = True) -> Rulebook:
    """Return what `load_rulebook` returns, from *cache* where the same files were read before.

    Args:
        folders: what `[rules] folders` names.
        cache: `cache_folder()`; it is made when it is missing. Where it cannot be written nothing is kept.
        installed: whether the packs of installed distributions belong.

    Raises:
        ExceptionGroup: of RuleError; a rulebook with mistakes is never kept.
        RuleError: a folder cannot be read.
    """
    folders = tuple(folders)
    file = cache / f"{_PREFIX}{_key(find_packs(folders, installed=installed))[:32]}.pickle"
    found = _read(file)
    if found is None:
        # What an organisation adds is mostly little beside what is installed.
        understood = kept_rulebook((), cache) if folders and installed else None
        found = load_rulebook(folders, installed=installed, understood=understood)
        with suppress(OSError):  # a folder that cannot be written to costs time, nothing else
            _write(file, found)
    return found


def _key(found: Found) -> str:
    """Return the digest of everything that a rulebook follows from."""
    whole = code_digest(Path(__file__).parent, Path(__file__).parents[1] / "model")
    whole.update(f"{__version__} pydantic {VERSION}\n".encode())
    for pack in found.packs:
        whole.update(f"pack {pack.name}\n".encode())
        for file in (*pack.files.values(), *(file for _, file in pack.rules), *pack.profiles, *pack.reasoning, *pack.strays):
            _add(whole, file.name, file.path)
    for file in found.profiles:
        _add(whole, file.name, file.path)
    return whole.hexdigest()


def _add(whole: "hashlib._Hash", name: str, path: Path | Traversable) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleError(f"{name} cannot be read: {error.strerror}") from error
    whole.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode("utf-8", "surrogatepass"))


def _read(file: Path) -> Rulebook | None:
    """Return what was kept; None when nothing was, or what lies there is not what was written."""
    body = read_kept(file)
    if body is None:
        return None
    stream = io.BytesIO(body)
    try:
        found = load(stream, _OWN)
    except UNREADABLE:
        return None
    return replace(found, positions=_Places(stream)) if isinstance(found, Rulebook) else None


class _Places(Mapping[Any, Any]):
    """Where everything stands in the files: two thirds of a kept rulebook, and asked only by messages and explanations."""

    def __init__(self, stream: io.BytesIO) -> None:
        self._stream: io.BytesIO | None = stream
        self._read: Mapping[Any, Any] = {}

    def _all(self) -> Mapping[Any, Any]:
        if self._stream is not None:
            self._read, self._stream = load(self._stream, _OWN), None
        return self._read

    def __getitem__(self, key: Any) -> Any:
        return self._all()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _write(file: Path, rulebook: Rulebook) -> None:
    stream = io.BytesIO()
    for part in (replace(rulebook, positions={}), rulebook.positions):
        dump(part, stream)
    write_kept(file, stream.getvalue())
    kept = sorted(file.parent.glob(f"{_PREFIX}*.pickle"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)
