"""Secrets of a keyring are read by name; what goes wrong there says nothing of them."""

import sys
from types import ModuleType

import pytest

from auditor.connect.secret import Secret
from auditor.errors import UsageError


@pytest.fixture
def keyring(monkeypatch):
    module = ModuleType("keyring")
    held = {("jira", "ann@example.org"): "s3cret", ("work/jira", "bob"): "0ther"}

    def get_password(service, user):
        if service == "broken":
            raise RuntimeError("back end says s3cret")
        return held.get((service, user))

    module.get_password = get_password
    monkeypatch.setitem(sys.modules, "keyring", module)


@pytest.mark.usefixtures("keyring")
def test_a_secret_is_read_by_service_and_user(tmp_path):
    assert Secret(keyring="jira/ann@example.org").read(tmp_path) == "s3cret"
    assert Secret(keyring="work/jira/bob").read(tmp_path) == "0ther"


@pytest.mark.usefixtures("keyring")
def test_what_is_not_there_and_what_breaks(tmp_path):
    with pytest.raises(UsageError, match="holds nothing"):
        Secret(keyring="jira/nobody").read(tmp_path)
    with pytest.raises(UsageError) as caught:
        Secret(keyring="broken/ann").read(tmp_path)
    assert "s3cret" not in str(caught.value)


def test_without_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UsageError, match="not installed"):
        Secret(keyring="jira/ann").read(tmp_path)
