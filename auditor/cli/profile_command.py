"""`auditor profile`: what an organisation audits by."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from auditor.cli.console import console, printable, table
from auditor.cli.rules_command import desk_of

if TYPE_CHECKING:
    from auditor.rulebook.load import Rulebook
    from auditor.rulebook.profile import Profile, Setting
    from auditor.rulebook.profile_difference import FieldDifference


@click.group()
def profile() -> None:
    """List, show, compare and begin profiles."""


@profile.command("list")
@click.pass_context
def list_(ctx: click.Context) -> int:
    """List the profiles, what they extend, and the projects that each is for."""
    from auditor.rulebook.profile import resolve_profile  # noqa: PLC0415  (only where profiles are worked with)

    book: Rulebook = desk_of(ctx).rulebook
    rows = []
    for name, file in book.profiles.items():
        try:
            rules: Any = len(resolve_profile(book, name).rules)
        except ExceptionGroup:
            rules = "mistakes"
        rows.append((name, file.title, ", ".join(file.extends), _for(file), file.chosen.replace("_", " "), rules))
    out = console()
    out.print(table(("Profile", "Title", "Extends", "For", "Chosen", "Rules"), rows, right=("Rules",)))
    out.print(f"{len(rows)} profiles")
    return 0


def _for(file: Any) -> str:
    parts = [file.methodology or "", f"edition {file.edition}" if file.edition else "", " or ".join(file.sizes)]
    return ", ".join(part for part in parts if part)


@profile.command()
@click.argument("name", metavar="NAME")
@click.option("--rule", metavar="ID", help="Only this rule, with every field and everybody who set it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def show(ctx: click.Context, name: str, rule: str | None, *, as_json: bool) -> int:
    """Show what a profile asks: rules, values and who set them, what it leaves out and why, how it counts, what tailors its projects."""
    import json  # noqa: PLC0415  (as above)

    from auditor.errors import UsageError, did_you_mean  # noqa: PLC0415
    from auditor.rulebook.profile import resolve_profile  # noqa: PLC0415
    from auditor.rulebook.profile_data import profile_data, rule_data  # noqa: PLC0415

    shown = resolve_profile(desk_of(ctx).rulebook, name)
    if rule is not None and rule not in shown.rules:
        dropped = shown.dropped.get(rule)
        if dropped is None:
            raise UsageError(f"the profile {name} has no rule {rule[:60]!r}", hint=did_you_mean(rule, shown.rules))
        if as_json:
            click.echo(json.dumps({"rule": rule, "left_out": {"by": dropped.by, "because": dropped.because}}, ensure_ascii=False, indent=1))
        else:
            click.echo(printable(f"{rule} is left out by {dropped.by}: {dropped.because}"))
        return 0
    if as_json:
        data = rule_data(shown, rule) if rule else profile_data(shown) | {"productions": _productions(shown)}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return 0
    for line in _one_rule(shown, rule) if rule else _whole(shown):
        click.echo(printable(line))
    return 0


def _productions(shown: "Profile") -> list[dict[str, str]]:
    from auditor.reasoning.tailor import productions_of  # noqa: PLC0415  (as above)

    return [
        {"step": step, "pack": item.pack, "production": item.production.name, "because": item.production.because}
        for step in ("tailoring", "conclusions", "portfolio")
        for item in productions_of(shown, step)
    ]


def _whole(shown: "Profile") -> Iterator[str]:
    from auditor.rulebook.digest import canonical  # noqa: PLC0415  (as above)
    from auditor.rulebook.profile import describe_profile  # noqa: PLC0415

    yield f"{shown.title}"
    yield from describe_profile(shown).splitlines()
    obligations = [item for pack in shown.lineage for item in shown.rulebook.obligations.get(pack, ())]
    for item in obligations:
        when = ", ".join(f"{name} {_words(canonical(value))}" for name, value in item.when.items())
        yield f"product {item.kind}: {item.obligation.replace('_', ' ')}{f' when {when}' if when else ''} ({item.why})"
    for one in _productions(shown):
        yield f"{one['step']} {one['production']} ({one['pack']}): {one['because']}"
    yield f"{len(shown.rules)} rules, {len(shown.dropped)} left out"


def _one_rule(shown: "Profile", rule: str) -> Iterator[str]:
    held = shown.rules[rule]
    yield f"{rule}  {held.title}"
    for field, setting in shown.settings[rule].items():
        if field in {"id", "title"} and setting.before is None:
            continue
        yield from _history(field, setting)


def _history(field: str, setting: "Setting") -> Iterator[str]:
    because = f" ({setting.because})" if setting.because else ""
    yield f"  {field}: {_value(setting.value)}, set by {setting.set_by}{because}"
    older = setting.before
    while older is not None:
        because = f" ({older.because})" if older.because else ""
        yield f"    before: {_value(older.value)}, set by {older.set_by}{because}"
        older = older.before


def _value(value: Any) -> str:
    from auditor.rulebook.digest import canonical  # noqa: PLC0415  (as above)

    text = _words(canonical(value))
    return text if len(text) <= 160 else text[:159] + "…"


def _words(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value) or "—"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(item)}" for key, item in value.items()) or "—"
    return str(value)


@profile.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def diff(ctx: click.Context, first: str, second: str, *, as_json: bool) -> int:
    """Show how profile B differs from A: rules added, left out and changed, field by field, with who set it and why."""
    import json  # noqa: PLC0415  (as above)

    from auditor.rulebook.profile import resolve_profile  # noqa: PLC0415
    from auditor.rulebook.profile_data import difference_data  # noqa: PLC0415
    from auditor.rulebook.profile_difference import compare_profiles  # noqa: PLC0415

    book = desk_of(ctx).rulebook
    one, other = resolve_profile(book, first), resolve_profile(book, second)
    found = compare_profiles(one, other)
    mine, theirs = _productions(one), _productions(other)
    reasoned = [[item for item in theirs if item not in mine], [item for item in mine if item not in theirs]]
    if as_json:
        said = difference_data(found) | {"productions": {"added": reasoned[0], "left_out": reasoned[1]}}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return 0
    for sign, items in (("+", found.added), ("-", found.left_out)):
        for item in items:
            why = f": {item.why.because} ({item.why.by})" if item.why is not None else ""
            click.echo(printable(f"{sign} {item.rule} {item.title}{why}"))
    for rule, fields in found.changed.items():
        click.echo(printable(f"~ {rule} {book.rules[rule].title}"))
        _echo_fields(fields)
    if found.scoring:
        click.echo("~ scoring")
        _echo_fields(found.scoring)
    for sign, productions in zip("+-", reasoned, strict=True):
        for stated in productions:
            click.echo(printable(f"{sign} {stated['step']} {stated['production']} ({stated['pack']}): {stated['because']}"))
    counts = f"{len(found.added)} rules added, {len(found.left_out)} left out, {len(found.changed)} changed"
    click.echo(counts if found or any(reasoned) else f"{first} and {second} ask the same")
    return 0


def _echo_fields(fields: "Iterable[FieldDifference]") -> None:
    for item in fields:
        one = "—" if item.first is None else _value(item.first.value)
        other = "—" if item.second is None else _value(item.second.value)
        by = item.second or item.first
        assert by is not None
        because = f": {by.because}" if by.because else ""
        click.echo(printable(f"    {item.field}: {one} → {other} ({by.set_by}{because})"))


@profile.command()
@click.argument("name", metavar="NAME")
@click.option("--extends", "base", required=True, metavar="NAME", help="The profile or pack that it begins from.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Default: rules/NAME.yaml.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_context
def new(ctx: click.Context, name: str, base: str, output: Path | None, *, force: bool) -> int:
    """Write a profile to begin with: valid as it stands, with every further word explained. Its schema goes into a folder beside it."""
    from auditor.errors import UsageError  # noqa: PLC0415  (as above)
    from auditor.rulebook.profile_starter import starter_profile  # noqa: PLC0415
    from auditor.rulebook.schema import schema_text  # noqa: PLC0415

    target = output or Path("rules") / f"{name}.yaml"
    if target.name != f"{name}.yaml":
        raise UsageError(f"a profile called {name!r} lies in a file {name}.yaml", hint=f"--output {target.with_name(name + '.yaml')}")
    text = starter_profile(desk_of(ctx).rulebook, name, base, schema="schema/profile.json")
    if target.exists() and not force:
        raise UsageError(f"{target} is there already", hint="--force writes over it")
    schema = target.parent / "schema" / "profile.json"
    schema.parent.mkdir(parents=True, exist_ok=True)
    schema.write_text(schema_text("profile"), encoding="utf-8")
    target.write_text(text, encoding="utf-8")
    click.echo(f"wrote {target}")
    folder = target.parent.name if target.parent.name != "profiles" else target.parent.parent.name
    click.echo(f'next: `folders = ["{folder or "."}"]` under [rules] in auditor.toml, and `auditor profile show {name}`')
    return 0
