"""Writes the pages that are derived from the project itself: model, commands, rules. `python docs/generate.py [--check]`."""

import json
import sys
from importlib.resources import files
from pathlib import Path

import click
import yaml

from auditor.cli.main import COMMANDS, cli
from auditor.model.reference import ddl, json_schema, markdown
from auditor.rulebook.clauses import Clause, count_coverage
from auditor.rulebook.crosswalk import Crosswalk, load_crosswalks, matching
from auditor.rulebook.load import Rulebook, load_rulebook
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.plain import rule_in_words, value_in_words
from auditor.rulebook.rule import Decides, Rule

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the tests' kinds of defects
from tests.demo.batches import KINDS  # noqa: E402

COUNTS, COUNTS_END = "<!-- counts: written by docs/generate.py -->", "<!-- end of counts -->"
WRITTEN = "<!-- Written by docs/generate.py from the rules themselves. -->"
DECIDES = {
    Decides.BOTH: "decides: where it holds the rule is met, where it does not it is broken",
    Decides.REFUTES: "can refute: where it does not hold the rule is broken; where it holds a person judges the rest",
    Decides.SUPPORTS: "can support: where it holds the rule is met; where it does not a person judges",
    Decides.NOTHING: "collects what a person looks at who answers",
}


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


def _pack(book: Rulebook, pack: str) -> dict[str, str]:
    """Return the pages of a pack by file: what it holds, its clauses, its vocabulary, and every rule."""
    own = [rule for id_, rule in book.rules.items() if book.pack_of[id_] == pack]
    clauses = [clause for id_, clause in book.clauses.items() if book.clause_pack[id_] == pack]
    found = {"README.md": _overview(book, pack, own, clauses), "vocabulary.md": _vocabulary(book, pack)}
    if clauses:
        found["clauses.md"] = _clauses(book, pack, clauses)
    return found | {f"rules/{rule.id}.md": _rule(rule, book) for rule in own}


def _overview(book: Rulebook, pack: str, own: list[Rule], clauses: list[Clause]) -> str:
    said = book.packs[pack]
    more = "[clauses](clauses.md), [vocabulary](vocabulary.md)" if clauses else "[vocabulary](vocabulary.md)"
    lines = [f"# {said.title}", "", WRITTEN, "", f"The pack `{pack}`: {len(own)} rules; {more}.", ""]
    lines += [said.acknowledgement.strip(), ""] if said.acknowledgement else []
    if clauses:
        lines += ["| area | automatic | partly | manual | out of scope | with rules |", "| --- | --- | --- | --- | --- | --- |"]
        for area, counts in count_coverage(clauses).items():
            row = [str(counts[name]) for name in ("automatic", "partly", "manual", "out_of_scope", "with_rules")]
            lines.append(f"| {_spaced(area)} | {' | '.join(row)} |")
        lines.append("")
    for area in sorted({rule.area for rule in own}):
        lines += [f"## {_spaced(area).capitalize()}", "", "| rule | title | severity | decides |", "| --- | --- | --- | --- |"]
        lines += [
            f"| [{rule.id}](rules/{rule.id}.md) | {_cell(rule.title)} | {rule.severity.value} | {rule.decides.value} |"
            for rule in own
            if rule.area == area
        ]
        lines.append("")
    return "\n".join(lines)


def _strongest(clause: Clause, book: Rulebook) -> Decides | None:
    """Return what the strongest rule of a clause does; None: there is no rule."""
    found = {book.rules[id_].decides for id_ in clause.rule_ids}
    return next((kind for kind in DECIDES if kind in found), None)


def _found_defects(book: Rulebook) -> frozenset[str]:
    """Return the clauses of which a defect was written into the demonstration, or is planted into its files by the tests, and is found."""
    first = yaml.safe_load((files("auditor.demo") / "defects.yaml").read_text("utf-8"))
    further = yaml.safe_load((files("auditor.demo") / "more_defects.yaml").read_text("utf-8"))["defects"]
    known = yaml.safe_load((HERE.parent / "tests" / "demo" / "known.yaml").read_text("utf-8"))
    missed = {(item["project"], item["rule"]) for item in known["missed"]}
    named = {item["rule"] for item in (*first, *further) if (item["project"], item["rule"]) not in missed}
    named |= {clause for kind in KINDS for clause in kind.breaks}
    answered = {clause for id_ in named if id_ in book.rules for clause in book.rules[id_].answers}
    return frozenset(answered | (named & book.clauses.keys()))


def counts(book: Rulebook) -> list[str]:
    """Return the table of what the packs hold."""
    found = _found_defects(book)
    names = ("decided", "can be refuted", "can be supported", "asked", "by machine", "a defect of it is found", "rules", "cases")
    lines = [f"| pack | requirements | {' | '.join(names)} |", "| --- |" + " ---: |" * (len(names) + 1)]
    total = [0] * 8
    for pack in book.packs:
        clauses = [clause for id_, clause in book.clauses.items() if book.clause_pack[id_] == pack]
        own = [rule for id_, rule in book.rules.items() if book.pack_of[id_] == pack]
        if not clauses:
            continue
        kinds = [_strongest(clause, book) for clause in clauses]
        decided = [kinds.count(kind) for kind in (Decides.BOTH, Decides.REFUTES, Decides.SUPPORTS)]
        seen = sum(clause.id in found for clause in clauses)
        cases = sum(len(rule.cases) for rule in own)
        row = [len(clauses), *decided, len(clauses) - sum(decided), seen, len(own), cases]
        total = [one + other for one, other in zip(total, row, strict=True)]
        lines.append(_count_row(f"[{pack}](docs/packs/{pack}/README.md)", row))
    return [*lines, _count_row("together", total)]


def _count_row(name: str, row: list[int]) -> str:
    every, *decided, asked, seen, rules, cases = row
    cells = [every, *decided, asked, f"{sum(decided) * 100 // every} %", seen, rules, cases]
    return f"| {name} | {' | '.join(map(str, cells))} |"


def _readme(book: Rulebook) -> str:
    """Return the README with the table of the packs as it is now."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(COUNTS)
    _, end, after = rest.partition(COUNTS_END)
    if not begin or not end:
        raise SystemExit(f"README.md has no {COUNTS} … {COUNTS_END}")
    return "\n".join([before + begin, *counts(book), end + after])


def _clauses(book: Rulebook, pack: str, clauses: list[Clause]) -> str:
    lines = [f"# Clauses: {book.packs[pack].title}", "", WRITTEN, "", f"{len(clauses)} requirements, in our own words.", ""]
    for area in dict.fromkeys(clause.area for clause in clauses):
        lines += [f"## {_spaced(area).capitalize()}", ""]
        lines += ["| clause | section | requirement | status | rules |", "| --- | --- | --- | --- | --- |"]
        for clause in clauses:
            if clause.area == area:
                rules = ", ".join(f"[{rule}](rules/{rule}.md)" for rule in clause.rule_ids) or "—"
                status = _spaced(clause.status.value) + (f": {_cell(clause.reason)}" if clause.reason else "")
                lines.append(f"| {clause.id} | {_cell(clause.section or '')} | {_cell(clause.requirement)} | {status} | {rules} |")
        lines.append("")
    return "\n".join(lines)


def _vocabulary(book: Rulebook, pack: str) -> str:
    lines = [f"# Vocabulary: {book.packs[pack].title}", "", WRITTEN, ""]
    terms = [term for term in book.terms.values() if book.positions["term", term.name][0].file.split("/")[0] == pack]
    views = [view for view in book.views.values() if book.positions["view", view.name][0].file.split("/")[0] == pack]
    events = [event for event in book.events.values() if book.positions["event", event.name][0].file.split("/")[0] == pack]
    for title, items in (("Terms", terms), ("Views", views), ("Events", events)):
        if not items:
            continue
        lines += [f"## {title}", ""]
        for item in items:
            lines += [f"### {_called(item)}", "", item.sentence, ""]
            if isinstance(item, View):
                lines += [f"Columns: {', '.join(f'`{name}` ({type_})' for name, type_ in item.columns.items())}.", ""]
            written = item.select if isinstance(item, View) else item.expression
            if written:
                lines += ["```sql", written.strip(), "```", ""]
    return "\n".join(lines)


def _called(item: Term | View | Event) -> str:
    if isinstance(item, Term):
        return f"{item.name}({', '.join(item.parameters)})" if item.parameters else item.name
    return item.name


def _rule(rule: Rule, book: Rulebook) -> str:
    cited = "; ".join(
        " ".join(part for part in (item.standard, ", ".join(item.editions), f"section {item.section}") if part) for item in rule.cites
    )
    lines = [f"# {rule.id}: {rule.title}", "", WRITTEN, "", rule.requirement, ""]
    facts = [
        ("Source", cited),
        ("Answers", ", ".join(rule.answers)),
        ("Area", _spaced(rule.area)),
        ("Severity", rule.severity.value),
        ("Counts towards", rule.gate or ""),
        ("The condition", DECIDES[rule.decides]),
        ("Reads", ", ".join(rule.reads)),
        ("May be tailored", rule.tailorable if isinstance(rule.tailorable, str) else "yes" if rule.tailorable else "no"),
        ("May be waived", "yes" if rule.waivable else "no"),
        ("Not seen", rule.known_gaps or ""),
    ]
    lines += ["| | |", "| --- | --- |", *(f"| {name} | {_cell(text)} |" for name, text in facts if text), ""]
    lines += ["## How it is decided", "", rule_in_words(rule, book), ""]
    written = [(name, getattr(rule, name)) for name in ("applies", "due", "where", "require")]
    lines += ["```", *(f"{name}: {text}" for name, text in written if text not in (None, "true")), "```", ""]
    if rule.params:
        lines += ["| parameter | default | unit | why |", "| --- | --- | --- | --- |"]
        for name, param in rule.params.items():
            default = "not set: not assessed until it is" if param.default is None else f"`{_cell(value_in_words(param.default))}`"
            lines.append(f"| `{name}` | {default} | {_cell(param.unit or '')} | {_cell(param.why or '')} |")
        lines.append("")
    lines += ["## Why, and what to do", "", rule.why, "", rule.fix, "", f"Asked of people: {rule.ask}", ""]
    lines += ["## Cases", "", "| case | verdict |", "| --- | --- |"]
    for case in rule.cases:
        reason = f", {_spaced(case.expect.reason)}" if case.expect.reason else ""
        lines.append(f"| {_cell(case.name)} | {_spaced(case.expect.verdict)}{reason} |")
    return "\n".join([*lines, ""])


def _crosswalk(crosswalk: Crosswalk, book: Rulebook) -> str:
    lines = [f"# {crosswalk.title}", "", WRITTEN, ""]
    lines += [f"Editions: {', '.join(crosswalk.editions)}.", ""] if crosswalk.editions else []
    lines += [f"Source of the entries: {crosswalk.source}.", ""] if crosswalk.source else []
    lines += ["| entry | what it is about | rules | checklists | reports |", "| --- | --- | --- | --- | --- |"]
    for entry in crosswalk.entries:
        rules = ", ".join(_served(pattern, book) for pattern in entry.rules) or "—"
        said = _cell(entry.title) + (f" ({_cell(entry.note)})" if entry.note else "")
        served = (rules, ", ".join(entry.checklists) or "—", ", ".join(entry.reports) or "—")
        lines.append(f"| {_cell(entry.clause)} | {said} | {' | '.join(served)} |")
    return "\n".join([*lines, ""])


def _served(pattern: str, book: Rulebook) -> str:
    """Return a rule with its link, or a glob with the number of rules that it names."""
    if pattern in book.rules:
        return f"[{pattern}](../packs/{book.pack_of[pattern]}/rules/{pattern}.md)"
    return f"`{pattern}` ({len(matching(pattern, book))})"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def pages() -> dict[Path, str]:
    """Return every derived page."""
    book = load_rulebook()
    found = {
        HERE / "model.md": markdown(),
        HERE / "model.sql": ddl(),
        HERE / "model.schema.json": json.dumps(json_schema(), indent=1) + "\n",
        HERE / "commands.md": commands(),
        HERE.parent / "README.md": _readme(book),
    }
    for pack in book.packs:
        found |= {HERE / "packs" / pack / name: text for name, text in _pack(book, pack).items()}
    for crosswalk in load_crosswalks(book).values():
        found[HERE / "crosswalks" / f"{crosswalk.name}.md"] = _crosswalk(crosswalk, book)
    return found


def main() -> int:
    """Write the pages and take away those of rules that are gone, or with --check say which are not current."""
    is_check = "--check" in sys.argv
    wanted = pages()
    gone = [path for folder in ("packs", "crosswalks") for path in (HERE / folder).rglob("*.md") if path not in wanted]
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if not is_check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        for path in gone:
            path.unlink()
    for path in (*stale, *gone):
        print(f"{path.relative_to(HERE.parent)}: {'is not current' if is_check else 'written' if path in wanted else 'taken away'}")
    return 1 if is_check and (stale or gone) else 0


if __name__ == "__main__":
    sys.exit(main())
