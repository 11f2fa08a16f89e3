"""Asks durable-rules about many programs: each in a process of its own, because a process takes one only.

Reads a pickled list of (program, list of fact sets) from standard input and writes a pickled list of answers: firings by fact set, or the
signal that ended the process.
"""

import os
import pickle
import sys

from auditor.reasoning.durable import DurableMatcher
from auditor.reasoning.program import derive


def main() -> None:
    answers = []
    for program, cases in pickle.load(sys.stdin.buffer):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            matcher = DurableMatcher(program)
            with os.fdopen(write, "wb") as out:
                pickle.dump([derive(program, matcher, case) for case in cases], out)
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as source:
            told = source.read()
        _, status = os.waitpid(child, 0)
        answers.append(pickle.loads(told) if status == 0 else f"ended with {os.waitstatus_to_exitcode(status)}")
    pickle.dump(answers, sys.stdout.buffer)


if __name__ == "__main__":
    main()
