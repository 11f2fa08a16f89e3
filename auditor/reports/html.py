"""The HTML report: one self-contained page for the portfolio, one per project, one for the rules. No script, no request."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditor.findings.finding import GRADES
from auditor.reports.model import AuditReport, FindingView, ProjectView
from auditor.reports.waivers import waivers_in_order
from auditor.reports.words import MEANINGS, days_in_words, place_in_chain

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SAFE_SCHEMES = frozenset({"http", "https", "file"})


def write_html(report: AuditReport, folder: Path) -> Path:
    """Write `index.html`, `rules.html` and `projects/<id>.html` below *folder*; return the path of the first."""
    pages = folder / "projects"
    pages.mkdir(parents=True, exist_ok=True)
    names = file_names([project.id for project in report.projects])
    areas = sorted({rule.area for rule in report.rules})
    rules = {rule.id: rule for rule in report.rules}
    common: dict[str, Any] = {"report": report, "areas": areas, "meanings": MEANINGS, "rules": rules, "style": _style()}
    index = folder / "index.html"
    _dump(
        "portfolio.html.j2",
        index,
        common
        | {
            "areas": [area for area in areas if any(_concerns(project, area) for project in report.projects)],
            "projects": sorted(report.projects, key=lambda project: (project.score.value is None, project.score.value or 0, project.id)),
            "links": {project: f"projects/{name}.html" for project, name in names.items()},
            "by_rule": _by_rule(report),
            "open_reasons": _open_reasons(report),
            "waivers": waivers_in_order(report),
        },
    )
    _dump("rules.html.j2", folder / "rules.html", common | {"home": "index.html"})
    for project in report.projects:
        _dump(
            "project.html.j2",
            pages / f"{names[project.id]}.html",
            common
            | {
                "project": project,
                "by_grade": _by_grade,
                "home": "../index.html",
                "rules_page": "../rules.html",
                "unreadable": [item for item in report.unreadable if item.project == project.id],
                "vanished": [item for item in report.vanished if item.project == project.id],
            },
        )
    return index


def file_names(ids: list[str]) -> dict[str, str]:
    """Return a safe file name for each id; two ids never share one, whatever they are made of."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for number, id_ in enumerate(ids):
        base = re.sub(r"[^A-Za-z0-9_-]+", "-", id_).strip("-")[:60] or "project"
        name = base if base.casefold() not in taken else f"{base}-{number}"
        taken.add(name.casefold())
        names[id_] = name
    return names


def is_link(url: str) -> bool:
    """Whether *url* may become a link: what comes from a source could be `javascript:`."""
    try:
        return urlsplit(url).scheme.lower() in _SAFE_SCHEMES
    except ValueError:
        return False


def _without_control(value: Any) -> Any:
    """Return a text without control characters: names of files may hold them, and a terminal that shows the page's source obeys them."""
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("\ufffd", value)
    return Markup(text) if isinstance(value, Markup) else text  # noqa: S704  (it was escaped already: what filters and macros give)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("auditor.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_without_control,
    )
    environment.filters["is_link"] = is_link
    environment.filters["days"] = days_in_words
    environment.filters["in_a_row"] = place_in_chain
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    return environment


def _style() -> Markup:
    return Markup((files("auditor.reports") / "templates" / "style.css").read_text(encoding="utf-8"))  # noqa: S704  (our own file)


def dump_page(template: str, path: Path, values: Mapping[str, Any]) -> None:
    """Write one page from a template of ours, with our style, to *path* in one step."""
    _dump(template, path, {"style": _style(), **values})


def _dump(template: str, path: Path, values: dict[str, Any]) -> None:
    partial = path.with_suffix(".part")
    _environment().get_template(template).stream(**values).dump(str(partial), encoding="utf-8")
    partial.replace(path)


def _concerns(project: ProjectView, area: str) -> bool:
    """Return whether a rule of the area says something of the project, even if only that it is open."""
    scores = [found.score for found in project.areas if found.area == area]
    return any(score.conform + score.nonconform + score.not_assessed for score in scores)


def _by_rule(report: AuditReport) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for project in report.projects:
        for finding in project.findings:
            row = rows.setdefault(finding.rule, {"rule": finding.rule, "title": finding.title, "grade": finding.grade, "projects": []})
            row["grade"] = min(row["grade"], finding.grade, key=_place)
            row["projects"].append((project.id, project.name, finding.key, finding.treatment))
    return sorted(rows.values(), key=lambda row: (_place(row["grade"]), -len(row["projects"]), row["rule"]))


def _by_grade(findings: list[FindingView]) -> list[tuple[str, list[FindingView]]]:
    """Return the findings by grade, the worst grade first."""
    found = [(grade, [finding for finding in findings if finding.grade == grade]) for grade in GRADES]
    return [(grade, items) for grade, items in found if items]


def _place(grade: str) -> int:
    return next(place for place, name in enumerate(GRADES) if name == grade)


def _open_reasons(report: AuditReport) -> list[tuple[str, int]]:
    counts = Counter(question.reason for project in report.projects for question in project.open_questions)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
