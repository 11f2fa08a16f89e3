"""What another profile asks differently, field by field, with who set it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditor.rulebook.digest import canonical
from auditor.rulebook.profile import Dropped, Profile, Setting

_NOT_ASKED = frozenset({"id"})


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that two profiles have differently; None: the profile does not have it."""

    field: str
    first: Setting | None
    second: Setting | None


@dataclass(frozen=True, slots=True)
class RuleLeftOut:
    """A rule that only one of two profiles asks; `why` is what the other one says of it, None when it never had it."""

    rule: str
    title: str
    why: Dropped | None


@dataclass(frozen=True, slots=True)
class ProfileDifference:
    """How the second profile differs from the first.

    Attributes:
        added: rules that only the second asks.
        left_out: rules that only the first asks.
        changed: rule → fields that differ.
        scoring: fields of the scoring that differ.
    """

    added: tuple[RuleLeftOut, ...]
    left_out: tuple[RuleLeftOut, ...]
    changed: Mapping[str, tuple[FieldDifference, ...]]
    scoring: tuple[FieldDifference, ...]

    def __bool__(self) -> bool:
        """Return whether there is any difference."""
        return bool(self.added or self.left_out or self.changed or self.scoring)


def compare_profiles(first: Profile, second: Profile) -> ProfileDifference:
    """Return how *second* differs from *first*. Who set a value is told, and is no difference by itself."""
    changed = {
        rule: fields
        for rule in first.rules
        if rule in second.rules and (fields := tuple(_fields(first.settings[rule], second.settings[rule])))
    }
    return ProfileDifference(
        added=_only(second, first),
        left_out=_only(first, second),
        changed=changed,
        scoring=tuple(_fields(first.scoring.settings, second.scoring.settings)),
    )


def _only(having: Profile, lacking: Profile) -> tuple[RuleLeftOut, ...]:
    return tuple(RuleLeftOut(id_, rule.title, lacking.dropped.get(id_)) for id_, rule in having.rules.items() if id_ not in lacking.rules)


def _fields(first: Mapping[str, Setting], second: Mapping[str, Setting]) -> Iterator[FieldDifference]:
    for field in sorted({*first, *second} - _NOT_ASKED):
        one, other = first.get(field), second.get(field)
        if (one is None) != (other is None) or (one and other and canonical(one.value) != canonical(other.value)):
            yield FieldDifference(field, one, other)
