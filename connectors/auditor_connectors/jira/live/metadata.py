"""What issues are read with, and what stands beside them: fields, statuses, versions, roles, boards, sprints, permissions.

None of it moves an issue's `updated` when it changes, so that it is read in every pull.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.errors import SourceError, SourceUnavailable
from auditor_connectors.jira.live.site import NOT_SEEN, Site, why_not
from auditor_connectors.jira.values import identifier

PERMISSIONS = ("BROWSE_PROJECTS", "ADMINISTER_PROJECTS", "ADMINISTER")


@dataclass(slots=True)
class About:
    """What is known beside the issues.

    Attributes:
        metas: as an `about:` record holds them.
        gaps: table → why it was not read completely.
    """

    metas: list[dict[str, Any]] = field(default_factory=list)
    gaps: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, place: str, data: Any, *, is_whole: bool = True) -> None:
        """Add a piece of metadata."""
        self.metas.append({"kind": kind, "place": place, "is_whole": is_whole, "data": data})

    def gap(self, reason: str, *tables: str) -> None:
        """Note that *tables* were not read completely; the first reason stays."""
        for table in tables:
            self.gaps.setdefault(table, reason)


@dataclass(frozen=True, slots=True)
class Project:
    """A project as Jira lists it."""

    id: str
    key: str
    name: str


# Instance


def read_instance(site: Site) -> About:
    """Return what holds for all projects.

    Raises:
        AccessDenied: nobody is signed in any more.
    """
    about = About()
    jobs = (
        ("fields", "field", ("work_item",)),
        ("statuses", "status", ("board_column",)),
        ("types", "issuetype", ()),
        ("priorities", "priority", ()),
        ("resolutions", "resolution", ()),
    )
    for (kind, _, tables), found in zip(jobs, site.client.map(lambda job: _try(lambda: site.items(job[1])), jobs), strict=True):
        if isinstance(found, str):
            about.gap(found, *tables)
        else:
            about.add(kind, "", [_slim(item) for item in found if isinstance(item, dict)])
    about.add("server", "", {"baseUrl": site.server.base_url, "deploymentType": "Cloud" if site.is_cloud else "Server"})
    return about


_NOISE = frozenset({"self", "iconUrl", "avatarUrls", "avatarId", "expand", "_links", "links"})
"""What changes without meaning anything."""


def _slim(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in _NOISE}


def _try(read: Callable[[], Any]) -> Any:
    """Return what is read, or the word of coverage why it is not."""
    try:
        return read()
    except NOT_SEEN as error:
        return why_not(error)
    except SourceUnavailable:
        return "source_error"


# Projects

_AT_ONCE = 2  # of one project: the list of its issues is asked for at the same time, and is waited for sooner


def read_projects(site: Site) -> list[Project]:
    """Return every project that the account may browse, by key."""
    if site.is_cloud:
        listed = site.values(site.api("project/search"), {"orderBy": "key", "status": ["live", "archived"]}, size=100)
    else:
        listed = [item for item in site.items("project", {"includeArchived": "true"}) if isinstance(item, dict)]
    return sorted(filter(None, map(project_of, listed)), key=lambda project: project.key)


def project_of(item: Any) -> Project | None:
    """Return a project of an answer, or None when it is none."""
    if not isinstance(item, dict):
        return None
    project, key = identifier(item.get("id")), identifier(item.get("key"))
    return Project(project, key, str(item.get("name") or "")) if project and key else None


def may(site: Site, key: str = "") -> dict[str, bool | None]:
    """Return which of `PERMISSIONS` the account holds, in a project or anywhere; None: the answer does not say.

    Raises:
        AccessDenied, NotVisible, Rejected: there is no such project for the account.
    """
    params: dict[str, Any] = {"projectKey": key} if key else {}
    if site.is_cloud:
        params["permissions"] = ",".join(PERMISSIONS)
    held = site.object("mypermissions", params).get("permissions")
    held = held if isinstance(held, dict) else {}
    said = {name: held[name].get("havePermission") if isinstance(held.get(name), dict) else None for name in PERMISSIONS}
    return {name: value if isinstance(value, bool) else None for name, value in said.items()}


def read_project(site: Site, key: str, roles: Mapping[str, str]) -> About:
    """Return what stands beside the issues of a project.

    Args:
        site: the Jira.
        key: of the project.
        roles: role of Jira → role of the model.

    Raises:
        AccessDenied: nobody is signed in any more.
    """
    about = About()
    jobs: tuple[Callable[[], About], ...] = (
        lambda: _described(site, key),
        lambda: _listed(site, key, "versions", "versions", "milestone"),
        lambda: _listed(site, key, "components", "components"),
        lambda: _roles(site, key, roles),
        lambda: _boards(site, key),
        lambda: _permissions(site, key),
    )
    for part in site.client.map(lambda job: job(), jobs, at_once=_AT_ONCE):
        about.metas += part.metas
        for table, reason in part.gaps.items():
            about.gap(reason, table)
    return about


def _described(site: Site, key: str) -> About:
    about = About()
    found = _try(lambda: site.object(f"project/{key}", endpoint="GET project"))
    if isinstance(found, str):
        about.gap(found, "project")
    else:
        wanted = ("id", "key", "name", "description", "lead", "projectTypeKey", "style", "simplified", "archived", "deleted")
        about.add("project", key, {name: _user(value) if name == "lead" else value for name, value in found.items() if name in wanted})
    return about


def _user(value: Any) -> Any:
    return _slim(value) if isinstance(value, dict) else value


def _listed(site: Site, key: str, what: str, kind: str, *tables: str) -> About:
    about = About()
    found = _try(lambda: site.client.get(site.api(f"project/{key}/{what}"), endpoint=f"GET project {what}").list())
    if isinstance(found, str):
        about.gap(found, *tables)
    else:
        about.add(kind, key, [_slim(item) for item in found if isinstance(item, dict)])
    return about


def _permissions(site: Site, key: str) -> About:
    """Return who is granted what in a project, by its permission scheme: administrators may see it."""
    about = About()
    found = _try(lambda: site.object(f"project/{key}/permissionscheme", {"expand": "permissions"}, endpoint="GET project permissionscheme"))
    if isinstance(found, str):
        about.gap(found, "access_right")
        return about
    grants = found.get("permissions")
    if not isinstance(grants, list):
        about.gap("page_failed", "access_right")
        return about
    # As words, so that their order, which means nothing, can be settled.
    told = {
        (str(grant.get("permission")), *(str(grant["holder"].get(name) or "") for name in ("type", "parameter", "value")))
        for grant in grants
        if isinstance(grant, dict) and isinstance(grant.get("holder"), dict)
    }
    about.add("permissions", key, [_granted(*words) for words in sorted(told)])
    return about


def _granted(permission: str, kind: str, parameter: str, value: str) -> dict[str, Any]:
    return {"permission": permission, "holder": {"type": kind, "parameter": parameter or None, "value": value or None}}


# Roles


def _roles(site: Site, key: str, mapped: Mapping[str, str]) -> About:
    about = About()
    found = _try(lambda: site.object(f"project/{key}/role", endpoint="GET project role"))
    if isinstance(found, str):
        about.gap(found, "role")
        return about
    # The answer names an address per role. Only its last part is used: the host in it may be another one's.
    numbers = sorted({link.rstrip("/").rpartition("/")[2] for link in found.values() if isinstance(link, str)})
    for part in site.client.map(lambda number: _role(site, key, number, mapped), filter(str.isdigit, numbers)):
        about.metas += part.metas
        for table, reason in part.gaps.items():
            about.gap(reason, table)
    return about


def _role(site: Site, key: str, number: str, mapped: Mapping[str, str]) -> About:
    about = About()
    role = _try(lambda: site.object(f"project/{key}/role/{number}", endpoint="GET project role actors"))
    if isinstance(role, str):
        about.gap(role, "role")
        return about
    found_actors = (_actor(site, item, about) for item in role.get("actors") or ())
    actors = [actor for actor in found_actors if actor]
    name = str(role.get("name") or number)
    about.add("role", key, {"id": number, "name": name, "mapped": mapped.get(name), "actors": actors})
    return about


def _actor(site: Site, item: Any, about: About) -> dict[str, Any] | None:
    """Return a person or a group with its members, as far as they may be seen."""
    if not isinstance(item, dict):
        return None
    if item.get("type") == "atlassian-group-role-actor":
        inner = item.get("actorGroup")
        inner = inner if isinstance(inner, dict) else {}
        name = str(inner.get("name") or item.get("name") or item.get("displayName") or "")
        group = {"name": name, "id": identifier(inner.get("groupId")) or name}
        members = _try(lambda: _members(site, inner, name))
        if isinstance(members, str):
            about.gap(members, "role")
            return {"group": group}
        return {"group": group, "members": members}
    user = item.get("actorUser")
    account = identifier(user.get("accountId")) if isinstance(user, dict) else None
    person = {"displayName": item.get("displayName")}
    if account:
        return {"user": {**person, "accountId": account}}
    login = identifier(item.get("name"))
    # Data Center names the user only; the key, which identifies people there, is asked for.
    return {"user": _named_user(site, login, person)} if login else None


def _named_user(site: Site, name: str, person: dict[str, Any]) -> dict[str, Any]:
    found = _try(lambda: site.object("user", {"username": name}, endpoint="GET user"))
    return {**person, "name": name} if isinstance(found, str) else _slim(found)


def _members(site: Site, group: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    params = {"groupId": group["groupId"]} if site.is_cloud and group.get("groupId") else {"groupname": name}
    return [_slim(user) for user in site.values(site.api("group/member"), params, endpoint="GET group member")]


# Boards and sprints


def _boards(site: Site, key: str) -> About:
    about = About()
    found = _try(lambda: site.values("rest/agile/1.0/board", {"projectKeyOrId": key}, endpoint="GET board"))
    if isinstance(found, str):
        about.gap(found, "board_column", "sprint")
        return about
    sprints: dict[str, dict[str, Any]] = {}
    jobs = [(number, str(board.get("type"))) for board in found if (number := identifier(board.get("id")))]
    for columns, listed in site.client.map(lambda job: _board(site, *job), jobs):
        if isinstance(columns, str):
            about.gap(columns, "board_column")
        else:
            about.add("board", key, {name: columns.get(name) for name in ("id", "name", "type", "columnConfig")})
        if isinstance(listed, str):
            about.gap(listed, "sprint")
        else:
            sprints |= {str(sprint["id"]): _slim(sprint) for sprint in listed if "id" in sprint}
    about.add("sprints", key, [sprints[number] for number in sorted(sprints)], is_whole="sprint" not in about.gaps)
    return about


def _board(site: Site, number: str, kind: str) -> tuple[Any, Any]:
    columns = _try(lambda: site.client.get(f"rest/agile/1.0/board/{number}/configuration", endpoint="GET board configuration").object())
    if kind == "kanban":  # has none, and answers 400 when asked
        return columns, []
    try:
        return columns, site.values(f"rest/agile/1.0/board/{number}/sprint", endpoint="GET board sprint")
    except NOT_SEEN as error:
        reason = why_not(error)
        # A team-managed board has sprints or not, which only this answer tells.
        return columns, [] if reason == "source_error" and kind == "simple" else reason
    except SourceUnavailable:
        return columns, "source_error"


def read_sprint(site: Site, number: str) -> dict[str, Any] | None:
    """Return a sprint, or None when it is not to be seen.

    Raises:
        NotAccepted: nobody is signed in any more.
    """
    found = _try(lambda: site.client.get(f"rest/agile/1.0/sprint/{number}", endpoint="GET sprint").object())
    return _slim(found) if isinstance(found, dict) and identifier(found.get("id")) == number else None


# What can be said to a person


def can_browse(site: Site, key: str) -> str:
    """Return '' when the account may browse a project, else the word of coverage why not.

    Raises:
        NotAccepted: nobody is signed in any more.
    """
    try:
        return "permission_denied" if may(site, key)["BROWSE_PROJECTS"] is False else ""
    except NOT_SEEN as error:
        why_not(error)
        return ""  # what may be seen, the search tells: it refuses a project that is not visible
    except SourceError:
        return "source_error"
