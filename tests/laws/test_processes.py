"""The same inputs give the same report byte for byte, in whatever process, with whatever seed of hashes and number of threads."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from auditor.snapshot.store import write_snapshot
from tests.laws.engine import stored_tables
from tests.laws.generate import Organisation
from tests.laws.shipped import pool
from tests.shipped import shipped_rulebook

SNAPSHOT = "2026-06-30-000000000000"
PROJECTS = 14

CHECKS = """
import sys
from pathlib import Path
from auditor.checks.inputs import Plan
from auditor.checks.run import run_checks
from auditor.rulebook.cache import cache_folder, kept_rulebook
from auditor.rulebook.profile import resolve_profile
from auditor.snapshot.store import read_snapshot
rulebook = kept_rulebook((), cache_folder())
snapshot = read_snapshot(Path(sys.argv[1]))
for said in run_checks(snapshot, resolve_profile(rulebook, "pm2"), rulebook, Plan(projects={}), threads=int(sys.argv[2])):
    print(said.model_dump_json())
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a snapshot of little projects, each made from the cases of another shipped rule."""
    folder = tmp_path_factory.mktemp("processes")
    rulebook = shipped_rulebook()
    words = rulebook.language
    rules = sorted(rulebook.rules)[:: max(1, len(rulebook.rules) // PROJECTS)]
    made = {f"P{number:02}": pool(rulebook, words, rulebook.rules[id_]).project(Random(id_)) for number, id_ in enumerate(rules)}
    for little in made.values():
        little.organisation = Organisation()
    store = folder / ".auditor" / "snapshots"
    write_snapshot(store / SNAPSHOT, stored_tables(made), {"as_of": "2026-06-30"})
    (store / "latest").write_text(SNAPSHOT)
    (folder / "Projects").mkdir()
    (folder / "auditor.toml").write_text(
        '[[source]]\nname = "d"\nconnector = "fileshare"\nroot = "Projects"\n[profiles]\ndefault = "pm2"\n'
    )
    return folder


def _child(seed: str, *arguments: str) -> bytes:
    done = subprocess.run([sys.executable, *arguments], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def test_the_report_is_the_same_in_every_process(root: Path) -> None:
    command = ("-m", "auditor", "-c", str(root / "auditor.toml"), "audit", "--format", "json")
    first, second = (_child(seed, *command) for seed in ("0", "4242"))
    assert len(first) > 100_000
    assert first == second


def test_the_number_of_threads_never_matters(root: Path) -> None:
    snapshot = str(root / ".auditor" / "snapshots" / SNAPSHOT)
    one, four = (_child(seed, "-c", CHECKS, snapshot, threads) for seed, threads in (("1", "1"), ("99", "4")))
    assert len(one.splitlines()) > 1_000
    assert one == four
