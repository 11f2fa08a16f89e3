"""Shares of real servers: the same walk as of local folders, whatever the server does."""

import errno
import logging
import os
import shutil
import traceback

import pytest

from auditor.connect.conformance import ConnectorConformance, Remembered
from auditor.connect.protocol import Record, Scope, Unchanged, Unread, Walked
from auditor.errors import AccessDenied, AuditorError, SourceUnavailable
from auditor_connectors.fileshare import remote
from auditor_connectors.fileshare.remote import RemotePlace
from tests.connectors.fileshare.conftest import write
from tests.servers.shares import PASSWORD

pytestmark = [pytest.mark.xdist_group("shares"), pytest.mark.usefixtures("read_here", "temporary", "no_waiting")]


def pull(connector, known=None, places=()):
    return list(connector.pull(Scope(tuple(places)), known or Remembered()))


def records(pulled):
    return {thing.key: thing for thing in pulled if isinstance(thing, Record) and thing.kind == "document"}


def unread(pulled):
    return {thing.key: thing for thing in pulled if isinstance(thing, Unread)}


def walked(pulled):
    return {thing.place: thing for thing in pulled if isinstance(thing, Walked)}


class OfServer(ConnectorConformance):
    kind = ""

    @pytest.fixture(autouse=True)
    def _share(self, share_of):
        self.share = share_of(self.kind)

    def build(self, folder):
        for place in ("Alpha", "Beta"):
            write(folder, f"{place}/Risk Log.csv", text="ID,Title\n1,Supplier late\n")
            write(folder, f"{place}/Planning/Plan ä.md", text=f"# Plan of {place}\n\nSome text.\n")
        (folder / "Alpha" / "Picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
        os.utime(folder / "Alpha" / "Picture.png", (1_700_000_001,) * 2)
        (folder / "Alpha" / "link.docx").symlink_to(folder / "Alpha" / "link.docx")
        write(folder, "Standards.md", text="# Standards\n\nOf the whole department.\n")

    def connect(self, folder):
        return self.share.connect(folder)

    def change(self, folder):
        (folder / "Beta" / "Planning" / "Plan ä.md").write_text("# Plan of Beta\n\nOther text.\n", "utf-8")
        return ["Beta/Planning/Plan ä.md"]

    def remove(self, folder):
        (folder / "Alpha" / "Risk Log.csv").unlink()
        return ["Alpha/Risk Log.csv"]


class TestSmb(OfServer):
    kind = "smb"


class TestSftp(OfServer):
    kind = "sftp"


class TestWebdav(OfServer):
    kind = "webdav"


class TestS3(OfServer):
    kind = "s3"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    write(folder, "P/a.md", "P/sub/b.md", "Q/c.md")
    return folder


@pytest.fixture
def fetched(monkeypatch):
    """What was fetched from servers."""
    done = []
    real = RemotePlace._fetch

    def fetch(self, line, met, path):
        done.append(met.path)
        return real(self, line, met, path)

    monkeypatch.setattr(RemotePlace, "_fetch", fetch)
    return done


def test_first_unchanged_changed_and_deleted(share, root, fetched):
    first = pull(share.connect(root))
    assert set(records(first)) == {"P/a.md", "P/sub/b.md", "Q/c.md"}
    assert all(walk.is_complete for walk in walked(first).values())
    assert sorted(fetched) == ["P/a.md", "P/sub/b.md", "Q/c.md"]
    record = records(first)["P/sub/b.md"]
    assert record.payload["size"] == 37
    if share.kind == "s3":
        assert record.payload["mtime_ns"] == 0  # when it was brought there is not when it was written
    else:
        assert record.changed_at.isoformat() == "2023-11-14T22:13:20+00:00"
        assert record.payload["mtime_ns"] == 1_700_000_000_000_000_000
    del fetched[:]
    known = Remembered(first)
    again = pull(share.connect(root), known)
    assert fetched == []
    assert {place: walk.is_delta for place, walk in walked(again).items()} == {"P": True, "Q": True, "": False}
    assert known.then(again).live == {thing.key for thing in first if not isinstance(thing, Walked)}
    write(root, "P/sub/b.md", text="# Charter\n\nThe project makes othing.\n", at=1_700_000_100)
    (root / "Q" / "c.md").unlink()
    write(root, "Q/d.docx", text="<html><body>sign in</body></html>")
    third = pull(share.connect(root), known)
    assert fetched == ["P/sub/b.md", "Q/d.docx"]
    assert records(third)["P/sub/b.md"].content_hash != record.content_hash
    assert unread(third)["Q/d.docx"].reason == "not_a_document"
    assert "Q/c.md" not in known.then(third).live


def test_folder_that_may_not_be_listed(share, open_folder):
    write(open_folder, "P/a.md", "P/Forbidden/b.md", "Q/c.md")
    more = {}
    if share.kind == "smb":
        (open_folder / "P" / "Forbidden").chmod(0o700 if os.getuid() == 0 else 0)
        more = {"root": f"smb://127.0.0.1:{share.port}/guarded{open_folder}"}
    pulled = pull(share.connect(open_folder, **more))
    assert set(records(pulled)) == {"P/a.md", "Q/c.md"}
    assert walked(pulled)["P"] == Walked("P", False, "permission_denied", "P/Forbidden: the folder may not be listed")
    assert unread(pulled)["P/Forbidden/"].reason == "permission_denied"
    assert walked(pulled)["Q"].is_complete
    seen = {"P/Forbidden/b.md": Record("P/Forbidden/b.md", "document", "P", {}, "1:1:1")}
    known = Remembered([*pulled, *seen.values()])
    assert "P/Forbidden/b.md" in known.then(pull(share.connect(open_folder, **more), known)).live
    diagnosis = share.connect(open_folder, **more).diagnose(Scope())
    assert diagnosis.seen[:2] == ("folder P: 2 entries", "folder Q: 1 entries")
    assert diagnosis.account == share.user
    write(open_folder, "Forbidden/x.md")
    if share.kind == "smb":
        (open_folder / "Forbidden").chmod(0o700 if os.getuid() == 0 else 0)
    diagnosis = share.connect(open_folder, **more).diagnose(Scope())
    assert diagnosis.unseen == ("folder Forbidden may not be listed",)
    assert diagnosis.hidden == {"folder Forbidden may not be listed": ()}  # any table may stand in what lies there


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the library's own thread that reads ahead ends so
def test_connection_that_breaks_in_the_middle(share, relay, root, temporary):
    text = "# Plan\n\n" + "Some words that fill the file. " * 8_000
    write(root, "P/big.md", text=text)
    share.sync(root)
    connector = share.connect(root)
    # A little after the walk, while content comes.
    pull(connector, places=("Q",))
    relay.cut_after = relay.bytes + 150_000
    pulled = pull(connector)
    assert relay.cuts == 1
    assert set(records(pulled)) == {"P/a.md", "P/big.md", "P/sub/b.md", "Q/c.md"}
    assert records(pulled)["P/big.md"].payload["size"] == len(text)
    assert all(walk.is_complete for walk in walked(pulled).values())
    assert list(temporary.iterdir()) == []


def test_connection_that_breaks_during_the_walk(share, relay, tmp_path):
    root = tmp_path / "many"
    write(root, *(f"P/{number:02}/a.md" for number in range(12)))
    connector = share.connect(root)
    whole = records(pull(connector))
    real, listed = remote._RemoteTree.list, []

    def listing(self, folder, *known):
        listed.append(folder)
        if len(listed) in {4, 9}:
            relay.cut()
        return real(self, folder, *known)

    patch = pytest.MonkeyPatch()
    patch.setattr(remote._RemoteTree, "list", listing)
    try:
        again = pull(connector)
    finally:
        patch.undo()
    assert relay.cuts == 2
    assert unread(again) == {}
    assert records(again) == whole
    assert walked(again)["P"].is_complete


def test_socket_that_another_thread_closed_is_a_broken_connection(share_of, root, monkeypatch):
    import smbclient

    share = share_of("smb")
    whole = records(pull(share.connect(root)))
    for name in ("scandir", "open_file"):
        broken = []
        real = getattr(smbclient, name)

        def breaks(path, *rest, real=real, broken=broken, **more):
            if path not in broken:
                broken.append(path)
                raise OSError(errno.EBADF, "Bad file descriptor")
            return real(path, *rest, **more)

        with monkeypatch.context() as patch:
            patch.setattr(smbclient, name, breaks)
            again = pull(share.connect(root))
        assert len(broken) >= 3
        assert unread(again) == {}
        assert records(again) == whole


def test_server_that_goes_away_ends_the_pull_and_nothing_is_concluded(share, relay, root, temporary):
    more = {"http": {"max_wait_minutes": 0.0001, "connect_seconds": 1}} if share.kind in {"webdav", "s3"} else {}
    connector = share.connect(root, connections=1, **more)
    met = []

    def go():
        for thing in connector.pull(Scope(), Remembered()):
            met.append(thing)
            if isinstance(thing, Walked) and thing.place == "P":
                relay.is_closed = True
                relay.cut()

    with pytest.raises(SourceUnavailable) as error:
        go()
    assert "127.0.0.1" in str(error.value) or share.kind == "s3"
    assert set(walked(met)) == {"P"}
    assert list(temporary.iterdir()) == []
    relay.is_closed = False
    rest = pull(share.connect(root), Remembered(met))
    assert set(records(rest)) == {"Q/c.md"}


def test_root_that_is_missing(share, tmp_path):
    (tmp_path / "nothing").mkdir()
    share.sync(tmp_path / "nothing")
    assert walked(pull(share.connect(tmp_path / "nothing")))[""] == Walked("", False, "empty", "nothing lies in the root")
    shutil.rmtree(tmp_path / "nothing")
    with pytest.raises(SourceUnavailable):
        pull(share.connect(tmp_path / "nothing"))


def test_wrong_password_is_tried_once_and_no_secret_is_told(share, relay, root, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    wrong = "Falsch-0815-auch-nie-zeigen"
    shown = []
    more = {"session_token": {"env": "SHARE_TOKEN"}} if share.kind == "s3" else {}
    monkeypatch.setenv("SHARE_TOKEN", "Sitzung-99-nie-zeigen")
    connector = share.connect(root, **more)
    shown += [repr(thing) for thing in pull(connector)]
    shown += [repr(connector.diagnose(Scope())), repr(share.options(root, **more)), repr(vars(connector))]
    monkeypatch.setenv("SHARE_PASSWORD", wrong)
    before = relay.connections
    if share.kind != "s3":  # the server of the tests believes everybody
        with pytest.raises(AccessDenied) as error:
            pull(connector)
        shown.append("".join(traceback.format_exception(error.value)) + str(error.value))
        assert relay.connections - before <= 1
    relay.is_closed = True
    more |= {"http": {"max_wait_minutes": 0.0001, "connect_seconds": 1}} if share.kind in {"webdav", "s3"} else {}
    for call in (lambda: pull(share.connect(root, **more)), lambda: share.connect(root, **more).diagnose(Scope())):
        with pytest.raises(AuditorError) as error:
            call()
        shown.append("".join(traceback.format_exception(error.value)))
    out = capfd.readouterr()
    import base64

    for secret in (PASSWORD, wrong, "Sitzung-99-nie-zeigen"):
        for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")[2:-2]):
            for text in (*shown, caplog.text, out.out, out.err):
                assert form not in text


def test_links_and_what_nobody_means(share, root):
    write(root, "P/Thumbs.db", "P/.git/x.md", "P/~WRL01.tmp", "P/Plan.md", text="# x\n\ny\n")
    (root / "P" / "~$Plan.md").write_bytes(b"\x05Maria" + b"\0" * 156)
    os.utime(root / "P" / "~$Plan.md", (1_700_000_000,) * 2)
    if share.kind in {"smb", "sftp"}:
        (root / "P" / "loop").symlink_to(root / "P")
        (root / "P" / "away.md").symlink_to("/etc/hostname")
    pulled = pull(share.connect(root))
    assert {"P/Plan.md", "P/a.md", "P/sub/b.md", "Q/c.md"} <= set(records(pulled))
    assert not {"P/Thumbs.db", "P/.git/x.md", "P/~WRL01.tmp"} & (set(records(pulled)) | set(unread(pulled)))
    assert unread(pulled)["P/~$Plan.md"].reason == "not_a_document"
    assert records(pulled)["P/Plan.md"].payload["is_open"] is True
    if share.kind == "sftp":
        assert unread(pulled)["P/away.md"].reason == "unsupported"
        assert "P/loop" not in unread(pulled)  # it leads to what is walked anyhow
        assert not any(key.startswith("P/loop/") for key in records(pulled))


def test_long_names_and_deep_folders(share, tmp_path):
    root = tmp_path / "r"
    deep = "P/" + "/".join(f"{number} mit einem langen Namen, wie ihn Menschen schreiben" for number in range(6))
    write(root, f"{deep}/Bericht.md", "P/" + "ä" * 100 + ".md")
    pulled = pull(share.connect(root))
    assert set(records(pulled)) == {f"{deep}/Bericht.md", "P/" + "ä" * 100 + ".md"}
    assert pull(share.connect(root, max_depth=2))[-2].reason == "limit_reached"


def test_names_that_are_not_in_the_usual_form(share, tmp_path):
    root = tmp_path / "r"
    write(root, "P/e\u0301tude.md", "P/a#b?c%20d&e+f;g.md", "P/<b>=1+1.md")
    if share.kind == "sftp":
        write(root, os.fsdecode(b"P/Beh\xf6rde.md"))
    pulled = pull(share.connect(root))
    keys = set(records(pulled))
    assert "P/étude.md" in keys
    if share.kind != "smb":  # Samba shows names that Windows cannot hold in another form
        assert {"P/a#b?c%20d&e+f;g.md", "P/<b>=1+1.md"} <= keys
    if share.kind == "sftp":
        assert "P/Behörde.md" in keys
    assert unread(pulled) == {}
    assert records(pull(share.connect(root), Remembered(pulled))) == {} or share.kind == "sftp"


def test_size_limit_and_empty_files(share, root, fetched):
    write(root, "P/large.md", text="x" * (1_100_000))
    (root / "P" / "none.md").write_bytes(b"")
    pulled = pull(share.connect(root, max_file_mb=1))
    assert unread(pulled)["P/large.md"].reason == "too_large"
    assert unread(pulled)["P/none.md"].reason == "empty"
    assert "P/large.md" not in fetched
    assert "P/none.md" not in fetched


def test_nothing_is_left_behind_when_somebody_leaves(share, root, temporary):
    pulling = share.connect(root).pull(Scope(), Remembered())
    while not isinstance(next(pulling), Record):
        pass
    pulling.close()
    assert list(temporary.iterdir()) == []


def test_scope_and_unchanged_keys(share, root):
    first = pull(share.connect(root), places=("P",))
    assert set(records(first)) == {"P/a.md", "P/sub/b.md"}
    assert set(walked(first)) == {"P"}
    write(root, "P/new.md")
    again = pull(share.connect(root), Remembered(first), places=("P",))
    assert {thing.key for thing in again if isinstance(thing, Unchanged)} >= {"P/a.md", "P/sub/b.md"}
    assert set(records(again)) == {"P/new.md"}
