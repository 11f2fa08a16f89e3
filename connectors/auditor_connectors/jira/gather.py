"""From pages to records: one record per issue, wherever its parts lie; one per project; one per page.

Two passes, each with one page in memory: the first indexes what changed, the second reads the pages of those issues that differ from
what is known. Pages that did not change are not opened at all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from auditor.connect.protocol import Known, Pulled, Record, Scope, Unchanged, Unread, Walked
from auditor_connectors.jira.index import Index, IssueMark, PartMark, content_digest, index_of
from auditor_connectors.jira.pages import NotAPageError, Page, PageError
from auditor_connectors.jira.shapes import Content, IssuePiece, MetaPiece, PartPiece, content_of
from auditor_connectors.jira.values import digest, identifier

PAGE = "page:"
ISSUE = "issue:"
ABOUT = "about:"
"""Sorts before the issues: whoever reads records by key meets the metadata first."""

_MOST_NAMED = 20
_OF_SITE = " of "


@dataclass(slots=True)
class _Issue:
    """The pieces of one issue, over all pages."""

    documents: list[tuple[str, IssueMark]] = field(default_factory=list)  # the first leads
    parts: list[tuple[str, PartMark]] = field(default_factory=list)

    @property
    def leader(self) -> IssueMark:
        return self.documents[0][1]

    def fingerprint(self) -> str:
        return digest(*(mark.content for _, mark in self.documents), *sorted(mark.content for _, mark in self.parts))

    def pages(self) -> tuple[str, ...]:
        return tuple(sorted({name for name, _ in self.documents} | {name for name, _ in self.parts}))


@dataclass(slots=True)
class _Trouble:
    """What stands in the way of a complete walk."""

    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unrecognised: list[str] = field(default_factory=list)
    homeless: list[str] = field(default_factory=list)  # parts of issues that no page holds, or of no known issue


class Gathering:
    """One pull over the pages of a source."""

    def __init__(self, pages: Iterable[Page], known: Known, scope: Scope, *, base_url: str, completeness: bool | None) -> None:
        self._pages = {page.name: page for page in pages}
        self._known = known
        self._scope = scope
        self._base_url = base_url
        self._completeness = completeness
        self._indexes: dict[str, Index] = {}
        self._trouble = _Trouble()
        self._loaded: tuple[str, Content] | None = None

    def run(self) -> Iterator[Pulled]:
        """Yield what the pages hold, and how far each project is covered."""
        yield from self._index_pages()
        issues, bad = self._join()
        places = sorted(self._places(issues, bad))
        wanted = [place for place in places if not self._scope.places or place in self._scope.places]
        yield from self._about(wanted)
        yield from self._issues({name: issue for name, issue in issues.items() if self._is_wanted(issue.leader.place)})
        yield from self._bad(bad)
        yield from self._walked(wanted)

    def _is_wanted(self, place: str) -> bool:
        return not self._scope.places or place in self._scope.places

    # Pages

    def _index_pages(self) -> Iterator[Pulled]:
        for page in self._pages.values():
            key = PAGE + page.name
            index = Index.remembered(self._known.fingerprint(key), page.stamp)
            if index is not None:
                yield Unchanged(key)
                if not index.is_recognised:
                    self._trouble.unrecognised.append(page.name)
            else:
                try:
                    content = _sound(page)
                except NotAPageError:
                    content = Content()
                except PageError as error:
                    self._trouble.damaged.append(page.name)
                    yield Unread(key, "", page.name, error.reason, error.message, fingerprint=page.stamp)
                    continue
                index = index_of(content)
                if not index.is_recognised:
                    self._trouble.unrecognised.append(page.name)
                yield Record(
                    key,
                    "jira.page" if index.is_recognised else "jira.unknown",
                    "",
                    {
                        "name": page.name,
                        "issues": len(index.issues),
                        "parts": len(index.parts),
                        "metadata": sorted({mark.kind for mark in index.metas}),
                    },
                    index.fingerprint(page.stamp),
                )
            self._indexes[page.name] = index

    def _content(self, name: str) -> Content | None:
        """Return the content of a page for the second pass, the last one from memory; None when it vanished or broke meanwhile."""
        if self._loaded is not None and self._loaded[0] == name:
            return self._loaded[1]
        self._loaded = None  # before the next one is read: never two at a time
        try:
            content = content_of(name, self._pages[name].load())
        except PageError:
            self._trouble.damaged.append(name)
            return None
        self._loaded = (name, content)
        return content

    # Issues

    def _join(self) -> tuple[dict[str, _Issue], list[tuple[str, IssueMark]]]:
        """Return the pieces of every issue by its id, and the documents that have none or cannot be kept."""
        found: dict[str, list[tuple[str, IssueMark]]] = defaultdict(list)
        bad = []
        for name, index in self._indexes.items():
            for mark in index.issues:
                if mark.issue and mark.content:
                    found[mark.issue].append((name, mark))
                else:
                    bad.append((name, mark))
        issues = {name: _Issue(_needed(marks)) for issue, all_marks in found.items() for name, marks in _by_site(issue, all_marks)}
        by_key = {issue.leader.key: name for name, issue in issues.items()}
        for name, index in self._indexes.items():
            for part in index.parts:
                owner = part.issue if part.issue in issues else by_key.get(part.issue)
                if owner is None or not part.content:
                    self._trouble.homeless.append(name)
                elif all(part.content != other.content for _, other in issues[owner].parts):
                    issues[owner].parts.append((name, part))
        return issues, bad

    def _issues(self, issues: dict[str, _Issue]) -> Iterator[Pulled]:
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, issue in issues.items():
            fingerprint = issue.fingerprint()
            if self._known.fingerprint(ISSUE + name) == fingerprint:
                yield Unchanged(ISSUE + name)
            else:
                groups[issue.pages()].append(name)
        for pages in sorted(groups):
            yield from self._group(pages, {name: issues[name] for name in groups[pages]})

    def _group(self, pages: tuple[str, ...], issues: dict[str, _Issue]) -> Iterator[Pulled]:
        """Yield the records of the issues whose pieces lie on exactly *pages*."""
        pieces: dict[tuple[str, int], IssuePiece | PartPiece | MetaPiece] = {}
        wanted: dict[str, set[int]] = defaultdict(set)
        for issue in issues.values():
            for page, mark in issue.documents:
                wanted[page].add(mark.position)
            for page, part in issue.parts:
                wanted[page].add(part.position)
        for page in pages:
            content = self._content(page)
            if content is None:
                return
            for position in wanted[page]:
                if position < len(content.pieces):
                    pieces[page, position] = content.pieces[position]
        for name, issue in issues.items():
            if record := self._record(name, issue, pieces):
                yield record

    def _record(self, name: str, issue: _Issue, pieces: dict[tuple[str, int], Any]) -> Pulled | None:
        payload: dict[str, Any] = {"documents": []}
        for page, mark in issue.documents:
            piece = pieces.get((page, mark.position))
            if not isinstance(piece, IssuePiece) or identifier(piece.document.get("id")) != name.partition(_OF_SITE)[0]:
                self._trouble.damaged.append(page)  # rewritten while we read: the next pull sees it whole
                return None
            payload["documents"].append(piece.document)
        for page, part in sorted(issue.parts, key=lambda item: item[1].content):
            piece = pieces.get((page, part.position))
            if isinstance(piece, PartPiece):
                payload.setdefault(piece.kind, []).append(piece.page)
        return Record(
            ISSUE + name,
            "jira.issue",
            issue.leader.place,
            payload,
            issue.fingerprint(),
            url=self._url(issue.leader.key, payload["documents"][0]),
            version=str(issue.leader.updated) if issue.leader.updated >= 0 else "",
            changed_at=_at(issue.leader.updated),
            content_hash=sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        )

    def _url(self, key: str, document: dict[str, Any]) -> str:
        base = self._base_url or _site(document.get("self"))
        return f"{base}/browse/{key}" if base and key else ""

    def _bad(self, bad: list[tuple[str, IssueMark]]) -> Iterator[Pulled]:
        """Tell of the documents that have no id, or are nested more deeply than anything real."""
        for name, mark in bad:
            if self._is_wanted(mark.place):
                what = f"{name}, issue {mark.key or mark.position}"
                error = "nested too deeply" if mark.issue else "an issue without an id"
                yield Unread(f"{PAGE}{name}#{mark.position}", mark.place, what, "damaged", error, fingerprint=mark.content)

    # Projects

    def _places(self, issues: dict[str, _Issue], bad: list[tuple[str, IssueMark]]) -> set[str]:
        found = {issue.leader.place for issue in issues.values()} | {mark.place for _, mark in bad}
        # Whose a list of sprints is, only its name tells: it makes no project that has no issues.
        found |= {mark.place for index in self._indexes.values() for mark in index.metas if mark.kind != "sprints"}
        return {*found, *self._scope.places} - {""}

    def _about(self, places: list[str]) -> Iterator[Pulled]:
        """Yield per project what its issues must be read with: names of fields, categories of statuses, versions, sprints, boards."""
        common = self._observed()
        marks = [(name, mark) for name, index in sorted(self._indexes.items()) for mark in index.metas]
        only = places[0] if len(places) == 1 else None
        metas: Callable[[str], list[tuple[str, MetaPiece]]] | None = None
        for place in places:
            mine = [(name, mark) for name, mark in marks if mark.place in ("", place)]
            fingerprint = digest(place, content_digest(common), str(only), *sorted(mark.content for _, mark in mine))
            if self._known.fingerprint(ABOUT + place) == fingerprint:
                yield Unchanged(ABOUT + place)
                continue
            metas = metas or self._metas()
            payload: dict[str, Any] = {"key": place, "is_only": place == only, **common, "meta": []}
            payload["meta"] = [
                {"kind": piece.kind, "place": piece.place, "is_whole": piece.is_whole, "data": piece.data}
                for _, piece in sorted(metas(place), key=lambda item: (item[1].kind, content_digest(item[1].data)))
            ]
            yield Record(
                ABOUT + place, "jira.project", place, payload, fingerprint, url=f"{self._base_url}/browse/{place}" if self._base_url else ""
            )

    def _metas(self) -> Callable[[str], list[tuple[str, MetaPiece]]]:
        """Return a look-up of the metadata by project, read once: it is small beside the issues."""
        found: list[tuple[str, MetaPiece]] = []
        for name, index in self._indexes.items():
            if index.metas and (content := self._content(name)):
                found += [(name, piece) for piece in content.pieces if isinstance(piece, MetaPiece) and content_digest(piece.data)]
        return lambda place: [(name, piece) for name, piece in found if piece.place in ("", place)]

    def _observed(self) -> dict[str, Any]:
        """Return what all pages together tell about the instance, the same whatever their order."""
        statuses: dict[str, list[str]] = {}
        names: dict[str, list[str]] = {}
        shapes: dict[str, set[str]] = defaultdict(set)
        points: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for _, index in sorted(self._indexes.items(), key=lambda item: content_digest([item[1].statuses, item[1].names])):
            for status, named in index.statuses.items():
                statuses[status] = max(statuses.get(status, named), named)
            for name, meta in index.names.items():
                names[name] = max(names.get(name, meta), meta, key=lambda item: (item[1] != "", item))
            for name, shape in index.shapes.items():
                shapes[name].add(shape)
            for name, (agree, differ) in index.points.items():
                points[name][0] += agree
                points[name][1] += differ
        return {
            "statuses": statuses,
            "names": names,
            "shapes": {name: next(iter(found)) for name, found in sorted(shapes.items()) if len(found) == 1},
            "points": dict(sorted(points.items())),
        }

    # Completeness

    def _walked(self, places: list[str]) -> Iterator[Pulled]:
        self._trouble.missing += _gaps(self._indexes)
        listed = {mark.place for index in self._indexes.values() if index.is_issue_list for mark in index.issues}
        for place in [*places, ""]:
            yield self._walk(place, is_listed=not place or place in listed)

    def _walk(self, place: str, *, is_listed: bool) -> Walked:
        trouble = self._trouble
        told = "; ".join(
            f"{label}: {_named(names)}"
            for label, names in (
                ("damaged pages", trouble.damaged),
                ("missing pages", trouble.missing),
                ("parts of issues that no page holds", trouble.homeless),
                ("files not recognised", trouble.unrecognised),
            )
            if names
        )
        reason = ""
        if trouble.damaged or trouble.missing:
            reason = "page_failed"
        elif self._completeness is False:
            reason = "extract"
        elif not is_listed and self._completeness is None:
            reason = "no_search_page"  # single documents say nothing about their siblings
        return Walked(place, not reason, reason, told)


def _sound(page: Page) -> Content:
    content = content_of(page.name, page.load())
    if content.trouble:
        raise PageError("damaged", content.trouble)
    return content


def _by_site(issue: str, marks: list[tuple[str, IssueMark]]) -> Iterator[tuple[str, list[tuple[str, IssueMark]]]]:
    """Yield the issues that share an id, each with its name: exports of two sites may lie together, and both count from 10000.

    An issue that was moved has another key on the same site; a site that was renamed has the same key. Only where both differ it is
    another issue.
    """
    sites = sorted({mark.site for _, mark in marks} - {""})
    groups: list[tuple[str, set[str]]] = []  # first site, sites
    keys: list[set[str]] = []
    for site in sites if len(sites) > 1 else []:
        mine = {mark.key for _, mark in marks if mark.site == site}
        same = next((number for number, held in enumerate(keys) if held & mine), None)
        if same is None:
            groups.append((site, {site}))
            keys.append(mine)
        else:
            groups[same][1].add(site)
            keys[same] |= mine
    if len(groups) < 2:
        yield issue, marks
        return
    for number, (first, held) in enumerate(groups):
        mine_too = held | {""} if number == 0 else held
        yield (f"{issue}{_OF_SITE}{first}" if number else issue), [item for item in marks if item[1].site in mine_too]


def _needed(marks: list[tuple[str, IssueMark]]) -> list[tuple[str, IssueMark]]:
    """Return the documents of one issue that are needed: the newest, and those that add to it.

    Of several from the same moment the fullest leads; the choice does not depend on names of files.
    """
    ordered = sorted(
        sorted(marks, key=lambda item: item[0]), key=lambda item: (item[1].updated, item[1].size, item[1].content), reverse=True
    )
    leader = ordered[0][1]
    needed = [ordered[0]]
    contents, shapes, parts = {leader.content}, {leader.shape}, leader.parts
    for name, mark in ordered[1:]:
        if mark.content in contents:
            continue
        adds_fields = mark.updated == leader.updated and mark.shape not in shapes
        adds_parts = any(theirs > ours for theirs, ours in zip(mark.parts, parts, strict=True))
        if adds_fields or adds_parts:
            needed.append((name, mark))
            contents.add(mark.content)
            shapes.add(mark.shape)
            parts = tuple(max(pair) for pair in zip(mark.parts, parts, strict=True))  # type: ignore[assignment]  # three stay three
    return needed


def _gaps(indexes: dict[str, Index]) -> list[str]:
    """Return where pages of a search are missing: offsets that no page covers, cursors that no page ends."""
    offsets: dict[tuple[str, int], list[Index]] = defaultdict(list)
    cursors: dict[str, list[Index]] = defaultdict(list)
    for name, index in indexes.items():
        folder = name.rpartition("/")[0]
        if index.total is not None and index.is_issue_list:
            offsets[folder, index.total].append(index)
        elif index.is_last is not None:
            cursors[folder].append(index)
    gaps = []
    for (folder, total), pages in offsets.items():
        # Several searches with the same total may lie in one folder: every position must be covered as often as there are beginnings.
        searches = max(1, sum(1 for page in pages if (page.start or 0) == 0 and (page.count or total == 0)))
        if total and not _covered(pages, total, searches):
            gaps.append(f"{folder or '.'} (of {total} issues)")
    for folder, pages in cursors.items():
        if not any(page.is_last for page in pages):
            gaps.append(f"{folder or '.'} (no last page)")
    return gaps


def _covered(pages: list[Index], total: int, times: int) -> bool:
    steps: dict[int, int] = defaultdict(int)
    for page in pages:
        start = page.start or 0
        steps[start] += 1
        steps[start + page.count] -= 1
    depth = 0
    at = 0
    for position in sorted(steps):
        if at < position and at < total and depth < times:
            return False
        depth += steps[position]
        at = position
    return at >= total


def _named(names: list[str]) -> str:
    distinct = sorted(set(names))
    more = f" and {len(distinct) - _MOST_NAMED} more" if len(distinct) > _MOST_NAMED else ""
    return ", ".join(distinct[:_MOST_NAMED]) + more


def _at(milliseconds: int) -> datetime | None:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds) if milliseconds >= 0 else None


def _site(link: Any) -> str:
    """Return the address to show for people to click, from the link of an answer; '' when it is that of a gateway or no web address.

    Nothing is identified by it, and nothing is fetched from it.
    """
    if not isinstance(link, str) or "/rest/" not in link:
        return ""
    site = link.partition("/rest/")[0]
    if not site.startswith(("https://", "http://")) or any(letter in site for letter in "\"'<>\\ \n\t@"):
        return ""
    return "" if site.startswith("https://api.atlassian.com") else site
