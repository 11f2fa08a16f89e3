"""What every ledger does, in SQLite and in a real PostgreSQL."""

from datetime import date
from pathlib import Path

from auditor.checks.inputs import Answer
from auditor.config.ledger_address import sqlite_url
from auditor.ledger.entry import AnswerEntry, Withdraw, answer_key
from auditor.ledger.ledger import find_ledger, open_ledger


def test_what_was_written_holds_until_it_is_withdrawn(tmp_path: Path) -> None:
    """The newest entry about a thing holds; at an earlier position what held then."""
    url = sqlite_url(tmp_path / "store" / "ledger.sqlite")
    assert find_ledger(url) is None
    assert not (tmp_path / "store").exists()
    answer = Answer(rule="R", project="P", says="yes", author="ada", on=date(2026, 1, 1))
    with open_ledger(url) as ledger:
        assert ledger.write([AnswerEntry(answer=answer)], actor="ada", source="test").position == 1
        assert ledger.write([AnswerEntry(answer=answer)], actor="bob", source="test").position == 1
        ledger.write([Withdraw(kind="answer", key=answer_key("R", "P"))], actor="ada", source="test")
        assert ledger.answers() == ()
        assert [item.answer for item in ledger.answers(until=1)] == [answer]
        assert ledger.verify().is_whole
