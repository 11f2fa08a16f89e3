"""Which mistakes in rules their cases notice; what was tried before is kept, so that long work goes on where it stopped."""

import json
import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from auditor import __version__
from auditor.rulebook.load import Rulebook
from auditor.workbench.cases import VARIANT, run_rule_cases
from auditor.workbench.mutate import Mutation, mutations

_TOGETHER = 40
"""Mutations that are decided in one go: each is a rule of its own."""


@dataclass(frozen=True, slots=True)
class Mutated:
    """What came of the mistakes of some rules.

    Attributes:
        made: how many were made, without those that make no difference.
        missed: those that no case noticed and no reason excuses.
        excused: those that no case noticed, with the reason why none could.
        contradicted: those that are said to make no difference, and a case noticed them.
    """

    made: int
    missed: tuple[Mutation, ...]
    excused: tuple[Mutation, ...]
    contradicted: tuple[Mutation, ...]

    @property
    def share(self) -> float:
        """The share that a case notices; 1 when none was made."""
        return 1 - len(self.missed) / self.made if self.made else 1.0


def all_mutations(rulebook: Rulebook, rule_ids: Collection[str] | None = None) -> list[Mutation]:
    """Return every mistake in every rule (of *rule_ids*), in the order of the rules."""
    language = rulebook.language
    chosen = [rule for rule in rulebook.rules.values() if rule_ids is None or rule.id in rule_ids]
    return [item for rule in chosen for item in mutations(rule, language)]


def try_mutations(
    rulebook: Rulebook, made: Sequence[Mutation], *, kept: Path | None = None, progress: Callable[[int], None] | None = None
) -> Mutated:
    """Return which of *made* a case notices.

    Args:
        rulebook: whose words the rules use.
        made: of `all_mutations`, or some of them.
        kept: a folder; what is found is written there as one goes, and what was found there for the same rulebook is not tried again.
        progress: is told how many are ready.
    """
    file = kept / f"mutations-{__version__}-{rulebook.digest[:32]}.json" if kept is not None else None
    noticed = _read(file)
    left = [item for item in made if _key(item) not in noticed]
    for start in range(0, len(left), _TOGETHER):
        if progress is not None:
            progress(len(made) - len(left) + start)
        some = left[start : start + _TOGETHER]
        variants = [item.rule.model_copy(update={"id": f"{item.rule.id}{VARIANT}{number}"}) for number, item in enumerate(some)]
        told = {outcome.name for outcome in run_rule_cases(rulebook, (), rules=variants) if not outcome.holds}
        noticed |= {_key(item): variant.id in told for item, variant in zip(some, variants, strict=True)}
        _write(file, noticed)
    missed = [item for item in made if not noticed[_key(item)]]
    return Mutated(
        made=sum(not item.equal_because for item in made),
        missed=tuple(item for item in missed if not item.equal_because),
        excused=tuple(item for item in missed if item.equal_because),
        contradicted=tuple(item for item in made if noticed[_key(item)] and _is_stated(item)),
    )


def _is_stated(item: Mutation) -> bool:
    return any(stated.change == item.name for stated in item.rule.equivalent)


def _key(item: Mutation) -> str:
    return f"{item.rule.id} {item.name} → {item.rule.where} | {item.rule.require}"  # one change may be made in several places


def _read(file: Path | None) -> dict[str, bool]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # nothing was kept, or a write was cut off: it is tried again
        return {}
    return {str(key): value is True for key, value in found.items()} if isinstance(found, dict) else {}


def _write(file: Path | None, noticed: dict[str, bool]) -> None:
    if file is None:
        return
    with suppress(OSError):  # a folder that cannot be written to costs time, nothing else
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}.part")
        partial.write_text(json.dumps(noticed, ensure_ascii=False), encoding="utf-8")
        partial.replace(file)
