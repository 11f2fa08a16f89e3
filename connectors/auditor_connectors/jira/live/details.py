"""Issues with everything that hangs on them: whole histories, comments and worklogs, however they were cut off."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import Rejected, SourceUnavailable
from auditor_connectors.jira.live.search import Seen, quoted, seen_of
from auditor_connectors.jira.live.site import NOT_SEEN, Site, why_not
from auditor_connectors.jira.values import identifier

UNIT = 300
"""Issues that are read together: three bulk reads and one of histories."""
_BULK = 100
"""How many Cloud gives at once."""
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


def read_details(site: Site, listed: Mapping[str, Seen]) -> Details:
    """Return issues, whole; one that vanished meanwhile costs nothing but itself.

    Args:
        site: the Jira.
        listed: id → the issue as a list showed it; without a key, and with -1 as its last change, where only the id is known.

    Raises:
        SourceUnavailable: the Jira does not answer.
        AccessDenied: nobody is signed in any more.
    """
    found = Details()
    ids = list(listed)
    keys = {issue: seen.key for issue, seen in listed.items()}
    size = _BULK if site.is_cloud else UNIT
    chunks = [ids[begin : begin + size] for begin in range(0, len(ids), size)]
    jobs: list[Callable[[], Any]] = [lambda chunk=chunk: _documents(site, chunk, keys) for chunk in chunks]  # type: ignore[misc]
    if site.is_cloud:
        jobs.append(lambda: _histories(site, ids))
    answers = list(site.client.map(lambda job: job(), jobs))
    documents = {issue: document for some in answers[: len(chunks)] for issue, document in some.items()}
    histories = answers[-1] if site.is_cloud else None
    if histories is not None:
        # Read beside the documents: what changed behind the list may be in a document and not in its history. As the document tells
        # of the change, no later pull would read it again.
        changed = [issue for issue in ids if issue in documents and seen_of(documents[issue]) != listed[issue]]
        histories = _histories(site, changed, histories) if changed else histories
    for issue in ids:
        if issue not in documents:
            found.missing.append(issue)
            continue
        detail = found.issues[issue] = Detail({"documents": [documents[issue]]})
        if histories is not None:
            detail.payload["changelogs"] = [{"histories": histories[issue], "isBulk": True}]
    for issue, log_is_whole in site.client.map(
        lambda item: (item[0], _complete_log(site, item[0], keys[item[0]], item[1])), _without_log(site, found.issues)
    ):
        found.issues[issue].is_whole = log_is_whole
    for issue, part_is_whole in site.client.map(
        lambda job: (job[0], _paged(site, job[0], found.issues[job[0]], *job[1], job[1][1])), _cut_parts(site, found.issues)
    ):
        found.issues[issue].is_whole &= part_is_whole
    return found


_PARTS = (("comment", "comments"), ("worklog", "worklogs"))


def _without_log(site: Site, details: dict[str, Detail]) -> Iterator[tuple[str, Detail]]:
    """Yield the issues whose history has to be asked for singly."""
    for issue, detail in details.items():
        log = detail.payload["documents"][0].get("changelog")
        is_here = "changelogs" in detail.payload or (not site.is_cloud and isinstance(log, dict) and not _is_cut(log, "histories"))
        if not is_here:
            yield issue, detail


def _cut_parts(site: Site, details: dict[str, Detail]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the parts that have to be asked for singly: issue, and the part's name and that of its items."""
    for issue, detail in details.items():
        fields = detail.payload["documents"][0]["fields"]
        for name, items in _PARTS:
            part = fields.get(name)
            if isinstance(part, dict):
                if _is_cut(part, items):
                    yield issue, (name, items)
            elif name in site.given:
                yield issue, (name, items)
            elif name not in site.refused:  # switched off, or left out by this Jira: whoever asks for it once knows
                if _paged(site, issue, detail, name, items, items):
                    site.given.add(name)
                else:
                    site.refused.add(name)


def read_ids(site: Site, keys: list[str]) -> dict[str, tuple[str, str]]:
    """Return key → id and present key of issues, also by keys that they had before. Those that are not to be seen are left out.

    Raises:
        SourceUnavailable: the Jira does not answer.
        AccessDenied: nobody is signed in any more.
    """
    chunks = [keys[begin : begin + _BULK] for begin in range(0, len(keys), _BULK)]
    found: dict[str, tuple[str, str]] = {}
    for some in site.client.map(lambda chunk: _ids(site, chunk), chunks):
        found |= some
    return found


def _ids(site: Site, keys: list[str]) -> dict[str, tuple[str, str]]:
    try:
        if site.is_cloud:
            answer = site.ask("issue/bulkfetch", {"issueIdsOrKeys": keys, "fields": ["updated"]})
        else:
            jql = f"key in ({','.join(map(quoted, keys))})"
            answer = site.search({"jql": jql, "startAt": 0, "maxResults": len(keys), "fields": ["updated"], "validateQuery": False})
        by_key = {str(item.get("key")): item for item in _dicts(answer.get("issues"))}
    except Rejected:
        by_key = {}
    for key in keys:
        if key not in by_key and (alone := _one(site, key)) is not None:  # answered to a key that it had before
            by_key[key] = alone
    found = {key: (identifier(by_key[key].get("id")), str(by_key[key].get("key"))) for key in keys if key in by_key}
    return {key: (number, now) for key, (number, now) in found.items() if number}


# Documents


def _documents(site: Site, ids: list[str], keys: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the documents of these issues by id. A page may hold fewer than were asked for: the rest is asked for again, then singly."""
    documents: dict[str, dict[str, Any]] = {}
    waiting = list(ids)
    while waiting:
        try:
            page = _bulk(site, waiting, keys)
        except Rejected:
            if len(waiting) == 1:
                page = []
            else:  # one of them is the reason; which one is not said
                half = len(waiting) // 2
                return documents | _documents(site, waiting[:half], keys) | _documents(site, waiting[half:], keys)
        before = len(documents)
        for document in page:
            issue = identifier(document.get("id"))
            if issue in waiting and isinstance(document.get("fields"), dict):
                documents[issue] = document
        waiting = [issue for issue in waiting if issue not in documents]
        if len(documents) == before:
            break
    for issue in waiting:
        if (alone := _single(site, issue, keys[issue])) is not None:
            documents[issue] = alone
    return documents


def _bulk(site: Site, ids: list[str], keys: Mapping[str, str]) -> list[dict[str, Any]]:
    if site.is_cloud:
        answer = site.ask("issue/bulkfetch", {"issueIdsOrKeys": ids, "fields": ["*all"]})
    else:
        # Unvalidated: an issue that vanished meanwhile is left out instead of failing the others.
        names = [quoted(keys[issue]) if keys[issue] else issue for issue in ids]
        body = {
            "jql": f"key in ({','.join(names)})",
            "startAt": 0,
            "maxResults": len(ids),
            "fields": ["*all"],
            "expand": ["changelog"],
            "validateQuery": False,
        }
        answer = site.search(body)
    issues = answer.get("issues")
    if not isinstance(issues, list):
        raise SourceUnavailable("an answer to a bulk read without issues")
    return [issue for issue in issues if isinstance(issue, dict)]


def _single(site: Site, issue: str, key: str) -> dict[str, Any] | None:
    """Return the document of one issue, by its id, else by its key; None when neither gives this issue."""
    for name in filter(None, (issue, key)):
        document = _one(site, name)
        if document is not None and identifier(document.get("id")) == issue and isinstance(document.get("fields"), dict):
            return document
    return None


def _one(site: Site, name: str) -> dict[str, Any] | None:
    params = {"fields": "*all"} if site.is_cloud else {"fields": "*all", "expand": "changelog"}
    try:
        return site.object(f"issue/{name}", params, endpoint="GET issue")
    except NOT_SEEN as error:
        why_not(error)
        return None


# Histories


def _histories(site: Site, ids: list[str], others: Mapping[str, list[Any]] | None = None) -> dict[str, list[Any]] | None:
    """Cloud: return the whole histories of many issues, beside *others*; what `expand` gives there is cut off and cannot be paged.

    None: the account may not read them in bulk; they are read one by one.
    """
    histories: dict[str, list[Any]] = {**(others or {}), **{issue: [] for issue in ids}}
    asked = set(ids)
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
            if issue in asked:
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


def _complete_log(site: Site, issue: str, key: str, detail: Detail) -> bool:
    """Read the history that the document holds the beginning of only, or not at all; True when it is whole now."""
    if site.is_cloud:
        return _paged(site, issue, detail, "changelog", "values", "changelogs")
    alone = _single(site, issue, key)
    if alone is None:
        return False
    detail.payload["documents"] = [alone]
    log = alone.get("changelog")
    return isinstance(log, dict) and not _is_cut(log, "histories")


def _is_cut(part: dict[str, Any], items: str) -> bool:
    total, held = part.get("total"), part.get(items)
    return isinstance(total, int) and isinstance(held, list) and total > len(held)


def _paged(site: Site, issue: str, detail: Detail, name: str, items: str, kept_as: str) -> bool:
    """Read a part page by page into the payload; False when it may not be read, or the issue is gone."""
    called = identifier(detail.payload["documents"][0].get("key")) or issue
    path, endpoint = site.api(f"issue/{called}/{name}"), f"GET issue {name}"
    try:
        if name == "worklog" and not site.is_cloud:  # gives everything at once there, and knows no paging
            pages: Iterable[dict[str, Any]] = [site.object(f"issue/{called}/{name}", endpoint=endpoint)]
        else:
            pages = list(site.pages(path, items, size=_PART_SIZE, endpoint=endpoint))
    except NOT_SEEN as error:
        why_not(error)
        return False
    detail.payload[kept_as] = [page for page in pages if isinstance(page.get(items), list)]
    return True


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
