"""Who left, and who follows whom in a role, as a sentence tells it with its day.

'Ann Lee left the agency on 31 August 2026.' 'Jo Lake follows Ann Lee as test manager from 1 September 2026.' Minutes, reports and
decisions say so once; the lists that name people are brought up to date later, or never. Only plain statements with a full name and one
day count: somebody who leaves a meeting, or stands in for a colleague until Friday, is still there.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.connect.values import fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Reading, day_in, day_in_titles, text_of
from auditor.snapshot.documents.matters.sentences import WRITTEN_DAY, sentences_in
from auditor.snapshot.words import words

_LONGEST = 300
_MOST_NAMES = 4
_MOST_WORDS = 5  # of a phrase
_FARTHEST = 12  # words between a verb and what ends it
_NO_YEAR = re.compile(r"(?<![\d./-])\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,10}\b(?!\s*(?:de\s+)?\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_INITIAL = re.compile(r"[(\[]?[^\W\d_]\.")
_ENDS = (",", ";", ":", ".", ")", "]")


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence, word by word."""

    raw: tuple[str, ...]
    plain: tuple[str, ...]

    def at(self, place: int, phrases: frozenset[str]) -> int:
        """Return how many words from *place* on are one of *phrases*, 0 for none; the longest counts."""
        for count in range(min(_MOST_WORDS, len(self.plain) - place), 0, -1):
            if " ".join(word for word in self.plain[place : place + count] if word) in phrases:
                return count
        return 0

    def text(self, begin: int, end: int | None = None) -> str:
        """Return the words from *begin* on as they are written."""
        return " ".join(self.raw[begin:end])


def read_departures(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `departure`) for each person of whom a sentence says that they left or were followed in a role.

    `name` and `person_id` are who went, `on_date` the last or the first day without them, `reason` is 'left' or 'replaced', `role` what
    they were where they were replaced, `value` that role as it is written.
    """
    texts = [(line.text, line.block.locator) for line in reading.prose]
    texts += [(text_of(cell), line.locator) for grid in reading.grids for line in grid.lines for cell in line.cells if not cell.is_covered]
    seen = set()
    for text, place in texts:
        for sentence in sentences_in(text):
            if len(sentence) > _LONGEST:
                continue
            raw = tuple(sentence.split())
            said = _Said(raw, tuple(fold(word) for word in raw))
            for name, reason, role, day in (*_left(reading, said), *_replaced(reading, said), *_in_brackets(reading, sentence)):
                if (key := (fold(name), reason, day)) in seen:
                    continue
                seen.add(key)
                row = Filling(reading, "listed_item")
                row.set("kind", "departure")
                row.set("name", name)
                row.set("person_id", name)
                row.set("reason", reason)
                row.set("on_date", day)
                row.set("text", sentence)
                row.set("role", (reading.words.role(role) or role) if role else None)
                row.set("value", role)
                yield row.found(place, "departure", fold(name), reason, day.isoformat())


_Gone = tuple[str, str, str, date]


def _left(reading: Reading, said: _Said) -> Iterator[_Gone]:
    for place in range(1, len(said.raw)):
        if (count := said.at(place, words("leaves"))) and (name := _name_before(reading, said, place)):
            rest = said.text(place + count)
            if (day := _day(reading, rest)) is not None and _is_of_place(said, place + count):
                yield name, "left", "", day
        elif said.at(place, words("leaves_begun")) and (name := _name_before(reading, said, place)):
            end = _first(said, place + 1, words("leaves_ended"))
            between = said.text(place + 1, end) if end is not None else ""
            is_place = end is not None and (said.plain[end] not in words("leaves_something") or _names_place(said.plain[place + 1 : end]))
            if between and is_place and (day := _day(reading, between)) is not None:
                yield name, "left", "", day


def _replaced(reading: Reading, said: _Said) -> Iterator[_Gone]:
    """Yield who was followed by another: 'Jo Lake replaces Ann Lee as …', 'Ann Lee was replaced by Jo Lake'."""
    if any(word in words("for_a_while") for word in said.plain):
        return
    day = _day_of_change(reading, said)
    if day is None:
        return
    for place in range(1, len(said.raw)):
        if count := said.at(place, words("follows")):
            if _name_before(reading, said, place) and (name := _name_after(reading, said, place + count)):
                yield name, "replaced", _role_behind(said, place + count), day
        elif count := said.at(place, words("followed_by")):
            if (name := _name_before(reading, said, place)) and _name_after(reading, said, place + count):
                yield name, "replaced", _role_behind(said, place + count), day
        elif (count := said.at(place, words("instead_of"))) and (name := _name_after(reading, said, place + count)):
            left_at = _left_at(said, place + count)
            if left_at is None and _is_new(reading, said, place, count):
                yield name, "replaced", _role_before(reading, said, place), day
            elif left_at is not None and not any(sign.isdigit() for sign in said.text(left_at)):
                yield name, "left", "", day
        elif (count := said.at(place, words("takes_from")) or _taken_by_now(said, place)) and _name_before(reading, said, place):
            taken = _taken(reading, said, place + count)
            if taken is not None:
                yield taken[0], "replaced", taken[1], day


_BRACKETS = re.compile(r"\(([^()]{5,120})\)")


def _in_brackets(reading: Reading, sentence: str) -> Iterator[_Gone]:
    """Yield who held a role before, told in brackets: 'The architect is Jo Lake from 1 May (before: Ann Lee)', '(Ann Lee has moved)'."""
    for match in _BRACKETS.finditer(sentence):
        raw = tuple(sentence[: match.start()].split())
        said = _Said(raw, tuple(fold(word) for word in raw))
        if (day := _day_of_change(reading, said)) is None or any(word in words("for_a_while") for word in said.plain):
            continue
        new = next(
            (
                (begin, end)
                for begin in range(len(raw))
                for end in range(begin + _MOST_NAMES, begin + 1, -1)
                if _stands_alone(reading, said, begin, end)
            ),
            None,
        )
        inner = tuple(match[1].split())
        old = _former(reading, _Said(inner, tuple(fold(word) for word in inner)))
        if new is None or not old or any(sign.isdigit() for sign in match[1]):
            continue
        role = _told_role(raw[: new[0]]) or _told_role(raw[new[1] :])
        if role:
            yield old, "replaced", role, day


def _stands_alone(reading: Reading, said: _Said, begin: int, end: int) -> bool:
    """Say whether the words between two places are one full name, each of them a part of it."""
    if end > len(said.raw) or said.plain[begin] in words("articles") or not all(_is_part(said, place) for place in range(begin, end)):
        return False
    return not any(_ends(word) for word in said.raw[begin : end - 1]) and bool(_full_name(reading, said, begin, end, is_titled=False))


def _former(reading: Reading, said: _Said) -> str:
    """Return who is named behind 'before', or before 'has moved to'."""
    for place in range(min(2, len(said.raw))):
        if count := said.at(place, words("formerly")):
            name = _name_after(reading, said, place + count)
            return name if name and len(said.raw) <= place + count + len(name.split()) else ""  # nothing but the name
    for place in range(2, len(said.raw)):
        if said.at(place, words("moves_on")) and (name := _name_before(reading, said, place)):
            return name
    return ""


def _told_role(raw: Sequence[str]) -> str:
    """Return the role in what stands before or behind a name: 'Information security officer is', ', architect since 1 May 2026'."""
    text = _plain_role(" ".join(raw).strip(" ,;:–-"))
    parts = text.rstrip(",;:–- ").split()
    while parts and fold(parts[-1]) in words("is_in_role") | words("days_of_change"):
        parts.pop()
    while parts and fold(parts[0]) in words("is_in_role") | words("before_roles"):
        parts.pop(0)
    return " ".join(parts) if 0 < len(parts) <= _MOST_WORDS else ""


def _is_new(reading: Reading, said: _Said, place: int, count: int) -> bool:
    """Say whether who is named before *place* came instead of another for good: '… since 5 January in place of'."""
    if said.text(place, place + count).casefold() in words("instead_of_briefly"):
        is_said = any(word in words("was_changed") for word in said.plain)
        return is_said and bool(_name_before(reading, said, place))
    return any(_full_name(reading, said, begin, begin + 2, is_titled=False) for begin in range(place - 1))


def _left_at(said: _Said, place: int) -> int | None:
    """Return the place behind 'who has left' where the name at *place* goes on so: '… who has left the agency'."""
    for at in range(place + 1, min(place + _MOST_NAMES + 2, len(said.raw))):
        if said.plain[at] in words("who") and (count := said.at(at + 1, words("leaves"))) and _is_of_place(said, at + 1 + count):
            return at + 1 + count
    return None


def _role_before(reading: Reading, said: _Said, place: int) -> str:
    """Return the role that begins what is told of who came: 'Jo Lake, User Representative since 5 January in place of'."""
    for begin in range(place):
        for end in range(min(place, begin + _MOST_WORDS), begin, -1):
            text = said.text(begin, end).strip(",;:.() ")
            if text and reading.words.roles.get(fold(text)) is not None:
                return text
    return ""


def _taken_by_now(said: _Said, place: int) -> int:
    """Return 1 where a verb in two parts begins: 'hat … übernommen'."""
    return int(bool(said.at(place, words("takes_begun"))) and _first(said, place + 1, words("takes_ended")) is not None)


def _taken(reading: Reading, said: _Said, place: int) -> tuple[str, str] | None:
    """Return from whom a role is taken over, and the role: '… the role of test manager from Ann Lee'."""
    for at in range(place, min(place + _FARTHEST, len(said.raw))):
        if said.plain[at] in words("taken_from") and (name := _name_after(reading, said, at + 1)):
            told = re.sub(r"^(?:\S+\s+)*?\d[\d./-]+\s+", "", said.text(place, at))  # '… am 01.03.2026 die Leitung von …'
            return name, _plain_role(told)
    return None


def _day(reading: Reading, text: str) -> date | None:
    """Return the one day in *text*; where it leaves out the year, the nearest such day to that of the document."""
    if (day := day_in(reading, text)) is not None:
        return day
    told = _NO_YEAR.findall(text)
    base = day_in_titles(reading) or _day_of_paper(reading)
    if len(told) != 1 or base is None or _YEAR.search(text):
        return None
    days = [day for year in (base.year - 1, base.year, base.year + 1) if (day := reading.day(f"{told[0]} {year}")) is not None]
    return min(days, key=lambda day: abs((day - base).days), default=None)


_FIRST_LINES, _LONGEST_LINE = 6, 500
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_. ]?([01]\d)[-_. ]?([0-3]\d)(?!\d)")


def _day_of_paper(reading: Reading) -> date | None:
    """Return the day in the name of the file, else the last one that the first lines say: 'Issued on 29 May 2026'."""
    if (match := _IN_NAME.search(reading.path.rpartition("/")[2])) is not None:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    lines = [line.text for line in reading.prose[:_FIRST_LINES] if len(line.text) <= _LONGEST_LINE]
    return max((day for text in lines for said in WRITTEN_DAY.findall(text) if (day := reading.day(said)) is not None), default=None)


def _first(said: _Said, begin: int, phrases: frozenset[str]) -> int | None:
    places = range(begin, min(begin + _FARTHEST, len(said.plain)))
    return next((place for place in reversed(places) if said.at(place, phrases)), None)


def _is_of_place(said: _Said, begin: int) -> bool:
    """Say whether what is left is nothing but a day, an organisation or a place of work: not a meeting, not a question."""
    until = next((at for at in range(begin, len(said.raw)) if any(sign.isdigit() for sign in said.raw[at])), len(said.raw))
    between = said.plain[begin:until]
    if len(between) > _MOST_WORDS + 2:
        return False
    is_called = any(word[:1].isupper() for word in said.raw[begin : max(begin, until - 1)])
    return all(word in words("before_days") for word in between) or _names_place(between) or (is_called and not _names_other(between))


def _names_place(between: Sequence[str]) -> bool:
    return any(part in words("left_places") for word in between for part in word.split()) and not _names_other(between)


def _names_other(between: Iterable[str]) -> bool:
    return any(part in words("left_meetings") for word in between for part in word.split())


def _day_of_change(reading: Reading, said: _Said) -> date | None:
    """Return the day from which somebody else does it: 'from 1 September 2026', 'am 01.03.2026'."""
    for place, word in enumerate(said.plain):
        if word in words("days_of_change") and place + 1 < len(said.raw):
            day = _day(reading, said.text(place + 1, place + 5)) or _day(reading, said.text(place + 1, place + 7))
            if day is not None:
                return day
    return None


def _role_behind(said: _Said, begin: int) -> str:
    for place in range(begin, len(said.raw)):
        if (count := said.at(place, words("in_role"))) and any(sign.isalpha() for sign in said.text(place + count)):
            return _plain_role(said.text(place + count))
    return ""


def _plain_role(text: str) -> str:
    """Return *text* without articles before it, and without the day and all else behind it."""
    found: list[str] = []
    for word in text.split():
        if any(sign.isdigit() for sign in word):
            while found and fold(found[-1]) in words("days_of_change"):
                found.pop()
            break
        if found or fold(word) not in words("before_roles"):
            found.append(word.rstrip(",;."))
        if word.endswith(_ENDS):
            break
    return " ".join(found)


def _name_before(reading: Reading, said: _Said, place: int) -> str:
    """Return the full name that ends right before *place*, also before a pronoun: 'Ann Lee, who left …'."""
    end = place
    if end and said.plain[end - 1] in words("who"):
        end -= 1
    begin = end
    while begin and end - begin < _MOST_NAMES and _is_part(said, begin - 1):
        if begin < end and _ends(said.raw[begin - 1]):
            break
        begin -= 1
    while begin < end and not said.raw[begin].lstrip("([")[:1].isupper():
        begin += 1
    is_titled = False
    while begin < end and said.plain[begin] in words("before_names"):
        is_titled = said.plain[begin] in words("forms_of_address")
        begin += 1  # 'As Ann Lee, who left'
    if any(word in words("supposing") for word in said.plain[max(0, begin - 1) : begin + 1]):
        return ""
    return _full_name(reading, said, begin, end, is_titled=is_titled)


def _name_after(reading: Reading, said: _Said, place: int) -> str:
    """Return the full name that begins at *place*."""
    is_titled = False
    while place < len(said.raw) and said.plain[place] in words("forms_of_address"):
        is_titled = True
        place += 1
    end = place
    while end < len(said.raw) and end - place < _MOST_NAMES and _is_part(said, end):
        end += 1
        if _ends(said.raw[end - 1]):
            break
    while end > place and not said.raw[end - 1][:1].isupper():
        end -= 1
    return _full_name(reading, said, place, end, is_titled=is_titled)


def _ends(word: str) -> bool:
    """Say whether nothing of a name follows *word*; the point of an initial ends nothing."""
    return word.endswith(_ENDS) and not _INITIAL.fullmatch(word)


def _is_part(said: _Said, place: int) -> bool:
    word = said.raw[place].lstrip("([")
    return (word[:1].isupper() and not any(sign.isdigit() for sign in word)) or said.plain[place] in words("particles")


def _full_name(reading: Reading, said: _Said, begin: int, end: int, *, is_titled: bool) -> str:
    """Return the name between two places, if it is one of a person: first name or initial and surname, or a surname after 'Mr'."""
    name = said.text(begin, end).strip(",;:.()[] ")
    parts = name.split()
    if not (1 if is_titled else 2) <= len(parts) <= _MOST_NAMES or not (parts[0][:1].isupper() and parts[-1][:1].isupper()):
        return ""
    people = parse_people(name)
    is_person = len(people) == 1 and people[0].kind == "person" and reading.words.role(name) is None
    return name if is_person and not any(part in words("groups") or part in words("left_places") for part in fold(name).split()) else ""
