"""Plants many kinds of defects into one copy of a flawless project, audits it, and says of each whether it was found.

Kinds go together whose clauses differ and that leave each other's files in place; what does not fit waits for the next copy. For whoever
writes kinds, `python -m tests.demo.batches [-k TEXT] [-p PROJECT]` prints what is found; `--keep` leaves the copies there, for
`auditor explain`.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random

from auditor.demo.everything import build_copies
from auditor.workbench.desk import Desk
from tests.demo.planting import KINDS as FIRST_KINDS
from tests.demo.planting import Kind, Place
from tests.demo.ways import WAYS, pulled

_MODULES = sorted(path.stem for path in Path(__file__).parent.glob("plants_*.py"))

KINDS: tuple[Kind, ...] = (*FIRST_KINDS, *(kind for name in _MODULES for kind in import_module(f"tests.demo.{name}").KINDS))
"""Every kind: those of `planting` and of all modules `plants_*.py` beside it."""


@dataclass(frozen=True)
class Batch:
    """A copy of *project* below *folder* with the kinds that were planted into it: (kind, what was done)."""

    folder: Path
    project: str
    planted: tuple[tuple[Kind, str], ...]


@dataclass(frozen=True)
class Said:
    """What an audit says: clause → what its findings say; rules that crashed."""

    findings: dict[str, list[str]]
    crashed: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """A batch, and what its audit says."""

    batch: Batch
    said: Said

    @property
    def missed(self) -> list[tuple[Kind, str]]:
        """The kinds of which a clause has no finding, with what was done."""
        return [(kind, done) for kind, done in self.batch.planted if not self.said.findings.keys() >= set(kind.breaks)]

    @property
    def alarms(self) -> dict[str, list[str]]:
        """Findings of clauses that no kind of the batch breaks."""
        broken = {clause for kind, _ in self.batch.planted for clause in kind.clauses}
        return {clause: said for clause, said in self.said.findings.items() if clause not in broken}


def batches(folder: Path, kinds: Sequence[Kind], most: int | None = None) -> Iterator[Batch]:
    """Yield copies below *folder* until all of *kinds* are planted; at most *most* copies of each project."""
    for project in dict.fromkeys(kind.project for kind in kinds):
        left = [kind for kind in kinds if kind.project == project]
        number = 0
        while left and number != most:
            number += 1
            source, _, way = project.partition("@")
            copy = f"{source}{way[:2].upper()}{number}"
            batch = _planted(folder / copy, copy, left)
            planted = {kind.name for kind, _ in batch.planted}
            left = [kind for kind in left if kind.name not in planted]
            yield batch


def _planted(folder: Path, copy: str, kinds: Sequence[Kind]) -> Batch:
    """Write a copy and plant what fits together; the first of *kinds* always does."""
    source, _, way = kinds[0].project.partition("@")
    build_copies(folder, {copy: source})
    if way:
        WAYS[way](folder, copy)
    place = Place(folder, copy)
    before = _files(folder)
    edited: set[Path] = set()
    broken: set[str] = set()
    planted: list[tuple[Kind, str]] = []
    for kind in kinds:
        if planted and (kind.clauses & broken or kind.apart):
            continue
        taken = set(place.taken)
        try:
            done = kind.edit(place, Random(kind.name))
        except (LookupError, StopIteration) as error:
            if not planted:
                message = f"{kind.name!r} cannot be planted into {kind.project}: {error!r}"
                raise LookupError(message) from error
            done = ""
        after = _files(folder)
        if not done or edited & (before.keys() - after.keys()):
            _restore(before, after)
            place.taken.clear()
            place.taken.update(taken)
            continue
        edited |= {path for path, content in after.items() if before.get(path) != content}
        broken |= kind.clauses
        planted.append((kind, done))
        before = after
        if kind.apart:
            break
    return Batch(folder, copy, tuple(planted))


_File = tuple[bytes, int]
"""Content of a file, and when it was written, in nanoseconds."""


def _files(folder: Path) -> dict[Path, _File]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def _restore(before: dict[Path, _File], after: dict[Path, _File]) -> None:
    for path in after.keys() - before.keys():
        path.unlink()
    for path, (content, stamp) in before.items():
        if after.get(path) != (content, stamp):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, ns=(stamp, stamp))


def audited(some: Sequence[Batch], workers: int = 1) -> Iterator[Seen]:
    """Pull and audit the copies, as many at once as there are *workers*, and yield what was found in each."""
    folders = [batch.folder for batch in some]
    if workers == 1:
        yield from map(Seen, some, map(_said, folders))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from map(Seen, some, pool.map(_said, folders))


def _said(folder: Path) -> Said:
    result = Desk(pulled(folder)).audit()[0]
    said: dict[str, list[str]] = {}
    for finding in result.findings:
        said.setdefault(re.sub(r"(?<=\d)[a-z]$", "", finding.rule), []).extend(item.evidence.says for item in finding.items)
    return Said(said, tuple(item.rule for item in result.evaluations if item.reason == "rule_error"))


def main() -> None:
    """Plant, audit, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("-k", default="", help="only kinds with this (regular expression) in their name or first clause")
    asked.add_argument("-p", default="", help="only kinds of this project")
    asked.add_argument("--most", type=int, help="at most so many copies of a project")
    asked.add_argument("--keep", type=Path, help="write the copies here and leave them")
    asked.add_argument("-j", type=int, default=1, help="how many at once")
    said = asked.parse_args()
    kinds = [kind for kind in KINDS if kind.project.startswith(said.p) and re.search(said.k, f"{kind.name} {kind.breaks[0]}")]
    folder = said.keep or Path(tempfile.mkdtemp())
    if said.keep:
        shutil.rmtree(folder, ignore_errors=True)
    for seen in audited(list(batches(folder, kinds, said.most)), said.j):
        sys.stdout.write(f"-- {seen.batch.project}: {len(seen.batch.planted)} planted, {len(seen.missed)} missed\n")
        missed = {kind.name for kind, _ in seen.missed}
        for kind, done in seen.batch.planted:
            word = "MISSED" if kind.name in missed else "found "
            other = sorted((kind.clauses & seen.said.findings.keys()) - set(kind.breaks))
            sys.stdout.write(f"{word} {', '.join(kind.breaks)}: {kind.name} ({done})" + (f" and {other}" if other else "") + "\n")
        for clause, texts in sorted(seen.alarms.items()):
            sys.stdout.write(f"ALARM  {clause}: {texts[:3]}\n")
        for rule in seen.said.crashed:
            sys.stdout.write(f"CRASH  {rule}\n")
        sys.stdout.flush()
    if not said.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
