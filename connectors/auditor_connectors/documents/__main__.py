"""`python -m auditor_connectors.documents PATH…`: print the structure of files as JSON, one line each."""

import sys
from pathlib import Path

import orjson

from auditor_connectors.documents import Unreadable, structure


def main(paths: list[str]) -> int:
    """Print a line per path; return 1 when a file could not be read."""
    status = 0
    for path in paths:
        try:
            line = orjson.dumps(structure(Path(path)).to_json())
        except Unreadable as error:
            line = orjson.dumps({"path": path, "reason": error.reason, "error": error.error})
            status = 1
        sys.stdout.buffer.write(line + b"\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
