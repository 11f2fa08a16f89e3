"""Reading files in child processes, within limits on time and memory. A child is used for many files and replaced when it dies.

A hostile or broken file costs one answer with its reason, never the run.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self, TypeVar

import orjson

from auditor.connect.protocol import UnreadReason
from auditor_connectors.documents.limits import DEFAULT, Limits

_FILES_PER_CHILD = 500
_START_SECONDS = 30.0
_GRACE_SECONDS = 5.0

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file.

    Attributes:
        document: its structure as `Document.to_json` gives it; None when it could not be read.
        reason: why not; '' when it was read.
        has_vanished: there is no such file (any more).
        size, mtime_ns: of the file that was opened, -1 when it was not.
        has_changed: it was written to while it was read.
    """

    document: dict[str, Any] | None
    reason: UnreadReason | Literal[""] = ""
    error: str = ""
    size: int = -1
    mtime_ns: int = -1
    sha256: str = ""
    has_changed: bool = False
    has_vanished: bool = False


class ReaderPool:
    """A few long-lived child processes. Children start when the first file is read; use it as a context manager.

    Args:
        limits: on every file.
        workers: how many files are read at once; 0: one less than there are processors, at most 4.
    """

    def __init__(self, limits: Limits = DEFAULT, *, workers: int = 0) -> None:
        self._limits = limits
        self._count = workers or max(1, min(4, (os.cpu_count() or 2) - 1))
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._children: list[_Child] = []
        self._lock = threading.Lock()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the children."""
        with self._lock:
            self._is_closed = True
            children, self._children = self._children, []
        for child in children:
            child.end()

    def read(self, path: Path) -> Read:
        """Return what became of a file. May be called from several threads."""
        child = self._take()
        try:
            if self._is_closed:
                return Read(None, "crashed", "reading was stopped")
            return child.read(path)
        finally:
            self._idle.put(child)

    def read_all(self, things: Iterable[tuple[T, Path]]) -> Iterator[tuple[T, Read]]:
        """Yield what became of each file, in the order of *things*; only a few are read ahead."""
        return self.each(things, self.read)

    def each(
        self, things: Iterable[tuple[T, P]], read: Callable[[P], R], *, at_once: int = 0, stop: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[T, R]]:
        """Yield what *read* makes of each file, in the order of *things*; only a few are read ahead.

        Args:
            things: each with what *read* takes; asked for in the thread of the caller.
            read: called in threads; it calls the pool's own `read`.
            at_once: how many threads; 0: as many as there are children.
            stop: called when the caller leaves, so that no thread waits for what nobody wants any more.
        """
        count = at_once or self._count
        waiting: deque[tuple[T, Future[R]]] = deque()
        with ThreadPoolExecutor(count, "reader") as threads:
            try:
                for thing, path in things:
                    waiting.append((thing, threads.submit(read, path)))
                    if len(waiting) > 2 * count:
                        first, future = waiting.popleft()
                        yield first, future.result()
                while waiting:
                    first, future = waiting.popleft()
                    yield first, future.result()
            except BaseException:  # the caller stopped: nobody waits for what is still being read
                for _, future in waiting:
                    future.cancel()
                self.close()
                stop()
                raise

    def _take(self) -> "_Child":
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._lock:
            if len(self._children) < self._count:
                child = _Child(self._limits)
                self._children.append(child)
                return child
        return self._idle.get()


class _Child:
    """One child process, started again when needed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._files = 0

    def read(self, path: Path) -> Read:
        is_new = self._process is None
        process = self._process or self._start()
        # ASCII JSON carries names that are not UTF-8 as lone surrogates.
        request = json.dumps({"path": str(path), "limits": asdict(self._limits)}).encode("ascii")
        assert process.stdin is not None
        try:
            process.stdin.write(len(request).to_bytes(4, "big") + request)
            process.stdin.flush()
        except OSError:
            self.end()
            return Read(None, "crashed", "the reader could not be asked")
        self._files += 1
        try:
            answer = self._answers.get(timeout=self._limits.seconds + (_START_SECONDS if is_new else 0.0))
        except queue.Empty:
            self.end()
            return Read(None, "time_limit", f"more than {self._limits.seconds:g} seconds were needed")
        if answer is None:
            code = self._wait(process)
            self.end()
            if code == -9:
                return Read(None, "memory_limit", "the system ended the reader")
            return Read(None, "crashed", f"the reader ended with code {code}")
        read = _read_of(answer)
        if read.reason == "memory_limit" or self._files >= _FILES_PER_CHILD:
            self.end()
        return read

    def _start(self) -> "subprocess.Popen[bytes]":
        # -P: a file of the current folder must never be imported.
        command = [sys.executable, "-P", "-W", "ignore", "-m", "auditor_connectors.documents.child"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603  (our own)
        self._process, self._answers, self._files = process, queue.SimpleQueue(), 0
        assert process.stdout is not None
        threading.Thread(target=_listen, args=(process.stdout, self._answers), daemon=True).start()
        return process

    def end(self) -> None:
        """End the process, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.kill()
        self._wait(process)
        with contextlib.suppress(OSError):
            process.stdin.close()

    @staticmethod
    def _wait(process: "subprocess.Popen[bytes]") -> int | None:
        try:
            return process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:  # stuck in the kernel, on a mount that hangs: abandoned
            return None


def _listen(stdout: IO[bytes], answers: "queue.SimpleQueue[bytes | None]") -> None:
    """Put every frame that a child writes into *answers*, and None when it ends."""
    with stdout:
        while True:
            head = stdout.read(4)
            body = stdout.read(int.from_bytes(head, "big")) if len(head) == 4 else b""
            if len(head) < 4 or len(body) < int.from_bytes(head, "big"):
                answers.put(None)
                return
            answers.put(body)


def _read_of(answer: bytes) -> Read:
    line, _, body = answer.partition(b"\n")
    about = orjson.loads(line)
    return Read(
        orjson.loads(body) if body else None,
        about.get("reason", ""),
        about.get("error", ""),
        about.get("size", -1),
        about.get("mtime_ns", -1),
        about.get("sha256", ""),
        about.get("has_changed", False),
        about.get("has_vanished", False),
    )
