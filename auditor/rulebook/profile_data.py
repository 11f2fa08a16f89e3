"""A resolved profile as plain data, for programs: every rule, every value and who set it."""

from collections.abc import Mapping
from typing import Any

from auditor.rulebook.digest import canonical
from auditor.rulebook.profile import Profile, Setting
from auditor.rulebook.profile_difference import FieldDifference, ProfileDifference, RuleLeftOut


def profile_data(profile: Profile) -> dict[str, Any]:
    """Return *profile* as JSON values, always in the same order."""
    scoring = profile.scoring
    return {
        "profile": profile.name,
        "title": profile.title,
        "lineage": list(profile.lineage),
        "digest": profile.digest,
        "scoring": {field: _setting(setting) for field, setting in scoring.settings.items()},
        "rules": {id_: rule_data(profile, id_) for id_ in profile.rules},
        "left_out": {id_: {"by": dropped.by, "because": dropped.because} for id_, dropped in profile.dropped.items()},
    }


def rule_data(profile: Profile, rule: str) -> dict[str, Any]:
    """Return one rule of *profile*: its fields with who set each of them."""
    held = profile.rules[rule]
    return {
        "title": held.title,
        "area": held.area,
        "pack": profile.rulebook.pack_of[rule],
        "fields": {field: _setting(setting) for field, setting in profile.settings[rule].items()},
        "by_edition": {name: canonical(param.default_by_edition) for name, param in held.params.items() if param.default_by_edition},
    }


def difference_data(difference: ProfileDifference) -> dict[str, Any]:
    """Return a difference as JSON values."""
    return {
        "added": [_left_out(item) for item in difference.added],
        "left_out": [_left_out(item) for item in difference.left_out],
        "changed": {rule: [_field(item) for item in fields] for rule, fields in difference.changed.items()},
        "scoring": [_field(item) for item in difference.scoring],
    }


def _left_out(item: RuleLeftOut) -> dict[str, Any]:
    why = {} if item.why is None else {"by": item.why.by, "because": item.why.because}
    return {"rule": item.rule, "title": item.title, **why}


def _field(item: FieldDifference) -> dict[str, Any]:
    return {"field": item.field, "first": _optional(item.first), "second": _optional(item.second)}


def _optional(setting: Setting | None) -> Mapping[str, Any] | None:
    return None if setting is None else _setting(setting)


def _setting(setting: Setting) -> dict[str, Any]:
    """Return a value with everybody who set it, the last one first."""
    found: dict[str, Any] = {"value": canonical(setting.value), "set_by": setting.set_by}
    if setting.because:
        found["because"] = setting.because
    before = []
    older = setting.before
    while older is not None:
        because = {"because": older.because} if older.because else {}
        before.append({"value": canonical(older.value), "set_by": older.set_by, **because})
        older = older.before
    return found | ({"before": before} if before else {})
