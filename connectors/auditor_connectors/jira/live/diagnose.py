"""What a Jira says of itself and of us: for `auditor doctor`."""

from collections.abc import Iterable
from datetime import UTC, datetime

from auditor.connect.protocol import Diagnosis, Scope
from auditor_connectors.jira.live.metadata import may, read_projects
from auditor_connectors.jira.live.site import NOT_SEEN, Site, why_not
from auditor_connectors.jira.values import identifier, masked, person_name

_MOST_NAMED = 20
_MOST_ASKED = 50


_OF_ISSUES = ("work_item", "comment", "worklog", "link", "sprint_item", "history_entry")
_OF_ADMINISTRATORS = ("role", "access_right")
_OF_PROJECTS = ("milestone", "sprint", "board_column", *_OF_ADMINISTRATORS)


def diagnose(site: Site, scope: Scope, registers: Iterable[str] = ()) -> Diagnosis:
    """Return as whom we are known, what we may see, and how the Jira is.

    Args:
        site: the Jira.
        scope: which projects.
        registers: tables that issues become rows of.

    Raises:
        AccessDenied: the token is not accepted.
        SourceUnavailable: the Jira does not answer.
    """
    server = site.server
    asked_at = datetime.now(UTC)
    skew = (server.time - asked_at).total_seconds() if server.time else site.client.skew_seconds
    me = site.myself()
    account = "nobody (no token is configured): only what is public is seen"
    if me is not None:
        login = identifier(me.get("accountId") or me.get("name") or me.get("key")) or ""
        zone = f", time zone {me['timeZone']}" if isinstance(me.get("timeZone"), str) else ""
        account = f"{person_name(me.get('displayName')) or 'without a name'} ({masked(login)}){zone}"
    seen, hidden = _projects(site, scope, (*_OF_ISSUES, *sorted(registers)))
    unseen = [*hidden, "issues, comments and worklogs that are restricted to others: nothing tells how many there are"]
    product = f"Jira {'Cloud, REST v3' if server.is_cloud else 'Data Center or Server, REST v2'}, version {server.version or 'not told'}"
    return Diagnosis(account, product, tuple(seen), tuple(unseen), skew, _head_room(site), hidden)


def _projects(site: Site, scope: Scope, of_issues: tuple[str, ...]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Return what is seen, and what is not → tables that are not complete for it."""
    visible = {project.key for project in read_projects(site)}
    wanted = sorted(scope.places or visible)
    seen: list[str] = []
    everything = (*of_issues, *_OF_PROJECTS)
    hidden = {f"{key}: not there, or not visible: ask for Browse Projects": everything for key in wanted if key not in visible}
    administered = 0
    asked = [key for key in wanted if key in visible][:_MOST_ASKED]
    for key in asked:
        try:
            held = may(site, key)
        except NOT_SEEN as error:
            hidden[f"{key}: {why_not(error).replace('_', ' ')}"] = everything
            continue
        if held["BROWSE_PROJECTS"] is not False:
            seen.append(key)
        else:
            hidden[f"{key}: its issues: ask for Browse Projects"] = of_issues
        administered += bool(held["ADMINISTER_PROJECTS"] or held["ADMINISTER"])
    if asked and administered < len(asked):
        hidden[f"who holds which role and right in {len(asked) - administered} of {len(asked)} projects: ask for Administer Projects"] = (
            _OF_ADMINISTRATORS
        )
    lines = [f"{len(visible)} projects; of those asked for: {_named(seen)}"] if seen else [f"{len(visible)} projects"]
    return lines, hidden


def _named(keys: list[str]) -> str:
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return ", ".join(keys[:_MOST_NAMED]) + more


def _head_room(site: Site) -> str:
    left, most = site.client.header("X-RateLimit-Remaining"), site.client.header("X-RateLimit-Limit")
    if left is not None:
        rate, every = site.client.header("X-RateLimit-FillRate"), site.client.header("X-RateLimit-Interval-Seconds")
        refill = f", {rate} more every {every} s" if rate and every else ""
        return f"{left} of {most or '?'} requests left{refill}"
    return site.client.header("Beta-RateLimit") or ""
