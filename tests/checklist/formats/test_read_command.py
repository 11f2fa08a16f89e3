"""`auditor checklist new`, filled in by two people, `auditor checklist read`: into the ledger, and into the next list."""

import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from auditor.cli.main import main
from auditor.demo.run import Shown
from auditor.ledger.ledger import find_ledger, open_ledger

pytestmark = pytest.mark.xdist_group("demo-lists")  # built once per worker, which takes its time


@pytest.fixture(scope="module")
def portfolio(demonstration: Shown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration that may be changed."""
    return Path(shutil.copytree(demonstration.folder, tmp_path_factory.mktemp("read") / "portfolio"))


class Shell:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str]:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), " ".join(f"{out} {err}".split())


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], portfolio: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(portfolio)
    monkeypatch.setenv("AUDITOR_AUTHOR", "qa")
    return Shell(capsys)


def fill(source: Path, target: Path, author: str, answers: dict[str, dict[str, Any]]) -> None:
    """Write answers to open questions, by their text."""
    book = openpyxl.load_workbook(source)
    sheet = book["Checklist"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for begins, words in answers.items():
            if str(sheet.cell(row, columns["Question"]).value).startswith(begins):
                for title, value in {"Answered by": author, "Answered on": "2026-06-20", **words}.items():
                    sheet.cell(row, columns[title]).value = value
    book.save(target)


def asked(path: Path) -> list[str]:
    """The first lines of the open questions."""
    sheet = openpyxl.load_workbook(path)["Checklist"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = range(2, sheet.max_row + 1)
    questions = [(sheet.cell(row, columns["Question"]).value, sheet.cell(row, columns["State"]).value) for row in rows]
    return [str(text).partition("\n")[0] for text, state in questions if state == "open"]


def ledger_of(portfolio: Path) -> str:
    return f"sqlite:///{portfolio / '.auditor' / 'ledger.sqlite'}"


def position(portfolio: Path) -> int:
    """Of the trail; 0 where nobody wrote anything."""
    found = find_ledger(ledger_of(portfolio))
    if found is None:
        return 0
    with found as ledger:
        return ledger.position


def test_from_list_to_ledger_to_list(shell: Shell, portfolio: Path) -> None:
    """Two people answer; where they differ nothing is written until one is taken; what was written is known to the next list."""
    code, said = shell("checklist", "new", "--project", "BOREAL", "--kind", "phase-exit:rfc", "--format", "xlsx", "--output", "list.xlsx")
    assert code == 0, said
    before = position(portfolio)
    first, second, third = asked(portfolio / "list.xlsx")[:3]
    anna = {first: {"Answer": "Yes", "Note": "seen"}, second: {"Answer": "No"}, third: {"Answer": "maybe"}}
    fill(portfolio / "list.xlsx", portfolio / "anna.xlsx", "Anna Weber", anna)
    fill(portfolio / "list.xlsx", portfolio / "bo.xlsx", "Bo", {first: {"Answer": "Yes"}, second: {"Answer": "Partly"}})

    code, said = shell("checklist", "read", "anna.xlsx", "bo.xlsx", "--dry-run")
    assert code == 2
    assert "would write 1 answers" in said
    assert "maybe" in said
    assert "answers differ; --take says whose counts" in said
    assert position(portfolio) == before

    code, said = shell("checklist", "read", "anna.xlsx", "bo.xlsx", "--take", "Bo")
    assert code == 2  # 'maybe' still needs a look
    written = re.search(r"(\d+) entries written", said)
    assert written is not None
    assert position(portfolio) == before + int(written[1]) >= before + 2  # a question that two rules ask is answered for both
    with open_ledger(ledger_of(portfolio)) as ledger:
        held = [item for item in ledger.answers() if item.checklist == "phase-exit:rfc"]
        assert ledger.verify().is_whole
    answers = {(item.answer.says, item.answer.author, item.answer.note, item.checklist) for item in held}
    assert answers == {("yes", "Bo", "Anna Weber: seen", "phase-exit:rfc"), ("partly", "Bo", "", "phase-exit:rfc")}

    code, said = shell("checklist", "read", "bo.xlsx")
    assert (code, "0 entries written" in said) == (0, True)
    code, said = shell("checklist", "read", "anna.xlsx")
    assert "ledger, entry" in said  # what holds is not overwritten

    code, said = shell("checklist", "new", "--project", "BOREAL", "--kind", "phase-exit:rfc", "--format", "xlsx", "--output", "next.xlsx")
    assert code == 0, said
    assert not {first, second} & set(asked(portfolio / "next.xlsx"))


def test_what_is_no_list_or_of_no_project(shell: Shell, portfolio: Path) -> None:
    """Everything wrong is told in one run; nothing is written."""
    from auditor.checklist.markdown import write_markdown
    from tests.checklist.formats.lists import open_list

    write_markdown(open_list(2), portfolio / "other.md")
    code, said = shell("checklist", "read", "auditor.toml", "other.md", "nowhere.docx")
    assert code == 2
    assert "auditor.toml: this file is no checklist that auditor wrote" in said
    assert "other.md is about the project 'GALAXY', which the snapshot does not have" in said
    assert "nowhere.docx: the file cannot be read" in said
    assert "3 mistakes" in said
