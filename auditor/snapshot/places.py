"""Which project each place of each source belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.config.settings import Project, Settings, Source


@dataclass(frozen=True, slots=True)
class ProjectPlaces:
    """A project and where it is found.

    Attributes:
        declared: what `[[project]]` says, or None.
        places: (source, place), in the order of the configuration.
    """

    id: str
    declared: Project | None
    places: tuple[tuple[Source, str], ...]


def projects_of(settings: Settings, places: Mapping[str, Iterable[str]]) -> tuple[tuple[ProjectPlaces, ...], tuple[str, ...]]:
    """Return all projects by id, and what a person should know about how they were told apart.

    Args:
        settings: which sources, and what `[[project]]` joins.
        places: source → its places that hold something; '' (no project) is passed over.
    """
    found: dict[str, list[tuple[Source, str]]] = {project.id: [] for project in settings.projects}
    notes = []
    owner: dict[str, str] = {}  # id of an undeclared project → source
    for source in settings.sources:
        for place in sorted(places.get(source.name, ())):
            if not place:
                continue
            project = settings.project_of_place.get((source.project_key, place))
            if project is None:
                project = place
                taken = owner.get(place, "auditor.toml" if place in found else "")
                if taken and taken != source.name:
                    # Of the same name is not the same thing: evidence of two projects must not be mixed.
                    project = f"{place}@{source.name}"
                    notes.append(f"{source.name}: {place!r} is also a project of {taken}; join them with [[project]] if they are one")
                else:
                    owner[place] = source.name
            found.setdefault(project, []).append((source, place))
    declared = {project.id: project for project in settings.projects}
    return (
        tuple(ProjectPlaces(name, declared.get(name), tuple(found[name])) for name in sorted(found)),
        tuple(notes),
    )
