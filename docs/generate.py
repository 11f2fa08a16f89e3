"""Writes the pages that are derived from the project itself: model, commands, rules. `python docs/generate.py [--check]`."""

import json
import sys
from pathlib import Path

import click

from auditor.cli.main import COMMANDS, cli
from auditor.model.reference import ddl, json_schema, markdown
from auditor.rulebook.clauses import count_coverage
from auditor.rulebook.condition import Language
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.plain import rule_in_words
from auditor.rulebook.rule import Rule

HERE = Path(__file__).parent


def commands() -> str:
    """Return the page of all commands, from their own help."""
    lines = ["# Commands", "", "<!-- Written by docs/generate.py from the commands' own help. -->", ""]
    context = click.Context(cli, info_name="auditor")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        lines += _command(command, click.Context(command, info_name=name, parent=context), 2)
    return "\n".join(lines)


def _command(command: click.Command, context: click.Context, level: int) -> list[str]:
    help_text = (command.help or "").replace("\b\n", "").replace("\x08", "")
    lines = [f"{'#' * level} {context.command_path}", "", "\n".join(line.rstrip() for line in help_text.strip().splitlines()), ""]
    options = [param for param in command.params if isinstance(param, click.Option)]
    if options:
        lines += ["| option | meaning |", "| --- | --- |"]
        for option in options:
            shown = ", ".join(option.opts) + ("" if option.is_flag else f" {option.make_metavar(context)}")
            text = (option.help or "").replace("|", "\\|")
            default = f" Default: {option.default}." if option.show_default and option.default not in (None, (), False) else ""
            lines.append(f"| `{shown.replace('|', '/')}` | {text}{default} |")
        lines.append("")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            lines += _command(child, click.Context(child, info_name=name, parent=context), level + 1)
    return lines


def rules(book: Rulebook, pack: str) -> str:
    """Return the page of a pack: coverage of its standard, and every rule with what it asks and how it is decided."""
    language = Language(book.terms, book.views, book.events)
    clauses = [clause for id_, clause in book.clauses.items() if book.clause_pack[id_] == pack]
    lines = [f"# Rules of the pack {pack}", "", "<!-- Written by docs/generate.py from the rules themselves. -->", ""]
    lines += [book.packs[pack].acknowledgement.strip(), ""] if book.packs[pack].acknowledgement else []
    lines += [
        "## Coverage of the standard",
        "",
        "| area | automatic | partly | manual | out of scope | with rules |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for area, counts in count_coverage(clauses).items():
        row = [str(counts[name]) for name in ("automatic", "partly", "manual", "out_of_scope", "with_rules")]
        lines.append(f"| {area} | {' | '.join(row)} |")
    own = [rule for id_, rule in book.rules.items() if book.pack_of[id_] == pack]
    for area in sorted({rule.area for rule in own}):
        lines += ["", f"## {area}"]
        for rule in own:
            if rule.area == area:
                lines += _rule(rule, language)
    return "\n".join(lines) + "\n"


def _rule(rule: Rule, language: Language) -> list[str]:
    cited = "; ".join(f"{item.standard} {', '.join(item.editions)}, section {item.section}" for item in rule.cites)
    lines = ["", f"### {rule.id}: {rule.title}", "", f"{rule.requirement} ({cited})", ""]
    lines.append(
        f"- Severity {rule.severity.value}" + (f", counts towards {rule.gate}" if rule.gate else "") + f", decides {rule.decides.value}"
    )
    lines.append(f"- {rule_in_words(rule, language)}")
    lines += [f"- Why: {rule.why}", f"- To mend: {rule.fix}"]
    if rule.known_gaps:
        lines.append(f"- Not seen: {rule.known_gaps}")
    return lines


def pages() -> dict[Path, str]:
    """Return every derived page."""
    book = load_rulebook()
    found = {
        HERE / "model.md": markdown(),
        HERE / "model.sql": ddl(),
        HERE / "model.schema.json": json.dumps(json_schema(), indent=1) + "\n",
        HERE / "commands.md": commands(),
    }
    for pack in book.packs:
        if pack in book.pack_of.values():
            found[HERE / f"rules-{pack}.md"] = rules(book, pack)
    return found


def main() -> int:
    """Write the pages, or with --check say which are not current."""
    stale = []
    for path, text in pages().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path.name}: {'is not current' if '--check' in sys.argv else 'written'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
