"""What several folders of tests stand on: the demonstration and the shipped rules, each made once per run."""

import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from auditor.demo.run import Shown, run_demo
from auditor.rulebook import load
from auditor.rulebook.cache import CACHE
from auditor.rulebook.yaml_source import Source

# How fast the machine is decides no test, and continuous integration draws the same examples each time.
settings.register_profile("always", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
settings.load_profile("always")

_SHARED = "AUDITOR_TESTS_SHARED"
"""The environment variable by which workers and commands find what one of them has made already."""


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for what all workers share; they inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="auditor-tests-")
    os.environ[CACHE] = str(Path(os.environ[_SHARED]) / "cache")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the folder away when the last worker has gone."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(_SHARED), ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _shipped_files_are_parsed_once() -> Iterator[None]:
    """Let every rulebook that a test loads share what the files of the shipped packs say: they do not change while tests run."""
    home = Path(str(files("auditor_rules"))).resolve()
    parse = load.load_yaml
    known: dict[tuple[str, str | None], Source] = {}

    def load_yaml(file: Path | Traversable, name: str | None = None) -> Source:
        if not isinstance(file, Path) or not file.resolve().is_relative_to(home):
            return parse(file, name)
        key = (str(file), name)
        if key not in known:
            known[key] = parse(file, name)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "load_yaml", load_yaml)
        yield


@pytest.fixture(scope="session")
def demonstration() -> Shown:
    """The demonstration as `auditor demo` leaves it. Whoever changes something in it works on a copy."""
    shared = Path(os.environ[_SHARED])
    made = shared / "demonstration.pickle"
    with FileLock(shared / "demonstration.lock"):
        if not made.exists():
            made.write_bytes(pickle.dumps(run_demo(shared / "demonstration")))
    return pickle.loads(made.read_bytes())  # type: ignore[no-any-return]
