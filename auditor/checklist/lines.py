"""From the raw texts of filled-in lines to answers and to what is no answer: the same for every format."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from auditor.checklist.answer_words import NoDay, read_answer, read_day, within
from auditor.checklist.checklist import Filled, Given, Misread, ReadBack, Says, SignedOff
from auditor.checklist.identity import LineMark, ListMark, says_words
from auditor.checklist.labels import Field

LONGEST_NOTE = 10_000  # characters of a note or of evidence
LONGEST_AUTHOR = 200
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Raw:
    """What stands in one place of a filled-in line.

    Attributes:
        text: as a person reads it, without surrounding blanks; '' when nothing stands there.
        place: for messages: 'Checklist!F12'.
        day: the day, where the file itself says that it is one.
        problem: why what stands there cannot be used, whatever it says: a formula without a result, an error; '' when nothing is wrong.
    """

    text: str
    place: str
    day: date | None = None
    problem: str = ""
    hint: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything here."""
        return not self.text and self.day is None and not self.problem


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line as it stands in the file. A field that the file has no place for is left out of `fields`."""

    mark: LineMark
    fields: Mapping[Field, Raw]
    place: str

    @property
    def is_untouched(self) -> bool:
        """Whether nobody said anything in the line: a name and a day alone, dragged down a column, say nothing."""
        return all(raw.is_empty for field, raw in self.fields.items() if field not in {"author", "on"})


@dataclass(slots=True)
class RawList:
    """Everything that a reader of one format found in a file."""

    mark: ListMark
    lines: list[RawLine] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)
    unknown: list[Misread] = field(default_factory=list)
    filled_by: Raw | None = None  # holds for every line that names nobody else
    filled_on: Raw | None = None
    signatures: list[tuple[str, Raw, Raw]] = field(default_factory=list)  # role, name, day


def shown(text: str) -> str:
    """Return a text as messages show it: on one line, shortened."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"


def read_lines(found: RawList) -> ReadBack:
    """Return the answers of a list, and everything in it that is none."""
    return _Reading(found).read()


class _Reading:
    def __init__(self, found: RawList) -> None:
        self._found = found
        self._mark = found.mark
        self._misread: list[Misread] = list(found.misread)

    def read(self) -> ReadBack:
        found, mark = self._found, self._mark
        author, on = self._defaults()
        by_key: dict[tuple[str, str], list[tuple[RawLine, Filled | None]]] = defaultdict(list)
        for line in found.lines:
            if line.mark.checklist != mark.id:
                if not line.is_untouched:
                    what = shown(" ".join(raw.text for raw in line.fields.values() if raw.text))
                    hint = "read the list from which the line was copied"
                    self._misread.append(Misread(place=line.place, what=what, why="the line belongs to another list", hint=hint))
            elif not line.is_untouched:
                by_key[line.mark.key].append((line, self._line(line, author, on)))
        filled = [answer for lines in by_key.values() if (answer := self._one(lines)) is not None]
        touched = len(by_key)
        seen = {line.mark.key for line in found.lines if line.mark.checklist == mark.id}
        return ReadBack(
            checklist=mark.id,
            kind=mark.kind,
            project=mark.project,
            language=mark.language,
            filled=tuple(filled),
            signed=tuple(self._signed()),
            misread=tuple(self._misread),
            untouched=max(mark.lines, len(seen)) - touched,
            unknown=tuple(found.unknown),
        )

    def _wrong(self, raw: Raw, why: str, hint: str = "") -> None:
        self._misread.append(Misread(place=raw.place, what=shown(raw.text), why=why, hint=hint))

    def _defaults(self) -> tuple[str, date | None]:
        author = self._author(self._found.filled_by)
        return author or "", self._day(self._found.filled_on)[0]

    # One line

    def _line(self, line: RawLine, author: str, on: date | None) -> Filled | None:
        """Return the answer of a line; None when it is none, which is then said."""
        before = len(self._misread)
        fields = line.fields
        says = self._says(line)
        note, evidence = self._long(fields.get("note")), self._long(fields.get("evidence"))
        own_author = self._author(fields.get("author"))
        own_on, _ = self._day(fields.get("on"))
        expires_on, _ = self._day(fields.get("expires_on"))
        if len(self._misread) > before or says is None:
            return None
        by = own_author or author
        day = own_on or on
        if expires_on is not None and day is not None and expires_on < day:
            self._wrong(fields["expires_on"], f"the answer ends before it was given, on {day.isoformat()}")
            return None
        if not note and says in {*self._mark.explain, "not_applicable"}:
            word = self._mark.says.get(says, says)
            place = fields.get("note") or fields["answer"]
            what = shown(fields["answer"].text)
            why = f"the answer “{word}” needs a note that says why"
            self._misread.append(Misread(place=place.place, what=what, why=why, hint="write the reason into the note"))
            return None
        given = Given(says=says, author=by, on=day, note=note, evidence=evidence, expires_on=expires_on)
        mark = line.mark
        return Filled(question=mark.question, subject=mark.subject, given=given, digest=mark.digest, place=fields["answer"].place)

    def _says(self, line: RawLine) -> Says | None:
        raw = line.fields.get("answer")
        if raw is None:
            self._misread.append(Misread(place=line.place, what="", why="the column of the answers is missing", hint="put it back"))
            return None
        if raw.problem:
            self._wrong(raw, raw.problem, raw.hint)
            return None
        if not raw.text:
            others = next((other for other in line.fields.values() if not other.is_empty), raw)
            self._misread.append(
                Misread(place=raw.place, what=shown(others.text), why="a note without an answer", hint=f"one of: {says_words(self._mark)}")
            )
            return None
        says = read_answer(raw.text, self._mark.says)
        if says is None:
            self._wrong(raw, "this is no answer", f"one of: {says_words(self._mark)}")
        return says

    def _long(self, raw: Raw | None) -> str:
        if raw is None or raw.is_empty:
            return ""
        if raw.problem:
            self._wrong(raw, raw.problem, raw.hint)
        elif len(raw.text) > LONGEST_NOTE:
            self._wrong(raw, f"the text has {len(raw.text):,} characters; at most {LONGEST_NOTE:,} are kept", "name a document instead")
        return raw.text

    def _author(self, raw: Raw | None) -> str | None:
        if raw is None or raw.is_empty:
            return None
        if raw.problem:
            self._wrong(raw, raw.problem, raw.hint)
            return None
        name = " ".join(raw.text.split())
        if len(name) > LONGEST_AUTHOR:
            self._wrong(raw, f"a name has at most {LONGEST_AUTHOR} characters")
            return None
        return name

    def _day(self, raw: Raw | None) -> tuple[date | None, bool]:
        """Return the day, and whether there is none although something stands there."""
        if raw is None or raw.is_empty:
            return None, False
        if raw.problem:
            self._wrong(raw, raw.problem, raw.hint)
            return None, True
        try:
            return within(raw.day) if raw.day is not None else read_day(raw.text, self._mark.language), False
        except NoDay as error:
            self._wrong(raw, str(error), "write it as 2026-05-31")
            return None, True

    # Several lines about one question

    def _one(self, lines: Sequence[tuple[RawLine, Filled | None]]) -> Filled | None:
        """Return the answer of the copies of a line; None when they differ, which is said of each of them."""
        answers = [answer for _, answer in lines if answer is not None]
        if len({_content(answer) for answer in answers}) <= 1:
            return answers[0] if answers else None
        for answer in answers:
            others = ", ".join(other.place for other in answers if other.place != answer.place)
            what = self._mark.says.get(answer.given.says, answer.given.says)
            self._misread.append(
                Misread(
                    place=answer.place,
                    what=what,
                    why=f"the question was answered differently in {others}",
                    hint="the line was copied: leave one of them",
                )
            )
        return None

    def _signed(self) -> Iterable[SignedOff]:
        for role, name, day in self._found.signatures:
            person = self._author(name)
            on, is_wrong = self._day(day)
            if person and not is_wrong:
                yield SignedOff(role=role, person=person, on=on, place=name.place)
            elif on is not None:
                self._misread.append(Misread(place=name.place, what=role, why="a day without a name", hint="who signed?"))


def _content(answer: Filled) -> tuple[object, ...]:
    given = answer.given
    return given.says, given.author, given.on, given.note, given.evidence, given.expires_on, answer.digest
