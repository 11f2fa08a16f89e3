"""Persons: accounts of trackers and names in documents, and who is known to be one human being.

A name proposes, only `people.yaml` confirms:

    people:
      - identity: anna.weber                     # the canonical id
        names: [Anna Weber, "Weber, Anna"]       # as documents write it
        accounts: {"jira:jira.example.org": [aweber]}

Names of documents are the realm 'names'. Two different names are two people only when neither can be a way to write the other: a name
that may be short for another ('A. Weber', 'Weber') is of no known realm, so nothing is concluded from it. The whole name is: nobody takes
'Anna Weber' for 'Tom Berg' because somebody else writes 'A. Weber'.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.config.mapping import fold
from auditor.connect.values import parse_day
from auditor.errors import AuditorError, Location, UsageError, raise_all
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.snapshot.review import read_yaml
from auditor.snapshot.rows import Made
from auditor.snapshot.words import words

NAMES = "names"
"""The realm of names that documents state."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BRACKETS = re.compile(r"[(\[<{][^)\]>}]*[)\]>}]")
_HOLDER = re.compile(r"([^()]{2,60}?)\s*\(([^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,3})\)")
_BODY = re.compile(r"([^\W\d_][^:,;\n]{2,60}?)\s*:\s+\S")
_SEVERAL = re.compile(r"\s*(?:[/;&|\n]|\s(?:and|und|et|y|e|or|oder|ou)\s)\s*", re.IGNORECASE)
_MOST_TOKENS = 6
_FEWEST_LISTED, _LONGEST_LISTED = 3, 4  # names, words of a name
_ALIKE = 88.0
_MOST_PROPOSALS = 1_000
_PERSONS = {table.name: tuple(column.name for column in table.own if column.type.kind is Kind.PERSON) for table in TABLES.values()}


@dataclass(frozen=True, slots=True)
class Named:
    """A name as a document writes it, understood."""

    id: str
    name: str
    kind: Literal["person", "group"]
    tokens: frozenset[str]
    email_hash: str = ""
    is_turned: bool = False  # written with a comma: 'Weber, Anna'


def _is_remark(text: str, tokens: list[str]) -> bool:
    """Say whether *text* stands where a name should and is a remark: 'see the contract'. 'Lisa See' is a name."""
    is_written_as_name = all(word[:1].isupper() for word in text.split())
    return not is_written_as_name and any(token in words("sentence") for token in tokens)


def _begins(text: str, listed: str) -> bool:
    word = f"{fold(text)} "
    return any(word.startswith(f"{phrase} ") for phrase in words(listed))


def names_elsewhere(text: str) -> bool:
    """Say whether a text refers to somebody and does not say to whom: 'see contract', 'siehe Vertrag', 'PM'. Whom it names is unknown."""
    plain = text.strip(" \t,;:-–([])")
    if any(letter.isdigit() for letter in plain) and parse_day(plain) is not None:
        return True  # a day where a name should be: what stands there was taken for another column
    is_written_as_name = all(word[:1].isupper() for word in plain.split())
    return (
        fold(plain) in words("short_roles")
        or fold(plain) in words("authorities")
        or (not is_written_as_name and _begins(plain, "elsewhere"))
    )


@lru_cache(maxsize=65_536)
def named(text: str) -> Named | None:
    """Return whom a text names, or None when it names nobody ('TBD', '-', '<name>')."""
    found = _MAIL.search(text)
    email_hash = mail_hash(found[0]) if found else ""
    plain = _MAIL.sub(" ", text)
    if (holder := _HOLDER.fullmatch(plain.strip())) is not None and fold(holder[1]) in words("called_by_role"):
        is_named = all(word[:1].isupper() for word in holder[2].split()) and named(holder[2]) is not None
        plain = holder[2] if is_named else plain  # 'Change authority (Jo Lake)' is whoever holds the role
    plain = _BRACKETS.sub(" ", plain).strip(" \t,;:-–")
    if not plain and found:
        plain = re.sub(r"[._-]+", " ", found[0].partition("@")[0])
    word = fold(plain)
    is_prompt = text.strip().startswith("<") and text.strip().endswith(">") and not found
    if is_prompt or not _is_name(word) or _begins(plain, "awaited"):
        return None
    if (body := _BODY.match(plain)) is not None and any(token in words("groups") for token in fold(body[1]).split()):
        plain = body[1]  # 'Project board: A. Orr, B. Ash' is the board, with its members told
    parts = [part for part in _SEVERAL.split(plain) if fold(part)]
    if len(parts) > 1 or _is_list(plain):
        return Named(f"name:{_joined(fold(plain).split())}", plain, "group", frozenset(), email_hash)
    is_turned = "," in plain
    plain = _turned(plain)
    tokens = [token for token in fold(plain).split() if token not in words("titles")] or fold(plain).split()
    kind: Literal["person", "group"] = (
        "group"
        if len(tokens) > _MOST_TOKENS or any(token in words("groups") for token in tokens) or _is_remark(plain, tokens)
        else "person"
    )
    return Named(f"name:{_joined(tokens)}", " ".join(plain.split()), kind, frozenset(tokens), email_hash, is_turned)


def _is_list(plain: str) -> bool:
    """Say whether commas stand between three names or more: 'Vogt, Krüger, Brandl', 'Ann Orr, Jo Ash, Li Ma'."""
    parts = [part.split() for part in plain.split(",")]
    return len(parts) >= _FEWEST_LISTED and all(
        1 <= len(part) <= _LONGEST_LISTED and all(word[:1].isupper() or fold(word) in words("particles") for word in part) for part in parts
    )


def _is_name(word: str) -> bool:
    """Say whether a folded text can be a name: 'Name 3' and '12' stand where one is to be written."""
    if word in words("nobody") or word.replace(" ", "") in words("nobody"):
        return False
    return any(not token.isdigit() and token not in words("nobody") for token in word.split())


def mail_hash(address: str) -> str:
    """Return the SHA-256 of an address: it is compared, never kept."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def _joined(tokens: Iterable[str]) -> str:
    """Return tokens as an id: 'Weber Anna' and 'Anna Weber' are one."""
    return "-".join(sorted(tokens))


def _turned(name: str) -> str:
    """Return 'Weber, Anna' as 'Anna Weber', and 'Anna Weber, Finance' as 'Anna Weber'."""
    first, comma, rest = name.partition(",")
    if not comma:
        return name
    given = rest.split(",")[0].split()
    is_short = 1 <= len(given) <= 2 and all(word[:1].isupper() and not (word.isupper() and len(word) > 2) for word in given)
    # A surname alone before the comma; 'van der Berg' counts as one.
    surname = [word for word in first.split() if fold(word) not in words("particles")]
    if len(surname) == 1 and is_short and not any(fold(word) in words("groups") for word in given):
        return f"{' '.join(given)} {first.strip()}"
    return first.strip() or rest.strip()


def may_be_one(first: frozenset[str], second: frozenset[str]) -> bool:
    """Say whether two names can be two ways to write one."""
    if not first or not second or first == second:
        return True
    if first <= second or second <= first:
        return True
    left, right = first - second, second - first
    short_left, short_right = {token for token in left if len(token) == 1}, {token for token in right if len(token) == 1}
    if first & second and (short_left or short_right):
        open_left = {token[0] for token in left}
        open_right = {token[0] for token in right}
        if open_left <= open_right or open_right <= open_left:
            return True
    from rapidfuzz import fuzz  # noqa: PLC0415  (only where there are names)

    return bool(fuzz.ratio(" ".join(sorted(first)), " ".join(sorted(second))) >= _ALIKE)


def is_short_for(first: frozenset[str], second: frozenset[str]) -> bool:
    """Say whether one of two names that may be one is surely the shorter way to write it: 'A. Weber', 'Weber' for 'Anna Weber'."""
    left, right = first - second, second - first
    return bool(right) and not any(len(token) == 1 for token in right) and all(len(token) == 1 for token in left)


class Person(BaseModel):
    """An entry of `people.yaml`: names and accounts that are one person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    identity: str
    names: tuple[str, ...] = ()
    accounts: dict[str, tuple[str, ...] | str] = {}


@dataclass(frozen=True, slots=True)
class Aliases:
    """What `people.yaml` confirms: (realm, id) → canonical identity."""

    identities: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def identity(self, realm: str, person_id: str) -> str | None:
        """Return the canonical identity of an account or name, or None when nobody confirmed one."""
        return self.identities.get((realm, person_id))


def load_people(file: Path) -> Aliases:
    """Return the confirmed aliases; none when there is no file.

    Raises:
        UsageError: it is no YAML.
        ExceptionGroup: everything else that is wrong, of `UsageError`.
    """
    return aliases_of(read_people(file), Location(str(file)))


def read_people(file: Path) -> list[Person]:
    """Return the entries of the file; none when there is no file. Errors: as of `load_people`."""
    data = read_yaml(file)
    if data is None:
        return []
    said = data.get("people", []) if isinstance(data, dict) else None
    if not isinstance(said, list):
        raise UsageError("expected a list `people`", at=Location(str(file)))
    errors: list[AuditorError] = []
    people = []
    for number, item in enumerate(said):
        try:
            people.append(Person.model_validate(item))
        except ValidationError as error:
            errors += [
                UsageError(f"people[{number}].{'.'.join(map(str, found['loc']))}: {found['msg'].lower()}", at=Location(str(file)))
                for found in error.errors()
            ]
    raise_all(f"{file}: the aliases are wrong", errors)
    return people


def aliases_of(people: Iterable[Person], at: Location) -> Aliases:
    """Return what entries confirm together.

    Args:
        people: the entries.
        at: where they stand, for errors.

    Raises:
        ExceptionGroup: of UsageError, a name or an account is said to be two persons.
    """
    errors: list[AuditorError] = []
    identities: dict[tuple[str, str], str] = {}
    for number, person in enumerate(people):
        errors += [
            UsageError(f"people[{number}]: {key[1]!r} is {identities[key]!r} already, and here {person.identity!r}", at=at)
            for key in _keys(person)
            if identities.setdefault(key, person.identity) != person.identity
        ]
    raise_all(f"{at}: the aliases are wrong", errors)
    return Aliases(identities)


def _keys(person: Person) -> Iterable[tuple[str, str]]:
    for name in person.names:
        if (found := named(name)) is not None:
            yield NAMES, found.id
    for realm, accounts in sorted(person.accounts.items()):
        for account in (accounts,) if isinstance(accounts, str) else accounts:
            yield realm, account


def settle_people(rows: list[Made], aliases: Aliases, named_sources: frozenset[str]) -> list[dict[str, str]]:
    """Give every name of a document a person and every person its identity; return what names and addresses propose.

    Args:
        rows: of one project; persons are added.
        aliases: what is confirmed.
        named_sources: sources whose person columns hold names, not ids of accounts.
    """
    accounts = _accounts(rows)
    names: dict[str, tuple[Named, Made]] = {}
    gone_names: dict[str, tuple[Named, Made]] = {}
    kept = []
    for row in rows:
        known = gone_names if row.is_gone else names
        if row.source in named_sources or row.extra.get("names"):
            _resolve(row, known, _PERSONS[row.table])
        elif written := row.extra.get("written"):
            _resolve(row, known, sorted(written))
        kept.append(row)
    _take_pairs_apart(names)
    _name_departures(kept, names)
    persons = [_named_person(found, first, names) for found, first in (names[name] for name in sorted(names))]
    # Whom only vanished documents named stays for their sake, and makes no name of others doubtful.
    gone = [_named_person(found, first, names) for name, (found, first) in sorted(gone_names.items()) if name not in names]
    for person in gone:
        person.is_gone = True
    rows[:] = [*kept, *persons, *gone]
    for person in (*accounts, *persons, *gone):
        realm = str(person.get("realm") or (NAMES if person.id.startswith("name:") else ""))
        identity = aliases.identity(realm, str(person.extra.get("account", person.id)))
        person.put("identity", identity)
        person.put("identity_confidence", Decimal(1) if identity else None)
    return _proposals(accounts, persons)


def _is_team(name: str) -> bool:
    """Say whether an account is shared: 'Infrastructure Team', 'Service Desk'."""
    said = f" {fold(name)} "
    return any(f" {word} " in said for word in words("teams"))


def _accounts(rows: list[Made]) -> list[Made]:
    """Return the persons of trackers; where they are of several realms, ids get the realm before them, everywhere."""
    accounts = sorted(
        (row for row in rows if row.table == "person"), key=lambda row: (row.is_gone, row.source, row.id, str(row.get("name")))
    )
    for row in accounts:
        if row.get("kind") == "person" and _is_team(str(row.get("name") or "")):
            row.put("kind", "group")
    realms = {str(row.get("realm") or "") for row in accounts}
    if len(realms) > 1:
        realm_of = {row.source: str(row.get("realm") or row.source) for row in accounts}
        for row in accounts:
            row.extra["account"] = row.id
            row.id = f"{realm_of[row.source]}/{row.id}"
        for row in rows:
            if row.table != "person" and row.source in realm_of:
                _prefix(row, realm_of[row.source])
    # The same account is met in several places of one source.
    seen: dict[tuple[str, str], Made] = {}
    for row in accounts:
        first = seen.setdefault((row.source, row.id), row)
        if first is not row:
            row.extra["is_double"] = True
    rows[:] = [row for row in rows if not row.extra.get("is_double")]
    return [row for row in accounts if not row.extra.get("is_double")]


def _prefix(row: Made, realm: str) -> None:
    written = row.extra.get("written", ())  # names, not accounts
    for column in _PERSONS[row.table]:
        if row.values.get(column) and column not in written:
            row.values[column] = f"{realm}/{row.values[column]}"
    if row.table == "history_entry" and row.get("field") in _PERSONS.get(str(row.get("table_name")), ()):
        for side in ("from_code", "to_code"):
            if row.values.get(side):
                row.values[side] = f"{realm}/{row.values[side]}"


def _resolve(row: Made, names: dict[str, tuple[Named, Made]], columns: Iterable[str]) -> None:
    for column in columns:
        said = row.values.get(column)
        if said is None:
            continue
        text = unicodedata.normalize("NFC", str(said))
        if names_elsewhere(text):
            row.values[column] = None
            row.filled.discard(column)
            continue
        found = named(text)
        if found is None:
            row.put(column, None)
            continue
        row.values[column] = found.id
        before = names.get(found.id)
        if before is not None and before[0].is_turned and not found.is_turned:
            names[found.id] = (found, row)
        elif before is not None and found.is_turned and not before[0].is_turned:
            continue
        elif before is None or (found.name, row.url) < (before[0].name, before[1].url):
            names[found.id] = (found, row)


def _take_pairs_apart(names: dict[str, tuple[Named, Made]]) -> None:
    """Call 'Strand, Delvaux' a group where both are surnames of people whom the project names in full, and nobody writes it otherwise."""
    surnames: dict[str, set[str]] = defaultdict(set)
    for found, _ in names.values():
        if found.kind == "person" and not found.is_turned and len(found.tokens) > 1:
            surnames[fold(found.name.split()[-1])].add(found.id)
    for key, (found, row) in names.items():
        if not found.is_turned or found.kind != "person" or len(found.tokens) != 2:
            continue
        first, second = sorted(found.tokens)
        if surnames[first] and surnames[second]:
            names[key] = (replace(found, kind="group", tokens=frozenset()), row)


def _name_departures(rows: Iterable[Made], names: Mapping[str, tuple[Named, Made]]) -> None:
    """Let 'N. Lee left' be of Nora Lee where she is the only one of that name whom the project names in full."""
    for row in rows:
        if row.table != "listed_item" or row.get("kind") != "departure" or (short := names.get(str(row.get("person_id")))) is None:
            continue
        first = short[0]
        full = [
            other
            for other, _ in names.values()
            if other.kind == "person"
            and other.id != first.id
            and len([token for token in other.tokens if len(token) > 1]) > 1
            and first.tokens & other.tokens
            and may_be_one(first.tokens, other.tokens)
        ]
        if first.tokens and len(full) == 1 and is_short_for(first.tokens, full[0].tokens):
            row.values["person_id"] = full[0].id
            row.put("name", full[0].name)


def _named_person(found: Named, first: Made, names: Mapping[str, tuple[Named, Made]]) -> Made:
    values: dict[str, Any] = {"name": found.name, "kind": found.kind}
    filled = {"name", "kind"}
    is_clear = found.kind == "group" or (
        len([token for token in found.tokens if len(token) > 1]) > 1
        and not any(
            other.id != found.id
            and other.kind == "person"
            and may_be_one(found.tokens, other.tokens)
            and not is_short_for(other.tokens, found.tokens)
            for other, _ in names.values()
        )
    )
    if is_clear:
        values["realm"] = NAMES
        filled.add("realm")
    if found.email_hash:
        values["email_hash"] = found.email_hash
        filled.add("email_hash")
    return Made(
        "person",
        found.id,
        values,
        filled,
        first.source,
        first.url,
        first.locator,
        first.record_version,
        first.content_hash,
        first.seen_at,
        extra={"tokens": found.tokens},
    )


def _proposals(accounts: Iterable[Made], persons: Iterable[Made]) -> list[dict[str, str]]:
    """Return pairs that may be one human being and that nobody confirmed."""
    found = []
    known = [(row, frozenset(fold(str(row.get("name") or "")).split())) for row in accounts]
    for person in persons:
        tokens = person.extra["tokens"]
        if person.get("kind") != "person" or person.get("identity") or not tokens:
            continue
        for account, account_tokens in known:
            basis = ""
            if person.get("email_hash") and person.get("email_hash") == account.get("email_hash"):
                basis = "address"
            elif account_tokens and tokens == account_tokens:
                basis = "name"
            if basis:
                found.append({"name": person.id, "account": account.id, "realm": str(account.get("realm") or ""), "basis": basis})
    return sorted(found, key=lambda item: (item["name"], item["realm"], item["account"]))[:_MOST_PROPOSALS]
