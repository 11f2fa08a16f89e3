"""How fast productions are derived: both engines beside trying everything, on the conclusions that ship.

    python bench/reasoning.py [--projects N] [--smoke]

Facts are those of N audited projects whose verdicts are drawn at random; no two are alike, so nothing is remembered. Every engine is asked
the same, must say the same, and is timed in this process without its worker.
"""

import argparse
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from auditor.checks.evaluation import Evaluation, Verdict
from auditor.reasoning.compile import compile_productions
from auditor.reasoning.conclude import evaluation_fact
from auditor.reasoning.facts import Project, Told
from auditor.reasoning.program import derive
from auditor.reasoning.reasoner import installed, matcher
from auditor.reasoning.tailor import as_facts, productions_of
from auditor.rulebook.load import load_rulebook
from auditor.rulebook.profile import resolve_profile
from tests.reasoning.naive import NaiveMatcher


def main() -> None:
    """Print projects per second and the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=300)
    parser.add_argument("--smoke", action="store_true")
    asked = parser.parse_args()
    count = 10 if asked.smoke else asked.projects
    profile = resolve_profile(load_rulebook(), "pm2")
    compiled = compile_productions(productions_of(profile, "conclusions"), "conclusions")
    random = Random(1)
    cases = []
    for number in range(count):
        project = Project(
            {"size": random.choice(["small", "medium", "large"]), "phase": "executing", "methodology": "pm2"},
            tuple(Told("gate", {"gate": gate, "is_past": gate == "rfp"}) for gate in ("rfp", "rfe", "rfc")),
        )
        told = list(project.facts())
        for rule in profile.rules.values():
            verdict = random.choices(list(Verdict), [6, 1, 2, 3])[0]
            reason = "no_data" if verdict is Verdict.NOT_ASSESSED else None
            told.append(evaluation_fact(Evaluation(rule=rule.id, project=f"P{number}", verdict=verdict, reason=reason), rule, None))
        cases.append(compiled.relevant(as_facts(compiled, told)))
    seconds: dict[str, float] = {}
    answers = {}
    for name in (*installed(), "trying everything"):
        engine = NaiveMatcher(compiled.program) if name == "trying everything" else matcher(name, compiled.program)  # type: ignore[arg-type]
        start = time.process_time()
        answers[name] = [derive(compiled.program, engine, case) for case in cases]
        seconds[name] = time.process_time() - start
        assert answers[name] == answers[next(iter(answers))], f"{name} says something else"
    facts = sum(map(len, cases)) / count
    print(f"{len(compiled.sources) // 2} productions, {count} projects with {facts:.0f} facts that matter each")
    base = seconds["trying everything"]
    for name, spent in seconds.items():
        print(f"{name:<20} {count / max(spent, 1e-9):8.0f} projects/s   {spent / base:6.2f} times trying everything")


if __name__ == "__main__":
    main()
