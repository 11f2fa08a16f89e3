"""The files beside `auditor.toml` in which people write too, as entries of the ledger, and the way back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from auditor.checks.answers import load_answers
from auditor.errors import AuditorError, Location, UsageError, raise_all
from auditor.ledger.entry import AnswerEntry, ConfirmationEntry, DocumentKind, Holding, PersonAliases, SignOffEntry, WaiverEntry
from auditor.rulebook.digest import canonical
from auditor.snapshot.people import Person, read_people
from auditor.snapshot.review import Correction, read_corrections

ANSWERS, PEOPLE, REVIEW, WAIVERS = "answers.yaml", "people.yaml", "recognition-review.yaml", "waivers.yaml"
QUESTIONS, SIGN_OFFS = "checklist-answers.yaml", "sign-offs.yaml"
"""What only the ledger keeps: written by an export, for people to read."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file says about one thing.

    Attributes:
        file: its name.
    """

    entry: Holding
    file: str


def filed_answers(path: Path, *, rules: Collection[str], projects: Collection[str]) -> list[Filed]:
    """Return what `answers.yaml` says. Arguments and errors: `load_answers`."""
    return [Filed(AnswerEntry(answer=answer), path.name) for answer in load_answers(path, rules=rules, projects=projects)]


def filed_people(path: Path) -> list[Filed]:
    """Return what `people.yaml` says; several entries of one person are one. Errors: `read_people`."""
    names: dict[str, dict[str, None]] = {}
    accounts: dict[str, dict[str, dict[str, None]]] = {}
    for person in read_people(path):
        names.setdefault(person.identity, {}).update(dict.fromkeys(person.names))
        own = accounts.setdefault(person.identity, {})
        for realm, listed in person.accounts.items():
            own.setdefault(realm, {}).update(dict.fromkeys((listed,) if isinstance(listed, str) else listed))
    return [
        Filed(ConfirmationEntry(confirms=PersonAliases(identity=identity, names=tuple(names[identity]), accounts=_lists(said))), path.name)
        for identity, said in accounts.items()
    ]


def _lists(accounts: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {realm: tuple(listed) for realm, listed in accounts.items()}


def filed_documents(path: Path) -> list[Filed]:
    """Return what `recognition-review.yaml` says; of several entries about one document the last counts. Errors: `read_corrections`."""
    found: dict[tuple[str, str], Filed] = {}
    errors: list[AuditorError] = []
    for number, item in enumerate(read_corrections(path)):
        try:
            on = _day(item.on)
        except ValueError:
            errors.append(UsageError(f"documents[{number}].on: {str(item.on)[:40]!r} is not a day (YYYY-MM-DD)", at=Location(path.name)))
            continue
        said = DocumentKind(path=item.path, kind=item.kind, source=item.source, by=item.by, on=on, note=item.note)
        found[item.source, item.path] = Filed(ConfirmationEntry(confirms=said), path.name)
    raise_all(f"{path.name} has mistakes", errors)
    return list(found.values())


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    return date.fromisoformat(str(value))


def person_of(said: PersonAliases) -> Person:
    """Return aliases of the ledger as an entry of `people.yaml`."""
    return Person(identity=said.identity, names=said.names, accounts=dict(said.accounts))


def correction_of(said: DocumentKind) -> Correction:
    """Return what a document is as an entry of `recognition-review.yaml`."""
    return Correction(path=said.path, kind=said.kind, source=said.source, by=said.by, on=said.on, note=said.note)


def files_of(entries: Sequence[Holding]) -> dict[str, str]:
    """Return name → text of the files that say what *entries* say; files without entries are left out."""
    lists: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for entry in entries:
        name, key, said = _filed(entry)
        lists.setdefault(name, (key, []))[1].append(said)
    return {name: _HEADS[name] + yaml_text({key: said}) for name, (key, said) in sorted(lists.items())}


_HEADS: Mapping[str, str] = {
    ANSWERS: "# What people answered to rules.\n",
    PEOPLE: "# Which names and accounts are one person.\n",
    REVIEW: "# What documents really are; `none`: no document of any standard.\n",
    WAIVERS: "# What was waived or accepted, by whom and until when.\n",
    QUESTIONS: "# What people answered to questions that only checklists ask.\n",
    SIGN_OFFS: "# Who signed which checklist or report.\n",
}


def _filed(entry: Holding) -> tuple[str, str, dict[str, Any]]:
    """Return name of the file, key of its list, and what it says of *entry*."""
    if isinstance(entry, AnswerEntry):
        said = _plain(canonical(entry.answer))
        return (ANSWERS, "answers", said) if entry.kind == "rule" else (QUESTIONS, "answers", {"checklist": entry.checklist, **said})
    if isinstance(entry, WaiverEntry):
        return WAIVERS, "waivers", _plain(canonical(entry.waiver))
    if isinstance(entry, SignOffEntry):
        return SIGN_OFFS, "sign_offs", _plain(canonical(entry))
    if isinstance(entry.confirms, PersonAliases):
        return PEOPLE, "people", _plain(canonical(entry.confirms))
    return REVIEW, "documents", _plain(canonical(entry.confirms))


def _plain(said: Any) -> dict[str, Any]:
    """Return the fields that say something: what is left out is read as the same."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


class _Dumper(yaml.SafeDumper):
    """Quotes every text that another reader of YAML could take for something else."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if text.isidentifier() else '"')


_Dumper.add_representer(str, _text)


def yaml_text(data: Any) -> str:
    """Return *data* as YAML in which every text is read back as the same text."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
