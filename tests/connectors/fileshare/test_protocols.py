"""What only one kind of server does, and what servers do wrong."""

import base64
import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Record, Scope, Unread, Walked
from auditor.errors import AccessDenied, SourceUnavailable
from auditor_connectors.documents.limits import Unreadable
from auditor_connectors.fileshare import FileshareConnector, FileshareOptions, remote
from auditor_connectors.fileshare.connector import _is_fresh
from auditor_connectors.fileshare.remote import _safe
from auditor_connectors.fileshare.walk import Met
from auditor_connectors.fileshare.webdav import _instant
from tests.connectors.fileshare.conftest import Share, write
from tests.servers.shares import PASSPHRASE, PASSWORD, Serving
from tests.servers.web import Reply, serving

pytestmark = [pytest.mark.xdist_group("shares"), pytest.mark.usefixtures("read_here", "temporary", "no_waiting")]


def pull(connector, known=None, places=()):
    return list(connector.pull(Scope(tuple(places)), known or Remembered()))


def records(pulled):
    return {thing.key: thing for thing in pulled if isinstance(thing, Record) and thing.kind == "document"}


def unread(pulled):
    return {thing.key: thing for thing in pulled if isinstance(thing, Unread)}


def walked(pulled):
    return {thing.place: thing for thing in pulled if isinstance(thing, Walked)}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    write(folder, "P/a.md", "P/sub/b.md", "Q/c.md")
    return folder


# SFTP


@pytest.fixture
def sftp(share_of):
    return share_of("sftp")


def fingerprint_of(sftp):
    key = base64.b64decode((sftp.server.state / "host.pub").read_text().split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def refused(sftp, root, **more):
    with pytest.raises(SourceUnavailable) as error:
        pull(sftp.connect(root, **more))
    return str(error.value)


def test_unknown_key_is_refused_with_what_to_do(sftp, root, tmp_path):
    (tmp_path / "known").write_text("# nobody\nother.example ssh-ed25519 AAAA\n")
    said = refused(sftp, root, known_hosts=str(tmp_path / "known"))
    assert "nobody vouched for the server's key" in said
    assert f'host_key = "{fingerprint_of(sftp)}"' in said


def test_changed_and_revoked_keys_are_refused(sftp, root, tmp_path):
    import asyncssh

    known = tmp_path / "known"
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    own = (sftp.server.state / "host.pub").read_text()
    host = f"[127.0.0.1]:{sftp.port}"
    known.write_text(f"{host} {other}")
    assert "another key than" in refused(sftp, root, known_hosts=str(known))
    known.write_text(f"{host} {own}@revoked {host} {own}")
    assert "revoked" in refused(sftp, root, known_hosts=str(known))
    assert "another key than `host_key`" in refused(sftp, root, known_hosts=None, host_key="SHA256:" + "A" * 43)


def test_known_servers_in_every_form(sftp, root, tmp_path):
    import paramiko

    own = (sftp.server.state / "host.pub").read_text()
    known = tmp_path / "known"
    hashed = paramiko.HostKeys.hash_host(f"[127.0.0.1]:{sftp.port}")
    known.write_text(f"\n# a remark\n@cert-authority * {own}\nx,[127.0.0.1]:1 {own}{hashed} {own}")
    assert len(records(pull(sftp.connect(root, known_hosts=str(known))))) == 3
    assert len(records(pull(sftp.connect(root, known_hosts=None, host_key=fingerprint_of(sftp))))) == 3


def test_key_with_passphrase(sftp, root, tmp_path, monkeypatch):
    monkeypatch.setenv("SHARE_PASSPHRASE", PASSPHRASE)
    more = {"password": None, "key_file": str(sftp.server.state / "client"), "passphrase": {"env": "SHARE_PASSPHRASE"}}
    assert len(records(pull(sftp.connect(root, **more)))) == 3
    monkeypatch.setenv("SHARE_PASSPHRASE", "falsch-77")
    with pytest.raises(Exception, match="the key cannot be used") as error:
        pull(sftp.connect(root, **more))
    assert error.value.__suppress_context__
    assert "falsch-77" not in str(error.value)
    import asyncssh

    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "foreign"))
    with pytest.raises(AccessDenied, match="does not accept the key"):
        pull(sftp.connect(root, password=None, key_file=str(tmp_path / "foreign")))


def test_clock_of_a_server_that_does_not_tell_it():
    now = int(datetime.now(UTC).timestamp()) * 1_000_000_000
    assert _is_fresh(now - 30_000_000_000, None)
    assert _is_fresh(now + 30_000_000_000, None)
    assert not _is_fresh(now - 90_000_000_000, None)
    assert not _is_fresh(now - 30_000_000_000, 0.0)
    assert _is_fresh(now - 3_600_000_000_000, -3_600.0)


# WebDAV


def multistatus(*things):
    """An answer to PROPFIND; each thing is href, size (None: a folder) and further properties."""
    said = []
    for href, size, *more in things:
        kind = "<D:resourcetype><D:collection/></D:resourcetype>" if size is None else "<D:resourcetype/>"
        length = "" if size is None else f"<D:getcontentlength>{size}</D:getcontentlength>"
        said.append(
            f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{kind}{length}{''.join(more)}</D:prop>"
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat><D:propstat><D:prop><D:getetag/></D:prop>"
            "<D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>"
        )
    return Reply(f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{"".join(said)}</D:multistatus>', 207)


WHEN = "<D:getlastmodified>Tue, 14 Nov 2023 22:13:20 GMT</D:getlastmodified>"
TEXT = b"# Charter\n\nThe project makes things.\n"


def dav(server, monkeypatch, **more):
    monkeypatch.setenv("SHARE_PASSWORD", PASSWORD)
    root = server.url.replace("http", "webdav", 1) + "/dav"
    said = {"root": root, "user": "auditor", "password": {"env": "SHARE_PASSWORD"}, "readers": 1, "connections": 1}
    return FileshareConnector(FileshareOptions(**(said | more)))


def usual(asked):
    path = asked.path.rstrip("/")
    if asked.method == "GET":
        return Reply(TEXT, headers={"Server": "Test/1"})
    if path == "/dav":
        return multistatus(("/dav/", None), ("/dav/P/", None))
    return multistatus(("/dav/P/", None), ("/dav/P/a.md", len(TEXT), WHEN, '<D:getetag>W/"1"</D:getetag>'))


def test_content_is_never_fetched_from_another_host(monkeypatch):
    with serving(lambda _: Reply(TEXT)) as foreign:
        there = foreign.url.replace("127.0.0.1", "localhost")

        def answer(asked, where):
            if asked.method == "GET" or asked.path.rstrip("/").endswith(where):
                return Reply(b"", 302 if asked.method == "GET" else 307, {"Location": f"{there}/x"})
            return usual(asked)

        for where in ("nowhere", "/P", "/dav"):
            with serving(partial(answer, where=where)) as server, contextlib.suppress(SourceUnavailable, AccessDenied):
                pulled = pull(dav(server, monkeypatch))
                assert records(pulled) == {}
        assert foreign.asked == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<html><body>Please sign in</body></html>", 200),
        Reply("<html><body>Please sign in</body></html>", 207),
        Reply("<D:multistatus xmlns:D='DAV:'><D:resp", 207),
        Reply('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 207),
        Reply("{}", 200),
        multistatus(("/dav/P/a.md", 3)),
        multistatus(("/dav/", None), ("/dav/../../etc/passwd", 3)),
        multistatus(("/dav/", None), ("/dav/P/x/deep.md", 3)),
    ],
)
def test_answers_that_are_none(monkeypatch, reply):
    with serving(lambda _: reply) as server, pytest.raises(SourceUnavailable) as error:
        pull(dav(server, monkeypatch, http={"max_wait_minutes": 0.0001}))
    assert "root:" not in str(error.value)


def test_address_and_zone_as_servers_write_them(monkeypatch):
    def answer(asked):
        path = asked.path.rstrip("/")
        if asked.method == "GET":
            return Reply(TEXT, headers={"ETag": '"abc-gzip"'})
        if path == "/dav":
            # As behind a proxy: a whole address, another path.
            return multistatus((f"{server.url}/inner/", None), (f"{server.url}/inner/P%20%C3%A4/", None))
        return multistatus(
            ("/inner/P%20%C3%A4", None),
            ("/inner/P%20%C3%A4/a%23b.md", len(TEXT), WHEN.replace("22:13:20 GMT", "23:13:20 +0100"), '<D:getetag>"abc"</D:getetag>'),
            ("/inner/P%20%C3%A4/none.md", 0),
        )

    with serving(answer) as server:
        pulled = pull(dav(server, monkeypatch))
        gets = [asked.path for asked in server.asked if asked.method == "GET"]
        finds = [asked for asked in server.asked if asked.method == "PROPFIND"]
    assert gets == ["/dav/P%20%C3%A4/a%23b.md"]
    assert {asked.headers["depth"] for asked in finds} == {"1"}  # never the whole tree, and nothing is asked twice
    assert records(pulled)["P ä/a#b.md"].changed_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert unread(pulled)["P ä/none.md"].reason == "empty"


def test_state_of_single_things_that_is_refused_and_lists_that_are_cut(monkeypatch):
    refusal = "<D:response><D:href>/dav/P/secret.md</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>"
    cut = "<D:response><D:href>/dav/Q/</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>"

    def answer(asked):
        path = asked.path.rstrip("/")
        if asked.method == "PROPFIND" and path == "/dav":
            return multistatus(("/dav/", None), ("/dav/P/", None), ("/dav/Q/", None))
        reply = usual(asked)
        if asked.method == "PROPFIND" and path == "/dav/P":
            return Reply(reply.body.replace("</D:multistatus>", refusal + "</D:multistatus>"), 207)
        if asked.method == "PROPFIND":
            body = multistatus(("/dav/Q/x.md", 3)).body
            return Reply(body.replace("</D:multistatus>", cut + "</D:multistatus>"), 207)
        return reply

    with serving(answer) as server:
        pulled = pull(dav(server, monkeypatch))
    assert unread(pulled)["P/secret.md"].reason == "permission_denied"
    assert walked(pulled)["P"].is_complete
    assert (walked(pulled)["Q"].is_complete, walked(pulled)["Q"].reason) == (False, "unavailable")


def test_file_that_changes_between_list_and_content(monkeypatch):
    text = [TEXT]

    def answer(asked):
        if asked.method == "GET":
            text[0] = TEXT + b"\nMore.\n"
            return Reply(text[0])
        if asked.path.endswith(".md"):
            return multistatus(("/dav/P/a.md", len(text[0]), WHEN, '<D:getetag>"2"</D:getetag>'))
        return usual(asked)

    with serving(answer) as server:
        pulled = pull(dav(server, monkeypatch))
    assert records(pulled)["P/a.md"].payload["size"] == len(TEXT) + 7
    assert '"2"' in records(pulled)["P/a.md"].fingerprint


def test_locked_and_vanished_files(monkeypatch):
    def answer(asked, status):
        return Reply(b"", status) if asked.method == "GET" else usual(asked)

    for status, reason in ((423, "locked"), (403, "permission_denied"), (401, "permission_denied"), (404, None), (410, None)):
        with serving(partial(answer, status=status)) as server:
            pulled = pull(dav(server, monkeypatch))
        assert (unread(pulled)["P/a.md"].reason if reason else None) == reason
        assert walked(pulled)["P"].is_complete
        assert records(pulled) == {}


def test_size_that_was_not_told_is_limited_while_it_comes(monkeypatch, temporary):
    def answer(asked):
        if asked.method == "GET":
            return Reply(b"x" * 2_000_000)
        if asked.path.rstrip("/") == "/dav":
            return usual(asked)
        return multistatus(("/dav/P/", None), ("/dav/P/a.md", 5, WHEN))

    with serving(answer) as server:
        pulled = pull(dav(server, monkeypatch, max_file_mb=1))
    assert unread(pulled)["P/a.md"].reason == "too_large"
    assert list(temporary.iterdir()) == []


def test_dates():
    at = 1_700_000_000_000_000_000
    assert _instant("Tue, 14 Nov 2023 22:13:20 GMT") == at
    assert _instant("Tue, 14 Nov 2023 17:13:20 -0500") == at
    assert _instant("2023-11-14T22:13:20Z") == at
    assert _instant("yesterday") == _instant("") == _instant("Thu, 01 Jan 1601 00:00:00 GMT") == 0


@pytest.fixture(scope="module")
def encrypted():
    """A WebDAV server with a certificate of an authority that nobody knows."""
    from datetime import timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    state = Path(tempfile.mkdtemp(prefix="shares-"))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (state / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (state / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = Serving("webdav", state)
    yield server
    server.stop()


def test_certificates_are_verified(encrypted, root, monkeypatch):
    monkeypatch.setenv("SHARE_PASSWORD", PASSWORD)
    share = Share("webdav", encrypted)
    address = {"root": f"webdavs://127.0.0.1:{share.port}{root}"}
    with pytest.raises(SourceUnavailable, match="certificate"):
        pull(share.connect(root, **address))
    pulled = pull(share.connect(root, **address, http={"ca_file": str(encrypted.state / "server.pem")}))
    assert set(records(pulled)) == {"P/a.md", "P/sub/b.md", "Q/c.md"}
    assert records(pulled)["P/a.md"].url == f"https://127.0.0.1:{share.port}{root}/P/a.md"


# SMB


@pytest.fixture
def smb(share_of):
    return share_of("smb")


def test_file_that_another_application_holds(smb, root):
    import smbclient

    cache = {}
    path = f"\\\\127.0.0.1\\all{str(root).replace('/', chr(92))}\\P\\a.md"
    said = {"username": smb.user, "password": PASSWORD, "port": smb.port, "connection_cache": cache}
    with smbclient.open_file(path, mode="rb", share_access=None, **said):
        pulled = pull(smb.connect(root))
    smbclient.reset_connection_cache(connection_cache=cache)
    assert unread(pulled)["P/a.md"].reason == "locked"
    assert unread(pulled)["P/a.md"].fingerprint == ""
    assert set(records(pull(smb.connect(root), Remembered(pulled)))) == {"P/a.md"}


def test_attributes_and_reparse_points(smb):
    from auditor_connectors.fileshare.smb import SmbServer

    server = SmbServer(smb.options(Path("/x")), Path())
    line = server.connect()

    def entry(name, attributes, tag=0):
        about = SimpleNamespace(
            file_name=name, file_attributes=attributes, ea_size=tag, end_of_file=5, last_write_time=datetime(2023, 11, 14, tzinfo=UTC)
        )
        return SimpleNamespace(smb_info=about)

    entries = [
        entry("plain", 0x80),
        entry("folder", 0x10),
        entry("hidden", 0x22),
        entry("cold", 0x1020),
        entry("cloud", 0x400420, 0x9000601A),
        entry("deduplicated", 0x420, 0x80000013),
        entry("junction", 0x410, 0xA0000003),
        entry("dfs", 0x410, 0x8000000A),
        entry("link", 0x420, 0xA000000C),
    ]
    server.client = SimpleNamespace(scandir=lambda *_, **__: entries)
    rows = {row.name: (oct(row.mode), row.attributes) for row in line.listing("").rows}
    line.close()
    file, folder, link = oct(0o100000), oct(0o040000), oct(0o120000)
    assert rows == {
        "plain": (file, 0),
        "folder": (folder, 0),
        "hidden": (file, 2),
        "cold": (file, 0x1000),
        "cloud": (file, 0x400000),
        "deduplicated": (file, 0),
        "junction": (link, 0),
        "dfs": (link, 0),
        "link": (link, 0),
    }


def test_server_that_says_nothing_more_is_left(smb, root):
    """Nothing comes after the connection: no answer is waited for without end."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        mute = Share("smb", smb.server)
        mute.port = listener.getsockname()[1]
        begun = time.monotonic()
        with pytest.raises(SourceUnavailable, match="does not answer"):
            pull(mute.connect(root, timeout_seconds=0.2))
        assert time.monotonic() - begun < 30


def test_states_of_the_account(smb):
    from auditor_connectors.fileshare.smb import SmbServer, _translated

    server = SmbServer(smb.options(Path("/x")), Path())
    assert isinstance(_translated(0xC0000234, 0, server), AccessDenied)
    assert isinstance(_translated(0xC00000CC, 0, server), SourceUnavailable)
    assert isinstance(_translated(0xC0000043, 0, server), Unreadable)
    assert isinstance(_translated(0xC0000034, 0, server), FileNotFoundError)
    assert isinstance(_translated(0xC0000022, 0, server), PermissionError)
    assert isinstance(_translated(0xC000020C, 0, server), remote.Dropped)


def test_share_that_is_not_there(smb, root):
    with pytest.raises(SourceUnavailable, match="no such share|no folder"):
        pull(smb.connect(root, root=f"smb://127.0.0.1:{smb.port}/nothing"))


# S3


@pytest.fixture
def s3(share_of):
    return share_of("s3")


def test_many_keys_cold_storage_and_keys_that_are_no_paths(s3, root, monkeypatch):
    from auditor_connectors.fileshare.s3 import S3Line

    s3.sync(root)
    bucket = s3.options(root).where.host
    for key in ("P/", "P/one", "P/one/two.md", "P//empty.md", "/start.md"):
        s3.client().put_object(Bucket=bucket, Key=f"some where/{key}", Body=TEXT)
    s3.client().put_object(Bucket=bucket, Key="some where/P/cold.md", Body=TEXT, StorageClass="GLACIER")
    monkeypatch.setattr("auditor_connectors.fileshare.s3._PAGE", 2)
    asked = []
    real = S3Line._ask
    monkeypatch.setattr(S3Line, "_ask", lambda self, operation, **more: asked.append(operation) or real(self, operation, **more))
    pulled = list(FileshareConnector(s3.options(root)).pull(Scope(), Remembered()))
    assert set(records(pulled)) == {"P/a.md", "P/sub/b.md", "P/one/two.md", "P/(empty)/empty.md", "Q/c.md"}
    assert {key: thing.reason for key, thing in unread(pulled).items()} == {
        "P/cold.md": "offline",
        "P/one": "not_a_document",
        "(empty)": "permission_denied",
    }
    assert asked.count("list_objects_v2") > 6
    assert walked(pulled)["P"].is_complete


def test_bucket_is_asked_without_signature_when_told(s3, root):
    s3.sync(root)
    bucket = s3.options(root).where.host
    for key in ("P/a.md", "P/sub/b.md", "Q/c.md"):
        s3.client().put_object_acl(Bucket=bucket, Key=f"some where/{key}", ACL="public-read")
    options = FileshareOptions(root=f"s3://{bucket}/some where", endpoint_url=f"http://127.0.0.1:{s3.port}", anonymous=True, readers=1)
    pulled = pull(FileshareConnector(options))
    assert len(records(pulled)) == 3


def test_bucket_of_another_region_is_not_followed(monkeypatch):
    monkeypatch.setenv("SHARE_PASSWORD", PASSWORD)
    with serving(lambda _: Reply(TEXT)) as foreign:
        there = foreign.url.replace("127.0.0.1", "localhost")
        with serving(lambda _: Reply(b"", 307, {"Location": f"{there}/x", "x-amz-bucket-region": "eu-west-1"})) as server:
            options = FileshareOptions(root="s3://bucket", endpoint_url=server.url, user="u", password={"env": "SHARE_PASSWORD"})
            with pytest.raises(SourceUnavailable):
                pull(FileshareConnector(options))
        assert foreign.asked == []


# Temporary files


def test_names_of_temporary_files_end_as_the_real_ones():
    assert _safe("Plan.docx") == "Plan.docx"
    assert _safe("a/b\\c\0.md") == "a_b_c_.md"
    long = _safe("ä" * 300 + ".xlsx")
    assert long.endswith(".xlsx")
    assert len(long.encode()) < 120
    assert _safe("..") == "_"


def test_what_a_killed_pull_left_behind_is_removed(sftp, root, temporary):
    code = (
        "import sys, tempfile; tempfile.tempdir = sys.argv[1]\n"
        "from auditor_connectors.fileshare.remote import _temporary\n"
        "folder, guard = _temporary(); (folder / 'x').mkdir(); (folder / 'x' / 'secret.docx').write_text('x')\n"
        "print(folder, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(temporary)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    folder = Path(child.stdout.readline().decode().strip())
    pull(sftp.connect(root))
    assert folder.is_dir()  # its pull is still running
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    assert (folder / "x" / "secret.docx").is_file()
    pull(sftp.connect(root))
    assert list(temporary.iterdir()) == []


def test_a_full_temporary_folder_is_nobodys_missing_file(sftp, root, monkeypatch):
    real = Path.open

    def full(self, *arguments, **more):
        file = real(self, *arguments, **more)
        if "auditor-share-" in str(self) and arguments == ("wb",):
            file.close()

            class Full:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    pass

                def write(self, _):
                    raise OSError(28, os.strerror(28))

            return Full()
        return file

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(SourceUnavailable, match="temporary folder"):
        pull(sftp.connect(root))


def test_state_of_what_is_read_is_that_of_the_content(sftp, root, monkeypatch):
    from auditor_connectors.fileshare.sftp import SftpLine

    real, times = SftpLine.fetch, []

    def disturbed(self, met: Met, sink):
        times.append(met.path)
        state = real(self, met, sink)
        if met.path == "P/a.md" and len(times) < 3:
            write(root, "P/a.md", text=f"# New {len(times)}\n\nx\n", at=1_700_000_000 + len(times))
            return remote.State(state.size, state.mtime_ns, has_changed=True)
        return state

    monkeypatch.setattr(SftpLine, "fetch", disturbed)
    pulled = pull(sftp.connect(root, connections=1), places=("P",))
    assert "New 2" in str(records(pulled)["P/a.md"].payload["document"])
    assert records(pulled)["P/a.md"].payload["mtime_ns"] == 1_700_000_002_000_000_000


def test_lines_are_kept_and_never_more_than_allowed(sftp, root):
    from tests.servers.shares import Relay

    write(root, *(f"P/{number}.md" for number in range(10)))
    relay = Relay(sftp.port)
    sftp.port = relay.port
    try:
        pulled = pull(sftp.connect(root, connections=2))
    finally:
        relay.close()
    assert len(records(pulled)) == 13
    assert relay.connections <= 2
    assert threading.active_count() < 50
