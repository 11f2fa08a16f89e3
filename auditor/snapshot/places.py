"""Which project each place of each source belongs to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from auditor.config.settings import Project, Settings, Source


@dataclass(frozen=True, slots=True)
class Part:
    """A place of a source, or the part of it below a folder that `[[project]]` names ('Archive/Alpha').

    Attributes:
        below: only things whose key begins so; '' for all.
        but: not those whose key begins with one of these: other projects have them.
    """

    source: Source
    place: str
    below: str = ""
    but: tuple[str, ...] = ()

    def holds(self, key: str) -> bool:
        """Say whether a thing of the place belongs to this part."""
        return key.startswith(self.below) and not key.startswith(self.but)


@dataclass(frozen=True, slots=True)
class ProjectPlaces:
    """A project and where it is found.

    Attributes:
        declared: what `[[project]]` says, or None.
        parts: in the order of the configuration.
    """

    id: str
    declared: Project | None
    parts: tuple[Part, ...]


def projects_of(
    settings: Settings, places: Mapping[str, Iterable[str]], keys: Callable[[str, str], Iterable[str]]
) -> tuple[tuple[ProjectPlaces, ...], tuple[str, ...]]:
    """Return all projects by id, and what a person should know about how they were told apart.

    Args:
        settings: which sources, and what `[[project]]` joins and divides.
        places: source → its places that hold something; '' (no project) is passed over.
        keys: of the things of a source's place; asked for only where `[[project]]` divides it.
    """
    found: dict[str, list[Part]] = {project.id: [] for project in settings.projects}
    notes = []
    owner: dict[str, str] = {}  # id of an undeclared project → source
    for source in settings.sources:
        for place in sorted(places.get(source.name, ())):
            if not place:
                continue
            inner = _inner(settings, source, place)
            for below, project in inner:
                deeper = tuple(other for other, _ in inner if other != below and other.startswith(below))
                found[project].append(Part(source, place, below, deeper))
            rest = Part(source, place, but=tuple(below for below, _ in inner))
            if inner and not any(key.startswith(f"{place}/") and rest.holds(key) for key in keys(source.name, place)):
                continue  # a folder of projects only is none itself
            declared = settings.project_of_place.get((source.project_key, place))
            if declared is not None:
                found[declared].append(rest)
                continue
            name = place
            taken = owner.get(place, "auditor.toml" if place in found else "")
            if taken and taken != source.name:
                # Of the same name is not the same thing: evidence of two projects must not be mixed.
                name = f"{place}@{source.name}"
                notes.append(f"{source.name}: {place!r} is also a project of {taken}; join them with [[project]] if they are one")
            else:
                owner[place] = source.name
            found.setdefault(name, []).append(rest)
    by_id = {project.id: project for project in settings.projects}
    return tuple(ProjectPlaces(name, by_id.get(name), tuple(found[name])) for name in sorted(found)), tuple(notes)


def _inner(settings: Settings, source: Source, place: str) -> list[tuple[str, str]]:
    """Return the folders below a place that `[[project]]` names, each with its project."""
    return [
        (f"{declared}/", project)
        for (key, declared), project in sorted(settings.project_of_place.items())
        if key == source.project_key and declared.startswith(f"{place}/")
    ]
