"""Which issues there are: lists of ids with the moment of their last change, complete though others edit meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditor.errors import Rejected, SourceUnavailable
from auditor_connectors.jira.live.site import Site
from auditor_connectors.jira.options import Part
from auditor_connectors.jira.values import identifier, instant

CLOUD_PAGE = 5_000
SERVER_PAGE = 1_000
_MOST_PAGES = 20_000
_WALKS = 3
_MINUTE = 60_000
_MOST_RANGES = 64
_BACK = 50
"""How many issues are gone back when the last one of a page vanished before the next page was asked for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An issue as the search shows it. *updated*: milliseconds since 1970; -1: it does not say."""

    id: str
    key: str
    updated: int


@dataclass(slots=True)
class Listed:
    """The issues of a list by id.

    Attributes:
        bounds: moments of creation (milliseconds since 1970) that part the list into ranges of about a page each, for the next time.
    """

    issues: dict[str, Seen] = field(default_factory=dict)
    bounds: tuple[int, ...] = ()


def quoted(value: str) -> str:
    """Return *value* as a value of JQL.

    Raises:
        Rejected: it holds a character that no name has.
    """
    if any(not letter.isprintable() for letter in value):
        raise Rejected(f"no name of a project: {value!r}")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def condition_of(part: Part) -> str:
    """Return which issues of its project a part holds, as JQL."""
    if part.component:
        return f"component = {quoted(part.component)}"
    return f"labels = {quoted(part.label)}" if part.label else f"({part.jql})"


def listing(site: Site, project: str, condition: str = "", bounds: Sequence[int] = ()) -> Listed:
    """Return the issues of a project, those that meet *condition* (JQL) only.

    Args:
        site: the Jira.
        project: its key.
        condition: JQL.
        bounds: `Listed.bounds` of an earlier time. The ranges between them are asked for side by side: when an issue was created never
            changes, so that each issue is in exactly one of them.

    Raises:
        AccessDenied, NotVisible, Rejected: the project cannot be searched.
        SourceUnavailable: the search does not come to its end.
    """
    where = f"project = {quoted(project)}" + (f" AND {condition}" if condition else "")
    if bounds:
        try:
            if (listed := _ranges(site, where, tuple(bounds))) is not None:
                return listed
        except Rejected:
            pass  # a Jira that does not compare moments of creation so: what is wrong with the query otherwise, the plain one tells
    return _range(site, where, 0, is_open=True)


def _ranges(site: Site, where: str, bounds: tuple[int, ...]) -> Listed | None:
    """Return the ranges together; None when they are less than Data Center counts in all."""
    conditions = [
        f"{where}{f' AND created >= {begin}' if begin else ''}{f' AND created < {end}' if end else ''}"
        for begin, end in zip([0, *bounds], [*bounds, None], strict=True)
    ]
    last = len(bounds)  # only this range grows
    jobs: list[Callable[[], Listed | int]] = [
        lambda number=number: _range(site, conditions[number], bounds[-1], is_open=number == last)  # type: ignore[misc]
        for number in range(len(conditions))
    ]
    if not site.is_cloud:  # Cloud counts approximately only
        jobs.append(lambda: _count(site, where))
    listed = Listed(bounds=bounds)
    for found in site.client.map(lambda job: job(), jobs):
        if isinstance(found, Listed):
            listed.issues |= found.issues
            listed.bounds += found.bounds
        elif found > len(listed.issues):
            return None
    return listed if len(listed.bounds) < _MOST_RANGES else Listed(listed.issues)


def _range(site: Site, where: str, begin: int, *, is_open: bool) -> Listed:
    """Return one range; of an open one, which begins at *begin*, also where to part it the next time."""
    fields = ["updated", "created"] if is_open else ["updated"]
    created: list[int] = []
    most = 0
    found: dict[str, Seen] = {}
    for page in _by_cursor(site, where, fields) if site.is_cloud else _by_key(site, where, fields):
        issues = _issues(page)
        most = max(most, len(issues))
        found |= {seen.id: seen for seen in issues}
        if is_open:
            created += _created(page)
    return Listed(found, tuple(_bounds(sorted(created), most, begin)) if len(found) > most else ())


def _created(page: dict[str, Any]) -> Iterator[int]:
    for document in page["issues"]:
        fields = document.get("fields") if isinstance(document, dict) else None
        at = instant(fields.get("created")) if isinstance(fields, dict) else None
        if isinstance(at, datetime):
            yield int(at.timestamp() * 1000)


def _bounds(created: list[int], page: int, begin: int) -> Iterator[int]:
    """Yield where to part a list into ranges that are a little smaller than a page: whole minutes, since not every Jira keeps more."""
    step = max(1, page * 4 // 5, len(created) // (_MOST_RANGES // 2))
    last = begin
    for place in range(step, len(created) - step // 2, step):
        bound = created[place] // _MINUTE * _MINUTE
        if bound > last:
            last = bound
            yield bound


def _by_cursor(site: Site, where: str, fields: list[str]) -> Iterator[dict[str, Any]]:
    """Cloud: yield page after page by token. The order is that of keys, which no edit changes."""
    body: dict[str, Any] = {"jql": f"{where} ORDER BY key ASC", "maxResults": CLOUD_PAGE, "fields": fields}
    tokens: set[str] = set()
    for _ in range(_MOST_PAGES):
        page = site.ask("search/jql", body)
        yield page
        token = page.get("nextPageToken")
        if page.get("isLast") is True or not isinstance(token, str) or not token:
            return
        if token in tokens:
            raise SourceUnavailable("the search gives the same page token again and again", hint="a fault of Jira, or of a proxy before it")
        tokens.add(token)
        body = {**body, "nextPageToken": token}
    raise SourceUnavailable("the search does not end")


def _by_key(site: Site, where: str, fields: list[str]) -> Iterator[dict[str, Any]]:
    """Data Center: yield pages by ranges of keys, since offsets skip what moves up when others edit, and end at 10,000.

    An issue that is moved or deleted just when its key was the end of a page takes the rest of the list with it: the number of issues that
    Jira counted tells it, and the walk is made again.
    """
    found: set[str] = set()
    for _ in range(_WALKS):
        expected = None
        for page in _key_pages(site, where, fields):
            total = page.get("total")
            if expected is None and isinstance(total, int):
                expected = total
            found |= {seen.id for seen in _issues(page)}
            yield page
        if expected is None or len(found) >= expected or len(found) >= _count(site, where):
            return
    raise SourceUnavailable("the list of issues changes faster than it can be read", hint="pull again at a quieter time")


def _count(site: Site, where: str) -> int:
    total = site.search({"jql": where, "maxResults": 0, "fields": ["updated"]}).get("total")
    return total if isinstance(total, int) else 0


def _key_pages(site: Site, where: str, fields: list[str]) -> Iterator[dict[str, Any]]:
    ends: list[str] = []  # keys that were seen, in order; the last that still is an issue ends the range
    ids: set[str] = set()
    misses = 0
    for _ in range(_MOST_PAGES):
        after = f" AND issuekey > {quoted(ends[-1])}" if ends else ""
        try:
            page = site.search(
                {"jql": f"{where}{after} ORDER BY issuekey ASC", "startAt": 0, "maxResults": SERVER_PAGE, "fields": fields},
            )
        except Rejected:
            # The issue at the end of the last page is gone: Jira refuses to compare with it. The one before will do.
            misses += 1
            if not ends or misses > _BACK:
                raise
            ends.pop()
            continue
        yield page
        issues = _issues(page)
        total = page.get("total")
        if not issues or (isinstance(total, int) and total <= len(issues)):
            return
        if not {seen.id for seen in issues} - ids and not misses:
            raise SourceUnavailable("the search gives the same page again and again", hint="a fault of Jira, or of a proxy before it")
        ids |= {seen.id for seen in issues}
        ends = [*ends, *(seen.key for seen in issues)][-_BACK:]
        misses = 0
    raise SourceUnavailable("the search does not end")


def _issues(page: dict[str, Any]) -> list[Seen]:
    listed = page.get("issues")
    if not isinstance(listed, list):
        raise SourceUnavailable("an answer to a search without issues", hint="is this address the Jira's?")
    found = []
    for issue in listed:
        seen = seen_of(issue)
        if seen is not None:
            found.append(seen)
    return found


def seen_of(issue: Any) -> Seen | None:
    """Return id, key and last change of an issue document; None when it is none."""
    if not isinstance(issue, dict):
        return None
    issue_id, key = identifier(issue.get("id")), identifier(issue.get("key"))
    if issue_id is None or key is None:
        return None
    fields = issue.get("fields")
    updated = instant(fields.get("updated")) if isinstance(fields, dict) else None
    return Seen(issue_id, key, int(updated.timestamp() * 1000) if isinstance(updated, datetime) else -1)
