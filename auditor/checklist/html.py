"""A list as one self-contained page: it prints, it is read without a script, and it can be filled in, saved as a file and sent back.

The script of the page (its hash stands in the page's policy) does two things: it writes what a person filled in into the attributes of the
form, and offers the page as a file. Nothing is requested and nothing is sent.

Marks, for whoever reads a filled-in file back; `identity.py` makes and reads what stands in `data-mark` and in the first one.

    <meta name="auditor-list" content="auditor:l:…">       the list
    <input name="filled_by" data-mark="auditor:f:…" value> who filled it in; `filled_on`: when (YYYY-MM-DD)
    <fieldset class="question …" data-mark="auditor:q:…" data-was="{…}">   one question, with
        <input type="radio" name="qN-M" value="yes|no|partly|not_applicable" [checked]>
        <textarea name="qN-M-note">, <input name="qN-M-evidence" value>, <input name="qN-M-until" value> (YYYY-MM-DD)
    <tr data-mark="auditor:f:…"> ("sign", role), with <input name="sign-N-name" value> and <input name="sign-N-on" value>

`data-was` is the answer that the file held when it was written, as in Markdown (`markdown.was`): where the fields still say so, nobody
touched the question.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditor.checklist.answer_words import says_text
from auditor.checklist.checklist import Checklist, State
from auditor.checklist.identity import field_mark, line_mark, list_mark
from auditor.checklist.markdown import ANSWERS, prefilled, project_name, was
from auditor.checklist.score import bands_of, percent, score, score_list
from auditor.checklist.words import state_word, word
from auditor.reports.html import is_link

_SHOWN: tuple[State, ...] = ("evidence", "attested", "to_confirm", "open")


def write_html(checklist: Checklist, path: Path, *, person: str = "") -> None:
    """Write *checklist* to *path*; the file appears whole or not at all. *person*: who will fill it in; '': not known."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(html(checklist, person=person), encoding="utf-8", newline="\n")
    partial.replace(path)


def html(checklist: Checklist, *, person: str = "") -> str:
    """Return *checklist* as a page; see `write_html`."""
    whole = score_list(checklist)
    script = _text("checklist.js").rstrip("\n")
    return (
        _environment()
        .get_template("checklist.html.j2")
        .render(
            list=checklist,
            project=project_name(checklist),
            person=person,
            file=f"{file_name(checklist)}.html",
            w=lambda key: word(checklist, key),
            sw=lambda state: state_word(checklist, state),
            says=lambda answer: says_text(checklist, answer),
            states=_SHOWN,
            answers=ANSWERS,
            whole=whole,
            groups=[(group, score(group.questions, checklist.scheme)) for group in checklist.groups],
            bands=bands_of(checklist.scheme, whole),
            between=word(checklist, "score_between").format(lowest=percent(whole.lowest), highest=percent(whole.highest)),
            explain=" / ".join(says_text(checklist, says) for says in checklist.scheme.explain),
            percent=percent,
            prefilled=prefilled,
            was=was,
            mark=lambda question: line_mark(checklist, question),
            sign=lambda role: field_mark(checklist, "sign", role),
            list_mark=list_mark(checklist),
            filled_by=field_mark(checklist, "filled_by"),
            filled_on=field_mark(checklist, "filled_on"),
            style=Markup(_style()),  # noqa: S704  (our own files)
            script=Markup(script),  # noqa: S704  (our own file)
            script_hash=f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        )
        + "\n"
    )


def file_name(checklist: Checklist) -> str:
    """Return a safe name for a file of *checklist*, without its ending: `phase-exit-rfe-ALPINE`."""
    return "-".join(re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-")[:60] or "list" for part in (checklist.kind, checklist.project))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("auditor.checklist"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["is_link"] = is_link
    return environment


def _text(name: str) -> str:
    return (files("auditor.checklist") / "templates" / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    reports = (files("auditor.reports") / "templates" / "style.css").read_text(encoding="utf-8")
    return reports + _text("checklist.css")
