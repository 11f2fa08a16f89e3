"""A tenant that misbehaves as the real ones do: the right rows, the right coverage, no loop, no lost change, no token anywhere."""

import time

import pytest

from auditor.connect.protocol import Scope
from auditor.errors import AccessDenied
from auditor_connectors.sharepoint.graph import Graph
from auditor_connectors.sharepoint.shapes import deepest_code
from tests.servers.graph import CLIENT, HOST, SECRET, FakeGraph, error, small
from tests.servers.web import Reply

pytestmark = pytest.mark.usefixtures("here")


def once(part, *replies, method="GET"):
    """Answer the first requests whose path holds *part* with these."""
    waiting = list(replies)
    return lambda asked: waiting.pop(0) if waiting and part in asked.path and asked.method == method else None


def always(part, reply):
    return lambda asked: reply if part in asked.path else None


def searched(world, *secrets):
    """Every file that was written, and every other host's log, without the secrets."""
    found = []
    told = [secret.encode() for secret in (*secrets, *world.graph.tokens, SECRET, "tempauth-")]
    for file in world.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found += [f"{file}: {secret[:12]!r}" for secret in told if secret in content]
    return found + world.graph.leaks


FAULTS = {
    "429 in bursts": lambda: once("/drives/", *[Reply(error(429, "activityLimitReached", "x").body, 429, {"Retry-After": "0.01"})] * 6),
    "503 in bursts": lambda: once("/sites/", *[Reply(error(503, "serviceNotAvailable", "x").body, 503, {"Retry-After": "0"})] * 6),
    "429 without a word": lambda: once("delta", Reply(b"", 429), Reply(b"", 429)),
    "rate limit used up": lambda: once(
        "/drives", Reply(error(429, "x", "x").body, 429, {"Retry-After": "0", "RateLimit-Remaining": "0", "RateLimit-Reset": "0.05"})
    ),
    "500": lambda: once("versions", Reply(b"", 500), Reply(b"", 502), Reply(b"", 504)),
    "HTML instead of JSON": lambda: once("listItem", Reply("<html>Sign in</html>"), Reply("<!DOCTYPE html><p>Maintenance")),
    "dropped connections": lambda: once("/items/", Reply(b"x" * 100, cut=-1), Reply({"value": []}, cut=3)),
    "content that is cut off": lambda: once("download", Reply(b"# half", headers={"Content-Length": "100"}, cut=6)),
    "content host busy": lambda: once("download", Reply(b"", 503, {"Retry-After": "0"}), Reply(b"", 429, {"Retry-After": "0"})),
    "expired links": lambda: once("download", Reply("<html>", 401), Reply("<html>", 403)),
    "expired link, 404": lambda: once("download", Reply("<html>", 404), Reply("<html>", 404)),
    "empty answer": lambda: once("columns", Reply(b"", 200)),
    "expired token": lambda: once(
        "versions", Reply(error(401, "InvalidAuthenticationToken", "x").body, 401, {"WWW-Authenticate": "Bearer"})
    ),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_what_passes_costs_nothing(live, name):
    """After the fault everything is there as if there had been none; nothing leaks."""
    graph = small(FakeGraph())
    world = live(graph)
    graph.faults.append(FAULTS[name]())
    log = 'http.request_log = "requests.jsonl"'
    assert world.pull(log).is_complete
    assert not world.unread()
    graph.faults.clear()
    assert world.rows() == world.whole()
    assert searched(world) == []
    assert (world.folder / "requests.jsonl").stat().st_size > 1000


def test_a_site_that_was_not_granted_costs_its_own_coverage(live):
    graph = small(FakeGraph())
    graph.site("SECRET", granted=False)
    world = live(graph)
    report = world.pull()
    walks = {walk.place: walk for walk in report.walks}
    assert not walks["SECRET"].is_complete
    assert walks["SECRET"].reason == "permission_denied"
    assert walks["ALPHA"].is_complete
    assert not report.error_kind
    assert "SECRET: " in str(world.connector().diagnose(Scope()).unseen)


def test_a_right_that_is_taken_away_takes_no_rows(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    before = set(world.records())
    next(iter(graph.sites.values())).is_granted = False
    report = world.pull()
    assert {walk.place for walk in report.walks if not walk.is_complete} == {"ALPHA"}
    assert set(world.records()) == before
    next(iter(graph.sites.values())).is_granted = True
    next(iter(graph.drives.values())).is_denied = True
    report = world.pull()
    assert {walk.place: walk.reason for walk in report.walks if not walk.is_complete} == {"ALPHA": "permission_denied"}
    assert set(world.records()) == before


@pytest.mark.parametrize("status", [404, 403, 423])
def test_a_library_that_cannot_be_listed_is_no_library_that_is_gone(live, status):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    before = set(world.records())
    drive = next(iter(graph.drives))
    graph.faults.append(always(f"/drives/{drive}/root/delta", error(status, "accessDenied", "x")))
    report = world.pull()
    assert [walk.place for walk in report.walks if not walk.is_complete] == ["ALPHA"]
    assert set(world.records()) == before


@pytest.mark.parametrize("part", ["/drives", "/lists", "delta", "columns"])
def test_200_with_nothing_in_it_removes_nothing(live, part):
    """An answer that leaves everything out is believed only where what is left out cannot be found either."""
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    before = set(world.records())
    graph.forget_changes()
    graph.faults.append(lambda asked: Reply({"value": []}) if asked.path.endswith(part) else None)
    report = world.pull()
    if part != "columns":
        assert not report.is_complete
    assert set(world.records()) == before
    graph.faults.clear()
    assert world.pull().is_complete
    assert world.rows() == world.whole()


def test_a_library_that_is_gone_is_gone(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    drive = next(iter(graph.drives))
    graph.drives.pop(drive)
    graph.lists.pop("list-alpha-RiskLog")
    assert world.pull().is_complete
    assert world.rows() == world.whole()
    assert not any(drive in key for key in world.records())


@pytest.mark.parametrize(
    "page",
    [
        {"value": [], "@odata.nextLink": "SAME"},
        {"value": [], "@odata.nextLink": "https://elsewhere.example/v1.0/drives?token=1"},
        {"value": [], "@odata.nextLink": 7},
        {"value": []},
        {"value": [], "@odata.deltaLink": "https://elsewhere.example/v1.0/next"},
        {"valve": []},
    ],
)
def test_a_listing_that_cannot_be_trusted_concludes_nothing(live, page):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    before = set(world.records())
    graph.forget_changes()
    drive = next(iter(graph.drives))
    path = f"/drives/{drive}/root/delta"
    said = {name: f"{graph.server.url}/v1.0{path}?token=first-999999-0" if value == "SAME" else value for name, value in page.items()}
    graph.faults.append(
        lambda asked: Reply(said) if path in asked.path.replace("%21", "!") and asked.one("token") in ("", "first-999999-0") else None
    )
    report = world.pull()
    assert {walk.place: walk.reason for walk in report.walks if not walk.is_complete} == {"ALPHA": "page_failed"}
    assert set(world.records()) == before
    assert len(graph.server.asked) < 200
    assert searched(world) == []


def test_410_lists_everything_again_and_loses_nothing(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    drive = next(iter(graph.drives.values()))
    item = next(item for item in drive.items.values() if item.name == "Note 2.md")
    graph.delete(drive, item)
    graph.forget_changes()
    before = len(graph.server.asked)
    assert world.pull().is_complete
    assert world.rows() == world.whole()
    assert not any(asked.path.endswith("/content") for asked in graph.server.asked[before : before + 30])


def test_a_second_pull_asks_for_changes_only(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    drive = next(iter(graph.drives.values()))
    graph.say(drive, next(item for item in drive.items.values() if item.name == "Charter.md"), Doc_x0020_State="Draft")
    before = len(graph.server.asked)
    report = world.pull()
    assert (report.new, report.changed, report.gone) == (0, 1, 0)
    asked = [item.path for item in graph.server.asked[before:]]
    assert sum(path.endswith("/content") for path in asked) == 1
    assert all(item.one("token") for item in graph.server.asked[before:] if item.path.endswith("delta"))
    assert world.rows() == world.whole()


def test_a_listed_item_that_may_not_be_read_is_unread_and_asked_for_again(live):
    graph = small(FakeGraph())
    drive = next(iter(graph.drives.values()))
    item = next(item for item in drive.items.values() if item.name == "Charter.md")
    item.is_hidden = True
    world = live(graph)
    assert world.pull().is_complete
    assert {thing.reason for thing in world.unread().values()} == {"permission_denied"}
    item.is_hidden = False  # a right that is given does not change the item
    assert world.pull().is_complete
    assert not world.unread()
    assert world.rows() == world.whole()


def test_contents_that_nobody_means_are_not_fetched(live):
    graph = FakeGraph()
    site = graph.site("ALPHA")
    drive = graph.library(site)
    graph.file(drive, "Film.mp4", "x", facets={"file": {"mimeType": "video/mp4"}})
    graph.file(drive, "Huge.docx", "x", extra_size=3 * 2**20)
    graph.file(drive, "Notes.one", "", facets={"package": {"type": "oneNote"}})
    graph.file(drive, "Other library", "", facets={"remoteItem": {"id": "1", "parentReference": {"driveId": "b!x"}}})
    graph.file(drive, "Bad.docm", "x", facets={"file": {}, "malware": {}})
    graph.file(drive, "~$Open.docx", "x")
    graph.file(drive, "Broken.docx", "PK\x03\x04 no archive")
    graph.file(drive, "Good.md", "# Good\n")
    world = live(graph)
    assert world.pull("max_file_mb = 1").is_complete
    assert {path.rpartition("/")[2]: thing.reason for path, thing in world.unread().items()} == {
        "Film.mp4": "not_a_document",
        "Huge.docx": "too_large",
        "Notes.one": "unsupported",
        "Other library": "unsupported",
        "Bad.docm": "damaged",
        "Broken.docx": "damaged",
    }
    assert len(graph.content.asked) == 2
    assert world.pull("max_file_mb = 1").unread == 0
    assert len(graph.content.asked) == 2


def test_a_content_that_is_larger_than_was_said_ends_at_the_limit(live):
    graph = FakeGraph()
    drive = graph.library(graph.site("ALPHA"))
    graph.file(drive, "Big.png", b"\x89PNG\r\n\x1a\n" + bytes(2 * 2**20), extra_size=-2 * 2**20)
    world = live(graph)
    assert world.pull("max_file_mb = 1").is_complete
    assert {thing.reason for thing in world.unread().values()} == {"too_large"}
    assert world.pull("max_file_mb = 4").is_complete
    assert {thing.reason for thing in world.unread().values()} == {"no_text_layer"}


def test_the_token_goes_to_graph_only(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    assert graph.leaks == []
    assert graph.content.asked
    assert all("authorization" not in asked.headers for asked in graph.content.asked)
    assert all(asked.headers["user-agent"].startswith("NONISV|") for asked in graph.server.asked)
    assert all("authorization" in asked.headers for asked in graph.server.asked)


def test_content_at_a_host_that_nobody_allowed_is_not_fetched(live):
    graph = small(FakeGraph())
    world = live(graph)
    connector = world.connector()
    connector._options = connector._options.model_copy(update={"content_hosts": ("*.sharepoint.com",)})
    from auditor.connect.conformance import Remembered

    things = list(connector.pull(Scope(), Remembered()))
    assert {thing.reason for thing in things if type(thing).__name__ == "Unread"} == {"permission_denied"}
    assert not graph.content.asked


def test_a_refused_secret_is_an_error_that_does_not_show_it(live):
    graph = small(FakeGraph())
    graph.refused_secret = True
    world = live(graph)
    report = world.pull()
    assert report.error_kind == "permission_denied"
    assert "invalid_client" in report.error
    assert SECRET not in f"{report.error} {report.hint}"
    with pytest.raises(AccessDenied) as caught:
        world.connector().diagnose(Scope())
    assert SECRET not in repr(caught.value) + str(caught.value) + str(caught.value.__cause__)
    assert searched(world) == []


def test_a_token_that_expires_in_mid_run_is_renewed_once(live):
    graph = small(FakeGraph())
    world = live(graph)
    seen = []

    def expire(asked):
        seen.append(asked)
        if len(seen) == 20:
            graph.tokens.append("a token that replaced it")

    graph.before.append(expire)
    assert world.pull().is_complete
    assert len(graph.tokens) == 3


def test_a_token_that_is_never_accepted_ends_the_pull(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    before = set(world.records())
    graph.faults.append(lambda asked: error(401, "InvalidAuthenticationToken", "x") if "/lists" in asked.path else None)
    report = world.pull()
    assert report.error_kind == "permission_denied"
    assert set(world.records()) == before
    assert searched(world) == []


def test_a_slow_body_ends_and_is_asked_for_again(live):
    graph = small(FakeGraph())
    world = live(graph)
    graph.faults.append(once("/drives", Reply({"value": [{"id": "x" * 400}]}, drip=0.02)))
    begun = time.monotonic()
    assert world.pull("http.answer_seconds = 1").is_complete
    assert time.monotonic() - begun < 20
    assert world.rows() == world.whole()


def test_the_deepest_code_of_an_error_is_told():
    body = {
        "error": {
            "code": "invalidRequest",
            "message": "x",
            "innererror": {"code": "badArgument", "innerError": {"code": "invalidStartToken"}},
        }
    }
    assert deepest_code(body) == "invalidStartToken"
    assert deepest_code({"error": "x"}) == ""
    assert deepest_code(None) == ""


def test_what_the_doctor_tells(live):
    graph = small(FakeGraph())
    next(iter(graph.drives.values())).has_approval = True
    world = live(graph)
    graph.faults.append(lambda _: None)
    told = world.connector().diagnose(Scope())
    assert CLIENT[:8] in told.account
    assert "sites.read.all" in told.account
    assert any("ALPHA: 1 libraries" in line for line in told.seen)
    assert any("not approved yet in Documents" in line for line in told.unseen)
    assert told.clock_skew_seconds is not None
    assert abs(told.clock_skew_seconds) < 5
    assert HOST not in told.account
    assert told.hidden.keys() == set(told.unseen)


def test_the_doctor_tells_which_tables_a_gap_leaves_open(live):
    graph = small(FakeGraph())
    world = live(graph)
    graph.faults.append(lambda asked: Reply({"error": {"code": "accessDenied"}}, 403) if asked.path.endswith("/permissions") else None)
    next(iter(graph.sites.values())).is_granted = False
    told = world.connector().diagnose(Scope())
    assert {line.partition(":")[0]: tables for line, tables in told.hidden.items()} == {"ALPHA": (), "BETA": ("access_right",)}


def test_a_pull_that_is_left_gives_its_connections_back(live):
    graph = small(FakeGraph())
    world = live(graph)
    connector = world.connector()
    from auditor.connect.conformance import Remembered

    pulling = connector.pull(Scope(), Remembered())
    next(iter(pulling))
    pulling.close()
    graph_again = Graph(connector._options, world.folder)
    assert graph_again.site(next(iter(graph.sites)))["id"]
    graph_again.close()


def test_another_site_at_the_same_address(live):
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    old = next(iter(graph.sites.values()))
    graph.drives = {number: drive for number, drive in graph.drives.items() if drive.site != old.id}
    graph.lists = {number: listed for number, listed in graph.lists.items() if listed.site != old.id}
    del graph.sites[old.id]
    new = graph.site("OTHER", path=old.path)
    graph.file(graph.library(new), "Fresh.md", "# Fresh\n")
    assert world.pull().is_complete
    assert world.rows() == world.whole()
    assert not any(old.id in key for key in world.records())


def test_a_listing_of_nothing_that_never_ends(live, monkeypatch):
    monkeypatch.setattr("auditor_connectors.sharepoint.graph._MOST_EMPTY", 20)
    graph = small(FakeGraph())
    world = live(graph)
    world.pull()
    before = set(world.records())
    graph.forget_changes()
    count = iter(range(10**6))

    def endless(asked):
        if "ALPHA" in asked.path or "alpha" not in asked.path or not asked.path.endswith("root/delta"):
            return None
        if asked.one("token").startswith("changes-"):
            return None
        return Reply({"value": [], "@odata.nextLink": f"{graph.server.url}{asked.path}?token=first-999999-{next(count)}"})

    graph.faults.append(endless)
    report = world.pull()
    assert {walk.place: walk.reason for walk in report.walks if not walk.is_complete} == {"ALPHA": "page_failed"}
    assert next(count) < 50
    assert set(world.records()) == before
