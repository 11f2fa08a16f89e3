"""Names of files: printable, stable, and which of them nobody means as a document."""

import hashlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

_SYSTEM = frozenset(
    {
        "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin", "system volume information", "~snapshot", "recycler", "lost+found",
        "__macosx", "@eadir", "#recycle", "#snapshot", "icon\r", "pagefile.sys", "hiberfil.sys", "dwl.log", "dfsrprivate",
    }
)  # fmt: skip
_TEMPORARY = re.compile(
    r"(?i)^(?:~wr[a-z]\d*\.tmp|.*\.(?:tmp|temp|crdownload|part|partial|swp|swo|laccdb|ldb|lock|lck|bak~)|~.*\.tmp|.*~)$"
)
_LOCK = re.compile(r"^(?:~\$|\.~lock\.)")
_PLACEHOLDER = re.compile(r"^\.(?P<name>.+)\.icloud$")
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def printable(name: str) -> str:
    """Return a name as a person may read it: NFC; bytes that are not UTF-8 as western letters; control characters written out."""
    if not name:
        return "(empty)"  # between two slashes of a key of S3
    name = _SURROGATE.sub(_western, name)
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    return _BAD.sub(lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}", name)


def _western(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0xDC00
    if not 0x80 <= code <= 0xFF:  # half of a pair that Windows lets stand alone
        return f"\\u{ord(match[0]):04x}"
    letter = bytes([code]).decode("cp1252", "replace")
    return letter if letter != "\ufffd" else f"\\x{code:02x}"


def shown_names(names: Collection[str]) -> dict[str, str]:
    """Return the printable name of each of the *names* in one folder; those that would be equal get a mark that stays the same."""
    shown: dict[str, str] = {}
    same: dict[str, list[str]] = defaultdict(list)
    for name in names:
        same[printable(name)].append(name)
    for text, found in same.items():
        for name in found:
            # The one that is spelt as it is shown keeps the plain name.
            shown[name] = text if len(found) == 1 or name == text else f"{text}~{_mark(name)}"
    return shown


def _mark(name: str) -> str:
    return hashlib.sha256(os.fsencode(name) if os.name == "posix" else name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def case_twins(names: Collection[str]) -> int:
    """Return how many printable names differ from another one by case only."""
    same: dict[str, int] = defaultdict(int)
    for name in names:
        same[name.casefold()] += 1
    return sum(count for count in same.values() if count > 1)


def locked_name(name: str) -> str | None:
    """Return the end of the name that a lock file of an office application is for, or None when it is no lock file.

    Word replaces the first two letters of longer names by `~$`, other applications put it before the whole name.
    """
    if name.startswith("~$"):
        return name[2:]
    if name.startswith(".~lock.") and name.endswith("#"):
        return name[7:-1]
    return None


def offline_name(name: str) -> str | None:
    """Return the name of the document that a placeholder of a sync client stands for, or None."""
    match = _PLACEHOLDER.match(name)
    return match["name"] if match else None


def is_skipped(name: str) -> bool:
    """Say whether nobody means a file or folder of this name as content: hidden, temporary, of the system."""
    folded = name.casefold()
    return name.startswith(".") or folded in _SYSTEM or _LOCK.match(name) is not None or _TEMPORARY.match(name) is not None


def is_matched(path: str, patterns: Collection[str]) -> bool:
    """Say whether a relative path, one of the folders it lies in, or its name matches one of the patterns (`*.bak`, `Archive/**`)."""
    if not patterns:
        return False
    pure = PurePosixPath(path)
    candidates = [path, pure.name, *(str(parent) for parent in pure.parents if str(parent) != ".")]
    for pattern in patterns:
        folded = pattern.strip("/").casefold()
        plain = folded.removesuffix("/**")
        if any(fnmatchcase(candidate.casefold(), folded) or fnmatchcase(candidate.casefold(), plain) for candidate in candidates):
            return True
    return False
