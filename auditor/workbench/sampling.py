"""Drawing from what a rule leaves to people, and keeping what they read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.checks.evaluation import Evaluation, Evidence
from auditor.checks.inputs import Answer
from auditor.checks.run import subject_digest
from auditor.errors import UsageError, did_you_mean
from auditor.ledger.entry import AnswerEntry
from auditor.ledger.ledger import Written, open_ledger
from auditor.model.schema import TABLES
from auditor.reports.build import place_of
from auditor.rulebook.rule import Rule
from auditor.sampling.draw import Sample, Subject, draw, strata_of
from auditor.sampling.projection import Projection, Says, project
from auditor.sampling.sheet import Sheet
from auditor.snapshot.store import Snapshot, connection
from auditor.workbench.desk import Desk

_ALL = 10**9


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sample is to prove; see `auditor.sampling.size.sample_size`."""

    confidence: Decimal = Decimal("0.95")
    tolerable: Decimal = Decimal("0.05")
    allowed: int = 0
    size: int | None = None
    seed: str | None = None
    by: str = ""


def draw_sample(desk: Desk, rule: str, project_id: str, wanted: Wanted, profile: str | None = None) -> tuple[Sample, Rule]:
    """Return a sample of the subjects of *rule* that nobody and nothing has decided, with the rule as it is asked.

    Raises:
        UsageError: there is no such rule or project, nothing is left to people, or `by` is no column of what the rule is about.
    """
    asked = desk.rule_profile(rule, project_id, profile)
    evaluation = desk.try_rule(asked, project_id, evidence_limit=_ALL)
    open_ = [item for item in evaluation.evidence if item.outcome == "undecided"]
    if not open_ or _is_about_the_project(open_):
        raise UsageError(f"{rule} leaves nothing to draw from in {project_id}: {_why(evaluation)}", hint="`auditor explain` says more")
    if len(open_) < evaluation.undecided:
        raise UsageError(f"{rule} leaves {evaluation.undecided} to people in {project_id}: more than a sample is drawn from")
    telling = desk.telling(asked)
    strata = _strata(desk.snapshot, project_id, open_, wanted.by)
    population = [
        Subject(
            table=item.subject_table,
            id=item.subject_id,
            what="\n".join((telling.subject(item), *telling.told(rule, project_id, item))),
            place=place_of(item),
            url=item.url or "",
            stratum=strata.get(item.subject_id, "") if wanted.by else "",
            digest=subject_digest(rule, project_id, item),
        )
        for item in open_
    ]
    try:
        sample = draw(
            population,
            rule=rule,
            project=project_id,
            snapshot=desk.snapshot.id,
            confidence=wanted.confidence,
            tolerable=wanted.tolerable,
            allowed=wanted.allowed,
            size=wanted.size,
            seed=wanted.seed,
            by=wanted.by,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    return sample, asked.rules[rule]


def _is_about_the_project(items: list[Evidence]) -> bool:
    return all(item.subject_table == "project" for item in items)


def _why(evaluation: Evaluation) -> str:
    what = str(evaluation.verdict).replace("_", " ") + (f" ({evaluation.reason})".replace("_", " ") if evaluation.reason else "")
    return f"it asks about the project as a whole, {what}" if evaluation.undecided else f"{what}, no subject is open"


def _strata(snapshot: Snapshot, project_id: str, items: list[Evidence], by: str) -> Mapping[str, str]:
    """Return id of a subject → value of the column *by*."""
    if not by:
        return {}
    table = items[0].subject_table
    columns = TABLES[table].by_name if table in TABLES else {}
    if by not in columns:
        raise UsageError(f"{table} has no column {by[:60]!r}", hint=did_you_mean(by, columns) or f"`auditor sql 'describe {table}'`")
    database = connection()
    try:
        rows = database.execute(
            f'select id, "{by}" from read_parquet(?) where project_id = ? order by id', [str(snapshot.file(table)), project_id]
        ).fetchall()
    finally:
        database.close()
    return dict(zip((str(row[0]) for row in rows), strata_of(row[1] for row in rows), strict=True))


def projection_of(sheet: Sheet) -> Projection:
    """Return what the answers of a filled-in sample say of its population."""
    answers: dict[tuple[str, str], Says] = {(item.table, item.subject): item.says for item in sheet.read}
    return project(sheet.sample, answers)


def keep_answers(desk: Desk, sheet: Sheet, *, author: str, on: date) -> Written:
    """Write the answers of a filled-in sample into the ledger; who read and when as the sheet says, else *author* and *on*.

    Raises:
        UsageError: the sample's rule is no longer there, or nobody says who read.
        StoreError: the ledger cannot be written.
    """
    if sheet.sample.rule not in desk.rulebook.rules:
        raise UsageError(f"there is no rule {sheet.sample.rule!r} any more", hint=did_you_mean(sheet.sample.rule, desk.rulebook.rules))
    digests = {(item.table, item.id): item.digest for item in sheet.sample.items}
    entries = [
        AnswerEntry(
            answer=Answer(
                rule=sheet.sample.rule,
                project=sheet.sample.project,
                subject=item.subject,
                says=item.says,
                author=item.author or author,
                on=item.on or on,
                note=item.note,
                evidence_digest=digests[item.table, item.subject],
            )
        )
        for item in sheet.read
    ]
    nameless = next((entry.answer.subject for entry in entries if not entry.answer.author), None)
    if nameless is not None:
        raise UsageError(f"nobody says who read {nameless}", hint="fill the column 'Read by', or give --author")
    with open_ledger(desk.settings.ledger_url) as ledger:
        return ledger.write(entries, actor=author or entries[0].answer.author, source=f"sample of {sheet.sample.rule}")
