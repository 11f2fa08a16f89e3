"""What reasons mean, in plain words, for every report."""

from datetime import timedelta
from types import MappingProxyType

from auditor.findings.finding import Treatment
from auditor.findings.treat import WaiverState, WaiverStatus

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


def treatment_in_words(item: Treatment) -> str:
    """Return what a waiver does and until when: `waived until 2026-09-30`."""
    until = item.ends_on.isoformat() if item.ends_on is not None else f"{item.ends_with} is closed"
    return f"{'waived' if item.kind == 'waived' else 'accepted as a risk'} until {until}"


def waiver_in_words(status: WaiverStatus) -> str:
    """Return how a waiver stands: `holds until 2026-09-30, 92 days left`."""
    waiver = status.waiver
    match status.state:
        case WaiverState.NOT_BEGUN:
            return f"begins on {waiver.begins_on}"
        case WaiverState.IN_FORCE if waiver.ends_on is not None and status.days_left is not None:
            return f"holds until {waiver.ends_on}, {days_in_words(status.days_left)} left"
        case WaiverState.IN_FORCE:
            return f"holds until {waiver.ends_with} is closed"
        case WaiverState.EXPIRED if waiver.ends_on is not None:
            return f"ended on {waiver.ends_on}"
        case WaiverState.EXPIRED:
            return f"ended on {waiver.begins_on + timedelta(days=status.days)}, when {waiver.ends_with} was closed"
        case WaiverState.UNKNOWN:
            return f"does not hold: nobody knows whether {waiver.ends_with} was closed since it began"
        case WaiverState.TO_CONFIRM:
            return "does not hold: the rule asks something else since, somebody must confirm it again"
        case _:
            return "does not hold: the rule may not be waived, only accepted as a risk"


def days_in_words(count: int) -> str:
    """Return a number of days: `1 day`, `92 days`."""
    return f"{count} day{'' if count == 1 else 's'}"


def place_in_chain(earlier: int) -> str:
    """Return which waiver of its chain one is, '' for the first: `the 2nd in a row`."""
    if not earlier:
        return ""
    number = earlier + 1
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"the {number}{ending} in a row"
