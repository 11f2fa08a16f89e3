"""Names and texts inside SQL that the engine itself writes."""

ROW = "_row"
"""The place of a row in its relation."""
PLACE = "_place"
"""The place of a project among all projects."""


def quoted(name: str) -> str:
    """Return *name* as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return *text* as a literal."""
    return "'" + text.replace("'", "''") + "'"
