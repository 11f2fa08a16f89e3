"""What is planted into copies of the flawless projects is found, and nothing else: two copies in every run, all with LAWS=deep."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.demo.batches import KINDS, audited, batches

IS_DEEP = os.environ.get("LAWS") == "deep"
PROJECTS = tuple(dict.fromkeys(kind.project for kind in KINDS)) if IS_DEEP else ("LINDEN", "RIVER", "RIVER@checked")


@pytest.mark.parametrize("project", PROJECTS)
def test_planted_defects_are_found(project: str, tmp_path: Path) -> None:
    """Each clause that a kind breaks has a finding in its copy, no other clause has one, and no rule crashes."""
    kinds = [kind for kind in KINDS if kind.project == project]
    some = list(batches(tmp_path, kinds, None if IS_DEEP else 1))
    assert sum(len(batch.planted) for batch in some) == len(kinds) if IS_DEEP else len(some[0].planted) >= (1 if "@" in project else 10)
    for seen in audited(some):
        assert not seen.missed, [(kind.name, kind.breaks, done) for kind, done in seen.missed]
        assert not seen.alarms
        assert not seen.said.crashed


def test_there_are_enough_kinds_to_plant() -> None:
    """Over all packs, no name twice; the packs of methods have many clauses, the others few."""
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 100
    counted = Counter(kind.breaks[0].partition("-")[0] for kind in KINDS)
    assert min(counted[name] for name in ("PM2", "P2", "ORG")) >= 8
    assert {"AGILE", "LEAN", "LEGAL"} <= counted.keys()
