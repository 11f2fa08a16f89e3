"""Who holds which role: role tables and RASCI matrices."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from auditor.connect.document import Cell, TextBlock
from auditor.connect.values import Person, clean, fold, parse_people
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import (
    Filling,
    Grid,
    Line,
    Reading,
    find_columns,
    header_texts,
    is_known,
    is_label_table,
    name_in,
    names_of,
    pairs_of,
    range_in,
    text_of,
)
from auditor.snapshot.documents.matters.sentences import sentences_in
from auditor.snapshot.documents.signings import signing_in
from auditor.snapshot.words import words

ABOUT_DOCUMENT = frozenset({"title", "version", "author", "sensitivity", "status"})
"""Labels of the block in which a document speaks of itself."""

_IS = re.compile(
    r"^(?:(?:The|Der|Die|Das|Le|La|El)\s+|L['’])?(.{4,60}?)\s+(?:is|ist|est|es)\s+"
    r"((?:(?:Mrs?|Ms|Dr|Herr|Frau|M|Mme|Sra?)\.?\s+)?[^\W\d_][\w'’-]+(?:\s+[\w'’-]+){1,3})\.?$"
)
_COUNTED = re.compile(r"^\s*(?:\d+(?:\.\d+)*\.?|[A-Z]\.)\s+")
_LETTERS = re.compile(r"[RASCIV](?:\s*[/,& ]\s*[RASCIV])*", re.IGNORECASE)
_FEWEST_MARKS = 4
_MOST_NAMES = 4
_LONGEST_LINE = 160
_MOSTLY = 0.8
_SAMPLE = 60  # lines that decide whether a table is a matrix
_MOST_LINES = 500
_HEADER_WITHIN = 3
_NO_ROLES = frozenset({"minutes_of_meeting", "meeting_agenda"})


def read_roles(reading: Reading) -> Iterator[Found]:
    """Yield rows of `role` and `listed_item` (kind `role_assignment`).

    A role of no standard stays a listed item only: its words say nothing that a rule could rely on. But where they may mean one of the
    roles that lead a project ('Project lead', 'Chef de projet MOE'), a row stands without a role: nobody can say that none is held.
    """
    for grid in reading.grids:
        if grid.index in reading.taken:
            yield from _labelled(reading, grid)
            continue
        if (accepted := accepted_roles(reading, grid)) is not None:
            columns, lines = accepted
            reading.taken.add(grid.index)
            for position, line in enumerate(lines, 1):
                yield from _assignments(reading, grid, columns, line, position)
        elif described := list(_described(reading, grid)):
            reading.taken.add(grid.index)
            yield from described
        elif (hit := _matrix(reading, grid)) is not None:
            reading.taken.add(grid.index)
            yield from hit
        elif (found := find_columns(grid, reading.words.tables["roles"])) is not None:
            columns, lines = found
            rows = [row for position, line in enumerate(lines, 1) for row in _assignments(reading, grid, columns, line, position)]
            if not rows and not grid.says(reading.words.tables["roles"].headings):
                continue
            reading.taken.add(grid.index)
            yield from rows
        elif (found := find_columns(grid, reading.words.tables["deputies"])) is not None:
            # Of another list, that of the stakeholders say: its column of deputies, or since when, speaks of roles all the same.
            columns, lines = found
            for line in lines:
                yield from _deputised(reading, columns, line)
    if reading.kind in _NO_ROLES:
        yield from _taken_over(reading)
    else:
        yield from _said(reading)
        yield from _stated(reading)
        yield from _in_a_row(reading)
        yield from _headed(reading)


def accepted_roles(reading: Reading, grid: Grid) -> tuple[dict[str, int], tuple[Line, ...]] | None:
    """Return the columns and lines of a table in which those who hold roles accept them, None when *grid* is none.

    'Name | Role | Accepted on | Signed' below 'Acceptance by role holders': it looks like a table of approvals, but approves no document.
    """
    is_about_roles = any(not words("roles").isdisjoint(text.split()) for text in grid.above[:3])
    is_of_roles = "role" in (reading.kind or "") and not grid.says(reading.words.tables["approvers"].headings)
    if not is_about_roles and not is_of_roles:
        return None
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        columns = reading.words.tables["roles"].columns_of(header_texts(line), is_named=True)
        if columns is None or not columns.keys() >= {"role", "name", "accepted"}:
            continue
        if any(fold(text) in words("versions") for text in header_texts(line)):
            return None
        lines = grid.lines[at + 1 :]
        said = [text for row in lines[:_SAMPLE] if (text := text_of(row.cell(columns["role"])))]
        known = sum(role_in(reading, text) is not None for text in said)
        return (columns, lines) if said and 2 * known >= len(said) else None
    return None


def _held(reading: Reading, role: str, name: str) -> Filling:
    """Return the begun row of who holds a role, on its side of the project."""
    row = Filling(reading, "role")
    row.set("role", role)
    row.set("person_id", name)
    if (side := reading.words.sides.get(role)) is not None:
        row.set("side", side)
    return row


def _labelled(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield what a form says beside labels that are roles: 'Solution Provider (SP) | Lee Park'.

    The block about the document itself is left out: it goes on naming who was in charge when the document was written.
    """
    if not is_label_table(reading, grid) or any(ABOUT_DOCUMENT & set(pair.names) for pair in pairs_of(reading, grid)):
        return
    for position, line in enumerate(grid.lines[:_MOST_LINES], 1):
        cells = [cell for cell in line.cells if not cell.is_covered]
        role = reading.words.role(clean(cells[0].text, 120)) if len(cells) == 2 and not cells[0].is_struck else None
        if role is None or not is_known(cells[1]):
            continue
        for person in parse_people(text_of(cells[1])):
            if person.kind == "placeholder" or reading.words.role(person.name) == role:
                continue
            row = _held(reading, role, person.name)
            yield row.found(line.locator, "roles", role, person.name)
            item = Filling(reading, "listed_item")
            item.below(grid.heading)
            item.set("kind", "role_assignment")
            item.set("position", position)
            item.set("name", clean(cells[0].text, 120))
            item.set("role", role)
            item.set("person_id", person.name)
            item.set("value", None)  # a list of names has no letters
            yield item.found(line.locator, "role_assignment", cells[0].text, person.name)


def _said(reading: Reading) -> Iterator[Found]:
    """Yield what lines below a heading of roles say: 'Project Manager: Jane Doe'."""
    headings = reading.words.tables["roles"].headings | reading.words.headings.get("people", frozenset())
    for position, line in enumerate(reading.prose, 1):
        if not line.above or not (headings & set(line.above[:2]) or reading.words.role(line.above[0]) is not None):
            continue
        for text in _lines_of(line.text):
            label, sign, rest = text.partition(":")
            role = reading.words.role(label) if sign and len(text) <= _LONGEST_LINE else None
            people = _people(reading, role, rest) if role is not None else ()
            if role is not None and not all(_is_full_name(reading, person.name) for person in people):
                people = _people(
                    reading, role, next(sentences_in(rest), "").rstrip(".")
                )  # 'Quality assurance: Jo Lake. Reports to the board.'
            names = [person.name for person in people]
            listed = reading.words.role(label) if sign else None
            if listed in _OF_MANY and (several := _members(reading, rest)):
                role, names = listed, several  # 'Ann Lee (architect), Bo Ek (data), then whoever leads the contractor'
            if role is None or not names or not all(_is_full_name(reading, name) for name in names):
                continue  # 'Project manager: runs the procedure'
            for name in names:
                row = _held(reading, role, name)
                yield row.found(line.block.locator, "roles", role, name)
                item = Filling(reading, "listed_item")
                item.below(line.heading)
                item.set("kind", "role_assignment")
                item.set("position", position)
                item.set("name", clean(label, 120))
                item.set("role", role)
                item.set("person_id", name)
                item.set("value", None)
                yield item.found(line.block.locator, "role_assignment", label, name)


_OF_MANY = frozenset({"project_core_team", "user_representative", "business_implementation_group"})
"""Roles of which a line lists many holders, each with what that person does."""
_BETWEEN_MEMBERS = re.compile(r"\s*[,;]\s*(?![^()]*\))|\s+(?:and|und|et|y)\s+(?![^()]*\))")
_DOES = re.compile(r"\s*\(([^()]*)\)\s*")
_MOST_MEMBERS, _LONGEST_LIST = 40, 1_000


def _members(reading: Reading, text: str) -> list[str]:
    """Return the people of a list with what each does: 'Ann Lee (architect), Bo Ek (data, test), then whoever leads the contractor'.

    Two of them at least begin the list; who acts for the users is no member of those who build.
    """
    names: list[str] = []
    for part in _BETWEEN_MEMBERS.split(next(sentences_in(text), "").rstrip(".")[:_LONGEST_LIST])[:_MOST_MEMBERS]:
        name = _DOES.sub("", part).strip()
        if not _is_full_name(reading, name):
            break
        if not any(reading.words.role(does) == "user_representative" for does in _DOES.findall(part)):
            names.append(name)
    return names if len(names) > 1 else []


def _people(reading: Reading, role: str, text: str) -> tuple[Person, ...]:
    """Return whom *text* names; of a role of several, 'Ann Lee, Jo Lake' are two, not one of the name of 'Ann Lee'."""
    people = parse_people(text)
    names = text.strip(" .").split(", ")
    if len(people) == 1 and len(names) == _FEWEST_IN_A_ROW and role in _OF_SEVERAL and all(_is_full_name(reading, name) for name in names):
        return tuple(person for name in names for person in parse_people(name))
    return people


def _lines_of(text: str) -> Iterator[str]:
    """Yield the lines of *text*; where one line states several things, each of them: 'Business assurance: Jo Lake. User assurance: …'."""
    for line in text.split("\n"):
        yield from (sentence.strip().rstrip(".") for sentence in sentences_in(line)) if line.count(": ") > 1 else (line,)


def _stated(reading: Reading) -> Iterator[Found]:
    """Yield what a sentence says that only names who holds a role: 'The contractor's project manager is Jo Lake'."""
    for line in reading.prose:
        for text in sentences_in(line.text):
            if len(text) > _LONGEST_LINE or (match := _IS.match(text.strip())) is None:
                continue
            role, people = reading.words.role(match[1]), parse_people(match[2])
            is_name = all(word[:1].isupper() for word in match[2].split()[:1] + match[2].rstrip(".").split()[-1:])
            if role is None or not is_name or len(people) != 1 or people[0].kind != "person" or reading.words.role(match[2]) is not None:
                continue
            row = _held(reading, role, people[0].name)
            yield row.found(line.block.locator, "roles", role, people[0].name)


_NAME_WORD = r"[A-ZÀ-Þ][\w'’-]*\.?"
_NAME = rf"{_NAME_WORD}(?:\s+(?:(?:de|da|di|du|la|van|von|der|den|del|dos|el|al|bin)\s+)*{_NAME_WORD}){{1,3}}"
_NAME_AND_ROLE = re.compile(rf"({_NAME})\s+\(([^()\d]{{2,60}})\)")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_MOST_WORDS = 10
_STOP = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[)]))\.\s+|\n+")
_FEWEST_IN_A_ROW = 2
_MOST_IN_A_ROW = 12


def _in_a_row(reading: Reading) -> Iterator[Found]:
    """Yield what a sentence says that names several and what each is: 'Ann Lee (PO), Jo Lake (BM)', 'Project Owner Ann Lee; …'.

    One alone may be anybody's word for somebody who speaks or left, and so may what bears a day.
    """
    for line in reading.prose:
        for text in _STOP.split(line.text):
            pairs = list(_beside_names(reading, text)) or list(_before_names(reading, text))
            alone = [role for role, _ in set(pairs) if role not in _OF_SEVERAL]
            if (
                not _FEWEST_IN_A_ROW <= len(pairs) <= _MOST_IN_A_ROW
                or len(alone) > len(set(alone))
                or len({role for role, _ in pairs}) == 1
            ):
                continue
            for role, name in pairs:
                row = _held(reading, role, name)
                yield row.found(line.block.locator, "roles", role, name)


def _beside_names(reading: Reading, text: str) -> Iterator[tuple[str, str]]:
    for match in _NAME_AND_ROLE.finditer(text):
        role = reading.words.role(match[2]) or role_in(reading, match[2].partition(",")[0])
        if role is not None and _is_full_name(reading, match[1]):
            yield role, match[1]


def _before_names(reading: Reading, text: str) -> Iterator[tuple[str, str]]:
    parts = text.strip().rstrip(".").split(";")
    if len(parts) < _FEWEST_IN_A_ROW or any(letter.isdigit() for letter in text):
        return
    for part in parts:
        said = _BRACKETS.sub("", part).replace(": ", " ").split()[:_MOST_WORDS]
        for place in range(len(said) - 2, 0, -1):
            role, name = reading.words.role(" ".join(said[:place])), " ".join(said[place:])
            if role is not None and re.fullmatch(_NAME, name) and _is_full_name(reading, name):
                yield role, name
                break


_OF_SEVERAL = frozenset(
    {
        "change_authority",
        "project_assurance",
        "project_quality_assurance",
        "project_support",
        "project_support_office",
        "senior_supplier",
        "senior_user",
        "team_manager",
        "user_representative",
    }
)
"""Roles that several may hold at a time: whoever takes one over puts nobody out of it."""
_FROM_DAY = re.compile(r"\s+(?=(?:from|since|as of|ab|vom|seit|à partir du|dès le|depuis|desde|a partir del)\s)", re.IGNORECASE)
_ARTICLES = re.compile(r"^(?:as|the|la|le|les|l['’]|die|der|den|das|zum|zur|el|de|du|del|role of|rôle de)\s+", re.IGNORECASE)


def _taken_over(reading: Reading) -> Iterator[Found]:
    """Yield what minutes say of who takes a role: 'Ann Lee takes over user assurance from 1 November 2026'.

    Of roles that one person holds they tell nothing here: older lists go on naming who held it, and two would seem to hold it.
    """
    said = [(text, line.block.locator) for line in reading.prose for text in sentences_in(line.text)]
    said += [(text_of(cell), line.locator) for grid in reading.grids for line in grid.lines for cell in line.cells if not cell.is_covered]
    verbs = sorted(words("takes_role"), key=len, reverse=True)
    for text, place in said:
        if len(text) > _LONGEST_LINE:
            continue
        for verb in verbs:
            who, found, rest = text.strip(" .").partition(f" {verb} ")
            if not found:
                continue
            told, _, since = _FROM_DAY.sub("\x00", rest, count=1).partition("\x00")
            day = match[1] if (match := _SINCE.fullmatch(since)) is not None else ""
            role = reading.words.role(_ARTICLES.sub("", told.partition(",")[0]).strip())
            name = who.partition(",")[0].strip()
            if role in _OF_SEVERAL and _is_full_name(reading, name):
                row = _held(reading, role, name)
                if day and (first := reading.day(day)) is not None:
                    row.set("from_on", first)
                row.set("to_on", None)
                yield row.found(place, "roles", role, name)
            break


_HEADED = re.compile(r"(?:\d+(?:\.\d+)*\.?\s+)?(.{4,60}?)\s+[\u2013\u2014-]\s+(.{5,100})")
_BETWEEN_NAMES = re.compile(r"\s*[,;/&]\s*|\s+(?:and|und|et|y)\s+")


def _headed(reading: Reading) -> Iterator[Found]:
    """Yield what headings of role descriptions say: '7. Project Support – Jane Doe'. With anything but names behind they say nothing."""
    for block in reading.document.blocks:
        if not isinstance(block, TextBlock) or not block.level or block.is_struck:
            continue
        match = _HEADED.fullmatch(clean(block.text, 200))
        role = reading.words.role(match[1]) if match is not None else None
        names = [name for name in _BETWEEN_NAMES.split(match[2]) if name] if match is not None and role is not None else []
        if role is None or not names or not all(_is_full_name(reading, name) for name in names):
            continue
        for name in names:
            row = _held(reading, role, name)
            yield row.found(block.locator, "roles", role, name)


def _is_full_name(reading: Reading, name: str) -> bool:
    parts = name.split()
    is_written_as_one = 1 < len(parts) <= _MOST_NAMES and parts[0][:1].isupper() and parts[-1][:1].isupper()
    is_person = all(person.kind == "person" for person in parse_people(name))
    return is_person and is_written_as_one and reading.words.role(name) is None


def role_in(reading: Reading, text: str) -> str | None:
    """Return the role that *text* names, also where it says what its holder does besides: 'Project Owner, chair of the committee'."""
    if (role := reading.words.role(text)) is not None:
        return role
    head, _, besides = text.partition(",")
    does = fold(besides)
    phrases = (fold(phrase) for phrase in reading.words.phrases.get("besides", ()))
    return reading.words.role(head) if does and any(f"{does} ".startswith(f"{phrase} ") for phrase in phrases) else None


def _assignments(reading: Reading, grid: Grid, columns: dict[str, int], line: Line, position: int) -> Iterator[Found]:
    cells = {name: line.cell(place) for name, place in columns.items()}
    role_text, first, last = _term(reading, text_of(cells.get("role")))  # 'Team manager (until 30 June 2026)'
    if not role_text or len(role_text) > 120 or not is_known(cells.get("name", cells.get("first"))):
        return
    if role_text == name_in(cells):
        return  # a line merged over all columns
    if several := reading.words.roles_among(role_text):
        for role in several:
            yield from _assigned(reading, grid, line, position, role_text, role, cells, is_one_of_several=True, first=first, last=last)
        return
    yield from _assigned(reading, grid, line, position, role_text, role_in(reading, role_text), cells, first=first, last=last)


def _assigned(
    reading: Reading,
    grid: Grid,
    line: Line,
    position: int,
    role_text: str,
    role: str | None,
    cells: Mapping[str, Cell | None],
    *,
    is_one_of_several: bool = False,
    first: date | None = None,
    last: date | None = None,
) -> Iterator[Found]:
    told, since, until = _term(reading, name_in(cells))
    first, last = since or first, until or last
    names = _holders(told)
    deputies = names_of(text_of(cells.get("deputy")))
    for name in names or [""]:
        if role is not None and name and reading.words.role(name) != role:
            row = _held(reading, role, name)
            if first is not None and "from" not in cells:
                row.set("from_on", first)
            if "deputy" in cells and is_known(cells["deputy"]):
                row.set("deputy_id", deputies[0] if deputies else None)
            if "share" not in cells:  # a resource plan says from when somebody is to work, not since when the role is held
                row.day("from_on", cells.get("from"))
                _in_post(reading, row, cells)
            row.day("accepted_on", cells.get("accepted"))
            if "to" in cells:
                row.day("to_on", cells.get("to"))
            elif "to_on" not in row.filled:
                row.set("to_on", last)  # a list of who holds what, without a column for the end, says that they hold it
            yield row.found(line.locator, "roles", role, name)
        elif role is None and name and may_lead(role_text):
            row = Filling(reading, "role")
            row.set("person_id", name)
            yield row.found(line.locator, "roles", role_text, name)
        item = Filling(reading, "listed_item")
        item.below(grid.heading)
        item.set("kind", "role_assignment")
        item.set("position", position)
        item.set("name", role_text)
        item.set("role", role or role_text)
        item.set("person_id", name)
        item.set("value", None)
        item.text("text", cells.get("responsibility"))
        yield item.found(line.locator, "role_assignment", role_text, name, *([role] if is_one_of_several and role else []))


def _in_post(reading: Reading, row: Filling, cells: Mapping[str, Cell | None]) -> None:
    """Fill since when and until when a role is held where one cell tells both, else the day of the appointment beside who appointed.

    'In post: 14 March 2025 to closure', 'Appointed by, on: Ann Lee, 12 March 2025'.
    """
    term = text_of(cells.get("term"))
    if (both := range_in(reading, term)) is not None:
        row.set("from_on", both[0])
        row.set("to_on", both[1])
    elif (begun := _RANGE_SIGN.split(term, maxsplit=1)) and (day := reading.day(_FROM_WORD.sub("", begun[0].strip()))) is not None:
        row.set("from_on", day)  # 'to closure', 'until today': no day on which it ended
    for column in ("appointed", "from"):
        if "from_on" not in row.values and (signed := signing_in(text_of(cells.get(column)), reading.order)) is not None:
            row.set("from_on", signed[1])
    if "from_on" in row.values:
        row.values.pop("from_on_raw", None)


_RANGE_SIGN = re.compile(r"\s+(?:-|–|—|to|until|till|through|bis|au|à|jusqu|a|al|hasta)(?=\W|$)|\s*[–—]\s*", re.IGNORECASE)
_FROM_WORD = re.compile(r"^(?:from|since|as of|du|de|depuis|dès le|von|vom|ab|seit|desde|del)\s+", re.IGNORECASE)
_TERM = re.compile(r"\s*\(([^()]*\d{4}[^()]*)\)")
_SINCE = re.compile(
    r"(?:from|since|as of|ab|seit|vom|depuis|à partir du|dès le|desde|a partir del)\s+(?:el\s+|le\s+)?(.{6,30}?)", re.IGNORECASE
)
_APPOINTED = re.compile(
    r"(?:assigned|appointed|named|nominated|designated|benannt|bestellt|ernannt|eingesetzt|nommée?|désignée?|nombrad[oa]|designad[oa])"
    r"(?:\s+(?:by|as|von|vom|durch|par|por)\s[^,;]{2,60}?)?\s+(?:on|since|as of|from|with effect from|am|zum|mit wirkung vom|le|el|desde)"
    r"(?:\s+(?:el|le))?\s+(.{6,30}?)",
    re.IGNORECASE,
)
"""Since when a role is held by who was put into it: 'assigned by the sponsor on 3 May 2026'."""
_APPOINTED_LAST = re.compile(
    r"(?:(?:von|vom|durch)\s[^,;]{2,60}?\s+)?(?:am|zum)\s+(.{6,30}?)\s+(?:(?:von|vom|durch)\s[^,;]{2,60}?\s+)?"
    r"(?:benannt|bestellt|ernannt|eingesetzt)",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:until|till|up to|to|bis|bis zum|jusqu['’]au|jusqu['’]à|hasta)\s+(?:el\s+)?(.{6,30}?)", re.IGNORECASE)

_TERMS = (("first", _SINCE), ("first", _APPOINTED), ("first", _APPOINTED_LAST), ("last", _UNTIL))


def _term(reading: Reading, text: str) -> tuple[str, date | None, date | None]:
    """Return a name without the term in brackets behind it, and the term: 'Jo Lake (from 3 May 2026; before: Ann Lee)'.

    Who held the role before stands in older documents. Brackets that hold anything else stay.
    """
    match = _TERM.search(text)
    if match is None:
        return _open_term(reading, text)
    if _TERM.sub("", text, count=1).strip() != text[: match.start()].strip():
        return text, None, None  # several names with a term each
    days: dict[str, date] = {}
    for part in re.split(r"\s*[;,]\s*", match[1]):
        for name, pattern in _TERMS:
            if (said := pattern.fullmatch(part.strip())) is not None and (day := reading.day(said[1])) is not None:
                days[name] = day
    if not days:
        return text, None, None
    return text[: match.start()].strip(), days.get("first"), days.get("last")


_BEFORE_TERM = re.compile(r"[\s,;–—-]+(?=[^\W\d_])")


def _open_term(reading: Reading, text: str) -> tuple[str, date | None, date | None]:
    """Return a role or a name without the term behind it: 'Senior Supplier (Acme) to 31 March 2026', 'Jo Lake, from 3 May 2026'."""
    if len(text) > _LONGEST_LINE or not any(letter.isdigit() for letter in text):
        return text, None, None
    for cut in _BEFORE_TERM.finditer(text):
        rest = text[cut.end() :].strip(" .")
        if _SINCE.match(rest) and (both := range_in(reading, rest)) is not None:
            return text[: cut.start()], *both
        for name, pattern in _TERMS:
            if (said := pattern.fullmatch(rest)) is not None and (day := reading.day(said[1])) is not None:
                return text[: cut.start()], *((day, None) if name == "first" else (None, day))
    return text, None, None


def _holders(text: str) -> list[str]:
    """Return the names in *text*; of one person with what they are otherwise only the person: 'Ann Lee, finance business partner'."""
    head, sign, _ = text.partition(", ")
    if sign and ";" not in text and "\n" not in text:
        first, rest = parse_people(head), [word for part in text.split(", ")[1:] for word in part.split()]
        is_one = len(first) == 1 and first[0].kind == "person" and len(head.split()) > 1
        if is_one and _says_post(text.split(", ")[1:], rest):
            return [first[0].name]
    return names_of(text)


def _says_post(parts: list[str], said: list[str]) -> bool:
    """Say whether what stands behind a name is a post or a place in the organisation, and names nobody else."""
    is_lower = bool(said) and said[0][:1].islower() and fold(said[0]) not in words("particles")
    named = [person for part in parts for person in parse_people(part)]
    is_of_one = len(parts) == 1 and bool(named) and named[0].kind == "placeholder"  # 'Head of Track and Maintenance' is one post
    return is_lower or is_of_one or bool(named and all(person.kind != "person" for person in named))


def _described(reading: Reading, grid: Grid) -> Iterator[Found]:
    """Yield what a role description says below the heading of its role: 'Holder | Ann Lee', 'Agreed by the holder on | 5 May 2026'."""
    title = _COUNTED.sub("", clean(grid.heading.text, 160)) if grid.heading is not None else ""
    title, first = _since(reading, title)
    role = next((known for said in (title, *re.split(r"[,(]", title)[:1]) if (known := reading.words.role(said.strip())) is not None), None)
    if role is not None and (signed := _signed(grid)) is not None:  # 'Senior user, operations', 'Senior supplier (external)'
        name, day, below = signed
        for position, line in enumerate(below, 1):
            yield from _assigned(
                reading, grid, line, position, title, role, {"name": line.cell(name), "accepted": line.cell(day)}, first=first
            )
        return
    lines = [line for line in grid.lines[:_MOST_LINES] if len([cell for cell in line.cells if not cell.is_covered]) == 2]
    if role is None or not lines or len(lines) < len(grid.lines):
        return
    places = reading.words.tables["roles"].columns_of(["role", *(text_of(line.cell(0)) for line in lines)], is_named=True)
    if places is None or "name" not in places:
        return
    cells = {column: lines[place - 1].cell(1) for column, place in places.items() if place}
    yield from _assigned(reading, grid, lines[places["name"] - 1], 1, title, role, cells, first=first)


def _since(reading: Reading, title: str) -> tuple[str, date | None]:
    """Return a heading without the day from which it holds, and the day: 'Senior Supplier from 1 June 2026'."""
    for match in re.finditer(r"[\s,(]+(?=\S)", title):
        said = _SINCE.fullmatch(title[match.end() :].rstrip(" )"))
        if said is not None and (day := reading.day(said[1])) is not None:
            return title[: match.start()], day
    return title, None


def _signed(grid: Grid) -> tuple[int, int, tuple[Line, ...]] | None:
    """Return the columns of who accepted and when, and the lines, of a table with nothing else: 'Accepted by | Date'."""
    heads = [fold(text) for text in header_texts(grid.lines[0])] if len(grid.lines) > 1 else []
    name = [place for place, text in enumerate(heads) if text in words("role_accepted_by")]
    day = [place for place, text in enumerate(heads) if text in words("role_accepted_on")]
    known = words("role_accepted_by") | words("role_accepted_on") | words("signature")
    return (name[0], day[0], grid.lines[1:_MOST_LINES]) if len(name) == len(day) == 1 and set(heads) - {""} <= known else None


def _deputised(reading: Reading, columns: dict[str, int], line: Line) -> Iterator[Found]:
    """Yield the role of a line with who deputises for its holder."""
    cells = {name: line.cell(place) for name, place in columns.items()}
    role_text = text_of(cells.get("role"))
    role = reading.words.role(role_text) if role_text and len(role_text) <= _LONGEST_LINE else None
    if role is None or role_text == text_of(cells.get("name")) or not (is_known(cells.get("deputy")) or is_known(cells.get("from"))):
        return
    for name in names_of(text_of(cells.get("name"))) or [""]:
        row = Filling(reading, "role")
        row.set("role", role)
        if "name" in cells and is_known(cells["name"]):
            row.set("person_id", name)
        if (side := reading.words.sides.get(role)) is not None:
            row.set("side", side)
        if is_known(cells.get("deputy")):
            deputies = names_of(text_of(cells.get("deputy")))
            row.set("deputy_id", deputies[0] if deputies else None)
        row.day("from_on", cells.get("from"))
        row.set("to_on", None)
        yield row.found(line.locator, "roles", role, name)


def may_lead(role: str) -> bool:
    """Say whether a role that no pack knows may be one of those that lead a project or a side of it."""
    said = fold(role).split()
    if said and said[0] in words("deputising"):
        return False  # 'Deputy of the Project Manager': who stands in for the one who leads
    compound = any(part.startswith("projekt") and any(part.endswith(word) for word in words("leading")) for part in said)
    return compound or (not words("leading").isdisjoint(said) and not words("projects").isdisjoint(said))


def _matrix(reading: Reading, grid: Grid) -> list[Found] | None:
    """Return the assignments of a RASCI matrix (activities × roles or persons, cells of R, A, S, C, I), None when *grid* is none."""
    for start, line in enumerate(grid.lines[:4]):
        heads = header_texts(line)
        body = grid.lines[start + 1 :]
        places = [place for place, head in enumerate(heads) if place and head]
        if len(places) < 2 or not body:
            continue
        marks = [(row, place, text) for row in body[:_SAMPLE] for place in places if (text := text_of(row.cell(place)))]
        of_place = {place: [_is_mark(text) for _, at, text in marks if at == place] for place in places}
        places = [place for place, said in of_place.items() if said and sum(said) >= _MOSTLY * len(said)]
        if len(places) < 2:
            continue
        marks = [mark for mark in marks if mark[1] in places]
        letters = [text for _, _, text in marks if _is_mark(text)]
        if len(letters) < _FEWEST_MARKS or len(letters) < _MOSTLY * len(marks):
            continue
        if not {"R", "A"} & {letter for text in letters for letter in re.split(r"\W+", text.upper())}:
            continue
        return [
            found
            for position, row in enumerate(body[:_MOST_LINES], 1)
            for found in _matrix_row(reading, grid, heads, row, places, position)
        ]
    return None


def _is_mark(text: str) -> bool:
    return _LETTERS.fullmatch(text.strip()) is not None


def _matrix_row(reading: Reading, grid: Grid, heads: list[str], line: Line, places: list[int], position: int) -> Iterator[Found]:
    named = [text for place in range(min(places)) if (text := text_of(line.cell(place))) and re.search(r"[^\W\d_]{2}", text)]
    if not named:
        return
    activity = named[-1]
    for place in places:
        mark = text_of(line.cell(place))
        if not mark or not _is_mark(mark):
            continue
        head = clean(heads[place], 120)
        role = reading.words.role(head)
        item = Filling(reading, "listed_item")
        item.below(grid.heading)
        item.set("kind", "role_assignment")
        item.set("position", position)
        item.set("name", activity[:300])
        item.set("role", role or head)
        item.set("value", "/".join(part for part in re.split(r"\W+", mark.upper()) if part))
        if (kind := reading.words.kind_of(activity)) is not None:
            item.set("names_kind", kind)
        yield item.found(line.locator, "rasci", fold(activity), head)
