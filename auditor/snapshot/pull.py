"""Pulling: sources → raw store. Resumable at any point; a source that fails costs its coverage, never the run."""

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.config.settings import Settings, Source
from auditor.connect.protocol import Expected, Gone, Mark, Record, Scope, Unchanged, Unread, Walked
from auditor.errors import AccessDenied, SourceError
from auditor.snapshot.progress import Progress, Step, silent
from auditor.snapshot.raw import RawStore

_BATCH = 200
"""Things per transaction: what a killed pull reads again at most."""
_MOST_MET = 20_000
"""Keys of what did not change that wait in memory."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one pull of one source did.

    Attributes:
        new, changed, unchanged: records.
        unread: things that are there and could not be read (again).
        gone: what vanished since.
        walks: how each place was walked.
        error: why the source could not be read to its end; '' when it was.
    """

    name: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unread: int = 0
    gone: int = 0
    walks: tuple[Walked, ...] = ()
    error_kind: str = ""
    error: str = ""
    hint: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether everything in the scope was seen."""
        return not self.error_kind and all(walk.is_complete for walk in self.walks)


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull did, per source."""

    started_at: datetime
    sources: tuple[SourceReport, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every source was read completely."""
        return all(source.is_complete for source in self.sources)


def _now() -> datetime:
    return datetime.now(UTC)


def pull(
    settings: Settings,
    *,
    only: Collection[str] = (),
    progress: Progress | None = None,
    now: Callable[[], datetime] = _now,
) -> PullReport:
    """Bring the raw store up to date.

    Args:
        settings: which sources.
        only: names of the sources to pull; empty: all.
        progress: told about each thing.
        now: the clock; the start of the pull is when its things were seen.

    Raises:
        UsageError: *only* names a source that is not configured.
        StoreError: the raw store cannot be written, or another pull is running.
    """
    sources = [settings.source(name) for name in only] if only else list(settings.sources)
    started = now()
    done = [_pull_source(source, settings, started, now, progress or silent) for source in sources]
    return PullReport(started, tuple(done))


def _pull_source(source: Source, settings: Settings, started: datetime, now: Callable[[], datetime], progress: Progress) -> SourceReport:
    with RawStore(settings.store.path, source.name, exclusive=True) as raw:
        raw.begin(started)
        pulling = _Pulling(raw, source, progress)
        error_kind = error = hint = ""
        try:
            with _few_collections():
                pulling.run()
        except SourceError as failed:
            error_kind = "permission_denied" if isinstance(failed, AccessDenied) else "source_error"
            error, hint = failed.message, failed.hint or ""
            pulling.flush()
            pulling.settle(is_whole=False)
        except BaseException:
            pulling.flush()  # what was read before is valid, whatever stopped the rest
            raise
        raw.finish(now(), error_kind=error_kind, error=error)
        return pulling.report(error_kind, error, hint)


_ALLOCATIONS = 50_000


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles less often: answers that are parsed hold none, and looking through them again and again costs a quarter of a pull."""
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], _ALLOCATIONS), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Pulling:
    """One pull of one source: things are gathered and written in batches."""

    def __init__(self, raw: RawStore, source: Source, progress: Progress) -> None:
        self._raw = raw
        self._source = source
        self._progress = progress
        self._things: list[Record | Unread] = []
        self._met: list[str] = []
        self._vanished: list[str] = []
        self._walks: dict[str, Walked] = {}
        self._marks: list[Mark] = []
        self._expected: dict[str, int] = {}
        self._new = self._changed = self._unchanged = self._unread = self._gone = 0

    def run(self) -> None:
        scope = Scope(self._source.places)
        for pulled in self._source.connect().pull(scope, self._raw):
            match pulled:
                case Record() | Unread():
                    self._things.append(pulled)
                    self._tell(pulled.place)
                case Unchanged():
                    self._met.append(pulled.key)
                    self._unchanged += 1
                    self._tell("")
                case Walked():
                    self._walks[pulled.place] = pulled
                case Gone():
                    self._vanished.append(pulled.key)
                case Mark():
                    self._marks.append(pulled)
                case Expected():
                    self._expected[pulled.place] = pulled.count
            if len(self._things) >= _BATCH or len(self._met) >= _MOST_MET:
                self.flush()
        self.flush()
        self.settle(is_whole=not scope.places)

    def _tell(self, place: str) -> None:
        done = self._new + self._changed + self._unchanged + self._unread + len(self._things)
        total = max(done, sum(self._expected.values())) if self._expected else None
        self._progress(Step("pull", self._source.name, place, done, total))

    def flush(self) -> None:
        """Write what was gathered."""
        things, self._things = self._things, []
        met, self._met = self._met, []
        vanished, self._vanished = self._vanished, []
        if not things and not met and not vanished:
            return
        with self._raw.transaction():
            self._raw.met(met)
            self._gone += self._raw.vanished(vanished)
            for thing in things:
                is_new = self._raw.keep(thing)
                if isinstance(thing, Unread):
                    self._unread += 1
                elif is_new:
                    self._new += 1
                else:
                    self._changed += 1

    def settle(self, *, is_whole: bool) -> None:
        """Note how the places were walked, when everything that was met is written: what vanished, what only moved, where to go on."""
        with self._raw.transaction():
            for place in sorted(self._walks, key=lambda place: (place == "", place)):
                self._gone += self._raw.walked(self._walks[place], ends=is_whole and place == "")
                if self._walks[place].is_complete and self._walks[place].is_delta:
                    self._unchanged += self._raw.untouched(place)
            if self._gone:
                self._gone -= self._raw.follow_renames()
            for mark in self._marks:
                if mark.place in self._walks and self._walks[mark.place].is_complete:
                    self._raw.mark(mark)

    def report(self, error_kind: str, error: str, hint: str) -> SourceReport:
        walks = tuple(self._walks[place] for place in sorted(self._walks))
        return SourceReport(
            self._source.name,
            self._new,
            self._changed,
            self._unchanged,
            self._unread,
            self._gone,
            walks,
            error_kind,
            error,
            hint,
        )
