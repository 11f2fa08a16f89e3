"""A small HTTP server on loopback that answers as a function says, and misbehaves when told to."""

import json
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came in. *query* holds lists of values; header names are in lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]


@dataclass(frozen=True)
class Reply:
    """An answer, and how it goes wrong.

    Attributes:
        body: bytes, text, or anything else as JSON.
        wait: seconds before the first byte.
        drip: seconds between the bytes of the body.
        cut: end the connection after so many bytes of the body, though more was promised; -1 before any answer.
    """

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0
    drip: float = 0
    cut: int | None = None

    def content(self) -> tuple[bytes, str]:
        if isinstance(self.body, bytes):
            return self.body, "application/octet-stream"
        if isinstance(self.body, str):
            return self.body.encode(), "text/html;charset=UTF-8"
        return json.dumps(self.body).encode(), "application/json;charset=UTF-8"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Http"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its signature)
        pass

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            self.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length) if length else b"",
        )
        if len(asked.body) < length:  # killed while it asked
            self.close_connection = True
            return
        owner = self.server.owner
        reply = owner.take(asked)
        try:
            self._send(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            owner.done()

    do_GET = do_POST = do_PUT = do_DELETE = do_PROPFIND = _answer  # noqa: N815  (names of the base class)

    def _send(self, reply: Reply) -> None:
        if reply.wait:
            time.sleep(reply.wait)
        if reply.cut == -1:
            # A reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        content, kind = reply.content()
        self.send_response_only(reply.status)
        usual = {"Content-Type": kind, "Content-Length": str(len(content)), "Date": self.date_time_string()}
        for name, value in {**usual, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.cut is not None:
            self.wfile.write(content[: reply.cut])
            self.wfile.flush()
            self.close_connection = True
            return
        if reply.drip:
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                self.wfile.flush()
                time.sleep(reply.drip)
            return
        self.wfile.write(content)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: "WebServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that went away are part of the tests; mistakes of a handler are kept and told by `WebServer`."""


class WebServer:
    """Answers by `answer(asked)`; keeps what was asked. The address is `url`; with *tls* it is encrypted."""

    def __init__(self, answer: Callable[[Asked], Reply], *, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.errors: list[BaseException] = []
        self.most_at_once = 0
        self._running = 0
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def at_once(self) -> int:
        return self._running

    def take(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            return self.answer(asked)
        except BaseException as error:  # noqa: BLE001  (a mistake of the test's own server must be seen by the test)
            self.errors.append(error)
            return Reply({"errorMessages": [f"the test's server failed: {error!r}"]}, 418)

    def done(self) -> None:
        with self._lock:
            self._running -= 1

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def serving(answer: Callable[[Asked], Reply], *, tls: ssl.SSLContext | None = None):
    """Serve while the test runs; a mistake of the server fails the test."""
    server = WebServer(answer, tls=tls)
    try:
        yield server
    finally:
        server.close()
    assert not server.errors, server.errors


def in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    """Answer with each reply once, with the last one from then on."""
    waiting = list(replies)

    def answer(_: Asked) -> Reply:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return answer


class _Tunnel(socketserver.StreamRequestHandler):
    server: "_Proxy"

    def handle(self) -> None:
        head = b""
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            head += line
        self.server.seen.append(head)
        method, target, _ = head.split(b" ", 2)
        if self.server.refuses or method != b"CONNECT":
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = target.decode().rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._pass, args=(far, self.connection), daemon=True)
            back.start()
            self._pass(self.connection, far)
            back.join(10)

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while part := one.recv(65_536):
                self.server.seen.append(part)
                other.sendall(part)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # whoever hangs up ends the tunnel


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    refuses = False
    seen: list[bytes]


@contextmanager
def proxying(*, refuses: bool = False):
    """A proxy that only tunnels, and keeps every byte that passes: `seen`, `url`."""
    proxy = _Proxy(("127.0.0.1", 0), _Tunnel)
    proxy.seen, proxy.refuses = [], refuses
    proxy.url = f"http://127.0.0.1:{proxy.server_address[1]}"  # type: ignore[attr-defined]
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
