"""Decision tables: tailoring as a sheet, row by row. They become productions, so that nothing behind them knows of tables.

A column is a characteristic of the project, a consequence, `because` or `cites`. Cells are kept as they were written: a table is the same
in YAML, CSV and xlsx, and what it was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

from auditor.errors import AuditorError, Location, RuleError, did_you_mean
from auditor.model.row import Frozen
from auditor.rulebook.decision_cell import ANY, Anything, Cell, CellError, as_test, list_items, read_cell
from auditor.rulebook.decision_check import Conditions, TooManyCases
from auditor.rulebook.obligations import Duty
from auditor.rulebook.production import FACTS, Production, Property, Then, When, derived_kinds, mistakes
from auditor.rulebook.rule import Citation, Rule, Severity
from auditor.rulebook.yaml_source import Positions, parse_yaml

Hit = Literal["unique", "first", "collect"]
"""Of the rows that hold for a project: there is one at most; the first counts; all count."""

Complete = Literal["always", "when_known", "no"]
"""For which projects a row must hold: for every one; for those of which everything asked is known; for none."""

Declared = Literal["wins", "loses"]
"""Whether what the project itself declared of a product comes before the table."""

HEAD = ("table", "title", "hit", "complete", "declared")
BECAUSE, CITES = "because", "cites"
MOST_ROWS, MOST_COLUMNS = 1_000, 40

_NAME = re.compile(r"[a-z][a-z0-9-]{0,49}")
_PRODUCT = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CITATION = re.compile(r"(?P<standard>[a-z][a-z0-9_-]*)(?P<editions>[^§]*)§\s*(?P<section>.+)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
CHARACTERISTICS: Mapping[str, Property] = FACTS["tailoring"]["project"]
"""What a column may ask of a project."""


class DecisionTable(Frozen):
    """A table as it is written.

    Attributes:
        table: its name; its productions are called after it.
        hit, complete, declared: see `Hit`, `Complete`, `Declared`.
        columns: names of characteristics, consequences, `because`, `cites`.
        rows: as many cells as there are columns.
    """

    table: str
    title: str = ""
    hit: Hit
    complete: Complete = "always"
    declared: Declared = "wins"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Places:
    """Where the parts of a table stand in its file.

    Attributes:
        file: how errors call it.
        first_line: of a text; a schema may be named there.
        head: word of the head → place.
        columns: column → place of its name.
        cells: (row, column) → place.
    """

    file: str
    first_line: str = ""
    head: Mapping[str, Location] = field(default_factory=dict)
    columns: Mapping[int, Location] = field(default_factory=dict)
    cells: Mapping[tuple[int, int], Location] = field(default_factory=dict)

    def at_head(self, word: str) -> Location:
        """Return where a word of the head stands, or the file."""
        return self.head.get(word, Location(self.file))

    def at_column(self, column: int) -> Location:
        """Return where the name of a column stands, or the file."""
        return self.columns.get(column, Location(self.file))

    def at(self, row: int, column: int) -> Location:
        """Return where a cell stands, or the name of its column."""
        return self.cells.get((row, column)) or self.at_column(column)


@dataclass(frozen=True, slots=True)
class _Consequence:
    """What a column does: `word` is require, drop, severity or set."""

    word: str
    names: tuple[str, ...] = ()  # the product, or rules
    param: str = ""


class TablePositions(Positions):
    """Where the parts of a table's productions stand: production, path in it → cell."""

    def __init__(self, file: str, first_line: str, places: Mapping[tuple[str | int, ...], Location]) -> None:
        super().__init__(file, first_line)
        self._places = places

    def at(self, *path: str | int, offset: int = 0) -> Location:  # noqa: ARG002  (a cell is the finest place)
        """Return the cell in which *path* stands."""
        for length in range(len(path), 0, -1):
            found = self._places.get(path[:length])
            if found is not None:
                return found
        return Location(self.file)

    def at_key(self, *path: str | int) -> Location:
        """Return the cell in which *path* stands."""
        return self.at(*path)

    def has(self, *path: str | int) -> bool:
        """Return whether a cell says this."""
        return path in self._places


@dataclass(frozen=True, slots=True)
class Compiled:
    """The productions of a table, and where they stand."""

    productions: tuple[Production, ...]
    positions: TablePositions


class TableReader:
    """A table understood: every mistake with its cell, or its productions."""

    def __init__(self, table: DecisionTable, places: Places) -> None:
        self.errors: list[AuditorError] = []
        self._table = table
        self._places = places
        self._asked: dict[int, str] = {}  # column → characteristic
        self._done: dict[int, _Consequence] = {}
        self._cells: list[list[Cell]] = []
        self._then: list[dict[int, Then]] = []
        self._why: list[tuple[str, list[Citation]]] = []
        self._read()

    @cached_property
    def conditions(self) -> Conditions:
        """The part of the table that asks."""
        return Conditions({name: CHARACTERISTICS[name] for name in self._asked.values()}, self._cells)

    # Understanding

    def _read(self) -> None:
        table = self._table
        if not _NAME.fullmatch(table.table):
            self._wrong(f"{table.table[:60]!r} is no name of a table", self._places.at_head("table"), "small letters, digits and '-'")
        for number, name in enumerate(table.columns):
            self._column(number, name)
        if BECAUSE not in table.columns:
            self._wrong("there is no column `because`", self._places.at_column(0), "each row says why")
        if not self._done:
            self._wrong("no column has a consequence", self._places.at_column(0), _CONSEQUENCES)
        if not table.rows:
            self._wrong("the table has no rows", self._places.at_head("table"))
        if len(table.rows) > MOST_ROWS or len(table.columns) > MOST_COLUMNS:
            self._wrong(f"a table has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns", self._places.at_head("table"))
        if self.errors:
            return
        for number, row in enumerate(table.rows):
            self._row(number, row)

    def _column(self, number: int, name: str) -> None:
        at = self._places.at_column(number)
        if name in self._table.columns[:number]:
            self._wrong(f"the column {name[:60]!r} occurs twice", at)
        elif name in CHARACTERISTICS:
            self._asked[number] = name
        elif name not in (BECAUSE, CITES):
            found = _consequence(name)
            if found is None:
                known = (*CHARACTERISTICS, BECAUSE, CITES)
                self._wrong(f"nothing is known of a column {name[:60]!r}", at, did_you_mean(name, known) or _CONSEQUENCES)
            else:
                self._done[number] = found

    def _row(self, number: int, row: Sequence[str]) -> None:
        for column, text in enumerate(row):
            control = _CONTROL.search(text)
            if control is not None:
                self._wrong("the cell holds a control character", self._places.at(number, column), "type the text anew")
        cells: list[Cell] = []
        for column, name in self._asked.items():
            try:
                cells.append(read_cell(row[column], CHARACTERISTICS[name]))
            except CellError as error:
                self._wrong(f"{name}: {error}", self._places.at(number, column))
                cells.append(Anything())
        self._cells.append(cells)
        then: dict[int, Then] = {}
        for column, consequence in self._done.items():
            if row[column] in (ANY, ""):
                continue
            try:
                then[column] = _then(consequence, row[column])
            except CellError as error:
                self._wrong(f"{self._table.columns[column]}: {error}", self._places.at(number, column))
        self._then.append(then)
        self._why.append((self._because(number, row), self._cites(number, row)))

    def _because(self, number: int, row: Sequence[str]) -> str:
        column = self._table.columns.index(BECAUSE)
        if row[column] in (ANY, ""):
            self._wrong("the row does not say why", self._places.at(number, column))
        return row[column]

    def _cites(self, number: int, row: Sequence[str]) -> list[Citation]:
        if CITES not in self._table.columns:
            return []
        column = self._table.columns.index(CITES)
        if row[column] in (ANY, ""):
            return []
        found = []
        for text in row[column].split("|"):
            match = _CITATION.fullmatch(text.strip())
            if match is None:
                self._wrong(f"{text.strip()[:60]!r} is no citation", self._places.at(number, column), "for example: pm2 3.0.1, 3.1 § 6.2")
                return []
            editions = [one.strip() for one in match["editions"].split(",") if one.strip()]
            found.append(Citation(standard=match["standard"], editions=editions, section=match["section"].strip()))
        return found

    # Gaps and overlaps

    def check(self) -> None:
        """Add what the table leaves open or says twice to the errors; only of a table that could be read."""
        if self.errors:
            return
        try:
            self._gaps()
            if self._table.hit == "unique":
                self._overlaps()
            elif self._table.hit == "first":
                self._never_reached()
            else:
                self._contradictions()
        except TooManyCases:
            self._wrong(
                "the table has too many cases to look at all of them", self._places.at_head("table"), "divide it into several tables"
            )

    def _gaps(self) -> None:
        if self._table.complete == "no":
            return
        every = range(len(self._cells))
        for project in self.conditions.uncovered(every, with_unknown=self._table.complete == "always"):
            hint = "add a row"
            if any(part.is_unknown for part in project):
                hint += " with `unknown` or `-`, or say `complete: when_known`: what nobody knows then stays open"
            else:
                hint += ", or say `complete: no`: for such projects the table says nothing"
            self._wrong(f"{self.conditions.words(project)}: no row", self._places.at_head("hit"), hint)

    def _overlaps(self) -> None:
        for second in range(len(self._cells)):
            for first in range(second):
                project = self.conditions.both(first, second)
                if project is not None:
                    self._wrong(
                        f"rows {first + 1} and {second + 1} both hold for {self.conditions.words(project)}",
                        self._places.at(second, 0),
                        "make them differ, or say `hit: first` or `hit: collect`",
                    )
                    break

    def _never_reached(self) -> None:
        for number in range(len(self._cells)):
            if not self.conditions.uncovered(range(number), within=number, most=1):
                self._wrong(
                    f"row {number + 1} never counts: earlier rows hold for all of its projects",
                    self._places.at(number, 0),
                    "of several rows that hold the first one counts",
                )

    def _contradictions(self) -> None:
        for second, then in enumerate(self._then):
            for first in range(second):
                differing = [column for column in then if column in self._then[first] and self._then[first][column] != then[column]]
                differing = [column for column in differing if self._done[column].word != "drop"]
                project = self.conditions.both(first, second) if differing else None
                if project is not None:
                    name = self._table.columns[differing[0]]
                    self._wrong(
                        f"rows {first + 1} and {second + 1} say different things of “{name}” for {self.conditions.words(project)}",
                        self._places.at(second, differing[0]),
                        "make them differ, or say `hit: first`",
                    )

    # Productions

    def productions(self) -> Compiled:
        """Return the productions; only of a table without errors."""
        assert not self.errors
        found: list[Production] = []
        places: dict[tuple[str | int, ...], Location] = {}
        blocking = self._blocking()
        markers = {row for rows in blocking.values() for row in rows}
        for number in range(len(self._cells)):
            if number in markers:
                then = Then(derive=self._row_kind, values={"row": str(number + 1)})
                self._add(found, places, number, "holds", [self._asks(number)], [(then, None)])
        for number, consequences in enumerate(self._then):
            when = [self._asks(number)]
            if blocking.get(number):
                when.append(When(no=self._row_kind, where={"row": [str(row + 1) for row in blocking[number]]}))
            own = {column: then for column, then in consequences.items() if self._is_yielding(column)}
            rest = [(then, column) for column, then in consequences.items() if column not in own]
            if rest:
                self._add(found, places, number, "", when, rest)
            for column, then in own.items():
                product = self._done[column].names[0]
                unless = When(no="declared", where={"product": product})
                self._add(found, places, number, product.replace("_", "-"), [*when, unless], [(then, column)])
        return Compiled(tuple(found), TablePositions(self._places.file, self._places.first_line, places))

    @property
    def _row_kind(self) -> str:
        return f"{self._table.table.replace('-', '_')}_row"

    def _is_yielding(self, column: int) -> bool:
        return self._table.declared == "wins" and self._done[column].word == "require"

    def _blocking(self) -> dict[int, list[int]]:
        """Return row → the earlier ones that count instead where both hold."""
        if self._table.hit != "first":
            return {}
        return {
            number: [row for row in range(number) if self.conditions.may_meet(row, number)]
            for number in range(len(self._cells))
            if self._then[number]
        }

    def _asks(self, number: int) -> When:
        where: dict[str, Any] = {}
        for place, (name, cell) in enumerate(zip(self._asked.values(), self._cells[number], strict=True)):
            test = as_test(cell, knows_unknown=self.conditions.knows_unknown[place])
            if test is not None:
                where[name] = test
        return When(fact="project", where=where)

    def _add(
        self,
        found: list[Production],
        places: dict[tuple[str | int, ...], Location],
        number: int,
        suffix: str,
        when: list[When],
        then: Sequence[tuple[Then, int | None]],
    ) -> None:
        because, cites = self._why[number]
        name = f"{self._table.table}-{number + 1}" + (f"-{suffix}" if suffix else "")
        under = ("productions", len(found))
        places[under] = self._places.at(number, 0)
        for column, asked in self._asked.items():
            places[(*under, "when", 0, "where", asked)] = self._places.at(number, column)
        for place, (_, of) in enumerate(then):
            if of is not None:
                places[(*under, "then", place)] = self._places.at(number, of)
        if CITES in self._table.columns:
            places[(*under, "cites")] = self._places.at(number, self._table.columns.index(CITES))
        found.append(Production(name=name[:80], when=when, then=[one for one, _ in then], because=because, cites=cites))

    def _wrong(self, message: str, at: Location, hint: str | None = None) -> None:
        self.errors.append(RuleError(message, at=at, hint=hint))


_CONSEQUENCES = "consequences: `require PRODUCT`, `drop`, `severity RULES`, `set RULES PARAM`; then because, cites"


def _consequence(name: str) -> _Consequence | None:
    """Return what a column of this name does; None: nothing that is known."""
    if name == "drop":
        return _Consequence("drop")
    word, _, rest = name.partition(" ")
    try:
        if word == "require" and _PRODUCT.fullmatch(rest):
            return _Consequence("require", (rest,))
        if word == "severity" and rest.strip():
            return _Consequence("severity", tuple(list_items(rest)))
        if word == "set":
            rules, _, param = rest.rpartition(" ")
            if rules.strip() and _PRODUCT.fullmatch(param):
                return _Consequence("set", tuple(list_items(rules)), param)
    except CellError:
        return None
    return None


def _then(consequence: _Consequence, text: str) -> Then:
    names = list(consequence.names)
    if consequence.word == "require":
        if text not in get_args(Duty):
            raise CellError(f"{text[:60]!r} is none of {', '.join(get_args(Duty))}")
        return Then(require=names[0], obligation=text)  # type: ignore[arg-type]  # one of them, as was looked at
    if consequence.word == "drop":
        return Then(drop=list_items(text))
    if consequence.word == "severity":
        known = [str(one) for one in Severity]
        if text not in known:
            raise CellError(f"{text[:60]!r} is none of {', '.join(known)}")
        return Then(set=names, severity=Severity(text))
    try:
        value = parse_yaml(text.encode("utf-8", "surrogatepass"), "cell").data
    except RuleError as error:
        raise CellError(f"{text[:60]!r} is no value; a text with special characters stands in double quotes") from error
    if value is None:
        raise CellError(f"{text[:60]!r} is no value")
    return Then(set=names, param=consequence.param, value=value)


def read_table(table: DecisionTable, places: Places, errors: list[AuditorError]) -> Compiled | None:
    """Return the productions of a table, or add every mistake with its cell to *errors* and return None."""
    reader = TableReader(table, places)
    reader.check()
    errors.extend(reader.errors)
    return None if reader.errors else reader.productions()


def table_mistakes(compiled: Compiled, rules: Mapping[str, Rule]) -> Iterator[RuleError]:
    """Yield what a table names that the rules do not have, with its cell."""
    derived = derived_kinds(compiled.productions, "tailoring")
    for number, production in enumerate(compiled.productions):
        for path, message, hint in mistakes(production, "tailoring", derived, rules):
            yield RuleError(message, at=compiled.positions.at("productions", number, *path), hint=hint or None)


def head_mistakes(given: Mapping[str, str], places: Places) -> Iterator[RuleError]:
    """Yield what is wrong with the head of a sheet: words that it does not have, values that they do not have, and what is missing."""
    choices: dict[str, tuple[str, ...]] = {"hit": get_args(Hit), "complete": get_args(Complete), "declared": get_args(Declared)}
    for word, value in given.items():
        at = places.at_head(word)
        if word not in HEAD:
            yield RuleError(f"{word[:60]!r} is no word of a table's head", at=at, hint=did_you_mean(word, HEAD) or ", ".join(HEAD))
        elif word in choices and value not in choices[word]:
            known = choices[word]
            yield RuleError(f"{word}: {value[:60]!r} is none of {', '.join(known)}", at=at, hint=did_you_mean(value, known))
    if "hit" not in given:
        hint = "unique, first or collect: what counts where several rows hold"
        yield RuleError("the table does not say its `hit`", at=places.at_head("table"), hint=hint)
