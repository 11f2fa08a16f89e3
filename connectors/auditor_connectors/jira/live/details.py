"""Issues with everything that hangs on them: whole histories, comments and worklogs, however they were cut off."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import NotVisible, Rejected, SourceUnavailable
from auditor_connectors.jira.live.site import NOT_SEEN, Site, why_not
from auditor_connectors.jira.values import identifier

UNIT = 300
"""Issues that are read together: three bulk reads and one of histories."""
_BULK = 100
_CHANGES = 10_000
_MOST_PAGES = 5_000
_PART_SIZE = 100


@dataclass(slots=True)
class Detail:
    """One issue.

    Attributes:
        payload: as `Record.payload` holds it: the document, and further pages of its parts.
        is_whole: False: a part could not be read; the issue is read again next time.
    """

    payload: dict[str, Any]
    is_whole: bool = True


@dataclass(slots=True)
class Details:
    """The issues of one unit. *missing*: ids that are gone, or not visible any more."""

    issues: dict[str, Detail] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def read_details(site: Site, ids: list[str]) -> Details:
    """Return the issues of these ids, whole; one that vanished meanwhile costs nothing but itself.

    Raises:
        SourceUnavailable: the Jira does not answer.
        AccessDenied: nobody is signed in any more.
    """
    found = Details()
    chunks = [ids[begin : begin + _BULK] for begin in range(0, len(ids), _BULK)]
    jobs: list[Callable[[], Any]] = [lambda chunk=chunk: _documents(site, chunk) for chunk in chunks]  # type: ignore[misc]
    if site.is_cloud:
        jobs.append(lambda: _histories(site, ids))
    answers = list(site.client.map(lambda job: job(), jobs))
    documents = {issue: document for some in answers[: len(chunks)] for issue, document in some.items()}
    histories = answers[-1] if site.is_cloud else None
    for issue in ids:
        if issue not in documents:
            found.missing.append(issue)
            continue
        detail = found.issues[issue] = Detail({"documents": [documents[issue]]})
        if histories is not None:
            detail.payload["changelogs"] = [{"histories": histories[issue], "isBulk": True}]
        elif site.is_cloud:
            _paged(site, issue, detail, "changelog", "values", "changelogs")
        _complete(site, issue, detail)
    return found


# Documents


def _documents(site: Site, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return the documents of these issues by id. A page may hold fewer than were asked for: the rest is asked for again, then singly."""
    documents: dict[str, dict[str, Any]] = {}
    waiting = list(ids)
    while waiting:
        try:
            page = _bulk(site, waiting)
        except Rejected:
            if len(waiting) == 1:
                page = []
            else:  # one of them is the reason; which one is not said
                half = len(waiting) // 2
                return documents | _documents(site, waiting[:half]) | _documents(site, waiting[half:])
        before = len(documents)
        for document in page:
            issue = identifier(document.get("id"))
            if issue in waiting and isinstance(document.get("fields"), dict):
                documents[issue] = document
        waiting = [issue for issue in waiting if issue not in documents]
        if len(documents) == before:
            break
    for issue in waiting:
        if (alone := _single(site, issue)) is not None:
            documents[issue] = alone
    return documents


def _bulk(site: Site, ids: list[str]) -> list[dict[str, Any]]:
    if site.is_cloud:
        answer = site.ask("issue/bulkfetch", {"issueIdsOrKeys": ids, "fields": ["*all"]})
    else:
        # Unvalidated: an id that vanished meanwhile is left out instead of failing the others.
        body = {"jql": f"id in ({','.join(ids)})", "startAt": 0, "maxResults": len(ids), "fields": ["*all"], "expand": ["changelog"]}
        answer = site.ask("search", {**body, "validateQuery": False})
    issues = answer.get("issues")
    if not isinstance(issues, list):
        raise SourceUnavailable("an answer to a bulk read without issues")
    return [issue for issue in issues if isinstance(issue, dict)]


def _single(site: Site, issue: str) -> dict[str, Any] | None:
    params = {"fields": "*all"} if site.is_cloud else {"fields": "*all", "expand": "changelog"}
    try:
        document = site.object(f"issue/{issue}", params, endpoint="GET issue")
    except NOT_SEEN as error:
        why_not(error)
        return None
    return document if identifier(document.get("id")) == issue and isinstance(document.get("fields"), dict) else None


# Histories


def _histories(site: Site, ids: list[str]) -> dict[str, list[Any]] | None:
    """Cloud: return the whole histories of many issues; what `expand` gives there is cut off and cannot be paged.

    None: the account may not read them in bulk; they are read one by one.
    """
    histories: dict[str, list[Any]] = {issue: [] for issue in ids}
    body: dict[str, Any] = {"issueIdsOrKeys": ids, "maxResults": _CHANGES}
    tokens: set[str] = set()
    for _ in range(_MOST_PAGES):
        try:
            page = site.ask("changelog/bulkfetch", body)
        except NOT_SEEN as error:
            why_not(error)
            return None
        for log in _dicts(page.get("issueChangeLogs")):
            issue = identifier(log.get("issueId"))
            if issue in histories:
                histories[issue] += _dicts(log.get("changeHistories"))
        token = page.get("nextPageToken")
        if not isinstance(token, str) or not token:
            return histories
        if token in tokens:
            raise SourceUnavailable("the histories give one page token again and again", hint="a fault of Jira, or of a proxy")
        tokens.add(token)
        body = {**body, "nextPageToken": token}
    raise SourceUnavailable("the histories do not end")


# Parts


def _complete(site: Site, issue: str, detail: Detail) -> None:
    """Read on what the document holds the beginning of only."""
    document = detail.payload["documents"][0]
    fields = document["fields"]
    for name, items in (("comment", "comments"), ("worklog", "worklogs")):
        part = fields.get(name)
        if isinstance(part, dict) and isinstance(part.get(items), list) and _is_cut(part, items):
            _paged(site, issue, detail, name, items, items)
    log = document.get("changelog")
    if not site.is_cloud and isinstance(log, dict) and _is_cut(log, "histories"):
        alone = _single(site, issue)
        if alone is None:
            detail.is_whole = False
        else:
            detail.payload["documents"] = [alone]
            log = alone.get("changelog")
            detail.is_whole = detail.is_whole and isinstance(log, dict) and not _is_cut(log, "histories")


def _is_cut(part: dict[str, Any], items: str) -> bool:
    total, held = part.get("total"), part.get(items)
    return isinstance(total, int) and isinstance(held, list) and total > len(held)


def _paged(site: Site, issue: str, detail: Detail, name: str, items: str, kept_as: str) -> None:
    """Read a part page by page into the payload."""
    path, endpoint = site.api(f"issue/{issue}/{name}"), f"GET issue {name}"
    try:
        if name == "worklog" and not site.is_cloud:  # gives everything at once there, and knows no paging
            pages: Iterable[dict[str, Any]] = [site.object(f"issue/{issue}/{name}", endpoint=endpoint)]
        else:
            pages = list(site.pages(path, items, size=_PART_SIZE, endpoint=endpoint))
    except NotVisible:
        detail.is_whole = False  # gone between two requests: the next pull knows
        return
    except NOT_SEEN as error:
        why_not(error)
        detail.is_whole = False
        return
    detail.payload[kept_as] = [page for page in pages if isinstance(page.get(items), list)]


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
