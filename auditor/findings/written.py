"""A waiver written into `waivers.yaml`: the rest of the file, comments included, stays as it is. And waivers as CSV."""

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from auditor.errors import Location, RuleError, UsageError
from auditor.findings.granted import DERIVED, GUARDED
from auditor.findings.treat import WaiverStatus
from auditor.ledger.waiver import Waiver
from auditor.rulebook.yaml_source import Source, parse_yaml, read_bounded

_HEAD = "# What projects were let off for a time, and which risks are accepted. `auditor waiver list` says how each stands.\nwaivers:\n"
_EMPTY = re.compile(r"^waivers:[ \t]*(\[[ \t]*\])?[ \t]*(#[^\n]*)?$", re.MULTILINE)
_ITEM = re.compile(r"^([ \t]*)- ", re.MULTILINE)


def add_to_yaml(path: Path, waiver: Waiver) -> None:
    """Append *waiver* to the list of *path*, in one step; the file is made where there is none.

    Raises:
        RuleError: the file is not strict YAML.
        UsageError: it is written in a way that nothing can be appended to.
    """
    if not path.is_file():
        _replace(path, _HEAD + _entry(waiver, "  "))
        return
    before = read_bounded(path, path.name)
    old = parse_yaml(before, path.name)
    entries = _entries(old, path.name)
    text = before.decode("utf-8-sig")
    line_end = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    if entries:
        found = _ITEM.search(text, text.index("waivers"))
        new = text.rstrip("\n") + "\n" + _entry(waiver, found[1] if found else "  ")
    else:
        new = _EMPTY.sub(lambda match: "waivers:" + (f"  {match[2]}" if match[2] else ""), text, count=1).rstrip("\n") + "\n"
        new += _entry(waiver, "  ")
    if line_end != "\n":
        new = new.replace("\n", line_end)
    if not _says(new, path.name, [*entries, _fields(waiver)]):
        raise UsageError(
            f"{path.name} is written in a way that nothing can be appended to",
            hint="write the list `waivers:` as the last thing in the file, each entry on lines of its own:\n" + _entry(waiver, "  "),
        )
    _replace(path, new)


def _says(text: str, name: str, entries: list[dict[str, Any]]) -> bool:
    try:
        data = parse_yaml(text.encode(), name).data
    except RuleError:
        return False
    return bool(data == {"waivers": entries})


def _entries(source: Source, name: str) -> list[dict[str, Any]]:
    if not isinstance(source.data, dict) or list(source.data) != ["waivers"] or not isinstance(source.data["waivers"], (list, type(None))):
        raise RuleError("expected a list `waivers` and nothing else", at=Location(name), hint="see `auditor waiver --help`")
    return source.data["waivers"] or []


def _fields(waiver: Waiver) -> dict[str, Any]:
    said = waiver.model_dump(mode="json")
    return {name: value for name, value in said.items() if value is not None and (name, value) != ("kind", "waived")}


def _entry(waiver: Waiver, indent: str) -> str:
    lines = [f"{name}: {_scalar(value)}" for name, value in _fields(waiver).items()]
    return "".join(f"{indent}{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def _scalar(text: str) -> str:
    """Return *text* as YAML on one line, in quotes only where it would be read as something else."""
    written = yaml.safe_dump({"x": text}, allow_unicode=True, width=10**9, default_flow_style=False).rstrip("\n").removeprefix("x: ")
    is_day = bool(re.fullmatch(r"'\d{4}-\d{2}-\d{2}'", written))  # days are texts to our reader: no quotes
    if is_day or ("\n" not in written and parse_yaml(f"x: {written}".encode(), "").data == {"x": text}):
        return written.strip("'") if is_day else written
    return yaml.safe_dump(text, allow_unicode=True, width=10**9, default_style='"').rstrip("\n")


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


# CSV


def csv_text(statuses: Iterable[WaiverStatus]) -> str:
    """Return waivers as CSV, with how each stands; what a spreadsheet would take for a formula gets an apostrophe before it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*Waiver.model_fields, *DERIVED])
    for status in statuses:
        said: Mapping[str, Any] = status.waiver.model_dump(mode="json") | {name: getattr(status, name) for name in DERIVED}
        writer.writerow([_cell(value) for value in said.values()])
    return target.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in GUARDED else value
