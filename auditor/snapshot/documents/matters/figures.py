"""Figures that reports state: money, counts, days; in tables, in lines 'label: value', in sentences."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from auditor.connect.document import Cell
from auditor.connect.values import MONTHS, Number, clean, currency_of, fold, is_placeholder, multiple_of, parse_number
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.headers import variants
from auditor.snapshot.documents.matters.grid import Filling, Grid, Line, Reading, day_of, find_columns, is_known, text_of
from auditor.snapshot.documents.matters.words import plain_number
from auditor.snapshot.words import numbers, words

_DAYS = frozenset({"forecast_end", "baseline_end"})
_MONEY = frozenset({"budget", "spent", "forecast_cost", "earned_value", "planned_value", "planned_to_date"})
_COUNT = frozenset({"open_risks", "open_issues", "open_changes", "open_actions", "checks_passed", "checks_failed"})
CLAUSES = re.compile(r"(?<=\w)\.\s+(?=[A-ZÀ-Þ\d])|;\s*|\n+")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)?")
_ID = r"[A-Za-z]{1,8}[-_]?\d{1,5}(?:\.\d{1,3})?"
_IDS = re.compile(rf"{_ID}(?:\s*(?:,|\band\b|\bund\b|\bet\b|\by\b)\s*{_ID})*")
_CURRENCY = r"(?:EUR|USD|GBP|CHF|[€$£])"
_SHORT = r"(?:\s?(?:million|thousand|millions|Millionen|Mio\.?|Tsd\.?|millones|[km])\b)?"
AMOUNT = re.compile(
    rf"(?<![\w€$£])(?:{_CURRENCY}\s?\d[\d.,'’\u00a0\u202f ]*(?<=\d){_SHORT}|\d[\d.,'’\u00a0\u202f ]*(?<=\d){_SHORT}\s?{_CURRENCY})(?!\w)"
)
_LONGEST_CLAUSE = 300
_LONGEST_PHRASE = 8  # words
_LONGEST_COUNT = 4  # digits
_FULL_STOPS = re.compile(r"(?<=\w)\.\s+(?=[A-ZÀ-Þ\d])|\n+")
_WITH_FIGURES = re.compile(rf"\b{_ID}\b|\b\d{{1,2}}\.?\s+(?:de\s+)?(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b", re.IGNORECASE)
_UNIT = re.compile(r"(?:,|\bin\b)\s*[^,]{1,24}$")
_FEWEST_COUNTED = 2  # lines


def read_figures(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` of kind `figure` per number or day that a report states of the project; of two that differ the first."""
    seen: dict[str, str] = {}
    for found in _all_figures(reading):
        name, value = str(found.values["name"]), str(found.values["value"])
        if seen.setdefault(name, value) == value:
            yield found
    for name, told in _told_checks(reading).items():
        if name not in seen and len({found.values["value"] for found in told}) == 1:  # else they are counted product by product
            yield told[0]
    if "spent" not in seen:
        told = list(_told_spent(reading))
        if len({found.values["value"] for found in told}) == 1:  # two amounts are of two things
            yield told[0]


def _all_figures(reading: Reading) -> Iterator[Found]:
    for grid in reading.grids:
        for name, label, cell, locator in _stated(reading, grid):
            if (found := _figure(reading, grid, name, label, cell, locator)) is not None:
                yield found
    for line in reading.prose:
        match = re.fullmatch(r"\s*([^:\n]{2,60}?)\s*:\s*(.{1,60}?)[.\s]*", line.text)
        figure = reading.words.value("figure", match[1]) if match else None
        if match and figure is not None:
            found = _figure(reading, line, figure, match[1], Cell(match[2]), line.block.locator)
            if found is not None:
                yield found
        for name, number in _counted(reading, line.text):
            found = _figure(reading, line, name, name, Cell(str(number)), line.block.locator)
            if found is not None:
                yield found


# Counts


def _counted(reading: Reading, text: str) -> Iterator[tuple[str, int]]:
    """Yield what sentences count: '4 open issues in the register', 'Issues open: I-3, I-7', 'Nine risks are open (R-1 to R-9)'."""
    phrases = _phrases(tuple((name, phrase) for phrase, name in reading.words.values.get("figure", {}).items() if name in _COUNT))
    for clause in CLAUSES.split(clean(text, 8000)):
        if len(clause) <= _LONGEST_CLAUSE and "%" not in clause:
            plain = _BRACKETS.sub("", clause).strip(" .•–—-*\t")
            yield from _listed(plain, phrases) or _told(plain, phrases)


@cache
def _phrases(labels: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return how a figure that is counted is called → its name: what packs call it, and 'open risks', 'risks are open'."""
    found = {}
    for name in ("open_risks", "open_issues"):
        for noun in words(f"{name}_nouns"):
            for state in words("open_states"):
                for verb in ("", *words("open_verbs")):
                    found[" ".join(f"{noun} {verb} {state}".split())] = name
                found[f"{state} {noun}"] = name
    return {**found, **{phrase: name for name, phrase in labels}}


def _listed(clause: str, phrases: dict[str, str]) -> list[tuple[str, int]]:
    """Return what a clause lists behind a label: 'Issues open: I-8, I-11', 'Open risks: 6, of which high: 2'."""
    label, colon, value = clause.partition(":")
    name = _named(fold(label).split(), phrases) if colon else None
    number = _count_of(value) if name is not None else None
    return [] if name is None or number is None else [(name, number)]


def _count_of(text: str) -> int | None:
    """Return how many a value says there are: '6, of which high: 2', 'I-8, I-11', '2: I-8, I-11', 'none'."""
    value = _without_parts(text).strip(" .")
    if _IDS.fullmatch(value):
        return len(set(re.findall(_ID, value)))
    first, colon, rest = (part.strip() for part in value.partition(":"))
    number = _number(fold(first))
    if number is not None and colon and not (_IDS.fullmatch(rest) or numbers().get(fold(rest)) == 0):
        return None
    return number


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) <= _LONGEST_COUNT else numbers().get(word)


def _without_parts(text: str) -> str:
    """Return *text* up to ', of which 2 are high'."""
    at = [text.lower().find(f", {word} ") for word in words("of_which")]
    return text[: min((place for place in at if place >= 0), default=len(text))]


def _named(said: list[str], phrases: dict[str, str]) -> str | None:
    """Return the figure that words name, at most with a time behind it: 'Issues open at the end of the period'."""
    for length in range(min(len(said), _LONGEST_PHRASE), 0, -1):
        name = phrases.get(" ".join(said[:length]))
        if name is not None and (length == len(said) or " ".join(said[length:]) in words("count_tails")):
            return name
    return None


def _told(clause: str, phrases: dict[str, str]) -> list[tuple[str, int]]:
    """Return what a clause counts, when it says nothing else: 'There are 4 open risks and 2 open issues'."""
    said = fold(_without_parts(clause)).split()
    for length in range(4, 0, -1):
        if " ".join(said[:length]) in words("count_openers"):
            said = said[length:]
            break
    found: list[tuple[str, int]] = []
    while said:
        number = _number(said[0])
        if number is None:
            name = _named(said[:-1], phrases)
            last = _number(said[-1])
            return [*found, (name, last)] if name is not None and last is not None else []  # 'open risks 6'
        length = next((n for n in range(min(len(said) - 1, _LONGEST_PHRASE), 0, -1) if " ".join(said[1 : n + 1]) in phrases), 0)
        if not length:
            return []
        found.append((phrases[" ".join(said[1 : length + 1])], number))
        said = said[length + 1 :]
        if said and said[0] in words("and"):
            said = said[1:]
        elif said and " ".join(said) not in words("count_tails"):
            return []
        else:
            break
    return found


# Checks


def _told_checks(reading: Reading) -> dict[str, list[Found]]:
    """Return how many checks sentences say were passed and failed: 'Nine quality activities were held, eight passed and one failed'."""
    found: dict[str, list[Found]] = {"checks_passed": [], "checks_failed": []}
    for line in reading.prose:
        for sentence in _FULL_STOPS.split(clean(line.text, 8000)):
            for name, number in _checks_in(sentence):
                if (figure := _figure(reading, line, name, name, Cell(str(number)), line.block.locator)) is not None:
                    found[name].append(figure)
    return found


def _checks_in(sentence: str) -> Iterator[tuple[str, int]]:
    """Yield what a sentence counts, where it speaks of checks. Ids and days count nothing: 'Q-09 passed', 'the tests of 5 March passed'."""
    said = fold(_WITH_FIGURES.sub(" ", sentence)).split()
    at = next((place for place, word in enumerate(said) if word in words("checks") or _is_quality_activity(said, place)), None)
    if at is None:
        return
    states = {phrase: name for name in ("checks_passed", "checks_failed") for phrase in words(name.removeprefix("checks_"))}
    whole = next((number for word in reversed(said[:at]) if (number := _number(word)) is not None), None)
    for place, word in enumerate(said):
        if any(" ".join(said[place : place + length]) in states for length in (3, 2)):
            continue  # 'no superados': what stands there is no number
        number = whole if word in words("all") and whole is not None else _number(word)
        behind = place + 1
        while behind < len(said) and (said[behind] in words("between_counts") or said[behind] in words("checks")):
            behind += 1
        name = next((states[text] for length in (3, 2, 1) if (text := " ".join(said[behind : behind + length])) in states), None)
        if number is None or name is None:
            continue
        yield name, number
        if number == whole and word in words("all") and name == "checks_passed":
            yield "checks_failed", 0


def _is_quality_activity(said: list[str], place: int) -> bool:
    """Say whether a word and the one before it, or behind it, are 'quality activities'; 'Quality: 9 activities' begins with it."""
    beside = {*said[:1], *said[max(place - 1, 0) : place + 3]}
    return said[place] in words("activities") and not beside.isdisjoint(words("of_quality"))


# Money in sentences


def _told_spent(reading: Reading) -> Iterator[Found]:
    """Yield the amounts of which a sentence or a cell says that they were spent in all: '£664,000 spent to date'."""
    for line in reading.prose:
        for amount in _spent_in(line.text):
            if (found := _figure(reading, line, "spent", "", Cell(amount), line.block.locator)) is not None:
                yield found
    for grid in reading.grids:
        for row in grid.lines:
            for cell in row.cells:
                if not cell.is_covered and len(cell.text) <= _LONGEST_CLAUSE:
                    for amount in _spent_in(cell.text):
                        if (found := _figure(reading, grid, "spent", "", Cell(amount), row.locator)) is not None:
                            yield found


def _spent_in(text: str) -> Iterator[str]:
    for clause in CLAUSES.split(clean(text, 8000)):
        said = _MAY.sub(" ", fold(clause))
        if len(clause) > _LONGEST_CLAUSE or any(f" {word} " in f" {said} " for word in words("not_done")):
            continue
        for match in AMOUNT.finditer(clause):
            if _says_spent(clause[: match.start()], clause[match.end() :]):
                yield match[0]


_MAY = re.compile(r"\bmay(?= (?:19|20)\d\d\b)")  # the month


def _says_spent(before: str, behind: str) -> bool:
    """Say whether what stands on either side of an amount says that it is all that was spent."""
    if (beside := _IN_BRACKETS.match(behind)) is not None and not any(letter.isdecimal() for letter in beside[0]):
        return False  # 'EUR 5,000 (training)'
    following = [] if behind.lstrip()[:1] in {",", "(", ":"} else fold(behind).split()
    for length in range(min(len(following), 5), 0, -1):
        if " ".join(following[:length]) in words("spent_behind"):
            return length == len(following) or following[length] not in words("of_a_part")
    piece = fold(re.split(r"[,(]", before)[-1])
    plain = piece = _without_days(piece)
    for phrase in sorted(words("so_far"), key=len, reverse=True):
        plain = f" {plain} ".replace(f" {phrase} ", " ").strip()
    is_said = plain in words("spent_before") or (plain != piece and plain in words("costs_so_far"))
    return is_said and (not following or following[0] not in words("of_a_part") or _AGAINST.match(behind) is not None)


_AGAINST = re.compile(rf"\s*[^\W\d_]{{2,8}}\s+(?:{AMOUNT.pattern})")  # '£310,000 for £305,000 planned', 'pour 1 021 500 € prévus'


def _without_days(said: str) -> str:
    """Return folded words with 'month' for months and without the figures beside them: 'bis ende month' of 'Bis Ende Oktober 2026'."""
    plain = [("month" if word in MONTHS and len(word) > 2 else word) for word in said.split()]
    if "month" not in plain:
        return said
    return " ".join(word for word in plain if not word.isdecimal())


# Tables


def _stated(reading: Reading, grid: Grid) -> Iterator[tuple[str, str, Cell, str]]:
    if (hit := find_columns(grid, reading.words.tables["cost_figures"])) is not None and len(hit[1]) == 1:
        columns, lines = hit
        heads = _heads(grid, lines[0].number)
        units = {multiple_of(text): text for text in heads.values() if currency_of(text)}
        unit = next(iter(units.values())) if len(units) == 1 else ""  # 'Budget (kEUR) | Actual to date': the first head says it for all
        for column, name in (("allocated", "budget"), ("spent", "spent"), ("forecast", "forecast_cost")):
            cell = lines[0].cell(columns.get(column))
            if cell is not None:
                head = heads.get(columns[column], "")
                yield name, head if currency_of(head) or multiple_of(head) else f"{head} {unit}", cell, lines[0].locator
        return
    if (hit := find_columns(grid, reading.words.tables["schedule_figures"])) is not None and len(hit[1]) == 1:
        for column in ("baseline_end", "forecast_end"):
            cell = hit[1][0].cell(hit[0].get(column))
            if cell is not None:
                yield column, "", cell, hit[1][0].locator
        return
    yield from _counted_as_open(grid)
    yield from _of_project(reading, grid)
    for line in grid.lines:
        cells = [cell for cell in line.cells if not cell.is_covered]
        figure = _figure_of(reading, cells[0].text) if len(cells) > 1 else None
        if figure is None:
            continue
        is_one = len(cells) == 2 or (len(cells) == 3 and parse_number(text_of(cells[2]), reading.language) is None)
        if (len(cells) in {2, 3} and figure not in _MONEY) or (is_one and not is_placeholder(text_of(cells[1]))):
            first = grid.lines[0].cell(1) if line is not grid.lines[0] else None
            yield figure, f"{cells[0].text} {_unit_of(first)}".strip(), cells[1], line.locator
        elif figure == "spent" and (cell := _not_planned(reading, grid, line)) is not None:
            yield figure, cells[0].text, cell, line.locator


def _of_project(reading: Reading, grid: Grid) -> Iterator[tuple[str, str, Cell, str]]:
    """Yield what was spent on the project where a table shows it beside the stage: 'Stage 2 cost | £314,900', 'Project cost | £381,800'."""
    columns = reading.words.tables["cost_figures"].columns
    spent = [place for place, text in _heads(grid).items() if place and "spent" in _columns_in(_BRACKETS.sub("", text), columns)]
    labels = [(line, fold(_BRACKETS.sub("", line.cells[0].text))) for line in grid.lines[1:] if line.cells]
    has_stage = any(word in words("level_stage") for _, label in labels for word in label.split())
    lines = [line for line, label in labels if label in words("costs_of_project")]
    cell = lines[0].cell(spent[0]) if len(lines) == 1 and len(spent) == 1 and has_stage else None
    if cell is not None and not is_placeholder(text_of(cell)):
        yield "spent", _heads(grid)[spent[0]], cell, lines[0].locator


def _figure_of(reading: Reading, label: str) -> str | None:
    """Return the figure that a label names: 'Open risks', or of money with its unit: 'Spent to date, EUR thousand'."""
    text = clean(label, 120)
    figure = reading.words.value("figure", text)
    if figure is None and (unit := _UNIT.search(text)) is not None and currency_of(unit[0]) is not None:
        figure = reading.words.value("figure", text[: unit.start()])
    return figure


def _unit_of(head: Cell | None) -> str:
    """Return the head of a column where it says in what its amounts are: 'Amount in EUR thousand', 'k€'."""
    return head.text if head is not None and not any(letter.isdigit() for letter in head.text) and currency_of(head.text) else ""


def _not_planned(reading: Reading, grid: Grid, line: Line) -> Cell | None:
    """Return the amount of a line that no column of plans holds, or that of the actual costs; None where several may be meant."""
    columns = reading.words.tables["cost_figures"].columns
    heads = {place: _columns_in(text, columns) for place, text in _heads(grid).items()}
    if not any(heads.values()):
        return None
    amounts = {
        place: cell
        for place, cell in enumerate(line.cells[1:], start=1)
        if not cell.is_covered and (number := parse_number(text_of(cell), reading.language)) is not None and not number.is_percent
    }
    spent = [cell for place, cell in amounts.items() if "spent" in heads.get(place, ())]
    others = [cell for place, cell in amounts.items() if not heads.get(place, set()) & {"planned", "allocated"}]
    for cells in (spent, others):
        if len(cells) == 1:
            return cells[0]
    return None


def _columns_in(head: str, columns: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {column for said, _ in variants(clean(head, 120)) for column in columns.get(said, ())}


def _counted_as_open(grid: Grid) -> Iterator[tuple[str, str, Cell, str]]:
    """Yield what lines count below a head that says that it is open: '| Log | Open entries |', '| Risks | 8 |'."""
    nouns = {noun: name for name in ("open_risks", "open_issues") for noun in words(f"{name}_nouns")}
    heads = {place for place, text in _heads(grid).items() if place and set(fold(text).split()[:1]) & words("open_states")}
    if len(heads) != 1:
        return
    place = heads.pop()
    for line in grid.lines[1:]:
        name = nouns.get(fold(_BRACKETS.sub("", line.cells[0].text))) if line.cells else None
        cell = line.cell(place)
        if name is not None and cell is not None and _count_of(text_of(cell)) is not None:
            yield name, line.cells[0].text, cell, line.locator


def _heads(grid: Grid, below: int | None = None) -> dict[int, str]:
    head = next((line for line in reversed(grid.lines) if line.number < below), None) if below is not None else next(iter(grid.lines), None)
    return {} if head is None else {place: cell.text for place, cell in enumerate(head.cells)}


def _figure(reading: Reading, grid: object, name: str, label: str, cell: Cell, locator: str) -> Found | None:
    text = text_of(cell)
    if not text or not is_known(cell):
        return None
    row = Filling(reading, "listed_item")
    row.below(getattr(grid, "heading", None))
    row.set("kind", "figure")
    row.set("name", name)
    if name in _DAYS:
        day = day_of(reading, cell)
        if day is None:
            return None
        row.set("value", day.isoformat())
        row.set("on_date", day)
        return row.found(locator, "figure", name)
    number = parse_number(text, reading.language)
    if number is None and name in _COUNT and (count := _count_of(text)) is not None:
        number = Number(Decimal(count), None, is_percent=False)
    if number is None:
        return None
    value = number.value
    if name in _COUNT and (number.is_percent or value != value.to_integral_value() or value < 0):
        return None
    if name in _MONEY and not number.is_percent:
        value = value.scaleb(multiple_of(label))
        if (currency := number.currency or currency_of(label)) is not None:
            row.set("unit", currency)
    if number.is_percent or name == "percent_complete":
        if not (number.is_percent or "%" in label):
            return None
        row.set("unit", "%")
    row.set("value", plain_number(value))
    row.set("number", value)
    return row.found(locator, "figure", name)
