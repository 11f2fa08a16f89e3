"""The real sign-in library against a fake authority: secret, certificate, a person with a code."""

import base64
import json
import stat

import pytest

from auditor.connect.http import NotAccepted
from auditor.errors import SourceUnavailable, UsageError
from auditor_connectors.sharepoint.identity import GraphCredentials, MsalSignIn, claims_of, rights_of, sees_unapproved
from auditor_connectors.sharepoint.options import SharePointOptions
from tests.servers.graph import CLIENT, SECRET, TENANT, FakeGraph, serving_graph
from tests.servers.web import Reply


@pytest.fixture(autouse=True)
def _few_waits(monkeypatch):
    monkeypatch.setattr("auditor.connect.http.pace._FIRST", 0.01)
    monkeypatch.setenv("GRAPH_TEST_SECRET", SECRET)


@pytest.fixture
def graph():
    with serving_graph(FakeGraph()) as served:
        yield served


def options(graph, **more):
    proof = {} if {"certificate", "device_cache"} & more.keys() else {"secret": {"env": "GRAPH_TEST_SECRET"}}
    return SharePointOptions(
        tenant=TENANT, client_id=CLIENT, authority=graph.authority.url, discover=False, graph=f"{graph.server.url}/v1.0", **proof, **more
    )


def asked(graph):
    return [
        dict(part.split("=", 1) for part in item.body.decode().split("&") if "=" in part)
        for item in graph.authority.asked
        if item.path.endswith("/token")
    ]


def test_a_secret_gives_a_token_that_is_kept_until_it_is_refused(graph, tmp_path):
    credentials = GraphCredentials(MsalSignIn(options(graph), tmp_path))
    first = credentials.headers()
    assert credentials.headers() == first == {"Authorization": f"Bearer {graph.tokens[0]}"}
    assert credentials.renew()
    assert credentials.headers()["Authorization"].endswith(graph.tokens[1])
    assert len(asked(graph)) == 2
    assert set(credentials.secrets()) >= {SECRET, *graph.tokens}
    assert credentials.granted() == {"sites.read.all"}


def test_a_claims_challenge_goes_with_the_next_token(graph, tmp_path):
    credentials = GraphCredentials(MsalSignIn(options(graph), tmp_path))
    credentials.headers()
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1600000000"}}})
    packed = base64.urlsafe_b64encode(claims.encode()).decode()
    credentials.challenged(f'Bearer realm="", error="insufficient_claims", claims="{packed}"')
    credentials.renew()
    assert "claims" in asked(graph)[-1]
    credentials.renew()
    assert len(graph.tokens) == 2  # this thread sent the first one: another one is there already


def test_a_certificate_signs_an_assertion_and_is_never_sent(graph, tmp_path):
    key, certificate, thumbprint = made_certificate()
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "both.pem").write_text(key + certificate)
    for more in ({"certificate": {"file": "key.pem"}, "thumbprint": thumbprint}, {"certificate": {"file": "both.pem"}}):
        credentials = GraphCredentials(MsalSignIn(options(graph, **more), tmp_path))
        assert credentials.headers()["Authorization"].endswith(graph.tokens[-1])
        assert "client_assertion" in asked(graph)[-1]
        lines = [line for line in key.splitlines() if len(line) > 40]
        assert not any(line in item.body.decode() for item in graph.authority.asked for line in lines)
        assert set(lines) <= set(credentials.secrets())


def test_a_wrong_certificate_is_told_without_a_line_of_it(graph, tmp_path):
    (tmp_path / "key.pem").write_text(
        "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5IGF0IGFsbCBidXQgc2VjcmV0IGFsbCB0aGUgc2FtZQ==\n-----END PRIVATE KEY-----\n"
    )
    said = options(graph, certificate={"file": "key.pem"}, thumbprint="AB" * 20)
    with pytest.raises((UsageError, NotAccepted, SourceUnavailable)) as caught:
        GraphCredentials(MsalSignIn(said, tmp_path)).headers()
    assert "bm90IGEga2V5" not in str(caught.value)


def test_a_person_signs_in_once_and_the_file_is_his_own(graph, tmp_path):
    told = []
    said = options(graph, device_cache="cache/token.json")
    first = GraphCredentials(MsalSignIn(said, tmp_path, tell=told.append))
    first.headers()
    assert told == ["open https://microsoft.com/devicelogin and enter ABCD-EFGH"]
    file = tmp_path / "cache" / "token.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [item.name for item in file.parent.iterdir()] == ["token.json"]
    second = GraphCredentials(MsalSignIn(said, tmp_path, tell=None))
    assert second.headers()["Authorization"].endswith(graph.tokens[0])
    assert "refresh-of-a-person-1" in second.secrets()
    assert second.renew()


def test_nobody_is_asked_where_nobody_looks(graph, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    with pytest.raises(NotAccepted, match="no terminal"):
        GraphCredentials(MsalSignIn(options(graph, device_cache="cache.json"), tmp_path)).headers()


def test_a_spoilt_cache_is_told(graph, tmp_path):
    (tmp_path / "cache.json").write_text("{ not json")
    with pytest.raises(UsageError, match="kept sign-in"):
        MsalSignIn(options(graph, device_cache="cache.json"), tmp_path)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"error": "temporarily_unavailable", "error_description": "later"}, 400), SourceUnavailable),
        (Reply({"error": "unauthorized_client", "error_description": f"no: {SECRET}"}, 400), NotAccepted),
        (Reply("<html>maintenance", 503), (SourceUnavailable, NotAccepted)),
        (Reply(b"", cut=-1), SourceUnavailable),
        (Reply({"token_type": "Bearer"}), NotAccepted),
    ],
)
def test_an_authority_that_gives_no_token(graph, tmp_path, reply, error):
    sign_in = MsalSignIn(options(graph), tmp_path)
    graph.authority.answer = lambda _: reply
    with pytest.raises(error) as caught:
        GraphCredentials(sign_in).headers()
    assert SECRET not in str(caught.value) + repr(caught.value)


def test_the_authority_sends_nobody_elsewhere(graph, tmp_path):
    answer = graph.authority.answer
    graph.authority.answer = lambda item: (
        Reply(b"", 302, {"Location": f"{graph.content.url}/token"}) if item.path.endswith("/token") else answer(item)
    )
    with pytest.raises((SourceUnavailable, NotAccepted)):
        GraphCredentials(MsalSignIn(options(graph), tmp_path)).headers()
    assert not graph.content.asked


def test_an_authority_of_another_kind_is_a_usage_error(graph, tmp_path):
    graph.authority.answer = lambda _: Reply("<html>", 404)
    with pytest.raises((UsageError, SourceUnavailable)):
        MsalSignIn(options(graph), tmp_path)


def test_what_a_token_tells():
    def token(said):
        return f"x.{base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip('=')}.y"

    assert rights_of(token({"roles": ["Sites.Selected"]})) == {"sites.selected"}
    assert rights_of(token({"scp": "Sites.Read.All User.Read"})) == {"sites.read.all", "user.read"}
    assert rights_of(token({})) is None
    assert rights_of("opaque") is None
    assert claims_of("a.b%.c") == {}
    assert claims_of(token([1])) == {}


@pytest.mark.parametrize(
    ("rights", "is_application", "sees"),
    [
        ({"sites.read.all"}, True, False),
        ({"sites.manage.all"}, True, True),
        ({"sites.selected"}, True, None),
        ({"sites.manage.all"}, False, None),
        (None, True, None),
    ],
)
def test_who_sees_what_is_not_approved(rights, is_application, sees):
    assert sees_unapproved(None if rights is None else frozenset(rights), is_application=is_application) is sees


def made_certificate():
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "auditor")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    return pem, made.public_bytes(serialization.Encoding.PEM).decode(), made.fingerprint(hashes.SHA1()).hex()  # noqa: S303
