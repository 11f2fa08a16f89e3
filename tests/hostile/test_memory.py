"""Rules and views of a user's own pack that grow: each ends as an error within time and memory, the rules beside it are decided."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auditor.snapshot.store import write_snapshot
from tests.hostile.test_rules import CLAUSES, PACK, RULE

pytestmark = [
    pytest.mark.xdist_group("hostile"),
    pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell how much memory a child took"),
]

SECONDS = 4
"""How long a statement may take here."""

MOST_MEMORY = 1_500 * 2**20
"""What an audit may take, whatever its rules ask: the limit of the database, and what Python needs beside it."""

MANY = 4_000
EVERYTHING = (
    "select a.project_id, a.id, a.title from risk a join risk b on b.project_id = a.project_id join risk c on c.project_id = a.project_id"
)
NEIGHBOURS = (
    "select a.project_id, a.id, a.title, count(*) over (partition by a.title) as peers, "
    "max(b.title) over (partition by b.title order by a.title) as greatest "
    "from risk a join risk b on b.project_id = a.project_id"
)


class Ended(NamedTuple):
    """How a child ended.

    Attributes:
        memory: its peak, in bytes.
        found: rule → what the audit says of it.
    """

    code: int
    seconds: float
    memory: int
    found: dict[str, dict[str, Any]]
    err: str


def _folder(root: Path, rules: dict[str, str], views: str = "", words: str = "") -> Path:
    pack = root / "rules" / "mine"
    (pack / "risk").mkdir(parents=True)
    (pack / "pack.yaml").write_text(PACK)
    (pack / "clauses.yaml").write_text(CLAUSES)
    if views:
        (pack / "views.yaml").write_text(views)
    if words:
        (pack / "vocabulary.yaml").write_text(words)
    for id_, text in rules.items():
        (pack / "risk" / f"{id_}.yaml").write_text(text)
    (root / "Projects").mkdir()
    (root / "auditor.toml").write_text(
        f'[[source]]\nname = "d"\nconnector = "fileshare"\nroot = "Projects"\n[rules]\nfolders = ["rules"]\nmax_seconds = {SECONDS}\n'
    )
    risks = [{"project_id": "P", "id": f"R{n}", "title": f"{'a' * 200}{n}", "identified_on": "2026-01-01"} for n in range(MANY)]
    complete = [{"project_id": "P", "id": table, "table_name": table, "is_complete": True} for table in ("risk", "project", "person")]
    rows: dict[str, list[dict[str, Any]]] = {"project": [{"project_id": "P", "id": "P"}], "risk": risks, "completeness": complete}
    write_snapshot(root / ".auditor" / "snapshots" / "2026-06-30-000000000000", rows, {"as_of": "2026-06-30"})
    (root / ".auditor" / "snapshots" / "latest").write_text("2026-06-30-000000000000")
    return root


def _rule(id_: str, require: str, *, about: str = "risk", reads: str = "[risk]", params: str = "") -> str:
    text = RULE.format(id=id_, require=json.dumps(require), reads=reads).replace("about: risk", f"about: {about}")
    return text.replace("cases: [{name: n, given: {risk: []}", "cases: [{name: n, given: {risk: []}").replace("say:", f"{params}say:")


MEASURED = """
import json, os, signal, subprocess, sys
child = subprocess.Popen(sys.argv[2:], stdout=open("out", "wb"), stderr=open("err", "wb"))
signal.signal(signal.SIGALRM, lambda *_: child.kill())
signal.alarm(int(sys.argv[1]))
_, status, used = os.wait4(child.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss]))
"""
"""Runs a command and prints how it ended. A process of its own, as small as can be: the peak that the system tells of a child holds the
memory of the process that started it, and that of a test run is anything."""


def _audit(root: Path, *, patience: int = 300) -> Ended:
    """Run an audit in a child and return how it ended; it is killed when it takes longer than *patience* in seconds."""
    begin = time.monotonic()
    command = [sys.executable, "-m", "auditor", "-c", str(root / "auditor.toml"), "audit", "--profile", "mine", "--format", "json"]
    measured = subprocess.run(
        [sys.executable, "-I", "-S", "-c", MEASURED, str(patience), *command], cwd=root, capture_output=True, check=True, text=True
    )
    took = time.monotonic() - begin
    code, peak = json.loads(measured.stdout)
    said = (root / "out").read_text("utf-8")
    found = {item["rule"]: item for item in json.loads(said)["projects"][0]["evaluations"]} if said.strip() else {}
    return Ended(code, took, peak * (1 if sys.platform == "darwin" else 1024), found, (root / "err").read_text("utf-8"))


def _view(name: str, columns: str, select: str) -> str:
    return f"- {{name: {name}, sentence: S, columns: {columns}, select: {json.dumps(select)}, known_when: [risk], cases: []}}\n"


OK = {"MINE-OK-01": _rule("MINE-OK-01", "filled(risk.title)")}


def test_views_that_join_everything_with_everything(tmp_path: Path) -> None:
    """A view of 64 thousand million rows, and views that double each other."""
    views = "views:\n" + _view("everything", "{title: text}", EVERYTHING)
    views += _view("v0", "{title: text}", EVERYTHING)
    for number in range(1, 12):
        before = f"v{number - 1}"
        joined = f"select a.project_id, a.id, b.title from {before} a join {before} b on b.project_id = a.project_id"
        views += _view(f"v{number}", "{title: text}", joined)
    rules = OK | {
        "MINE-BIG-01": _rule("MINE-BIG-01", "filled(everything.title)", about="everything"),
        "MINE-BIG-02": _rule("MINE-BIG-02", "not exists (from v11 where v11.title = risk.title)"),
    }
    said = _audit(_folder(tmp_path, rules, views))
    assert said.code == 5, said.err
    assert "Traceback" not in said.err
    assert said.found["MINE-OK-01"]["verdict"] == "conform"
    for id_ in ("MINE-BIG-01", "MINE-BIG-02"):
        assert (said.found[id_]["verdict"], said.found[id_]["reason"]) == ("not_assessed", "rule_error")
    assert said.memory < MOST_MEMORY
    assert said.seconds < 150


def test_a_view_that_takes_too_long(tmp_path: Path) -> None:
    """Windows over 16 million rows: more than the time that a statement has."""
    views = "views:\n" + _view("neighbours", "{title: text, peers: integer, greatest: text}", NEIGHBOURS)
    rules = OK | {"MINE-SLOW-01": _rule("MINE-SLOW-01", "neighbours.peers = 1", about="neighbours")}
    said = _audit(_folder(tmp_path, rules, views), patience=8 * SECONDS)
    assert said.code == 5, said.err
    assert said.found["MINE-OK-01"]["verdict"] == "conform"
    assert "longer than" in said.found["MINE-SLOW-01"]["detail"]
    assert said.memory < MOST_MEMORY


def test_lists_patterns_and_texts_that_are_huge(tmp_path: Path) -> None:
    """Tens of thousands of values of a list, a pattern that expands to a thousand million states, a text as long as a condition may be."""
    listed = json.dumps([f"{'b' * 60}{number}" for number in range(30_000)])
    rules = OK | {
        "MINE-LIST-01": _rule("MINE-LIST-01", "not risk.title in $many", params=f"params: {{many: {{type: list, default: {listed}}}}}\n"),
        "MINE-RE-01": _rule("MINE-RE-01", "not matches(risk.title, '((a{1,1000}){1,1000}){1,1000}')"),
        "MINE-TEXT-01": _rule("MINE-TEXT-01", f"not contains(risk.title, '{'x' * 3_900}')"),
        "MINE-LIKE-01": _rule("MINE-LIKE-01", f"not risk.title like '{'%a' * 1_900}'"),
    }
    said = _audit(_folder(tmp_path, rules))
    assert "Traceback" not in said.err
    assert said.code in (0, 5), said.err
    for id_ in ("MINE-OK-01", "MINE-LIST-01", "MINE-TEXT-01"):
        assert said.found[id_]["verdict"] == "conform", said.found[id_]
    assert set(said.found) == set(rules)
    assert said.memory < MOST_MEMORY
    assert said.seconds < 150


def test_words_that_grow_are_refused_at_load(tmp_path: Path) -> None:
    """A vocabulary of forty words, each of which names the one before it twice."""
    words = "terms:\n" + "- {name: w0, parameters: {x: text}, type: boolean, sentence: S, expression: \"x = 'a'\", cases: []}\n"
    for number in range(1, 40):
        twice = f"w{number - 1}(x) or w{number - 1}(x)"
        words += f'- {{name: w{number}, parameters: {{x: text}}, type: boolean, sentence: S, expression: "{twice}", cases: []}}\n'
    said = _audit(_folder(tmp_path, OK | {"MINE-GROW-01": _rule("MINE-GROW-01", "w20(risk.title)")}, words=words))
    assert said.code == 2
    assert "Traceback" not in said.err
    assert "MINE-GROW-01.yaml:9:" in said.err
    assert said.memory < MOST_MEMORY
    assert said.seconds < 60
