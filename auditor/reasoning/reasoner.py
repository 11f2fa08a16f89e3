"""Running programs: an engine in a worker process of its own, so that its crash costs a retry with the other engine and never the audit."""

import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from auditor.errors import UsageError
from auditor.reasoning.program import Fact, Firing, Matcher, Program, derive

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

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


class ReasoningError(Exception):
    """No engine could answer."""


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
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

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
            try:
                pipe = self._started(engine)
                pipe.send(facts)
                if not pipe.poll(self._seconds):
                    raise TimeoutError(f"no answer in {self._seconds:g} s")
                word, answer = pipe.recv()
            except (EOFError, OSError) as error:
                code = self._stop()
                told = str(error) if isinstance(error, TimeoutError) else f"it ended with {code}"
                self.notes.append(f"the reasoning engine {engine} failed ({told}); another one went on")
                self.engines.pop(0)
                continue
            if word == "failed":
                raise ReasoningError(answer)
            return list(answer)
        raise ReasoningError("; ".join(self.notes) or "no reasoning engine is installed; `pip install clipspy`")

    def _started(self, engine: EngineName) -> Connection:
        if self._pipe is None:
            context = get_context("spawn")
            self._pipe, other = context.Pipe()
            self._process = context.Process(target=_work, args=(engine, self._program, other), daemon=True, name=f"auditor-{engine}")
            self._process.start()
            other.close()
        return self._pipe

    def _stop(self) -> int | None:
        """End the worker and return its exit code."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.join(0.5)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode
        process.close()
        return code


def _work(engine: EngineName, program: Program, pipe: Connection) -> None:
    """Answer questions until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends this process
    loaded = matcher(engine, program)
    with suppress(EOFError, BrokenPipeError):
        for facts in _questions(pipe):
            try:
                pipe.send(("derived", derive(program, loaded, facts)))
            except OverflowError as error:
                pipe.send(("failed", str(error)))


def _questions(pipe: Connection) -> Iterator[Sequence[Fact]]:
    while True:
        yield pipe.recv()
