"""A rulebook that was read before, kept beside the store: reading and checking hundreds of files takes a second, this a tenth of it.

What is kept is trusted only when every file of rules, auditor's own reading code and Python are the same, and its digest agrees. It holds
values of our own classes and of nothing else: whoever can write to the store cannot make auditor run anything.
"""

import hashlib
import io
import pickle
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import VERSION

from auditor import __version__
from auditor.errors import RuleError
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.pack import Found, find_packs

_PREFIX = "rulebook-"
_HEAD = 32  # bytes of the digest before the pickle
_KEPT = 4  # files; one per set of folders that is in use
_OWN = ("auditor.rulebook.", "auditor.model.", "auditor.errors")
_PLAIN = (date, Decimal, Fraction, frozenset, set)
_FOREIGN: Mapping[tuple[str, str], Any] = MappingProxyType({(known.__module__, known.__name__): known for known in _PLAIN})


def kept_rulebook(folders: Iterable[Path | Traversable], cache: Path, *, installed: bool = True) -> Rulebook:
    """Return what `load_rulebook` returns, from *cache* where the same files were read before.

    Args:
        folders: what `[rules] folders` names.
        cache: folder of the store; it is made when it is missing. Where it cannot be written nothing is kept.
        installed: whether the packs of installed distributions belong.

    Raises:
        ExceptionGroup: of RuleError; a rulebook with mistakes is never kept.
        RuleError: a folder cannot be read.
    """
    folders = tuple(folders)
    file = cache / f"{_PREFIX}{_key(find_packs(folders, installed=installed))[:32]}.pickle"
    found = _read(file)
    if found is None:
        found = load_rulebook(folders, installed=installed)
        with suppress(OSError):  # a store that cannot be written to costs time, nothing else
            _write(file, found)
    return found


def _key(found: Found) -> str:
    """Return the digest of everything that a rulebook follows from."""
    whole = hashlib.sha256(f"{__version__} {sys.version} pydantic {VERSION}\n".encode())
    for source in sorted((Path(__file__).parent, Path(__file__).parents[1] / "model"), key=str):
        for code in sorted(source.rglob("*.py")):
            seen = code.stat()
            whole.update(f"{code} {seen.st_size} {seen.st_mtime_ns}\n".encode())
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
    try:
        content = file.read_bytes()
    except OSError:
        return None
    head, body = content[:_HEAD], content[_HEAD:]
    if hashlib.sha256(body).digest() != head:
        return None
    try:
        found = _Unpickler(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, KeyError, TypeError, ValueError):
        return None
    return found if isinstance(found, Rulebook) else None


def _write(file: Path, rulebook: Rulebook) -> None:
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(rulebook)
    body = stream.getvalue()
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{hashlib.sha256(body).hexdigest()[:8]}.part")
    partial.write_bytes(hashlib.sha256(body).digest() + body)
    partial.replace(file)
    kept = sorted(file.parent.glob(f"{_PREFIX}*.pickle"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)


def _proxy(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        return (_proxy, (dict(value),)) if isinstance(value, MappingProxyType) else NotImplemented


class _Unpickler(pickle.Unpickler):  # classes of ours and a few plain values, nothing that runs
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _FOREIGN:
            return _FOREIGN[module, name]
        if (module, name) == (__name__, "_proxy"):
            return _proxy
        if module.startswith(_OWN):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and "." not in name:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a rulebook")
