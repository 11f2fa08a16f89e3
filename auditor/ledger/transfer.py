"""Taking files over into the ledger, and writing what it holds and its whole trail into files again."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from auditor.errors import AuditorError, Location, StoreError, UsageError, raise_all
from auditor.ledger.entry import AnswerEntry, ConfirmationEntry, Entry, Holding, SignOffEntry, WaiverEntry, key_of, kind_of
from auditor.ledger.files import Filed, files_of
from auditor.ledger.joined import contradiction
from auditor.ledger.ledger import Ledger, StoredAnswer, open_ledger
from auditor.ledger.trail import COLUMNS, Broken, TrailEntry, check_chain, row_of, same

TRAIL = "trail.jsonl"
_TAKEN_OVER = "import "
Prefer = Literal["file", "ledger"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file.

    Attributes:
        written: new in the ledger, or changed in the file since it was taken over.
        held: the ledger says the same already.
        older: the ledger once held it; something newer holds.
    """

    file: str
    written: int
    held: int
    older: int


def import_files(ledger: Ledger, filed: Sequence[Filed], *, actor: str, prefer: Prefer | None = None) -> list[Imported]:
    """Take over what files say. Done again, or after an interruption, it writes what is missing and nothing twice.

    A thing that was taken over from a file and was changed there since is written anew. A thing that somebody wrote into the ledger by
    other means, and about which the file says something that the ledger never held, is a contradiction.

    Args:
        ledger: where to.
        filed: what the files say.
        actor: who takes them over.
        prefer: what holds where file and ledger contradict each other; both are recorded. None: nothing is written then.

    Raises:
        ExceptionGroup: of UsageError, every contradiction.
        StoreError: the ledger cannot be written. Files that were taken over before stay so.
    """
    position = ledger.position
    errors: list[AuditorError] = []
    steps: dict[str, list[Entry]] = {}  # source → entries
    counts: dict[str, Counter[str]] = {}
    histories = ledger.histories((kind_of(item.entry), key_of(item.entry)) for item in filed)
    for item in filed:
        history = histories.get((kind_of(item.entry), key_of(item.entry)), [])
        count = counts.setdefault(item.file, Counter())
        last = history[-1] if history else None
        if last is not None and same(last, item.entry):
            count["held"] += 1
        elif any(same(entry, item.entry) for entry in history):
            count["older"] += 1
        elif last is None or prefer == "file" or (last.source.startswith(_TAKEN_OVER) and last.act == "set"):
            count["written"] += 1
            steps.setdefault(_TAKEN_OVER + item.file, []).append(item.entry)
        elif prefer == "ledger":
            count["older"] += 1
            steps.setdefault(f"kept against {item.file}", []).extend([item.entry, ledger.read(last)])
        else:
            errors.append(contradiction(item, last))
    raise_all("files and ledger contradict each other", errors)
    for source, entries in steps.items():
        done = ledger.write(entries, actor=actor, source=source[:200], if_unchanged_since=position)
        if done.conflicts:
            theirs = done.conflicts[0].theirs
            raise StoreError(
                f"{ledger.shown}: {theirs.actor} wrote about the same thing just now (entry {theirs.number})", hint="try again"
            )
    return [Imported(file, count["written"], count["held"], count["older"]) for file, count in sorted(counts.items())]


def holding(ledger: Ledger, *, until: int | None = None) -> list[Holding]:
    """Return everything that holds, in the order of its keys."""

    def answer(item: StoredAnswer) -> AnswerEntry:
        return AnswerEntry(answer=item.answer, kind=item.kind, checklist=item.checklist)

    found: list[Holding] = [answer(item) for item in ledger.answers(until=until)]
    found += [WaiverEntry(waiver=waiver) for waiver in ledger.waivers(until=until)]
    signed: Sequence[SignOffEntry] = ledger.sign_offs(until=until)
    found += signed
    found += [ConfirmationEntry(confirms=item) for item in ledger.documents(until=until)]
    found += [ConfirmationEntry(confirms=item) for item in ledger.people(until=until)]
    return found


def export_files(ledger: Ledger, folder: Path) -> list[Path]:
    """Write what holds as files for people, and the whole trail as `trail.jsonl`; return what was written.

    The files can stand beside `auditor.toml` again. The trail can be restored elsewhere with every hash (`restore_trail`).

    Raises:
        UsageError: one of the files is there already.
        StoreError: the ledger cannot be read, or the files not written.
    """
    position = ledger.position
    texts = files_of(holding(ledger, until=position))
    taken = next((folder / name for name in (*texts, TRAIL) if (folder / name).exists()), None)
    if taken is not None:
        raise UsageError(f"{taken} is there already", hint="give another folder with --output")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / TRAIL).open("w", encoding="utf-8") as stream:
        stream.write(json.dumps({"ledger": ledger.id}) + "\n")
        for entry in ledger.entries(until=position):
            stream.write(json.dumps(row_of(entry), ensure_ascii=False) + "\n")
    return [folder / name for name in (*texts, TRAIL)]


def restore_trail(url: str, file: Path) -> int:
    """Bring a trail that was exported into a ledger, entry by entry with its hashes, and return how many entries were new.

    Args:
        url: of the ledger; it is made where there is none. One that holds the beginning of the same trail is completed.
        file: `trail.jsonl`.

    Raises:
        UsageError: the file is no trail, or a broken one.
        StoreError: there is another ledger already, or it cannot be written.
    """
    rows = iter(_rows(file))
    head = next(rows, None)
    identity = head.get("ledger") if head is not None else None
    if head is None or set(head) != {"ledger"} or not isinstance(identity, str) or len(identity) != 32:
        raise UsageError(f"{file}: this is no trail", hint=f"`auditor trail export` writes one, as {TRAIL}")
    entries = list(rows)
    checked = check_chain(identity, entries)
    if checked.broken is not None:
        raise UsageError(f"{file}: the trail is broken at entry {checked.broken.number}: {checked.broken.why}")
    with open_ledger(url, identity=identity) as ledger:
        if ledger.id != identity:
            raise StoreError(f"{ledger.shown}: there is another ledger already", hint="name a new place under [ledger] url in auditor.toml")
        return ledger.append(entries)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                said = json.loads(line)
                if not isinstance(said, dict) or (number > 1 and not _is_row(said)):
                    raise UsageError("this is no entry of a trail", at=Location(f"{file}, line {number}"))
                yield said
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: this is no trail: {getattr(error, 'strerror', None) or 'it cannot be read'}") from None


def _is_row(said: dict[str, Any]) -> bool:
    texts = [said.get(name) for name in COLUMNS if name != "number"]
    return set(said) == set(COLUMNS) and type(said["number"]) is int and all(isinstance(text, str) for text in texts)


def first_fault(ledger: Ledger, marks: Iterable[tuple[str, int, str]]) -> Broken | None:
    """Return what shows that the trail is not the one that marks were taken of; None: nothing does.

    Args:
        ledger: of which the marks are.
        marks: (who kept it, position, hash).
    """
    for keeper, position, digest in marks:
        entry = ledger.hash_at(position)
        if entry is None:
            why = f"{keeper} was made when the trail had {position} entries: the end of the trail was cut off"
            return Broken(number=position, why=why)
        if entry != digest:
            return Broken(number=position, why=f"{keeper} was made of another entry {position}: the trail was written anew")
    return None


def entries_of_project(entries: Iterable[TrailEntry], project: str) -> Iterator[TrailEntry]:
    """Yield the entries that are about a project."""
    for entry in entries:
        key = json.loads(entry.key)
        place = {"answer": 2, "waiver": 0}.get(entry.kind)
        if place is not None and key[place] == project:
            yield entry
