"""Which waivers a reader is shown first: those that ask somebody to act."""

from auditor.reports.model import AuditReport, WaiverView

ASKS_NOTHING = 9
"""The place of a waiver that asks nobody to act."""


def waivers_in_order(report: AuditReport) -> list[WaiverView]:
    """Return every waiver, those that ask somebody to act first, then by project, rule and first day."""
    every = [waiver for project in report.projects for waiver in project.waivers] + report.waivers.gone
    return sorted(every, key=lambda item: (urgency(item), item.project, item.rule, item.begins_on, item.subject or ""))


def urgency(item: WaiverView) -> int:
    """Return the place of a waiver: what ended is open again; does not hold; ends soon; is not needed; came again; asks nothing."""
    asks = (
        item.is_open_again,
        item.state in ("unknown", "to_confirm", "not_waivable"),
        item.is_soon,
        item.state == "in_force" and item.need == "no",
        item.state == "in_force" and item.earlier > 0,
    )
    return next((place for place, does in enumerate(asks) if does), ASKS_NOTHING)
