"""Servers of files for the tests of a folder, started when the first test asks for one."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from auditor_connectors.fileshare import FileshareConnector, FileshareOptions
from tests.servers.shares import PASSWORD, USER, Relay, Samba, Serving

KINDS = ("smb", "sftp", "webdav", "s3")


class Share:
    """A server as tests use it: files are written into local folders that it serves.

    Attributes:
        port: to be used instead of the server's own: of a relay.
    """

    def __init__(self, kind, server):
        self.kind = kind
        self.server = server
        self.port = server.port
        self.user = server.user if kind == "smb" else USER

    def options(self, folder, **more):
        """The source's table for a folder of this machine."""
        said = {"readers": 1, "connections": 2, "user": self.user, "password": {"env": "SHARE_PASSWORD"}}
        if self.kind == "s3":
            said |= {"root": f"s3://{bucket_of(folder)}/some where", "endpoint_url": f"http://127.0.0.1:{self.port}"}
        elif self.kind == "smb":
            said |= {"root": f"smb://127.0.0.1:{self.port}/all{folder}", "timeout_seconds": 20}
        elif self.kind == "sftp":
            said |= {"root": f"sftp://127.0.0.1:{self.port}{folder}", "known_hosts": self.known_hosts(), "timeout_seconds": 20}
        else:
            said |= {"root": f"webdav://127.0.0.1:{self.port}{folder}"}
        return FileshareOptions(**(said | more))

    def known_hosts(self):
        file = self.server.state / f"known-{self.port}"
        file.write_text(f"[127.0.0.1]:{self.port} {(self.server.state / 'host.pub').read_text()}")
        return str(file)

    def connect(self, folder, **more):
        self.sync(folder)
        return FileshareConnector(self.options(folder, **more))

    def sync(self, folder):
        """Make the bucket hold what the folder holds; the other servers serve the folder itself."""
        if self.kind != "s3":
            return
        client, bucket = self.client(), bucket_of(folder)
        there = {item["Name"] for item in client.list_buckets()["Buckets"]}
        held = {}
        if bucket in there:
            held = {item["Key"]: item["ETag"].strip('"') for item in client.list_objects_v2(Bucket=bucket).get("Contents", ())}
        wanted = {}
        if folder.is_dir():
            if bucket not in there:
                client.create_bucket(Bucket=bucket)
            wanted = {f"some where/{file.relative_to(folder).as_posix()}": file for file in folder.rglob("*") if file.is_file()}
        for key, file in wanted.items():
            body = file.read_bytes()
            if held.get(key) != hashlib.md5(body).hexdigest():
                client.put_object(Bucket=bucket, Key=key, Body=body)
        for key in held.keys() - wanted.keys():
            client.delete_object(Bucket=bucket, Key=key)
        if not folder.is_dir() and bucket in there:
            client.delete_bucket(Bucket=bucket)

    def client(self):
        import botocore.session

        if not hasattr(self.server, "client"):
            self.server.client = self._new_client(botocore.session.get_session())
        return self.server.client

    def _new_client(self, session):
        return session.create_client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.server.port}",
            region_name="us-east-1",
            aws_access_key_id="tests",
            aws_secret_access_key="tests-tests",
        )


def bucket_of(folder):
    return "b" + hashlib.sha256(str(folder).encode()).hexdigest()[:20]


@pytest.fixture(scope="session")
def _servers():
    """Kind → server; each starts when it is asked for."""
    state = Path(tempfile.mkdtemp(prefix="shares-"))
    state.chmod(0o755)
    running = {}

    def get(kind):
        if kind not in running:
            (state / kind).mkdir()
            running[kind] = Samba(state / kind) if kind == "smb" else Serving(kind, state / kind)
        return running[kind]

    yield get
    for server in running.values():
        server.stop()
    shutil.rmtree(state)


@pytest.fixture
def share_of(_servers, monkeypatch):
    """Give the server of a kind."""
    monkeypatch.setenv("SHARE_PASSWORD", PASSWORD)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return lambda kind: Share(kind, _servers(kind))


@pytest.fixture(params=KINDS)
def share(request, share_of):
    """Each kind of server."""
    return share_of(request.param)


@pytest.fixture
def relay(share):
    """The same server by a way that can be cut."""
    relay = Relay(share.server.port)
    share.port = relay.port
    yield relay
    relay.close()


@pytest.fixture
def read_here(monkeypatch):
    """Read documents in this process: starting children takes longer than all the rest of a test."""
    from auditor_connectors.documents import child, pool

    def read(self, path):
        about, document = child._answer(path, self._limits)
        import orjson

        return pool._read_of(orjson.dumps(about) + b"\n" + document)

    monkeypatch.setattr(pool._Child, "read", read)


@pytest.fixture
def no_waiting(monkeypatch):
    """Try again at once."""
    monkeypatch.setattr("auditor_connectors.fileshare.remote.backoff", lambda _: 0.001)
    monkeypatch.setattr("auditor.connect.http.client.backoff", lambda _: 0.001)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where temporary files lie."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def open_folder():
    """A folder that every account of this machine may read."""
    folder = Path(tempfile.mkdtemp(prefix="shares-", dir=os.environ.get("TMPDIR", "/tmp")))
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def write(root, *paths, text="# Charter\n\nThe project makes things.\n", at=1_700_000_000):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        os.utime(file, (at, at))
