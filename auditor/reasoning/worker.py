"""`python -m auditor.reasoning.worker`: answers what follows from facts until nobody asks any more."""

import os
import signal
import sys

from auditor.reasoning.frames import read_frame, write_frame
from auditor.reasoning.program import derive
from auditor.reasoning.reasoner import matcher


def main() -> None:
    """Read an engine and a program, then facts; write what follows from them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks hears it, and hangs up
    source = sys.stdin.buffer
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an engine prints does not come between answers
    try:
        engine, program = read_frame(source)
    except EOFError:
        return  # whoever started this was interrupted before it asked
    loaded = matcher(engine, program)
    while True:
        try:
            facts = read_frame(source)
        except EOFError:
            return
        try:
            write_frame(target, ("derived", derive(program, loaded, facts)))
        except OverflowError as error:
            write_frame(target, ("failed", str(error)))
        except BrokenPipeError:
            return


if __name__ == "__main__":
    main()
