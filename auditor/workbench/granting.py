"""Waivers as those who grant and watch them work: how each stands, what is amiss, and a new one written where waivers are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.audit import closed_projects, project_traits
from auditor.errors import AuditorError, Location, RuleError, UsageError, raise_all
from auditor.findings.derive import derive_findings
from auditor.findings.granted import YAML_NAME, Granted, mistakes_of
from auditor.findings.treat import Decided, WaiverState, WaiverStatus, treat
from auditor.findings.written import add_to_yaml
from auditor.ledger.entry import WaiverEntry, Withdraw, waiver_key
from auditor.ledger.joined import ledger_of
from auditor.ledger.waiver import Waiver
from auditor.reports.words import waiver_in_words
from auditor.results.audit_result import AuditResult
from auditor.results.store import audits, open_result, waivers_used
from auditor.rulebook.profile import resolve_profile
from auditor.rulebook.rule import Rule
from auditor.workbench.desk import Desk
from auditor.workbench.waiving import granted_waivers, grounds


@dataclass(frozen=True, slots=True)
class Watched:
    """All waivers on a day.

    Attributes:
        as_of: the day.
        audit: id of the audit that says what fails; None: there is none of that day and the newest snapshot.
        statuses: by project, rule and first day.
        places: key of a waiver → where it stands written.
        used: key of a waiver → the last day of an audit in which it treated something; a waiver that is not here was never used.
        audited: the days of the audits that are kept.
    """

    as_of: date
    audit: str | None
    statuses: tuple[WaiverStatus, ...]
    places: Mapping[tuple[str, str, str, date], Location]
    used: Mapping[tuple[str, str, str, date], date]
    audited: frozenset[date]

    def last_used(self, status: WaiverStatus) -> str:
        """Return when a waiver was last used: a day, 'never', or '' where no audit that is kept looked while it ran."""
        found = self.used.get(status.waiver.key)
        if found is not None:
            return found.isoformat()
        first = status.waiver.begins_on
        return "never" if any(first <= day <= first + timedelta(days=status.days) for day in self.audited) else ""


def watch(desk: Desk, as_of: date | None = None) -> Watched:
    """Return how every waiver stands at the end of the day *as_of* (None: the day of the snapshot), which may lie ahead.

    Raises:
        ExceptionGroup: every mistake of the files.
        StoreError: there is no snapshot, or an audit or the ledger is damaged.
    """
    day = as_of or desk.snapshot.as_of
    granted = granted_waivers(desk.settings, desk.rulebook, desk.snapshot)
    result = _newest(desk)
    rules = _rules(desk, result)
    audit = result if result is not None and result.as_of == day else None
    evaluations = {(item.project, item.rule): item for item in audit.evaluations} if audit is not None else {}
    decided = Decided(day, evaluations, rules, closed_projects(project_traits(desk.snapshot)))
    findings = [
        finding for (project, _), item in sorted(evaluations.items()) for finding in derive_findings([item], rules.get(project, {}))
    ]
    return Watched(
        as_of=day,
        audit=audit.id if audit is not None else None,
        statuses=treat(findings, desk.waivers(), decided)[1],
        places={item.waiver.key: item.at() for item in granted},
        used=waivers_used(desk.settings.store.path),
        audited=frozenset(date.fromisoformat(name[:10]) for name in audits(desk.settings.store.path)),
    )


def lapses(watched: Watched) -> list[AuditorError]:
    """Return what is amiss with waivers that are well-formed: ended while the lapse goes on, or holding no more; each with its place."""
    found: list[AuditorError] = []
    for status in watched.statuses:
        waiver = status.waiver
        is_followed = any(
            other.earlier and other.waiver.begins_on > waiver.begins_on and _same_thing(other.waiver, waiver) for other in watched.statuses
        )
        what = f"the waiver of {waiver.rule}{f' {waiver.subject}' if waiver.subject else ''} for {waiver.project}"
        hint = ""
        if status.state is WaiverState.EXPIRED and (status.is_open_again or (status.need == "unknown" and not is_followed)):
            hint = "mend the lapse, or have another waiver granted: `auditor waiver new`"
        elif status.state is WaiverState.TO_CONFIRM:
            hint = "whoever granted it decides whether it holds for what the rule asks now; then write its digest as `requirement`"
        elif status.state is WaiverState.UNKNOWN:
            hint = "is the key right, and is the issue's project pulled? Else give the waiver a last day, `ends_on`"
        elif status.state is WaiverState.NOT_WAIVABLE:
            hint = "the profile says so; `kind: accepted` records that somebody bears the risk"
        if hint:
            says = f"{what} {waiver_in_words(status)}" + (", and the finding is open again" if status.is_open_again else "")
            found.append(RuleError(says, at=watched.places[waiver.key], hint=hint))
    return found


def grant(desk: Desk, waiver: Waiver, *, actor: str, into_file: bool | None = None) -> str:
    """Write *waiver* into the ledger where there is one, else into `waivers.yaml`, and return where.

    Args:
        desk: of the configuration.
        waiver: to be written; it is judged together with all others first.
        actor: who writes.
        into_file: True: into the file although there is a ledger; False: into the ledger, which must be there; None: as said.

    Raises:
        ExceptionGroup: what is wrong with it, or with those that are there.
        UsageError: there is no ledger, or the file is written in a way that nothing can be appended to.
        StoreError: the ledger cannot be written.
    """
    present = granted_waivers(desk.settings, desk.rulebook, desk.snapshot)
    with ledger_of(desk.settings) as ledger:
        by = grounds(desk.settings, desk.rulebook, desk.snapshot, ledger)
        is_kept = ledger is not None
    new = Granted(waiver, {"": Location("the new waiver")}, file="the new waiver")
    raise_all("the waiver is wrong", mistakes_of([*present, new], by))
    if into_file is False and not is_kept:
        raise UsageError("there is no ledger yet", hint="`auditor trail import` begins one from the files, or leave --into out")
    if into_file or not is_kept:
        path = desk.settings.folder / YAML_NAME
        add_to_yaml(path, waiver)
        return str(path)
    return _write(desk, [WaiverEntry(waiver=waiver)], actor, "auditor waiver new")


def end_early(desk: Desk, waiver: Waiver, last_day: date, *, actor: str, because: str) -> str:
    """Write into the ledger that *waiver* ends on *last_day*, or, where that lies before its first day, that it does not hold at all.

    Returns:
        Where it was written.

    Raises:
        UsageError: it stands in a file, or ends before that day anyway.
        StoreError: the ledger cannot be written.
    """
    granted = {item.waiver.key: item for item in granted_waivers(desk.settings, desk.rulebook, desk.snapshot)}
    file = granted[waiver.key].file
    if file:
        raise UsageError(f"the waiver stands in {file}", hint=f"write `ends_on: {last_day}` there; it keeps what people wrote")
    if waiver.ends_on is not None and waiver.ends_on <= last_day:
        raise UsageError(f"it ends on {waiver.ends_on} anyway", hint="a longer one is a new one: `auditor waiver new`")
    if last_day < waiver.begins_on:
        return _write(desk, [Withdraw(kind="waiver", key=waiver_key(waiver), because=because)], actor, "auditor waiver end")
    ended = waiver.model_copy(update={"ends_on": last_day, "ends_with": None})
    return _write(desk, [WaiverEntry(waiver=ended)], actor, "auditor waiver end")


def find(watched: Watched, rule: str, project: str, subject: str | None) -> Waiver:
    """Return the newest waiver of a rule, project and subject.

    Raises:
        UsageError: there is none.
    """
    found = [
        item.waiver for item in watched.statuses if (item.waiver.rule, item.waiver.project, item.waiver.subject) == (rule, project, subject)
    ]
    if not found:
        what = f"{rule[:60]}{f' {subject[:60]}' if subject else ''} for {project[:60]}"
        raise UsageError(f"there is no waiver of {what}", hint="`auditor waiver list` shows them")
    return found[-1]


def _write(desk: Desk, entries: list[WaiverEntry] | list[Withdraw], actor: str, source: str) -> str:
    from auditor.ledger.ledger import open_ledger  # noqa: PLC0415  (sqlalchemy: only where a ledger is written)

    with open_ledger(desk.settings.ledger_url) as ledger:
        ledger.write(entries, actor=actor, source=source)
        return ledger.shown


def _same_thing(one: Waiver, other: Waiver) -> bool:
    return (one.project, one.rule) == (other.project, other.rule) and (one.subject == other.subject or None in (one.subject, other.subject))


def _newest(desk: Desk) -> AuditResult | None:
    """Return the newest audit, where it is of the newest snapshot."""
    store = desk.settings.store.path
    result = open_result(store) if audits(store) else None
    return result if result is not None and result.snapshot == desk.snapshot.id else None


def _rules(desk: Desk, result: AuditResult | None) -> dict[str, Mapping[str, Rule]]:
    """Return project → rule → as its profile asks it: that of *result*, or of an audit to come where it leaves the project out."""
    chosen = {project.id: project.profile for project in result.projects} if result is not None else {}
    rest = sorted(set(desk.snapshot.project_ids()) - set(chosen))
    if rest:
        chosen |= desk.plan(projects=rest).chosen
    profiles = {name: resolve_profile(desk.rulebook, name) for name in sorted({name for name in chosen.values() if name is not None})}
    return {project: profiles[name].rules if name is not None else {} for project, name in chosen.items()}
