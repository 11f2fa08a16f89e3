"""What a Jira's own metadata propose for its configuration: for `auditor init --jira`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from auditor.config.mapping import EntryMapping
from auditor.connect.protocol import Proposal
from auditor_connectors.jira.live.metadata import Project, read_projects
from auditor_connectors.jira.live.site import Site
from auditor_connectors.jira.options import JiraOptions
from auditor_connectors.jira.values import folded

_SHORTEST = 4
"""A word of a register that is shorter says too little inside another one."""


def suggest(site: Site, options: JiraOptions, mapping: EntryMapping) -> Proposal:
    """Return projects, and the types and fields that the shipped mapping knows, nearly knows, and does not know.

    Raises:
        AccessDenied: the token is not accepted.
        SourceUnavailable: the Jira does not answer.
    """
    site.myself()
    projects = read_projects(site)
    types = sorted({str(item["name"]) for item in site.items("issuetype") if isinstance(item, dict) and item.get("name")})
    custom = [item for item in site.items("field") if isinstance(item, dict) and str(item.get("id", "")).startswith("customfield_")]
    fields = sorted(str(item["name"]) for item in custom if item.get("name"))
    proposed, remarks = _types(types, mapping)
    tables = {mapping.table_of(name) for name in types} | {key.split(".")[1] for key in proposed}
    proposed |= dict(_fields(fields, mapping, sorted(table for table in tables if table)))
    twice = sorted({name for name in fields if fields.count(name) > 1})
    if twice:
        remarks.append(f"several fields have the same name, the first that is filled counts: {', '.join(twice)}")
    said = {"url": options.url} | ({"user": options.user} if options.user else {})
    secrets = {"token": options.token.env} if options.token and options.token.env else {}
    return Proposal(
        said,
        f"Jira {'Cloud' if site.is_cloud else 'Data Center'} with {len(projects)} projects that the account may see",
        secrets,
        _places(projects),
        proposed,
        tuple(remarks),
    )


def _places(projects: Iterable[Project]) -> dict[str, str]:
    return {project.key: project.name for project in projects}


def _types(types: list[str], mapping: EntryMapping) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the types to declare, and what is said about the others."""
    known: dict[str, list[str]] = defaultdict(list)
    alike: dict[str, list[str]] = defaultdict(list)
    strange = []
    for name in types:
        table = mapping.table_of(name)
        if table is not None:
            known[table].append(name)
        elif not mapping.is_work(name):
            near = _near(name, mapping)
            if near is None:
                strange.append(name)
            else:
                alike[near].append(name)
    remarks = [f"{table}: issues of type {', '.join(names)}" for table, names in sorted(known.items())]
    if strange:
        remarks.append(f"work, unless declared otherwise: {', '.join(strange)}")
    return {f"registers.{table}.types": tuple(names) for table, names in sorted(alike.items())}, remarks


def _near(name: str, mapping: EntryMapping) -> str | None:
    """Return the register whose word stands in a name: 'Programme risk' → risk. The longest word decides."""
    words = f" {folded(name)} "
    found = [(len(word), table) for word, table in mapping.types.items() if len(word) >= _SHORTEST and f" {word} " in words]
    return max(found)[1] if found else None


def _fields(fields: list[str], mapping: EntryMapping, tables: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield fields to declare for columns that no field of the instance fills by its shipped names."""
    by_word = {folded(name): name for name in fields}
    for table in tables:
        register = mapping.registers.get(table)
        for column, how in sorted(register.columns.items()) if register else ():
            if any(word in by_word for word in how.fields):
                continue
            near = sorted(
                name
                for word, name in by_word.items()
                if any(len(said) >= _SHORTEST and " " in said and f" {said} " in f" {word} " for said in how.fields)
            )
            if near:
                yield f"registers.{table}.columns.{column}.fields", tuple(near)
