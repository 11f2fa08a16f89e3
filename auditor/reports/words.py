"""What reasons mean, in plain words, for every report."""

from types import MappingProxyType

MEANINGS = MappingProxyType(
    {
        "no_data": "No source holds what the rule looks at.",
        "incomplete_data": "A source was not read completely, so what was not seen cannot be judged.",
        "access_denied": "The account may not read what the rule looks at.",
        "unmapped": "The source has the thing, but nobody said which column it fills.",
        "unreadable": "A file that may hold the evidence could not be read.",
        "source_error": "The source did not answer.",
        "stale_data": "What was read is too old.",
        "low_confidence": "A file may be what is asked for; a person must confirm it.",
        "identity_unknown": "Two names may or may not be the same person.",
        "no_history": "The source keeps no history for the day in question.",
        "not_configured": "A value that the rule needs was not set.",
        "rule_error": "The rule failed; its author must look.",
        "awaiting_answer": "Only a person can answer this.",
    }
)
"""Reason of *not assessed* → sentence."""

METHODS = MappingProxyType(
    {
        "pm2": "PM²",
        "pm2_agile": "PM² with an agile part",
        "prince2": "PRINCE2",
        "prince2_agile": "PRINCE2 Agile",
        "scrum": "Scrum",
        "kanban": "Kanban",
    }
)
"""Methodology → its name."""

BASES = MappingProxyType(
    {"gate": "a gate decision", "artefact": "the documents that are there", "work": "the work that is going on", "guess": "a guess"}
)
"""On what an inferred characteristic rests."""

GATES = MappingProxyType(
    {
        "rfp": "Ready for Planning",
        "rfe": "Ready for Executing",
        "rfc": "Ready for Closing",
        "stage_boundary": "the stage boundary",
        "project_authorisation": "the authorisation of the project",
    }
)
"""Gate → its name."""

_CONCLUSIONS = MappingProxyType(
    {
        "gate_readiness": "Gate {about}",
        "escalation": "To be escalated",
        "recurring_weakness": "Again in {about}",
        "weakness": "Weak in {about}",
        "blind_spot": "Hardly seen: {about}",
        "contradiction": "Contradiction at {about}",
        "systemic": "Systemic, {about}",
    }
)


def conclusion_title(name: str, about: str, state: str) -> str:
    """Return the title of a conclusion: `Gate Ready for Executing: not ready`."""
    shown = GATES.get(about, about.replace("_", " "))
    known = _CONCLUSIONS.get(name)
    title = known.format(about=shown) if known else " ".join(part for part in (name.replace("_", " ").capitalize(), shown) if part)
    return f"{title}: {state.replace('_', ' ')}" if state else title
