"""Schedules as Microsoft Project writes them, made of a few words."""

from xml.sax.saxutils import escape


def element(name, value):
    if isinstance(value, dict):
        return f"<{name}>{''.join(element(key, inner) for key, inner in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(element(name, inner) for inner in value)
    return f"<{name}>{escape(str(value))}</{name}>"


def task(uid, name="Task", level=1, **more):
    return {
        "UID": uid,
        "ID": uid,
        "Name": name,
        "Active": 1,
        "IsNull": 0,
        "WBS": str(uid),
        "OutlineLevel": level,
        "Start": "2026-03-02T08:00:00",
        "Finish": "2026-03-06T17:00:00",
        "Summary": 0,
        "Milestone": 0,
        "PercentComplete": 0,
        "Work": "PT40H0M0S",
        **more,
    }


def schedule(tasks=(), resources=(), assignments=(), **project):
    said = {"SaveVersion": 14, "Title": "Portal", "LastSaved": "2026-03-01T12:00:00", "CurrencyCode": "EUR", **project}
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Project xmlns="http://schemas.microsoft.com/project">'
        + "".join(element(name, value) for name, value in said.items())
        + f"<Tasks>{''.join(element('Task', one) for one in tasks)}</Tasks>"
        + f"<Resources>{''.join(element('Resource', one) for one in resources)}</Resources>"
        + f"<Assignments>{''.join(element('Assignment', one) for one in assignments)}</Assignments></Project>"
    )
