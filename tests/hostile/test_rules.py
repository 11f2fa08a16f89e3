"""Hostile rules of a user's own pack: what reads, writes or looks at others does not load; what hangs ends as an error, the audit goes on."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import main
from auditor.snapshot.store import write_snapshot

pytestmark = pytest.mark.xdist_group("hostile")

PACK = "name: mine\ntitle: Mine\nstandard: mine\neditions: ['1']\nversion: 0.1.0\nrequires: [core]\n"
CLAUSES = "clauses: [{id: MINE-1, area: risk, requirement: R, status: automatic, rules: planned}]\n"
RULE = """\
id: {id}
title: T
requirement: R
cites: [{{standard: mine, editions: ["1"], section: "1"}}]
answers: [MINE-1]
area: risk
severity: major
about: risk
require: {require}
reads: {reads}
say: "Risk {{id}}"
why: W
fix: F
ask: A
cases: [{{name: n, given: {{risk: []}}, expect: {{verdict: not_applicable}}}}]
"""

REFUSED = [
    "(select count(*) from read_csv('/etc/passwd')) = 0",
    "exists (from read_parquet('x') p where p.a = 1)",
    "exists (from '/etc/passwd' p where p.a = 1)",
    "exists (from information_schema.tables t where t.table_name = 'x')",
    "exists (from duckdb_settings() s where s.name = 'x')",
    "exists (from main.risk r where r.id = risk.id)",
    "exists (from risk r where r.project_id <> risk.project_id)",
    "risk.project_id = 'OTHER'",
    "getenv('HOME') = 'x'",
    "filled(repeat(risk.title, 1000000000))",
    "levenshtein(risk.title, risk.title) = 0",
    "random() < 0.5",
    "risk.identified_on < now()",
    "pg_sleep(100) is null",
    "true; copy risk to '/tmp/x.csv'",
    "true) or (true",
    "matches(risk.title, risk.title)",
    "risk.title = ?",
    "risk.title in (select title from risk)",
    "regexp_matches(risk.title, '(a+)+$')",
    "list_transform([1], x -> x) = [1]",
    "1 = " + "(" * 900 + "1" + ")" * 900,
    "risk.title = '" + "x" * 5_000 + "'",
]


def folder(root: Path, rules: dict[str, tuple[str, str]], rows: dict[str, list[dict[str, Any]]], seconds: int = 300) -> Path:
    (root / "rules" / "mine" / "risk").mkdir(parents=True)
    (root / "rules" / "mine" / "pack.yaml").write_text(PACK)
    (root / "rules" / "mine" / "clauses.yaml").write_text(CLAUSES)
    for id_, (require, reads) in rules.items():
        text = RULE.format(id=id_, require=json.dumps(require), reads=reads)
        (root / "rules" / "mine" / "risk" / f"{id_}.yaml").write_text(text)
    (root / "Projects").mkdir()
    (root / "auditor.toml").write_text(
        f'[[source]]\nname = "d"\nconnector = "fileshare"\nroot = "Projects"\n[rules]\nfolders = ["rules"]\nmax_seconds = {seconds}\n'
    )
    write_snapshot(root / ".auditor" / "snapshots" / "2026-06-30-000000000000", rows, {"as_of": "2026-06-30"})
    (root / ".auditor" / "snapshots" / "latest").write_text("2026-06-30-000000000000")
    return root


def run(root: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["-c", str(root / "auditor.toml"), *arguments])
    return int(ended.value.code or 0)


def test_what_is_refused_is_refused_at_load_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each hostile condition is a mistake of its own, with file and line, all in one run; nothing is decided."""
    rules = {f"MINE-X-{number:02}": (text, "[risk]") for number, text in enumerate(REFUSED, 1)}
    root = folder(tmp_path, rules, {"project": [{"project_id": "P", "id": "P"}]})
    assert run(root, "audit", "--profile", "mine") == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err
    missing = [(id_, text[:80]) for id_, (text, _) in rules.items() if f"{id_}.yaml:9:" not in err]
    assert not missing
    assert not (tmp_path / ".auditor" / "audits").exists()


def test_a_rule_that_hangs_ends_as_an_error_and_the_audit_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cross product over big tables is stopped at the limit; its rule is *rule error* with exit code 5, the rules beside it are decided."""
    count = 60_000
    risks = [{"project_id": "P", "id": f"R{n}", "title": f"{'a' * 40}{n}", "identified_on": "2026-01-01"} for n in range(count)]
    actions = [{"project_id": "P", "id": f"A{n}", "title": f"{'b' * 40}{n}", "due_on": "2026-02-01"} for n in range(count)]
    complete = [
        {"project_id": "P", "id": table, "table_name": table, "is_complete": True}
        for table in ("risk", "action", "project", "person", "artefact")
    ]
    rows = {"project": [{"project_id": "P", "id": "P"}], "risk": risks, "action": actions, "completeness": complete}
    hanging = "not exists (from action a where a.due_on > risk.identified_on and length(a.title) + length(risk.title) = 7)"
    rules = {"MINE-OK-01": ("filled(risk.title)", "[risk]"), "MINE-SLOW-01": (hanging, "[risk, action]")}
    root = folder(tmp_path, rules, rows, seconds=3)
    begin = time.monotonic()
    code = run(root, "audit", "--profile", "mine", "--format", "json")
    took = time.monotonic() - begin
    out, err = capsys.readouterr()
    assert code == 5, err
    found = {item["rule"]: item for item in json.loads(out)["projects"][0]["evaluations"]}
    assert found["MINE-OK-01"]["verdict"] == "conform"
    assert (found["MINE-SLOW-01"]["verdict"], found["MINE-SLOW-01"]["reason"]) == ("not_assessed", "rule_error")
    assert "longer than 3 seconds" in found["MINE-SLOW-01"]["detail"]
    assert took < 120


def test_patterns_that_explode_elsewhere_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Regular expressions are linear in time here, also the famous ones, and long LIKE patterns end."""
    risks = [{"project_id": "P", "id": f"R{n}", "title": "a" * 5_000 + "!"} for n in range(50)]
    complete = [{"project_id": "P", "id": "risk", "table_name": "risk", "is_complete": True}]
    rows = {"project": [{"project_id": "P", "id": "P"}], "risk": risks, "completeness": complete}
    rules = {
        "MINE-RE-01": ("not matches(risk.title, '(a+)+b')", "[risk]"),
        "MINE-LIKE-01": ("not risk.title like '%a%a%a%a%a%a%a%a%b'", "[risk]"),
    }
    root = folder(tmp_path, rules, rows, seconds=30)
    assert run(root, "audit", "--profile", "mine", "--format", "json") in (0, 5)
    found = {item["rule"]: item["verdict"] for item in json.loads(capsys.readouterr().out)["projects"][0]["evaluations"]}
    assert found["MINE-RE-01"] == "conform"
    assert set(found) == {"MINE-RE-01", "MINE-LIKE-01"}
