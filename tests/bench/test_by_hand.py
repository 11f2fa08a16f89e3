"""The benchmark compares like with like: its portfolio is a snapshot, and both ways to write its twenty rules say the same."""

from auditor.checks.compile.plan import compile_rules
from auditor.checks.database import snapshot_database
from auditor.checks.inputs import Plan
from auditor.checks.run import check
from auditor.rulebook.condition import Language
from bench.by_hand import BY_HAND, run_by_hand
from bench.portfolio import write_portfolio


def test_rules_by_hand_count_what_the_engine_counts(tmp_path):
    snapshot = write_portfolio(tmp_path / "portfolio", 15)
    rules = [item.rule for item in BY_HAND]
    with snapshot_database(snapshot) as database:
        said = list(check(database, compile_rules(rules, Language()), Plan(), evidence_limit=3))
    assert len(said) == 15 * len(rules)
    by_hand, evidence = run_by_hand(snapshot.file)
    seen = {(item.rule, item.project): (item.passed, item.failed, item.undecided, item.may_pass) for item in said}
    for item in BY_HAND:
        frame = by_hand[str(item.rule.about)]
        for row in frame.iter_rows(named=True):
            counts = tuple(row[f"{item.rule.id}.{code}"] for code in (1, 2, 3, 4))
            assert seen[item.rule.id, row["project_id"]] == counts, item.rule.id
    shown = {(item.rule, item.project): [one.subject_id for one in item.evidence] for item in said if item.evidence}
    first = {
        (rule, row["project_id"]): row["id"]
        for rule, frame in evidence.items()
        for row in frame.group_by("project_id", maintain_order=True).agg("id").iter_rows(named=True)
    }
    assert shown == first
