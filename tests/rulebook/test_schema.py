"""JSON Schemas: shipped as generated, and true of the files."""

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from auditor.rulebook.load import RULE_ID
from auditor.rulebook.schema import FILES, build_schema, schema_text
from auditor.rulebook.yaml_source import load_yaml

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "rules/auditor_rules"
KINDS = {
    "pack.yaml": "pack",
    "clauses.yaml": "clauses",
    "vocabulary.yaml": "vocabulary",
    "views.yaml": "views",
    "events.yaml": "events",
    "recognition.yaml": "recognition",
    "details.yaml": "details",
    "obligations.yaml": "obligations",
}
FOLDERS = {"profiles": "profile", "recognition": "recognition", "crosswalks": "crosswalk"}


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    """Return what validates files of a kind; the schema itself is checked once."""
    schema = build_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", FILES)
def test_shipped_schemas_are_the_generated_ones(name: str) -> None:
    """The declarations are the only source; `python -m auditor.rulebook.schema rules/auditor_rules/schema` writes the files."""
    assert (SHIPPED / "schema" / f"{name}.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("folder", ["tests/rulebook/folders/good", "rules/auditor_rules"])
def test_every_file_that_loads_meets_its_schema(folder: str) -> None:
    """An editor that checks with the schema never marks what the loader accepts."""
    for file in sorted((ROOT / folder).rglob("*.yaml")):
        kind = KINDS.get(file.name) or FOLDERS.get(file.parent.name, "rule" if RULE_ID.fullmatch(file.stem) else None)
        if kind is not None:
            validator(kind).validate(load_yaml(file).data)


@pytest.mark.parametrize("folder", ["tests/rulebook/folders/good", "rules/auditor_rules"])
def test_the_first_line_names_a_schema_that_exists(folder: str) -> None:
    """The relative path in the first line leads to the shipped schema."""
    for file in sorted((ROOT / folder).rglob("*.yaml")):
        if file.parent.name == "texts":  # ids of rules with their texts: no schema could name them
            continue
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert first.startswith("# yaml-language-server: $schema="), file
        schema = file.parent / first.partition("$schema=")[2]
        json.loads(schema.read_text(encoding="utf-8"))
