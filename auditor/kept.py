"""Values of our own classes in files, for what can be made again but takes time to make.

What is kept is trusted only when its digest agrees, and it holds values of our own classes and of nothing else: whoever can write to the
file cannot make auditor run anything.
"""

import gc
import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

_HEAD = 32  # bytes of the digest before the content
_PLAIN = (date, datetime, timedelta, timezone, Decimal, Fraction, frozenset, set)
_FOREIGN = MappingProxyType({(known.__module__, known.__name__): known for known in _PLAIN})
UNREADABLE = (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, KeyError, TypeError, ValueError)
"""What `load` raises on content that is not what was kept."""


def code_digest(*folders: Path) -> "hashlib._Hash":
    """Return a hash, to be gone on with, that differs when the code below *folders* or Python does."""
    whole = hashlib.sha256(f"{sys.version}\n".encode())
    for folder in sorted(folders, key=str):
        for code in sorted(folder.rglob("*.py")):
            seen = code.stat()
            whole.update(f"{code} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return whole


def read_kept(file: Path) -> bytes | None:
    """Return what `write_kept` wrote; None when nothing was, or what lies there is not what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    head, body = content[:_HEAD], content[_HEAD:]
    return body if hashlib.sha256(body).digest() == head else None


def write_kept(file: Path, body: bytes) -> None:
    """Write *body* as *file*, which is there whole or as it was.

    Raises:
        OSError: the folder cannot be written to.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(hashlib.sha256(body).digest() + body)
    partial.replace(file)


def dump(value: Any, stream: io.BytesIO) -> None:
    """Write *value* behind what *stream* holds."""
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)


def load(stream: io.BytesIO, own: Iterable[str]) -> Any:
    """Return the next value of *stream*.

    Args:
        stream: filled by `dump`.
        own: how the names of the modules begin whose classes may stand there.

    Raises:
        Exception: one of `UNREADABLE`.
    """
    with _uncollected():
        return _Unpickler(stream, tuple(own)).load()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hundreds of thousands of values that all stay: looking among them for some that can go costs as much as reading them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _proxy(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        return (_proxy, (dict(value),)) if isinstance(value, MappingProxyType) else NotImplemented


class _Unpickler(pickle.Unpickler):  # classes of ours and a few plain values, nothing that runs
    def __init__(self, stream: io.BytesIO, own: tuple[str, ...]) -> None:
        super().__init__(stream)
        self._own = own

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _FOREIGN:
            return _FOREIGN[module, name]
        if (module, name) == (__name__, "_proxy"):
            return _proxy
        if module.startswith(self._own):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and "." not in name:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that is kept")
