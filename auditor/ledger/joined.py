"""What people said in files and in the ledger, together. They never contradict each other in silence.

A file that says something else than the ledger is an error, unless the ledger once held what the file says: then somebody wrote something
newer since, and that holds (`auditor trail import` takes a file over).
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditor.checks.inputs import Answer
from auditor.config.ledger_address import is_there, sqlite_file
from auditor.config.settings import Settings
from auditor.errors import AuditorError, Location, UsageError, raise_all
from auditor.ledger.entry import (
    AnswerEntry,
    ConfirmationEntry,
    DocumentKind,
    Holding,
    Kind,
    PersonAliases,
    SignOffEntry,
    WaiverEntry,
    Withdraw,
    key_of,
)
from auditor.ledger.files import Filed, correction_of, filed_answers, filed_documents, filed_people, person_of
from auditor.ledger.trail import TrailEntry, same
from auditor.snapshot.people import Aliases, aliases_of
from auditor.snapshot.review import Review

if TYPE_CHECKING:
    from auditor.ledger.ledger import Ledger


@contextmanager
def ledger_of(settings: Settings) -> Iterator["Ledger | None"]:
    """Open the ledger of a configuration for reading, or give None when nobody wrote anything yet. Nothing is made.

    Raises:
        UsageError: its address, or a secret of it, is wrong.
        StoreError: it cannot be read.
    """
    url = settings.ledger_url
    file = sqlite_file(url)
    if file is not None and not is_there(file):
        yield None
        return
    from auditor.ledger.ledger import find_ledger  # noqa: PLC0415  (SQLAlchemy: only where somebody wrote something)

    found = find_ledger(url)
    try:
        yield found
    finally:
        if found is not None:
            found.close()


def join(filed: Sequence[Filed], ledger: "Ledger | None", kind: Kind, until: int | None = None) -> list[Holding]:
    """Return what holds of one kind, from a file and from the ledger.

    Args:
        filed: what the file says, all of this kind.
        ledger: None: there is none.
        kind: of the entries.
        until: as of this position of the trail; None: now.

    Raises:
        ExceptionGroup: of UsageError, everything about which the file and the ledger say something else.
    """
    if ledger is None:
        return [item.entry for item in filed]
    histories = ledger.histories((kind, key_of(item.entry)) for item in filed)
    errors: list[AuditorError] = []
    found: list[Holding] = []
    for item in filed:
        history = histories.get((kind, key_of(item.entry)), [])
        before = [entry for entry in history if until is None or entry.number <= until]
        if not before:
            found.append(item.entry)
        # Taken over later than `until` is taken over: what an audit then saw can be seen again.
        elif not any(same(entry, item.entry) for entry in history):
            errors.append(contradiction(item, before[-1]))
    raise_all("files and ledger contradict each other", errors)
    held = (ledger.read(entry) for entry in ledger.holding(kind, until))
    return found + [entry for entry in held if not isinstance(entry, Withdraw)]


def contradiction(item: Filed, entry: TrailEntry) -> UsageError:
    """Return the error that names what a file and the ledger say about one thing."""
    what = " ".join(part for part in _what(item.entry) if part)
    theirs = "it was withdrawn" if entry.act == "withdraw" else _says(entry.entry)
    return UsageError(
        f"{item.file} says of {what}: {_says(item.entry)}; the ledger: {theirs} (entry {entry.number}, {entry.actor}, {entry.at:%Y-%m-%d})",
        hint="`auditor trail import --prefer ledger` or `--prefer file` records both and settles it; or take it out of the file",
    )


def _what(entry: Holding) -> Sequence[str]:
    if isinstance(entry, AnswerEntry):
        return "the answer to", entry.answer.rule, "for", entry.answer.project, entry.answer.subject or ""
    if isinstance(entry, WaiverEntry):
        return "the waiver of", entry.waiver.rule, "for", entry.waiver.project, entry.waiver.subject or ""
    if isinstance(entry, SignOffEntry):
        return "the signature of", entry.person, "under the", entry.what, entry.id
    confirmed = entry.confirms
    return (confirmed.source, confirmed.path) if isinstance(confirmed, DocumentKind) else ("the person", confirmed.identity)


def _says(entry: object) -> str:
    if isinstance(entry, AnswerEntry):
        return f"{entry.answer.says.replace('_', ' ')} ({entry.answer.author}, {entry.answer.on})"
    if isinstance(entry, ConfirmationEntry) and isinstance(entry.confirms, DocumentKind):
        return entry.confirms.kind
    return "something else"


def joined_answers(
    settings: Settings, ledger: "Ledger | None", *, rules: Collection[str], projects: Collection[str], until: int | None = None
) -> tuple[Answer, ...]:
    """Return the answers to rules, sorted by rule, project and subject. Those to questions of checklists alone are left out.

    Raises:
        ExceptionGroup: mistakes of the file (`load_answers`), or contradictions (`join`).
    """
    filed = filed_answers(settings.answers_file, rules=rules, projects=projects)
    found = [item.answer for item in join(filed, ledger, "answer", until) if isinstance(item, AnswerEntry) and item.kind == "rule"]
    return tuple(sorted(found, key=lambda item: (item.rule, item.project, item.subject or "")))


def joined_people(settings: Settings, ledger: "Ledger | None", until: int | None = None) -> Aliases:
    """Return the confirmed aliases of people, up to a position of the trail (None: the newest).

    Raises:
        ExceptionGroup: mistakes of the file (`load_people`), contradictions (`join`), or a name that is said to be two persons.
    """
    found = join(filed_people(settings.people_file), ledger, "person", until)
    said = [item.confirms for item in found if isinstance(item, ConfirmationEntry) and isinstance(item.confirms, PersonAliases)]
    place = str(settings.people_file) if ledger is None else f"{settings.people_file.name} and {ledger.shown}"
    return aliases_of([person_of(item) for item in said], Location(place))


def joined_review(settings: Settings, ledger: "Ledger | None") -> Review:
    """Return what people said that documents are.

    Raises:
        ExceptionGroup: mistakes of the file (`load_review`), or contradictions (`join`).
    """
    found = join(filed_documents(settings.review_file), ledger, "document")
    said = [item.confirms for item in found if isinstance(item, ConfirmationEntry) and isinstance(item.confirms, DocumentKind)]
    return Review({(item.source, item.path): correction_of(item).kind for item in said})
