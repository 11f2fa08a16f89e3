"""One pull of a live Jira: which issues changed, these whole, and how far each project is covered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import orjson

from auditor.connect.http import NotAccepted
from auditor.connect.protocol import Expected, Known, Mark, Pulled, Record, Scope, Unchanged, Walked
from auditor.errors import NotVisible, SourceError
from auditor_connectors.jira.gather import ABOUT, ISSUE
from auditor_connectors.jira.index import content_digest, place_of
from auditor_connectors.jira.live.details import UNIT, Detail, Details, read_details
from auditor_connectors.jira.live.metadata import About, Project, can_browse, project_of, read_instance, read_project, read_projects
from auditor_connectors.jira.live.search import Seen, listing, seen_of
from auditor_connectors.jira.live.site import NOT_SEEN, Site, why_not
from auditor_connectors.jira.options import JiraOptions
from auditor_connectors.jira.values import digest, person_id

VERSION = 1
"""Raised whenever issues would be read otherwise: all are then read anew."""
_AHEAD = 2  # projects that are prepared before they are walked
_MOST_NAMED = 10


@dataclass(slots=True)
class _Prepared:
    """A project before its issues are read.

    Attributes:
        place: the word by which it was asked for, else its key.
        problem: the word of coverage why its issues cannot be listed; '' when they can.
        listed: its issues, or those that changed.
        is_delta: only those that changed.
        begun: the Jira's clock when they were listed, milliseconds since 1970.
    """

    place: str
    key: str = ""
    about: About = field(default_factory=About)
    problem: str = ""
    detail: str = ""
    listed: dict[str, Seen] = field(default_factory=dict)
    is_delta: bool = False
    begun: int = 0


class Walk:
    """One pull.

    Args:
        site: the Jira.
        known: what earlier pulls left.
        scope: which projects.
        options: of the source.
    """

    def __init__(self, site: Site, known: Known, scope: Scope, options: JiraOptions) -> None:
        self._site = site
        self._known = known
        self._scope = scope
        self._options = options
        self._account: str | None = None
        self._instance = About()
        self._met: set[str] = set()
        self._places: dict[str, str] = {}  # key → place
        self._skew = timedelta()

    def run(self) -> Iterator[Pulled]:
        """Yield what is there.

        Raises:
            AccessDenied: the token is not accepted.
            SourceUnavailable: the Jira does not answer; what was yielded before is valid.
        """
        server = self._site.server
        if server.time is not None:
            self._skew = server.time - datetime.now(UTC)
        self._account = self._who()
        projects, failed = self._projects()
        self._places = {key: place for place, key in projects}
        self._instance = read_instance(self._site)
        # Marks are read here: what is kept of earlier pulls is asked by one thread only.
        jobs = [(place, key, self._since(place)) for place, key in projects]
        for prepared in self._site.client.map(lambda job: self._prepare(*job), jobs, ahead=_AHEAD):
            yield from self._place(prepared)
        for place, (reason, detail) in sorted(failed.items()):
            yield Walked(place, is_complete=False, reason=reason, detail=detail)
        if projects or self._scope.places:
            yield Walked("", is_complete=True)
        else:
            # Nobody has a Jira without projects: the account sees none, which says nothing of those that were there.
            yield Walked("", is_complete=False, reason="permission_denied", detail="the account sees no project")

    def _who(self) -> str | None:
        me = self._site.myself()
        return None if me is None else str(person_id(me))

    # Projects

    def _projects(self) -> tuple[list[tuple[str, str]], dict[str, tuple[str, str]]]:
        """Return place and key of the projects to walk, and why the others that were asked for cannot be."""
        if not self._scope.places:
            return [(project.key, project.key) for project in read_projects(self._site)], {}
        found: list[tuple[str, str]] = []
        failed: dict[str, tuple[str, str]] = {}
        for place in self._scope.places:
            try:
                project = self._project(place)
            except NOT_SEEN as error:
                failed[place] = (why_not(error), "not there, or not visible to the account")
                continue
            found.append((place, project.key))
        return found, failed

    def _project(self, place: str) -> Project:
        project = project_of(self._site.object(f"project/{quote(place, safe='')}", endpoint="GET project"))
        if project is None:
            raise NotVisible(f"{place}: Jira describes no project")
        return project

    def _since(self, place: str) -> int | None:
        """Return from when on changes are asked for, milliseconds since 1970; None: the complete list is compared."""
        census, updated = self._known.watermark(f"census {place}"), self._known.watermark(f"updated {place}")
        if not self._options.census_hours or census is None or updated is None or not (census + updated).isdigit():
            return None
        age = datetime.now(UTC) + self._skew - _at(int(census))
        if not timedelta() <= age < timedelta(hours=self._options.census_hours):
            return None
        return max(0, int(updated) - round(self._options.overlap_minutes * 60_000))

    def _prepare(self, place: str, key: str, since: int | None) -> _Prepared:
        prepared = _Prepared(place, key, is_delta=since is not None, begun=_ms(datetime.now(UTC) + self._skew))
        prepared.problem = can_browse(self._site, key)
        if prepared.problem:
            prepared.detail = "the account may not browse it" if prepared.problem == "permission_denied" else ""
        condition = "" if since is None else f"updated >= {since}"
        jobs: tuple[Callable[[], Any], ...] = (
            lambda: self._list(prepared, condition),
            lambda: read_project(self._site, key, self._options.roles),
        )
        if prepared.problem:
            return prepared
        _, about = self._site.client.map(lambda job: job(), jobs)
        prepared.about = about
        return prepared

    def _list(self, prepared: _Prepared, condition: str) -> None:
        try:
            prepared.listed = listing(self._site, prepared.key, condition)
        except NOT_SEEN as error:
            prepared.problem, prepared.detail = why_not(error), error.message
        except SourceError as error:
            prepared.problem, prepared.detail = "source_error", error.message

    # One project

    def _place(self, prepared: _Prepared) -> Iterator[Pulled]:
        place = prepared.place
        if prepared.problem:
            yield Walked(place, is_complete=False, reason=prepared.problem, detail=prepared.detail)
            return
        yield Expected(place, len(prepared.listed) + 1)
        yield self._about(prepared)
        wanted = []
        for seen in prepared.listed.values():
            key = ISSUE + seen.id
            if seen.id in self._met:
                continue  # it moved here while the project that it came from was walked
            if self._known.fingerprint(key) == _fingerprint(seen):
                self._met.add(seen.id)
                if not prepared.is_delta:
                    yield Unchanged(key)
            else:
                wanted.append(seen.id)
        missed = [] if prepared.is_delta else self._missed(prepared)
        broken: list[str] = []
        newest = max((seen.updated for seen in prepared.listed.values()), default=-1)
        units = [ids[begin : begin + UNIT] for ids in (wanted, missed) for begin in range(0, len(ids), UNIT)]
        for details in self._site.client.map(lambda ids: read_details(self._site, ids), units, ahead=1):
            for record, is_whole in self._records(details):
                yield record
                if not is_whole:
                    broken.append(record.key)
        yield from self._walked(prepared, broken, newest)

    def _missed(self, prepared: _Prepared) -> list[str]:
        """Return the ids that were here and are not listed now: moved, gone, or only late in the search."""
        ids = [key.removeprefix(ISSUE) for key in self._known.keys(prepared.place) if key.startswith(ISSUE)]
        return [issue for issue in ids if issue not in prepared.listed and issue not in self._met and issue.isdigit()]

    def _records(self, details: Details) -> Iterator[tuple[Record, bool]]:
        for detail in details.issues.values():
            record = self._record(detail)
            if record is not None:
                self._met.add(record.key.removeprefix(ISSUE))
                yield record, detail.is_whole

    def _record(self, detail: Detail) -> Record | None:
        document = detail.payload["documents"][0]
        seen = seen_of(document)
        place = self._places.get(place_of(document))
        if seen is None or place is None:
            return None  # moved out of what is asked for
        return Record(
            ISSUE + seen.id,
            "jira.issue",
            place,
            detail.payload,
            _fingerprint(seen) if detail.is_whole else "",
            url=self._url(seen.key),
            version=str(seen.updated) if seen.updated >= 0 else "",
            changed_at=_at(seen.updated) if seen.updated >= 0 else None,
            content_hash=sha256(orjson.dumps(detail.payload, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        )

    def _url(self, key: str) -> str:
        return f"{self._options.url.rstrip('/')}/browse/{key}"

    def _about(self, prepared: _Prepared) -> Pulled:
        about = prepared.about
        gaps = {**self._instance.gaps, **about.gaps}
        metas = [*self._instance.metas, *about.metas, {"kind": "coverage", "place": prepared.key, "is_whole": True, "data": gaps}]
        payload: dict[str, Any] = {"key": prepared.key, "is_only": False, "statuses": {}, "names": {}, "shapes": {}, "points": {}}
        payload["meta"] = sorted(metas, key=lambda meta: (meta["kind"], content_digest(meta["data"])))
        fingerprint = digest(str(VERSION), prepared.place, content_digest(payload))
        if self._known.fingerprint(ABOUT + prepared.place) == fingerprint:
            return Unchanged(ABOUT + prepared.place)
        return Record(ABOUT + prepared.place, "jira.project", prepared.place, payload, fingerprint, url=self._url(prepared.key))

    def _walked(self, prepared: _Prepared, broken: list[str], newest: int) -> Iterator[Pulled]:
        """Tell how the project was walked, after seeing that we still are who we were: a stranger sees less, and nothing says so."""
        if self._who() != self._account:
            raise NotAccepted("the account changed while it was read", hint="pull again")
        place = prepared.place
        detail = f"parts that could not be read: {_named(broken)}" if broken else ""
        if newest >= 0:  # where nothing was seen, the earlier mark stays: a change may still come into the search late
            yield Mark(place, f"updated {place}", str(min(newest, prepared.begun)))
        if not prepared.is_delta:
            yield Mark(place, f"census {place}", str(prepared.begun))
        yield Walked(place, not broken, "page_failed" if broken else "", detail, self._url(prepared.key), is_delta=prepared.is_delta)


def _fingerprint(seen: Seen) -> str:
    return f"live{VERSION} {seen.updated} {seen.key}"


def _named(names: Iterable[str]) -> str:
    listed = sorted(set(names))
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return ", ".join(listed[:_MOST_NAMED]) + more


def _at(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
