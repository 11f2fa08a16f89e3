"""The connector for tables that other tools export."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import orjson

from auditor.config.mapping import EntryMapping
from auditor.connect.protocol import Item, Known, Proposal, Pulled, Record, Scope, Unchanged, Unread, Walked
from auditor.errors import AccessDenied, SourceUnavailable
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.documents.pool import ReaderPool
from auditor_connectors.jira import JiraConnector
from auditor_connectors.tabular.bind import FieldKinds, digest, fixed_place
from auditor_connectors.tabular.declare import Declaration, read_declaration
from auditor_connectors.tabular.options import TabularOptions
from auditor_connectors.tabular.probe import Found, Ids, Table, fits, look, open_sheets
from auditor_connectors.tabular.propose import propose
from auditor_connectors.tabular.reading import read_place

_LAYOUT = "1"
"""Goes up when records hold more: then they are written again though no file changed."""


class TabularConnector:
    """Reads exports of any tool, by declaration. Never writes.

    Args:
        options: the source's table in `auditor.toml`.
        name: the source's name.
        base: folder that relative paths count from.

    Raises:
        UsageError, ExceptionGroup: a declaration is wrong.
    """

    name = "tabular"
    project_key = "tabular"
    """The key of `[[project]]` that lists projects as the exports name them."""
    gives_names = True
    Options = TabularOptions

    def __init__(self, options: TabularOptions, *, name: str = "tabular", base: Path | None = None) -> None:
        self._options = options
        self._source = name
        self._root = Path(os.path.abspath(base / options.root if base else options.root))  # noqa: PTH100  (links stay as they are)
        declared = [table for said in options.declaration for table in read_declaration(said, base or Path())]
        self._declared = tuple(table.model_copy(update={"files": options.files}) if options.files else table for table in declared)

    @staticmethod
    def mapping() -> EntryMapping:
        """Return the mapping of entries to registers: that of the Jira connector; `[source.mapping]` goes before it."""
        return JiraConnector.mapping()

    @staticmethod
    def propose(folder: Path) -> Iterator[Proposal]:
        """Yield the exports below *folder* that a shipped declaration knows."""
        return propose(folder)

    def pull(self, scope: Scope, known: Known) -> Iterator[Pulled]:
        """Yield a record per file and project, and one per line.

        Raises:
            AccessDenied: the folder may not be listed.
            SourceUnavailable: there is no folder.
        """
        with ReaderPool(workers=1) as pool:
            yield from _Pulling(self._options, self._root, self._declared, scope, known, pool).run()

    def read(self, records: Iterable[Record]) -> Iterator[tuple[Record, Item]]:
        """Yield the rows of one project's lines."""
        declared = {table.name: table for table in self._declared}
        return read_place(records, declared, self.mapping(), ZoneInfo(self._options.time_zone), self._options.project)


class _Pulling:
    """One pull: every file is looked at once, then its lines are handed over."""

    def __init__(
        self, options: TabularOptions, root: Path, declared: tuple[Declaration, ...], scope: Scope, known: Known, pool: ReaderPool
    ) -> None:
        self._options = options
        self._root = root
        self._declared = declared
        self._scope = scope
        self._known = known
        self._pool = pool
        self._kinds = FieldKinds(JiraConnector.mapping())
        self._everywhere: list[tuple[str, str]] = []  # reason, detail: why no place is complete
        self._here: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._places: dict[str, None] = {}

    def run(self) -> Iterator[Pulled]:
        files = self._files()
        for declared in self._declared:
            yield from self._table(declared, files)
        for place in sorted(self._places):
            if place and self._is_wanted(place):
                yield self._walked(place, [*self._everywhere, *self._here[place]])
        if self._is_wanted(""):
            yield self._walked("", self._everywhere)

    def _is_wanted(self, place: str) -> bool:
        return not self._scope.places or place in self._scope.places

    def _walked(self, place: str, problems: list[tuple[str, str]]) -> Walked:
        if not problems:
            return Walked(place, is_complete=True)
        told = list(dict.fromkeys(detail for _, detail in problems))
        return Walked(place, is_complete=False, reason=problems[0][0], detail="; ".join(told[:5]))

    # Files

    def _files(self) -> list[Found]:
        try:
            os.listdir(self._root)  # noqa: PTH208  (to see whether it can be)
        except PermissionError as error:
            raise AccessDenied(f"the folder {self._root} may not be listed", hint="ask its owner for the right to read it") from error
        except OSError as error:
            raise SourceUnavailable(f"there is no folder {self._root}", hint="is it mounted, and `root` spelt right?") from error
        found = []
        for folder, folders, names in os.walk(self._root, onerror=self._unlisted):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder) / name
                shown = path.relative_to(self._root).as_posix()
                if name.startswith((".", "~$")) or not any(fits(shown, declared) for declared in self._declared):
                    continue
                if path.is_symlink() and not path.resolve().is_relative_to(self._root.resolve()):
                    self._everywhere.append(("unsupported", f"{_printable(shown)}: a link out of the folder, which is not followed"))
                    continue
                try:
                    about = path.stat()
                except OSError as error:
                    self._everywhere.append(("permission_denied", f"{_printable(shown)}: {os.strerror(error.errno or 0)}"))
                    continue
                found.append(Found(path, shown, about.st_size, about.st_mtime_ns))
        return found

    def _unlisted(self, error: OSError) -> None:
        self._everywhere.append(("permission_denied", f"a folder may not be listed: {os.strerror(error.errno or 0)}"))

    def _chosen(self, declared: Declaration, files: list[Found]) -> list[Found]:
        found = [file for file in files if fits(file.name, declared)]
        if declared.which != "all" and found:
            last: dict[str, Found] = {}
            for file in found:
                # Where the path tells the project, every project has a last file of its own.
                place = self._options.project or fixed_place(declared, file.name)
                order = (file.name,) if declared.which == "last_by_name" else (file.mtime_ns, file.name)
                before = last.get(place)
                if before is None or order > ((before.name,) if declared.which == "last_by_name" else (before.mtime_ns, before.name)):
                    last[place] = file
            found = sorted(last.values(), key=lambda file: file.name)
        return found

    # Tables

    def _table(self, declared: Declaration, files: list[Found]) -> Iterator[Pulled]:
        chosen = self._chosen(declared, files)
        if not chosen:
            self._everywhere.append(("not_found", f"no file is named as {', '.join(declared.files)} ({declared.name})"))
        ids = Ids()
        tables: list[Table] = []
        for file in chosen:
            try:
                sheets = open_sheets(file, declared, self._pool, self._options.max_file_mb)
                found = look(file, declared, sheets, ids, self._kinds, self._options.project)
            except (Unreadable, OSError) as error:
                yield from self._unread(file, declared, error)
                continue
            except (UnicodeError, LookupError):
                yield from self._unread(file, declared, Unreadable("damaged", f"it cannot be read as {declared.encoding}"))
                continue
            if not found:
                yield from self._unread(file, declared, Unreadable("empty", "no table in it has a header"))
            tables += found
        ids.forget()
        contents: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)  # of ids that stand there twice
        for table in tables:
            for reason, detail in table.problems.items():
                self._note(table, reason, detail)
            self._places |= dict.fromkeys(table.places)
            try:
                yield from self._lines(declared, table, ids, contents)
            except OSError as error:
                self._everywhere.append(("locked", f"{_printable(table.found.name)}: {os.strerror(error.errno or 0)}"))
        for table in tables:
            yield from self._about(declared, table, contents)

    def _note(self, table: Table, reason: str, detail: str) -> None:
        """Remember that not all of a table is known: of its own projects, or of all where nobody can tell whose lines are not seen."""
        if table.bound.fixed:
            self._here[table.bound.fixed].append((reason, detail))
        elif reason == "column_missing" and "" not in table.places and table.places:
            for place in table.places:
                self._here[place].append((reason, detail))
        else:
            self._everywhere.append((reason, detail))

    def _unread(self, file: Found, declared: Declaration, error: Unreadable | OSError) -> Iterator[Pulled]:
        name = _printable(file.name)
        if isinstance(error, Unreadable):
            reason, text = error.reason, error.error
        else:
            reason, text = "permission_denied", os.strerror(error.errno or 0)
        self._everywhere.append((reason, f"{name}: {text}"))
        place = self._options.project or fixed_place(declared, file.name)
        if place:
            self._places[place] = None
        if self._is_wanted(place):
            yield Unread(f"unread/{declared.name}/{name}", place, name, reason, text, self._link(file))

    def _about(self, declared: Declaration, table: Table, contents: dict[tuple[str, str], Counter[str]]) -> Iterator[Pulled]:
        """Yield a record about the table for every project in it."""
        file = table.found
        payload: dict[str, Any] = {
            "table": declared.name,
            "of": _of(declared, table),
            "path": _printable(file.name),
            "sheet": table.sheet.name,
            "first_column": table.sheet.first_column,
            "header": list(table.bound.header),
            "day_first": {str(index): value for index, value in table.day_first.items()},
            "short_year": sorted(map(str, table.short_year)),
            "decimal": {str(index): value for index, value in table.decimal.items()},
        }
        for place, count in sorted(table.places.items()):
            mine = [said for (where, _), said in sorted(contents.items()) if where == place]
            differing = [said for said in mine if len(said) > 1]
            repeated = sum(number - 1 for said in mine for number in said.values())
            problems, remarks = dict(table.problems), {}
            if differing and declared.id:
                names = ", ".join(headers[0] for headers in declared.id)
                text = f"{sum(map(len, differing))} lines share {len(differing)} ids ({names}) and differ otherwise"
                problems["duplicate_id"] = text
                self._here[place].append(("duplicate_id", f"{payload['path']}: {text}"))
            if repeated and declared.id:
                remarks["repeated_line"] = f"{repeated} lines stand there once more, each counts once"
            about = {**payload, "lines": count, "problems": problems, "remarks": remarks, "unmapped": dict(table.unmapped.get(place, {}))}
            key = f"file/{declared.name}/{payload['of']}/{place}"
            yield from self._handed(Record(key, "tabular.file", place, about, "", self._link(file), "", _instant(file.mtime_ns)))

    def _lines(self, declared: Declaration, table: Table, ids: Ids, contents: dict[tuple[str, str], Counter[str]]) -> Iterator[Pulled]:
        file = table.found
        name, url, changed, of = _printable(file.name), self._link(file), _instant(file.mtime_ns), _of(declared, table)
        header = digest(*table.bound.header)
        where = "" if declared.which != "all" else f"{of}/"
        if not all(table.bound.places(headers) for headers in declared.id):
            return  # without their ids lines would be taken for new ones; that the table is not complete is told
        for line, trouble in table.said():
            if trouble:
                place = table.bound.fixed
                line_id = f"row-{digest(of, str(line.number), *map(str, line.cells))}"
            else:
                place = table.bound.place(line.cells)
                line_id, is_own = table.bound.identity(line.cells)
                if ids.is_double(place, line_id):
                    said = contents[place, line_id]
                    content = table.bound.content(line.cells)
                    said[content] += 1
                    if is_own and said[content] > 1:
                        continue  # the same line once more, with the id of its own
                    line_id += f"~{content}" if is_own else f"~{said[content]}" if said[content] > 1 else ""
            if not self._is_wanted(place):
                continue
            payload = {
                "table": declared.name,
                "of": of,
                "path": name,
                "row": line.number,
                "id": line_id,
                "cells": [] if trouble else line.cells[: len(table.bound.header)],
                "trouble": trouble,
                "header": header,
            }
            key = f"row/{declared.name}/{where}{place}/{line_id}"
            yield from self._handed(Record(key, "tabular.row", place, payload, "", url, "", changed))
        if _has_changed(file):
            self._everywhere.append(("locked", f"{name}: it changed while it was read"))

    def _handed(self, record: Record) -> Iterator[Pulled]:
        if not self._is_wanted(record.place):
            return
        fingerprint = sha256(_LAYOUT.encode() + orjson.dumps([record.payload, record.url], option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
        if self._known.fingerprint(record.key) == fingerprint:
            yield Unchanged(record.key)
        else:
            yield Record(record.key, record.kind, record.place, record.payload, fingerprint, record.url, changed_at=record.changed_at)

    def _link(self, file: Found) -> str:
        if self._options.url:
            return self._options.url.rstrip("/") + "/" + quote(_printable(file.name), safe="/~")
        return file.path.as_uri()


def _of(declared: Declaration, table: Table) -> str:
    return digest(declared.name, table.found.name, table.sheet.name)


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _instant(mtime_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _has_changed(file: Found) -> bool:
    try:
        about = file.path.stat()
    except OSError:
        return True
    return (about.st_size, about.st_mtime_ns) != (file.size, file.mtime_ns)
