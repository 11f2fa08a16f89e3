"""Commands are called in this process, as a shell would call them: arguments and a folder in, exit code and texts out."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.cli.main import main
from auditor.demo.run import Shown


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both texts in one line."""
        return " ".join(f"{self.out} {self.err}".split())


Auditor = Callable[..., Ran]


@pytest.fixture
def auditor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Auditor:
    def run(*arguments: str, cwd: Path) -> Ran:
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def portfolio(demonstration: Shown) -> Path:
    """The demonstration's folder; it is only read."""
    return demonstration.folder


@pytest.fixture
def copy(portfolio: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration that may be changed."""
    return Path(shutil.copytree(portfolio, tmp_path / "portfolio"))
