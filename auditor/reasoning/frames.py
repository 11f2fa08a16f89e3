"""What two processes of ours say to each other: a length of eight bytes and a pickle."""

import pickle
from typing import IO, Any


def write_frame(target: IO[bytes], value: Any) -> None:
    """Write one value."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    target.write(len(body).to_bytes(8, "big") + body)
    target.flush()


def read_frame(source: IO[bytes]) -> Any:
    """Return the next value.

    Raises:
        EOFError: there is none, or its end is missing.
    """
    head = source.read(8)
    size = int.from_bytes(head, "big")
    body = source.read(size) if len(head) == 8 else b""
    if len(head) < 8 or len(body) < size:
        raise EOFError
    return pickle.loads(body)  # noqa: S301  (written by our own process, through a pipe that nobody else has)
