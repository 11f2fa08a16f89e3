"""Why something could not be decided: from what the statements say to a reason and a sentence."""

from collections.abc import Mapping

from auditor.checks.evaluation import Reason

_COMPLETENESS: Mapping[str, Reason] = {
    "permission_denied": Reason.ACCESS_DENIED,
    "access_denied": Reason.ACCESS_DENIED,
    "page_failed": Reason.SOURCE_ERROR,
    "source_error": Reason.SOURCE_ERROR,
    "unavailable": Reason.SOURCE_ERROR,
    "source_unavailable": Reason.SOURCE_ERROR,
    "file_unreadable": Reason.UNREADABLE,
    "unreadable": Reason.UNREADABLE,
    "no_text_layer": Reason.UNREADABLE,
    "column_not_mapped": Reason.UNMAPPED,
    "unmapped": Reason.UNMAPPED,
    "stale": Reason.STALE_DATA,
    "stale_data": Reason.STALE_DATA,
    "low_confidence": Reason.LOW_CONFIDENCE,
    "no_history": Reason.NO_HISTORY,
    "no_source": Reason.NO_DATA,
    "no_data": Reason.NO_DATA,
}


def completeness_reason(word: str | None, *, is_listed: bool) -> Reason:
    """Return the reason why a table is not complete.

    Args:
        word: what `completeness.reason` says.
        is_listed: whether the table has a row there at all; without one nothing holds it.
    """
    if not is_listed:
        return Reason.NO_DATA
    return _COMPLETENESS.get(word or "", Reason.INCOMPLETE_DATA)


def explain(reason: Reason, what: str) -> str:
    """Return what is missing, as a sentence.

    Args:
        reason: why.
        what: the column, table, parameter or condition; '' when there is nothing to name.
    """
    match reason:
        case Reason.UNMAPPED:
            return f"no source fills the column {what}" if what else ""
        case Reason.NO_DATA:
            return f"{what} is not stated" if what else ""
        case Reason.NO_HISTORY:
            return f"what {what} was on that day is not known" if what else "what held on that day is not known"
        case Reason.NOT_CONFIGURED:
            return f"the parameter {what} is not set" if what else ""
        case Reason.IDENTITY_UNKNOWN:
            return "whether two names or accounts are one person is not known"
        case Reason.LOW_CONFIDENCE:
            return "a file may be the product, and it is not sure"
        case Reason.UNREADABLE:
            return f"a file that may hold it could not be read: {what}" if what else "a file that may hold it could not be read"
        case _:
            return what


def incomplete(table: str, word: str | None, *, is_listed: bool) -> str:
    """Return the sentence about a table that was not read completely."""
    if not is_listed:
        return f"no source holds the table {table}"
    return f"the table {table} was not read completely" + (f": {word}" if word else "")
