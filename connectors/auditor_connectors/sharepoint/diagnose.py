"""What Graph says of itself and of us: for `auditor doctor`."""

from auditor.connect.protocol import Diagnosis, Scope
from auditor_connectors.sharepoint.columns import columns_of, has_approval
from auditor_connectors.sharepoint.graph import ITEMS_PER_PAGE, NOT_SEEN, BadPages, Tenant, why_not
from auditor_connectors.sharepoint.options import ReadingOptions
from auditor_connectors.sharepoint.places import Site, segment
from auditor_connectors.sharepoint.walk import find_sites

_MOST_NAMED = 20
_MOST_ASKED = 50
_EVERYTHING: tuple[str, ...] = ()
"""As what a gap leaves incomplete: whatever stands in documents may stand in those that are not seen."""


def diagnose(graph: Tenant, options: ReadingOptions, scope: Scope) -> Diagnosis:
    """Return as whom we are known, what we may see, and how Graph is.

    Raises:
        AccessDenied: nobody is signed in.
        SourceUnavailable: Graph does not answer.
    """
    sites, failed = find_sites(graph, options, scope)
    seen: list[str] = []
    unseen: dict[str, tuple[str, ...]] = {f"{place}: {detail}": _EVERYTHING for place, (_, detail) in sorted(failed.items())}
    for site in sites[:_MOST_ASKED]:
        sees = graph.sees_unapproved(site.id) if options.sees_unapproved is None else options.sees_unapproved
        _look_at(graph, site, seen, unseen, sees=bool(sees))
    if len(sites) > _MOST_ASKED:
        seen.append(f"and {len(sites) - _MOST_ASKED} sites more")
    if not sites and not failed:
        unseen["any site: grant the application some (`Sites.Selected`), and name them in `sites`"] = _EVERYTHING
    account, dialect = graph.account()
    return Diagnosis(account, dialect, tuple(seen), tuple(unseen), graph.client.skew_seconds, _head_room(graph), unseen)


def _look_at(graph: Tenant, site: Site, seen: list[str], unseen: dict[str, tuple[str, ...]], *, sees: bool) -> None:
    try:
        drives = graph.values(f"sites/{segment(site.id)}/drives", {"$top": ITEMS_PER_PAGE})
    except (*NOT_SEEN, BadPages) as error:
        unseen[f"{site.place}: its libraries: {why_not(error).replace('_', ' ')}"] = _EVERYTHING
        return
    seen.append(f"{site.place}: {len(drives)} libraries")
    hidden = []
    for drive in drives[:_MOST_NAMED]:
        name = str(drive.get("name") or drive.get("id"))
        try:
            columns = graph.values(f"drives/{segment(str(drive.get('id')))}/list/columns", {"$top": ITEMS_PER_PAGE})
        except (*NOT_SEEN, BadPages) as error:
            unseen[f"{site.place}: {name}: {why_not(error).replace('_', ' ')}"] = _EVERYTHING
            continue
        if has_approval(columns_of(columns)) and not sees:
            hidden.append(name)
    if hidden:
        unseen[
            f"{site.place}: what is not approved yet in {', '.join(hidden)}: the account needs the role `manage` of the site, "
            "or to approve; `sees_unapproved = true` says that it has it"
        ] = _EVERYTHING
    if drives and (why := _rights(graph, str(drives[0].get("id")))):
        unseen[f"{site.place}: who may read and write what: {why}: ask for a role that may manage the site"] = ("access_right",)


def _rights(graph: Tenant, drive: str) -> str:
    """Return why the rights of a library cannot be seen; '' when they can."""
    try:
        root = graph.object(f"drives/{segment(drive)}/root", {"$select": "id,name,webUrl"})
        graph.values(f"drives/{segment(drive)}/items/{segment(str(root.get('id') or ''))}/permissions")
    except (*NOT_SEEN, BadPages) as error:
        return why_not(error).replace("_", " ")
    return ""


def _head_room(graph: Tenant) -> str:
    left, most = graph.client.header("RateLimit-Remaining"), graph.client.header("RateLimit-Limit")
    if left is None:
        return ""
    reset = graph.client.header("RateLimit-Reset")
    return f"{left} of {most or '?'} units left" + (f", new ones in {reset} s" if reset else "")
