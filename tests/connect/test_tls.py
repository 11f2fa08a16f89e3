"""Encrypted sources: a private authority is trusted when it is named, nobody else is, and a proxy on the way reads nothing."""

import ssl

import pytest
import trustme

from auditor.connect.http import Basic, Bearer, Client, HttpOptions
from auditor.connect.secret import Secret
from auditor.errors import SourceUnavailable
from tests.servers.web import Reply, in_turn, proxying, serving

TOKEN = "s3cret/tok+en="


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def context(authority, *names):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1",))).configure_cert(made)
    return made


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("authorities")
    authority.cert_pem.write_to_path(str(folder / "right.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "wrong.pem"))
    (folder / "garbage.pem").write_text("no certificate", "utf-8")
    return folder


def client(server, files, **options):
    return Client(server.url, credentials=Bearer(TOKEN), options=HttpOptions(**options), folder=files, sleep=lambda _: None)


def refused(server, files, **options):
    made = client(server, files, **options)
    with pytest.raises(SourceUnavailable) as caught:
        made.get("/thing")
    made.close()
    assert TOKEN not in f"{caught.value!r} {caught.value.message} {caught.value.hint}"
    assert server.asked == []
    return caught.value


def test_a_private_authority_that_is_named_is_trusted(authority, files):
    with serving(in_turn(Reply({"a": 1})), tls=context(authority)) as server:
        made = client(server, files, ca_file="right.pem")
        assert made.get("/thing").data == {"a": 1}
        assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
        made.close()


@pytest.mark.parametrize("named", [{}, {"ca_file": "wrong.pem"}])
def test_nobody_else_is_trusted_and_nothing_is_sent(authority, files, named, monkeypatch):
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    monkeypatch.setenv("CURL_CA_BUNDLE", "")
    with serving(in_turn(Reply({})), tls=context(authority)) as server:
        error = refused(server, files, **named)
        assert "certificate" in error.message
        assert "ca_file" in (error.hint or "")


def test_a_certificate_of_another_host_is_refused(authority, files):
    with serving(in_turn(Reply({})), tls=context(authority, "other.example")) as server:
        assert "certificate" in refused(server, files, ca_file="right.pem").message


@pytest.mark.parametrize("name", ["garbage.pem", "nowhere.pem"])
def test_a_file_that_names_no_authority_is_told(authority, files, name):
    with serving(in_turn(Reply({})), tls=context(authority)) as server:
        assert name in refused(server, files, ca_file=name).message


def test_a_redirect_out_of_the_encryption_is_not_followed(authority, files):
    with (
        serving(in_turn(Reply({}))) as plain,
        serving(in_turn(Reply({}, 302, {"Location": f"{plain.url}/x"})), tls=context(authority)) as server,
    ):
        made = client(server, files, ca_file="right.pem")
        with pytest.raises(SourceUnavailable, match="another host"):
            made.get("/thing")
        made.close()
        assert plain.asked == []


def test_a_proxy_passes_on_what_it_cannot_read(authority, files, tmp_path, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(in_turn(Reply({"a": 1})), tls=context(authority)) as server, proxying() as proxy:
        (tmp_path / "proxy").write_text(proxy.url.replace("http://", "http://me:pr0xypass@"), "utf-8")
        for said in (proxy.url, Secret(file=tmp_path / "proxy")):
            made = client(server, files, ca_file="right.pem", proxy=said, request_log=tmp_path / "log.jsonl")
            assert made.get("/thing", {"q": TOKEN}).data == {"a": 1}
            made.close()
        seen = b"".join(proxy.seen)
        assert seen.count(b"CONNECT 127.0.0.1:") == 2
        assert b"proxy-authorization: basic" in seen.lower()
        for secret in (TOKEN, Basic("me@example.org", TOKEN).secrets()[1]):
            assert secret.encode() not in seen
        assert "pr0xypass" not in (tmp_path / "log.jsonl").read_text("utf-8")
        assert len(server.asked) == 2


def test_a_proxy_of_the_environment_is_used(authority, files, monkeypatch):
    for name in ("no_proxy", "NO_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(in_turn(Reply({"a": 1})), tls=context(authority)) as server, proxying() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        made = client(server, files, ca_file="right.pem")
        assert made.get("/thing").data == {"a": 1}
        made.close()
        assert proxy.seen[0].startswith(b"CONNECT 127.0.0.1:")


def test_a_proxy_that_refuses_is_told_without_its_password(authority, files, tmp_path):
    with serving(in_turn(Reply({})), tls=context(authority)) as server, proxying(refuses=True) as proxy:
        (tmp_path / "proxy").write_text(proxy.url.replace("http://", "http://me:pr0xypass@"), "utf-8")
        error = refused(server, files, ca_file="right.pem", proxy=Secret(file=tmp_path / "proxy"))
        assert "proxy" in error.message
        assert "pr0xypass" not in repr(error)
        assert TOKEN.encode() not in b"".join(proxy.seen)
