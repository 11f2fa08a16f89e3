"""Processes that write into a ledger: several at once, and one that is killed again and again. Started by the tests, by its path."""

import os
import random
import signal
import sys
import time

from auditor.ledger.ledger import open_ledger
from tests.ledger.conftest import answer

BATCH = 5


def write(url: str, name: str, batches: int, told: int | None = None) -> None:
    """Write batches about things of one's own; each position is told when it is certain."""
    with open_ledger(url) as ledger:
        for number in range(batches):
            entries = [answer(f"{name}-{number}-{place}", note="x" * 200) for place in range(BATCH)]
            position = ledger.write(entries, actor=name, source="test").position
            if told is not None:
                os.write(told, position.to_bytes(8, "big"))


def kill(url: str, rounds: int, seed: int) -> None:
    """Start a writer, kill it at a random moment, and look at what it left; print what is wrong."""
    draw = random.Random(seed)
    with open_ledger(url) as ledger:
        position = ledger.position
    for number in range(rounds):
        reads, writes = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reads)
            write(url, f"k{number}", 10_000, writes)
            os._exit(1)
        os.close(writes)
        certain = int.from_bytes(os.read(reads, 8), "big")  # it has begun
        time.sleep(draw.random() * 0.04)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reads, "rb") as told:
            certain = max(certain, int.from_bytes(told.read()[-8:], "big"))
        with open_ledger(url) as ledger:
            found = ledger.verify()
            position = ledger.position
            if not found.is_whole or position < certain or position % BATCH:
                sys.exit(f"round {number}: {found}, at {position}, told {certain}")
    sys.stdout.write(f"{position}\n")


def main() -> None:
    match sys.argv[1:]:
        case ["write", url, name, batches]:
            write(url, name, int(batches))
        case ["kill", url, rounds, seed]:
            kill(url, int(rounds), int(seed))


if __name__ == "__main__":
    main()
