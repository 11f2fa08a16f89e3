"""References from one document to another: 'Stage: 2 Foundation' in a report is the second row of the plan's table of stages.

Within a document its own reader settles them. What is left names its target by number or by name; it is settled when exactly one row
of the project fits, else it stays unknown.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from auditor.connect.values import fold
from auditor.model.schema import TABLES
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.words import words

REFERS = "refers"
"""What `Made.extra` holds of a row whose references are still to be settled: column → (table, words)."""

_TITLE = {"stage": "name", "deliverable": "title", "work_package": "title", "milestone": "title"}
_NUMBER = re.compile(r"(?<![\w.])(\d{1,3})(?![\w.])")
_ID = re.compile(r"(?=\S*\d)[^\W\d_]\S{0,18}")
_FIRST_ID = re.compile(r"([^\W\d_]{1,5}[-_. ]?\d{1,4}(?:\.\d{1,3})*)(?=$|[\s:–—-])")
_CHANGE_LAST = re.compile(r"\s[(\[](?:[^()\[\]]{1,60}[,;:]\s+)?([^\W\d_]{1,5}[-_]?\d{1,4})[)\]]$")
_CHANGE_FIRST = re.compile(r"(?:[^\W\d_]+\s+){0,3}([^\W\d_]{1,5}[-_]?\d{1,4})(?=$|\s|[:–—-]\s)")
_CHANGES = frozenset({"request_for_change", "off_specification"})
_PLAIN = re.compile(r"[-_. ]")


def settle_references(rows: Sequence[Made]) -> None:
    """Fill the columns of *rows*, of one project, that name a row of another document; join checks to the products that they name."""
    _settle_packages(rows)
    _settle_shown(rows)
    _settle_corrected(rows)
    waiting = [row for row in rows if not row.is_gone and row.extra.get(REFERS)]
    checks = [row for row in rows if row.table == "review" and not row.is_gone and row.get("subject") and row.get("subject_id") is None]
    if not waiting and not checks:
        _settle_begun(rows)
        return
    index = _Index(rows)
    for row in waiting:
        refers: Mapping[str, tuple[str, str]] = row.extra[REFERS]
        for column, (table, said) in sorted(refers.items()):
            target = index.find(table, said, row.source)
            is_subject = (row.table, column) == ("review", "subject_id")
            if target is None and is_subject:
                target = index.find("work_item", said, row.source)  # a log of tests names the story by its key
            if target is not None and target is not row:
                row.put(column, target.id)
                if is_subject:
                    row.put("subject_table", target.table)
            elif target is None and column == "change_request_id" and (change := index.find_change(said, row.source)) is not None:
                row.put(column, change.id)
            elif target is None:
                _put_elsewhere(row, column, refers, index.find_others(table, said, row.source))
    for row in waiting:
        if row.table == "link" and None in (row.get("from_id"), row.get("to_id")):
            row.is_record = False  # it names what no register holds
    for row in checks:
        if row.get("subject_id") is None and "subject_id" not in row.extra.get(REFERS, {}):
            target = index.find("deliverable", str(row.get("subject")), row.source)
            if target is not None:
                row.put("subject_id", target.id)
                row.put("subject_table", "deliverable")
    _settle_begun(rows)


def _put_elsewhere(row: Made, column: str, refers: Mapping[str, tuple[str, str]], others: Sequence[Made]) -> None:
    """Let the column for its own table name the row that *column* names: 'C-04' below 'Risk or change' is a change."""
    fit = [
        (name, other)
        for other in others
        if (name := _column_for(other)) in TABLES[row.table].by_name and name not in refers and row.get(name) is None
    ]
    if len(fit) == 1:
        row.put(fit[0][0], fit[0][1].id)
        if column not in row.filled:
            row.put(column, None)  # what it says is no row of its own table


def _column_for(row: Made) -> str:
    """Return the column that names rows such as *row*; a change may stand in a register of issues."""
    return "change_request_id" if row.table == "issue" and row.get("kind") in _CHANGES else f"{row.table}_id"


def _settle_begun(rows: Sequence[Made]) -> None:
    """Let a work package have begun when the first work on it did, where nothing else says it and the days of all its work are known.

    A document that tells of none of its work when it began is a plan: it lists what is to be done, not what was.
    """
    items = [row for row in rows if row.table == "work_item" and not row.is_gone and row.is_record]
    telling = {row.artefact for row in items if row.artefact and "started_at" in row.filled}
    work: dict[str, list[Made]] = defaultdict(list)
    for row in items:
        if row.get("work_package_id") and (not row.artefact or row.artefact in telling):
            work[str(row.get("work_package_id"))].append(row)
    for package in rows:
        items = work.get(package.id, []) if package.table == "work_package" and "started_on" not in package.filled else []
        if items and not package.is_gone and all("started_at" in item.filled for item in items):
            begun = [item.values["started_at"] for item in items if item.get("started_at") is not None]
            package.put("started_on", min(begun).date() if begun else None)


_DEEPEST = 6  # from a subtask to the package that holds it


def _settle_packages(rows: Sequence[Made]) -> None:
    """Give work that lies below a work package in a tracker that package: the tracker says so by its parents."""
    packages = {row.id for row in rows if row.table == "work_package" and not row.is_gone}
    items = [row for row in rows if row.table == "work_item" and not row.is_gone]
    if not packages or not items:
        return
    coded = _packages_by_number(rows)
    for row in items:
        number = _plain(str(row.get("wbs_code") or ""))
        if number and row.get("work_package_id") is None and len(coded.get(number, ())) == 1:
            row.put("work_package_id", next(iter(coded[number])))  # a schedule that gives its tasks the numbers of packages
    parents = {row.id: str(row.get("parent_id")) for row in items if row.get("parent_id")}
    holds = {row.id: package for row in items if (package := _package_named(row, rows)) is not None}
    holds |= {package: package for package in packages}
    for row in items:
        if row.get("work_package_id") is not None or row.id in packages:
            continue
        above = row.id if row.id in holds else parents.get(row.id, "")
        for _ in range(_DEEPEST):
            if not above or above in holds:
                break
            above = parents.get(above, "")
        if above in holds:
            row.put("work_package_id", holds[above])
    _settle_outside(items, packages)


def _settle_shown(rows: Sequence[Made]) -> None:
    """Let links to a work package that a document describes lead to the one that a tracker keeps under the same number.

    What only the description says of it, its stage or how often the team reports, counts for that one too.
    """
    kept: dict[str, list[Made]] = defaultdict(list)
    shown: dict[str, str] = {}
    described: dict[str, list[Made]] = defaultdict(list)
    for row in rows:
        if row.table != "work_package" or row.is_gone:
            continue
        title = " ".join(str(row.get("title") or "").split())
        if row.is_record and not row.artefact and (first := _FIRST_ID.match(title)) is not None:
            kept[_plain(first[1])].append(row)
        elif not row.is_record and (own := str(row.extra.get("own_id") or "")):
            shown[row.id] = _plain(own)
            described[_plain(own)].append(row)
    for number, found in described.items():
        if len(found) == len(kept.get(number, ())) == 1:
            _complete(kept[number][0], found[0])
    for row in rows if kept and shown else ():
        if row.table == "link" and row.get("to_table") == "work_package" and str(row.get("to_id")) in shown:
            mains = kept.get(shown[str(row.get("to_id"))], [])
            if len(mains) == 1:
                row.put("to_id", mains[0].id)


def _complete(main: Made, description: Made) -> None:
    """Fill what the tracker says nothing of from the description of the same work package."""
    for column in description.filled - main.filled:
        if column in TABLES[main.table].by_name and description.get(column) is not None:
            main.put(column, description.get(column))
    refers = {column: said for column, said in description.extra.get(REFERS, {}).items() if column not in main.filled}
    if refers:
        main.extra[REFERS] = {**refers, **main.extra.get(REFERS, {})}


def _settle_corrected(rows: Sequence[Made]) -> None:
    """Let a remark that a check was corrected lead to the check of its line: the number may stand in another document as well."""
    told = [row for row in rows if row.table == "listed_item" and row.get("name") == "check_corrected" and not row.is_gone]
    if not told:
        return
    checks: dict[tuple[str, str], list[Made]] = defaultdict(list)
    for row in rows:
        if row.table == "review" and not row.is_gone and (own := row.extra.get("own_id")):
            checks[row.artefact, str(own)].append(row)
    for row in told:
        same = checks.get((row.artefact, str(row.get("ref"))), [])
        if len(same) == 1:
            row.put("ref", same[0].id)


def _settle_outside(items: Sequence[Made], packages: Collection[str]) -> None:
    """Let work that nothing holds be outside every package, in a tracker that holds other work in packages by its parents."""
    kept = {row.source for row in items if row.get("work_package_id") is not None and row.get("parent_id")}
    by_id = {row.id: row for row in items}
    for row in items:
        if row.source not in kept or row.id in packages or "work_package_id" in row.filled:
            continue
        top: Made | None = row
        for _ in range(_DEEPEST):
            if top is None or not top.get("parent_id"):
                break
            top = by_id.get(str(top.get("parent_id")))
        if top is not None and "parent_id" in top.filled and not top.get("parent_id"):
            row.put("work_package_id", None)


def _packages_by_number(rows: Sequence[Made]) -> Mapping[str, set[str]]:
    """Return the ids of the work packages of documents by their own number, bare figures left out: they number anything."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        own = str(row.extra.get("own_id") or "")
        if row.table == "work_package" and _lives(row) and _FIRST_ID.fullmatch(own):
            found[_plain(own)].add(row.id)
    return found


def _package_named(item: Made, rows: Sequence[Made]) -> str | None:
    """Return the one work package of a document whose number the title of an epic begins with: 'LT-22 Trams', 'WP-04: Load the data'."""
    title = " ".join(str(item.get("title") or "").split())
    first = _FIRST_ID.match(title) if item.get("kind") == "epic" else None
    if first is None:
        return None
    fit = {
        row.id
        for row in rows
        if row.table == "work_package" and _lives(row) and _plain(str(row.extra.get("own_id") or row.id)) == _plain(first[1])
    }
    return fit.pop() if len(fit) == 1 else None


def change_links(rows: Sequence[Made]) -> Iterator[Made]:
    """Yield that a task carries out a change of a register, as its title tells by the number of that change and of no other.

    It begins with the number or has it in brackets at the end: 'I-09: screen at low height', 'Change CR-12 - new gate', 'Portal in Polish
    (ISS-006)', 'Connect devices (six more, CR-05)'. A label that is the number of one change says the same. A task that only looks at the
    change (analysis, estimate, decision) does not carry it out.
    """
    changes: dict[str, list[Made]] = defaultdict(list)
    for row in rows:
        is_change = row.table == "change_request" or (row.table == "issue" and row.get("kind") in _CHANGES)
        if is_change and _lives(row) and row.artefact and (own_id := str(row.extra.get("own_id") or "")):
            changes[_plain(own_id)].append(row)
    tied = {(row.get("from_id"), row.get("to_id")) for row in rows if row.table == "link"}
    for row in rows if changes else ():
        if row.table != "work_item" or not _lives(row):
            continue
        title = " ".join(str(row.get("title") or "").split())
        named = _CHANGE_FIRST.match(title) or _CHANGE_LAST.search(title)
        fit = changes.get(_plain(named[1]), []) if named is not None else []
        where = "title"
        if not fit:
            where = "labels"
            fit = [change for label in str(row.get("labels") or "").split(", ") for change in changes.get(_plain(label), [])]
        if len(fit) != 1 or (row.id, fit[0].id) in tied or any(_begins_looking(word) for word in fold(title).split()):
            continue
        said = {
            "from_table": "work_item",
            "from_id": row.id,
            "to_table": fit[0].table,
            "to_id": fit[0].id,
            "kind": "implements",
            "is_broken": False,
        }
        link_id = digest_id(row.source, "link", row.id, fit[0].table, fit[0].id, where)
        yield Made("link", link_id, said, set(said), row.source, row.url, seen_at=row.seen_at)


def _lives(row: Made) -> bool:
    return row.is_record and not row.is_gone


def _begins_looking(word: str) -> bool:
    return any(word.startswith(beginning) for beginning in words("looks_at_change"))


class _Index:
    """The rows of a project by number, name and id."""

    def __init__(self, rows: Sequence[Made]) -> None:
        self._by_id: dict[tuple[str, str], list[Made]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[Made]] = defaultdict(list)
        self._by_number: dict[int, list[Made]] = defaultdict(list)
        for row in rows:
            if row.is_gone or not row.is_record:
                continue
            for said in {str(row.id), str(row.extra.get("own_id") or ""), str(row.get("wbs_code") or ""), str(row.get("key") or "")}:
                if said:
                    self._by_id[row.table, _plain(said)].append(row)
            if row.table == "work_package" and not row.artefact and (first := _FIRST_ID.match(" ".join(str(row.get("title")).split()))):
                self._by_id[row.table, _plain(first[1])].append(row)  # a tracker numbers its entries; the plan's number begins the title
            if (name := row.get(_TITLE.get(row.table, "title"))) is not None:
                self._by_name[row.table, fold(str(name))].append(row)
            if row.table == "stage" and (number := row.get("number")) is not None:
                self._by_number[int(number)].append(row)

    def find(self, table: str, said: str, source: str) -> Made | None:
        """Return the only row of *table* that *said* means; of several those of *source* come first."""
        for found in self._found(table, said):
            mine = [row for row in found if row.source == source] or found
            if len(mine) == 1:
                return mine[0]
        return None

    def find_change(self, said: str, source: str) -> Made | None:
        """Return the only entry of a register of issues that *said* means, where it is a request for change or an off-specification."""
        found = self.find("issue", said, source)
        return found if found is not None and found.get("kind") in _CHANGES else None

    def find_others(self, table: str, said: str, source: str) -> list[Made]:
        """Return the rows of other tables that bear *said* as their own id, one per table at most."""
        plain = _plain(" ".join(said.split())[:200])
        others = sorted({of for of, own_id in self._by_id if own_id == plain and of != table})
        found = []
        for of in others:
            rows = self._by_id[of, plain]
            mine = [row for row in rows if row.source == source] or rows
            found += mine if len(mine) == 1 else []
        return found

    def _found(self, table: str, said: str) -> list[list[Made]]:
        words = " ".join(said.split())[:200]
        found = [self._by_id[table, _plain(words)]]
        tokens = {_plain(token) for token in _ID.findall(words)}
        if len(tokens) == 1:
            found.append(self._by_id[table, tokens.pop()])
        found.append(self._by_name[table, fold(words)])
        if table == "stage":
            numbers = {int(number) for number in _NUMBER.findall(words)}
            if len(numbers) == 1:
                found.append(self._by_number[numbers.pop()])
            found.append(self._by_name_in(table, words))
        return found

    def _by_name_in(self, table: str, words: str) -> list[Made]:
        """Return the rows whose whole name stands in *words*: 'Stage Foundation'."""
        padded = f" {fold(words)} "
        return [row for (of, name), rows in self._by_name.items() if of == table and name and f" {name} " in padded for row in rows]


def _plain(said: str) -> str:
    return _PLAIN.sub("", said).casefold()
