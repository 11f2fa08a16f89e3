"""Waivers at work: those of the files beside `auditor.toml` and of the ledger, judged by rules, snapshot and people."""

from typing import TYPE_CHECKING

from auditor.config.settings import Settings
from auditor.errors import Location
from auditor.findings.endings import ending_issues
from auditor.findings.granted import Granted, Grounds, load_waivers
from auditor.findings.treat import WaiverBook
from auditor.ledger.entry import WaiverEntry
from auditor.ledger.files import Filed
from auditor.ledger.joined import join, joined_people, ledger_of
from auditor.ledger.waiver import Waiver
from auditor.rulebook.load import Rulebook
from auditor.snapshot.store import Snapshot, connection

if TYPE_CHECKING:
    from auditor.ledger.ledger import Ledger


def waiver_book(settings: Settings, rulebook: Rulebook, snapshot: Snapshot, until: int | None = None) -> WaiverBook:
    """Return what an audit is told of waivers, as of the position *until* of the ledger's trail (None: now).

    Raises:
        ExceptionGroup: every mistake with its place, and every contradiction of a file and the ledger.
        StoreError: the ledger, or the snapshot, cannot be read.
    """
    granted = granted_waivers(settings, rulebook, snapshot, until)
    waivers = tuple(item.waiver for item in granted)
    issues = ending_issues(snapshot, sorted({waiver.ends_with for waiver in waivers if waiver.ends_with}))
    return WaiverBook(waivers=waivers, issues=tuple(issue for _, issue in sorted(issues.items())), soon_days=settings.waivers.soon_days)


def granted_waivers(settings: Settings, rulebook: Rulebook, snapshot: Snapshot, until: int | None = None) -> tuple[Granted, ...]:
    """Return every waiver with the place where it stands, by project, rule and first day. Arguments and errors: `waiver_book`."""
    with ledger_of(settings) as ledger:
        by = grounds(settings, rulebook, snapshot, ledger, until)
        return load_waivers(settings.folder, by, lambda filed: _joined(filed, ledger, until))


def grounds(
    settings: Settings, rulebook: Rulebook, snapshot: Snapshot, ledger: "Ledger | None" = None, until: int | None = None
) -> Grounds:
    """Return what waivers are judged by; people are known by their file, and by *ledger* where it is given (up to *until*)."""
    database = connection()
    try:
        rows = database.execute("select distinct project_id from read_parquet(?)", [str(snapshot.file("project"))]).fetchall()
    finally:
        database.close()
    projects = {str(row[0]) for row in rows} | {project.id for project in settings.projects}
    return Grounds(rulebook.rules, sorted(projects), joined_people(settings, ledger, until), lambda keys: ending_issues(snapshot, keys))


def _joined(filed: list[Granted], ledger: "Ledger | None", until: int | None) -> list[Granted]:
    held = join([Filed(WaiverEntry(waiver=item.waiver), item.file) for item in filed], ledger, "waiver", until)
    of_file = {item.waiver: item for item in filed}
    waivers = [entry.waiver for entry in held if isinstance(entry, WaiverEntry)]
    return [of_file.get(waiver) or _of_ledger(waiver, ledger.shown if ledger is not None else "") for waiver in waivers]


def _of_ledger(waiver: Waiver, shown: str) -> Granted:
    return Granted(waiver, {"": Location(f"{shown}: the waiver of {waiver.rule} for {waiver.project}")}, file="")
