"""One pull of a live Jira: which issues changed, these whole, and how far each project is covered."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Any
from urllib.parse import quote

import orjson

from auditor.connect.http import NotAccepted
from auditor.connect.protocol import Expected, Gone, Known, Mark, Pulled, Record, Scope, Unchanged, Walked
from auditor.errors import NotVisible, Rejected, SourceError, SourceUnavailable
from auditor_connectors.jira.gather import ABOUT, ISSUE
from auditor_connectors.jira.index import content_digest, place_of
from auditor_connectors.jira.issue import key_of
from auditor_connectors.jira.live.details import UNIT, Detail, Details, read_details, read_ids
from auditor_connectors.jira.live.metadata import (
    About,
    Project,
    can_browse,
    project_of,
    read_instance,
    read_project,
    read_projects,
    read_sprint,
)
from auditor_connectors.jira.live.search import Seen, condition_of, listing, seen_of
from auditor_connectors.jira.live.site import NOT_SEEN, Server, Site, why_not
from auditor_connectors.jira.options import JiraOptions
from auditor_connectors.jira.sprints import sprint
from auditor_connectors.jira.values import digest, identifier, person_id

VERSION = 3
"""Raised whenever issues would be read otherwise: all are then read anew."""
_AHEAD = 2  # projects that are prepared before they are walked
_UNITS = 4  # that are read at once: each asks side by side, and is in memory
_BESIDE = 4  # threads for what stands beside the issues
_MOST_NAMED = 10
_PRODUCT, _CLOUD, _SERVER = "product", "cloud", "server"  # the mark that tells Cloud from Data Center, and its words
_Projects = tuple[list[tuple[str, str]], dict[str, tuple[str, str]]]
"""Place and key of each project, and why those that were asked for beside them cannot be walked."""


@dataclass(slots=True)
class _Prepared:
    """A project before its issues are read.

    Attributes:
        place: the word by which it was asked for, else its key.
        problem: the word of coverage why its issues cannot be listed; '' when they can.
        listed: its issues, or those that changed.
        bounds: where the list is parted, to be asked for side by side.
        listed_beside: ids of all issues that are listed of the same Jira project, in whatever part.
        is_delta: only those that changed.
        begun: the Jira's clock when they were listed, milliseconds since 1970.
        known: key → fingerprint of what earlier pulls left, while its issues are read.
        missed: ids of issues that were there and are not listed any more.
        unread: ids of issues that were listed and could not be read.
        newest: the latest change among them; -1: none.
        sprints: ids of those that its issues are in.
        parents: key → id of issues that its issues name as their parents by a key.
    """

    place: str
    key: str = ""
    about: About = field(default_factory=About)
    problem: str = ""
    detail: str = ""
    listed: dict[str, Seen] = field(default_factory=dict)
    bounds: tuple[int, ...] = ()
    listed_beside: set[str] = field(default_factory=set)
    is_delta: bool = False
    begun: int = 0
    known: Mapping[str, str] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    newest: int = -1
    sprints: set[str] = field(default_factory=set)
    parents: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Job:
    """Issues of a project that are read together; without any: how many it will be, or that these were all."""

    of: _Prepared
    unit: Mapping[str, Seen] = field(default_factory=dict)
    is_missed: bool = False
    count: int = 0
    is_end: bool = False


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
        self._abouts: dict[str, Future[About]] = {}  # place → what stands beside its issues
        self._met: set[str] = set()
        self._in_sprints: dict[str, set[str]] = {}  # place → sprints that its issues are in
        self._parents: dict[str, set[str]] = {}  # place → keys by which its issues name their parents
        self._read_children: dict[str, dict[str, str]] = {}  # key of a parent → id and key of the issues read now that name it
        self._ids: dict[str, str] = {}  # key → id of issues, as far as they were met
        self._broken: dict[str, list[str]] = {}  # place → issues of which a part could not be read
        self._places: dict[str, str] = {}  # key → place
        self._sprint_fields: tuple[str, ...] = ()
        self._parent_fields: tuple[str, ...] = ()
        self._sprints: dict[str, dict[str, Any] | None] = {}  # of boards that are not the project's own; None: not to be seen
        self._skew = timedelta()
        self._version = ""
        self._ended_by: SourceUnavailable | None = None  # while projects were listed

    def run(self) -> Generator[Pulled, None, None]:
        """Yield what is there.

        Raises:
            AccessDenied: the token is not accepted.
            SourceUnavailable: the Jira does not answer; what was yielded before is valid.
        """
        # What does not wait for each other is asked at once: most of a pull that finds little to read is waiting for answers.
        with ThreadPoolExecutor(max_workers=_BESIDE, thread_name_prefix="beside") as beside:
            try:
                instance, listed, account = self._begun(beside)
                self._account = account.result()
                projects, failed = listed.result()
                self._places = {key: place for place, key in projects if place not in self._options.parts}
                roles = self._options.roles
                self._abouts = {place: beside.submit(read_project, self._site, key, roles) for place, key in projects}
                yield from self._all(projects, instance)
            except KeyboardInterrupt:
                self._site.client.stop()
                raise
            finally:
                beside.shutdown(wait=True, cancel_futures=True)
        yield Mark("", _PRODUCT, _word_of(self._site.server))
        for place, (reason, detail) in sorted(failed.items()):
            yield Walked(place, is_complete=False, reason=reason, detail=detail)
        if projects or self._scope.places:
            yield Walked("", is_complete=True)
        else:
            # Nobody has a Jira without projects: the account sees none, which says nothing of those that were there.
            yield Walked("", is_complete=False, reason="permission_denied", detail="the account sees no project")

    def _begun(self, beside: ThreadPoolExecutor) -> tuple[Future[About], Future[_Projects], Future[str | None]]:
        """Ask for the instance, the projects and the account: beside what product it is, where an earlier pull knew it."""

        def asked() -> tuple[Future[About], Future[_Projects], Future[str | None]]:
            return beside.submit(read_instance, self._site), beside.submit(self._projects), beside.submit(self._who)

        product = self._known.watermark(_PRODUCT)
        self._site.assumed = None if product is None else product == _CLOUD
        early = None if product is None else asked()
        server = self._site.server
        self._version = f"live{VERSION}-{_word_of(server)}"
        if server.time is not None:
            self._skew = server.time - datetime.now(UTC)
        if early is not None and self._site.assumed == server.is_cloud:
            return early
        if early is not None:
            for one in early:
                one.exception()  # what another product answered to is of no use
        return asked()

    def _all(self, projects: list[tuple[str, str]], instance: Future[About]) -> Iterator[Pulled]:
        # Marks are read here: what is kept of earlier pulls is asked by one thread only. The parts of a project are listed together.
        grouped: dict[str, list[tuple[str, int | None, tuple[int, ...]]]] = {}
        for place, key in projects:
            grouped.setdefault(key, []).append((place, self._since(place), self._bounds(place)))
        done: list[_Prepared] = []
        try:
            # The issues of all projects in one row: while those of one are read, the next is compared.
            with closing(self._jobs(grouped, instance)) as jobs:
                for job, details in self._site.client.map(self._read, jobs, ahead=1, at_once=_UNITS):
                    if details is not None:
                        yield from self._records(job, details)
                    elif job.is_end:
                        self._end(job.of)
                        done.append(job.of)
                    else:
                        yield Expected(job.of.place, job.count)
            if self._ended_by is not None:
                raise self._ended_by
        except SourceUnavailable:
            yield from self._finish([one for one in done if not one.missed])  # what was not walked any more may hold those
            raise
        yield from self._finish(done)

    def _know(self, instance: About) -> None:
        self._instance = instance
        self._sprint_fields = tuple(_fields_of(instance, _SPRINTS))
        self._parent_fields = tuple(_fields_of(instance, _PARENTS))

    def _who(self) -> str | None:
        me = self._site.myself()
        return None if me is None else str(person_id(me))

    # Projects

    def _projects(self) -> _Projects:
        """Return place and key of the projects to walk, and why the others that were asked for cannot be."""
        parts = self._options.parts
        found: list[tuple[str, str]] = []
        failed: dict[str, tuple[str, str]] = {}
        wanted = self._scope.places
        if not wanted:
            divided = {part.project.upper() for part in parts.values()}
            found = [(project.key, project.key) for project in read_projects(self._site) if project.key.upper() not in divided]
            wanted = tuple(parts)
        for place in wanted:
            try:
                project = self._project(parts[place].project if place in parts else place)
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

    def _bounds(self, place: str) -> tuple[int, ...]:
        said = self._known.watermark(f"ranges {place}") or ""
        return tuple(int(bound) for bound in said.split(",") if bound.isdigit())

    def _prepare(self, key: str, places: list[tuple[str, int | None, tuple[int, ...]]]) -> list[_Prepared]:
        """Return the places of a Jira project, each with its issues; what several parts claim belongs to the first."""
        prepared = [self._prepare_one(key, *said) for said in places]
        listed: set[str] = set()
        failed: _Prepared | None = None
        for one in prepared:
            if failed and not one.problem:  # which issues the failed part would have claimed, nobody knows
                one.problem, one.detail = failed.problem, f"{failed.place}, which goes before it, could not be listed"
            elif one.problem:
                failed = failed or one
        for one in prepared:
            one.listed = {issue: seen for issue, seen in one.listed.items() if issue not in listed}
            listed |= one.listed.keys()
        for one in prepared:
            one.listed_beside = listed
        return prepared

    def _prepare_one(self, key: str, place: str, since: int | None, bounds: tuple[int, ...]) -> _Prepared:
        prepared = _Prepared(place, key, is_delta=since is not None, bounds=bounds, begun=_ms(datetime.now(UTC) + self._skew))
        part = self._options.parts.get(place)
        of_part = condition_of(part) if part else ""
        condition = " AND ".join(filter(None, (of_part, "" if since is None else f"updated >= {since}")))
        jobs: tuple[Callable[[], Any], ...] = (lambda: can_browse(self._site, key), lambda: self._list(prepared, condition))
        hindered, _ = self._site.client.map(lambda job: job(), jobs)
        if hindered:
            prepared.problem = hindered
            prepared.detail = "the account may not browse it" if hindered == "permission_denied" else ""
        return prepared

    def _list(self, prepared: _Prepared, condition: str) -> None:
        try:
            listed = listing(self._site, prepared.key, condition, () if prepared.is_delta else prepared.bounds)
            prepared.listed, prepared.bounds = listed.issues, listed.bounds
        except NOT_SEEN as error:
            # 400 says that the query is wrong, or names what the account may not see: our queries are not wrong, the word of a part may be.
            is_hidden = isinstance(error, Rejected) and error.status == 400 and prepared.place not in self._options.parts
            prepared.problem, prepared.detail = "permission_denied" if is_hidden else why_not(error), error.message
        except SourceError as error:
            prepared.problem, prepared.detail = "source_error", error.message

    # One project

    def _jobs(self, grouped: Mapping[str, Any], instance: Future[About]) -> Generator[_Job, None, None]:
        """Yield what is to be read, project by project: first how much it will be, then the issues, then its end."""
        self._know(instance.result())
        with closing(self._site.client.map(lambda job: self._prepare(*job), grouped.items(), ahead=_AHEAD)) as groups:
            try:
                for group in groups:
                    for prepared in group:
                        if not prepared.problem:
                            yield from self._jobs_of(prepared)
                        yield _Job(prepared, is_end=True)
            except SourceUnavailable as error:  # what is read already of the projects before comes first
                self._ended_by = error

    def _jobs_of(self, prepared: _Prepared) -> Iterator[_Job]:
        prepared.known = self._known_of(prepared)
        wanted, unlisted = self._compare(prepared)
        if not prepared.is_delta:
            # Not listed: moved, gone, or only late in the search. Asked for by its id each tells.
            ids = (key.removeprefix(ISSUE) for key in unlisted)
            beside, met = prepared.listed_beside, self._met
            prepared.missed = sorted(issue for issue in ids if issue.isdigit() and issue not in beside and issue not in met)
        prepared.newest = max(map(_UPDATED, prepared.listed.values()), default=-1)
        prepared.listed = {}
        yield _Job(prepared, count=len(wanted) + 1)
        for unit in _units(wanted):
            yield _Job(prepared, unit)
        for unit in _units({issue: Seen(issue, "", -1) for issue in prepared.missed}):
            yield _Job(prepared, unit, is_missed=True)

    def _read(self, job: _Job) -> tuple[_Job, Details | None]:
        return job, read_details(self._site, job.unit) if job.unit else None

    def _records(self, job: _Job, details: Details) -> Iterator[Pulled]:
        """Yield the issues that were read.

        Those that moved come with the project that they left, or with that in which they are now, whichever is walked first.
        """
        if not job.is_missed:
            job.of.unread += details.missing
        for issue, detail in details.issues.items():
            if issue not in self._met and (record := self._record(detail, job.of, is_missed=job.is_missed)) is not None:
                yield from self._kept(record, is_whole=detail.is_whole)

    def _end(self, prepared: _Prepared) -> None:
        if prepared.unread:
            self._check_unread(prepared)
        prepared.known = {}

    def _kept(self, record: Record, *, is_whole: bool) -> Iterator[Pulled]:
        yield record
        self._meet(record)
        if not is_whole:
            self._broken.setdefault(record.place, []).append(record.key)

    def _known_of(self, prepared: _Prepared) -> Mapping[str, str]:
        """Return key → fingerprint of what is known of a project; where changes only are listed, of those."""
        if not prepared.is_delta:
            return self._known.fingerprints(prepared.place)
        keys = (ISSUE + issue for issue in prepared.listed)
        return {key: fingerprint for key in keys if (fingerprint := self._known.fingerprint(key)) is not None}

    def _check_unread(self, prepared: _Prepared) -> None:
        """Look whether issues that were listed and could not be read are listed still: if not, they vanished meanwhile."""
        again = _Prepared(prepared.place, prepared.key)
        self._list(again, condition_of(self._options.parts[prepared.place]) if prepared.place in self._options.parts else "")
        if still := [ISSUE + issue for issue in prepared.unread if again.problem or issue in again.listed]:
            self._broken.setdefault(prepared.place, []).extend(still)

    def _compare(self, prepared: _Prepared) -> tuple[dict[str, Seen], Collection[str]]:
        """Return the issues by id that are not known as they are listed, and the keys of what is known and not listed."""
        wanted = {}
        tails = set()  # what hangs on fingerprints: few, of many issues
        rest = dict(prepared.known)
        take, begin_of = rest.pop, self._listed_as
        for seen in prepared.listed.values():
            fingerprint, begin = take(ISSUE + seen.id, ""), begin_of(seen)
            if fingerprint == begin:  # nearly all of a pull that finds little: while one project is compared, others wait
                continue
            if fingerprint.startswith(begin + " "):
                tails.add(fingerprint[len(begin) :])
            elif seen.id not in self._met:
                wanted[seen.id] = seen
        in_sprints = self._in_sprints.setdefault(prepared.place, set())
        in_parents = self._parents.setdefault(prepared.place, set())
        for tail in tails:
            in_sprints |= _named_in(_ANY + tail, _IN_SPRINTS)
            in_parents |= _named_in(_ANY + tail, _HAS_PARENTS)
        if self._parent_fields:
            self._ids |= {seen.key: seen.id for seen in prepared.listed.values()}
        return wanted, rest.keys()

    def _meet(self, record: Record) -> None:
        issue = record.key.removeprefix(ISSUE)
        self._met.add(issue)
        self._in_sprints.setdefault(record.place, set()).update(_named_in(record.fingerprint, _IN_SPRINTS))
        for parent in _named_in(record.fingerprint, _HAS_PARENTS):
            self._parents.setdefault(record.place, set()).add(parent)
            self._read_children.setdefault(parent, {})[issue] = _key_in(record.fingerprint)

    def _finish(self, done: list[_Prepared]) -> Iterator[Pulled]:
        """Tell what stands beside the issues and how the projects were walked, when no issue can come any more.

        Before that it is asked whether we still are who we were: a stranger sees less, and nothing else says so.
        """
        if self._who() != self._account:
            raise NotAccepted("the account changed while it was read", hint="pull again")
        former: set[str] = set()  # keys that no issue has any more
        for prepared in done:
            gone = [ISSUE + issue for issue in prepared.missed if issue not in self._met]
            former |= {_key_in(self._known.fingerprint(key) or "") for key in gone}
            yield from map(Gone, gone)
        for prepared in done:
            if not prepared.problem:
                yield from self._settle_parents(prepared, former)
        for prepared in done:
            if not prepared.problem:
                prepared.about = self._abouts[prepared.place].result()
                yield self._about(prepared, self._sprints_of(prepared))
        for prepared in done:
            yield from self._walked(prepared)

    def _settle_parents(self, prepared: _Prepared, former: set[str]) -> Iterator[Pulled]:
        """Find the parents that issues name by a key, and read those again that name one by a key of before.

        That an epic was moved touches nothing that belongs to it, and the epic may be of any project.
        """
        named = self._parents.setdefault(prepared.place, set())
        if prepared.is_delta:
            named |= set(filter(None, (self._known.watermark(f"parents {prepared.place}") or "").split(",")))
        found = read_ids(self._site, sorted(named - self._ids.keys()))
        stale = {key for key, (_, now) in found.items() if now != key} | (named & former)
        self._ids |= {now: number for number, now in found.values()}
        if stale:
            known = self._known.fingerprints(prepared.place)
            children = {
                key.removeprefix(ISSUE): _key_in(fingerprint)
                for key, fingerprint in known.items()
                if key.startswith(ISSUE) and not stale.isdisjoint(_named_in(fingerprint, _HAS_PARENTS))
            }
            for key in stale:
                children |= self._read_children.get(key, {})  # perhaps not written yet
            named -= stale
            for unit in _units({issue: Seen(issue, key, -1) for issue, key in children.items()}):
                for detail in read_details(self._site, unit).issues.values():
                    if (record := self._record(detail, prepared)) is not None:
                        yield from self._kept(record, is_whole=detail.is_whole)
        prepared.parents = {key: number for key in sorted(named) if (number := self._ids.get(key))}

    def _sprints_of(self, prepared: _Prepared) -> set[str]:
        """Return the sprints that issues of a project are in."""
        found = set(self._in_sprints.get(prepared.place, ()))
        if prepared.is_delta:
            found |= set(filter(None, (self._known.watermark(f"sprints {prepared.place}") or "").split(",")))
        prepared.sprints = found
        return found

    def _place_of(self, document: dict[str, Any], seen: Seen, prepared: _Prepared, *, is_missed: bool) -> str | None:
        """Return the place that an issue belongs to now; None: it is out of what is asked for, or its own walk tells."""
        key = place_of(document)
        if key == prepared.key and prepared.place in self._options.parts:
            # Which part it is in, only the search tells. What did not change did not leave, and is only late in the search.
            is_same = f"{prepared.known.get(ISSUE + seen.id, '')} ".startswith(f"{self._listed_as(seen)} ")
            return prepared.place if not is_missed or is_same else None
        return self._places.get(key)

    def _record(self, detail: Detail, prepared: _Prepared, *, is_missed: bool = False) -> Record | None:
        document = detail.payload["documents"][0]
        seen = seen_of(document)
        place = self._place_of(document, seen, prepared, is_missed=is_missed) if seen else None
        if seen is None or place is None:
            return None
        return Record(
            ISSUE + seen.id,
            "jira.issue",
            place,
            detail.payload,
            self._fingerprint(seen, document) if detail.is_whole else "",
            url=self._url(seen.key),
            version=str(seen.updated) if seen.updated >= 0 else "",
            changed_at=_at(seen.updated) if seen.updated >= 0 else None,
            content_hash=sha256(orjson.dumps(detail.payload, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        )

    def _url(self, key: str) -> str:
        return f"{self._options.url.rstrip('/')}/browse/{key}"

    def _listed_as(self, seen: Seen) -> str:
        """Return what an issue is compared by: also the product, since a move to the Cloud names everybody anew."""
        return f"{self._version} {seen.updated} {seen.key}"

    def _fingerprint(self, seen: Seen, document: dict[str, Any]) -> str:
        """Return what an issue is compared by, and what changes without it: the sprints that it is in, the keys of its parents."""
        fields = document["fields"]
        values = [fields.get(name) for name in self._sprint_fields]
        sprints = [sprint(item) for value in values for item in (value if isinstance(value, list) else [value])]
        ids = sorted({str(identifier(item.get("id"))) for item in sprints if item})
        parents = sorted({key for name in self._parent_fields if (key := key_of(fields.get(name)))})
        if not ids and not parents:
            return self._listed_as(seen)
        return f"{self._listed_as(seen)} {','.join(ids)} {','.join(parents)}"

    def _other_sprints(self, prepared: _Prepared, sprints: set[str]) -> list[dict[str, Any]]:
        """Return the sprints of other projects' boards that issues of this one are in."""
        lists = [meta["data"] for meta in prepared.about.metas if meta["kind"] == "sprints"]
        own = {str(item["id"]): item for listed in lists for item in listed}
        self._sprints |= own
        missing = sorted(number for number in sprints - own.keys() - self._sprints.keys() if number.isdigit())
        for number, found in zip(missing, self._site.client.map(lambda number: read_sprint(self._site, number), missing), strict=True):
            self._sprints[number] = found
        return [found for number in sorted(sprints - own.keys()) if (found := self._sprints.get(number))]

    def _about(self, prepared: _Prepared, sprints: set[str]) -> Pulled:
        about = prepared.about
        if others := self._other_sprints(prepared, sprints):
            about.add("sprints", "", others, is_whole=False)
        if prepared.parents:
            about.add("parents", prepared.key, prepared.parents)
        gaps = {**self._instance.gaps, **about.gaps}
        metas = [*self._instance.metas, *about.metas, {"kind": "coverage", "place": prepared.key, "is_whole": True, "data": gaps}]
        payload: dict[str, Any] = {
            "key": prepared.key,
            "part": prepared.place in self._options.parts,
            "is_only": False,
            "statuses": {},
            "names": {},
            "shapes": {},
            "points": {},
        }
        payload["meta"] = sorted(metas, key=lambda meta: (meta["kind"], content_digest(meta["data"])))
        fingerprint = digest(str(VERSION), prepared.place, content_digest(payload))
        if self._known.fingerprint(ABOUT + prepared.place) == fingerprint:
            return Unchanged(ABOUT + prepared.place)
        return Record(ABOUT + prepared.place, "jira.project", prepared.place, payload, fingerprint, url=self._url(prepared.key))

    def _walked(self, prepared: _Prepared) -> Iterator[Pulled]:
        place = prepared.place
        if prepared.problem:
            yield Walked(place, is_complete=False, reason=prepared.problem, detail=prepared.detail)
            return
        if prepared.newest >= 0:  # where nothing was seen, the earlier mark stays: a change may still come into the search late
            yield Mark(place, f"updated {place}", str(min(prepared.newest, prepared.begun)))
        if not prepared.is_delta:
            yield Mark(place, f"census {place}", str(prepared.begun))
            yield Mark(place, f"ranges {place}", ",".join(map(str, prepared.bounds)))
        yield Mark(place, f"sprints {place}", ",".join(sorted(prepared.sprints)))
        yield Mark(place, f"parents {place}", ",".join(sorted(prepared.parents)))
        broken = self._broken.get(place, [])
        detail = f"could not be read, or not whole: {_named(broken)}" if broken else ""
        yield Walked(place, not broken, "page_failed" if broken else "", detail, self._url(prepared.key), is_delta=True)


def _word_of(server: Server) -> str:
    return _CLOUD if server.is_cloud else _SERVER


def _units(wanted: Mapping[str, Seen]) -> list[dict[str, Seen]]:
    pairs = list(wanted.items())
    return [dict(pairs[begin : begin + UNIT]) for begin in range(0, len(pairs), UNIT)]


_HAS_KEY, _IN_SPRINTS, _HAS_PARENTS = 2, 3, 4  # words of a fingerprint
_UPDATED = attrgetter("updated")
_ANY = "live 0 KEY"  # the words before those of any fingerprint


def _named_in(fingerprint: str, word: int) -> set[str]:
    words = fingerprint.split(" ")
    return set(filter(None, words[word].split(","))) if len(words) == 5 else set()


def _key_in(fingerprint: str) -> str:
    words = fingerprint.split(" ")
    return words[_HAS_KEY] if len(words) > _HAS_KEY and words[0].startswith("live") else ""


_SPRINTS = frozenset({"gh-sprint"})
_PARENTS = frozenset({"gh-epic-link", "jpo-custom-field-parent"})


def _fields_of(instance: About, types: frozenset[str]) -> Iterator[str]:
    """Yield the custom fields of these declared types."""
    for meta in instance.metas:
        if meta["kind"] == "fields":
            for item in meta["data"]:
                schema = item.get("schema")
                custom = schema.get("custom") if isinstance(schema, dict) else None
                if isinstance(custom, str) and custom.rpartition(":")[2] in types and isinstance(item.get("id"), str):
                    yield item["id"]


def _named(names: Iterable[str]) -> str:
    listed = sorted(set(names))
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return ", ".join(listed[:_MOST_NAMED]) + more


def _at(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
