"""The client keeps its limits, waits as it is asked to, and gives its secret to nobody else."""

import gzip
import io
import itertools
import json
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.connect.http import Answer, Basic, Bearer, Client, HttpOptions
from auditor.connect.http.pace import Pace, backoff, retry_after
from auditor.connect.secret import Secret
from auditor.errors import AccessDenied, NotVisible, Rejected, SourceError, SourceUnavailable, UsageError
from tests.servers.web import Reply, in_turn, serving

TOKEN = "s3cret/tok+en="


class Waits:
    """Sleeps without sleeping: time is what was slept."""

    def __init__(self):
        self.slept = []
        self._lock = threading.Lock()

    def clock(self):
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds):
        with self._lock:
            self.slept.append(seconds)


def client(server, waits=None, **options):
    waits = waits or Waits()
    made = Client(server.url, credentials=Bearer(TOKEN), options=HttpOptions(**options), clock=waits.clock, sleep=waits.sleep)
    made.waits = waits
    return made


def ask(server, **options):
    made = client(server, **options)
    try:
        return made.get("/thing"), made.waits.slept
    finally:
        made.close()


def fails(server, kind, **options):
    made = client(server, **options)
    try:
        with pytest.raises(kind) as caught:
            made.get("/thing", {"jql": "project = X"})
    finally:
        made.close()
    told = "".join(traceback.format_exception(caught.value, chain=True)) + str(caught.value)
    assert TOKEN not in told
    assert "project = X" not in str(caught.value)
    return caught.value


# What passes is tried again


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_source_that_is_busy_is_asked_again(status):
    with serving(in_turn(Reply({}, status), Reply({}, status), Reply({"a": 1}))) as server:
        answer, slept = ask(server)
        assert answer.object() == {"a": 1}
        assert len(server.asked) == 3
        assert len(slept) == 2


def test_seconds_of_retry_after_are_waited():
    with serving(in_turn(Reply({}, 429, {"Retry-After": "17"}), Reply({}))) as server:
        _, slept = ask(server)
        assert 17 <= sum(slept) <= 22


def test_a_date_of_retry_after_is_waited_by_the_sources_own_clock():
    wrong = datetime.now(UTC) + timedelta(hours=5)  # the source's clock is five hours ahead
    headers = {"Retry-After": format_datetime(wrong + timedelta(seconds=30), usegmt=True), "Date": format_datetime(wrong, usegmt=True)}
    assert retry_after(headers, datetime.now(UTC)) == 30
    assert retry_after({"Retry-After": format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)}, datetime.now(UTC)) == 0


@pytest.mark.parametrize("said", ["soon", "", "nan", "inf", "-5", "99999999999999999999999999", "Mon, 99 Foo 2026 10:00:00 GMT"])
def test_a_retry_after_that_cannot_be_read_is_no_reason_to_fail(said):
    found = retry_after({"Retry-After": said}, datetime.now(UTC))
    assert found is None or found >= 0


def test_waiting_in_all_is_bounded():
    with serving(in_turn(Reply({}, 503, {"Retry-After": "3600"}))) as server:
        error = fails(server, SourceUnavailable, max_wait_minutes=10)
        assert "longer waiting" in error.message
        assert len(server.asked) == 1


def test_a_source_that_never_recovers_ends_in_an_error():
    with serving(in_turn(Reply({}, 503))) as server:
        error = fails(server, SourceUnavailable)
        assert "503" in error.message
        assert len(server.asked) == 7


def test_a_pull_that_may_take_no_longer_ends():
    with serving(in_turn(Reply({}, 503, {"Retry-After": "90"}))) as server:
        assert "time that a pull may take" in fails(server, SourceUnavailable, max_minutes=1).message


def test_a_refusal_pauses_everybody():
    """What one thread was told holds for all: nobody asks before the pause is over."""
    state = {"until": 0.0, "refused": 0, "early": 0}
    waits = Waits()

    def answer(_):
        if state["refused"] == 0:
            state["refused"] += 1
            state["until"] = waits.clock() + 40
            return Reply({}, 429, {"Retry-After": "40"})
        if waits.clock() < state["until"] - 1:
            state["early"] += 1
        return Reply({"ok": True})

    with serving(answer) as server:
        made = client(server, waits, concurrency=4)
        assert made.get("/first").data == {"ok": True}
        assert [item.data for item in made.map(lambda n: made.get(f"/{n}"), range(20))] == [{"ok": True}] * 20
        assert state["early"] == 0
        made.close()


def test_a_refusal_of_one_endpoint_pauses_that_endpoint_only():
    with serving(
        lambda asked: Reply({}, 429, {"Retry-After": "30"}) if asked.path == "/slow" and len(server.asked) == 1 else Reply({})
    ) as server:
        waits = Waits()
        made = Client(server.url, pauses=lambda _answer, endpoint: endpoint, clock=waits.clock, sleep=waits.sleep)
        made.get("/slow")
        before = sum(waits.slept)
        assert before >= 30
        made.get("/other")
        assert sum(waits.slept) == before
        made.close()


def test_requests_at_once_are_bounded():
    def answer(_):
        return Reply({}, wait=0.02)

    with serving(answer) as server:
        made = client(server, concurrency=3)
        assert len(list(made.map(lambda n: made.get(f"/{n}"), range(30)))) == 30
        assert server.most_at_once <= 3
        made.close()


def test_fewer_requests_at_once_after_a_refusal_and_more_when_it_is_calm():
    waits = Waits()
    pace = Pace(8, max_wait=100, max_seconds=None, clock=waits.clock, sleep=waits.sleep)
    pace.refused(5)
    pace.refused(5)  # the same burst
    assert pace.limit == 4
    waits.sleep(6)
    pace.refused(5)
    assert pace.limit == 2
    for _ in range(1000):
        pace.answered()
    assert pace.limit == 8


@given(st.integers(1, 50), st.floats(0, 0.999))
def test_back_off_grows_and_stays_bounded(attempt, draw):
    assert 0 < backoff(attempt, lambda: draw) <= 60
    assert backoff(attempt + 1, lambda: draw) >= backoff(attempt, lambda: draw)


# What is wrong is said, and who can act


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Rejected), (401, AccessDenied), (403, AccessDenied), (404, NotVisible), (410, NotVisible), (414, Rejected)]
)
def test_a_refusal_is_not_tried_again(status, kind):
    with serving(in_turn(Reply({"errorMessages": ["no such thing"]}, status))) as server:
        error = fails(server, kind)
        assert f"{server.url}/thing" in error.message
        assert str(status) in error.message
        assert len(server.asked) == 1


def test_what_the_source_complains_of_is_told_without_the_secret():
    with serving(in_turn(Reply({"errorMessages": [f"bad value {TOKEN} in\nquery"]}, 400))) as server:
        assert fails(server, Rejected).hint == "bad value ••• in query"


def test_a_page_for_people_is_no_answer():
    with serving(in_turn(Reply("<html>Log in</html>"))) as server:
        error = fails(server, SourceUnavailable)
        assert "HTML instead of JSON" in error.message
        assert 1 < len(server.asked) <= 5


def test_maintenance_that_passes_is_waited_for():
    with serving(in_turn(Reply("<html>back soon</html>"), Reply({"a": 1}))) as server:
        assert ask(server)[0].data == {"a": 1}


def test_half_an_answer_is_asked_for_again():
    whole = json.dumps({"a": "x" * 1000}).encode()
    with serving(in_turn(Reply(whole, cut=500), Reply(b"", cut=-1), Reply(whole))) as server:
        assert ask(server)[0].object() == {"a": "x" * 1000}
        assert len(server.asked) == 3


def test_a_body_that_drips_ends_at_the_time_limit():
    with serving(in_turn(Reply({"a": "x" * 10_000}, drip=0.01))) as server:
        made = Client(server.url, options=HttpOptions(answer_seconds=0.3), sleep=lambda _: None)
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match="takes too long"):
            made.get("/thing")
        assert time.monotonic() - began < 5
        made.close()


def test_an_answer_that_never_begins_ends_at_the_time_limit():
    with serving(in_turn(Reply({}, wait=1.0))) as server:
        made = Client(server.url, options=HttpOptions(answer_seconds=0.1), sleep=lambda _: None)
        with pytest.raises(SourceUnavailable, match="no answer in time"):
            made.get("/thing")
        made.close()


def test_an_answer_may_be_only_so_large_also_when_it_is_packed():
    bomb = gzip.compress(b"[" + b"0," * 2_000_000 + b"0]")
    with serving(in_turn(Reply(bomb, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}))) as server:
        assert "larger than" in fails(server, SourceUnavailable, max_answer_mb=1).message
        assert len(server.asked) == 1


def test_nobody_listens():
    with serving(in_turn(Reply({}))) as server:
        pass
    error = fails(server, SourceUnavailable)
    assert "connection failed" in error.message
    assert error.hint


@pytest.mark.parametrize("body", [b"", b"[1]", b"true"])
def test_an_answer_of_another_shape_is_said_so(body):
    with serving(in_turn(Reply(body))) as server:
        made = client(server)
        with pytest.raises(SourceUnavailable):
            made.get("/thing").object()
        made.close()


def test_letters_that_are_none_cost_themselves_only():
    with serving(in_turn(Reply(b'{"a": "x\\ud83d", "b": NaN}'))) as server:
        assert ask(server)[0].object() == {"a": "x?", "b": None}


def test_an_answer_can_be_looked_at_before_its_status():
    def inspect(answer: Answer) -> None:
        if answer.headers.get("X-Who") == "nobody":
            raise AccessDenied("not signed in")

    with serving(in_turn(Reply({"issues": []}, headers={"X-Who": "nobody"}))) as server:
        made = Client(server.url, inspect=inspect)
        with pytest.raises(AccessDenied, match="not signed in"):
            made.get("/thing")
        made.close()


# The secret


def test_the_secret_goes_to_the_source_and_to_nobody_else():
    with serving(in_turn(Reply({"stolen": True}))) as other:
        with serving(in_turn(Reply({}, 302, {"Location": other.url + "/login?next=x"}))) as server:
            error = fails(server, SourceUnavailable)
            assert "another host" in error.message
            assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
        assert other.asked == []


def test_a_next_link_to_another_host_is_not_followed():
    with serving(in_turn(Reply({}))) as server:
        made = client(server)
        for link in ("https://evil.example/next", "http://127.0.0.1:1/next", server.url.replace("127.0.0.1", "127.0.0.1.evil.example")):
            with pytest.raises(SourceUnavailable, match="another host"):
                made.get(link)
        assert made.get(server.url + "/next?token=1").data == {}
        assert [asked.path for asked in server.asked] == ["/next"]
        made.close()


def test_another_host_of_the_source_is_configured():
    with serving(in_turn(Reply({"b": 2}))) as second, serving(in_turn(Reply({}, 307, {"Location": second.url + "/x"}))) as first:
        made = Client(first.url, credentials=Bearer(TOKEN), more_hosts=(second.url,))
        assert made.get("/thing").data == {"b": 2}
        assert second.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
        made.close()


def test_a_redirect_on_the_same_host_is_followed_and_a_circle_is_not():
    with serving(lambda asked: Reply({"a": 1}) if asked.path == "/there" else Reply({}, 302, {"Location": "/there"})) as server:
        assert ask(server)[0].data == {"a": 1}
    with serving(in_turn(Reply({}, 302, {"Location": "/thing"}))) as server:
        assert "too often" in fails(server, SourceUnavailable).message


def test_content_is_fetched_from_another_host_without_the_secret():
    with serving(in_turn(Reply(b"half", cut=2), Reply(b"content"))) as store:
        with serving(in_turn(Reply({}, 302, {"Location": store.url + "/blob?sig=abc"}))) as server:
            made = client(server)
            file = io.BytesIO()
            answer = made.download("/content", file, max_bytes=100)
            assert file.getvalue() == b"content"
            assert answer.status == 200
            assert len(server.asked) == 2  # a further attempt asks for a new address
            made.close()
        assert all("authorization" not in asked.headers for asked in store.asked)


def test_content_that_is_too_large_ends():
    with serving(in_turn(Reply(b"x" * 1000))) as server:
        made = client(server)
        with pytest.raises(SourceUnavailable, match="larger than"):
            made.download("/content", io.BytesIO(), max_bytes=999)
        made.close()


def test_a_new_proof_is_got_once():
    class Signed:
        def __init__(self):
            self.tokens = itertools.chain(["old-token", "new-token"])
            self.now = next(self.tokens)

        def headers(self):
            return {"Authorization": f"Bearer {self.now}"}

        def renew(self):
            self.now = next(self.tokens, "")
            return bool(self.now)

        def secrets(self):
            return (self.now,)

    with serving(lambda asked: Reply({}, 200 if "new" in asked.headers["authorization"] else 401)) as server:
        made = Client(server.url, credentials=Signed())
        assert made.get("/thing").data == {}
        made.close()
    with serving(in_turn(Reply({}, 401))) as server:
        made = Client(server.url, credentials=Signed())
        with pytest.raises(AccessDenied):
            made.get("/thing")
        assert len(server.asked) == 2
        made.close()


def test_nothing_of_the_environment_speaks_for_us(monkeypatch, tmp_path):
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(in_turn(Reply({}, headers={"Set-Cookie": "session=1; Path=/"}))) as server:
        made = Client(server.url)
        made.get("/thing")
        made.get("/thing")
        assert all("authorization" not in asked.headers and "cookie" not in asked.headers for asked in server.asked)
        made.close()


def test_a_proxy_is_used_and_its_password_is_never_shown(monkeypatch, tmp_path):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(in_turn(Reply({"by": "proxy"}))) as proxy:
        (tmp_path / "proxy.secret").write_text(proxy.url.replace("http://", "http://me:pr0xypass@"), "utf-8")
        made = Client(
            "https://tracker.invalid", options=HttpOptions(proxy=Secret(file="proxy.secret")), folder=tmp_path, sleep=lambda _: None
        )
        with pytest.raises(SourceUnavailable) as caught:
            made.get("/thing")
        assert "pr0xypass" not in str(caught.value)
        assert proxy.asked == [] or proxy.asked[0].method == "CONNECT"
        made.close()
    with pytest.raises(ValueError):
        HttpOptions(proxy="http://me:pr0xypass@proxy.example:3128")


@pytest.mark.parametrize(
    "base", ["http://tracker.example", "tracker.example", "ftp://tracker.example", "https://me:pw@tracker.example", "https://"]
)
def test_an_address_that_would_give_the_secret_away_is_refused(base):
    with pytest.raises(UsageError) as caught:
        Client(base, credentials=Bearer(TOKEN))
    assert "pw" not in str(caught.value).replace("https", "")


def test_the_log_of_requests_holds_no_secret(tmp_path):
    replies = in_turn(Reply({}, 503), Reply({}, 302, {"Location": f"https://other.example/?t={TOKEN}"}))
    with serving(replies) as server:
        made = Client(
            server.url, credentials=Basic("me@example.org", TOKEN), options=HttpOptions(request_log="log/requests.jsonl"), folder=tmp_path,
            sleep=lambda _: None,
        )  # fmt: skip
        with pytest.raises(SourceError):
            made.get("/thing", {"q": TOKEN})
        made.close()
    text = (tmp_path / "log" / "requests.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["method"], line["status"], line["attempt"]) for line in lines] == [("GET", 503, 1), ("GET", 302, 2)]
    assert TOKEN not in text
    assert Basic("me@example.org", TOKEN).secrets()[1] not in text


def test_breadth_keeps_the_order_and_ends_at_the_first_error():
    def answer(asked):
        return Reply({}, 404) if asked.path == "/7" else Reply({"n": asked.path}, wait=0.001 * (hash(asked.path) % 5))

    with serving(answer) as server:
        made = client(server, concurrency=4)
        answers = made.map(lambda n: made.get(f"/{n}").data["n"], itertools.count())
        seen = list(itertools.islice(answers, 7))
        with pytest.raises(NotVisible):
            next(answers)
        assert seen == [f"/{n}" for n in range(7)]
        assert len(server.asked) < 40
        made.close()


def test_the_sources_clock_is_seen():
    late = format_datetime(datetime.now(UTC) - timedelta(minutes=10), usegmt=True)
    with serving(in_turn(Reply({}, headers={"Date": late, "X-RateLimit-Remaining": "17"}))) as server:
        made = client(server)
        made.get("/thing")
        assert made.skew_seconds is not None
        assert -610 < made.skew_seconds < -590
        assert made.header("X-RateLimit-Remaining") == "17"
        made.close()
