"""Filled-in lists into the ledger: read, put together with what holds, written in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.audit import project_traits
from auditor.checklist.checklist import Filled, ReadBack
from auditor.checklist.merge import Merged, Read, merge
from auditor.checklist.read import read_checklist
from auditor.errors import AuditorError, UsageError, did_you_mean, raise_all
from auditor.ledger.entry import AnswerEntry, Entry, key_of
from auditor.ledger.files import filed_answers
from auditor.ledger.joined import ledger_of
from auditor.ledger.ledger import StoredAnswer, Written, open_ledger
from auditor.ledger.trail import TrailEntry, same
from auditor.results.store import audits, open_result
from auditor.workbench.desk import Desk
from auditor.workbench.writing import today


@dataclass(frozen=True, slots=True)
class Gathered:
    """Filled-in lists before anything is written.

    Attributes:
        files: what each says.
        position: of the ledger's trail when it was looked at.
    """

    files: tuple[Read, ...]
    merged: Merged
    position: int

    @property
    def needs_a_look(self) -> int:
        """How many things did not become answers: invalid ones, conflicts, answers without an author, lines of no question."""
        wrong = sum(len(read.back.misread) + len(read.back.unknown) for read in self.files)
        return wrong + len(self.merged.conflicts) + len(self.merged.nameless)


def gather(desk: Desk, paths: Sequence[Path], *, author: str = "", take: Sequence[str] = ()) -> Gathered:
    """Return what filled-in lists say together with what the ledger holds; nothing is written.

    Args:
        desk: of the configuration.
        paths: of the files.
        author: of answers that name nobody.
        take: files, people or 'ledger': whose answer counts where answers differ.

    Raises:
        ExceptionGroup: of UsageError: files that are no lists, or are about projects that the snapshot does not have.
    """
    errors: list[AuditorError] = []
    files: list[Read] = []
    known = project_traits(desk.snapshot)
    for path in dict.fromkeys(paths):
        try:
            back = read_checklist(path)
        except UsageError as error:
            errors.append(error)
            continue
        if back.project not in known:
            hint = did_you_mean(back.project, known) or "`auditor show` names the projects"
            errors.append(
                UsageError(f"{path.name} is about the project {back.project[:60]!r}, which the snapshot does not have", hint=hint)
            )
        files.append(Read(file=str(path), back=_renamed(desk, back)))
    raise_all("lists cannot be read", errors)
    projects = {read.back.project for read in files}
    evaluations = []
    if audits(desk.settings.store.path):
        evaluations = [item for item in open_result(desk.settings.store.path).evaluations if item.project in projects]
    held: tuple[StoredAnswer, ...] = ()
    position = 0
    with ledger_of(desk.settings) as ledger:
        if ledger is not None:
            position = ledger.position
            held = tuple(item for item in ledger.answers(until=position) if item.answer.project in projects)
    merged = merge(files, held, rules=desk.rulebook.rules, today=today(desk.settings), author=author, take=take, evaluations=evaluations)
    return Gathered(tuple(files), merged, position)


def _renamed(desk: Desk, back: ReadBack) -> ReadBack:
    """Return what a list says, its rules by the ids that they have now."""
    now = {alias: rule.id for rule in desk.rulebook.rules.values() for alias in rule.aliases}

    def renamed(item: Filled) -> Filled:
        return item.model_copy(update={"question": now[item.question]}) if item.question in now else item

    return back.model_copy(update={"filled": tuple(map(renamed, back.filled))})


def write_gathered(desk: Desk, gathered: Gathered, *, actor: str) -> Written:
    """Write what was gathered into the ledger, all of it or, when somebody wrote about the same things meanwhile, none.

    Raises:
        ExceptionGroup: of UsageError: `answers.yaml` says something else, and the next audit would stop at that.
        StoreError: the ledger cannot be written.
    """
    entries: list[Entry] = [*gathered.merged.answers, *gathered.merged.sign_offs]
    if not entries:
        return Written(position=gathered.position)
    lists = sorted({read.back.checklist for read in gathered.files})
    with open_ledger(desk.settings.ledger_url) as ledger:
        raise_all("answers.yaml says something else", _filed_otherwise(desk, gathered.merged.answers, ledger.history))
        source = f"auditor checklist read {', '.join(lists)}"[:200]
        return ledger.write(entries, actor=actor, source=source, if_unchanged_since=gathered.position)


def _filed_otherwise(
    desk: Desk, answers: Iterable[AnswerEntry], history: Callable[[str, str], Iterable[TrailEntry]]
) -> Iterable[AuditorError]:
    filed = filed_answers(desk.settings.answers_file, rules=desk.rulebook.rules, projects=project_traits(desk.snapshot))
    said = {key_of(item.entry): item for item in filed}
    for entry in answers:
        key = key_of(entry)
        item = said.get(key) if entry.kind == "rule" else None
        if item is not None and item.entry != entry and not any(same(before, item.entry) for before in history("answer", key)):
            yield UsageError(
                f"{item.file} answers {entry.answer.rule} for {entry.answer.project} already",
                hint="`auditor trail import` takes the file over, then read the list again",
            )
