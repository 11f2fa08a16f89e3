"""Subjects that rules show: picked from what was decided, explained where they are undecided, with the values that decided."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.checks.compile import sql
from auditor.checks.compile.scope import PROJECT
from auditor.checks.compile.sql import Select
from auditor.checks.compile.statement import FALSE, LEAST, MAY_PASS, TRUE, UNSURE, Builder, Deciding, Explaining, Ready, Showing
from auditor.checks.database import Database
from auditor.checks.quoting import PLACE, ROW, quoted
from auditor.checks.verdict import STATES

_UNKNOWN = tuple(code for code in UNSURE if code != MAY_PASS)
_CODES: Mapping[str, tuple[int, ...]] = {"T": (TRUE,), "F": (FALSE,), "M": (MAY_PASS,), "U": _UNKNOWN}
_BITS = 40  # of a number that tells a row; above them stands which of the states it is in
_SOME = "_some"  # the subjects that are looked at, where they are few
_ROW_BITS = (1 << _BITS) - 1


@dataclass(frozen=True)
class Asked:
    """Which subjects are asked for.

    Attributes:
        places: first and last number of the projects.
        limit: how many of a rule and project; None: all of them.
        states: those that are shown, most telling first; '': as the rule decides.
        all_reasons: rules for which the reasons are counted even where a subject fails.
    """

    places: tuple[int, int]
    limit: int | None
    states: str
    all_reasons: frozenset[str]


@dataclass(frozen=True)
class Decided:
    """The subjects of one population, decided for several rules.

    Attributes:
        name: of the table that holds the code of each subject.
        counts: project → row of counts, four for each rule behind the place of the project.
        rows: place of the project, ROW and the codes of each subject, where there are few; None: they stay in the database.
    """

    name: str
    statement: Deciding
    counts: Mapping[str, tuple[int, ...]]
    group: Sequence[Ready]
    rows: Sequence[tuple[int, ...]] | None = None
    _places: dict[str, int] = field(default_factory=dict)

    def place(self, rule: str) -> int:
        """Return where the counts of a rule begin."""
        if not self._places:
            self._places.update({id_: 1 + 4 * at for at, id_ in enumerate(self.statement.codes)})
        return self._places[rule]


@dataclass
class ShownGroup:
    """Subjects that rules about one population show.

    Attributes:
        told: rule → states that it shows.
        picks: table of the database with one row per project: the subjects of each rule.
        found: table of the database with one row per subject.
        votes: (rule, place of a project) → state and reason → how many.
        here: both where there are few, as `Shown` reads them, so that the database has no tables: by place of the project, and by ROW.
    """

    ids: Sequence[str]
    told: Mapping[str, str]
    picks: str
    found: str
    showing: Showing
    votes: Mapping[tuple[str, int], Mapping[str, int]]
    here: "tuple[dict[int, tuple[Any, ...]], dict[int, tuple[Any, ...]]] | None" = None


class Picking:
    """Picks subjects of one run.

    Args:
        database: where they are.
        builder: of the statements.
        prepare: lets the facts exist that a statement reads.
        relation: source → the relation that holds its rows.
        named: rule → the columns of its subjects that its sentence names.
    """

    def __init__(
        self,
        database: Database,
        builder: Builder,
        prepare: Callable[[Collection[str], Select], None],
        relation: Callable[[str], str],
        named: Callable[[str], Sequence[str]],
    ) -> None:
        self._database = database
        self._builder = builder
        self._prepare = prepare
        self._relation = relation
        self._named = named
        self._count = 0

    def pick(self, decided: Decided, group: Sequence[Ready], asked: Asked) -> ShownGroup:
        """Store the subjects that rules about one population show, why they are undecided, and their values.

        Raises:
            Exception: of the database, when a statement cannot be run.
        """
        if decided.rows is not None:
            return self._pick_here(decided, decided.rows, group, asked)
        ids = [ready.id for ready in group]
        codes = {id_: quoted(decided.statement.codes[id_]) for id_ in ids}
        told = {ready.id: asked.states or STATES[ready.decides] for ready in group}
        self._count += 1
        stem = f"_shown{self._count}"
        picks, rows, why, explained, wanted = (f"{stem}_{word}" for word in ("picks", "rows", "why", "explained", "wanted"))
        self._database.define(picks, _picks(decided.name, codes, told, asked), stored=True)
        every = ", ".join(f"p{at}" for at in range(len(ids)))
        self._database.define(
            rows,
            f"select * from {quoted(decided.name)} where {ROW} in (select unnest(flatten([{every}])) & {_ROW_BITS} from {quoted(picks)})",
            stored=True,
        )
        unsure = ", ".join(map(str, UNSURE))
        doubts = [
            f"({code} in ({unsure})" + (")" if id_ in asked.all_reasons else f" and not f{at})")
            for at, (id_, code) in enumerate(codes.items())
        ]
        unsure_somewhere = " or ".join(f"{code} in ({unsure})" for code in codes.values())
        self._database.define(
            why,
            f"select d.* from {quoted(decided.name)} d join {quoted(picks)} p using ({PLACE}) where {' or '.join(doubts)} "
            f"or (({unsure_somewhere}) and {ROW} in (select {ROW} from {quoted(rows)}))",
            stored=True,
        )
        (doubtful,) = self._database.con.execute(f"select count(*) from {quoted(why)}").fetchone() or (0,)
        reasons: Mapping[str, str] = {}
        votes: dict[tuple[str, int], dict[str, int]] = {}
        source = group[0].population if group[0].each or group[0].population == PROJECT else self._relation(group[0].population)
        if doubtful:
            self._database.define(wanted, _with(source, why), stored=False)
            explaining = self._builder.explaining(group, decided.statement, wanted)
            self._prepare(explaining.known, explaining.select)
            self._database.define(explained, sql.text(explaining.select), stored=True)
            reasons = explaining.reasons
            votes = self._votes(codes, told, reasons, explained)
        else:
            self._database.define(explained, f"select {ROW} from {quoted(why)}", stored=True)
        self._database.define(
            wanted,
            f"select b.*, w.* exclude ({ROW}), {', '.join(f'x.{quoted(one)}' for one in sorted(set(reasons.values())))} "
            f"from {quoted(source)} b join {quoted(rows)} w using ({ROW}) left join {quoted(explained)} x using ({ROW})"
            if reasons
            else _with(source, rows),
            stored=False,
        )
        columns = {id_: self._named(id_) for id_ in ids}
        showing = self._builder.showing(group, columns, decided.statement, reasons, wanted)
        self._prepare(showing.known, showing.select)
        found = f"{stem}_values"
        self._database.define(found, sql.text(showing.select), stored=True)
        for name in (wanted, why, explained, rows):
            self._database.forget(name)
        return ShownGroup(ids, told, picks, found, showing, votes)

    def _pick_here(self, decided: Decided, rows: Sequence[tuple[int, ...]], group: Sequence[Ready], asked: Asked) -> ShownGroup:
        """Do what `pick` does for a population that is small enough to be looked at outside the database."""
        ids = [ready.id for ready in group]
        told = {ready.id: asked.states or STATES[ready.decides] for ready in group}
        column = {name: at for at, name in enumerate(dict.fromkeys(decided.statement.codes.values()), 2)}
        at = {id_: column[decided.statement.codes[id_]] for id_ in ids}
        first, last = asked.places
        inside = [row for row in rows if first <= row[0] <= last]
        keys = {place: [_picked(own, at[id_], told[id_], asked.limit) for id_ in ids] for place, own in _by_place(inside)}
        picks: dict[int, tuple[Any, ...]] = {place: (place, *found) for place, found in keys.items()}
        picked = {key & _ROW_BITS for found in keys.values() for own in found for key in own}
        columns_of = {at[id_] for id_ in ids}
        fails = {column: {row[0] for row in inside if row[column] == FALSE} for column in columns_of}
        unsure = {column: [row for row in inside if row[column] in UNSURE] for column in columns_of}
        doubtful = {
            row[1] for id_ in ids for row in unsure[at[id_]] if id_ in asked.all_reasons or row[0] not in fails[at[id_]] or row[1] in picked
        }
        votes: dict[tuple[str, int], dict[str, int]] = {}
        why: dict[int, tuple[Any, ...]] = {}
        explaining: Explaining | None = None
        if doubtful:
            wanted = self._some_of(decided, doubtful)
            explaining = self._builder.explaining(group, decided.statement, wanted)
            self._prepare(explaining.known, explaining.select)
            asked_for = self._database.con.execute(sql.text(explaining.select))
            names = [str(one[0]) for one in asked_for.description or ()]
            why = {row[0]: row for row in asked_for.fetchall()}
            place_of = {id_: names.index(name) for id_, name in explaining.reasons.items()}
            for id_ in ids:
                counting = {code for state in "UM" if state in told[id_] for code in _CODES[state]}
                for row in unsure[at[id_]]:
                    if row[1] in doubtful and row[at[id_]] in counting:
                        reason = why[row[1]][place_of[id_]] if id_ in place_of else None
                        key = ("M" if row[at[id_]] == MAY_PASS else "U") + (reason or "")
                        of_rule = votes.setdefault((id_, row[0]), {})
                        of_rule[key] = of_rule.get(key, 0) + 1
        columns = {id_: self._named(id_) for id_ in ids}
        showing = self._builder.showing(group, columns, decided.statement, {}, self._some_of(decided, picked))
        self._prepare(showing.known, showing.select)
        found = {row[0]: row for row in self._database.con.execute(sql.text(showing.select)).fetchall()}
        if explaining is not None:
            end = len(showing.select.columns)
            listed = list(explaining.reasons.items())
            showing.reasons = {id_: end + number for number, (id_, _) in enumerate(listed)}
            nothing = (None,) * len(listed)
            found = {
                row: (*values, *(why[row][place_of[id_]] for id_, _ in listed)) if row in why else (*values, *nothing)
                for row, values in found.items()
            }
        return ShownGroup(ids, told, "", "", showing, votes, (picks, found))

    def _some_of(self, decided: Decided, rows: Collection[int]) -> str:
        """Let a relation exist with those subjects, what was decided about them and what sub-queries answered, and return its name."""
        first = decided.group[0]
        source = first.population if first.each or first.population == PROJECT else self._relation(first.population)
        listed = ", ".join(map(str, sorted(rows))) or "-1"
        self._database.define(_SOME, f"{_with(source, decided.name)} where b.{ROW} in ({listed})", stored=False)
        return _SOME

    def _votes(
        self, codes: Mapping[str, str], told: Mapping[str, str], reasons: Mapping[str, str], explained: str
    ) -> dict[tuple[str, int], dict[str, int]]:
        """Return (rule, place of a project) → state and reason → how many subjects."""
        counted = []
        ids = list(codes)
        for at, (id_, code) in enumerate(codes.items()):
            reason = quoted(reasons[id_]) if id_ in reasons else "null"
            listed = [one for state in "UM" if state in told[id_] for one in _CODES[state]]
            state = f"case when {code} = {MAY_PASS} then 'M' else 'U' end"
            among = f"{code} in ({', '.join(map(str, listed))})"
            counted.append(f"select {at}, {PLACE}, concat({state}, {reason}), count(*) from {quoted(explained)} where {among} group by all")
        votes: dict[tuple[str, int], dict[str, int]] = {}
        for at, place, reason, count in self._database.con.execute(" union all ".join(counted)).fetchall():
            votes.setdefault((ids[at], place), {})[reason] = count
        return votes


class Shown:
    """Subjects with reasons and values, held by the database until they are taken."""

    def __init__(self, database: Database, projects: Sequence[str]) -> None:
        self._database = database
        self._place = {project: at for at, project in enumerate(projects)}
        self._groups: dict[str, ShownGroup] = {}
        self._loaded: dict[str, tuple[dict[int, tuple[Any, ...]], dict[int, tuple[Any, ...]]]] = {}

    def add(self, group: ShownGroup) -> None:
        """Take what was stored for a group of rules."""
        self._groups |= dict.fromkeys(group.ids, group)

    def take(self, rule: str, project: str) -> tuple[list[tuple[Any, ...]], Mapping[str, int]]:
        """Return the subjects of a rule and project, and why subjects are undecided (state and reason → how many).

        A subject is (state, id, reason, source, url, locator, content hash, value of each of `fields`).
        """
        group = self._groups.get(rule)
        if group is None:
            return [], {}
        picks, rows = self._load(group)
        place = self._place[project]
        found = picks.get(place)
        votes = group.votes.get((rule, place), {})
        keys = None if found is None else found[1 + group.ids.index(rule)]
        if not keys:
            return [], votes
        told, reason = group.told[rule], group.showing.reasons.get(rule)
        places = [at for _, at in group.showing.fields[rule]]
        subjects = []
        for key in keys:
            row = rows[key & _ROW_BITS]
            why = None if reason is None else row[reason]
            subjects.append((told[key >> _BITS], row[1], why, *row[2:6], *(row[at] for at in places)))
        return subjects, votes

    def size(self) -> int:
        """Return how many subjects are held, those that several rules about one population show once."""
        names = {group.found for group in self._groups.values() if group.here is None}
        here = {id(group): len(group.here[1]) for group in self._groups.values() if group.here is not None}
        counted = [self._database.con.execute(f"select count(*) from {quoted(name)}").fetchone() for name in sorted(names)]
        return sum(here.values()) + sum(int(row[0]) for row in counted if row)

    def close(self) -> None:
        """Give back what the database holds."""
        for group in self._groups.values():
            if group.here is None:
                self._database.forget(group.picks)
                self._database.forget(group.found)
        self._groups, self._loaded = {}, {}

    def fields(self, rule: str) -> tuple[str, ...]:
        """Return the names of the values of a subject."""
        return tuple(name for name, _ in self._groups[rule].showing.fields[rule])

    def _load(self, group: ShownGroup) -> tuple[dict[int, tuple[Any, ...]], dict[int, tuple[Any, ...]]]:
        if group.here is not None:
            return group.here
        if group.found not in self._loaded:
            con = self._database.con
            picked = con.execute(f"select {PLACE}, {', '.join(f'p{at}' for at in range(len(group.ids)))} from {quoted(group.picks)}")
            picks = {row[0]: row for row in picked.fetchall()}
            rows = {row[0]: row for row in con.execute(f"select * from {quoted(group.found)}").fetchall()}
            self._loaded[group.found] = (picks, rows)
        return self._loaded[group.found]


def counted_here(rows: Sequence[tuple[int, ...]], codes: Mapping[str, str], projects: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return project → its place and, for each rule of *codes*, how many subjects are in which state, as the database counts them."""
    column = {name: at for at, name in enumerate(dict.fromkeys(codes.values()), 2)}
    found = {}
    for place, own in _by_place(rows):
        of_column = {name: Counter(row[at] for row in own) for name, at in column.items()}
        counts: list[int] = [place]
        for name in codes.values():
            counted = of_column[name]
            true, false, may = counted[TRUE], counted[FALSE], counted[MAY_PASS]
            every = sum(number for code, number in counted.items() if code >= LEAST)
            counts += [true, false, every - true - false - may, may]
        found[projects[place]] = tuple(counts)
    return found


def _by_place(rows: Sequence[tuple[int, ...]]) -> list[tuple[int, list[tuple[int, ...]]]]:
    found: dict[int, list[tuple[int, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return sorted(found.items())


def _picked(rows: Sequence[tuple[int, ...]], at: int, states: str, limit: int | None) -> list[int]:
    """Return the numbers of the first subjects by their states and then by their places, as `_key` has them."""
    rank = {code: number << _BITS for number, state in enumerate(states) for code in _CODES[state]}
    return sorted(row[1] + rank[row[at]] for row in rows if row[at] in rank)[:limit]


def _picks(decided: str, codes: Mapping[str, str], told: Mapping[str, str], asked: Asked) -> str:
    """Return the SQL of the first subjects of each rule (p0, p1, …) and of whether one fails (f0, …) for each project."""
    picked = []
    for at, (id_, code) in enumerate(codes.items()):
        key = _key(code, told[id_])
        found = f"min({key}, {asked.limit})" if asked.limit is not None else f"list_sort(list({key}) filter ({key} is not null))"
        picked += [f"{found} as p{at}", f"bool_or({code} = {FALSE}) as f{at}"]
    first, last = asked.places
    return f"select {PLACE}, {', '.join(picked)} from {quoted(decided)} where {PLACE} between {first} and {last} group by {PLACE}"


def _key(code: str, states: str) -> str:
    """Return a number that orders subjects by their states and then by their places, NULL for those that are not shown."""
    pairs = []
    for rank, state in enumerate(states):
        test = f"{code} = {_CODES[state][0]}" if len(_CODES[state]) == 1 else f"{code} in ({', '.join(map(str, _CODES[state]))})"
        pairs.append(f"when {test} then {ROW}" + (f" + {rank << _BITS}" if rank else ""))
    return f"case {' '.join(pairs)} end"


def _with(source: str, rows: str) -> str:
    """Return the SQL of the rows of *source* that are among *rows*, with what stands there."""
    return f"select b.*, w.* exclude ({ROW}) from {quoted(source)} b join {quoted(rows)} w using ({ROW})"
