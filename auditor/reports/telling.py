"""How evidence reads to people: persons by their names, values in words, a subject by what people call it.

The stored evidence keeps ids and the names of columns; this is the one place that turns them into words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.checks.evaluation import Evidence
from auditor.rulebook.plain import column_in_words, value_in_words
from auditor.snapshot.store import Snapshot, connection

_TOKEN = re.compile(r"[^\s“”\"'(),;:]+(?:/[^\s“”\"'(),;:]+)?:[^\s“”\"'(),;]*[^\s“”\"'(),;.:!?]")
_DIGEST = re.compile(r"[0-9a-f]{16,64}")
_OWN = frozenset({"id", "title", "name"})
"""Columns that a subject is called by: they are not told a second time."""


@dataclass(frozen=True)
class Telling:
    """What ids and facts are called.

    Attributes:
        people: project → id of a person → name.
        facts: rule → name of a value of its evidence → words; columns need none.
    """

    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def sentence(self, project: str, text: str) -> str:
        """Return *text* with the names of persons in the place of their ids."""
        names = self.people.get(project, {})
        return _TOKEN.sub(lambda found: names.get(found[0], found[0]), text) if names else text

    def subject(self, item: Evidence) -> str:
        """Return what people call the subject: `risk R-02 “Late data”`, `gate`."""
        name = next((str(item.values[key]) for key in ("title", "name") if isinstance(item.values.get(key), str)), "")
        id_ = "" if _DIGEST.fullmatch(item.subject_id) else item.subject_id
        shown = value_in_words(id_) if id_ else ""
        return " ".join(part for part in (column_in_words(item.subject_table), shown, f"“{name}”" if name and name != id_ else "") if part)

    def told(self, rule: str, project: str, item: Evidence) -> list[str]:
        """Return the values that decided, each as `label: value`. What only a machine reads (digests, ids of rows) is left out."""
        facts = self.facts.get(rule, {})
        names = self.people.get(project, {})
        lines: dict[str, None] = {}
        for key, value in item.values.items():
            is_fact = key in facts or not key.isidentifier()
            if not is_fact and (key in _OWN or (isinstance(value, str) and _DIGEST.fullmatch(value))):
                continue
            lines[f"{facts.get(key) or column_in_words(key)}: {_value(value, names, is_fact=is_fact)}"] = None
        return list(lines)


_DETAILS = (
    (re.compile(r"no source holds the table (\w+)"), r"no source holds any \1"),
    (re.compile(r"no source fills the column (\w+)\.(\w+)"), r"no source fills the field “\2” of the \1"),
    (re.compile(r"rows of the table (\w+) turn on values"), r"it turns on values of a \1"),
    (re.compile(r"the table (\w+) was not read completely"), r"not every \1 was read"),
    (re.compile(r"the parameter (\w+):? is not set"), r"the parameter “\1” is not set"),
    (re.compile(r"\b(\w+)\.(\w+) is not stated"), r"the \2 of the \1 is not stated"),
)


def detail_in_words(text: str) -> str:
    """Return what is missing without names of tables and columns: `no source holds any change request`."""
    for pattern, words in _DETAILS:
        text = pattern.sub(words, text)
    return re.sub(r"\b[a-z]+(?:_[a-z]+)+\b", lambda found: column_in_words(found[0]), text)


def telling(snapshot: Snapshot, facts: Mapping[str, Mapping[str, str]]) -> Telling:
    """Return what the persons of *snapshot* are called, and the *facts* of rules."""
    people: dict[str, dict[str, str]] = {}
    database = connection()
    try:
        rows = database.execute("select project_id, id, name from read_parquet(?) where name is not null", [str(snapshot.file("person"))])
        for project, id_, name in rows.fetchall():
            people.setdefault(str(project), {})[str(id_)] = str(name)
    finally:
        database.close()
    return Telling(people, facts)


def _value(value: Any, names: Mapping[str, str], *, is_fact: bool) -> str:
    if value is None:
        return "not known" if is_fact else "not stated"
    if isinstance(value, str) and value in names:
        return names[value]
    return value_in_words(value)
