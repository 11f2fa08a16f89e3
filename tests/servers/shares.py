"""Real servers of files on loopback, each a process of its own: SFTP (asyncssh), WebDAV (wsgidav), S3 (moto), SMB (Samba).

All but S3 serve the whole file system of this machine, so that tests work on folders of their own. A folder called `Forbidden` is denied.
`python -m tests.servers.shares KIND STATE_FOLDER` runs one and prints its port.
"""

import contextlib
import os
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "auditor", "Geheim-4711-nie-zeigen"
PASSPHRASE = "Satz-1234-nie-zeigen"
FORBIDDEN = "Forbidden"
_READY_SECONDS = 60


class Serving:
    """A server that runs until `stop`."""

    def __init__(self, kind, state):
        self.state = state
        self._log = (state / "server.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.servers.shares", kind, str(state)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log,
            stdin=subprocess.PIPE,
        )
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            self.stop()
            raise RuntimeError(f"the server for {kind} does not start: {(state / 'server.log').read_text('utf-8', 'replace')[-2000:]}")
        self.port = int(line)

    def log(self):
        return (self.state / "server.log").read_text("utf-8", "replace")

    def stop(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self._log.close()


class Relay:
    """A way to a server that can be cut. Counts what comes through, and the connections.

    Attributes:
        cut_after: bytes from the server until all connections break, once; None: never.
        is_closed: nothing is let in.
    """

    def __init__(self, port):
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.cut_after = None
        self.is_closed = False
        self.bytes = self.connections = self.cuts = 0
        self._pairs = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            if self.is_closed:
                here.close()
                continue
            self.connections += 1
            threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here):
        with contextlib.suppress(OSError), here, socket.create_connection(("127.0.0.1", self._target)) as there:
            with self._lock:
                self._pairs.add((here, there))
            try:
                with selectors.DefaultSelector() as waiting:
                    waiting.register(here, selectors.EVENT_READ, there)
                    waiting.register(there, selectors.EVENT_READ, here)
                    while self._pass(waiting, there):
                        pass
            finally:
                with self._lock:
                    self._pairs.discard((here, there))

    def _pass(self, waiting, there):
        for key, _ in waiting.select():
            data = key.fileobj.recv(16_384)
            if not data:
                return False
            if key.fileobj is there:
                self.bytes += len(data)
                if self.cut_after is not None:
                    self.cut_after -= len(data)
                    if self.cut_after <= 0:
                        self.cut_after = None
                        self.cut()
                        return False
            key.data.sendall(data)
        return True

    def cut(self):
        """Break every connection."""
        self.cuts += 1
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.is_closed = True
        self._listener.close()
        self.cut()


# SMB: Samba as the user who runs the tests, nothing of the system is changed


class Samba:
    """`smbd` on a free port with two shares: `all`, and `guarded` that reaches only what everybody on this machine may read."""

    def __init__(self, state):
        import pwd

        for tool in ("smbd", "pdbedit"):
            if shutil.which(tool, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
                raise RuntimeError(f"{tool} is missing: apt-get install samba")
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.state = state
        for name in ("private", "lock", "state", "cache", "pid", "run", "log"):
            (state / name).mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        guarded = "force user = nobody" if os.getuid() == 0 else ""
        (state / "smb.conf").write_text(
            f"""[global]
  server role = standalone server
  workgroup = TESTGRP
  netbios name = TESTSRV
  disable netbios = yes
  smb ports = {self.port}
  interfaces = 127.0.0.1/8
  bind interfaces only = yes
  private dir = {state}/private
  lock directory = {state}/lock
  state directory = {state}/state
  cache directory = {state}/cache
  pid directory = {state}/pid
  ncalrpc dir = {state}/run
  log file = {state}/log/log.%m
  passdb backend = tdbsam:{state}/private/passdb.tdb
  map to guest = never
  server min protocol = SMB2_10
  load printers = no
  printing = bsd
  printcap name = /dev/null
  disable spoolss = yes
  store dos attributes = yes
[all]
  path = /
  read only = no
[guarded]
  path = /
  read only = yes
  {guarded}
"""
        )
        path = f"{os.environ.get('PATH', '')}:/usr/sbin"
        said = f"{PASSWORD}\n{PASSWORD}\n".encode()
        subprocess.run(
            [shutil.which("pdbedit", path=path), "-s", state / "smb.conf", "-a", "-t", "-u", self.user],
            input=said,
            check=True,
            capture_output=True,
        )
        self._log = (state / "server.log").open("wb")
        self.process = subprocess.Popen(
            [
                shutil.which("smbd", path=path),
                "--foreground",
                "--no-process-group",
                "--debug-stdout",
                f"--configfile={state}/smb.conf",
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # when it ends it ends its whole process group
        )
        until = time.monotonic() + _READY_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    self.stop()
                    raise RuntimeError(f"smbd does not start: {self.log()[-2000:]}") from None
                time.sleep(0.05)
            else:
                break

    def log(self):
        return (self.state / "server.log").read_text("utf-8", "replace")

    def stop(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()
        self._log.close()


# The processes


def _tell(port):
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def _sftp(state):
    import asyncio

    import asyncssh

    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(state / "host"))
    key.write_public_key(str(state / "host.pub"))

    theirs = asyncssh.generate_private_key("ssh-ed25519")
    theirs.write_private_key(str(state / "client"), passphrase=PASSPHRASE, rounds=1)
    theirs.write_public_key(str(state / "client.pub"))

    class Files(asyncssh.SFTPServer):
        def __init__(self, chan):
            super().__init__(chan, chroot=None)

        def _check(self, path):
            if FORBIDDEN.encode() in path.split(b"/"):
                raise asyncssh.SFTPPermissionDenied("forbidden")

        async def scandir(self, path):
            self._check(path)
            with os.scandir(path) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        yield asyncssh.SFTPName(entry.name, attrs=asyncssh.SFTPAttrs.from_local(entry.stat(follow_symlinks=False)))

        def open(self, path, pflags, attrs):
            self._check(path)
            return super().open(path, pflags, attrs)

    class Door(asyncssh.SSHServer):
        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            return (username, password) == (USER, PASSWORD)

    async def serve():
        server = await asyncssh.create_server(
            Door,
            "127.0.0.1",
            0,
            server_host_keys=[key],
            authorized_client_keys=str(state / "client.pub"),
            sftp_factory=Files,
        )
        _tell(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(serve())


def _webdav(state):
    from cheroot import wsgi
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from wsgidav.fs_dav_provider import FilesystemProvider
    from wsgidav.wsgidav_app import WsgiDAVApp

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": FilesystemProvider("/", readonly=True)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
            "verbose": 0,
            "dir_browser": {"enable": False},
            "lock_storage": False,
        }
    )

    def guarded(environ, start):
        if FORBIDDEN in environ.get("PATH_INFO", "").split("/"):
            start("403 Forbidden", [("Content-Length", "0")])
            return [b""]
        return app(environ, start)

    server = wsgi.Server(("127.0.0.1", 0), guarded, numthreads=8)
    if (state / "server.pem").exists():
        server.ssl_adapter = BuiltinSSLAdapter(str(state / "server.pem"), str(state / "server.key"))
    server.prepare()
    _tell(server.bind_addr[1])
    server.serve()


def _s3(state):
    del state
    from urllib.parse import unquote

    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)

    def guarded(environ, start):
        asked = f"{environ.get('PATH_INFO', '')}?{unquote(environ.get('QUERY_STRING', ''))}"
        if f"/{FORBIDDEN}/" in asked and environ["REQUEST_METHOD"] == "GET":
            body = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"
            start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [body]
        return app(environ, start)

    server = make_server("127.0.0.1", 0, guarded, threaded=True)
    _tell(server.server_port)
    server.serve_forever()


def main():
    kind, state = sys.argv[1], Path(sys.argv[2])
    # Whoever started us and is gone does not leave us behind.
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    {"sftp": _sftp, "webdav": _webdav, "s3": _s3}[kind](state)


if __name__ == "__main__":
    main()
