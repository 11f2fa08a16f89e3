"""A person's corrections of recognition, `recognition-review.yaml` beside `auditor.toml`: they win over everything.

documents:
- {path: "Projects/Alpha/minutes.docx", kind: project_status_report}
- {source: documents, path: "Alpha/holiday.docx", kind: none}     # no document of any standard
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.errors import AuditorError, Location, UsageError, raise_all

NONE = "none"
"""Said of a document that is none of any standard."""


class Correction(BaseModel):
    """An entry of `recognition-review.yaml`: what a document is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    kind: str
    source: str = ""
    by: str = ""
    on: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What people said about documents.

    Attributes:
        kinds: (source or '', path relative to the source's root) → kind, or `NONE`.
    """

    kinds: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def kind(self, source: str, path: str) -> str | None:
        """Return what a person said a document is; `NONE`: nothing; None: nobody said anything."""
        return self.kinds.get((source, path)) or self.kinds.get(("", path))


def load_review(file: Path) -> Review:
    """Return the corrections; none when there is no file.

    Raises:
        UsageError: it is no YAML.
        ExceptionGroup: everything else that is wrong, of `UsageError`.
    """
    return Review({(item.source, item.path): item.kind for item in read_corrections(file)})


def read_corrections(file: Path) -> list[Correction]:
    """Return the entries of the file; none when there is no file. Errors: as of `load_review`."""
    data = read_yaml(file)
    if data is None:
        return []
    said = data.get("documents", []) if isinstance(data, dict) else None
    if not isinstance(said, list):
        raise UsageError("expected a list `documents`", at=Location(str(file)))
    errors: list[AuditorError] = []
    corrections = []
    for number, item in enumerate(said):
        try:
            corrections.append(Correction.model_validate(item))
        except ValidationError as error:
            errors += [
                UsageError(f"documents[{number}].{'.'.join(map(str, found['loc']))}: {found['msg'].lower()}", at=Location(str(file)))
                for found in error.errors()
            ]
    raise_all(f"{file}: the corrections are wrong", errors)
    return corrections


class _Loader(yaml.SafeLoader):
    """Takes only `true` and `false` for booleans: `on` is a key here, and somebody may be called No."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def read_yaml(file: Path) -> Any:
    """Return the data of a YAML file; None when there is no file or nothing in it.

    Raises:
        UsageError: it is no YAML, or cannot be read.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {getattr(error, 'strerror', '') or 'it is not UTF-8'}") from error
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        lines = text.splitlines()
        at = (
            Location(str(file), mark.line + 1, mark.column + 1, lines[mark.line] if mark.line < len(lines) else "")
            if mark
            else Location(str(file))
        )
        raise UsageError("this is no YAML", at=at, hint=str(getattr(error, "problem", "") or "")) from error
