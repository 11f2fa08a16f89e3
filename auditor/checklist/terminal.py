"""How a list stands, for a terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from auditor.checklist.answer_words import says_text
from auditor.checklist.checklist import Checklist, Question
from auditor.checklist.markdown import project_name
from auditor.checklist.score import STATES, bands_of, percent, score, score_list
from auditor.checklist.words import state_word, word
from auditor.reports.terminal import Hanging, clean

_COLOURS = {"evidence": "green", "attested": "blue", "to_confirm": "yellow", "open": "red", "not_applicable": "bright_black"}
_BAR = 40


def checklist_page(checklist: Checklist, *, every: bool = False) -> RenderableType:
    """Return how *checklist* stands: per group and as a whole, and what is asked of people; *every*: the answered questions, too."""
    whole = score_list(checklist)
    parts: list[RenderableType] = [
        Text(clean(f"{checklist.title}: {project_name(checklist)}"), style="bold"),
        Text(clean("  " + " · ".join(f"{name}: {value}" for name, value in checklist.traits))),
        Text(f"  {checklist.kind} · {checklist.language} · {checklist.as_of.isoformat()} · {checklist.audit} · {checklist.id}"),
        Text(),
        _bar(checklist),
        Text(),
        _groups(checklist),
    ]
    if whole.share is not None:
        between = word(checklist, "score_between").format(lowest=percent(whole.lowest), highest=percent(whole.highest))
        parts.append(Text(f"{percent(whole.share)} {word(checklist, 'score_of_answered')}; {between}"))
    bands = bands_of(checklist.scheme, whole)
    if bands:
        parts.append(Text(clean(f"{checklist.scheme.title}: {' / '.join(band.title for band in bands)}")))
    if whole.attested_points:
        parts.append(Text(word(checklist, "score_attested").format(share=percent(whole.attested))))
    if checklist.untranslated:
        parts.append(Text(word(checklist, "untranslated").format(count=checklist.untranslated), style="yellow"))
    for group in checklist.groups:
        shown = [question for question in group.questions if every or question.state in ("open", "to_confirm") or question.contradiction]
        if shown:
            parts += [Text(), Text(clean(group.title), style="bold")]
            for question in shown:
                parts += _question(checklist, question)
    if checklist.left_out:
        parts += [Text(), Text(f"{word(checklist, 'left_out')}: {len(checklist.left_out)}", style="bold")]
        parts += [Hanging("  ", f"{what}: {because}", style="bright_black") for what, because in checklist.left_out]
    return Group(*parts)


def _bar(checklist: Checklist) -> Text:
    whole = score_list(checklist)
    line = Text("  ")
    for state in STATES[:4]:
        part = whole.part(state)
        if part:
            line.append("█" * max(int(part * _BAR), 1) if state != "open" else "░" * max(int(part * _BAR), 1), style=_COLOURS[state])
    told = ", ".join(f"{state_word(checklist, state)}: {whole.states.get(state, 0)} ({percent(whole.part(state))})" for state in STATES[:4])
    return line.append(f"  {told}")


def _groups(checklist: Checklist) -> Table:
    shown = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    shown.add_column(word(checklist, "group"))
    for title in (*(state_word(checklist, state) for state in STATES), word(checklist, "score")):
        shown.add_column(title, justify="right")
    for title, scored in (
        *((group.title, score(group.questions, checklist.scheme)) for group in checklist.groups),
        (checklist.scheme.title, score_list(checklist)),
    ):
        shown.add_row(clean(title), *(str(scored.states.get(state, 0) or "·") for state in STATES), percent(scored.share))
    return shown


def _question(checklist: Checklist, question: Question) -> list[RenderableType]:
    given = f"{says_text(checklist, question.given.says)}, " if question.given is not None else ""
    head = Text("  · ", style=_COLOURS[question.state])
    lines: list[RenderableType] = [Hanging(head.plain, f"{question.id} {question.text} ({given}{state_word(checklist, question.state)})")]
    if question.contradiction:
        lines.append(Hanging("    ", question.contradiction, style="red"))
    if question.why_open:
        lines.append(Hanging("    ", question.why_open, style="bright_black"))
    return lines
