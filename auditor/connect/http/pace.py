"""How requests wait: for each other, for a source that asks for a pause, and before they are tried again."""

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from auditor.errors import SourceUnavailable

_FIRST = 0.5
_LONGEST = 60.0
_SPREAD = 0.25  # of a pause: so that threads do not come back all at once
_WIDEST = 5.0
_CALM = 30  # answers without a refusal until one more request at a time is tried


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return for how many seconds the source asks us to wait; None when it does not say, or nothing that can be read.

    Args:
        headers: of the answer, whatever the case of their names.
        now: for the form with a date.
    """
    said = headers.get("Retry-After")
    if said is None:
        return None
    said = said.strip()
    try:
        seconds = float(said)
    except ValueError:
        try:
            at = parsedate_to_datetime(said)
        except (ValueError, TypeError, IndexError):
            return None
        # The source's clock counts where it tells it: ours may be wrong by more than the pause is long.
        here = _date(headers.get("Date")) or now
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - here).total_seconds()
    return seconds if 0 <= seconds < float("inf") else (0.0 if seconds < 0 else None)


def _date(said: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(said or "")
    except (ValueError, TypeError, IndexError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def backoff(attempt: int, draw: Callable[[], float] = random.random) -> float:
    """Return how long to wait before a further attempt when the source does not say: doubling, with full jitter in its upper half.

    Args:
        attempt: how many there were, from 1.
        draw: a number in [0, 1).
    """
    longest = min(_FIRST * 2.0 ** min(attempt - 1, 16), _LONGEST)
    return longest * (0.5 + draw() / 2)


class Pace:
    """What all requests of one source share: how many at once, until when nobody asks, and how much waiting is left.

    Args:
        concurrency: requests at once; fewer after the source refused some.
        max_wait: seconds of waiting in all.
        max_seconds: how long the pull may take; None: as long as it takes.
        clock: seconds, never going back.
        sleep: waits.
    """

    def __init__(
        self,
        concurrency: int,
        *,
        max_wait: float,
        max_seconds: float | None,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._most = self._limit = concurrency
        self._running = 0
        self._calm = 0
        self._most_wait = max_wait
        self._clock = clock
        self._sleep = sleep
        self._draw = draw
        self._ends = None if max_seconds is None else clock() + max_seconds
        self._until: dict[str, float] = {}
        self._changed = threading.Condition()
        self._waits_until = 0.0
        self.waited_seconds = 0.0

    @contextmanager
    def turn(self, endpoint: str) -> Iterator[None]:
        """Wait until a request to *endpoint* may be sent, and hold a place among those that run.

        Raises:
            SourceUnavailable: the time for the pull is over, or no more waiting is allowed.
        """
        while True:
            with self._changed:
                while self._running >= self._limit:
                    self._changed.wait()
                pause = max(self._until.get(endpoint, 0.0), self._until.get("", 0.0)) - self._clock()
                if pause <= 0:
                    self._in_time()
                    self._running += 1
                    break
                self._changed.notify()  # the place is free for somebody who need not pause
            self.wait(pause)
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify()

    def wait(self, seconds: float) -> None:
        """Wait, a little longer than asked, and count it.

        Raises:
            SourceUnavailable: that is longer than the pull may wait.
        """
        seconds += self._draw() * min(seconds * _SPREAD, _WIDEST)
        with self._changed:
            self._in_time(seconds)
            now = self._clock()
            # Threads that wait at the same time use up the budget once: what counts is the time that passes.
            more = max(0.0, now + seconds - max(now, self._waits_until))
            if self.waited_seconds + more > self._most_wait:
                raise SourceUnavailable(
                    "the source asks for longer waiting than a pull may wait in all",
                    hint="pull later: what was read is kept; or raise `http.max_wait_minutes`",
                )
            self.waited_seconds += more
            self._waits_until = max(self._waits_until, now + seconds)
        self._sleep(seconds)

    def refused(self, seconds: float, endpoint: str = "") -> None:
        """Let nobody ask *endpoint* ('': anything) for so long, and ask less at once from now on."""
        with self._changed:
            now = self._clock()
            if max(self._until.get(endpoint, 0.0), self._until.get("", 0.0)) <= now:
                # What was under way when the first was refused is refused as well: that is one refusal.
                self._limit = max(1, self._limit // 2)
            self._until[endpoint] = max(self._until.get(endpoint, 0.0), now + seconds)
            self._calm = 0

    def answered(self) -> None:
        """Note that the source answered; after enough answers one more request at once is tried."""
        with self._changed:
            self._calm += 1
            if self._calm >= _CALM and self._limit < self._most:
                self._calm = 0
                self._limit += 1
                self._changed.notify_all()

    @property
    def limit(self) -> int:
        """How many requests may run at once now."""
        return self._limit

    def _in_time(self, more: float = 0.0) -> None:
        if self._ends is not None and self._clock() + more > self._ends:
            raise SourceUnavailable(
                "the time that a pull may take is over", hint="pull again: it goes on from here; or raise `http.max_minutes`"
            )
