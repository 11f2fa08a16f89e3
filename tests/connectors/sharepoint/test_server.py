"""A SharePoint Server says the same as a tenant: through REST, in both forms of its JSON, with basic, token and NTLM sign-in."""

import base64
import os
import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from auditor.config.settings import load_settings
from auditor.connect.protocol import Fact, Filled, Parsed, Scope
from auditor.errors import AccessDenied, UsageError
from tests.connectors.sharepoint.conftest import Live
from tests.servers.graph import DRAFT, PENDING, edit, small
from tests.servers.sharepoint_server import PASSWORD, FakeServer, serving_sharepoint
from tests.servers.web import Reply

pytestmark = pytest.mark.usefixtures("here")


class LiveServer(Live):
    def settings(self, *lines, store=".auditor", sites=None):
        if sites is None:
            sites = tuple(f"{self.graph.server.url}/{site.path}" for site in self.graph.sites.values() if not site.parent)
        sign_in = [] if any("sign_in" in line for line in lines) else ['sign_in = "basic"', 'user = "CONTOSO\\\\svc"']
        text = [
            "[store]", f'path = "{store}"', 'time_zone = "Europe/Brussels"', "[[source]]", 'name = "documents"', 'connector = "sharepoint-server"',
            f"sites = {list(sites)!r}".replace("'", '"'), 'password = {env = "SERVER_TEST_PASSWORD"}', "readers = 1", *sign_in, *lines,
        ]  # fmt: skip
        (self.folder / "auditor.toml").write_text("\n".join(text), "utf-8")
        return load_settings(self.folder)

    def connector(self, *lines):
        return self.settings(*lines).sources[0].connect()


@pytest.fixture(params=[False, True], ids=["nometadata", "verbose"])
def world(request, tmp_path, monkeypatch):
    monkeypatch.setenv("SERVER_TEST_PASSWORD", PASSWORD)
    with ExitStack() as stack:
        server = small(FakeServer())
        server.verbose, server.page = request.param, 3
        yield LiveServer(stack.enter_context(serving_sharepoint(server)), Path(tmp_path))


def parsed(world, name):
    return next(item for item in world.items() if isinstance(item, Parsed) and item.path.rpartition("/")[2] == name)


def test_everything_of_a_server(world):
    server = world.graph
    drive = next(iter(server.drives.values()))
    charter = next(item for item in drive.items.values() if item.name == "Charter.md")
    server.write(drive, charter, "# Charter again\n", by="bob", major=False)
    server.check_out(drive, charter, "bob")
    report = world.pull()
    assert report.is_complete, report
    assert not world.unread()
    found = parsed(world, "Charter.md")
    assert found.path == "ALPHA/Documents/Charter.md"
    assert found.values["version"] == "1.1"
    assert found.values["published_level"] == "minor"
    assert found.values["is_checked_out"] is True
    assert found.values["modified_by"] == "Bob Baker <bob@contoso.example>"
    assert found.values["author_id"] == "Ann Archer <ann@contoso.example>"
    assert found.values["status"] == "approved"
    assert [fact.values["version"] for fact in found.facts if fact.table == "artefact_version"] == ["1.1", "1.0"]
    note = parsed(world, "Note 1.md")
    assert note.path == "ALPHA/Documents/Plans/Note 1.md"
    rows = parsed(world, "Risk Log").document.blocks[0].rows
    assert [cell.text for cell in rows[1]] == [
        "1", "Risk 0 of ALPHA", "Ann Archer <ann@contoso.example>", "3", "4", "Open", "2026-03-02", "Supply",
    ]  # fmt: skip
    rights = {
        (item.values["grantee_id"], item.values["right"])
        for item in world.items()
        if isinstance(item, Fact) and item.table == "access_right"
    }
    assert rights == {("Members", "contribute")}
    folders = {item.values["path"] for item in world.items() if isinstance(item, Fact) and item.table == "folder"}
    assert folders == {"ALPHA/Documents", "ALPHA/Documents/Plans", "ALPHA/Documents/Archive"}


def test_terms_whose_words_are_not_told_stay_unknown(world, monkeypatch):
    """Where the hidden column with the words cannot be had, a number is no word."""
    plain = world.graph._rest

    def without_words(asked):
        reply = plain(asked)
        body = reply.body.get("d", reply.body) if isinstance(reply.body, dict) else {}
        for said in body.get("results", body.get("value", ())):
            said.pop("TaxCatchAll", None)
        return reply

    monkeypatch.setattr(world.graph, "_rest", without_words)
    world.pull()
    assert parsed(world, "Risk Log").document.blocks[0].rows[1][7].type == "uncalculated"


@pytest.mark.parametrize("keeps", [True, False], ids=["2019", "2016"])
def test_rows_of_lists_have_a_past_where_the_server_tells_it(world, keeps):
    server = world.graph
    server.keeps_rows = keeps
    listed = next(iter(server.lists.values()))
    server.enter(listed.rows["1"], by="ann", Likelihood="5")
    server.enter(listed.rows["1"], by="cem", Risk_x0020_OwnerLookupId="3")
    report = world.pull()
    assert report.is_complete, report
    found = parsed(world, "Risk Log")
    mine = [edition for edition in found.past.editions if edition.key == "1"]
    said = found.past.document.blocks[0].rows
    assert found.past.is_whole is keeps
    assert [(edition.version, (edition.by or "").partition(" ")[0]) for edition in mine] == (
        [("1.0", "Bob"), ("2.0", "Ann"), ("3.0", "Cem")] if keeps else [("3.0", "")]
    )
    if keeps:
        assert [(said[edition.line - 1][2].text.partition(" <")[0], said[edition.line - 1][3].text) for edition in mine] == [
            ("Ann Archer", "3"), ("Ann Archer", "5"), ("Cem Carter", "5"),
        ]  # fmt: skip
        assert mine[0].at < mine[1].at < mine[2].at
    assert world.rows() == world.whole()


def test_a_second_pull_fetches_what_changed(world):
    server = world.graph
    world.pull()
    drive = next(iter(server.drives.values()))
    server.write(drive, next(item for item in drive.items.values() if item.name == "Note 1.md"), "# Other\n")
    server.delete(drive, next(item for item in drive.items.values() if item.name == "Note 2.md"))
    before = len(server.server.asked)
    report = world.pull()
    assert (report.new, report.changed, report.gone) == (0, 1, 1)
    assert sum(asked.path.endswith("value") for asked in server.server.asked[before:]) == 1
    assert world.rows() == world.whole()


@pytest.mark.parametrize("seed", range(12 if os.environ.get("LAWS") == "deep" else 2))
def test_edits_leave_the_truth(world, seed):
    draw = random.Random(seed)
    server = world.graph
    server.before.append(lambda _: edit(server, draw) if draw.random() < 0.1 else None)
    world.pull()
    for _ in range(5):
        edit(server, draw)
    world.pull()
    server.before.clear()
    report = world.pull()
    assert report.is_complete, report
    assert world.rows() == world.whole()


def artefact(world):
    found = next(item for item in world.items() if isinstance(item, Filled) and item.table == "artefact")
    return found.is_complete, found.reason


def test_the_trap_of_approval(world):
    server = world.graph
    drive = next(iter(server.drives.values()))
    drive.has_approval = True
    item = next(item for item in drive.items.values() if item.name == "Charter.md")
    server.moderate(drive, item, PENDING)
    assert world.pull().is_complete
    assert artefact(world) == (False, "approval_state_incomplete")
    server.approves = True
    server.moderate(drive, item, DRAFT)
    assert world.pull().is_complete
    assert artefact(world) == (True, "")
    assert parsed(world, "Charter.md").values["status"] == "draft"


def test_a_site_and_a_library_that_may_not_be_read(world):
    server = world.graph
    world.pull()
    before = set(world.records())
    next(iter(server.drives.values())).is_denied = True
    list(server.sites.values())[1].is_granted = False
    report = world.pull()
    assert {walk.place: walk.reason for walk in report.walks if not walk.is_complete} == {
        "ALPHA": "permission_denied",
        "BETA": "permission_denied",
    }
    assert set(world.records()) == before
    assert any("BETA" in line for line in world.connector().diagnose(Scope()).unseen)


def test_listings_that_cannot_be_trusted(world):
    server = world.graph
    world.pull()
    before = set(world.records())
    for body in ({"value": []}, {"value": [], "odata.nextLink": "https://elsewhere.example/x"}, {"d": {"results": []}}):
        server.faults[:] = [lambda asked, body=body: Reply(body) if asked.path.endswith("/items") and "ALPHA" in asked.path else None]
        report = world.pull()
        assert {walk.place: walk.reason for walk in report.walks if not walk.is_complete} == {"ALPHA": "page_failed"}
        assert set(world.records()) == before


def test_who_asks(world):
    told = world.connector().diagnose(Scope())
    assert told.account == "Service of auditor"
    assert "SharePoint Server" in told.dialect
    assert any("ALPHA: 1 libraries" in line for line in told.seen)


def test_a_wrong_password_is_told_without_it(world, monkeypatch):
    monkeypatch.setenv("SERVER_TEST_PASSWORD", "another-password")
    report = world.pull('http.request_log = "requests.jsonl"')
    assert report.error_kind == "permission_denied"
    with pytest.raises(AccessDenied) as caught:
        world.connector().diagnose(Scope())
    packed = base64.b64encode(b"CONTOSO\\svc:another-password").decode()
    for secret in ("another-password", packed):
        assert secret not in f"{report.error} {report.hint} {caught.value!r}"
        assert not any(secret.encode() in file.read_bytes() for file in world.folder.rglob("*") if file.is_file())


def test_a_token(world):
    world.graph.require = "token"
    assert world.pull('sign_in = "token"').is_complete


@pytest.mark.parametrize(
    "lines",
    [
        ['sign_in = "token"', 'user = "x"'],
        ['sign_in = "ntlm"'],
        ['sign_in = "basic"', 'user = "x"', 'parts = {A = {site = "x"}}'],
    ],
)
def test_wrong_options_are_told(world, lines):
    with pytest.raises(ExceptionGroup):
        world.settings(*lines)


def test_two_servers_are_two_sources(world):
    with pytest.raises(ExceptionGroup, match="configuration is wrong"):
        world.settings(sites=("https://a.example/sites/A", "https://b.example/sites/B"))


def test_ntlm_is_shaken_hands_over(world, monkeypatch, tmp_path):
    """The real handshake, with the server's side of the same library."""
    import spnego

    users = tmp_path / "users"
    users.write_text(f"CONTOSO:svc:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    contexts: dict[str, object] = {}
    known: set[str] = set()

    def shake(asked):
        said = asked.headers.get("authorization", "")
        # The fake's connections are told apart by what the client says of them.
        if not said.startswith("NTLM "):
            return (
                None
                if "done" in known and not said and asked.headers.get("connection") == "known"
                else Reply(b"", 401, {"WWW-Authenticate": "NTLM"})
            )
        token = base64.b64decode(said.removeprefix("NTLM "))
        if token[8] == 1:
            contexts["now"] = spnego.server(protocol="ntlm")
        answer = contexts["now"].step(token)
        if contexts["now"].complete:
            known.add("done")
            return None
        return Reply(b"", 401, {"WWW-Authenticate": f"NTLM {base64.b64encode(answer).decode()}"})

    world.graph.handshake = shake
    report = world.pull('sign_in = "ntlm"', 'user = "CONTOSO\\\\svc"', "http.concurrency = 1")
    assert report.is_complete, report
    assert known
    assert not any(PASSWORD in str(asked.headers) for asked in world.graph.server.asked)


def test_without_the_package(world, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "requests_ntlm", None)
    with pytest.raises(UsageError, match="requests-ntlm"):
        world.pull('sign_in = "ntlm"', 'user = "CONTOSO\\\\svc"')


def test_a_server_that_knows_the_older_form_only(world):
    world.graph.verbose = True
    world.graph.faults.append(lambda asked: Reply(b"", 406) if "nometadata" in asked.headers["accept"] else None)
    assert world.pull().is_complete
    assert any("verbose" in asked.headers["accept"] for asked in world.graph.server.asked)


def test_content_is_never_fetched_from_another_host(world):
    world.graph.faults.append(
        lambda asked: Reply(b"", 302, {"Location": "https://elsewhere.example/x"}) if asked.path.endswith("value") else None
    )
    assert world.pull().is_complete
    assert {thing.reason for thing in world.unread().values()} == {"permission_denied"}
