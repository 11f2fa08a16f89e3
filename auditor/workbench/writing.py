"""Writing into the ledger: who writes, answers to rules, files taken over, and whether the trail is the one that audits were made of."""

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from auditor.audit import project_traits
from auditor.checks.inputs import Answer
from auditor.config.settings import Settings
from auditor.errors import AuditorError, StoreError, UsageError, did_you_mean, raise_all
from auditor.findings.granted import Granted, load_waivers
from auditor.ledger.entry import (
    AnswerEntry,
    ConfirmationEntry,
    DocumentKind,
    Entry,
    WaiverEntry,
    Withdraw,
    answer_key,
    document_key,
    key_of,
)
from auditor.ledger.files import Filed, filed_answers, filed_documents, filed_people
from auditor.ledger.joined import join, joined_review, ledger_of
from auditor.ledger.ledger import Ledger, Written, open_ledger
from auditor.ledger.trail import Broken, Mark, Verified, read_mark, same
from auditor.ledger.transfer import Imported, Prefer, export_files, first_fault, import_files
from auditor.results.store import audits, open_result
from auditor.workbench.desk import Desk
from auditor.workbench.review import keep_review
from auditor.workbench.waiving import grounds


def actor_of(given: str | None) -> str:
    """Return who writes: as given, by `AUDITOR_AUTHOR`, or the user of the operating system.

    Raises:
        UsageError: none of them says it.
    """
    found = given or os.environ.get("AUDITOR_AUTHOR") or _user()
    if not found.strip():
        raise UsageError("nobody knows who writes", hint="give --author, or set AUDITOR_AUTHOR")
    return found.strip()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of an answer.

    Attributes:
        written: what was written.
        is_bound: to the evidence that the newest audit showed; it is asked again when that changes.
        counts_from: day of the snapshot that it counts from; None: it counts in the newest one.
    """

    written: Written
    ledger: str
    is_bound: bool
    counts_from: date | None


def give_answer(desk: Desk, answer: Answer, *, actor: str) -> Given:
    """Write a person's answer to a rule into the ledger, bound to what the newest audit showed about it.

    Raises:
        UsageError: no such rule or project, a note is missing, or `answers.yaml` says something else.
        StoreError: there is no snapshot, or the ledger cannot be written.
    """
    _check(desk, answer)
    digest = shown_digest(desk, answer.rule, answer.project)
    entry = AnswerEntry(answer=answer.model_copy(update={"evidence_digest": digest}))
    with open_ledger(desk.settings.ledger_url) as ledger:
        _not_filed(desk, ledger, entry)
        written = ledger.write([entry], actor=actor, source="auditor answer")
        as_of = desk.snapshot.as_of
        return Given(written, ledger.shown, digest is not None, answer.on if answer.on > as_of else None)


def _check(desk: Desk, answer: Answer) -> None:
    errors: list[AuditorError] = []
    for what, value, known in (("rule", answer.rule, desk.rulebook.rules), ("project", answer.project, project_traits(desk.snapshot))):
        if value not in known:
            renamed = next((rule.id for rule in desk.rulebook.rules.values() if what == "rule" and value in rule.aliases), None)
            hint = f"it is called {renamed} now" if renamed else did_you_mean(value, known)
            errors.append(UsageError(f"there is no {what} {value[:60]!r}", hint=hint or f"`auditor {_LISTS[what]}` names them"))
    if answer.says == "not_applicable" and not answer.note.strip():
        errors.append(UsageError("'not_applicable' needs a note that says why", hint="give --note"))
    if answer.expires_on is not None and answer.expires_on < answer.on:
        errors.append(UsageError(f"the answer would expire on {answer.expires_on}, before it is given on {answer.on}"))
    raise_all("the answer has mistakes", errors)


_LISTS = {"rule": "rules list", "project": "show"}


def _not_filed(desk: Desk, ledger: Ledger, entry: AnswerEntry) -> None:
    """Refuse to answer what a file answers otherwise: the next audit would find that the two contradict each other."""
    key = key_of(entry)
    filed = [item for item in _answers_filed(desk) if key_of(item.entry) == key and item.entry != entry]
    for item in filed:
        if not any(same(before, item.entry) for before in ledger.history("answer", key)):
            raise UsageError(
                f"{item.file} answers {entry.answer.rule} for {entry.answer.project} already",
                hint="`auditor trail import` takes the file over, then answer again; or change the file",
            )


def shown_digest(desk: Desk, rule: str, project: str) -> str | None:
    """Return the digest of what the newest audit showed of a rule and a project; None when it showed nothing, or there is none."""
    if not audits(desk.settings.store.path):
        return None
    for item in open_result(desk.settings.store.path).evaluations:
        if (item.rule, item.project) == (rule, project):
            return item.evidence_digest or None
    return None


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """An answer that holds, and where it stands.

    Attributes:
        place: name of the file, or 'entry N' of the trail.
    """

    answer: Answer
    place: str


def answers_seen(desk: Desk, project: str | None = None) -> list[AnswerSeen]:
    """Return the answers to rules, by rule, project and subject.

    Raises:
        ExceptionGroup: mistakes of `answers.yaml`, or it contradicts the ledger.
    """
    with ledger_of(desk.settings) as ledger:
        filed = _answers_filed(desk)
        numbers = {} if ledger is None else {key_of(AnswerEntry(answer=item.answer)): item.entry for item in ledger.answers()}
        found = [
            AnswerSeen(item.answer, f"entry {numbers[key_of(item)]}" if key_of(item) in numbers else desk.settings.answers_file.name)
            for item in join(filed, ledger, "answer")
            if isinstance(item, AnswerEntry) and item.kind == "rule" and project in (None, item.answer.project)
        ]
    return sorted(found, key=lambda item: (item.answer.rule, item.answer.project, item.answer.subject or ""))


def withdraw_answer(desk: Desk, rule: str, project: str, subject: str | None, *, because: str, actor: str) -> Written:
    """Write that an answer does not hold any more.

    Raises:
        UsageError: the ledger holds no such answer.
    """
    key = answer_key(rule, project, subject)
    what = f"{rule[:60]} for {project[:60]}{f' and {subject[:60]}' if subject else ''}"
    with ledger_of(desk.settings) as found:
        held = [] if found is None else [item.answer for item in found.answers() if item.kind == "rule"]
    if key not in {answer_key(item.rule, item.project, item.subject) for item in held}:
        if any(key_of(item.entry) == key for item in _answers_filed(desk)):
            raise UsageError(f"the answer to {what} stands in {desk.settings.answers_file.name}", hint="take it out there")
        close = did_you_mean(rule, [item.rule for item in held])
        raise UsageError(f"nobody answered {what}", hint=close or "`auditor answer list` shows what holds")
    with open_ledger(desk.settings.ledger_url) as ledger:
        return ledger.write([Withdraw(kind="answer", key=key, because=because)], actor=actor, source="auditor answer withdraw")


def _answers_filed(desk: Desk) -> list[Filed]:
    return filed_answers(desk.settings.answers_file, rules=desk.rulebook.rules, projects=project_traits(desk.snapshot))


# Files


def filed(desk: Desk) -> list[Filed]:
    """Return what the files beside `auditor.toml` say, all of them.

    Raises:
        StoreError: rules and projects cannot be checked, as there is no snapshot.
        ExceptionGroup: every mistake of the files.
    """
    settings = desk.settings
    found = [*filed_people(settings.people_file), *filed_documents(settings.review_file)]
    if settings.answers_file.exists():
        found += _answers_filed(desk)
    if any((settings.folder / name).exists() for name in ("waivers.yaml", "waivers.csv")):
        with ledger_of(settings) as ledger:
            by = grounds(settings, desk.rulebook, desk.snapshot, ledger)
        written: list[Granted] = []

        def keep(read: list[Granted]) -> list[Granted]:
            written.extend(read)  # as they stand there: a rule that was renamed since keeps its name
            return read

        load_waivers(settings.folder, by, keep)
        found += [Filed(WaiverEntry(waiver=item.waiver), item.file) for item in written]
    return found


def take_over(desk: Desk, *, actor: str, prefer: Prefer | None) -> list[Imported]:
    """Take over what the files beside `auditor.toml` say; see `import_files`. Nothing to take over makes no ledger."""
    found = filed(desk)
    if not found:
        return []
    with open_ledger(desk.settings.ledger_url) as ledger:
        return import_files(ledger, found, actor=actor, prefer=prefer)


def keep_corrections(settings: Settings, said: Mapping[tuple[str, str], str], *, actor: str) -> tuple[int, str]:
    """Keep what a person says that documents are: in the ledger where there is one, else in `recognition-review.yaml`.

    Args:
        settings: of the configuration.
        said: (source, path) → kind, '' where nothing is said.
        actor: who says it.

    Returns:
        How many corrections there are now, and where they stand.

    Raises:
        ExceptionGroup: of UsageError, the file contradicts the ledger.
    """
    with ledger_of(settings) as ledger:
        if ledger is None:
            return keep_review(said, settings.review_file), str(settings.review_file)
        before = joined_review(settings, ledger).kinds
        in_file = {key_of(item.entry): item.entry for item in filed_documents(settings.review_file)}
        entries: list[Entry] = []
        for (source, path), kind in sorted(said.items()):
            if before.get((source, path), "") == kind:
                continue
            key = document_key(source, path)
            if key in in_file and not ledger.history("document", key):
                entries.append(in_file[key])  # the file's word is on record first: it is older than this one
            if kind:
                entries.append(ConfirmationEntry(confirms=DocumentKind(path=path, kind=kind, source=source, by=actor, on=today(settings))))
            else:
                entries.append(Withdraw(kind="document", key=key))
        ledger.write(entries, actor=actor, source="auditor sources review")
        return len(joined_review(settings, ledger).kinds), ledger.shown


def write_out(settings: Settings, folder: Path) -> list[Path]:
    """Write what the ledger holds into files; see `export_files`. Nothing where there is no ledger."""
    with ledger_of(settings) as ledger:
        return [] if ledger is None else export_files(ledger, folder)


# The trail


@dataclass(frozen=True, slots=True)
class TrailHealth:
    """Whether the trail is whole, and the one that audits were made of.

    Attributes:
        place: where the ledger is.
        verified: None: nobody wrote anything yet.
        agreeing: audits that were made of this trail as it was.
        others: audits that were made of other ledgers.
    """

    place: str
    verified: Verified | None
    broken: Broken | None
    agreeing: int
    others: int


def trail_health(settings: Settings, *, head: str | None = None) -> TrailHealth:
    """Verify the trail, also against the marks that the audits of the store keep.

    Args:
        settings: which ledger, which store.
        head: hash of an entry that was noted elsewhere; None: none was.

    Raises:
        StoreError: the ledger, or an audit, cannot be read.
    """
    kept = kept_marks(settings.store.path)
    with ledger_of(settings) as ledger:
        if ledger is None:
            missing = None
            if kept or head:
                who = f"the audit {kept[0][0]} was made of" if kept else "a hash was noted of"
                missing = Broken(number=0, why=f"there is no ledger, and {who} one")
            return TrailHealth("", None, missing, 0, len(kept))
        own = [(f"the audit {audit}", mark.position, mark.hash) for audit, mark in kept if mark.ledger == ledger.id[:8]]
        verified = ledger.verify(head=head)
        broken = verified.broken or first_fault(ledger, own)
        return TrailHealth(ledger.shown, verified, broken, len(own), len(kept) - len(own))


def ledger_told(settings: Settings) -> tuple[str, bool]:
    """Return where the ledger is and how its trail stands, in one line for people, and whether it can be relied on."""
    try:
        health = trail_health(settings)
    except AuditorError as error:
        return f"{error.message}; {error.hint}" if error.hint else error.message, False
    place = f"{health.place}: " if health.place else ""
    if health.broken is not None:
        where = f"entry {health.broken.number}: " if health.broken.number else ""
        return f"{place}the trail is broken: {where}{health.broken.why}", False
    if health.verified is None:
        return "nothing was written yet", True
    return f"{place}{health.verified.position} entries, whole", True


def kept_marks(store: Path) -> list[tuple[str, Mark]]:
    """Return which audits of the store were made of a ledger, and where its trail stood then.

    Raises:
        StoreError: an audit cannot be read.
    """
    found = []
    for audit in audits(store):
        try:
            said = json.loads((store / "audits" / audit / "audit.json").read_text(encoding="utf-8"))["inputs"].get("ledger")
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise StoreError(f"the audit {audit} cannot be read", hint="delete its folder") from error
        mark = read_mark(said) if isinstance(said, str) else None
        if mark is not None:
            found.append((audit, mark))
    return found


def today(settings: Settings) -> date:
    """Return the day on which something is written, in the store's time zone."""
    return datetime.now(settings.store.zone).date()
