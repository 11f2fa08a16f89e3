"""The whole demonstration: the first seven projects and the further ones, with the organisation's own profile and exports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from auditor.demo.further import further_files, further_stories, further_tickets
from auditor.demo.house import CONFIGURATION as HOUSE
from auditor.demo.house import House, house_stories, write_house
from auditor.demo.portfolio import CONFIGURATION as FIRST
from auditor.demo.portfolio import build_portfolio
from auditor.demo.prince import Prince, prince_stories
from auditor.demo.prince_documents import prince_files
from auditor.demo.prince_tracker import quasar_tickets
from auditor.demo.story import Story
from auditor.demo.thorough import PROFILE, WILLOW
from auditor.demo.tracker import write_pages, write_statuses
from auditor.demo.write import write_file

_Story = TypeVar("_Story", Story, Prince, House)


def build_everything(folder: Path) -> Path:
    """Write all projects below *folder* and return the path of its `auditor.toml`."""
    path = build_portfolio(folder)
    return _build(folder, path.read_text(encoding="utf-8"), {})


def build_further(folder: Path) -> Path:
    """Write the further projects only below *folder* and return the path of its `auditor.toml`."""
    return _build(folder, FIRST, {})


def build_copies(folder: Path, copies: Mapping[str, str]) -> Path:
    """Write copies of further projects, and nothing else, below *folder* and return the path of its `auditor.toml`.

    *copies*: id of a copy → the project that it is a copy of, but for its id.
    """
    return _build(folder, FIRST, copies)


def _chosen(stories: Sequence[_Story], copies: Mapping[str, str]) -> Sequence[_Story]:
    return [replace(story, id=copy) for copy, source in copies.items() for story in stories if story.id == source] if copies else stories


def _build(folder: Path, configuration: str, copies: Mapping[str, str]) -> Path:
    path = folder / "auditor.toml"
    for number, story in enumerate(_chosen(further_stories(), copies)):
        for file in further_files(story):
            write_file(folder / "Projects" / story.id, file)
        lead = story.who("project_manager")
        if story.tracker:
            pages = folder / "jira-pages" / f"{story.id}.json"
            write_pages(pages, story.id, story.name, further_tickets(story), lead, 100_000 + 1000 * number)
        method = "pm2_agile" if story.agile else "pm2"
        configuration += _project(
            story.id, story.name, story.tracker, f'methodology = "{method}"\nphase = "{story.phase}"\nsize = "{story.size}"', story.agile
        )
        configuration += f"is_outsourced = {str(story.outsourced).lower()}\n"
        if story.name == WILLOW:
            configuration += f'profile = "permits"\nbudget = {int(story.budget)}\n'
    for number, prince in enumerate(_chosen(prince_stories(), copies)):
        for file in prince_files(prince):
            write_file(folder / "Projects" / prince.id, file)
        lead = prince.who("project_manager")
        if prince.agile:
            pages = folder / "jira-pages" / f"{prince.id}.json"
            write_pages(pages, prince.id, prince.name, quasar_tickets(prince), lead, 60_000 + 1000 * number)
        phase = "closed" if prince.closed else "executing"
        method = "prince2_agile" if prince.agile else "prince2"
        said = f'methodology = "{method}"\nmethodology_edition = "{prince.edition}"\nphase = "{phase}"\nsize = "medium"'
        said += f"\nstart_on = {prince.start}\nplanned_end_on = {prince.stages[-1].end}"
        configuration += _project(prince.id, prince.name, prince.agile, said, prince.agile) + "is_outsourced = false\n"
        if prince.agile:
            configuration += 'profile = "prince2-2023"\n'
    write_statuses(folder / "jira-pages" / "statuses.json")
    configuration += HOUSE
    configuration += write_house(folder, _chosen(house_stories(), copies))
    (folder / "house" / "permits.yaml").write_text(PROFILE, encoding="utf-8")
    path.write_text(configuration, encoding="utf-8")
    return path


def _project(project: str, name: str, tracker: bool, said: str, agile: bool) -> str:
    places = f'jira = ["{project}"]\n' if tracker else ""
    return f'\n[[project]]\nid = "{project}"\nname = "{name}"\nfolders = ["{project}"]\n{places}{said}\nis_agile = {str(agile).lower()}\n'
