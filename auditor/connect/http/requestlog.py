"""An account of every request, for people who look into a source: no secrets, no parameters, no contents."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson

from auditor.connect.http.redaction import shown_url
from auditor.errors import StoreError


class RequestLog:
    """Adds a line of JSON per request to a file.

    Args:
        file: made when the first request is written.
        clean: takes secrets out of texts.
    """

    def __init__(self, file: Path, clean: Callable[[str], str]) -> None:
        self._file = file
        self._clean = clean
        self._lock = threading.Lock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = file.open("ab")
        except OSError as error:
            raise StoreError(f"{file}: the log of requests cannot be written", hint=error.strerror) from None

    def write(self, method: str, url: str, status: int | None, seconds: float, size: int, attempt: int, trouble: str) -> None:
        """Add a request: what was asked, how it was answered (None: not at all), how long it took, how large the answer was, unpacked."""
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method,
            "url": self._clean(shown_url(url)),
            "status": status,
            "ms": round(seconds * 1000),
            "bytes": size,
            "attempt": attempt,
        }
        if trouble:
            line["trouble"] = self._clean(trouble)
        packed = orjson.dumps(line) + b"\n"
        with self._lock:
            if not self._stream.closed:
                self._stream.write(packed)
                self._stream.flush()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._stream.close()
