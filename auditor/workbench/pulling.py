"""Pull, then map: from the sources to the newest snapshot, in one step for people."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.config.settings import Settings
from auditor.ledger.joined import joined_people, joined_review, ledger_of
from auditor.snapshot.build import build_snapshot
from auditor.snapshot.documents.read import load_document_words
from auditor.snapshot.progress import Progress
from auditor.snapshot.pull import PullReport, SourceReport, pull
from auditor.snapshot.store import Snapshot


@dataclass(frozen=True, slots=True)
class Mapped:
    """A new snapshot and the pull that it rests on; no pull when nothing was asked of the sources."""

    snapshot: Snapshot
    pulled: PullReport | None


def pull_and_map(
    settings: Settings,
    *,
    only: Collection[str] = (),
    offline: bool = False,
    progress: Progress | None = None,
    now: Callable[[], datetime] | None = None,
) -> Mapped:
    """Read what changed at the sources, map everything that was ever read, and publish the snapshot.

    Args:
        settings: which sources, and how they map.
        only: names of the sources to ask; empty: all.
        offline: ask no source: after a change of mapping or recognition.
        progress: told about each thing.
        now: the clock.

    Raises:
        UsageError: *only* names a source that is not configured.
        StoreError: the store cannot be written, or the ledger not read.
        ExceptionGroup: of RuleError, mistakes in the packs' recognition; of UsageError, what people confirmed is wrong.
    """
    words = load_document_words(settings.rules.folders)
    pulled = None if offline else pull(settings, only=only, progress=progress, now=now or (lambda: datetime.now(UTC)))
    with ledger_of(settings) as ledger:
        aliases, review = joined_people(settings, ledger), joined_review(settings, ledger)
    return Mapped(build_snapshot(settings, words, progress=progress, aliases=aliases, review=review), pulled)


def problems(source: SourceReport) -> list[str]:
    """Return what kept a source from being read completely, one line each, with what to do."""
    lines = []
    if source.error_kind:
        lines.append(f"{source.name}: {source.error}" + (f"; {source.hint}" if source.hint else ""))
    for walk in source.walks:
        if not walk.is_complete:
            what = walk.place or "the whole source"
            lines.append(
                f"{source.name}: {what} was not read completely: {walk.reason.replace('_', ' ')}"
                + (f" ({walk.detail})" if walk.detail else "")
            )
    return lines
