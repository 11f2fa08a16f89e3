"""Every way in which a Jira goes wrong: coverage says so, nothing loops, the next pull is right, and the token stands nowhere."""

import logging
import traceback
from contextlib import contextmanager

import pytest

from auditor.connect.http import Basic, Bearer
from auditor.connect.protocol import Scope
from auditor.errors import AuditorError
from auditor.snapshot.raw import RawStore
from tests.connectors.jira.conftest import TOKEN
from tests.servers.jira import FakeJira, small, some
from tests.servers.web import Reply, serving

FORMS = (TOKEN, Basic("ann@example.org", TOKEN).secrets()[1], Bearer(TOKEN).headers()["Authorization"])
HTML = "<!DOCTYPE html><html><title>Log in</title></html>"


def answering(reply, *, path="", times=10**6, every=1):
    @contextmanager
    def misbehave(jira, _foreign):
        jira.faults.append(some(reply, times, path=path, every=every))
        yield
        jira.faults.clear()

    return misbehave


def being(**wrong):
    @contextmanager
    def misbehave(jira, _foreign):
        right = {name: getattr(jira, name) for name in wrong}
        for name, value in wrong.items():
            setattr(jira, name, value)
        yield
        for name, value in right.items():
            setattr(jira, name, value)
        jira.index()

    return misbehave


@contextmanager
def sending_elsewhere(jira, foreign):
    jira.faults.append(lambda asked: Reply({}, 307, {"Location": f"{foreign.url}{asked.path}?token={TOKEN}"}))
    yield
    jira.faults.clear()


@contextmanager
def signing_in_elsewhere(jira, foreign):
    jira.faults.append(
        lambda asked: Reply(HTML, 302, {"Location": f"{foreign.url}/login", "Set-Cookie": "seraph=1"}) if "search" in asked.path else None
    )
    yield
    jira.faults.clear()


@contextmanager
def echoing(jira, _foreign):
    """An error that repeats what was sent."""
    jira.faults.append(
        lambda asked: (
            Reply({"errorMessages": [f"bad header: {asked.headers.get('authorization')}"]}, 400, {"X-Debug": TOKEN})
            if "serverInfo" not in asked.path
            else None
        )
    )
    yield
    jira.faults.clear()


@contextmanager
def expiring(jira, _foreign):
    """The token expires in the middle: from then on 200 with nothing in it."""

    def expire(asked):
        jira.expired = jira.expired or b"project = " in asked.body

    jira.before.append(expire)
    yield
    jira.before.clear()
    jira.expired = False


@contextmanager
def changing_the_account(jira, _foreign):
    """Somebody else answers to the token when it is asked again."""
    known = []
    user = jira.user

    def other(asked):
        if asked.path.endswith("/myself"):
            known.append(asked)
            jira.user = lambda who: user("bob" if len(known) > 1 else who)

    jira.before.append(other)
    yield
    jira.before.clear()
    jira.user = user


@contextmanager
def editing_while_it_is_read(jira, _foreign):
    jira.before.append(lambda asked: jira.rename(jira.issues[min(jira.issues)], "Again") if b"*all" in asked.body else None)
    yield
    jira.before.clear()


BUSY = {"Retry-After": "0"}
SLOW = "http.answer_seconds = 0.2"
# What happens, what is set, and whether everything is there all the same (None: that depends on the moment).
WRONG = {
    "429 in bursts": (answering(Reply({}, 429, BUSY | {"RateLimit-Reason": "jira-burst-based"}), times=12, every=3), (), True),
    "429 of the quota": (answering(Reply({}, 429, {"RateLimit-Reason": "jira-quota-global-based"}), times=4, every=5), (), True),
    "429 for ever": (answering(Reply({}, 429), path="search"), (), False),
    "503 in bursts": (answering(Reply("<html>Service unavailable</html>", 503), times=12, every=3), (), True),
    "503 for ever": (answering(Reply({}, 503, BUSY), path="search"), (), False),
    "503 until long after": (answering(Reply({}, 503, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}), path="search"), (), False),
    "500": (answering(Reply({"errorMessages": ["NullPointerException"]}, 500), times=6, every=4), (), True),
    "HTML instead of JSON": (answering(Reply(HTML), times=6, every=4), (), True),
    "HTML for ever": (answering(Reply(HTML), path="search"), (), False),
    "an answer without content": (answering(Reply(b"", headers={"Content-Type": "application/json"}), path="search"), (), False),
    "an answer of another shape": (answering(Reply({"total": 0}), path="search"), (), False),
    "a slow body": (answering(Reply({"issues": []}, drip=0.1), path="search", times=1), (SLOW,), True),
    "a slow answer": (answering(Reply({"issues": []}, wait=0.4), path="search", times=1), (SLOW,), True),
    "dropped connections": (answering(Reply(b"", cut=-1), times=8, every=3), (), True),
    "half answers": (answering(Reply({"issues": [{"id": "1"}] * 100}, cut=60), times=8, every=3), (), True),
    "dropped for ever": (answering(Reply(b"", cut=-1), path="search"), (), False),
    "short pages": (being(page=2, embedded=1, embedded_history=1, bulk_changes=3), (), True),
    "a token that repeats": (being(page=2, same_token=True), (), None),
    "changes that come late": (being(late=True), (), True),
    "numbers for times": (being(epoch_history=True), (), True),
    "403 on one project": (being(forbidden={"ALPHA"}), (), False),
    "403 on everything": (answering(Reply({"errorMessages": ["no"]}, 403)), (), False),
    "an administrator no more": (being(is_admin=False), (), None),
    "401": (answering(Reply({}, 401)), (), False),
    "401 once": (answering(Reply({}, 401), path="search", times=1), (), False),
    "404": (answering(Reply({"errorMessages": ["no"]}, 404), path="search"), (), False),
    "410": (answering(Reply({"errorMessages": ["CHANGE-2046"]}, 410), path="search"), (), False),
    "200 with nothing, expired": (being(expired=True), (), False),
    "200 with nothing, expired in the middle": (expiring, (), False),
    "another account in the middle": (changing_the_account, (), False),
    "CAPTCHA": (answering(Reply({}, 403, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE"})), (), False),
    "redirects to another host": (sending_elsewhere, (), False),
    "a sign-in page of another host": (signing_in_elsewhere, (), False),
    "an error that repeats the header": (echoing, (), False),
    "no Jira": (answering(Reply({"hello": "world"})), (), False),
    "edits while it is read": (editing_while_it_is_read, (), True),
    "no more time": (being(), ("http.max_minutes = 0.0001",), False),
}


def written(tmp_path):
    """Everything that lies in the folder, unpacked."""
    for file in sorted(tmp_path.rglob("*")):
        if file.is_file():
            yield file.name, file.read_bytes()
    if (tmp_path / ".auditor" / "raw").exists():
        with RawStore(tmp_path / ".auditor", "tracker") as raw:
            for place in raw.places():
                for record, _ in raw.records(place):
                    yield record.key, repr(record).encode()


@pytest.mark.parametrize(("number", "name"), list(enumerate(WRONG)), ids=list(WRONG))
def test_whatever_goes_wrong(live, tmp_path, capsys, caplog, number, name):
    caplog.set_level(logging.DEBUG)
    misbehave, lines, is_complete = WRONG[name]
    jira = small(FakeJira(cloud=number % 2 == 0), issues=4)
    world = live(jira)
    lines = ('places = ["ALPHA"]', 'http.request_log = "requests.jsonl"', "http.max_wait_minutes = 0.005", *lines)
    told = []
    with serving(lambda _: Reply(HTML)) as foreign:
        world.pull('places = ["ALPHA"]')
        before = {key for key in world.records() if key.startswith("issue:")}
        jira.rename(jira.issues[max(jira.issues)], "Renamed")
        jira.rename(next(issue for issue in jira.issues.values() if issue.summary == "Work 2"), "Renamed, too")
        asked = len(jira.server.asked)
        with misbehave(jira, foreign):
            report = world.pull(*lines)
            told.append(repr(report))
            try:
                told.append(repr(world.connector(*lines).diagnose(Scope())))
            except AuditorError as error:
                told += [*traceback.format_exception(error), error.message, error.hint or ""]
        assert len(jira.server.asked) - asked < 250
        assert is_complete is None or report.is_complete is is_complete, report
        assert report.gone == 0
        assert {key for key in world.records() if key.startswith("issue:")} == before
        assert foreign.asked == []
        told += [repr(item) for item in foreign.asked]
    assert world.pull('places = ["ALPHA"]').is_complete
    assert world.rows() == world_whole(world)
    captured = capsys.readouterr()
    told += [captured.out, captured.err, caplog.text]
    for form in FORMS:
        assert not [text for text in told if form in text]
        assert not [file for file, content in written(tmp_path) if form.encode() in content]


def world_whole(world):
    """What a first pull of the same project says."""
    report = world.pull('places = ["ALPHA"]', store="whole")
    assert report.is_complete, report
    return world.rows(store="whole")
