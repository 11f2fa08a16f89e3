"""The files beside `auditor.toml` and the ledger: taken over, written out again, and never contradicting each other in silence."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.answers import load_answers
from auditor.config.ledger_address import sqlite_url
from auditor.config.settings import Settings, load_settings
from auditor.errors import StoreError, UsageError
from auditor.ledger.entry import AnswerEntry, ConfirmationEntry, DocumentKind, PersonAliases, Withdraw, key_of
from auditor.ledger.files import Filed, filed_answers, filed_documents, filed_people, yaml_text
from auditor.ledger.joined import join, joined_answers, joined_people, joined_review, ledger_of
from auditor.ledger.ledger import open_ledger
from auditor.ledger.transfer import TRAIL, export_files, holding, import_files, restore_trail
from auditor.rulebook.yaml_source import parse_yaml
from auditor.snapshot.people import load_people
from auditor.snapshot.review import load_review
from tests.ledger.conftest import answer
from tests.ledger.test_store import everything, waiver

WHO = {"actor": "ada", "source": "auditor answer"}
KNOWN: dict[str, Any] = {"rules": ["R-01", "R-02", "R-03", "onboarding.3"], "projects": ["ALPHA", "BETA"]}


def filed(*entries: AnswerEntry) -> list[Filed]:
    return [Filed(entry, "answers.yaml") for entry in entries]


def configured(folder: Path) -> Settings:
    (folder / "auditor.toml").write_text("")
    return load_settings(folder)


# Taking over


def test_taking_over_twice_writes_once(url: str) -> None:
    """A file that was taken over is held; what is new in it, or was changed in it since, is written."""
    with open_ledger(url) as ledger:
        (first,) = import_files(ledger, filed(answer(), answer("R-02")), actor="ada")
        assert (first.file, first.written, first.held, first.older) == ("answers.yaml", 2, 0, 0)
        (again,) = import_files(ledger, filed(answer(), answer("R-02")), actor="ada")
        assert (again.written, again.held, ledger.position) == (0, 2, 2)
        (changed,) = import_files(ledger, filed(answer(says="no"), answer("R-02"), answer("R-03")), actor="ada")
        assert (changed.written, changed.held, ledger.position) == (2, 1, 4)
        assert {entry.source for entry in ledger.entries()} == {"import answers.yaml"}


def test_an_interrupted_import_goes_on(url: str) -> None:
    """A part that is there already is not written again, and the rest follows."""
    with open_ledger(url) as ledger:
        import_files(ledger, filed(answer()), actor="ada")
        people = Filed(ConfirmationEntry(confirms=PersonAliases(identity="ada", names=("Ada L.",))), "people.yaml")
        done = import_files(ledger, [*filed(answer(), answer("R-02")), people], actor="ada")
        assert [(item.file, item.written, item.held) for item in done] == [("answers.yaml", 1, 1), ("people.yaml", 1, 0)]


def test_what_the_ledger_holds_newer_stays(url: str) -> None:
    """A file that was taken over and answered anew in the ledger since is older: it neither comes back nor contradicts."""
    with open_ledger(url) as ledger:
        import_files(ledger, filed(answer()), actor="ada")
        newer = answer(says="no", author="Bob")
        ledger.write([newer], **WHO)
        (done,) = import_files(ledger, filed(answer()), actor="ada")
        assert (done.written, done.older) == (0, 1)
        assert join(filed(answer()), ledger, "answer") == [newer]
        ledger.write([Withdraw(kind="answer", key=key_of(newer))], **WHO)
        assert join(filed(answer()), ledger, "answer") == []


def test_a_contradiction_is_told_with_both_sides_and_settled_on_request(url: str) -> None:
    """File and ledger that say different things are an error that names both; nothing is written until somebody says which holds."""
    mine, theirs = answer(), answer(says="no", author="Bob", on=date(2026, 4, 2))
    with open_ledger(url) as ledger:
        ledger.write([theirs], **WHO)
        for doing in (
            lambda: join(filed(mine), ledger, "answer"),
            lambda: import_files(ledger, filed(answer("R-02"), mine), actor="ada"),
        ):
            with pytest.raises(ExceptionGroup) as group:
                doing()
            (error,) = group.value.exceptions
            assert isinstance(error, UsageError)
            for words in ("answers.yaml", "R-01", "ALPHA", "yes (Ada, 2026-03-01)", "no (Bob, 2026-04-02)", "entry 1", "--prefer"):
                assert words in str(error)
        assert ledger.position == 1
        (kept,) = import_files(ledger, filed(mine), actor="ada", prefer="ledger")
        assert kept.older == 1
        assert [entry.entry for entry in ledger.history("answer", key_of(mine))] == [theirs, mine, theirs]
        assert join(filed(mine), ledger, "answer") == [theirs]
        third = answer(says="partly")
        import_files(ledger, filed(third), actor="ada", prefer="file")
        assert join(filed(third), ledger, "answer") == [third]
        assert join(filed(third), ledger, "answer", 1) == [theirs], "an earlier position is seen as it was"
        assert join(filed(third), ledger, "answer", 0) == [third]
        assert ledger.verify().is_whole


def test_files_and_ledger_hold_together(tmp_path: Path) -> None:
    """What stands only in a file, only in the ledger, or the same in both holds once; questions of checklists never reach the engine."""
    settings = configured(tmp_path)
    (tmp_path / "answers.yaml").write_text("answers:\n- {rule: R-01, project: ALPHA, says: yes, author: Ada, on: 2026-03-01}\n")
    (tmp_path / "people.yaml").write_text("people:\n- {identity: ada, names: [Ada Lovelace]}\n")
    (tmp_path / "recognition-review.yaml").write_text("documents:\n- {path: a.docx, kind: none}\n")
    with ledger_of(settings) as ledger:
        assert ledger is None
        assert joined_answers(settings, None, **KNOWN) == (answer().answer,)
    assert not (tmp_path / ".auditor").exists()
    with open_ledger(settings.ledger_url) as ledger:
        ledger.write([answer(), answer("R-02"), AnswerEntry(answer=answer("R-03").answer, kind="question", checklist="closing")], **WHO)
        ledger.write([ConfirmationEntry(confirms=PersonAliases(identity="bob", names=("Bob B. Stone",)))], **WHO)
        ledger.write([ConfirmationEntry(confirms=DocumentKind(path="b.docx", kind="risk_log", source="documents"))], **WHO)
    with ledger_of(settings) as ledger:
        assert ledger is not None
        assert joined_answers(settings, ledger, **KNOWN) == (answer().answer, answer("R-02").answer)
        assert joined_answers(settings, ledger, **KNOWN, until=0) == (answer().answer,)
        assert set(joined_people(settings, ledger).identities.values()) == {"ada", "bob"}
        review = joined_review(settings, ledger)
        assert (review.kind("documents", "a.docx"), review.kind("documents", "b.docx")) == ("none", "risk_log")


def test_a_name_cannot_be_two_persons_in_file_and_ledger(tmp_path: Path) -> None:
    """The file gives a name to one person, the ledger to another: neither is believed in silence."""
    settings = configured(tmp_path)
    (tmp_path / "people.yaml").write_text("people:\n- {identity: ada, names: [Ada Lovelace]}\n")
    with open_ledger(settings.ledger_url) as ledger:
        ledger.write([ConfirmationEntry(confirms=PersonAliases(identity="bob", names=("Ada Lovelace",)))], **WHO)
        with pytest.raises(ExceptionGroup, match="aliases are wrong") as group:
            joined_people(settings, ledger)
        assert "people.yaml and " in str(group.value.exceptions[0])


# Reading the files


def test_several_entries_of_one_person_are_one(tmp_path: Path) -> None:
    """People and documents are told by what they are about; the file confirms the same as before."""
    people = tmp_path / "people.yaml"
    people.write_text(
        "people:\n- {identity: ada, names: [A], accounts: {x: a1}}\n- {identity: ada, names: [A, B], accounts: {x: [a2], y: a1}}\n"
    )
    (one,) = filed_people(people)
    assert one.entry == ConfirmationEntry(
        confirms=PersonAliases(identity="ada", names=("A", "B"), accounts={"x": ("a1", "a2"), "y": ("a1",)})
    )
    review = tmp_path / "recognition-review.yaml"
    review.write_text("documents:\n- {path: a, kind: none}\n- {path: a, kind: risk_log, on: 2026-01-02, by: Ada}\n")
    (last,) = filed_documents(review)
    assert last.entry == ConfirmationEntry(confirms=DocumentKind(path="a", kind="risk_log", by="Ada", on=date(2026, 1, 2)))
    review.write_text("documents:\n- {path: a, kind: none, on: soon}\n")
    with pytest.raises(ExceptionGroup) as group:
        filed_documents(review)
    assert "'soon' is not a day" in str(group.value.exceptions[0])


def test_words_of_files_are_no_booleans(tmp_path: Path) -> None:
    """`on` is a key, and somebody may be called No."""
    (tmp_path / "people.yaml").write_text("people:\n- {identity: no, names: [On, Yes], accounts: {x: off}}\n")
    (one,) = filed_people(tmp_path / "people.yaml")
    assert one.entry == ConfirmationEntry(confirms=PersonAliases(identity="no", names=("On", "Yes"), accounts={"x": ("off",)}))


# Writing out


def test_an_export_is_lossless(url: str, tmp_path: Path) -> None:
    """The files that are written say what holds; read again they are held already; the trail comes back with every hash."""
    with open_ledger(url) as ledger:
        ledger.write([*everything(), answer("R-02", says="no", subject="R-1", note="a: b # c"), answer("R-03")], **WHO)
        ledger.write([Withdraw(kind="answer", key=key_of(answer("R-03")), because="moved")], **WHO)
        files = export_files(ledger, tmp_path / "out")
        names = {
            "answers.yaml",
            "people.yaml",
            "recognition-review.yaml",
            "waivers.yaml",
            "checklist-answers.yaml",
            "sign-offs.yaml",
            TRAIL,
        }
        assert {path.name for path in files} == names
        again = [
            *filed_answers(tmp_path / "out" / "answers.yaml", **KNOWN),
            *filed_people(tmp_path / "out" / "people.yaml"),
            *filed_documents(tmp_path / "out" / "recognition-review.yaml"),
        ]
        done = import_files(ledger, again, actor="bob")
        assert sum(item.held for item in done) == len(again) == 4
        assert sum(item.written + item.older for item in done) == 0
        assert set(load_people(tmp_path / "out" / "people.yaml").identities.values()) == {"ada"}
        assert load_review(tmp_path / "out" / "recognition-review.yaml").kind("documents", "Alpha/minutes.docx") == "none"
        said = parse_yaml((tmp_path / "out" / "waivers.yaml").read_bytes(), "waivers.yaml").data["waivers"]
        assert [type(waiver().waiver).model_validate(item) for item in said] == list(ledger.waivers())
        with pytest.raises(UsageError, match="is there already"):
            export_files(ledger, tmp_path / "out")
        held, mark = holding(ledger), ledger.mark()
    other = sqlite_url(tmp_path / "other.sqlite")
    assert restore_trail(other, tmp_path / "out" / TRAIL) == mark.position
    assert restore_trail(other, tmp_path / "out" / TRAIL) == 0
    with open_ledger(other) as ledger:
        assert (ledger.mark(), holding(ledger)) == (mark, held)
        assert ledger.verify(head=mark.hash).is_whole


def test_a_trail_is_restored_only_whole_and_only_into_its_own_ledger(url: str, tmp_path: Path) -> None:
    """A trail that was changed on the way, or one of another ledger, is refused; a ledger with its beginning is completed."""
    with open_ledger(sqlite_url(tmp_path / "first.sqlite")) as ledger:
        ledger.write([answer(), answer("R-02")], **WHO)
        export_files(ledger, tmp_path / "early")
        ledger.write([answer("R-03")], **WHO)
        export_files(ledger, tmp_path / "late")
    late = tmp_path / "late" / TRAIL
    changed = tmp_path / "changed.jsonl"
    changed.write_text(late.read_text().replace('"ada"', '"bob"', 1))
    with pytest.raises(UsageError, match="broken at entry 1"):
        restore_trail(url, changed)
    for text in ("", "{}\n", "no json\n", '{"ledger": "short"}\n', late.read_text() + '{"number": 4}\n'):
        changed.write_text(text)
        with pytest.raises(UsageError, match="no trail|no entry"):
            restore_trail(url, changed)
    assert restore_trail(url, tmp_path / "early" / TRAIL) == 2
    assert restore_trail(url, late) == 1
    with pytest.raises(StoreError, match="other entries"):
        restore_trail(url, tmp_path / "early" / TRAIL)
    with open_ledger(sqlite_url(tmp_path / "second.sqlite")) as ledger:
        ledger.write([answer()], **WHO)
    with pytest.raises(StoreError, match="another ledger"):
        restore_trail(sqlite_url(tmp_path / "second.sqlite"), late)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["no", "2026-01-01", "1.0", "null", "~", "<<", "# x", "a: b", "- a"]
)


@given(note=texts, evidence=texts, author=texts)
def test_every_text_comes_back_from_yaml(note: str, evidence: str, author: str) -> None:
    """Whatever people wrote is read back as the same text, by our strict reader and by any other."""
    said = {"answers": [{"note": note, "evidence": evidence, "author": author}]}
    text = yaml_text(said)
    assert parse_yaml(text.encode(), "answers.yaml").data == said
    assert yaml.safe_load(text) == said


def test_exported_answers_are_read_by_the_engine(tmp_path: Path) -> None:
    """The engine reads the exported file as it reads one that a person wrote."""
    with open_ledger(sqlite_url(tmp_path / "ledger.sqlite")) as ledger:
        entry = answer(note="no", evidence="2026-01-01", expires_on=date(2027, 1, 1), evidence_digest="0123456789012345")
        ledger.write([entry], **WHO)
        export_files(ledger, tmp_path)
    assert load_answers(tmp_path / "answers.yaml", **KNOWN) == (entry.answer,)
