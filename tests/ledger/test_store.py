"""What every ledger does, in SQLite and in a real PostgreSQL."""

import os
import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config.ledger_address import sqlite_url
from auditor.errors import UsageError
from auditor.ledger.entry import (
    AnswerEntry,
    ConfirmationEntry,
    DocumentKind,
    Entry,
    PersonAliases,
    SignOffEntry,
    WaiverEntry,
    Withdraw,
    answer_key,
    key_of,
    kind_of,
)
from auditor.ledger.ledger import Ledger, find_ledger, open_ledger
from auditor.ledger.trail import replay
from auditor.ledger.waiver import Waiver
from tests.ledger.conftest import answer

DEEP = os.environ.get("LAWS") == "deep"
WHO = {"actor": "ada", "source": "test"}


def waiver(**more: object) -> WaiverEntry:
    said = {
        "rule": "R-01",
        "requirement": "r-0123456789a",
        "project": "ALPHA",
        "reason": "Reorganisation",
        "requester": "Jan Kowalski",
        "approver": "Olga Brandt",
        "begins_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
    }
    return WaiverEntry(waiver=Waiver.model_validate(said | more))


def everything() -> list[Entry]:
    return [
        answer(note="Zürich\n“quoted” \\ \x00 \U0001f600", subject="R-02", evidence_digest="ab12", expires_on=date(2027, 1, 1)),
        AnswerEntry(answer=answer("onboarding.3").answer, kind="question", checklist="onboarding"),
        waiver(),
        SignOffEntry(what="checklist", id="0123456789ab", digest="ff", role="Project Manager", person="Ada", on=date(2026, 3, 2)),
        ConfirmationEntry(confirms=DocumentKind(path="Alpha/minutes.docx", kind="none", source="documents", on=date(2026, 3, 1))),
        ConfirmationEntry(confirms=PersonAliases(identity="ada", names=("Ada L.",), accounts={"jira:x": ("al", "ada2")})),
    ]


def test_what_was_written_holds_until_it_is_withdrawn(url: str) -> None:
    """The newest entry about a thing holds; at an earlier position what held then."""
    yes, no = answer(), answer(says="no", note="Seen")
    with open_ledger(url) as ledger:
        assert (ledger.position, ledger.answers()) == (0, ())
        assert ledger.write([yes], **WHO).position == 1
        assert ledger.write([no], **WHO).position == 2
        ledger.write([Withdraw(kind="answer", key=answer_key("R-01", "ALPHA"), because="moved")], **WHO)
        assert ledger.answers() == ()
        assert [[item.answer for item in ledger.answers(until=position)] for position in (0, 1, 2, 3)] == [
            [],
            [yes.answer],
            [no.answer],
            [],
        ]
        assert [entry.number for entry in ledger.history("answer", key_of(yes))] == [1, 2, 3]
        assert ledger.verify().is_whole
    with open_ledger(url) as again:
        assert (again.id, again.position) == (ledger.id, 3)


def test_every_kind_of_entry_comes_back_as_it_was(url: str) -> None:
    """Answers, questions, waivers, signatures, documents and people come back equal, whatever letters they hold."""
    entries = everything()
    with open_ledger(url, now=lambda: datetime(2026, 3, 1, 12, 30, 0, 7, tzinfo=UTC)) as ledger:
        ledger.write(entries, actor="Ada Lovelace", source="test")
        assert [entry.entry for entry in ledger.entries()] == entries
        assert {entry.at for entry in ledger.entries()} == {datetime(2026, 3, 1, 12, 30, 0, 7, tzinfo=UTC)}
        rule, question = ledger.answers()
        assert (rule.kind, rule.checklist, rule.entry) == ("rule", None, 1)
        assert (question.kind, question.checklist, question.entry) == ("question", "onboarding", 2)
        assert [WaiverEntry(waiver=item) for item in ledger.waivers()] == [entries[2]]
        assert list(ledger.sign_offs()) == [entries[3]]
        assert [ConfirmationEntry(confirms=item) for item in (*ledger.documents(), *ledger.people())] == entries[4:]
        assert ledger.verify().position == len(entries)


def test_what_holds_already_is_left_out(url: str) -> None:
    """The same thing said again writes nothing; said again after something else it is written."""
    with open_ledger(url) as ledger:
        ledger.write([*everything(), answer()], **WHO)
        before = ledger.position
        again = ledger.write([*everything(), answer()], actor="bob", source="again")
        assert (again.position, again.written, len(again.unchanged)) == (before, (), before)
        assert ledger.write([Withdraw(kind="waiver", key="[]")], **WHO).written == ()
        changed = ledger.write([answer(says="no"), answer(says="no"), answer()], **WHO)
        assert [entry.number for entry in changed.written] == [before + 1, before + 2]
        given_in_a_list = AnswerEntry(answer=answer().answer, checklist="closing")
        assert ledger.write([given_in_a_list], **WHO).written == ()


def test_a_change_since_is_a_conflict(url: str) -> None:
    """What somebody else wrote about the same thing since the position that one knew is shown, and nothing at all is written."""
    with open_ledger(url) as ledger:
        known = ledger.write([answer(), answer("R-02")], **WHO).position
        theirs = ledger.write([answer(says="no")], actor="bob", source="elsewhere").written[0]
        mine = [answer("R-03"), answer(says="partly")]
        refused = ledger.write(mine, **WHO, if_unchanged_since=known)
        assert [(item.mine, item.theirs) for item in refused.conflicts] == [(mine[1], theirs)]
        assert (refused.written, refused.position, ledger.position) == ((), 3, 3)
        assert ledger.write([answer(says="no")], **WHO, if_unchanged_since=known).conflicts == ()
        assert ledger.write([answer("R-02", says="no")], **WHO, if_unchanged_since=known).position == 4
        assert ledger.write(mine, **WHO, if_unchanged_since=ledger.position).position == 6
        gone = Withdraw(kind="answer", key=key_of(answer()))
        assert len(ledger.write([gone], **WHO, if_unchanged_since=known).conflicts) == 1


def test_all_or_nothing(url: str) -> None:
    """An entry that cannot be stored keeps its whole batch out."""
    with open_ledger(url) as ledger:
        for batch, who in (
            ([answer(), answer("R-02", note="\ud800")], WHO),
            ([answer()], {"actor": " ", "source": "test"}),
            ([answer()], {"actor": "ada", "source": "a\nb"}),
            ([answer()], {"actor": "a" * 201, "source": "test"}),
        ):
            with pytest.raises(UsageError):
                ledger.write(batch, **who)
        assert ledger.position == 0


def test_a_position_that_is_not_there_is_refused(url: str) -> None:
    """The state at a position that nobody reached yet is no state."""
    with open_ledger(url) as ledger:
        ledger.write([answer()], **WHO)
        for position in (-1, 2):
            with pytest.raises(UsageError, match="newest entry is 1|no position"):
                ledger.answers(until=position)
            with pytest.raises(UsageError):
                ledger.mark(until=position)


def test_reading_makes_nothing(tmp_path: Path) -> None:
    """Whoever only looks leaves no file and no folder."""
    assert find_ledger(sqlite_url(tmp_path / "store" / "ledger.sqlite")) is None
    assert list(tmp_path.iterdir()) == []


def test_reading_an_empty_database_makes_nothing(url: str) -> None:
    """An address at which nobody wrote yet has no ledger, also when it was looked at before."""
    assert find_ledger(url) is None
    assert find_ledger(url) is None


def random_entry(draw: random.Random) -> Entry:
    rule, project = f"R-{draw.randrange(3)}", draw.choice(("ALPHA", "BETA"))
    match draw.randrange(5):
        case 0:
            return Withdraw(kind="answer", key=answer_key(rule, project))
        case 1:
            return waiver(rule=rule, project=project, reason=draw.choice(("a", "b")))
        case 2:
            return Withdraw(kind="waiver", key=key_of(waiver(rule=rule, project=project)))
        case _:
            return answer(rule, project, draw.choice(("yes", "no", "partly")))


def holds(ledger: Ledger, until: int) -> tuple[list[object], list[object]]:
    return [item.answer for item in ledger.answers(until=until)], list(ledger.waivers(until=until))


def check_states(url: str, seed: int, batches: int) -> None:
    """Write random batches, keep beside what must hold after each entry, and compare at every position."""
    draw = random.Random(seed)
    now: dict[tuple[str, str], Entry] = {}
    states: list[dict[tuple[str, str], Entry]] = [{}]
    with open_ledger(url) as ledger:
        for _ in range(batches):
            batch = [random_entry(draw) for _ in range(draw.randrange(1, 5))]
            before = ledger.position
            for entry in batch:
                place = (kind_of(entry), key_of(entry))
                if isinstance(entry, Withdraw):
                    if place not in now:
                        continue
                    del now[place]
                elif now.get(place) == entry:
                    continue
                else:
                    now[place] = entry
                states.append(dict(now))
            assert ledger.write(batch, **WHO).position == len(states) - 1 >= before
        trail = list(ledger.entries())
        for position, state in enumerate(states):
            answers = sorted(
                (entry.answer for entry in state.values() if isinstance(entry, AnswerEntry)), key=lambda item: (item.rule, item.project)
            )
            waivers = sorted((entry.waiver for entry in state.values() if isinstance(entry, WaiverEntry)), key=lambda item: item.key)
            assert holds(ledger, position) == (answers, waivers)
            assert {place: entry.entry for place, entry in replay(trail[:position]).items()} == state
        assert ledger.verify().position == len(trail) == len(states) - 1


@pytest.mark.parametrize("seed", range(10 if DEEP else 1))
def test_the_state_at_any_position_is_the_replay_of_the_trail(url: str, seed: int) -> None:
    """After any writes, what holds at each position is what replaying the trail up to it gives."""
    check_states(url, seed, 100 if DEEP else 20)


@settings(max_examples=200 if DEEP else 12)
@given(seed=st.integers(0, 2**32))
def test_the_state_at_any_position_is_the_replay_of_any_trail(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """As above, for trails that nobody chose."""
    check_states(sqlite_url(tmp_path_factory.mktemp("ledger") / "ledger.sqlite"), seed, 5)
