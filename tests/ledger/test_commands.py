"""The commands about what people write, from end to end: a folder with one project, and one rule that only a person can decide."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import openpyxl
import pytest

from auditor.cli.main import main
from auditor.ledger.entry import ConfirmationEntry, DocumentKind, Entry
from auditor.ledger.ledger import open_ledger
from auditor.snapshot.store import open_snapshot
from auditor.workbench.query import ask
from tests.servers.postgresql import Postgresql

from .conftest import PG, Outside

ROOT = Path(__file__).parents[2]
FILES = {
    "auditor.toml": """
[[source]]
name = "documents"
connector = "fileshare"
root = "Projects"

[[project]]
id = "ALPHA"
folders = ["ALPHA"]
methodology = "pm2"

[rules]
folders = ["RULES"]

[profiles]
default = "house"
pm2 = "house"
""",
    "Projects/ALPHA/notes.txt": "Notes",
    "rules/house/pack.yaml": 'name: house\ntitle: House rules\nstandard: house\neditions: ["1"]\nversion: "1"\nrequires: [core]\n',
    "rules/house/clauses.yaml": """clauses:
- {id: H-1, requirement: Found, section: "1", area: records, status: manual, reason: a person knows, rules: [HOUSE-01]}
""",
    "rules/house/records/HOUSE-01.yaml": """id: HOUSE-01
title: Records are found
requirement: Records are kept where everybody finds them.
cites: [{standard: house, editions: ["1"], section: "1"}]
answers: [H-1]
aliases: [HOUSE-OLD]
area: records
severity: major
about: artefact
require: filled(path)
decides: nothing
reads: [artefact]
say: "The file {path} is there."
why: Others look for it.
fix: Put it where they look.
ask: Are records kept where everybody finds them?
""",
}


class Commands:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        monkeypatch.chdir(folder)
        monkeypatch.setenv("AUDITOR_AUTHOR", "Ada Lovelace")

    def run(self, *arguments: str) -> tuple[int, str]:
        """Return the exit code and both texts, each run of blanks as one."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), " ".join(f"{out} {err}".split())

    def json(self, *arguments: str) -> Any:
        self._capsys.readouterr()
        with pytest.raises(SystemExit):
            main([*arguments, "--json"])
        return json.loads(self._capsys.readouterr().out)

    def result(self, *arguments: str) -> tuple[str, dict[str, bytes]]:
        """Audit, and return what the rule says and every file of the result."""
        code, said = self.run("audit", *arguments)
        assert code == 0, said
        audit = said.partition("Audit ")[2].partition(",")[0]
        files = {path.name: path.read_bytes() for path in sorted((self.folder / ".auditor" / "audits" / audit).iterdir())}
        counts = {name: said.partition(f" {name}")[0].rpartition(" ")[2] for name in ("conform", "nonconform", "not assessed")}
        (verdict,) = [name for name, count in counts.items() if count == "1"]
        return verdict, files


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, pulled and audited once."""
    folder = tmp_path_factory.mktemp("commands")
    rules = tmp_path_factory.mktemp("rules")  # beside it: copies of the folder find the rules read already
    for name, text in FILES.items():
        file = rules / name if name.startswith("rules/") else folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("RULES", str(rules / "rules")))
    for command in ("pull", "audit"):
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(folder / "auditor.toml"), command])
        assert not ended.value.code
    return folder


@pytest.fixture
def commands(pulled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(Path(shutil.copytree(pulled, tmp_path / "folder")), monkeypatch, capsys)


def test_who_never_writes_has_no_ledger(commands: Commands) -> None:
    """Auditing and looking make no file."""
    for arguments in (["trail", "show"], ["trail", "verify"], ["trail", "export"], ["trail", "import"], ["answer", "list"], ["doctor"]):
        code, said = commands.run(*arguments)
        assert code == 0, said
        assert ("nothing was written yet" in said) == (arguments not in (["trail", "import"], ["answer", "list"])), arguments
    assert not list(commands.folder.rglob("ledger*"))


def test_an_answer_counts_and_every_audit_can_be_repeated(commands: Commands) -> None:
    """An answer decides the rule, is superseded and withdrawn; an audit until an earlier entry gives that audit again, to the byte."""
    seen = [commands.result()]  # before anything was written
    code, said = commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA", "--note", "Seen on the share")
    assert (code, "entry 1 of " in said, "newest audit showed" in said) == (0, True, True), said
    seen.append(commands.result())
    assert commands.run("answer", "--project", "ALPHA", "HOUSE-01", "no", "--expires", "2999-01-01", "--evidence", "mail of 1 May")[0] == 0
    seen.append(commands.result())
    assert commands.run("answer", "withdraw", "HOUSE-01", "--project", "ALPHA", "--because", "a mistake")[0] == 0
    assert [verdict for verdict, _ in seen] == ["not assessed", "conform", "nonconform"]
    for position in (0, 2):
        assert commands.result("--until", str(position)) == seen[position]
    assert "no position 4" in commands.run("audit", "--until", "4")[1]
    assert json.loads(seen[1][1]["audit.json"])["inputs"]["ledger"].startswith("1 ")
    code, said = commands.run("trail", "verify")
    assert (code, "3 entries, whole" in said, "2 audits were made of this trail" in said) == (0, True, True), said
    rows = commands.json("trail", "show")
    assert [(row["number"], row["actor"], row["source"], row["act"]) for row in rows] == [
        (1, "Ada Lovelace", "auditor answer", "set"),
        (2, "Ada Lovelace", "auditor answer", "set"),
        (3, "Ada Lovelace", "auditor answer withdraw", "withdraw"),
    ]
    code, said = commands.run("trail", "show", "--project", "ALPHA", "--kind", "answer")
    assert "HOUSE-01 ALPHA yes (Ada Lovelace, " in said
    assert "withdrawn a mistake" in said
    assert "3 entries" in said


def test_a_cut_off_trail_is_found_by_the_audits(commands: Commands) -> None:
    """Whoever removes the last entry, or the whole ledger, is found: an audit was made of it."""
    commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA")
    commands.result()
    head = commands.run("trail", "verify")[1].partition("head ")[2].split()[0]
    assert commands.run("trail", "verify", "--head", head)[0] == 0
    assert commands.run("trail", "verify", "--head", "wrong")[0] == 2
    file = commands.folder / ".auditor" / "ledger.sqlite"
    outside = Outside(f"sqlite:///{file}")
    outside.tamper("delete from ledger_trail")
    code, said = commands.run("trail", "verify")
    assert (code, "cut off" in said) == (4, True), said
    assert commands.run("trail", "verify", "--head", head)[0] == 4
    code, said = commands.run("doctor")
    assert (code, "the trail is broken: entry 1" in said) == (4, True), said
    for path in file.parent.glob("ledger*"):
        path.unlink()
    code, said = commands.run("trail", "verify")
    assert (code, "there is no ledger, and the audit" in said) == (4, True), said


def test_a_changed_entry_is_told_by_its_number(commands: Commands) -> None:
    """`trail verify` and `doctor` name the entry; the exit code is that of a damaged store."""
    commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA")
    Outside(f"sqlite:///{commands.folder / '.auditor' / 'ledger.sqlite'}").tamper("update ledger_trail set actor = 'bob'")
    code, said = commands.run("trail", "verify")
    assert (code, "entry 1: it was changed after it was written" in said, "backup" in said) == (4, True, True), said


def test_what_cannot_be_answered_is_told(commands: Commands) -> None:
    """Unknown rules and projects, an old name, a missing note, an end before the beginning: everything in one run, nothing is written."""
    code, said = commands.run("answer", "HOUSE-0", "not-applicable", "--project", "ALPH", "--expires", "2020-01-01")
    assert code == 2
    for words in (
        "no rule 'HOUSE-0'",
        "did you mean 'HOUSE-01'?",
        "no project 'ALPH'",
        "did you mean 'ALPHA'?",
        "a note that says why",
        "4 mistakes",
    ):
        assert words in said
    assert "called HOUSE-01 now" in commands.run("answer", "HOUSE-OLD", "yes", "--project", "ALPHA")[1]
    assert commands.run("answer", "HOUSE-01", "maybe", "--project", "ALPHA")[0] == 2
    assert "nobody answered HOUSE-01" in commands.run("answer", "withdraw", "HOUSE-01", "--project", "ALPHA")[1]
    assert not list(commands.folder.rglob("ledger*"))
    code, said = commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA", "--on", "2999-01-01")
    assert (code, "counts in audits from 2999-01-01 on" in said) == (0, True), said
    assert "says so already" in commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA", "--on", "2999-01-01")[1]


def test_a_file_and_the_ledger(commands: Commands) -> None:
    """A file's answer is refused a second time in the ledger, taken over, superseded, and written out again."""
    file = commands.folder / "answers.yaml"
    file.write_text("answers:\n- {rule: HOUSE-01, project: ALPHA, says: yes, author: Bob, on: 2026-01-05}\n")
    assert "answers.yaml answers HOUSE-01 for ALPHA already" in commands.run("answer", "HOUSE-01", "no", "--project", "ALPHA")[1]
    assert "take it out there" in commands.run("answer", "withdraw", "HOUSE-01", "--project", "ALPHA")[1]
    (commands.folder / "people.yaml").write_text("people:\n- {identity: ada, names: [Ada Lovelace]}\n")
    assert "answers.yaml 1 0 0" in commands.run("trail", "import")[1]
    assert commands.run("answer", "HOUSE-01", "no", "--project", "ALPHA")[0] == 0
    assert "answers.yaml 0 0 1" in commands.run("trail", "import")[1]
    assert [(row["says"], row["place"]) for row in commands.json("answer", "list")] == [("no", "entry 3")]
    file.write_text(file.read_text().replace("yes", "partly"))
    code, said = commands.run("audit")
    assert (code, "partly (Bob, 2026-01-05)" in said, "no (Ada Lovelace" in said) == (2, True, True), said
    assert commands.run("trail", "import")[0] == 2
    assert "answers.yaml 0 0 1" in commands.run("trail", "import", "--prefer", "ledger")[1]
    code, said = commands.run("trail", "export", "--output", "out")
    assert code == 0, said
    assert {path.name for path in (commands.folder / "out").iterdir()} == {"answers.yaml", "people.yaml", "trail.jsonl"}
    assert commands.run("trail", "export", "--output", "out")[0] == 2
    shutil.copy(commands.folder / "out" / "answers.yaml", file)
    assert commands.result()[0] == "nonconform"
    with (commands.folder / "auditor.toml").open("a") as configuration:
        configuration.write('\n[ledger]\nurl = "sqlite:///moved.sqlite"\n')
    assert "5 entries restored" in commands.run("trail", "import", "--trail", "out/trail.jsonl")[1]
    assert commands.run("trail", "verify")[0] == 0


def test_confirmations_of_the_ledger_count_in_the_next_snapshot(commands: Commands) -> None:
    """What people say that a document is reaches the snapshot from the ledger as it does from the file."""
    said: list[Entry] = [ConfirmationEntry(confirms=DocumentKind(path="ALPHA/notes.txt", kind="risk_log", source="documents"))]
    with open_ledger(f"sqlite:///{commands.folder / '.auditor' / 'ledger.sqlite'}") as ledger:
        ledger.write(said, actor="ada", source="test")
    assert commands.run("pull", "--offline")[0] == 0
    snapshot = open_snapshot(commands.folder / ".auditor")
    assert ("ALPHA/notes.txt", "risk_log") in ask("select path, kind from artefact", {"artefact": snapshot.file("artefact")}).rows
    (commands.folder / "recognition-review.yaml").write_text("documents:\n- {path: ALPHA/notes.txt, kind: none, source: documents}\n")
    code, words = commands.run("pull", "--offline")
    assert (code, "recognition-review.yaml says of documents ALPHA/notes.txt: none; the ledger: risk_log (entry 1" in words) == (2, True), (
        words
    )


def test_a_reviewed_workbook_goes_into_the_ledger_where_there_is_one(commands: Commands) -> None:
    """Corrections stand in the file until something is in the ledger; from then on they follow there, and the file stays no contradiction."""

    def correct(kind: str) -> str:
        commands.run("sources", "review", "--output", "review.xlsx")
        book = openpyxl.load_workbook(commands.folder / "review.xlsx")
        (row,) = [row for row in book["Files"].iter_rows(min_row=2) if row[2].value == "ALPHA/notes.txt"]
        filled = row[6].value or ""
        row[6].value = kind
        book.save(commands.folder / "review.xlsx")
        code, said = commands.run("sources", "review", "--read", "review.xlsx")
        assert code == 0, said
        return f"{filled} → {said}"

    assert "1 corrections in " in (said := correct("risk_log"))
    assert "recognition-review.yaml" in said
    commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA")
    assert (said := correct("none")).startswith("risk_log → 1 corrections in ")
    assert "ledger.sqlite" in said
    assert correct("").startswith("none → 0 corrections in ")
    assert commands.run("pull", "--offline")[0] == 0
    kinds = [row["payload"].get("kind") for row in commands.json("trail", "show", "--kind", "document")]
    assert kinds == ["risk_log", "none", None]


def test_a_ledger_that_is_none_is_told_by_every_command(commands: Commands) -> None:
    """A file of something else at the ledger's place: one sentence, exit code 4, the file as it was."""
    file = commands.folder / ".auditor" / "ledger.sqlite"
    with closing(connect(file)) as connection:
        connection.execute("create table customers (id)")
        connection.commit()
    before = file.read_bytes()
    for arguments in (["audit"], ["pull", "--offline"], ["trail", "show"], ["trail", "verify"], ["doctor"]):
        code, said = commands.run(*arguments)
        assert (code, "something else" in said) == (4, True), (arguments, said)
    assert commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA")[0] == 4
    assert file.read_bytes() == before


@PG
def test_the_commands_write_into_postgresql(commands: Commands, postgresql: Postgresql) -> None:
    """With an address in the environment everything goes to PostgreSQL, and no file appears; the address is shown without its password."""
    url = postgresql.database().replace("://tester@", "://tester:S3cr%3Ft@")
    os.environ["LEDGER_OF_TEST"] = url
    with (commands.folder / "auditor.toml").open("a") as configuration:
        configuration.write('\n[ledger]\nurl = {env = "LEDGER_OF_TEST"}\n')
    assert commands.run("answer", "list")[0] == 0
    code, said = commands.run("answer", "HOUSE-01", "yes", "--project", "ALPHA")
    assert (code, "postgresql://tester@/ledger_" in said, "S3cr" in said) == (0, True, False), said
    assert commands.result()[0] == "conform"
    assert "1 entries, whole" in commands.run("trail", "verify")[1]
    assert not list(commands.folder.rglob("ledger*"))


def test_help_needs_no_database_library() -> None:
    """Help and completion load neither SQLAlchemy nor Alembic; nor does an audit where nobody wrote anything."""
    code = (
        "import sys, rich_click as click; from auditor.cli.main import COMMANDS, cli; import auditor.workbench.desk, auditor.workbench.pulling\n"
        "for name in COMMANDS: cli.main([name, '--help'], standalone_mode=False)\n"
        "print([name for name in ('sqlalchemy', 'alembic', 'psycopg') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
