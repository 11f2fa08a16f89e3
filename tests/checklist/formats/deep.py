"""How many examples a property is tried on: few by default, many with `LAWS=deep`."""

import os


def examples(usual: int) -> int:
    """Return how many examples to draw."""
    return usual * 20 if os.environ.get("LAWS") == "deep" else usual
