"""Microsoft's OpenAPI document for Graph, as a contract: requests and answers, unknown names included."""

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft4Validator

from tests.servers.contract import SPECS, _body, _parameters, _plain

FILE = "graph-openapi.json"
_ALSO = {"microsoft.graph.identity": {"email": {"type": "string"}}}
"""What recorded answers hold and the document leaves out."""


@cache
def document() -> Any:
    return json.loads((SPECS / FILE).read_text("utf-8"))


class GraphContract:
    """Checks a request and its answer.

    Graph's schemas are put together by inheritance, and say that anything else is an object: here they are flattened, and other names than
    the declared ones (and annotations, which hold an '@') are violations.
    """

    def __init__(self) -> None:
        said = document()
        self._components = said["components"]
        self._schemas = {name: self._flat(name) for name in self._components["schemas"]}
        self._operations = []
        for template, operations in said["paths"].items():
            pattern = re.escape(template)
            pattern = re.sub(r"\\\{(?:site\\-path|item\\-path)\\\}", ".+", pattern)
            pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", pattern)
            for method in operations.keys() & {"get", "post"}:
                operation = dict(operations[method])
                operation["parameters"] = [self._deref(item) for item in operation.get("parameters", [])]
                self._operations.append((re.compile(f"^{pattern}$"), len(re.sub(r"\{[^}]+\}", "", template)), method.upper(), operation))

    def _deref(self, item: Any) -> Any:
        ref = item.get("$ref") if isinstance(item, dict) else None
        if ref is None:
            return item
        here: Any = {"components": self._components}
        for part in ref.removeprefix("#/").split("/"):
            here = here[part]
        return self._deref(here)

    def _flat(self, name: str) -> dict[str, Any]:
        schema = self._components["schemas"][name]
        found: dict[str, Any] = {}
        is_open = False
        for part in schema.get("allOf", [schema]):
            if "$ref" in part:
                inner = self._flat(part["$ref"].rpartition("/")[2])
                found |= inner.get("properties", {})
                is_open = is_open or inner.get("additionalProperties") is not False
            else:
                found |= {key: _plain(value) for key, value in part.get("properties", {}).items()}
                is_open = is_open or part.get("additionalProperties") is True
        if schema.get("type") not in (None, "object") or (not found and "allOf" not in schema):
            return dict(_plain(schema))
        found |= _ALSO.get(name, {})
        # A trimmed type of the excerpt says nothing of its fields.
        return {"type": ["object", "null"], "properties": found, "patternProperties": {"@": {}}, "additionalProperties": is_open}

    def violations(self, method: str, path: str, query: dict[str, list[str]], body: bytes, status: int, answer: Any) -> list[str]:
        """Return what is wrong with a request and its answer; nothing when both are as the document says."""
        where = f"{method} {path}"
        found = [item for item in self._operations if item[2] == method and item[0].match(path)]
        if not found:
            return [f"{where}: no such operation"]
        operation = max(found, key=lambda item: item[1])[3]
        # Names are joined by commas, and what is expanded may be narrowed in brackets.
        plain = {name: self._split(operation, name, values) for name, values in query.items() if name != "$skiptoken"}
        told = [f"{where}: {problem}" for problem in (*_parameters(operation, plain), *_body(operation, {"schemas": self._schemas}, body))]
        return told + [f"{where}: the answer: {problem}" for problem in self._answer(operation, status, answer)]

    @staticmethod
    def _split(operation: dict[str, Any], name: str, values: list[str]) -> list[str]:
        declared = next((item for item in operation["parameters"] if item["name"] == name), {})
        if declared.get("schema", {}).get("type") != "array":
            return values
        plain = [re.sub(r"\([^()]*\)", "", value) for value in values]
        return [part for value in plain for part in value.split(",")]

    def _answer(self, operation: dict[str, Any], status: int, answer: Any) -> list[str]:
        responses = operation["responses"]
        said = responses.get(str(status)) or (responses.get("2XX") if status < 300 else None) or responses.get("default")
        if said is None:
            return [f"the document knows no status {status}"]
        schema = (self._deref(said).get("content") or {}).get("application/json", {}).get("schema")
        if not schema or status >= 300:
            return []
        validator = Draft4Validator({**_plain(schema), "components": {"schemas": self._schemas}})
        return [f"{'/'.join(map(str, item.absolute_path))}: {item.message[:200]}" for item in list(validator.iter_errors(answer))[:5]]
