"""What is missing, who can give it, and what it would unlock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from auditor.config.settings import Settings, Source
from auditor.connect.protocol import Diagnosis, Pulled, Scope, Unread, Walked
from auditor.errors import AuditorError
from auditor.model.schema import TABLES
from auditor.rulebook.condition import rule_reads
from auditor.snapshot.store import Snapshot
from auditor.workbench.desk import Desk

_LOOK = 3
"""Things that are asked of a source to see that it answers."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Whether a source answers, and what it fills in the newest snapshot.

    Attributes:
        problem: why it does not answer; '' when it does.
        tables: table → in how many projects it is filled, and in how many completely.
        reasons: why tables are incomplete → in how many (project, table) pairs.
        open_tables: why tables are incomplete → which.
        held: tables that it is known to hold, all of the model before the first snapshot.
        diagnosis: what the source says of itself and of us; None where its connector cannot ask, or the source does not answer.
    """

    name: str
    connector: str
    problem: str
    hint: str = ""
    tables: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    open_tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    diagnosis: Diagnosis | None = None


class _Nothing:
    """What earlier pulls left, as a source sees it that is asked for the first time."""

    def fingerprint(self, key: str) -> str | None:  # noqa: ARG002  (the protocol's signature)
        return None

    def fingerprints(self, place: str) -> dict[str, str]:  # noqa: ARG002  (as above)
        return {}

    def watermark(self, name: str) -> str | None:  # noqa: ARG002  (as above)
        return None


def sources_health(settings: Settings, coverage: list[dict[str, Any]]) -> Iterator[SourceHealth]:
    """Yield the health of every configured source; a source that does not answer costs its own line only.

    Args:
        settings: which sources.
        coverage: of the newest snapshot (`overview.coverage_seen`); empty when there is none.
    """
    for source in settings.sources:
        problem, hint, diagnosis = _ask(source)
        own = [row for row in coverage if row["source"] == source.name]
        reasons: dict[str, int] = {}
        open_tables: dict[str, frozenset[str]] = {}
        for row in own:
            for reason in filter(None, (row["reasons"] or "").split(", ")):
                reasons[reason] = reasons.get(reason, 0) + row["projects"] - row["complete"]
                open_tables[reason] = open_tables.get(reason, frozenset()) | {row["table_name"]}
        held = frozenset(row["table_name"] for row in own) or frozenset(TABLES)
        tables = {row["table_name"]: (row["projects"], row["complete"]) for row in own if row["rows"]}
        yield SourceHealth(
            source.name, source.connector, problem, hint, tables, dict(sorted(reasons.items())), open_tables, held, diagnosis
        )


def _ask(source: Source) -> tuple[str, str, Diagnosis | None]:
    try:
        connector = source.connect()
        diagnose = getattr(connector, "diagnose", None)
        if diagnose is not None:
            found: Diagnosis | None = diagnose(Scope(source.places))
            if found is not None:
                return "", "", found
        first: list[Pulled] = list(islice(connector.pull(Scope(source.places), _Nothing()), _LOOK))
    except AuditorError as error:
        return error.message, error.hint or "", None
    return (*_problem(first), None)


def _problem(first: list[Pulled]) -> tuple[str, str]:
    if all(isinstance(item, (Walked, Unread)) for item in first):
        walked = next((item for item in first if isinstance(item, Walked) and not item.is_complete), None)
        if walked is not None:
            return f"{walked.reason.replace('_', ' ')} {walked.detail}".strip(), ""
        if not any(isinstance(item, Unread) for item in first):
            return "it holds nothing", "is the path, and the list of places, right?"
    return "", ""


def rules_left_open(tables: Collection[str] | None, health: SourceHealth, desk: Desk) -> str:
    """Return in words how many rules a gap leaves unassessed.

    Args:
        tables: that are not complete for the gap; empty: all that the source holds; None: it leaves no rule open.
        health: of the source.
        desk: its rules.
    """
    return "" if tables is None else f" (rules that stay open for it: {rules_that_read(tables or health.held, desk)})"


def rules_that_read(tables: Collection[str], desk: Desk) -> int:
    """Return how many of the rules read one of *tables*: that many are not assessed where it is not complete."""
    language = desk.language
    return sum(1 for rule in desk.rulebook.rules.values() if not rule_reads(rule, language).isdisjoint(tables))


def unmapped(snapshot: Snapshot) -> list[tuple[str, str, int]]:
    """Return what could not be mapped: what kind of thing, its words, how often; the commonest first."""
    found: list[tuple[str, str, int]] = []

    def walk(value: Any, path: tuple[str, ...]) -> None:
        if isinstance(value, Mapping):
            for key, item in value.items():
                walk(item, (*path, str(key)))
        elif isinstance(value, list):
            for item in value:
                walk(item, path)
        elif isinstance(value, int) and not isinstance(value, bool):
            found.append((" ".join(path[:-1]), path[-1] if path else "", value))

    walk(snapshot.manifest.get("unmapped", {}), ())
    return sorted(found, key=lambda item: (-item[2], item[0], item[1]))
