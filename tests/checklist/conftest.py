"""The lists of the demonstration, made once per worker."""

from collections.abc import Mapping

import pytest

from auditor.checklist.checklist import Checklist
from auditor.config.settings import load_settings
from auditor.demo.run import Shown
from auditor.workbench.checklisting import Checklists
from auditor.workbench.desk import Desk

Lists = Mapping[tuple[str, str], Checklist]
"""(kind, project) → list."""


@pytest.fixture(scope="session")
def lists(demonstration: Shown) -> Checklists:
    return Checklists(Desk(load_settings(demonstration.folder)))


@pytest.fixture(scope="session")
def made(lists: Checklists) -> Lists:
    """Every kind for every project, in English."""
    return {(item.kind, item.project): item for item in lists.make(list(lists.shelf.templates), lists.projects)}


@pytest.fixture(scope="session")
def french(lists: Checklists) -> Lists:
    return {(item.kind, item.project): item for item in lists.make(list(lists.shelf.templates), lists.projects, "fr")}
