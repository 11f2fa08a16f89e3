"""WebDAV, over the client of all sources: only PROPFIND of one folder at a time, and GET."""

import contextlib
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from auditor.connect.http import Anonymous, Basic, Client
from auditor.errors import AccessDenied, NotVisible, Rejected, SourceUnavailable
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.fileshare.options import FileshareOptions, asked
from auditor_connectors.fileshare.place import link_of
from auditor_connectors.fileshare.remote import About, Dropped, Sink, State
from auditor_connectors.fileshare.tree import FILE, FOLDER, NO_STATE, Listing, Row
from auditor_connectors.fileshare.walk import Met

_ASK = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>"
)
_MOST_ANSWER = 256 * 2**20
_MOST_CONTENT = 2**40  # the limit on files is told by whoever takes the content
_DAV = "{DAV:}"


class WebdavServer:
    """How a WebDAV server is reached.

    Args:
        options: the source's table.
        base: folder that relative paths of the options count from.

    Raises:
        UsageError: a secret is missing, or it would travel unencrypted.
    """

    says_when_written = True
    has_exact_tags = False
    retries = 1  # the client tries again itself

    def __init__(self, options: FileshareOptions, base: Path) -> None:
        where = options.where
        self.scheme = "https" if where.scheme == "webdavs" else "http"
        port = "" if where.port == {"https": 443, "http": 80}[self.scheme] else f":{where.port}"
        host = f"[{where.host}]" if ":" in where.host else where.host
        self.url = link_of(f"{self.scheme}://{host}{port}", where.path)
        self.name = link_of(f"{where.scheme}://{host}{port}", where.path)
        self.user = options.user
        self.client = Client(
            self.url,
            credentials=Basic(options.user, options.read(options.password, base)) if options.user else Anonymous(),
            options=options.http,
            folder=base,
            may_leave=lambda _url: False,
        )
        self.has_answered = False
        self.dialect = "WebDAV"

    def connect(self) -> "WebdavLine":
        """Return what asks the server; connections are the client's."""
        return WebdavLine(self)

    def close(self) -> None:
        """End the connections."""
        self.client.close()


class WebdavLine:
    """Asks a WebDAV server."""

    def __init__(self, server: WebdavServer) -> None:
        self._server = server
        self._client = server.client

    def _address(self, path: str, *, is_folder: bool) -> str:
        address = quote(path, safe="/~", errors="surrogateescape")
        return address + "/" if is_folder and address else address

    def listing(self, folder: str) -> Listing:
        """Return what lies in a folder, errors as `Line`."""
        found = self._find(folder, "1", is_folder=True)
        own = _own(found)
        if own is not None and own.tag == "507":
            raise OSError(errno.EFBIG, "the server does not list all of it")
        if own is None or own.mode != FOLDER:
            raise NotADirectoryError(errno.ENOTDIR, "it is no folder")
        rows = []
        for href, row in found:
            if row is own:
                continue
            parent, _, name = href.rstrip("/").rpartition("/")
            if parent != own.name or not name or "/" in unquote(name):
                raise OSError(errno.EIO, "the server names things that lie elsewhere")
            rows.append(row._replace(name=unquote(name, errors="surrogateescape")))
        return Listing(rows)

    def _find(self, path: str, depth: str, *, is_folder: bool) -> list[tuple[str, Row]]:
        body = bytearray()
        with self._translated():
            answer = self._client.ask(
                "PROPFIND",
                self._address(path, is_folder=is_folder),
                body.extend,
                restart=body.clear,
                max_bytes=_MOST_ANSWER,
                body=_ASK,
                headers={"Depth": depth, "Content-Type": "application/xml; charset=utf-8"},
            )
        if answer.status != 207:
            raise SourceUnavailable(
                f"{self._server.name}: this is no WebDAV server (it answers {answer.status} to PROPFIND)",
                hint="is `root` the address of the share?",
            )
        self._server.has_answered = True
        said = {name.lower(): value for name, value in answer.headers.items()}
        self._server.dialect = f"WebDAV {asked(said.get('server', ''))}".strip()
        return list(_responses(bytes(body), self._server.name))

    def link(self, path: str) -> str:
        """Return nothing: WebDAV shows no links."""
        del path
        return ""

    def fetch(self, met: Met, sink: Sink) -> State:
        """Hand over the content of a file, errors as `Line`."""
        size = 0

        def take(part: bytes) -> None:
            nonlocal size
            size += len(part)
            sink.write(part)

        def restart() -> None:
            nonlocal size
            size = 0
            sink.restart()

        with self._translated():
            answer = self._client.ask(
                "GET", self._address(met.raw, is_folder=False), take, restart=restart, max_bytes=_MOST_CONTENT, headers={"Accept": "*/*"}
            )
        said = {name.lower(): value for name, value in answer.headers.items()}
        if met.tag and _bare(said.get("etag", "")) == _bare(met.tag) and size == met.size:
            return State(met.size, met.mtime_ns, met.tag)
        # Its headers need not look as its properties do: these are asked for again.
        row = self._find(met.raw, "0", is_folder=False)[0][1]
        if row.mode != FILE:
            raise FileNotFoundError(errno.ENOENT, "it is not there")
        is_same = (row.size, row.mtime_ns, row.tag) == (met.size, met.mtime_ns, met.tag)
        return State(row.size, row.mtime_ns, row.tag, has_changed=not is_same and size != row.size)

    def about(self) -> About:
        """Return the account, what the server calls itself, and how its clock goes."""
        return About(self._server.user or "nobody in particular", self._server.dialect, self._client.skew_seconds)

    def close(self) -> None:
        """Let nothing wait any more; connections are given back when the pull ends."""
        self._client.stop()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the client raises about one address into the errors of a tree."""
        try:
            yield
        except NotVisible:
            raise FileNotFoundError(errno.ENOENT, "it is not there") from None
        except AccessDenied as error:
            # Some servers answer 401 for a folder that the account may not see; the first answer tells whether they know us at all.
            if self._server.has_answered and ("(401)" in error.message or "(403)" in error.message):
                raise PermissionError(errno.EACCES, "it may not be opened") from None
            raise
        except Rejected as error:
            if error.status == 423:
                raise Unreadable("locked", "another application has it open") from None
            raise OSError(errno.EIO, f"the server refuses it ({error.status})") from None
        except SourceUnavailable as error:
            raise Dropped(error.message.rpartition(": ")[2]) from None


def _bare(tag: str) -> str:
    """Return an ETag without the marks that servers and what stands before them add."""
    return tag.strip().removeprefix("W/").strip('"').removesuffix("-gzip")


def _responses(body: bytes, name: str) -> Iterator[tuple[str, Row]]:
    """Yield path and state of each thing in a multistatus answer; the name of a row is its path."""
    from lxml import etree  # noqa: PLC0415  (heavy)

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise Dropped("the answer is no XML") from None
    if root.tag != f"{_DAV}multistatus":
        raise SourceUnavailable(f"{name}: the answer is none of WebDAV", hint="is `root` the address of the share?")
    for response in root.iterfind(f"{_DAV}response"):
        try:
            href = urlsplit((response.findtext(f"{_DAV}href") or "").strip()).path
        except ValueError:
            raise Dropped("the server names an address that cannot be read") from None
        status = _status(response.findtext(f"{_DAV}status"))
        if status >= 300:
            yield href, Row(href.rstrip("/"), NO_STATE, tag="507" if status == 507 else f"the server does not tell its state ({status})")
            continue
        properties = {}
        for group in response.iterfind(f"{_DAV}propstat"):
            if 200 <= (_status(group.findtext(f"{_DAV}status")) or 200) < 300:
                for found in group.iterfind(f"{_DAV}prop/*"):
                    properties[found.tag] = found
        kind = properties.get(f"{_DAV}resourcetype")
        mode = FOLDER if kind is not None and kind.find(f"{_DAV}collection") is not None else FILE
        size, written, tag = (
            (properties[key].text or "").strip() if (key := f"{_DAV}{what}") in properties else ""
            for what in ("getcontentlength", "getlastmodified", "getetag")
        )
        yield href, Row(href.rstrip("/"), mode, int(size) if size.isdecimal() else -1, _instant(written), tag=tag)


def _status(line: str | None) -> int:
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0


def _instant(text: str) -> int:
    """Return nanoseconds since 1970 of a date of HTTP in whatever zone, of ISO form as some servers write it; 0: none."""
    at: datetime | None = None
    with contextlib.suppress(ValueError, TypeError, IndexError):
        at = parsedate_to_datetime(text)
    if at is None:
        with contextlib.suppress(ValueError):
            at = datetime.fromisoformat(text)
    if at is None:
        return 0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0, int(at.timestamp())) * 1_000_000_000


def _own(found: list[tuple[str, Row]]) -> Row | None:
    """Return the row of the folder itself: a server may see it under another path than we do; all the rest lies below it."""
    return min((row for _, row in found), key=lambda row: len(row.name), default=None)
