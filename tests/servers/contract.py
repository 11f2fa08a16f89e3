"""What a vendor's OpenAPI document says of a request and of its answer: both directions are checked, violations are told in words."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

SPECS = Path(__file__).parents[3] / "shared" / "specs"
_WORDLESS = ("example", "examples", "xml", "description", "format", "readOnly", "writeOnly", "title", "deprecated", "externalDocs")


class Contract:
    """One document, or several that belong together.

    Args:
        documents: file → prefix of its paths on the server.
        beyond: operations that exist and are not in this excerpt of the interface: 'GET /path'.
        loose: names of schemas, with the property whose schema the document gets wrong.
    """

    def __init__(self, documents: dict[str, str], *, beyond: frozenset[str] = frozenset(), loose: dict[str, str] | None = None) -> None:
        self._beyond = beyond
        self._operations: list[tuple[re.Pattern[str], int, str, dict[str, Any], dict[str, Any]]] = []
        for file, prefix in documents.items():
            document = _read(file)
            components = {"schemas": {name: _plain(schema) for name, schema in document.get("components", {}).get("schemas", {}).items()}}
            for name, key in (loose or {}).items():
                if name in components["schemas"]:
                    components["schemas"][name]["properties"][key] = {"type": "object"}
            for template, operations in document["paths"].items():
                literal = re.sub(r"\{[^}]+\}", "", template)
                pattern = re.compile("^" + re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(prefix + template)) + "$")
                for method in operations.keys() & {"get", "post", "put", "delete"}:
                    self._operations.append((pattern, len(literal), method.upper(), operations[method], components))

    def violations(self, method: str, path: str, query: dict[str, list[str]], body: bytes, status: int, answer: Any) -> list[str]:
        """Return what is wrong with a request and its answer; nothing when both are as the document says."""
        where = f"{method} {path}"
        if where in self._beyond:
            return []
        found = [item for item in self._operations if item[2] == method and item[0].match(path)]
        if not found:
            return [f"{where}: no such operation"]
        _, _, _, operation, components = max(found, key=lambda item: item[1])
        told = [f"{where}: {problem}" for problem in (*_parameters(operation, query), *_body(operation, components, body))]
        return told + [f"{where}: the answer: {problem}" for problem in _answer(operation, components, status, answer)]


@cache
def _read(file: str) -> Any:
    return json.loads((SPECS / file).read_text("utf-8"))


def _plain(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "properties" in schema and isinstance(schema["properties"], dict):
        schema = {**schema, "properties": {name: _plain(value) for name, value in schema["properties"].items()}}
    plain = {
        key: value if key in ("properties", "enum", "default") else _plain(value) for key, value in schema.items() if key not in _WORDLESS
    }
    if plain.pop("nullable", False) and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    for bound in ("exclusiveMinimum", "exclusiveMaximum"):
        if bound in plain and bound.replace("exclusiveM", "m") not in plain:
            plain.pop(bound)
    return plain


def _parameters(operation: dict[str, Any], query: dict[str, list[str]]) -> list[str]:
    declared = {item["name"]: item for item in operation.get("parameters", ()) if item["in"] == "query"}
    told = []
    for name, values in query.items():
        if name not in declared:
            told.append(f"unknown parameter {name!r}")
            continue
        schema = declared[name].get("schema", {})
        kind = schema.get("type")
        if kind == "integer" and not all(value.lstrip("-").isdigit() for value in values):
            told.append(f"{name} is no integer: {values}")
        if kind == "boolean" and not set(values) <= {"true", "false"}:
            told.append(f"{name} is neither true nor false: {values}")
        if kind not in ("array", "object", None) and len(values) > 1:
            told.append(f"{name} stands there {len(values)} times")
        if "enum" in schema and not set(values) <= set(schema["enum"]):
            told.append(f"{name} is none of {schema['enum']}: {values}")
        if kind == "array" and "enum" in schema.get("items", {}) and not set(values) <= set(schema["items"]["enum"]):
            told.append(f"{name} is none of {schema['items']['enum']}: {values}")
    told += [f"{name} is missing" for name, item in declared.items() if item.get("required") and name not in query]
    return told


def _body(operation: dict[str, Any], components: dict[str, Any], body: bytes) -> list[str]:
    said = operation.get("requestBody")
    if said is None:
        return ["a body, where none belongs"] if body else []
    if not body:
        return ["a body is missing"] if said.get("required") else []
    schema = said["content"].get("application/json", {}).get("schema", {})
    return _against(schema, components, json.loads(body))


def _answer(operation: dict[str, Any], components: dict[str, Any], status: int, answer: Any) -> list[str]:
    responses = operation.get("responses", {})
    said = responses.get(str(status)) or responses.get("default")
    if said is None:
        return [] if status in (429, 503) else [f"the document knows no status {status}"]
    content = said.get("content") or {}
    schema = (content.get("application/json") or content.get("application/json;charset=UTF-8") or {}).get("schema")
    if not schema or status >= 400:
        return []
    # Data Center's document describes the items of lists and pages where it means the list or page.
    kind = components["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    if isinstance(answer, list) and kind.get("type") != "array":
        return [problem for item in answer for problem in _against(schema, components, item)]
    if isinstance(answer, dict) and isinstance(answer.get("values"), list) and "values" not in kind.get("properties", {"values": 1}):
        return [problem for item in answer["values"] for problem in _against(schema, components, item)]
    return _against(schema, components, answer)


def _against(schema: dict[str, Any], components: dict[str, Any], value: Any) -> list[str]:
    validator = Draft4Validator({**_plain(schema), "components": components})
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in list(validator.iter_errors(value))[:5]]
