"""What is written into a list comes back: every valid answer, every invalid one by its place."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.checklist.answer_words import ANSWERS, says_text
from auditor.checklist.checklist import Checklist, Given
from auditor.checklist.docx import write_docx
from auditor.checklist.labels import LABELS
from auditor.checklist.read import read_checklist
from auditor.checklist.xlsx import write_xlsx
from tests.checklist.formats.deep import examples
from tests.checklist.formats.filling import Words, fill_docx, fill_xlsx, line_of
from tests.checklist.formats.lists import a_list, open_list

Write = Callable[[Checklist, Path], Path]
Fill = Callable[..., Path]
FORMATS = pytest.mark.parametrize(("suffix", "write", "fill"), [("xlsx", write_xlsx, fill_xlsx), ("docx", write_docx, fill_docx)])

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\ufeff")
_HINTS = {hint for labels in LABELS.values() for hint in (labels.pick, labels.pick_day, labels.type_here)}
TEXTS = st.text(_LETTERS, max_size=60).map(lambda text: text.strip().removeprefix("=").strip()).filter(lambda text: text not in _HINTS)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
SAYS = st.sampled_from(["yes", "no", "partly", "not_applicable"])
LINES = open_list(8)


@st.composite
def _answers(draw: st.DrawFn) -> dict[tuple[str, str], tuple[Words, Given | None]]:
    """What people write into some lines, and the answer that it is; None: it is none."""
    found: dict[tuple[str, str], tuple[Words, Given | None]] = {}
    for question in LINES.questions():
        if not draw(st.booleans()):
            continue
        says = draw(SAYS)
        language = draw(st.sampled_from(sorted(ANSWERS)))
        word = ANSWERS[language][says]  # type: ignore[index]
        word = draw(st.sampled_from([word, word.upper(), f"\u00a0{word} ", word.lower() + "."]))
        note = draw(TEXTS) or ("why" if says == "not_applicable" else "")
        author = " ".join(draw(TEXTS).split()) or "Jane"
        on = draw(DAYS)
        expires_on = draw(st.none() | DAYS.filter(lambda day, on=on: day >= on))  # type: ignore[misc]
        evidence = draw(TEXTS)
        words: dict[str, Any] = {"answer": word, "note": note, "author": author, "on": on.isoformat(), "evidence": evidence}
        if expires_on:
            words["expires_on"] = expires_on.isoformat()
        answer: Given | None = Given(says=says, author=author, on=on, note=note, evidence=evidence, expires_on=expires_on)  # type: ignore[arg-type]
        if draw(st.integers(0, 4)) == 0:
            words, answer = words | {"answer": draw(st.sampled_from(["maybe", "?", "1", "yes no", "TODO"]))}, None
        found[line_of(question)] = words, answer
    return found


@FORMATS
@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=_answers())
def test_answers_come_back(
    suffix: str, write: Write, fill: Fill, tmp_path: Path, said: dict[tuple[str, str], tuple[Words, Given | None]]
) -> None:
    """Every valid answer arrives as it was written, every invalid one is named, every other line is untouched."""
    path = write(LINES, tmp_path / f"list.{suffix}")
    fill(LINES, path, {key: words for key, (words, _) in said.items()})
    back = read_checklist(path)
    assert (back.checklist, back.project, back.kind, back.language) == (LINES.id, LINES.project, LINES.kind, "en")
    found = {(item.question, item.subject or ""): item.given for item in back.filled}
    assert found == {key: answer for key, (_, answer) in said.items() if answer is not None}
    assert len(back.misread) == sum(1 for _, answer in said.values() if answer is None)
    assert all("Answer" in item.place or "!" in item.place for item in back.misread)
    assert back.untouched == sum(1 for _ in LINES.questions()) - len(said)
    digests = {line_of(question): question.digest for question in LINES.questions()}
    assert all(item.digest == digests[item.question, item.subject or ""] for item in back.filled)


@FORMATS
@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "fi"])
def test_an_untouched_list_holds_no_answer(suffix: str, write: Write, fill: Fill, tmp_path: Path, language: str) -> None:
    """What the evidence has answered is no answer of a person."""
    del fill
    checklist = a_list(language)
    back = read_checklist(write(checklist, tmp_path / f"list.{suffix}"))
    assert (back.filled, back.misread, back.unknown, back.signed) == ((), (), (), ())
    assert back.untouched == sum(1 for _ in checklist.questions())


@FORMATS
def test_the_same_list_gives_the_same_bytes(suffix: str, write: Write, fill: Fill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock goes into a file."""
    del fill
    first = write(a_list(), tmp_path / f"a.{suffix}").read_bytes()
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100_000)
    assert write(a_list(), tmp_path / f"b.{suffix}").read_bytes() == first


@FORMATS
def test_the_words_of_a_language_are_offered_and_read(suffix: str, write: Write, fill: Fill, tmp_path: Path) -> None:
    """A German list offers German answers, and takes them, English ones and days in German."""
    checklist = open_list(4, "de")
    path = write(checklist, tmp_path / f"list.{suffix}")
    keys = [line_of(question) for question in checklist.questions()]
    words: list[Words] = [
        {"answer": "teilweise", "on": "3. Mai 2026", "author": "Ä"},
        {"answer": "Yes", "on": "03.05.2026", "author": "Ä"},
        {"answer": "Nicht anwendbar", "author": "Ä"},
        {"answer": "Jain", "author": "Ä"},
    ]
    fill(checklist, path, dict(zip(keys, words, strict=True)))
    back = read_checklist(path)
    assert [(item.given.says, item.given.on) for item in back.filled] == [("partly", date(2026, 5, 3)), ("yes", date(2026, 5, 3))]
    assert [item.why for item in back.misread] == [
        f"the answer “{says_text(checklist, 'not_applicable')}” needs a note that says why",
        "this is no answer",
    ]


@FORMATS
def test_what_is_wrong_is_named(suffix: str, write: Write, fill: Fill, tmp_path: Path) -> None:
    """Days that are none, ends before beginnings, notes without answers: each by its place; the rest arrives."""
    checklist = open_list(8)
    path = write(checklist, tmp_path / f"list.{suffix}")
    keys = [line_of(question) for question in checklist.questions()]
    words: list[Words] = [
        {"answer": "Yes", "on": "31 February 2026", "author": "J"},
        {"answer": "Yes", "on": "03/05/2026", "author": "J"},
        {"answer": "Yes", "on": "2026-05-03", "expires_on": "2026-05-02", "author": "J"},
        {"note": "looks good"},
        {"answer": "n/a"},
        {"answer": "Yes", "author": "J" * 201},
        {"answer": "Yes", "note": "x" * 10_001},
        {"answer": "no", "on": "May 3, 2026"},
    ]
    fill(checklist, path, dict(zip(keys, words, strict=True)))
    back = read_checklist(path)
    assert [item.given.says for item in back.filled] == ["no"]
    assert [item.why for item in back.misread] == [
        "the calendar has no such day",
        "the day may be 2026-05-03 or 2026-03-05",
        "the answer ends before it was given, on 2026-05-03",
        "a note without an answer",
        "the answer “Not applicable” needs a note that says why",
        "a name has at most 200 characters",
        "the text has 10,001 characters; at most 10,000 are kept",
    ]
    assert back.untouched == 0


@FORMATS
def test_words_of_a_hint_are_a_text_too(suffix: str, write: Write, fill: Fill, tmp_path: Path) -> None:
    """Only the whole hint with its brackets stands for nothing."""
    path = write(LINES, tmp_path / f"list.{suffix}")
    keys = [line_of(question) for question in LINES.questions()]
    texts = ["CHOOSE", "choose", "type here", "day"]
    fill(LINES, path, {key: {"answer": "Yes", "author": "J", "evidence": text} for key, text in zip(keys, texts, strict=False)})
    assert [item.given.evidence for item in read_checklist(path).filled] == texts


@FORMATS
def test_the_person_who_will_fill_it_in(suffix: str, write: Write, fill: Fill, tmp_path: Path) -> None:
    """A name that stands in the list already speaks for every line that names nobody."""
    path = tmp_path / f"list.{suffix}"
    (write_xlsx if suffix == "xlsx" else write_docx)(LINES, path, person="Ann & Co <x>")
    assert read_checklist(path).filled == ()
    del write
    fill(LINES, path, {line_of(next(iter(LINES.questions()))): {"answer": "Yes"}})
    assert [item.given.author for item in read_checklist(path).filled] == ["Ann & Co <x>"]
