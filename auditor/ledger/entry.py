"""What people write, as values: each entry is about one thing, and says what holds of it from now on, or that nothing does any more."""

import json
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from auditor.checks.inputs import Answer
from auditor.ledger.waiver import Waiver
from auditor.model.row import Frozen
from auditor.rulebook.digest import canonical

Kind = Literal["answer", "waiver", "sign_off", "document", "person"]
"""What an entry of the trail is about."""

KINDS: tuple[Kind, ...] = ("answer", "waiver", "sign_off", "document", "person")


class AnswerEntry(Frozen):
    """A person's answer to a rule, or to a question that only a checklist asks.

    Attributes:
        answer: its `rule` is the question's id where `kind` is 'question'. The engine never sees those.
        checklist: kind of the checklist that it was given in; None: in none. Questions of a checklist always have one.
    """

    answer: Answer
    kind: Literal["rule", "question"] = "rule"
    checklist: str | None = None


class WaiverEntry(Frozen):
    """A waiver, as it holds from now on."""

    waiver: Waiver


class SignOffEntry(Frozen):
    """A person's signature under a checklist or a report.

    Attributes:
        id: of the checklist or the report.
        digest: of what was signed: another content is not signed.
    """

    what: Literal["checklist", "report"]
    id: str
    digest: str
    role: str
    person: str
    on: date
    note: str = ""


class DocumentKind(Frozen):
    """What a document really is, said by a person.

    Attributes:
        path: relative to the source's root.
        kind: of the packs' recognition; 'none': no document of any standard.
        source: name of the source; '': whichever holds the path.
    """

    path: str
    kind: str
    source: str = ""
    by: str = ""
    on: date | None = None
    note: str = ""


class PersonAliases(Frozen):
    """Names and accounts that are one person, confirmed by somebody.

    Attributes:
        names: as documents write them.
        accounts: realm → accounts in it.
    """

    identity: str
    names: tuple[str, ...] = ()
    accounts: dict[str, tuple[str, ...]] = {}


class ConfirmationEntry(Frozen):
    """A confirmation of what auditor can only propose: the kind of a document, the aliases of a person."""

    confirms: DocumentKind | PersonAliases


class Withdraw(Frozen):
    """Nothing holds of this thing any more. What was said before stays in the trail.

    Attributes:
        key: see `key_of`.
        because: for people; '' when nobody said.
    """

    kind: Kind
    key: str
    because: str = ""


Holding = AnswerEntry | WaiverEntry | SignOffEntry | ConfirmationEntry
"""An entry that says what holds."""

Entry = Holding | Withdraw


def answer_key(
    rule: str, project: str, subject: str | None = None, *, kind: Literal["rule", "question"] = "rule", checklist: str | None = None
) -> str:
    """Return the key of the answer to a rule, or to a question of a kind of checklist, for a project and a subject (None: all)."""
    return _key(kind, rule, project, subject, *([checklist] if kind == "question" else []))


def waiver_key(waiver: Waiver) -> str:
    """Return the key of a waiver; see `Waiver.key`."""
    project, rule, subject, begins_on = waiver.key
    return _key(project, rule, subject, begins_on.isoformat())


def document_key(source: str, path: str) -> str:
    """Return the key of what a document is."""
    return _key(source, path)


def person_key(identity: str) -> str:
    """Return the key of the aliases of a person."""
    return _key(identity)


def kind_of(entry: Entry) -> Kind:
    """Return what an entry is about."""
    if isinstance(entry, Withdraw):
        return entry.kind
    if isinstance(entry, AnswerEntry):
        return "answer"
    if isinstance(entry, WaiverEntry):
        return "waiver"
    if isinstance(entry, SignOffEntry):
        return "sign_off"
    return "document" if isinstance(entry.confirms, DocumentKind) else "person"


def key_of(entry: Entry) -> str:
    """Return the identity of the thing that an entry is about, among those of its kind."""
    if isinstance(entry, Withdraw):
        return entry.key
    if isinstance(entry, AnswerEntry):
        answer = entry.answer
        return answer_key(answer.rule, answer.project, answer.subject, kind=entry.kind, checklist=entry.checklist)
    if isinstance(entry, WaiverEntry):
        return waiver_key(entry.waiver)
    if isinstance(entry, SignOffEntry):
        return _key(entry.what, entry.id, entry.role, entry.person)
    confirmed = entry.confirms
    if isinstance(confirmed, DocumentKind):
        return document_key(confirmed.source, confirmed.path)
    return person_key(confirmed.identity)


def payload_of(entry: Entry) -> dict[str, Any]:
    """Return what an entry says as JSON values; `entry_of` is the way back."""
    if isinstance(entry, Withdraw):
        said: Any = {"because": entry.because}
    elif isinstance(entry, WaiverEntry):
        said = canonical(entry.waiver)
    elif isinstance(entry, ConfirmationEntry):
        said = canonical(entry.confirms)
    else:
        said = canonical(entry)
    assert isinstance(said, dict)
    return said


_READERS: MappingProxyType[str, Callable[[dict[str, Any]], Holding]] = MappingProxyType(
    {
        "answer": AnswerEntry.model_validate,
        "waiver": lambda said: WaiverEntry(waiver=Waiver.model_validate(said)),
        "sign_off": SignOffEntry.model_validate,
        "document": lambda said: ConfirmationEntry(confirms=DocumentKind.model_validate(said)),
        "person": lambda said: ConfirmationEntry(confirms=PersonAliases.model_validate(said)),
    }
)


def entry_of(kind: str, key: str, payload: dict[str, Any], *, is_withdrawal: bool) -> Entry:
    """Return what `payload_of` made a payload of.

    Raises:
        ValueError: this is no payload of an entry of this kind.
    """
    if kind not in _READERS:
        raise ValueError(f"{kind[:40]!r} is no kind of entry")
    if is_withdrawal:
        return Withdraw.model_validate({"kind": kind, "key": key} | payload)
    return _READERS[kind](payload)


def canonical_json(value: Any) -> str:
    """Return JSON values as the one text that is hashed: keys sorted, no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _key(*parts: str | None) -> str:
    return canonical_json(list(parts))
