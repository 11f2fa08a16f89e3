"""Views of packs: named SELECTs, checked as conditions are, three-valued, and stored once per run."""

import re
from collections.abc import Collection

from auditor.rulebook.condition import Language
from auditor.rulebook.names import View


def sources_of(view: View, language: Language) -> Collection[str]:
    """Return the tables and views that *view* selects from."""
    found = re.findall(r"\b(?:from|join)\s+([A-Za-z_][A-Za-z0-9_]*)", view.select, re.IGNORECASE)
    known = set(language.sources)
    return [name.lower() for name in found if name.lower() in known]
