"""What the table of a share may say, and what is never taken from it."""

import sys
import tomllib

import pytest
from pydantic import ValidationError

from auditor.config.settings import load_settings
from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Scope
from auditor.errors import UsageError
from auditor_connectors.fileshare import FileshareConnector, FileshareOptions
from auditor_connectors.fileshare.options import Root


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("smb://Server/share/Project%20%C3%A4/x/", Root("smb", "server", 445, "share/Project ä/x")),
        ("smb://s:1445/share", Root("smb", "s", 1445, "share")),
        ("sftp://h/data", Root("sftp", "h", 22, "data")),
        ("sftp://[::1]:2222/", Root("sftp", "::1", 2222, "")),
        ("WebDAVs://h/remote.php/dav", Root("webdavs", "h", 443, "remote.php/dav")),
        ("s3://My-Bucket/a/b", Root("s3", "My-Bucket", 0, "a/b")),
        ("/mnt/share", Root("", "", 0, "/mnt/share")),
        ("C:\\Projects", Root("", "", 0, "C:\\Projects")),
        ("//server/share", Root("", "", 0, "//server/share")),
    ],
)
def test_roots(text, root):
    assert Root.of(text) == root


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"root": "ftp://h/x"}, "a share is a folder, or begins with"),
        ({"root": "sftp://user:Geheim-1@h/x"}, "an address holds no user or password"),
        ({"root": "smb://user@h/x"}, "an address holds no user or password"),
        ({"root": "smb://h"}, "write smb://server/share"),
        ({"root": "sftp:///x"}, "names no server"),
        ({"root": "sftp://h/a/../b"}, "has no '.', '..'"),
        ({"root": "smb://h/s/a%5Cb"}, "has no '.', '..'"),
        ({"root": "webdavs://h/a?token=Geheim-1"}, "has no parameters"),
        ({"root": "sftp://h:99999/"}, "cannot be read"),
        ({"root": "/mnt/x", "user": "u"}, "`user` belongs to smb://"),
        ({"root": "smb://h/s", "host_key": "SHA256:" + "a" * 43}, "`host_key` belongs to sftp://"),
        ({"root": "sftp://h", "user": "u", "password": "Geheim-1"}, "a secret never stands in the configuration"),
        ({"root": "sftp://h", "password": {"env": "X"}}, "`password` needs a `user`"),
        ({"root": "sftp://h", "user": "u", "passphrase": {"env": "X"}}, "`passphrase` needs a `key_file`"),
        ({"root": "sftp://h", "user": "u", "host_key": "MD5:aa"}, "host_key"),
        ({"root": "s3://b", "user": "u", "password": {"env": "X"}, "anonymous": True}, "either `user` or `anonymous`"),
        ({"root": "s3://b", "endpoint_url": "https://u:Geheim-1@h"}, "endpoint_url"),
    ],
)
def test_mistakes_are_told_and_not_repeated(said, wrong):
    with pytest.raises(ValidationError) as error:
        FileshareOptions(**said)
    assert wrong in str(error.value)
    assert "Geheim" not in str(error.value)


def test_password_in_an_address_is_refused_at_load(tmp_path):
    (tmp_path / "auditor.toml").write_text('[[source]]\nname = "s"\nconnector = "fileshare"\nroot = "sftp://u:Geheim-1@h/x"\n')
    with pytest.raises((UsageError, ExceptionGroup)) as error:
        load_settings(tmp_path / "auditor.toml")
    said = "".join(str(inner) for inner in getattr(error.value, "exceptions", [error.value]))
    assert "an address holds no user or password" in said
    assert "Geheim" not in said


@pytest.mark.parametrize(("root", "package"), [("smb://h/s", "smbclient"), ("sftp://h/s", "paramiko"), ("s3://b/s", "botocore.session")])
def test_missing_package_says_what_to_install(monkeypatch, root, package):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setenv("P", "Geheim-1")
    connector = FileshareConnector(FileshareOptions(root=root, user="u", password={"env": "P"}))
    with pytest.raises(UsageError, match="is not installed") as error:
        next(connector.pull(Scope(), Remembered()))
    assert f"pip install 'auditor[{root.partition(':')[0]}]'" in str(error.value)
    from pathlib import Path

    extras = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {"smb", "sftp", "webdav", "s3"} <= set(extras)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"root": "sftp://h/x"}, "needs a `user`"),
        ({"root": "sftp://h/x", "user": "u"}, "needs a `password` or a `key_file`"),
        ({"root": "sftp://h/x", "user": "u", "key_file": "missing"}, "the key cannot be read"),
        ({"root": "sftp://h/x", "user": "u", "password": {"env": "P"}, "known_hosts": "missing"}, "there is no such file"),
        ({"root": "smb://h/x"}, "needs a `user`"),
        ({"root": "smb://h/x", "user": "u"}, "has no `password`"),
        ({"root": "smb://h/x", "user": "u", "password": {"env": "NOT_SET"}}, "NOT_SET is not set"),
        ({"root": "webdav://example.org/x", "user": "u", "password": {"env": "P"}}, "never sent unencrypted"),
        ({"root": "s3://b", "user": "u", "password": {"env": "P"}, "endpoint_url": "http://example.org"}, "never sent unencrypted"),
    ],
)
def test_what_is_missing_is_told_before_anybody_is_asked(tmp_path, monkeypatch, said, wrong):
    monkeypatch.setenv("P", "Geheim-1")
    connector = FileshareConnector(FileshareOptions(**said), base=tmp_path)
    for call in (lambda: next(connector.pull(Scope(), Remembered())), lambda: connector.diagnose(Scope())):
        with pytest.raises(UsageError, match=wrong):
            call()


def test_a_local_root_has_nobody_to_ask(tmp_path):
    assert FileshareConnector(FileshareOptions(root=tmp_path)).diagnose(Scope()) is None
