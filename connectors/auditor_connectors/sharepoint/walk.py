"""One pull of a tenant: sites, their libraries by changes, their lists, and how far each place is covered."""

import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from auditor.connect.http import NotAccepted
from auditor.connect.protocol import Expected, Gone, Known, Mark, Pulled, Record, Scope, Unchanged, Unread, Walked
from auditor.errors import AccessDenied, NotVisible, Rejected, SourceError
from auditor_connectors.documents.pool import ReaderPool
from auditor_connectors.fileshare.names import is_matched, printable
from auditor_connectors.sharepoint.graph import ITEMS_PER_PAGE, NOT_SEEN, BadPages, Tenant, why_not
from auditor_connectors.sharepoint.library import (
    FILE,
    FOLDER,
    FileReader,
    Library,
    LibraryReader,
    content_digest,
    drive_of,
    file_key,
    folder_key,
    new_files,
)
from auditor_connectors.sharepoint.lists import LIST, Listed, ListReader, Users, has_older, is_register, row_key, row_mark
from auditor_connectors.sharepoint.options import ReadingOptions
from auditor_connectors.sharepoint.places import Site, parts_of, places_of, segment
from auditor_connectors.sharepoint.shapes import instant, taken

SITE = "site:"
_SITE = "id,name,displayName,description,webUrl,createdDateTime,siteCollection"
_NO_PROJECTS = ("/contentstorage/", "/personal/", "-my.sharepoint.")
"""In addresses of containers of the system and of persons."""
_MOST_NAMED = 10


@dataclass(slots=True)
class _Walk:
    """How the walk of a site goes.

    Attributes:
        problems: why not everything was seen, the first counts.
        marks: name → link.
        gone: keys of what is not there any more.
        expected: files to read, so far.
    """

    problems: list[tuple[str, str]] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    expected: int = 0


class Walk:
    """One pull.

    Args:
        graph: the tenant.
        known: what earlier pulls left.
        scope: which sites.
        options: of the source.
    """

    def __init__(self, graph: Tenant, known: Known, scope: Scope, options: ReadingOptions) -> None:
        self._graph = graph
        self._known = known
        self._scope = scope
        self._options = options
        self._pool: ReaderPool | None = None

    def stop(self) -> None:
        """Let nobody wait any more: neither for Graph nor for a file that is being read."""
        self._graph.client.stop()
        if self._pool is not None:
            self._pool.close()

    def run(self) -> Generator[Pulled, None, None]:
        """Yield what is there.

        Raises:
            AccessDenied: nobody is signed in.
            SourceUnavailable: Graph does not answer; what was yielded before is valid.
        """
        sites, failed = find_sites(self._graph, self._options, self._scope)
        limits = self._options.limits()
        with (
            tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as temporary,
            ReaderPool(limits, workers=self._options.readers) as pool,
        ):
            self._pool = pool
            for site in sites:
                yield from self._site(site, pool, Path(temporary))
        for place, (reason, detail) in sorted(failed.items()):
            yield Walked(place, is_complete=False, reason=reason, detail=detail, is_delta=True)
        if self._scope.places and "" not in self._scope.places:
            return
        if not sites and not failed:
            # Nobody has a tenant without sites: the account sees none, which says nothing of those that were there.
            yield Walked("", is_complete=False, reason="permission_denied", detail="the account sees no site: name them in `sites`")
        else:
            # Sites that are not listed any more may only be hidden from us: with `sites` it is the configuration that drops them.
            yield Walked("", is_complete=True, is_delta=not self._options.sites)

    def _site(self, site: Site, pool: ReaderPool, temporary: Path) -> Iterator[Pulled]:
        known: dict[str, str] = {}
        for place in site.places:
            known |= self._known.fingerprints(place)
        walk = _Walk()
        libraries = LibraryReader(self._graph, site, known, self._options)
        users = Users(self._graph, site)
        lists = ListReader(self._graph, site, users, known, self._options)
        files = FileReader(self._graph, site, users.all, libraries, self._options, pool, temporary)
        unmapped: Counter[str] = Counter()
        about: dict[str, Any] = {"site": taken("site", site.data, unmapped), "place": site.place}
        about["unmapped"] = sorted(unmapped)
        about["libraries"] = []
        for library in self._libraries(site, libraries, known, walk):
            about["libraries"].append(_said(library))
            yield from self._library(site, library, libraries, files, known, walk)
        about["libraries"].sort(key=lambda library: library["id"])
        about["lists"] = []
        for listed in self._lists(site, lists, known, walk):
            about["lists"].append({"id": listed.id, "title": listed.title, "has_approval": listed.has_approval})
            if listed.payload is not None and site.place in site.wanted:
                key = f"{LIST}{listed.id}"
                if known.get(key) == listed.fingerprint:
                    yield Unchanged(key)
                else:
                    yield _list_record(key, site, listed)
                yield from self._versions(listed, lists, known, walk)
            elif not listed.problem and site.place in site.wanted:
                yield Unchanged(f"{LIST}{listed.id}")
        about["lists"].sort(key=lambda listed: listed["id"])
        said = self._options.sees_unapproved
        about["sees_unapproved"] = self._graph.sees_unapproved(site.id) if said is None else said
        yield from self._ended(site, walk, about, known)

    def _versions(self, listed: Listed, reader: ListReader, known: Mapping[str, str], walk: _Walk) -> Iterator[Pulled]:
        """Yield how the rows of a list that was read were: of those that changed since they were asked for."""
        assert listed.payload is not None
        rows = {row_key(listed.id, str(row["id"])): row for row in listed.payload["rows"] if self._options.versions and has_older(row)}
        walk.gone += sorted(key for key in known if key.startswith(row_key(listed.id, "")) and key not in rows)
        new = [row for key, row in rows.items() if known.get(key) != row_mark(listed, row)]
        yield from (Unchanged(key) for key, row in rows.items() if known.get(key) == row_mark(listed, row))
        walk.expected += len(new)
        for record in self._graph.client.map(lambda row: reader.versions(listed, row), new):
            if record is not None:
                yield record

    def _ended(self, site: Site, walk: _Walk, about: dict[str, Any], known: Mapping[str, str]) -> Iterator[Pulled]:
        """Tell what stands beside the documents, what is gone, and how the places were walked, when nothing of them can come any more."""
        # Another site may have stood at this address.
        walk.gone += [key for key in known if key.startswith(SITE) and not key.startswith(f"{SITE}{site.id}:")]
        if walk.gone:
            # What vanished is believed when whoever says so still knows us.
            self._graph.object(f"sites/{segment(site.id)}", {"$select": "id"})
            yield from (Gone(key) for key in walk.gone)
        for place in site.places:
            if place not in site.wanted:
                continue
            key = f"{SITE}{site.id}:{place}"
            payload = {**about, "is_part": place != site.place}
            fingerprint = content_digest(payload)[:32]
            if known.get(key) == fingerprint:
                yield Unchanged(key)
            else:
                yield Record(key, "sharepoint.site", place, payload, fingerprint, site.url)
        if site.is_whole:
            for name, link in sorted(walk.marks.items()):
                yield Mark(site.place, name, link)
        reason = walk.problems[0][0] if walk.problems else ""
        told = [detail for _, detail in walk.problems]
        unmapped = sorted({name for part in (about, *about["libraries"]) for name in part.get("unmapped", ())})
        if not told and unmapped:
            told = [f"fields of its answers that nothing takes: {', '.join(unmapped[:_MOST_NAMED])}"]
        detail = "; ".join(told[:_MOST_NAMED]) + (f"; and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else "")
        for place in site.places:
            if place in site.wanted:
                yield Walked(place, not reason, reason, detail, site.url, is_delta=True)

    # Libraries

    def _libraries(self, site: Site, reader: LibraryReader, known: Mapping[str, str], walk: _Walk) -> Iterator[Library]:
        try:
            drives = self._graph.values(f"sites/{segment(site.id)}/drives", {"$top": ITEMS_PER_PAGE})
        except (*NOT_SEEN, BadPages) as error:
            walk.problems.append((why_not(error), "its libraries could not be listed"))
            return
        held = {drive_of(key) for key in known if key.startswith((FILE, FOLDER))}
        for number in sorted(held - {str(item.get("id")) for item in drives}):
            self._missing(f"drives/{segment(number)}", [key for key in known if _is_of(key, number)], "a library", walk)
        wanted = [drive for drive in drives if isinstance(drive.get("id"), str) and not self._is_left_out(site, drive)]
        for drive in drives:
            if drive not in wanted:
                walk.gone += [key for key in known if _is_of(key, str(drive.get("id")))]
        # Marks are read here: what is kept of earlier pulls is asked by one thread only.
        jobs = [(drive, self._known.watermark(f"drive {drive['id']}") if site.is_whole else None) for drive in wanted]
        yield from self._graph.client.map(lambda job: reader.list(*job), jobs)

    def _is_left_out(self, site: Site, drive: Mapping[str, Any]) -> bool:
        name = printable(str(drive.get("name") or drive.get("id")))
        return is_matched(name, self._options.exclude) or is_matched(f"{site.place}/{name}", self._options.exclude)

    def _missing(self, path: str, keys: list[str], what: str, walk: _Walk) -> None:
        """Settle what is not listed any more: gone when nothing is found under its id, else something is wrong with the listing."""
        try:
            self._graph.object(path, {"$select": "id"})
        except NotVisible:
            walk.gone += keys
        except (AccessDenied, Rejected) as error:
            walk.problems.append((why_not(error), f"{what} that was there may not be seen any more"))
        else:
            walk.problems.append(("page_failed", f"{what} that is there is not listed"))

    def _library(
        self, site: Site, library: Library, reader: LibraryReader, files: FileReader, known: Mapping[str, str], walk: _Walk
    ) -> Iterator[Pulled]:
        if library.problem:
            walk.problems.append((library.problem, library.detail))
            return
        walk.marks[f"drive {library.drive}"] = library.link
        met: set[str] = set()
        yield from self._folders(site, library, reader, known, met)
        jobs: list[dict[str, Any]] = []
        for item, path in new_files(library, reader):
            key = file_key(library.drive, item["id"])
            before = known.get(key)
            if path is not None and reader.is_left_out(path):
                continue  # in a walk of changes no path is known: whoever reads it finds out
            met.add(key)
            if before and (
                (path is not None and before in files.fingerprints(item, path)) or (not library.is_full and files.is_same(before, item))
            ):
                yield Unchanged(key)
            else:
                jobs.append(item)
        if not library.is_full:
            deleted = {file_key(library.drive, number) for number, item in library.items.items() if "deleted" in item}
            walk.gone += sorted(deleted & known.keys())
            again = [key for key, mark in known.items() if files.is_due(mark) and key.startswith(FILE) and _is_of(key, library.drive)]
            jobs += [{"id": key.rpartition(":")[2]} for key in again if key not in met and key not in deleted]
        walk.expected += len(jobs)
        yield Expected(site.place, walk.expected)
        for item, pulled in zip(jobs, self._graph.client.map(lambda item: files.read(library, item), jobs), strict=True):
            key = file_key(library.drive, item["id"])
            if pulled is None:
                met.discard(key)
                if not library.is_full and key in known:
                    walk.gone.append(key)
            elif not isinstance(pulled, (Record, Unread)) or pulled.place in site.wanted:
                yield pulled
        if library.is_full:
            walk.gone += [key for key in known if _is_of(key, library.drive) and key not in met]

    def _folders(self, site: Site, library: Library, reader: LibraryReader, known: Mapping[str, str], met: set[str]) -> Iterator[Pulled]:
        new: list[tuple[dict[str, Any], str]] = []
        for number, item in library.items.items():
            if "deleted" in item or not ("folder" in item or "root" in item):
                continue
            path = library.paths.get(number) or reader.path(library, item)
            key = folder_key(library.drive, "" if "root" in item else number)
            if not library.is_full:
                if "root" in item or key in known:
                    continue  # its content changed, not the folder
                path = reader.path(library, self._whole_folder(library, item))
            if path is None or ("root" not in item and reader.is_hidden(path)):
                continue
            met.add(key)
            if known.get(key) == reader.folder(library, item, path).fingerprint:
                yield Unchanged(key)
            else:
                new.append((item, path))
        sets = reader.has_sets(library)
        answers = self._graph.client.map(lambda one: sets and "root" not in one[0] and reader.is_set(library, one[0]), new)
        for (item, path), is_set in zip(new, answers, strict=True):
            record = reader.folder(library, item, path, is_set=is_set)
            if record.place in site.wanted:
                yield record

    def _whole_folder(self, library: Library, item: Mapping[str, Any]) -> dict[str, Any]:
        path = f"drives/{segment(library.drive)}/items/{segment(str(item['id']))}"
        try:
            return self._graph.object(path, {"$select": "id,name,parentReference,folder"})
        except NOT_SEEN as error:
            why_not(error)
            return {}

    # Lists

    def _lists(self, site: Site, reader: ListReader, known: Mapping[str, str], walk: _Walk) -> Iterator[Listed]:
        select = "id,name,displayName,description,webUrl,list,system"
        try:
            found = self._graph.values(f"sites/{segment(site.id)}/lists", {"$select": select, "$top": ITEMS_PER_PAGE})
        except (*NOT_SEEN, BadPages) as error:
            walk.problems.append((why_not(error), "its lists could not be listed"))
            return
        there = {f"{LIST}{item.get('id')}" for item in found}
        for key in sorted(key for key in known if key.startswith(LIST) and key not in there):
            path = f"sites/{segment(site.id)}/lists/{segment(key.removeprefix(LIST))}"
            self._missing(path, [key, *_rows_of(key, known)], "a list", walk)
        wanted = [item for item in found if isinstance(item.get("id"), str) and is_register(item, site, self._options)]
        left = {f"{LIST}{item.get('id')}" for item in found} - {f"{LIST}{item['id']}" for item in wanted}
        for key in sorted(left & known.keys()):
            walk.gone += [key, *_rows_of(key, known)]
        jobs = [(item, self._known.watermark(f"list {item['id']}") if site.is_whole else None) for item in wanted]
        for listed in self._graph.client.map(lambda job: reader.read(*job), jobs):
            if listed.problem:
                walk.problems.append((listed.problem, listed.detail))
            else:
                walk.marks[f"list {listed.id}"] = listed.link
            yield listed


def _said(library: Library) -> dict[str, Any]:
    return {"id": library.drive, "name": library.name, "problem": library.problem, "gaps": library.gaps, **library.about}


def _list_record(key: str, site: Site, listed: Listed) -> Record:
    assert listed.payload is not None
    changed = max(filter(None, (instant(row.get("lastModifiedDateTime")) for row in listed.payload["rows"])), default=None)
    digest = sha256(content_digest(listed.payload).encode()).hexdigest()
    return Record(
        key, "sharepoint.list", site.place, listed.payload, listed.fingerprint, listed.url, changed_at=changed, content_hash=digest
    )


def _rows_of(key: str, known: Mapping[str, str]) -> list[str]:
    return sorted(row for row in known if row.startswith(row_key(key.removeprefix(LIST), "")))


def _is_of(key: str, drive: str) -> bool:
    return key.startswith((f"{FILE}{drive}:", f"{FOLDER}{drive}:"))


def find_sites(graph: Tenant, options: ReadingOptions, scope: Scope) -> tuple[list[Site], dict[str, tuple[str, str]]]:
    """Return the sites to read, and why others that are asked for cannot be: place → reason and detail.

    Raises:
        NotAccepted: nobody is signed in.
    """
    found: dict[str, dict[str, Any]] = {}  # id → site
    failed: dict[str, tuple[str, str]] = {}  # address → why
    if options.sites:
        for address, answer in zip(
            options.sites, graph.client.map(lambda address: _site_or_error(graph, address), options.sites), strict=True
        ):
            if isinstance(answer, SourceError):
                failed[address] = (why_not(answer), f"{address}: not there, or not granted to the application")
            else:
                found.setdefault(str(answer["id"]), answer)
    else:
        for item in graph.values("sites", {"$select": _SITE, "$top": ITEMS_PER_PAGE}):
            if isinstance(item.get("id"), str) and not any(part in str(item.get("webUrl")) for part in _NO_PROJECTS):
                found.setdefault(item["id"], item)
    if options.subsites:
        _with_subsites(graph, found, failed)
    return _named(found, failed, options, scope)


def _named(
    found: Mapping[str, dict[str, Any]], failed: Mapping[str, tuple[str, str]], options: ReadingOptions, scope: Scope
) -> tuple[list[Site], dict[str, tuple[str, str]]]:
    addresses = [*(str(item.get("webUrl") or item["id"]) for item in found.values()), *failed]
    names = places_of(addresses)
    sites = []
    for number, item in found.items():
        url = str(item.get("webUrl") or number)
        parts = parts_of(names[url], options.parts)
        places = {names[url], *parts}
        wanted = places & set(scope.places) if scope.places else places
        if wanted:
            sites.append(Site(number, names[url], url, item, parts, frozenset(wanted)))
    told = {}
    for address, why in failed.items():
        for place in (names[address], *parts_of(names[address], options.parts)):
            if not scope.places or place in scope.places:
                told[place] = why
    if scope.places:
        seen = {place for site in sites for place in site.places} | told.keys()
        for place in scope.places:
            if place and place not in seen:
                told[place] = ("not_found", "no site of this name is configured, or visible to the account")
    return sorted(sites, key=lambda site: site.place), told


def _site_or_error(graph: Tenant, address: str) -> dict[str, Any] | SourceError:
    try:
        site = graph.site(address)
    except NOT_SEEN as error:
        if isinstance(error, NotAccepted):
            raise
        return error
    return site if isinstance(site.get("id"), str) else NotVisible(f"{address}: what answers is no site")


def _with_subsites(graph: Tenant, found: dict[str, dict[str, Any]], failed: dict[str, tuple[str, str]]) -> None:
    waiting = list(found)
    while waiting:
        number = waiting.pop(0)
        try:
            below = graph.values(f"sites/{segment(number)}/sites", {"$select": _SITE, "$top": ITEMS_PER_PAGE})
        except (*NOT_SEEN, BadPages) as error:
            address = f"{found[number].get('webUrl') or number}/*"
            failed[address] = (why_not(error), f"{address}: the sites below could not be listed")
            continue
        for item in below:
            if isinstance(item.get("id"), str) and item["id"] not in found:
                found[item["id"]] = item
                waiting.append(item["id"])
