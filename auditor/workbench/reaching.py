"""How far the rules of a desk reach: clauses, cross-walks, and what the newest audit decided."""

from collections.abc import Collection
from types import MappingProxyType

from auditor import __version__
from auditor.errors import UsageError, did_you_mean
from auditor.reports.coverage import CoverageReport, build_coverage
from auditor.results.audit_result import AuditResult
from auditor.results.store import audits, open_result
from auditor.rulebook.crosswalk import load_crosswalks
from auditor.workbench.desk import Desk

LATEST = "latest"


def reach_of(desk: Desk, *, packs: Collection[str] = (), crosswalk: str | None = None, audit: str = LATEST) -> CoverageReport:
    """Return how far the rules reach; see `build_coverage`.

    Args:
        desk: whose rules and store.
        packs: only clauses of these; none: all.
        crosswalk: only this one; None: all.
        audit: whose decisions are counted; where the store has none yet, none are.

    Raises:
        UsageError: there is no such pack or cross-walk.
        StoreError: there is no such audit.
    """
    known = sorted(set(desk.rulebook.clause_pack.values()))
    for pack in packs:
        if pack not in known:
            raise UsageError(f"no pack {pack[:60]!r} has clauses", hint=did_you_mean(pack, known) or f"there are: {', '.join(known)}")
    walks = load_crosswalks(desk.rulebook, desk.settings.rules.folders)
    if crosswalk is not None:
        if crosswalk not in walks:
            hint = did_you_mean(crosswalk, walks) or f"there are: {', '.join(walks)}"
            raise UsageError(f"there is no cross-walk {crosswalk[:60]!r}", hint=hint)
        walks = MappingProxyType({crosswalk: walks[crosswalk]})
    return build_coverage(desk.rulebook, walks, _audit(desk, audit), generator=f"auditor {__version__}", packs=packs)


def _audit(desk: Desk, audit: str) -> AuditResult | None:
    store = desk.settings.store.path
    return None if audit == LATEST and not audits(store) else open_result(store, audit)
