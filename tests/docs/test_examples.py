"""Every example of the README and the guides prints what its page shows."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from auditor.demo.run import Shown

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("examples")


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("examples", ROOT / "docs" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["examples"] = module
    spec.loader.exec_module(module)
    return module


EXAMPLES = load()


@pytest.mark.parametrize("page", EXAMPLES.PAGES, ids=lambda page: page.name)
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path, demonstration: Shown) -> None:
    """Typed one after the other, the commands of a page print what stands below them; two guides begin with the demonstration that is there."""
    found = list(EXAMPLES.examples(page))
    assert found, "a guide has examples"
    is_first = page.name in {"README.md", "guide-qa-officer.md"}  # these make the demonstration themselves
    reader = EXAMPLES.Reader(tmp_path, None if is_first else demonstration.folder)
    if not is_first and found[0].command == "auditor demo":
        reader.run(found.pop(0).command)
    bad = [text for example in found if (text := EXAMPLES.differs(example, reader.run(example.command)))]
    assert not bad, "run `python docs/examples.py --write`:\n" + "\n".join(bad)
