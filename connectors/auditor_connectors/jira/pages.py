"""Where recorded answers come from: the files of a folder, each read within limits and one at a time.

A live transport takes the place of this module only: whatever hands over `Page`s can feed `gather`.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from auditor.connect.lenient import parse_json
from auditor.errors import AccessDenied, SourceUnavailable

MOST_BYTES = 512 * 1024 * 1024
"""A page larger than this (unpacked) is not read: Jira's own pages stay below 5,000 issues."""

_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_NOT_PAGES = frozenset(
    {".md", ".txt", ".html", ".htm", ".xml", ".csv", ".tsv", ".log", ".png", ".jpg", ".pdf", ".py", ".sh", ".toml", ".yaml", ".yml"}
)

Trouble = Literal["damaged", "too_large", "permission_denied", "empty", "not_a_document"]


class PageError(Exception):
    """A page is there and cannot be used; caught where pages are gathered and told as an `Unread`."""

    def __init__(self, reason: Trouble, message: str) -> None:
        super().__init__(message)
        self.reason: Trouble = reason
        self.message = message


class NotAPageError(PageError):
    """The file never claimed to be an answer of Jira (a README, a picture)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One recorded answer. *name* is relative to the folder, with '/' as separator; *stamp* changes when the content may have."""

    name: str
    stamp: str
    path: Path

    def load(self, most_bytes: int = MOST_BYTES) -> Any:
        """Return the JSON value of the page.

        Raises:
            NotAPageError: the file is something else.
            PageError: the page is damaged, too large, empty or may not be read.
        """
        try:
            content = self._content(most_bytes)
        except (OSError, EOFError, zlib.error) as error:
            reason: Trouble = "permission_denied" if isinstance(error, PermissionError) else "damaged"
            raise PageError(reason, type(error).__name__) from error
        return _parsed(content, may_be_other=_suffix(self.name) in _NOT_PAGES)

    def _content(self, most_bytes: int) -> bytes:
        with self.path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            with gzip.open(raw) if packed else raw as file:
                chunks = []
                size = 0
                while chunk := file.read(_CHUNK):
                    size += len(chunk)
                    if size > most_bytes:
                        raise PageError("too_large", f"more than {most_bytes} bytes")
                    chunks.append(chunk)
        return b"".join(chunks)


def folder_pages(root: Path) -> Iterator[Page]:
    """Yield every file below *root* as a page, by name; links to folders are not followed, hidden files are left out.

    Raises:
        AccessDenied: the folder may not be listed.
        SourceUnavailable: there is no such folder.
    """
    if not root.is_dir():
        raise SourceUnavailable(f"the folder of recorded pages {root.name!r} does not exist", hint="set `pages` in auditor.toml")

    def refuse(error: OSError) -> None:
        if isinstance(error, PermissionError):
            raise AccessDenied(f"a folder of recorded pages may not be listed: {os.path.relpath(error.filename, root)}") from error
        raise SourceUnavailable(f"a folder of recorded pages cannot be listed: {type(error).__name__}") from error

    found = []
    for folder, folders, files in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder) / name for name in files if not name.startswith(".")]
    for path in sorted(found, key=lambda item: item.relative_to(root).as_posix()):
        if not path.is_file():  # sockets, devices, dangling links
            continue
        status = path.stat()
        name = path.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode()
        yield Page(name, f"{status.st_size}.{status.st_mtime_ns}", path)


def _suffix(name: str) -> str:
    return Path(name.removesuffix(".gz")).suffix.lower()


def _parsed(content: bytes, *, may_be_other: bool) -> Any:
    trouble: type[PageError] = NotAPageError if may_be_other else PageError
    if not content.strip():
        raise trouble("empty", "no content")
    try:
        return parse_json(content)
    except ValueError as error:
        message = str(error)
    if message == "HTML instead of JSON":
        # A login page, a proxy's message: the status was 200 and the content is no answer.
        raise trouble("not_a_document", message)
    raise (trouble if message == "not JSON" else PageError)("damaged", message)
