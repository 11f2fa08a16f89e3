"""Which sites a tenant shows: for a configuration."""

from auditor.connect.protocol import Proposal, Scope
from auditor_connectors.sharepoint.graph import Graph
from auditor_connectors.sharepoint.options import SharePointOptions
from auditor_connectors.sharepoint.walk import find_sites


def suggest(graph: Graph, options: SharePointOptions) -> Proposal:
    """Return the sites that the account may see, each a place.

    Raises:
        AccessDenied: nobody is signed in.
        SourceUnavailable: Graph does not answer.
    """
    sites, failed = find_sites(graph, options, Scope())
    said = {"tenant": options.tenant, "client_id": options.client_id}
    secrets = {}
    for name in ("secret", "certificate"):
        found = getattr(options, name)
        if found is not None and found.env:
            secrets[name] = found.env
    places = {site.place: str(site.data.get("displayName") or site.place) for site in sites}
    remarks = [f"{place}: {detail}" for place, (_, detail) in sorted(failed.items())]
    if not sites:
        remarks.append("no site is visible: with `Sites.Selected` name them in `sites`")
    return Proposal(said, f"SharePoint with {len(sites)} sites that the account may see", secrets, places, remarks=tuple(remarks))
