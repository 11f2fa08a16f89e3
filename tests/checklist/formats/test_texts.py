"""Markdown and pages, filled in by hand as people would, and read back."""

import html as escaping
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.checklist.checklist import Checklist, Given
from auditor.checklist.html import write_html
from auditor.checklist.markdown import escaped, write_markdown
from auditor.checklist.read import read_checklist
from auditor.errors import UsageError
from tests.checklist.formats.deep import examples
from tests.checklist.formats.filling import line_of
from tests.checklist.formats.lists import a_list, open_list
from tests.checklist.formats.test_round_trip import DAYS, SAYS, TEXTS

Said = dict[tuple[str, str], Given]
LINES = open_list(8)
PRINTABLE = TEXTS.filter(str.isprintable)  # a line of Markdown shows nothing else


def fill_markdown(checklist: Checklist, path: Path, said: Said) -> None:
    """Tick boxes and write behind the fields."""
    parts = re.split(r"(?=<!-- auditor:q:)", path.read_text(encoding="utf-8"))
    for number, question in enumerate(checklist.questions(), start=1):
        answer = said.get(line_of(question))
        if answer is None:
            continue
        part = re.sub(r"- \[x\]", "- [ ]", parts[number])
        part = re.sub(rf"- \[ \] (.*<!-- {answer.says} -->)", r"- [x] \1", part)
        until = answer.expires_on.isoformat() if answer.expires_on else ""
        for name, text in (("note", answer.note), ("evidence", answer.evidence), ("until", until)):
            part = re.sub(rf"(<!-- auditor:{name} -->\n\*\*[^*]*\*\*).*", lambda found, text=text: f"{found[1]} {escaped(text)}", part)  # type: ignore[misc]
        parts[number] = part
    path.write_text("".join(parts), encoding="utf-8")


def fill_html(checklist: Checklist, path: Path, said: Said) -> None:
    """Do to the page what its script does: write the values of the form into its attributes."""
    parts = re.split(r"(?=<fieldset )", path.read_text(encoding="utf-8"))
    for number, question in enumerate(checklist.questions(), start=1):
        answer = said.get(line_of(question))
        if answer is None:
            continue
        part = parts[number].replace(" checked>", ">").replace(f'value="{answer.says}">', f'value="{answer.says}" checked="">')
        note, evidence = escaping.escape(answer.note), escaping.escape(answer.evidence)
        until = answer.expires_on.isoformat() if answer.expires_on else ""
        part = re.sub(r"(<textarea[^>]*>)[^<]*", lambda found, note=note: found[1] + note, part)  # type: ignore[misc]
        part = re.sub(r'(-evidence" value=")[^"]*', lambda found, evidence=evidence: found[1] + evidence, part)  # type: ignore[misc]
        parts[number] = re.sub(r'(-until" value=")[^"]*', lambda found, until=until: found[1] + until, part)  # type: ignore[misc]
    path.write_text("".join(parts), encoding="utf-8")


TEXT_FORMATS = pytest.mark.parametrize(
    ("suffix", "write", "fill"), [("md", write_markdown, fill_markdown), ("html", write_html, fill_html)]
)


@st.composite
def _said(draw: st.DrawFn) -> Said:
    found = {}
    for question in LINES.questions():
        if draw(st.booleans()):
            says = draw(SAYS)
            note = " ".join(draw(PRINTABLE).split()) or ("why" if says == "not_applicable" else "")
            evidence = " ".join(draw(PRINTABLE).split())
            found[line_of(question)] = Given(says=says, author="", note=note, evidence=evidence, expires_on=draw(st.none() | DAYS))
    return found


@TEXT_FORMATS
@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=_said())
def test_answers_come_back(suffix, write, fill, tmp_path: Path, said: Said) -> None:
    """Every answer arrives as it was written; what nobody touched is untouched."""
    path = tmp_path / f"list.{suffix}"
    write(LINES, path)
    fill(LINES, path, said)
    back = read_checklist(path)
    assert back.misread == ()
    assert {(item.question, item.subject or ""): item.given for item in back.filled} == said
    assert back.untouched == sum(1 for _ in LINES.questions()) - len(said)


@TEXT_FORMATS
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_an_untouched_list_holds_no_answer(suffix, write, fill, tmp_path: Path, language: str) -> None:
    """Boxes that auditor ticked are no answers of people."""
    del fill
    checklist = a_list(language)
    write(checklist, tmp_path / f"list.{suffix}")
    back = read_checklist(tmp_path / f"list.{suffix}")
    assert (back.filled, back.misread, back.unknown, back.signed) == ((), (), (), ())
    assert back.untouched == sum(1 for _ in checklist.questions())


@TEXT_FORMATS
def test_what_the_evidence_says_can_be_changed(suffix, write, fill, tmp_path: Path) -> None:
    """Another box than the one that auditor ticked is an answer."""
    checklist = a_list()
    path = tmp_path / f"list.{suffix}"
    write(checklist, path)
    fill(checklist, path, {("PM2-GOV-01", ""): Given(says="no", author="", note="Nobody is Business Manager")})
    (answer,) = read_checklist(path).filled
    assert (answer.question, answer.given.says, answer.given.note, answer.digest) == (
        "PM2-GOV-01",
        "no",
        "Nobody is Business Manager",
        "d1",
    )


def test_markdown_says_what_is_wrong(tmp_path: Path) -> None:
    """Two boxes, a strange tick, no box, a day that is none, a box of nobody: each by its line."""
    path = tmp_path / "list.md"
    write_markdown(open_list(6), path)
    parts = re.split(r"(?=<!-- auditor:q:)", path.read_text(encoding="utf-8"))
    parts[0] = parts[0].replace("**Answered by:**", "**Answered by:** Anna")
    parts[0] = parts[0].replace("**Day:**", "**Day:** 2026-05-03", 1)
    parts[1] = parts[1].replace("[ ] Yes", "[x] Yes").replace("[ ] No <", "[X] No <")
    parts[2] = parts[2].replace("[ ] Yes", "[maybe] Yes")
    parts[3] = re.sub(r"\*\*Note:\*\*", "**Note:** no idea\nat all", parts[3])
    parts[4] = re.sub(r"\*\*Valid until:\*\*", "**Valid until:** soon", parts[4].replace("[ ] Yes", "[x] Yes"))
    parts[5] = re.sub(r"\*\*Note:\*\*", "**Note:** first\n\n- second <b>", parts[5].replace("[ ] Partly", "[✓] Partly"))
    parts[6] = parts[6].replace("auditor:q:", "auditor:q:0", 1).replace("[ ] Yes", "[x] Yes")
    text = "".join(parts) + "\n- [x] Did we like it?\n"
    path.write_text(text, encoding="utf-8")
    back = read_checklist(path)
    (answer,) = back.filled
    assert answer.given == Given(says="partly", author="Anna", on=date(2026, 5, 3), note="first\n\n- second <b>")
    assert text.split("\n")[int(answer.place.removeprefix("line ")) - 1].startswith("- [✓]")
    assert [item.why for item in back.misread] == [
        "a box is ticked with an x",
        "the hidden identity of the line is damaged",
        "more than one answer is chosen",
        "a note without an answer",
        "this is no day",
    ]
    assert [item.what for item in back.unknown] == ["Did we like it?"]
    assert all(re.fullmatch(r"line \d+", item.place) for item in (*back.misread, *back.unknown))


def test_a_page_carries_names_and_signatures(tmp_path: Path) -> None:
    """Who filled the page in, and who signed it."""
    path = tmp_path / "list.html"
    write_html(open_list(4), path)
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'(name="filled_by"[^>]* value=")', r"\1Anna", text)
    text = re.sub(r'(name="filled_on"[^>]* value=")', r"\g<1>2026-05-03", text)
    text = re.sub(r'(name="sign-1-name"[^>]* value=")', r"\1P. Owner", text)
    text = re.sub(r'(name="sign-1-on"[^>]* value=")', r"\g<1>2026-05-04", text)
    text = text.replace('value="yes">', 'value="yes" checked>', 1)
    path.write_text(text, encoding="utf-8")
    back = read_checklist(path)
    assert [(item.given.author, item.given.on) for item in back.filled] == [("Anna", date(2026, 5, 3))]
    assert [(item.role, item.person, item.on) for item in back.signed] == [("Project Owner", "P. Owner", date(2026, 5, 4))]


@pytest.mark.parametrize(
    "content", ["", "# A list\n", "<html><body></body></html>", "<!-- auditor:l:000000:{} -->", '<meta name="auditor-list">']
)
def test_other_texts_are_no_lists(tmp_path: Path, content: str) -> None:
    """A file without a sound identity is refused, whatever else it says."""
    for suffix in ("md", "html"):
        path = tmp_path / f"list.{suffix}"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(UsageError, match="no checklist that auditor wrote"):
            read_checklist(path)
