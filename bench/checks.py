"""What rules cost, in ratios against baselines of the same run: `make bench BENCH_ARGS="--smoke"` for a small portfolio.

Each part runs in a process of its own; CPU is user and system time of that process, all threads.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

EVIDENCE = 3
MOST = "AUDITOR_BENCH_RULES"  # about how many of the rules are taken; unset: all
PARTS = ("touch", "fused", "single", "by_hand", "same", "project")


def _snapshot(folder: Path):
    from bench.portfolio import write_portfolio

    return write_portfolio(folder, 0)


@cache
def _rulebook():
    from auditor.rulebook.cache import cache_folder, kept_rulebook

    return kept_rulebook((), cache_folder())


def _row_rules():
    rulebook = _rulebook()
    rules = [
        rule
        for rule in rulebook.rules.values()
        if isinstance(rule.about, str) and rule.about not in ("project", "expected") and rule.require
    ]
    most = os.environ.get(MOST)
    return rulebook, rules if most is None else rules[:: max(1, len(rules) // int(most))]


def _plan(snapshot, rulebook):
    from auditor.checks.inputs import ExpectedProduct, Plan, ProjectPlan

    owed = tuple(
        ExpectedProduct(kind=kind, obligation="mandatory")
        for kind in sorted({item.kind for pack in rulebook.obligations.values() for item in pack})
    )
    return Plan(projects={project: ProjectPlan(expected=owed) for project in snapshot.project_ids()})


def _decide(folder: Path, rules, rulebook, *, fuse: bool) -> dict[str, Any]:
    """Decide *rules* with evidence and unknowns, as far as the database is concerned: counts, reasons, the first subjects with values."""
    from auditor.checks.compile.plan import compile_rules
    from auditor.checks.database import snapshot_database
    from auditor.checks.engine import Engine
    from auditor.checks.verdict import State

    snapshot = _snapshot(folder)
    checks = compile_rules(rules, rulebook.language)
    plan = _plan(snapshot, rulebook)
    totals: dict[str, list[int]] = {}
    with snapshot_database(snapshot) as database:
        engine = Engine(database, checks, plan, snapshot.as_of, fuse=fuse)
        for rule in rules:
            if rule.id in engine.errors:
                raise SystemExit(f"{rule.id}: {engine.errors[rule.id]}")
            found = engine.totals(rule.id)
            totals[rule.id] = [found[state] for state in State]
        shown = engine.show([rule.id for rule in rules], (engine.projects[0], engine.projects[-1]), limit=EVIDENCE).size()
    return {"rules": len(rules), "totals": totals, "shown": shown}


def part_fused(folder: Path) -> dict[str, Any]:
    rulebook, rules = _row_rules()
    return _decide(folder, rules, rulebook, fuse=True)


def part_single(folder: Path) -> dict[str, Any]:
    rulebook, rules = _row_rules()
    return _decide(folder, rules, rulebook, fuse=False)


def part_same(folder: Path) -> dict[str, Any]:
    from bench.by_hand import BY_HAND

    return _decide(folder, [item.rule for item in BY_HAND], _rulebook(), fuse=True)


def part_by_hand(folder: Path) -> dict[str, Any]:
    from bench.by_hand import BY_HAND, run_by_hand

    found, _ = run_by_hand(_snapshot(folder).file)
    totals = {}
    for item in BY_HAND:
        frame = found[str(item.rule.about)]
        totals[item.rule.id] = [int(frame[f"{item.rule.id}.{code}"].sum()) for code in (1, 2, 3, 4)]
    return {"totals": totals}


def part_touch(folder: Path) -> dict[str, Any]:
    """Hash each column once that the conditions of rules about rows read."""
    import duckdb

    from auditor.model.schema import TABLES
    from auditor.rulebook.condition import rule_conditions

    rulebook, rules = _row_rules()
    language = rulebook.language
    read: dict[str, set[str]] = {}
    for rule in rules:
        for condition in rule_conditions(rule, language).values():
            for source, column in condition.columns:
                read.setdefault(source, set()).add(column)
    for name in [name for name in read if name in rulebook.views]:
        words = set(re.findall(r"(\w+)\.(\w+)", rulebook.views[name].select))
        for table, column in words:
            if (
                table in TABLES
                and column in TABLES[table].by_name
                and column not in ("project_id", "source", "url", "locator", "content_hash")
            ):
                read.setdefault(table, set()).add(column)
        del read[name]
    snapshot = _snapshot(folder)
    connection = duckdb.connect()
    touched = 0
    for name, columns in sorted(read.items()):
        if name in ("expected", "_project") or name.removeprefix("all_") not in TABLES:
            continue
        listed = ", ".join(f'bit_xor(hash("{column}"))' for column in sorted(columns))
        connection.execute(f"select {listed} from read_parquet('{snapshot.file(name.removeprefix('all_'))}')").fetchall()
        touched += len(columns)
    return {"columns": touched}


def part_project(folder: Path) -> dict[str, Any]:
    """Decide one project from a warm store, evaluations and all, start-up included."""
    from auditor.checks.run import run_checks
    from auditor.rulebook.profile import resolve_profile

    rulebook = _rulebook()
    snapshot = _snapshot(folder)
    found = list(run_checks(snapshot, resolve_profile(rulebook, "pm2"), rulebook, _plan(snapshot, rulebook), projects=["project-00007"]))
    return {"evaluations": len(found)}


def _measured(part: str, folder: Path) -> dict[str, Any]:
    """Run a part; what it costs to import and to read the rules is left out of its CPU, but for the project's."""
    if part != "project":
        import polars as pl  # noqa: F401

        import auditor.checks.engine as _engine  # noqa: F401
        from auditor.rulebook.condition import rule_conditions

        rulebook, rules = _row_rules()
        rule_conditions(rules[0], rulebook.language)
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = 0.0 if part == "project" else before.ru_utime + before.ru_stime
    found = globals()[f"part_{part}"](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return found | {"cpu": used.ru_utime + used.ru_stime - start, "memory": used.ru_maxrss / 1024}


def _run(part: str, folder: Path) -> dict[str, Any]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--part", part, "--folder", str(folder)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ,
    )
    return json.loads(done.stdout.splitlines()[-1]) | {"wall": time.perf_counter() - began}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="60 projects and some of the rules: under a minute, no limits asserted")
    parser.add_argument("--projects", type=int, help="default 10000")
    parser.add_argument("--folder", type=Path, help="keep the portfolio here")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(_measured(options.part, options.folder)))
        return 0
    projects = options.projects or (60 if options.smoke else 10_000)
    if options.smoke:
        os.environ.setdefault(MOST, "25")
    with tempfile.TemporaryDirectory(prefix="auditor-bench-") as temporary:
        folder = options.folder or Path(temporary) / f"portfolio-{projects}"
        from bench.portfolio import write_portfolio

        snapshot = write_portfolio(folder, projects)
        _rulebook()  # kept from here on, as it is for everybody who audits twice
        print(f"{projects} projects, {snapshot.manifest.get('rows', 0):,} rows, fixed generator (bench/portfolio.py)")
        found = {part: _run(part, folder) for part in PARTS}
    return _report(found, is_smoke=projects < 10_000)


def _report(found: dict[str, dict[str, Any]], *, is_smoke: bool) -> int:
    cpu = {part: max(item["cpu"], 0.001) for part, item in found.items()}
    rules = found["fused"]["rules"]
    shares = []
    for _id, (passed, failed, undecided, _may) in found["fused"]["totals"].items():
        if total := passed + failed + undecided:
            shares.append((failed / total, undecided / total))
    failing = sorted(share for share, _ in shares)
    unknown = sorted(share for _, share in shares)
    inside = sum(0.01 <= share <= 0.30 for share in failing)
    print(
        f"failing: {inside} of {len(shares)} rules between 1 and 30 %, median {failing[len(failing) // 2]:.0%}; undecided: median {unknown[len(unknown) // 2]:.0%}"
    )
    print("CPU (start-up left out, but for the project's): " + ", ".join(f"{part} {value:.2f} s" for part, value in cpu.items()))
    factor = cpu["fused"] / cpu["touch"]
    per_rule = (factor - 1) / rules
    limits = [
        (f"fused, {rules} rules about rows : touching their {found['touch']['columns']} columns", factor, 1 + 0.06 * rules),
        ("fused : one query per rule (a)", cpu["fused"] / cpu["single"], 1.0),
        ("fused, 20 rules : the same by hand in polars (c)", cpu["same"] / cpu["by_hand"], 1.0),
        ("peak memory of the fused run, MB", found["fused"]["memory"], 1500.0),
    ]
    missed = 0
    for what, value, limit in limits:
        missed += value > limit
        print(f"{'ok    ' if value <= limit else 'MISSED'} {what}: {value:.2f} (limit {limit:.2f})")
    print(f"       per rule over touching: {per_rule:.3f} (limit 0.06, aim 0.02)")
    print(f"       one project, start-up included: {found['project']['wall']:.2f} s, {found['project']['evaluations']} evaluations")
    same, hand = found["same"]["totals"], found["by_hand"]["totals"]
    wrong = [id_ for id_ in hand if hand[id_] != same[id_]]
    print(f"       20 rules by hand give the same counts: {'yes' if not wrong else 'NO: ' + ', '.join(wrong)}")
    return 1 if wrong or (missed and not is_smoke) else 0


if __name__ == "__main__":
    raise SystemExit(main())
