"""What lies in a folder, and the configuration that it leads to: the first step of somebody who has none yet."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from auditor.connect.protocol import Proposal
from auditor.connect.registry import connector_class, connector_names
from auditor.errors import UsageError


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source that a connector believes to have found, with the name that it gets.

    Attributes:
        exclude: folders below it that belong to other sources.
    """

    name: str
    connector: str
    proposal: Proposal
    exclude: tuple[str, ...] = ()


def find_sources(folder: Path) -> list[FoundSource]:
    """Return what the installed connectors find at or below *folder*, in the order of their names.

    Raises:
        UsageError: *folder* is no folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    found: list[FoundSource] = []
    for connector in connector_names():
        propose = getattr(connector_class(connector), "propose", None)
        if propose is None:
            continue
        proposals: list[Proposal] = list(propose(folder))
        for proposal in proposals:
            last = Path(next(iter(proposal.options.values()), connector)).name
            base = connector if len(proposals) == 1 else re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{connector}-{last}").strip("-.")
            taken = {item.name for item in found}
            name = next(each for each in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if each not in taken)
            found.append(FoundSource(name, connector, proposal))
    return [_without_others(folder, source, found) for source in found]


def _without_others(base: Path, source: FoundSource, every: Iterable[FoundSource]) -> FoundSource:
    """Return *source* without the folders of other sources that lie inside its own, where its connector can leave folders out.

    A folder that holds nothing beside them is left out as a whole: it would be a project without a document.
    """
    if "exclude" not in connector_class(source.connector).Options.model_fields:
        return source
    own = _folders(source)
    foreign = {folder for other in every if other.connector != source.connector for folder in _folders(other)}
    inside = {
        _whole(base, folder, other, foreign).relative_to(folder).as_posix()
        for other in foreign
        for folder in own
        if other != folder and other.is_relative_to(folder)
    }
    return replace(source, exclude=tuple(sorted(inside)))


def _whole(base: Path, root: PurePosixPath, inside: PurePosixPath, foreign: Collection[PurePosixPath]) -> PurePosixPath:
    """Return *inside*, or the highest folder above it, below *root*, in which nothing stands but folders of other sources."""
    while (above := inside.parent) != root and _is_foreign(base, above, foreign):
        inside = above
    return inside


def _is_foreign(base: Path, folder: PurePosixPath, foreign: Collection[PurePosixPath]) -> bool:
    if folder in foreign:
        return True
    if not any(other.is_relative_to(folder) for other in foreign):
        return False
    try:
        children = list((base / folder).iterdir())
    except OSError:  # what cannot be listed may hold documents
        return False
    return all(child.is_dir() and _is_foreign(base, folder / child.name, foreign) for child in children)


def _folders(source: FoundSource) -> list[PurePosixPath]:
    """Return the folder that a proposal is about: its first option."""
    return [PurePosixPath(value) for value in list(source.proposal.options.values())[:1]]


def configuration(found: Iterable[FoundSource], *, time_zone: str, default_profile: str | None) -> str:
    """Return a commented `auditor.toml` for the sources that were found."""
    lines = [
        '# Configuration of auditor. Paths count from the folder of this file. Secrets stand elsewhere: {env = "NAME"} or {file = "path"}.',
        "",
        "[store]",
        'path = ".auditor"          # what was pulled, snapshots, audits; nothing else is written',
        f'time_zone = "{time_zone}"     # in which instants become days',
        "",
        "[profiles]                 # by which profile projects are audited: by methodology, and for the rest",
        f'default = "{default_profile}"' if default_profile else '# default = "…"',
        "",
        "# [rules]",
        '# folders = ["rules"]      # packs and profiles of your own',
    ]
    for source in found:
        lines += ["", "[[source]]", f"# {source.proposal.why}", f'name = "{source.name}"', f'connector = "{source.connector}"']
        proposal = source.proposal
        lines += [f"{key} = {toml_text(value)}" for key, value in proposal.options.items()]
        lines += [f"{key} = {{env = {toml_text(name)}}}" for key, name in proposal.secrets.items()]
        if proposal.places:
            lines.append("places = [   # left out: all")
            lines += [f"  {toml_text(place)},   # {_comment(name)}" for place, name in proposal.places.items()]
            lines.append("]")
        lines += [f"# {_comment(remark)}" for remark in proposal.remarks]
        lines += [f"mapping.{key} = [{', '.join(map(toml_text, words))}]   # proposed: confirm" for key, words in proposal.mapping.items()]
        if source.exclude:
            lines.append(f"exclude = [{', '.join(map(toml_text, source.exclude))}]   # other sources")
    lines += [
        "",
        "# Each first-level folder, and each project of a tracker, is a project. [[project]] joins what belongs together and says what no",
        "# source says; what is declared here wins over what is inferred.",
        "# [[project]]",
        '# id = "PORTAL"',
        '# folders = ["portal"]',
        '# jira = ["PORTAL"]',
        '# methodology = "pm2"',
        '# phase = "executing"',
        '# size = "medium"',
        '# record = {risk = "jira", artefact = "fileshare"}   # which source counts where several hold the same',
    ]
    return "\n".join(lines) + "\n"


def ask_source(connector: str, options: Mapping[str, Any], base: Path) -> FoundSource:
    """Return what a source proposes for its own configuration.

    Args:
        connector: its name.
        options: as `auditor.toml` would hold them.
        base: folder that relative paths of the options count from.

    Raises:
        UsageError: the options are wrong, or the connector cannot ask.
        AccessDenied, SourceUnavailable: the source does not answer.
    """
    kind = connector_class(connector)
    try:
        made = kind(kind.Options.model_validate(dict(options)), name=connector, base=base)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, item['loc'])) or connector}: {item['msg']}" for item in error.errors())
        raise UsageError(f"the {connector} cannot be asked: {told}") from None
    suggest = getattr(made, "suggest", None)
    if suggest is None:
        raise UsageError(f"the connector {connector!r} cannot ask a source what it holds")
    return FoundSource(connector, connector, suggest())


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def toml_text(value: str) -> str:
    """Return *value* as a string of TOML."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in escaped) + '"'
