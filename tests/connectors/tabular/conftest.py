import pytest

from tests.connectors.tabular.source import Exports


@pytest.fixture
def exports(tmp_path):
    return Exports(tmp_path)
