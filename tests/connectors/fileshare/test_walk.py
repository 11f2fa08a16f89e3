import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.connect.conformance import Remembered
from auditor.connect.protocol import Fact, Filled, Parsed, Record, Scope, Unchanged, Unread, Walked
from auditor.errors import AccessDenied, SourceUnavailable
from auditor_connectors.fileshare import FileshareConnector, FileshareOptions, tree, walk
from auditor_connectors.fileshare.connector import _is_fresh
from auditor_connectors.fileshare.local import LocalTree
from auditor_connectors.fileshare.names import is_matched, is_skipped, printable, shown_names

TEXT = "# Charter\n\nThe project makes things.\n"


def connect(root, **options):
    return FileshareConnector(FileshareOptions(root=root, readers=1, **options))


def pull(root, known=None, places=(), **options):
    return list(connect(root, **options).pull(Scope(tuple(places)), known or Remembered()))


def records(pulled):
    return {thing.key: thing for thing in pulled if isinstance(thing, Record) and thing.kind == "document"}


def unread(pulled):
    return {thing.key: thing for thing in pulled if isinstance(thing, Unread)}


def walked(pulled):
    return {thing.place: thing for thing in pulled if isinstance(thing, Walked)}


def write(root, *paths, text=TEXT):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def patch_list(monkeypatch, name, act):
    """Let listing the folder of this name begin with *act*."""
    real = LocalTree.list

    def listing(self, folder, *known):
        if folder.rpartition("/")[2] == name:
            act()
        return real(self, folder, *known)

    monkeypatch.setattr(LocalTree, "list", listing)


def raises(error):
    def act():
        raise error

    return act


def test_first_level_folders_are_places(tmp_path):
    write(tmp_path, "One/a.md", "One/deep/er/b.md", "Two/c.md", "top.md")
    (tmp_path / "Empty").mkdir()
    pulled = pull(tmp_path)
    assert {key: record.place for key, record in records(pulled).items()} == {
        "One/a.md": "One",
        "One/deep/er/b.md": "One",
        "Two/c.md": "Two",
        "top.md": "",
    }
    assert set(walked(pulled)) == {"One", "Two", "Empty", ""}
    assert all(walk.is_complete for walk in walked(pulled).values())
    assert pulled[-1] == Walked("", is_complete=True)


def test_what_nobody_means_is_skipped(tmp_path):
    write(tmp_path, "P/a.md")
    for name in (
        ".hidden.md",
        ".git/config.md",
        "Thumbs.db",
        "desktop.ini",
        "~WRL0001.tmp",
        "x.tmp",
        "._a.md",
        ".~lock.a.md#",
        "a.md~",
        "$RECYCLE.BIN/b.md",
        "~snapshot/c.md",
    ):
        write(tmp_path, f"P/{name}")
    write(tmp_path, ".auditor/raw.md", "System Volume Information/x.md")
    pulled = pull(tmp_path)
    assert set(records(pulled)) == {"P/a.md"}
    assert unread(pulled) == {}
    assert set(walked(pulled)) == {"P", ""}


def test_lock_file_says_who_has_what_open(tmp_path):
    write(tmp_path, "P/Charter.md", "P/Other.md")
    (tmp_path / "P" / "~$arter.md").write_bytes(b"\x05Maria" + b"\0" * 156)
    pulled = pull(tmp_path)
    assert unread(pulled)["P/~$arter.md"].reason == "not_a_document"
    items = {item.path: item for _, item in connect(tmp_path).read(records(pulled).values())}
    assert items["P/Charter.md"].values["is_checked_out"] is True
    assert items["P/Other.md"].values["is_checked_out"] is False
    (tmp_path / "P" / "~$arter.md").unlink()
    again = pull(tmp_path, Remembered(pulled))
    assert set(records(again)) == {"P/Charter.md"}


def test_links_are_not_followed(tmp_path):
    root = tmp_path / "root"
    write(root, "P/a.md", "P/sub/b.md")
    write(tmp_path, "outside/secret.md")
    (root / "P" / "loop").symlink_to(root / "P" / "loop")
    (root / "P" / "up").symlink_to(root)
    (root / "P" / "same").symlink_to(root / "P" / "sub")
    (root / "P" / "out").symlink_to(tmp_path / "outside")
    (root / "P" / "gone.docx").symlink_to(root / "nothing.docx")
    (root / "Q").symlink_to(tmp_path / "outside")
    pulled = pull(root)
    assert set(records(pulled)) == {"P/a.md", "P/sub/b.md"}
    found = unread(pulled)
    assert set(found) == {"P/loop", "P/out", "P/gone.docx", "Q"}
    assert {thing.reason for thing in found.values()} == {"unsupported"}
    assert "itself" in found["P/loop"].error
    assert "not there" in found["P/gone.docx"].error


def test_names_that_are_not_utf8_or_look_like_something_else(tmp_path):
    folder = os.fsencode(tmp_path / "P")
    (tmp_path / "P").mkdir()
    names = [
        b"Beh\xf6rde.md",
        "Behörde.md".encode(),
        b"<b onload=x>.md",
        b"=1+1.md",
        b"a\nb.md",
        b"x\x81\xff.md",
        "e\u0301tude.md".encode(),
        "étude.md".encode(),
        "\u202emd.fdp.md".encode(),
    ]
    for name in names:
        Path(os.fsdecode(folder + b"/" + name)).write_text(TEXT, "utf-8")
    pulled = pull(tmp_path)
    keys = sorted(records(pulled))
    assert len(keys) == len(names)
    for key in keys:
        key.encode("utf-8")
        assert key.isprintable()
    assert {"P/Behörde.md", "P/<b onload=x>.md", "P/=1+1.md", "P/a\\x0ab.md", "P/étude.md", "P/\\u202emd.fdp.md", "P/x\\x81ÿ.md"} <= set(
        keys
    )
    assert keys == sorted(records(pull(tmp_path)))
    again = pull(tmp_path, Remembered(pulled))
    assert records(again) == {}


def test_names_keep_their_key_when_a_twin_comes():
    shown = shown_names(["étude", "e\u0301tude"])
    assert shown["étude"] == "étude"
    assert shown["e\u0301tude"].startswith("étude~")
    assert shown_names(["e\u0301tude"]) == {"e\u0301tude": "étude"}


def test_case_twins_are_two_files_and_told(tmp_path):
    write(tmp_path, "P/Plan.md", "P/plan.md")
    pulled = pull(tmp_path)
    assert set(records(pulled)) == {"P/Plan.md", "P/plan.md"}
    assert "differ by case only" in walked(pulled)["P"].detail
    assert walked(pulled)["P"].is_complete


def test_long_paths(tmp_path):
    deep = "/".join(["a" * 200] * 12)
    write_at = tmp_path / "P"
    write_at.mkdir()
    here = os.open(write_at, os.O_RDONLY)
    for part in deep.split("/"):
        os.mkdir(part, dir_fd=here)
        below = os.open(part, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    file = os.open("plan.md", os.O_CREAT | os.O_WRONLY, dir_fd=here)
    os.write(file, TEXT.encode())
    os.close(file)
    os.close(here)
    pulled = pull(tmp_path)
    assert list(records(pulled)) == [f"P/{deep}/plan.md"]
    cut = pull(tmp_path, max_depth=5)
    assert walked(cut)["P"].is_complete is False
    assert walked(cut)["P"].reason == "limit_reached"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_folder_without_permission_makes_the_walk_incomplete(tmp_path, monkeypatch):
    write(tmp_path, "P/a.md", "P/secret/b.md", "Q/c.md")
    patch_list(monkeypatch, "secret", raises(PermissionError(errno.EACCES, "denied")))
    pulled = pull(tmp_path)
    monkeypatch.undo()
    assert walked(pulled)["P"] == Walked("P", False, "permission_denied", "P/secret: the folder may not be listed")
    assert walked(pulled)["Q"].is_complete
    assert unread(pulled)["P/secret/"].reason == "permission_denied"
    items = [item for _, item in connect(tmp_path).read([thing for thing in pulled if isinstance(thing, Record) and thing.place == "P"])]
    assert {item.is_complete for item in items if isinstance(item, Filled)} == {False}


@pytest.mark.parametrize(
    ("number", "reason"), [(errno.EIO, "unavailable"), (errno.ESTALE, "unavailable"), (errno.ENAMETOOLONG, "limit_reached")]
)
def test_mount_that_breaks_in_the_middle(tmp_path, monkeypatch, number, reason):
    write(tmp_path, "P/a.md", "P/sub/b.md")
    patch_list(monkeypatch, "sub", raises(OSError(number, os.strerror(number))))
    pulled = pull(tmp_path)
    assert set(records(pulled)) == {"P/a.md"}
    assert (walked(pulled)["P"].is_complete, walked(pulled)["P"].reason) == (False, reason)


def test_mount_that_hangs_is_left_behind(tmp_path, monkeypatch):
    import threading

    write(tmp_path, "P/a.md", "P/sub/b.md", "P/z/b.md")
    forever = threading.Event()
    patch_list(monkeypatch, "sub", lambda: forever.wait(20))
    walker = walk.Walker(LocalTree(tmp_path), walk.Bounds(folder_seconds=1.0))
    done = walk.Walk()
    found = [met.path for met in walker.below("P", "P", done, walk.Before())]
    forever.set()
    assert found == ["P/a.md", "P/sub/", "P/z/b.md"]
    assert done.reason == "time_limit"


def test_root_that_is_missing_denied_or_suddenly_empty(tmp_path, monkeypatch):
    with pytest.raises(SourceUnavailable, match="no folder"):
        pull(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(SourceUnavailable):
        pull(tmp_path / "file")
    (tmp_path / "share").mkdir()
    assert walked(pull(tmp_path / "share"))[""] == Walked("", False, "empty", "nothing lies in the root")

    patch_list(monkeypatch, "", raises(PermissionError(errno.EACCES, "denied")))
    with pytest.raises(AccessDenied):
        pull(tmp_path / "share")


def test_file_whose_state_is_refused_and_mistakes_of_a_tree(tmp_path, monkeypatch):
    write(tmp_path, "P/a.md")
    real = LocalTree.list

    def listing(self, folder, *known):
        found = real(self, folder, *known)
        if folder == "P":
            found.rows.append(tree.Row("secret.md", tree.NO_STATE, tag="it may not be looked at"))
        return found

    monkeypatch.setattr(LocalTree, "list", listing)
    pulled = pull(tmp_path)
    assert (unread(pulled)["P/secret.md"].reason, unread(pulled)["P/secret.md"].error) == ("permission_denied", "it may not be looked at")
    monkeypatch.setattr(LocalTree, "list", lambda *_: tree.Listing([("short",)]))
    with pytest.raises((IndexError, ValueError, TypeError)):
        pull(tmp_path)


def test_pipes_and_sockets_are_never_opened(tmp_path):
    write(tmp_path, "P/a.md")
    os.mkfifo(tmp_path / "P" / "pipe.docx")
    server = socket.socket(socket.AF_UNIX)
    old = Path.cwd()
    os.chdir(tmp_path / "P")
    try:
        server.bind("sock.pdf")
    finally:
        os.chdir(old)
        server.close()
    pulled = pull(tmp_path)
    assert {key: thing.reason for key, thing in unread(pulled).items()} == {"P/pipe.docx": "not_a_document", "P/sock.pdf": "not_a_document"}


def test_file_in_the_cloud_is_listed_and_not_opened(tmp_path):
    write(tmp_path, "P/.Plan.docx.icloud")
    pulled = pull(tmp_path)
    assert unread(pulled)["P/Plan.docx"].reason == "offline"
    assert unread(pulled)["P/Plan.docx"].fingerprint == ""


def test_file_that_cannot_be_opened_is_tried_again(tmp_path, monkeypatch):
    from auditor_connectors.documents.pool import Read, ReaderPool

    write(tmp_path, "P/a.md")
    monkeypatch.setattr(ReaderPool, "read", lambda *_: Read(None, "permission_denied", "the file may not be opened"))
    pulled = pull(tmp_path)
    assert unread(pulled)["P/a.md"].reason == "permission_denied"
    monkeypatch.undo()
    assert set(records(pull(tmp_path, Remembered(pulled)))) == {"P/a.md"}


def test_file_that_changes_while_it_is_read_is_read_again(tmp_path, monkeypatch):
    from auditor_connectors.documents.pool import ReaderPool

    write(tmp_path, "P/a.md")
    real = ReaderPool.read
    times = []

    def disturbed(self, path):
        from dataclasses import replace

        times.append(path)
        return replace(real(self, path), has_changed=len(times) < 3)

    monkeypatch.setattr(ReaderPool, "read", disturbed)
    pulled = pull(tmp_path)
    assert len(times) == 3
    assert set(records(pulled)) == {"P/a.md"}
    monkeypatch.setattr(ReaderPool, "read", lambda self, path: __import__("dataclasses").replace(real(self, path), has_changed=True))
    assert unread(pull(tmp_path))["P/a.md"].reason == "locked"


def test_file_that_vanishes_before_it_is_opened_is_not_met(tmp_path, monkeypatch):
    from auditor_connectors.documents.pool import ReaderPool

    write(tmp_path, "P/a.md", "P/b.md")
    real = ReaderPool.read

    def gone(self, path):
        if path.name == "a.md":
            path.unlink(missing_ok=True)
        return real(self, path)

    monkeypatch.setattr(ReaderPool, "read", gone)
    pulled = pull(tmp_path)
    assert set(records(pulled)) == {"P/b.md"}
    assert unread(pulled) == {}


def test_second_pull_opens_nothing(tmp_path, monkeypatch):
    from auditor_connectors.documents.pool import ReaderPool

    write(tmp_path, "P/a.md", "P/b.md")
    first = pull(tmp_path)

    def never(_, path):
        raise AssertionError(path)

    monkeypatch.setattr(ReaderPool, "read", never)
    again = pull(tmp_path, Remembered(first))
    assert walked(again)["P"] == Walked("P", is_complete=True, is_delta=True)
    assert {thing.key for thing in again if isinstance(thing, Unchanged)} == {"//folders/"}
    assert Remembered(first).then(again).live == {thing.key for thing in first if not isinstance(thing, Walked)}


def test_a_place_counts_as_unchanged_only_when_it_is_what_is_known(tmp_path):
    write(tmp_path, "P/a.md", "P/b.md", "P/sub/c.md")
    first = pull(tmp_path)
    known = Remembered(first)
    assert walked(pull(tmp_path, known))["P"].is_delta
    (tmp_path / "P" / "sub" / "c.md").unlink()
    gone = pull(tmp_path, known)
    assert not walked(gone)["P"].is_delta
    assert "P/sub/c.md" not in known.then(gone).live
    # What an interrupted pull left behind and is not there any more must not live on.
    left = Remembered(
        [*gone, *first, Record("P/left.md", "document", "P", {}, "1:1:1"), Walked("P", is_complete=False, reason="time_limit")]
    )
    assert "P/left.md" in left.live
    assert "P/left.md" not in left.then(pull(tmp_path, left)).live
    (tmp_path / "P" / "sub").rmdir()
    assert not walked(pull(tmp_path, known))["P"].is_delta


def test_folder_that_vanishes_during_the_walk_is_not_there(tmp_path, monkeypatch):
    write(tmp_path, "P/a.md", "P/sub/b.md", "P/z/c.md")

    def vanish():
        for path in sorted((tmp_path / "P" / "sub").glob("*")):
            path.unlink()
        (tmp_path / "P" / "sub").rmdir()

    patch_list(monkeypatch, "sub", vanish)
    pulled = pull(tmp_path)
    assert walked(pulled)["P"].is_complete
    assert set(records(pulled)) == {"P/a.md", "P/z/c.md"}


def test_folder_that_vanishes_with_all_around_it_is_a_mount_that_is_gone(tmp_path, monkeypatch):
    import shutil

    write(tmp_path, "P/a.md", "P/sub/b.md")
    patch_list(monkeypatch, "sub", lambda: shutil.rmtree(tmp_path / "P"))
    pulled = pull(tmp_path)
    assert not walked(pulled)["P"].is_complete
    assert walked(pulled)["P"].reason == "unavailable"


def test_touched_file_is_read_again_and_has_the_same_content(tmp_path):
    write(tmp_path, "P/a.md")
    first = pull(tmp_path)
    os.utime(tmp_path / "P" / "a.md", ns=(1, 1_600_000_000_000_000_000))
    again = pull(tmp_path, Remembered(first))
    assert records(again)["P/a.md"].content_hash == records(first)["P/a.md"].content_hash
    assert records(again)["P/a.md"].changed_at.year == 2020


def test_coarse_clock():
    import time

    now = time.time_ns()
    assert _is_fresh(now // 1_000_000_000 * 1_000_000_000)
    assert not _is_fresh((now // 1_000_000_000 - 10) * 1_000_000_000)
    assert not _is_fresh(now // 1_000_000_000 * 1_000_000_000 - 5_000_000_001)


def test_patterns(tmp_path):
    write(tmp_path, "P/a.md", "P/b.txt", "P/Archive/c.md", "P/sub/Archive/d.md", "Old/e.md")
    assert set(records(pull(tmp_path, exclude=("P/Archive/**", "*.txt", "old")))) == {"P/a.md", "P/sub/Archive/d.md"}
    assert set(records(pull(tmp_path, include=("*.md",), exclude=("Archive",)))) == {"P/a.md", "Old/e.md"}
    assert is_matched("P/Archive/x.md", ("*/archive/**",))
    assert not is_matched("P/x.md", ())


def test_too_many_files(tmp_path):
    write(tmp_path, *(f"P/{number}.md" for number in range(6)), "Q/a.md")
    pulled = pull(tmp_path, max_files=3)
    assert len(records(pulled)) == 4
    assert walked(pulled)["P"].reason == "limit_reached"
    assert walked(pulled)["Q"].is_complete


def test_folders_and_columns_that_the_share_fills(tmp_path):
    write(tmp_path, "P/a.md", "P/Archiv 2024/b.md", "P/Architecture/c.md")
    (tmp_path / "P" / "Architecture").chmod(0o555)
    pulled = pull(tmp_path, url="https://files.example.org/projects/")
    (tmp_path / "P" / "Architecture").chmod(0o755)
    items = [item for _, item in connect(tmp_path).read([thing for thing in pulled if isinstance(thing, Record) and thing.place == "P"])]
    folders = {item.values["path"]: item.values for item in items if isinstance(item, Fact)}
    assert {path: (values["kind"], values["is_read_only"]) for path, values in folders.items()} == {
        "P": ("project", False),
        "P/Archiv 2024": ("archive", False),
        "P/Architecture": ("folder", True),
    }
    parsed = next(item for item in items if isinstance(item, Parsed) and item.path == "P/a.md")
    assert parsed.values["file_name"] == "a.md"
    assert parsed.values["folder"] == "P"
    assert parsed.values["media_type"] == "text/markdown"
    assert parsed.values["size_bytes"] == len(TEXT)
    assert set(parsed.values) <= parsed.filled
    assert {item.table for item in items if isinstance(item, Filled)} == {"artefact", "folder"}
    assert records(pulled)["P/Archiv 2024/b.md"].url == "https://files.example.org/projects/P/Archiv%202024/b.md"


@pytest.mark.parametrize(
    ("properties", "mtime", "modified", "created"),
    [
        (
            {"modified": "2026-03-01T10:00:00Z", "created": "2026-02-01T09:00:00+01:00"},
            1_800_000_000,
            "2026-03-01T10:00:00+00:00",
            "2026-02-01T08:00:00+00:00",
        ),
        ({"modified": "2026-03-01T10:00:00Z", "created": "2026-02-01T09:00:00Z"}, 1_600_000_000, None, "2026-02-01T09:00:00+00:00"),
        ({"modified": "2013-12-23T23:15:00Z", "created": "2013-12-23T23:15:00Z"}, 1_600_000_000, "2020-09-13T12:26:40+00:00", None),
        ({"modified": "1601-01-01T00:00:00Z"}, 0, None, None),
        ({"modified": "yesterday", "created": "2030-01-01"}, 1_600_000_000, "2020-09-13T12:26:40+00:00", None),
    ],
)
def test_dates_of_the_document_before_those_of_the_share(properties, mtime, modified, created):
    payload = {
        "document": {"format": "docx", "blocks": [], "properties": properties},
        "path": "P/a.docx",
        "size": 1,
        "mtime_ns": mtime * 1_000_000_000,
        "is_open": False,
    }
    ((_, item),) = connect(Path("nowhere")).read([Record("P/a.docx", "document", "P", payload, "x")])
    said = {name: value.isoformat() if (value := item.values.get(name)) else None for name in ("modified_at", "created_at")}
    assert said == {"modified_at": modified, "created_at": created}
    assert ("modified_at" in item.filled) == (modified is not None)


def test_printable_names():
    assert printable("a\udce9.md") == "aé.md"
    assert printable("a\udc81.md") == "a\\x81.md"
    assert printable("tab\there") == "tab\\x09here"
    assert is_skipped("~$x.docx")
    assert not is_skipped("Report.docx")


def test_scope_of_root_files_only(tmp_path):
    write(tmp_path, "P/a.md", "top.md")
    pulled = pull(tmp_path, places=("",))
    assert set(records(pulled)) == {"top.md"}
    assert set(walked(pulled)) == {""}
    assert set(walked(pull(tmp_path, places=("P",)))) == {"P"}


def test_importing_the_connector_imports_no_heavy_package():
    code = (
        "import sys; import auditor_connectors.fileshare; sys.exit(any(name in sys.modules for name in ('lxml', 'pypdfium2', 'openpyxl')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
