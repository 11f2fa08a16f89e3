"""Which rules answer a clause is written by a command, not by hand."""

import shutil
from pathlib import Path

from auditor.rulebook.clauses import write_rules

SHIPPED = Path(__file__).parents[2] / "rules/auditor_rules/pm2"
CLAUSES = """\
clauses:
- id: A-1
  requirement: x
  area: any
  status: automatic
  rules: planned
- id: A-2
  requirement: y
  area: any
  status: partly
  rules: [A-9]
- id: A-3
  requirement: z
  area: any
  status: manual
  reason: talk
"""


def test_rules_are_written_and_gone_ones_dropped(tmp_path: Path) -> None:
    """A clause names the rules that say that they answer it, and is planned again when the last one went."""
    (tmp_path / "any").mkdir()
    (tmp_path / "clauses.yaml").write_text(CLAUSES, encoding="utf-8")
    for name in ("A-1", "A-1b"):
        (tmp_path / "any" / f"{name}.yaml").write_text(f"id: {name}\nanswers: [A-1]\n", encoding="utf-8")
    assert write_rules(tmp_path) == 2
    written = (tmp_path / "clauses.yaml").read_text(encoding="utf-8")
    assert written == CLAUSES.replace("planned", "[A-1, A-1b]").replace("[A-9]", "planned")
    assert write_rules(tmp_path) == 0


def test_the_shipped_clauses_are_up_to_date(tmp_path: Path) -> None:
    """`python -m auditor.rulebook.clauses rules/auditor_rules/pm2` has nothing to do."""
    copy = tmp_path / "pm2"
    shutil.copytree(SHIPPED, copy)
    assert write_rules(copy) == 0
