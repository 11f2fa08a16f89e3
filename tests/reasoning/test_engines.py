"""durable-rules, CLIPS and trying everything give the same answers."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from auditor.errors import ReasoningError, UsageError
from auditor.reasoning.clips import ClipsMatcher
from auditor.reasoning.program import Fact, Match, Pattern, Program, Ref, Test, derive
from auditor.reasoning.reasoner import Reasoner, installed
from tests.reasoning.naive import NaiveMatcher
from tests.reasoning.random_programs import KINDS, facts, program

DEEP = os.environ.get("LAWS") == "deep"
ROOT = Path(__file__).parents[2]
PROGRAMS = 10_000 if DEEP else 400
NO_DURABLE = sys.version_info >= (3, 13)


def _cases(first: int, count: int):
    for seed in range(first, first + count):
        random = Random(seed)
        yield program(random), [facts(random) for _ in range(5)]


@pytest.mark.skipif(NO_DURABLE, reason="durable-rules is not installed on this Python: another platform")
def test_durable_says_what_trying_everything_says():
    cases = list(_cases(0, PROGRAMS))
    done = subprocess.run(
        [sys.executable, "-m", "tests.reasoning.forked"],
        input=pickle.dumps(cases),
        capture_output=True,
        check=True,
        cwd=ROOT,
        timeout=1_800,
    )
    fired = 0
    for (made, sets), answers in zip(cases, pickle.loads(done.stdout), strict=True):
        assert not isinstance(answers, str), (answers, made)
        for case, answer in zip(sets, answers, strict=True):
            wanted = derive(made, NaiveMatcher(made), case)
            assert answer == wanted, (made, case)
            fired += len(wanted)
    assert fired > PROGRAMS  # most programs say something


def test_clips_says_what_trying_everything_says():
    for made, sets in _cases(1_000_000, PROGRAMS):
        matcher = ClipsMatcher(made)
        for case in sets:
            assert derive(made, matcher, case) == derive(made, NaiveMatcher(made), case), (made, case)


def test_the_order_of_facts_and_productions_does_not_matter():
    for made, sets in _cases(2_000_000, 25):
        for case in sets:
            wanted = derive(made, ClipsMatcher(made), case)
            assert derive(made, ClipsMatcher(made), case[::-1]) == wanted
            turned = Program(made.matches[::-1], made.tallies, made.defaults)
            found = derive(turned, ClipsMatcher(turned), case)
            last = len(made.matches) - 1
            assert sorted((last - item.production, item.facts, item.made) for item in found) == [
                (item.production, item.facts, item.made) for item in wanted
            ]


# Running


def _chain() -> tuple[Program, list[Fact]]:
    """Return productions in a row, the last of which negates what the first ones make."""
    step = Pattern("declared", ((Test("used", "=", "=yes"),),))
    made = Match(0, (step,), ("made", (("product", Ref(0, "product")), ("n", 1))))
    missing = Match(1, (Pattern("product"), Pattern("made", ((Test("product", "=", Ref(0, "product")),),), is_negated=True)), None)
    listed = [Fact("product", (("n", 0), ("product", f"={name}"), ("state", ""))) for name in "abc"]
    listed.append(Fact("declared", (("m", 0), ("product", "=a"), ("used", "=yes"))))
    return Program((made, missing), (), KINDS), listed


@pytest.mark.parametrize("engine", installed())
def test_a_reasoner_answers(engine):
    made, listed = _chain()
    with Reasoner(made, engine) as reasoner:
        found = reasoner.derive(listed)
        assert [(item.production, item.facts[0].values["product"]) for item in found] == [(0, "=a"), (1, "=b"), (1, "=c")]
        assert reasoner.derive(listed[::-1]) is found  # equal facts are asked once
        assert reasoner.notes == []


@pytest.mark.skipif(len(installed()) < 2, reason="one engine on this Python: another platform")
@pytest.mark.parametrize("engine", installed())
def test_an_engine_that_is_killed_is_replaced_and_the_answer_is_the_same(engine):
    made, listed = _chain()
    with Reasoner(made, engine) as undisturbed:
        wanted = [undisturbed.derive(listed[number:]) for number in range(3)]
    with Reasoner(made, engine) as reasoner:
        found = [reasoner.derive(listed)]
        reasoner._worker.process.kill()
        found += [reasoner.derive(listed[number:]) for number in (1, 2)]
        assert found == wanted
        assert len(reasoner.notes) == 1
        assert engine in reasoner.notes[0]


@pytest.mark.parametrize("engine", installed())
def test_an_engine_that_hangs_is_replaced_or_the_error_says_so(engine):
    made, listed = _chain()
    with Reasoner(made, engine, seconds=0.0) as reasoner, pytest.raises(ReasoningError, match="no answer in 0 s"):
        reasoner.derive(listed)


def test_an_engine_that_is_not_installed(monkeypatch):
    from auditor.reasoning import reasoner

    monkeypatch.setattr(reasoner, "installed", lambda: ("clips",))
    with pytest.raises(UsageError, match="not installed"):
        Reasoner(Program(()), "durable")


@pytest.mark.parametrize("said", [b"", b"\x00\x00", (9).to_bytes(8, "big") + b"half"])
def test_a_worker_that_nobody_asks_ends_without_a_word(said: bytes) -> None:
    """Whoever starts one may be interrupted before it says what it wants."""
    ran = subprocess.run([sys.executable, "-m", "auditor.reasoning.worker"], input=said, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
