"""The README tells what was really decided: audited anew where the deep tests run, since it takes minutes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_TIME_LIMIT = 900  # seconds


@pytest.mark.samples
def test_the_readme_tells_the_shares_that_are_measured() -> None:
    script = ROOT / "docs" / "shares.py"
    done = subprocess.run([sys.executable, script, "--check"], cwd=ROOT, capture_output=True, text=True, timeout=_TIME_LIMIT, check=False)
    assert done.returncode == 0, done.stderr
