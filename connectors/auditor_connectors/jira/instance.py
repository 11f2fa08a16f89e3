"""What issues are read with: names and roles of fields, categories of statuses, people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from auditor_connectors.jira.values import (
    UNKNOWN,
    Unknown,
    folded,
    identifier,
    mail_hash,
    masked,
    person_id,
    person_name,
    text,
)
from auditor_connectors.jira.words import words

Category = Literal["todo", "in_progress", "done"]

_CATEGORIES: dict[str, Category] = {
    "new": "todo", "indeterminate": "in_progress", "done": "done",
    "TODO": "todo", "IN_PROGRESS": "in_progress", "DONE": "done",
}  # fmt: skip
_ENOUGH = 2
_DELETED = "Former user"  # what Jira shows in place of a deleted account


@dataclass(slots=True)
class Instance:
    """The metadata of one project: its own and that of the whole instance."""

    key: str
    names: dict[str, str] = field(default_factory=dict)  # custom field → its name
    roles: dict[str, list[str]] = field(default_factory=dict)  # 'story_points' … → custom fields that play it
    statuses: dict[str, Category] = field(default_factory=dict)  # id → category
    status_words: dict[str, Category] = field(default_factory=dict)  # folded name → category, where the answers agree
    types: dict[str, int] = field(default_factory=dict)  # id of an issue type → level: 1 epic, 0 standard, -1 sub-task
    metas: list[dict[str, Any]] = field(default_factory=list)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)  # field of issues → id of a value → its present name
    sprints: dict[str, dict[str, Any]] = field(default_factory=dict)  # id → sprint, as lists of boards have it
    is_only: bool = False
    is_part: bool = False  # some issues of a Jira project: what belongs to the whole is shared with other projects
    host: str = ""

    def fresh(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of an issue with the present names of statuses, versions and the like.

        What an issue embeds is as old as its last change; renaming does not change it, and the list wins.
        """
        renamed = {}
        for name, labels in self.labels.items():
            value = fields.get(name)
            if isinstance(value, dict):
                found: Any = _renamed(value, labels)
            elif isinstance(value, list):
                found = [_renamed(item, labels) for item in value]
            else:
                continue
            if found != value:
                renamed[name] = found
        return {**fields, **renamed} if renamed else fields

    def role(self, fields: dict[str, Any], role: str) -> tuple[bool, Any]:
        """Return whether an issue has a field of this role, and its value: the first that is not null."""
        found = False
        for name in self.roles.get(role, ()):
            if name in fields:
                found = True
                if fields[name] is not None:
                    return True, fields[name]
        return found, None

    def category(self, status_id: str | None, name: str | None) -> Category | None:
        """Return the category of a status by its id, else by its name; None when nothing tells it."""
        if status_id and (known := self.statuses.get(status_id)):
            return known
        if not name:
            return None
        word = folded(name)
        return self.status_words.get(word) or words().categories.get(word)  # type: ignore[return-value]  # words.yaml holds categories

    def category_of(self, status: Any) -> Category | None:
        """Return the category of a status object."""
        if not isinstance(status, dict):
            return None
        inner = status.get("statusCategory")
        key = inner.get("key") if isinstance(inner, dict) else inner
        if isinstance(key, str) and key in _CATEGORIES:
            return _CATEGORIES[key]
        name = text(status.get("name"), 255)
        return self.category(identifier(status.get("id")), name if isinstance(name, str) else None)


def _renamed(value: Any, labels: dict[str, str]) -> Any:
    if not isinstance(value, dict):
        return value
    label = labels.get(identifier(value.get("id")) or "")
    return value if label is None or value.get("name") == label else {**value, "name": label}


def instance_of(payload: dict[str, Any]) -> Instance:
    """Return the metadata that an `about:` record holds; anything of another shape counts as not there."""
    instance = Instance(identifier(payload.get("key")) or "", is_only=payload.get("is_only") is True, is_part=payload.get("part") is True)
    instance.metas = [meta for meta in _list(payload.get("meta")) if isinstance(meta, dict)]
    named: dict[str, tuple[str, str]] = {}
    for name, meta in _dict(payload.get("names")).items():
        if isinstance(meta, list) and len(meta) == 2 and all(isinstance(item, str) for item in meta):
            named[name] = (meta[0], meta[1])
    words_of: dict[str, set[Category]] = defaultdict(set)
    for status, meta in sorted(_dict(payload.get("statuses")).items()):
        if isinstance(meta, list) and len(meta) == 2:
            _status(instance, words_of, status, meta[0], meta[1])
    for meta in instance.metas:
        _read_meta(instance, named, words_of, meta)
        _labels(instance, meta)
    instance.status_words = {word: next(iter(found)) for word, found in words_of.items() if len(found) == 1}
    instance.names = {name: said for name, (said, _) in named.items() if said}
    _assign_roles(instance, named, _dict(payload.get("shapes")), _dict(payload.get("points")))
    return instance


def _read_meta(instance: Instance, named: dict[str, tuple[str, str]], words_of: dict[str, set[Category]], meta: dict[str, Any]) -> None:
    kind, data = meta.get("kind"), meta.get("data")
    if kind == "fields":
        for item in _dicts(data):
            _field(named, item.get("id") or item.get("fieldId") or item.get("key"), item)
    elif kind in ("types", "project_statuses"):
        for item in _dicts(data):
            _type(instance, item)
            for status in _dicts(item.get("statuses")):
                _status_object(instance, words_of, status)
    elif kind == "createmeta" and isinstance(data, dict):
        for item in _dicts(data.get("issuetypes")):
            _type(instance, item)
            for name, described in _dict(item.get("fields")).items():
                _field(named, name, described)
    elif kind == "statuses":
        for status in _dicts(data):
            _status_object(instance, words_of, status)
    elif kind == "sprints":
        for sprint in _dicts(data):
            if number := identifier(sprint.get("id")):
                instance.sprints[number] = sprint
    elif kind == "server" and isinstance(data, dict):
        base = data.get("baseUrl")
        if isinstance(base, str):
            instance.host = base.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


_LABELLED = {
    "statuses": ("status",),
    "types": ("issuetype",),
    "priorities": ("priority",),
    "resolutions": ("resolution",),
    "versions": ("fixVersions", "versions"),
    "components": ("components",),
}
"""List of the instance or project → fields of issues that hold its values."""


def _labels(instance: Instance, meta: dict[str, Any]) -> None:
    for name in _LABELLED.get(str(meta.get("kind")), ()):
        labels = instance.labels.setdefault(name, {})
        for item in _dicts(meta.get("data")):
            number, label = identifier(item.get("id")), text(item.get("name"), 500)
            if number and isinstance(label, str):
                labels[number] = label


def _status_object(instance: Instance, words_of: dict[str, set[Category]], status: dict[str, Any]) -> None:
    inner = status.get("statusCategory")
    _status(
        instance, words_of, identifier(status.get("id")) or "", status.get("name"), inner.get("key") if isinstance(inner, dict) else inner
    )


def _status(instance: Instance, words_of: dict[str, set[Category]], status: str, name: Any, key: Any) -> None:
    category = _CATEGORIES.get(key) if isinstance(key, str) else None
    if category is None:
        return
    if status:
        instance.statuses[status] = category
    if isinstance(name, str) and name:
        words_of[folded(name)].add(category)


def _type(instance: Instance, item: dict[str, Any]) -> None:
    level = item.get("hierarchyLevel")
    type_id = identifier(item.get("id"))
    if not type_id:
        return
    if isinstance(level, int) and not isinstance(level, bool):
        instance.types[type_id] = level
    elif item.get("subtask") is True:
        instance.types[type_id] = -1


def _field(named: dict[str, tuple[str, str]], name: Any, described: Any) -> None:
    if not isinstance(name, str) or not name.startswith("customfield_") or not isinstance(described, dict):
        return
    said = text(described.get("name"), 255)
    schema = described.get("schema")
    custom = schema.get("custom") if isinstance(schema, dict) else None
    # The list of fields wins over what came with issues: it is written later in this record.
    named[name] = (said if isinstance(said, str) else "", custom if isinstance(custom, str) else named.get(name, ("", ""))[1])


def _assign_roles(instance: Instance, named: dict[str, tuple[str, str]], shapes: dict[str, Any], points: dict[str, Any]) -> None:
    """Find the fields that play a role: by their declared type, else by name, else by what their values look like; never by number."""
    typed: dict[str, list[str]] = defaultdict(list)
    said: dict[str, list[str]] = defaultdict(list)
    for name, (label, custom) in sorted(named.items()):
        if role := words().field_types.get(custom.rpartition(":")[2]):
            typed[role].append(name)
        elif role := words().field_names.get(folded(label)):
            said[role].append(name)
    looks: dict[str, list[str]] = defaultdict(list)
    for name, shape in sorted(shapes.items()):
        if isinstance(shape, str) and name not in named:
            looks[shape].append(name)
    for name, agree in sorted(points.items()):
        if name not in named and isinstance(agree, list) and len(agree) == 2 and agree[0] >= _ENOUGH and agree[1] == 0:
            looks["story_points"].append(name)
    for role in (*typed, *said, *looks):
        found = typed.get(role, []) + said.get(role, []) or looks.get(role, [])
        if role == "rank" and len(found) > 1:
            # Jira keeps obsolete ranks beside the one that counts; only a name can tell them apart.
            found = [name for name in found if folded(named.get(name, ("", ""))[0]) in ("rank", "rang", "rango")][:1]
        instance.roles[role] = found


@dataclass(slots=True)
class _Person:
    name: tuple[float, str] = (-1.0, "")  # when it was seen, so that the latest name wins whatever the order
    mail: tuple[float, str] = (-1.0, "")
    is_active: tuple[float, bool] | None = None
    is_app: bool = False
    is_group: bool = False


class People:
    """Everybody whom the answers of one project name."""

    def __init__(self) -> None:
        self._people: dict[str, _Person] = {}

    def meet(self, user: Any, seen: float) -> None:
        """Remember a user object that was seen in an answer of this time (milliseconds since 1970)."""
        person = person_id(user)
        if not isinstance(person, str) or not isinstance(user, dict):
            return
        known = self._people.setdefault(person, _Person())
        if name := person_name(user.get("displayName")):
            known.name = max(known.name, (seen, name))
        address = user.get("emailAddress")
        if isinstance(address, str) and address.strip() and address.strip() != "?":
            known.mail = max(known.mail, (seen, mail_hash(address)))
        if isinstance(user.get("active"), bool):
            state = (seen, user["active"])
            known.is_active = max(known.is_active or state, state)
        if user.get("accountType") == "app":
            known.is_app = True

    def group(self, group: dict[str, Any]) -> str | Unknown:
        """Remember a group whose members are not known, and return its id."""
        group_id = identifier(group.get("id"))
        if group_id is None:
            return UNKNOWN
        known = self._people.setdefault(f"group:{group_id}", _Person(is_group=True))
        if name := person_name(group.get("name")):
            known.name = max(known.name, (-1.0, name))
        return f"group:{group_id}"

    def mention(self, person: str, name: str | None) -> str:
        """Remember somebody whom only the changelog names, and return the id."""
        person = masked(person)
        known = self._people.setdefault(person, _Person())
        if clean := person_name(name):
            known.name = max(known.name, (-0.5, clean))
        return person

    def rows(self, realm: str) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return id and values of everybody, by id."""
        for person, known in sorted(self._people.items()):
            values: dict[str, Any] = {
                "name": known.name[1] or None,
                "kind": "group" if known.is_group else "placeholder" if known.is_app or known.name[1] == _DELETED else "person",
                "realm": realm,
            }
            if known.mail[1]:
                values["email_hash"] = known.mail[1]
            if known.is_active is not None:
                values["is_active"] = known.is_active[1]
            yield person, values


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
