"""How long a document is in which nothing is written: told by who could not read it, asked by who judges what it may hide."""

import re

_TOLD = re.compile(r"no text on (?:\d+ of )?(\d+) pages?: ")


def no_text(pages: int, silent: int | None = None, *, what: str) -> str:
    """Return the line for a person that says it.

    Args:
        pages: how many it has.
        silent: how many of them hold a picture only; None: all.
        what: how it was made: 'a scan'.
    """
    counted = "1 page" if pages == 1 else f"{pages} pages"
    return f"no text on {counted if silent is None else f'{silent} of {counted}'}: {what}"


def pages_without_text(error: str) -> int | None:
    """Return how many pages a document has of which `no_text` was said; None where something else was."""
    found = _TOLD.match(error)
    return None if found is None else int(found.group(1))
