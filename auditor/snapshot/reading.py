"""What one place of one source says: rows of tools, documents, and what the source fills there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from auditor.config.settings import Source
from auditor.connect.document import texts_of
from auditor.connect.protocol import Connector, Entry, Fact, Filled, Item, Parsed, Record, Unmapped, Unread
from auditor.connect.registry import connector_class
from auditor.connect.values import UNSETTLED, DayOrder, day_habit, day_order_shown, days_in_figures
from auditor.model.draft import Draft
from auditor.snapshot.artefacts import Doc, doc_of
from auditor.snapshot.borrowed import with_headers
from auditor.snapshot.documents.house import NO_HOUSE, HouseNames, house_names, joined
from auditor.snapshot.documents.read import DocumentRead, DocumentWords, detail_words, read_document
from auditor.snapshot.editions import Lines
from auditor.snapshot.entries import EntryMapper, MappingReport, Written, draft_of
from auditor.snapshot.observed import Earlier
from auditor.snapshot.places import Part
from auditor.snapshot.raw import RawStore, Seen
from auditor.snapshot.readings import Readings
from auditor.snapshot.rows import Made, made_of


@dataclass(slots=True)
class PlaceRead:
    """What was read of a place.

    Attributes:
        made: rows of tools, gone ones too.
        docs: documents, gone ones too.
        filled: which columns the source fills here; of what is there, not of what is gone.
        unread: what is there and could not be read.
        changed: table → when its rows changed last.
        report: what the mapping left out; None where nothing is mapped.
        strange: items that nobody here knows, by name.
        is_there: whether anything of it is still there.
    """

    made: list[Made] = field(default_factory=list)
    docs: list[Doc] = field(default_factory=list)
    filled: list[Filled] = field(default_factory=list)
    unread: list[tuple[Unread, Seen]] = field(default_factory=list)
    changed: dict[str, datetime] = field(default_factory=dict)
    report: MappingReport | None = None
    strange: list[str] = field(default_factory=list)
    is_there: bool = False


def read_part(part: Part, raw: RawStore, words: DocumentWords, zone: ZoneInfo) -> PlaceRead:
    """Return what a place, or a part of it, says, by the connector's reading of its records.

    What is gone is read apart, so that it changes nothing of what is said about what is there.
    """
    place = part.place
    found = PlaceRead(unread=[(thing, seen) for thing, seen in raw.unread(place) if part.holds(thing.key)])
    readings = Readings(raw.file.parents[1], part.source.name, f"{place}/{part.below}", words.digest)
    reading = _Reading(part.source, place, raw, words, zone, found, readings)
    live: dict[str, Seen] = {}
    gone: dict[str, Seen] = {}

    def records(*, with_gone: bool) -> Iterator[Record]:
        for record, seen in raw.records(place):
            if not part.holds(record.key):
                continue
            if seen.gone_at is None:
                live[record.key] = seen
                yield record
            else:
                gone[record.key] = seen
                if with_gone:
                    yield record

    connector = part.source.connect()
    reading.take(connector.read(records(with_gone=False)), live)
    house = joined(reading.told)
    if house:
        reading.take_again(connector.read(records(with_gone=False)), house)
    reading.look_back(connector, raw)
    found.is_there = bool(live or found.unread)
    found.filled += reading.filled()
    if gone:
        again = _Reading(part.source, place, raw, words, zone, found, readings, house)
        items = connector.read(records(with_gone=True))
        again.take((item for item in items if item[0].key in gone and not isinstance(item[1], Filled)), gone)
    readings.keep()
    found.report = reading.report
    return found


class _Reading:
    """One pass of items into rows and documents."""

    def __init__(
        self,
        source: Source,
        place: str,
        raw: RawStore,
        words: DocumentWords,
        zone: ZoneInfo,
        found: PlaceRead,
        readings: Readings,
        house: HouseNames = NO_HOUSE,
    ) -> None:
        self._zone = zone
        self._began = raw.first_pull_at()
        self._source = source
        self._place = place
        self._words = words
        self._found = found
        self._readings = readings
        self._days: list[list[str]] = []  # of each document, its days in figures
        self._open_days: list[tuple[int, Parsed]] = []  # documents whose days may be read in two ways
        self._gives_names = bool(getattr(connector_class(source.connector), "gives_names", False))
        self._habit = UNSETTLED
        self._house = house
        self.told: list[HouseNames] = []  # what documents say of how the project calls artefacts and roles
        self._mapper = None
        if source.mapping is not None:
            mapping = with_headers(source.mapping, words.recognition.registers)
            self._mapper = EntryMapper(mapping, source=source.name, time_zone=str(zone))

    @property
    def report(self) -> MappingReport | None:
        return self._mapper.report if self._mapper is not None else None

    def take_again(self, items: Iterator[tuple[Record, Item]], house: HouseNames) -> None:
        """Read the documents again, by the names that one of them says the project uses."""
        self._house = house
        places = {doc.record.key: place for place, doc in enumerate(self._found.docs)}
        for record, item in items:
            if not isinstance(item, Parsed) or (place := places.get(record.key)) is None:
                continue
            doc = self._found.docs[place]
            if (read := self._document(record, item, doc.seen, self._habit)) is not None:
                again = doc_of(self._source.name, record, doc.seen, item, read)
                again.appeared_at = doc.appeared_at
                self._found.docs[place] = again

    def filled(self) -> list[Filled]:
        """Return which registers' columns the entries filled."""
        return self._mapper.filled(self._place) if self._mapper is not None else []

    def take(self, items: Iterator[tuple[Record, Item]], seen: dict[str, Seen]) -> None:
        mapper, name = self._mapper, self._source.name
        links: dict[str, tuple[Draft, Record]] = {}
        first = len(self._found.made)
        for record, item in items:
            match item:
                case Parsed():
                    read = self._document(record, item, seen[record.key])
                    if read is None:
                        continue
                    doc = doc_of(name, record, seen[record.key], item, read)
                    if self._began is not None and doc.seen.first_at > self._began:
                        doc.appeared_at = doc.seen.first_at.astimezone(self._zone)
                    self._found.docs.append(doc)
                    self._note_days(item)
                    if seen[record.key].gone_at is None and (names := house_names(item.document, detail_words(self._words))):
                        self.told.append(names)
                case Fact():
                    draft = draft_of(record, item, name)
                    if item.table == "link" and mapper is not None:
                        links[str(draft.values["id"])] = (draft, record)
                    else:
                        self._add(draft, seen[record.key], record)
                case Entry() if mapper is not None:
                    for draft in mapper.drafts(record, item):
                        self._add(draft, seen[record.key], record)
                case Filled():
                    self._found.filled.append(item)
                case Unmapped() if mapper is not None:
                    mapper.report.count(item)
                case _:
                    self._found.strange.append(type(item).__name__)
        self._settle_days()
        if mapper is None:
            return
        for made in self._found.made[first:]:
            for column in mapper.blank(made.table, made.id):
                made.put(column, None)
        for draft in mapper.links([draft for draft, _ in links.values()]):
            link_id = str(draft.values["id"])
            # A link between entries of registers has the link's id with the two registers behind it.
            _, record = links.get(link_id) or links[link_id.rsplit(":", 2)[0]]
            self._add(draft, seen[record.key], record)

    def _note_days(self, parsed: Parsed) -> None:
        """Remember how a document writes days in figures, and the document itself where it does not show it."""
        days = days_in_figures(texts_of(parsed.document))
        if days:
            self._days.append(days)
            if not day_order_shown(days):
                self._open_days.append((len(self._found.docs) - 1, parsed))

    def _settle_days(self) -> None:
        """Read again, as the others of this place write days, the documents that do not show it."""
        habit = self._habit = day_habit(self._days)
        if habit.is_day_first is not None:
            for place, parsed in self._open_days:
                doc = self._found.docs[place]
                if (read := self._document(doc.record, parsed, doc.seen, habit)) is not None:
                    again = doc_of(self._source.name, doc.record, doc.seen, parsed, read)
                    again.appeared_at = doc.appeared_at
                    self._found.docs[place] = again
        self._open_days.clear()

    def _document(self, record: Record, parsed: Parsed, seen: Seen, habit: DayOrder = UNSETTLED) -> DocumentRead | None:
        """Return what a document says; None: it broke the reading, and is told as unread. One file never costs the rest."""
        try:
            return self._readings.of(parsed, habit, self._house, lambda: read_document(parsed, self._words, habit, self._house))
        except Exception as error:  # noqa: BLE001  (whatever it is: the file is set aside with its reason)
            if seen.gone_at is None:
                told = f"recognition failed: {type(error).__name__}"
                self._found.unread.append((Unread(record.key, record.place, parsed.path, "crashed", told, record.url), seen))
            return None

    def look_back(self, connector: Connector, raw: RawStore) -> None:
        """Give the documents what their repository keeps of their rows, and what earlier pulls saw of them."""
        for held in self._found.docs:
            past = held.parsed.past
            if past is None or held.seen.gone_at is not None:
                continue
            whole = replace(held.parsed, document=past.document, past=None)
            if (read := self._document(held.record, whole, replace(held.seen, gone_at=held.seen.seen_at), self._habit)) is not None:
                held.lines = Lines(past, read)
        by_key = {doc.record.key: doc for doc in self._found.docs}
        for record, _, until in raw.earlier(self._place):
            doc = by_key.get(record.key)
            if doc is None:
                continue
            for _, item in connector.read([record]):
                if isinstance(item, Parsed) and (read := self._document(record, item, replace(doc.seen, gone_at=until))) is not None:
                    doc.earlier = (*doc.earlier, Earlier(record, read, until))

    def _add(self, draft: Draft, seen: Seen, record: Record) -> None:
        made = made_of(draft, seen)
        made.extra["modified_at"] = record.changed_at
        if self._gives_names:
            made.extra["names"] = True
        elif written := {column for column, value in made.values.items() if isinstance(value, Written)}:
            made.extra["written"] = written
        if made.is_gone:
            made.extra["gone_at"] = seen.gone_at
        elif record.changed_at is not None:
            before = self._found.changed.get(draft.table)
            self._found.changed[draft.table] = record.changed_at if before is None else max(before, record.changed_at)
        self._found.made.append(made)
