r"""A list as Markdown, filled in by editing: `[x]` before an answer, words behind the fields.

Marks, for whoever reads a filled-in file back. All are HTML comments; `identity.py` makes and reads the kinds l, f and q.

    <!-- auditor:l:… -->      first line: the list
    <!-- auditor:f:… -->      the text behind the colon of the next line is what the mark names: ("filled_by",) and ("filled_on",);
                              ("sign", role): the next two lines are the name and the day
    <!-- auditor:q:… -->      a question begins; everything until the next `auditor:q:` or `auditor:end` comment belongs to it
    <!-- auditor:was:{…} -->  next line: the answer that was written into the file, as JSON with the keys says, note, evidence, expires_on
                              ('' and null: none); a question whose fields still say so was not touched
    - [x] Yes                 four boxes in the order yes, no, partly, not applicable, each `- [ ] <word> <!-- yes -->`
    <!-- auditor:note -->     the text behind the colon of the next line, and further lines until the next comment, is the note
    <!-- auditor:evidence --> the same for the evidence that the person names
    <!-- auditor:until -->    the same for the day until which the answer is valid (YYYY-MM-DD)
    <!-- auditor:end -->      the questions are over

A question of which somebody answered before and that is to be confirmed again has no box ticked; its earlier answer is told in words.
What stands in comments never holds `>`: JSON writes it as \u003e. Text from sources cannot make a comment, a heading or a box.
"""

import json
import re
from pathlib import Path
from urllib.parse import quote

from auditor.checklist.answer_words import says_text
from auditor.checklist.checklist import Checklist, Given, Group, Question, Says
from auditor.checklist.identity import field_mark, line_mark, list_mark
from auditor.checklist.score import Scored, bands_of, percent, score, score_list
from auditor.checklist.words import state_word, word

ANSWERS: tuple[Says, ...] = ("yes", "no", "partly", "not_applicable")
"""The boxes, in their order."""

_SPECIAL = re.compile(r"([\\`*_<>\[\]|&])")
_LEADING = re.compile(r"^(\d*)([#+~=.)-])(?=\s|$|[#=~-])")
_BLANKS = re.compile(r"\s+")


def write_markdown(checklist: Checklist, path: Path, *, person: str = "") -> None:
    """Write *checklist* to *path*; the file appears whole or not at all. *person*: who will fill it in; '': not known."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(markdown(checklist, person=person), encoding="utf-8", newline="\n")
    partial.replace(path)


def markdown(checklist: Checklist, *, person: str = "") -> str:
    """Return *checklist* as Markdown; see `write_markdown`."""
    lines = [_comment(list_mark(checklist)), f"# {escaped(checklist.title)}", "", *_head(checklist)]
    lines += [_comment(field_mark(checklist, "filled_by")), f"**{word(checklist, 'author')}:** {escaped(person)}".rstrip(), ""]
    lines += [_comment(field_mark(checklist, "filled_on")), f"**{word(checklist, 'day')}:**", ""]
    lines += [f"## {word(checklist, 'summary')}", "", *_summary(checklist), ""]
    lines += [f"## {word(checklist, 'how_to')}", "", escaped(word(checklist, "how_to_markdown")), *_explain(checklist), ""]
    if not checklist.groups:
        lines += [word(checklist, "no_rules"), ""]
    for number, group in enumerate(checklist.groups, start=1):
        lines += _group(checklist, group, number)
    lines += ["<!-- auditor:end -->", "", *_left_out(checklist), *_sign_off(checklist)]
    return "\n".join(lines).rstrip("\n") + "\n"


def was(given: Given | None) -> str:
    """Return the answer that a file holds when it is written, as one line of JSON; see the marks above."""
    data = {
        "says": given.says if given else "",
        "note": given.note if given else "",
        "evidence": given.evidence if given else "",
        "expires_on": given.expires_on.isoformat() if given and given.expires_on else None,
    }
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), sort_keys=True).replace(">", "\\u003e").replace("<", "\\u003c")


def prefilled(question: Question) -> Given | None:
    """Return the answer that stands in the boxes of a question: none where it is asked again."""
    return None if question.state in ("open", "to_confirm") else question.given


def escaped(text: str) -> str:
    """Return *text* on one line, so that Markdown shows it as it is."""
    plain = _BLANKS.sub(" ", "".join(letter if letter.isprintable() else " " for letter in text)).strip()
    return _LEADING.sub(lambda found: f"{found[1]}\\{found[2]}", _SPECIAL.sub(r"\\\1", plain))


def _comment(text: str) -> str:
    return f"<!-- {text} -->"


def project_name(checklist: Checklist) -> str:
    """Return what the project is called, with its id where that is something else."""
    title, id_ = checklist.project_title, checklist.project
    return title if title == id_ else f"{title} ({id_})"


def _head(checklist: Checklist) -> list[str]:
    rows = [
        (word(checklist, "project"), project_name(checklist)),
        (word(checklist, "profile"), checklist.profile_title or "—"),
        (word(checklist, "as_of"), checklist.as_of.isoformat()),
        (word(checklist, "audit"), checklist.audit),
        *((name, value) for name, value in checklist.traits),
    ]
    lines = [f"- **{escaped(name)}:** {escaped(value)}" for name, value in rows]
    if checklist.purpose:
        lines += ["", escaped(checklist.purpose)]
    if checklist.untranslated:
        lines += ["", f"*{escaped(word(checklist, 'untranslated').format(count=checklist.untranslated))}*"]
    return [*lines, ""]


def _summary(checklist: Checklist) -> list[str]:
    whole = score_list(checklist)
    titles = [word(checklist, "group"), *(state_word(checklist, state) for state in ("evidence", "attested", "to_confirm", "open"))]
    lines = [f"| {' | '.join(escaped(title) for title in (*titles, word(checklist, 'score')))} |", "|---|---:|---:|---:|---:|---:|"]
    for number, group in enumerate(checklist.groups, start=1):
        lines.append(_counts(f"{number} {group.title}", score(group.questions, checklist.scheme)))
    lines.append(_counts(f"{checklist.scheme.title}", whole))
    if whole.share is not None:
        between = word(checklist, "score_between").format(lowest=percent(whole.lowest), highest=percent(whole.highest))
        lines += ["", f"{percent(whole.share)} {word(checklist, 'score_of_answered')}; {between}."]
    else:
        lines += ["", f"{word(checklist, 'score_none')}."]
    bands = bands_of(checklist.scheme, whole)
    if len(bands) == 1:
        lines.append(f"**{escaped(bands[0].title)}**: {escaped(bands[0].advice)}")
    elif bands:
        lines.append(f"{word(checklist, 'band_open')}: {' / '.join(escaped(band.title) for band in bands)}.")
    if whole.attested_points:
        lines.append(word(checklist, "score_attested").format(share=percent(whole.attested)))
    return lines


def _counts(title: str, scored: Scored) -> str:
    counts = (str(scored.states.get(state, 0)) for state in ("evidence", "attested", "to_confirm", "open"))
    return f"| {escaped(title)} | {' | '.join(counts)} | {percent(scored.share)} |"


def _explain(checklist: Checklist) -> list[str]:
    answers = " / ".join(says_text(checklist, says) for says in checklist.scheme.explain)
    return [word(checklist, "explain").format(answers=answers)] if answers else []


def _group(checklist: Checklist, group: Group, number: int) -> list[str]:
    lines = [f"## {number} {escaped(group.title)}", ""]
    if group.note:
        lines += [escaped(group.note), ""]
    for place, question in enumerate(group.questions, start=1):
        lines += _question(checklist, question, f"{number}.{place}")
    return lines


def _question(checklist: Checklist, question: Question, number: str) -> list[str]:
    given = prefilled(question)
    mark = [_comment(line_mark(checklist, question)), f"<!-- auditor:was:{was(given)} -->"]
    english = f" *({word(checklist, 'in_english')})*" if question.language else ""
    subject = f" — {escaped(question.subject_text)}" if question.subject_text else ""
    lines = [*mark, f"### {number} {escaped(question.text)}{subject}{english}", ""]
    lines += [
        f"- [{'x' if given is not None and given.says == says else ' '}] {says_text(checklist, says)} <!-- {says} -->" for says in ANSWERS
    ]
    told = [f"**{state_word(checklist, question.state)}**"]
    if question.given is not None and question.given.author and question.given.on:
        who = word(checklist, "answered_by").format(author=question.given.author, day=question.given.on.isoformat())
        told.append(escaped(f"{says_text(checklist, question.given.says)}: {who}"))
    told += [escaped(part) for part in (question.id, question.cites) if part]
    lines += ["", " · ".join(told)]
    if question.contradiction:
        lines += ["", f"**{word(checklist, 'contradiction')}:** {escaped(question.contradiction)}"]
    if question.why_open:
        key = "why_confirm" if question.state == "to_confirm" else "why_open"
        lines += ["", f"{word(checklist, key)}: {escaped(question.why_open)}"]
    if question.requirement:
        lines += ["", f"{word(checklist, 'requirement')}: {escaped(question.requirement)}"]
    if question.guidance:
        lines += ["", f"{word(checklist, 'guidance')}: {escaped(question.guidance)}"]
    if question.evidence:
        lines.append("")
        lines += [f"- {escaped(item.text)}{_place(item.place, item.url)}" for item in question.evidence]
        if question.evidence_count > len(question.evidence):
            lines.append(f"- {word(checklist, 'more').format(count=question.evidence_count - len(question.evidence))}")
    until = given.expires_on.isoformat() if given is not None and given.expires_on else ""
    for name, key, value in (
        ("note", "note", given.note if given else ""),
        ("evidence", "evidence", given.evidence if given else ""),
        ("until", "expires", until),
    ):
        lines += ["", f"<!-- auditor:{name} -->", f"**{word(checklist, key)}:** {escaped(value)}".rstrip()]
    return [*lines, ""]


def _place(place: str, url: str) -> str:
    if not place and not url:
        return ""
    shown = escaped(place or url)
    target = quote(url, safe="/:?#@!$&'*+,;=%~")
    return f" ([{shown}](<{target}>))" if url else f" ({shown})"


def _left_out(checklist: Checklist) -> list[str]:
    if not checklist.left_out:
        return []
    rows = [f"- {escaped(what)}: {escaped(because)}" for what, because in checklist.left_out]
    return [f"## {word(checklist, 'left_out')}", "", word(checklist, "left_out_intro"), "", *rows, ""]


def _sign_off(checklist: Checklist) -> list[str]:
    if not checklist.sign_off:
        return []
    lines = [f"## {word(checklist, 'sign_off')}", ""]
    for role in checklist.sign_off:
        lines += [f"### {escaped(role)}", "", _comment(field_mark(checklist, "sign", role))]
        lines += [f"**{word(checklist, 'name')}:**", f"**{word(checklist, 'day')}:**", ""]
    return lines
