"""JSON Schemas of the files of packs and profiles, for editors. Derived from the declarations, which are the only source.

`python -m auditor.rulebook.schema FOLDER` writes them.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from auditor.rulebook.crosswalk import Crosswalk
from auditor.rulebook.decision_format import TableFile
from auditor.rulebook.details_spec import DetailsSpec
from auditor.rulebook.obligations import ObligationsFile
from auditor.rulebook.pack import ClausesFile, EventsFile, Pack, ProfileFile, ViewsFile, VocabularyFile
from auditor.rulebook.production import ReasoningFile
from auditor.rulebook.recognition import RecognitionFile
from auditor.rulebook.rule import Rule

FILES: Mapping[str, type[BaseModel]] = {
    "rule": Rule,
    "pack": Pack,
    "clauses": ClausesFile,
    "crosswalk": Crosswalk,
    "vocabulary": VocabularyFile,
    "views": ViewsFile,
    "events": EventsFile,
    "profile": ProfileFile,
    "recognition": RecognitionFile,
    "details": DetailsSpec,
    "obligations": ObligationsFile,
    "reasoning": ReasoningFile,
    "decision_table": TableFile,
}
"""Schema → declaration."""


def build_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, a key of `FILES`."""
    schema = FILES[name].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text(name: str) -> str:
    """Return the schema as it is shipped: the same bytes on every machine."""
    return json.dumps(build_schema(name), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> None:
    """Write every schema as `<name>.json` into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / f"{name}.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
