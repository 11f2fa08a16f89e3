"""A profile to begin with: valid as it stands, with every further word beside it in comments that are valid without their #."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.errors import RuleError
from auditor.rulebook.digest import canonical
from auditor.rulebook.load import Rulebook
from auditor.rulebook.profile import Profile, resolve_profile
from auditor.rulebook.rule import Param, Rule

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
_NUMBERS = frozenset({"integer", "number", "days", "working_days", "money"})


@dataclass(frozen=True, slots=True)
class _Example:
    rule: Rule
    param: str
    value: Param


def starter_profile(rulebook: Rulebook, name: str, base: str, *, schema: str) -> str:
    """Return the text of a profile *name* that extends *base*; its examples are rules of *base*.

    Args:
        rulebook: where *base* is.
        name: of the new profile, and of its file.
        base: a profile or a pack.
        schema: address of the schema as its first line names it.

    Raises:
        RuleError: the name cannot be one, is taken, or there is no such base.
        ExceptionGroup: of RuleError, mistakes of the base.
    """
    if not _NAME.fullmatch(name):
        raise RuleError(f"{name[:60]!r} is no name of a profile", hint="small letters, digits, '-' and '_', beginning with a letter")
    if name in rulebook.profiles or name in rulebook.packs:
        raise RuleError(f"there is a profile or a pack called {name!r} already", hint="choose another name")
    profile = resolve_profile(rulebook, base)
    return "\n".join(_lines(rulebook, profile, name, base, schema)) + "\n"


def _lines(rulebook: Rulebook, profile: Profile, name: str, base: str, schema: str) -> Iterator[str]:
    rules = list(profile.rules.values())
    first, last = rules[0], rules[-1]
    example = _example(profile)
    file = rulebook.profiles.get(base)
    methodology = file.methodology if file is not None else None
    yield f"# yaml-language-server: $schema={schema}"
    yield f"# What is asked beside {base}, and what is asked differently; every entry says why. Take the # away where a line is wanted."
    yield f"# `auditor profile show {name}` shows what comes of it, `auditor profile diff {base} {name}` what differs."
    yield f"name: {name}"
    yield f"title: {json.dumps(f'{profile.title}, as we ask it', ensure_ascii=False)}"
    yield f"extends: [{base}]                # profiles and packs, several if need be"
    if methodology is not None:
        yield f"methodology: {methodology}              # the projects that it is for"
    else:
        yield "# methodology: pm2            # the projects that it is for; without it the profile is chosen by name only"
    yield "# sizes: [small]              # only projects of these sizes"
    yield "# chosen: by_name             # never without being named in auditor.toml; by_default: when a project fits"
    yield ""
    yield "# Only these of the inherited rules. Without it all of them."
    yield "# select:"
    yield f"# - areas: [{', '.join(dict.fromkeys(rule.area for rule in (first, example.rule if example else first, last)))}]"
    yield "#   because: the pilot covers these"
    yield ""
    yield "# Rules that are not asked."
    yield "# drop:"
    dropped = last if example is None or last.id != example.rule.id else first
    yield f"# - rules: [{dropped.id}]        # {dropped.title}"
    yield "#   because: say why"
    yield ""
    yield "# What is asked differently: severity, params, texts (title, say, why, fix, ask), allow_share, gate, waivable."
    yield "# change:"
    if example is not None:
        yield f"# - rules: [{example.rule.id}]        # {example.rule.title}"
        unit = f"   # {example.value.unit}" if example.value.unit else ""
        yield f"#   params: {{{example.param}: {json.dumps(canonical(example.value.default), ensure_ascii=False)}}}{unit}"
        yield "#   because: decided by the board on …"
    yield f"# - rules: [{first.id}]        # {first.title}"
    yield f"#   severity: {first.severity}           # critical, major, minor, observation"
    yield "#   because: say why"
    yield ""
    yield "# How scores are counted; what is left out is inherited."
    yield "# scoring:"
    yield f"#   weights: {{{', '.join(f'{severity}: {weight}' for severity, weight in profile.scoring.weights.items())}}}"
    yield f"#   bands: {{green: {float(profile.scoring.green_from)}, amber: {float(profile.scoring.amber_from)}}}"
    yield f"#   min_coverage: {float(profile.scoring.min_coverage)}         # below it a score is grey"
    yield "#   because: our scale"


def _example(profile: Profile) -> _Example | None:
    """Return the first rule with a number that somebody may want to change."""
    for rule in profile.rules.values():
        for name, param in rule.params.items():
            if param.type in _NUMBERS and param.default is not None:
                return _Example(rule, name, param)
    return None
