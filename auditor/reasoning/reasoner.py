"""Running programs: an engine in a worker process of its own, so that its crash costs a retry with the other engine and never the audit."""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Literal, Self

from auditor.errors import ReasoningError, UsageError
from auditor.reasoning.frames import read_frame, write_frame
from auditor.reasoning.program import Fact, Firing, Matcher, Program

EngineName = Literal["durable", "clips"]
SECONDS = 120.0
"""How long one project may take before its engine counts as hung."""

_MODULES: dict[EngineName, str] = {"durable": "durable_rules_engine", "clips": "clips"}


def installed() -> tuple[EngineName, ...]:
    """Return the engines that this installation has, the preferred one first."""
    return tuple(name for name, module in _MODULES.items() if find_spec(module) is not None)


def matcher(engine: EngineName, program: Program) -> Matcher:
    """Return an engine loaded with *program*. A process takes one program only."""
    if engine == "durable":
        from auditor.reasoning.durable import DurableMatcher  # noqa: PLC0415  (not installed everywhere)

        return DurableMatcher(program)
    from auditor.reasoning.clips import ClipsMatcher  # noqa: PLC0415  (not installed everywhere)

    return ClipsMatcher(program)


class Reasoner:
    """Answers what follows from facts, project by project.

    Equal facts are asked once. An engine that dies or hangs is replaced by the other one for good; `notes` tells of it.

    Args:
        program: the productions.
        engine: which engine begins; None: the preferred one that is installed.
        seconds: how long one question may take.
    """

    def __init__(self, program: Program, engine: EngineName | None = None, *, seconds: float = SECONDS) -> None:
        have = installed()
        if engine is not None and engine not in have:
            hint = f"installed: {', '.join(have) or 'none'}; `pip install {'clipspy' if engine == 'clips' else 'durable-rules'}`"
            raise UsageError(f"the reasoning engine {engine!r} is not installed", hint=hint)
        first = (engine,) if engine else ()
        self.engines: list[EngineName] = list(dict.fromkeys((*first, *have)))
        self.notes: list[str] = []
        self._program = program
        self._seconds = seconds
        self._answers: dict[tuple[Fact, ...], list[Firing]] = {}
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def derive(self, facts: Iterable[Fact]) -> list[Firing]:
        """Return everything that follows from *facts*.

        Raises:
            ReasoningError: no engine is left, or productions make facts without end.
        """
        known = tuple(sorted(set(facts)))
        if not self._program.matches:
            return []
        if known not in self._answers:
            self._answers[known] = self._asked(known)
        return self._answers[known]

    def _asked(self, facts: tuple[Fact, ...]) -> list[Firing]:
        while self.engines:
            engine = self.engines[0]
            worker = self._worker = self._worker or _Worker(engine, self._program)
            try:
                word, answer = worker.ask(facts, self._seconds)
            except (EOFError, OSError, TimeoutError) as error:
                self._worker = None
                ended = worker.stop()
                told = str(error) if isinstance(error, TimeoutError) else f"its process ended with {ended}"
                self.notes.append(f"the reasoning engine {engine} failed: {told}")
                self.engines.pop(0)
                continue
            if word == "failed":
                raise ReasoningError(answer, hint="a derived fact feeds the production that makes it; look at `derive` in the packs")
            return list(answer)
        raise ReasoningError(
            "; ".join(self.notes) or "no reasoning engine is installed", hint="`pip install clipspy`, or reinstall auditor"
        )

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()


class _Worker:
    """A process with an engine: it is asked through its input and answers through its output, each a length and a pickle."""

    def __init__(self, engine: EngineName, program: Program) -> None:
        command = [sys.executable, "-P", "-m", "auditor.reasoning.worker"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  (our own program)
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._first: tuple[EngineName, Program] | None = (engine, program)
        Thread(target=self._listen, daemon=True, name=f"auditor-{engine}").start()

    def ask(self, facts: Sequence[Fact], seconds: float) -> tuple[str, Any]:
        """Return the answer.

        Raises:
            EOFError, OSError: the process ended.
            TimeoutError: it took longer than *seconds*.
        """
        assert self.process.stdin is not None
        if self._first is not None:
            write_frame(self.process.stdin, self._first)
            self._first = None
        write_frame(self.process.stdin, facts)
        try:
            answer = self._answers.get(timeout=seconds)
        except Empty:
            raise TimeoutError(f"no answer in {seconds:g} s") from None
        if answer is None:
            raise EOFError
        word, told = answer
        return word, told

    def stop(self) -> int:
        """End the process and return its exit code."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()
        try:
            return self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as source:
            with suppress(EOFError, OSError):
                while True:
                    self._answers.put(read_frame(source))
            self._answers.put(None)
