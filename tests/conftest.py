"""What several folders of tests stand on: the demonstration, built and audited once per worker."""

import os

import pytest
from hypothesis import HealthCheck, settings

from auditor.demo.run import Shown, run_demo

# How fast the machine is decides no test, and continuous integration draws the same examples each time.
settings.register_profile("always", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
settings.load_profile("always")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demonstration as `auditor demo` leaves it. Whoever changes something in it works on a copy."""
    return run_demo(tmp_path_factory.mktemp("demonstration") / "portfolio")
