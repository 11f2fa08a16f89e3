"""The child process that opens files: reads requests from stdin, answers on stdout, until stdin ends.

A frame is four bytes of length (big endian) and that many bytes. A request is JSON: {"path", "limits"}. An answer is a line of JSON about
the file, a line end, and the structure as JSON when there is one. Nothing else is ever written to stdout.
"""

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

import orjson

from auditor_connectors.documents.limits import Limits, Unreadable
from auditor_connectors.documents.reading import structure_of_file

_CHUNK = 1 << 20
_LOCKED = frozenset({32, 33})  # Windows: sharing and lock violations


def main() -> int:
    """Answer requests until there are no more."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the frames
    baseline = 0
    while True:
        head = requests.read(4)
        if len(head) < 4:
            return 0
        request = json.loads(requests.read(int.from_bytes(head, "big")))
        limits = Limits(**request["limits"])
        if not baseline:
            baseline = _preload()
            _limit_memory(baseline + limits.memory_bytes)
        before = _peak()
        about, document = _answer(Path(request["path"]), limits)
        if about.get("reason") == "damaged" and _peak() > max(before, baseline + limits.memory_bytes // 2):
            # Parsers that get no memory say in several ways that the file is wrong: which of both it was cannot be told.
            about |= {"reason": "memory_limit", "error": f"damaged, or more than {limits.memory_bytes // 2**20} MiB were needed"}
        body = orjson.dumps(about) + b"\n" + document
        answers.write(len(body).to_bytes(4, "big") + body)
        answers.flush()
        if about.get("reason") == "memory_limit":
            return 0  # what is left of the memory is in pieces


def _answer(path: Path, limits: Limits) -> tuple[dict[str, Any], bytes]:
    about: dict[str, Any] = {}
    try:
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            about |= {"size": before.st_size, "mtime_ns": before.st_mtime_ns}
            document = structure_of_file(file, before.st_size, path.name, limits)
            file.seek(0)
            about["sha256"] = _digest(file)
            after = os.fstat(file.fileno())
        about["has_changed"] = (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)
        return about, orjson.dumps(document.to_json())
    except Unreadable as error:
        about |= {"reason": error.reason, "error": error.error}
    except PermissionError as error:
        is_locked = getattr(error, "winerror", None) in _LOCKED
        about |= {"reason": "locked", "error": "another application has it open"} if is_locked else _DENIED
    except FileNotFoundError:
        about |= {"has_vanished": True}
    except MemoryError:
        about |= {"reason": "memory_limit", "error": f"more than {limits.memory_bytes // 2**20} MiB were needed"}
    except OSError as error:
        about |= {"reason": "damaged", "error": os.strerror(error.errno) if error.errno else "the file cannot be read"}
    except Exception as error:  # noqa: BLE001  (a reader that fails on a file nobody foresaw costs that file only)
        about |= {"reason": "crashed", "error": f"the reader failed: {type(error).__name__}"}
    return about, b""


_DENIED = {"reason": "permission_denied", "error": "the file may not be opened"}


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _preload() -> int:
    """Import the readers, so that their own size does not count; return the address space in use, 0 where nobody says."""
    from auditor_connectors.documents import calc, excel, old_excel, page, pdf, plain, slides, word, writer  # noqa: F401, PLC0415  (see above)

    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _peak() -> int:
    """Return the largest address space so far in bytes, 0 where nobody says."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024
    return 0


def _limit_memory(size: int) -> None:
    try:
        import resource  # noqa: PLC0415  (there is none on Windows)
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
