"""Every command from end to end, on the demonstration."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from auditor.config.settings import load_settings
from auditor.reports.json_report import published_schema
from auditor.workbench.desk import Desk
from auditor.workbench.doctor import rules_left_open, rules_that_read, sources_health
from auditor.workbench.overview import coverage_seen
from tests.shipped import shipped_rulebook

Auditor = Callable[..., Any]

pytestmark = pytest.mark.xdist_group("demo")


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def fresh(portfolio: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a user has it: documents of two projects and pages of a tracker, no configuration."""
    root = tmp_path_factory.mktemp("fresh")
    for name in ("BOREAL", "HAZE"):
        shutil.copytree(portfolio / "Projects" / name, root / "Projects" / name)
    shutil.copytree(portfolio / "jira-pages", root / "jira-pages")
    return root


# init, pull


def test_init_shows_what_is_there_and_writes_a_configuration(auditor: Auditor, fresh: Path) -> None:
    """`init` names projects with what it inferred and why, the files to look at, and writes a file that loads; never over another."""
    documents = files_below(fresh)
    ran = auditor("init", cwd=fresh)
    assert ran.code == 0, ran.err
    assert "wrote auditor.toml" in ran.out
    boreal = next(line for line in ran.out.splitlines() if line.strip().startswith("BOREAL"))
    assert "PM²" in boreal
    assert re.search(r"\d+ %", ran.out)
    assert "no text layer" in ran.out
    assert "sources review" in ran.out
    # A folder and a project of the tracker with one name are declared as one project, and it says so.
    joined = {project.id: project.places for project in load_settings(fresh / "auditor.toml").projects}
    assert "BOREAL" in joined
    for name, places in joined.items():
        assert places == {"folders": (name,), "jira": (name,)}
        assert f"the folder {name} and the Jira project {name}" in " ".join(ran.out.split())
        assert f"{name}@" not in ran.out
    text = (fresh / "auditor.toml").read_text()
    assert {source.connector for source in load_settings(fresh / "auditor.toml").sources} == {"fileshare", "jira"}
    assert text.count("#") > 5
    assert {name: content for name, content in files_below(fresh).items() if not name.startswith((".auditor", "auditor.toml"))} == documents
    again = auditor("init", cwd=fresh)
    assert again.code == 2
    assert "is there already" in again.err
    assert (fresh / "auditor.toml").read_text() == text


def test_init_in_an_empty_folder(auditor: Auditor, tmp_path: Path) -> None:
    """Where nothing is found it says so, and writes nothing."""
    ran = auditor("init", cwd=tmp_path)
    assert ran.code == 2
    assert "looks like" in ran.err
    assert not list(tmp_path.iterdir())


def test_a_second_pull_reads_nothing(auditor: Auditor, copy: Path) -> None:
    """Nothing changed: nothing is read again, and the snapshot holds the same projects; offline no source is asked."""
    ran = auditor("pull", cwd=copy)
    assert ran.code == 0, ran.err
    rows = [line.split() for line in ran.out.splitlines() if line.strip().startswith(("documents", "tracker"))]
    assert len(rows) == 2
    for row in rows:
        new, changed, unchanged, gone, _ = map(int, row[1:])
        assert (new, changed, gone) == (0, 0, 0)
        assert unchanged > 20
    shutil.rmtree(copy / "Projects")
    offline = auditor("pull", "--offline", cwd=copy)
    assert offline.code == 0, offline.err
    assert "7 projects" in offline.out
    assert "documents" not in offline.out


def test_a_source_that_is_gone_is_exit_3(auditor: Auditor, copy: Path) -> None:
    """A folder that is not there is said, with the exit code of sources, and what was read before stays."""
    (copy / "Projects").rename(copy / "elsewhere")
    ran = auditor("pull", cwd=copy)
    assert ran.code == 3
    assert "documents" in ran.err
    assert "7 projects" in ran.out
    assert auditor("pull", "--allow-incomplete", "5", cwd=copy).code == 0
    assert auditor("doctor", cwd=copy).code == 3


def test_an_unknown_source_is_named(auditor: Auditor, portfolio: Path) -> None:
    """`--source` with a wrong name says which there are."""
    ran = auditor("pull", "--source", "documnets", cwd=portfolio)
    assert ran.code == 2
    assert "did you mean 'documents'" in ran.err


# audit


def test_an_audit_in_every_format(auditor: Auditor, copy: Path) -> None:
    """The summary on the terminal, files whole in the folder that is asked for, the same bytes when asked again."""
    arguments = ("audit", "--project", "BOREAL", "--format", "text", "--format", "json", "--format", "xlsx", "--format", "html")
    ran = auditor(*arguments, "--output", "one", cwd=copy)
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert "BOREAL Permit Register" in ran.out
    assert "Worst findings" in ran.out
    assert {path.name for path in (copy / "one").iterdir()} == {"audit.json", "findings.xlsx", "index.html", "rules.html", "projects"}
    assert auditor(*arguments, "--output", "two", cwd=copy).code == 0
    one, two = files_below(copy / "one"), files_below(copy / "two")
    one.pop("findings.xlsx")
    two.pop("findings.xlsx")
    assert one == two
    jsonschema.validate(json.loads(one["audit.json"]), published_schema())


def test_json_on_standard_output_is_only_json(auditor: Auditor, copy: Path) -> None:
    """A single json goes to standard output, alone, and validates."""
    ran = auditor("audit", "--project", "BOREAL", "--format", "json", cwd=copy)
    assert ran.code == 0
    report = json.loads(ran.out)
    jsonschema.validate(report, published_schema())
    assert [project["id"] for project in report["projects"]] == ["BOREAL"]
    says = [item["says"] for finding in report["projects"][0]["findings"] for item in finding["evidence"]]
    assert says
    assert not [text for text in says if "name:" in text]


@pytest.mark.parametrize(("project", "grade", "code"), [("GROVE", "critical", 1), ("BOREAL", "minor", 1), ("BOREAL", "critical", 0)])
def test_fail_on(auditor: Auditor, copy: Path, project: str, grade: str, code: int) -> None:
    """Findings from the asked grade on give 1 and say how many they are; those that a waiver treats do not count."""
    ran = auditor("audit", "--project", project, "--fail-on", grade, cwd=copy)
    assert ran.code == code
    assert (f"of grade {grade} or worse" in ran.err) == (code == 1)
    assert ("more are waived or accepted" in ran.err) == ((project, grade) == ("BOREAL", "minor"))


def test_nothing_to_fail_on(auditor: Auditor, copy: Path) -> None:
    """A project without findings of the grade gives 0."""
    assert auditor("audit", "--project", "ALPINE", "--fail-on", "minor", cwd=copy).code == 0


def test_a_past_day(auditor: Auditor, copy: Path) -> None:
    """As of a day before anything was observed little can be said; a day after the snapshot is refused."""
    ran = auditor("audit", "--project", "BOREAL", "--as-of", "2026-03-31", cwd=copy)
    assert ran.code == 0, ran.err
    assert "as of 2026-03-31" in ran.out
    late = auditor("audit", "--as-of", "2030-01-01", cwd=copy)
    assert late.code == 2
    assert "the snapshot is of" in late.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("audit", "--project", "BOREEL"), "did you mean 'BOREAL'"),
        (("audit", "--profile", "pm3"), "no profile and no pack called 'pm3'"),
        (("explain", "PM2-RSK-99"), "there is no rule 'PM2-RSK-99'"),
        (("explain", "PM2-RSK-07", "--project", "NOBODY"), "there is no project 'NOBODY'"),
        (("rules", "show", "nothing"), "there is no rule 'nothing'"),
        (("show", "nothing"), "is no audit, project or finding"),
        (("sql", "drop table risk"), "only questions are answered"),
        (("sql", "select * from rissk"), "rissk"),
        (("sql", "select * from '/etc/passwd'"), "passwd"),
        (("sql", "select 1", "--snapshot", "1999-01-01"), "1999-01-01"),
        (("sql", "select 1", "--audit", "1999-01-01"), "1999-01-01"),
    ],
)
def test_wrong_names_are_one_clear_message(auditor: Auditor, portfolio: Path, arguments: tuple[str, ...], says: str) -> None:
    """What does not exist is said in one message on standard error, with what to do where something is close."""
    ran = auditor(*arguments, cwd=portfolio)
    assert ran.code in (2, 4)
    assert says in ran.said
    assert ran.out == ""


# show, explain, doctor


def test_show_an_audit_a_project_and_a_finding(auditor: Auditor, portfolio: Path) -> None:
    """Without a name the newest audit; a project by its id; a finding by the beginning of its key, with what is to be done."""
    whole = auditor("show", cwd=portfolio)
    assert whole.code == 0
    assert "7 projects" in whole.out
    project = auditor("show", "FJORD", cwd=portfolio)
    assert "Visitor Desk (FJORD)" in project.out
    assert "Nils Berg, who is not the Project Owner" in project.out
    key = next(line for line in project.out.splitlines() if line.startswith("CRITICAL PM2-QUA-14")).rpartition("(")[2].rstrip(")")
    finding = auditor("show", key[:8], cwd=portfolio)
    assert finding.code == 0
    assert finding.out.splitlines()[0] == "FJORD"
    assert "to do:" in finding.out
    assert re.search(r"\.docx, table \d+ row \d+", finding.out)


def test_explain_a_rule(auditor: Auditor, portfolio: Path, tmp_path: Path) -> None:
    """Also where there is no configuration: what is asked, its source, the condition in words, parameters and their origin."""
    for cwd in (portfolio, tmp_path):
        ran = auditor("explain", "pm2-rsk-13", cwd=cwd)
        assert ran.code == 0, ran.err
        for word in ("asks", "PM² 3.1, section", "decided by", "condition", "parameter", "set by pm2", "why", "to mend"):
            assert word in ran.out


def test_explain_a_verdict(auditor: Auditor, portfolio: Path) -> None:
    """With a project: the verdict, what was counted, who set the parameter, the rows that decided and where they stand."""
    ran = auditor("explain", "PM2-RSK-13", "--project", "BOREAL", cwd=portfolio)
    assert ran.code == 0, ran.err
    assert "BOREAL: nonconform" in ran.out
    assert "looked at" in ran.out
    assert " 1 fail" in ran.out
    assert "R-05" in ran.out
    assert "Risk_Log.BOREAL.xlsx, Risk Log!A8:Q8" in ran.out
    assert "threshold = 15" in ran.out


def test_doctor(auditor: Auditor, portfolio: Path) -> None:
    """Sources with what they fill; gaps with who can close them, the one that unlocks most first."""
    ran = auditor("doctor", cwd=portfolio)
    assert ran.code == 0, ran.err
    assert ran.err == ""
    gaps = ran.out.partition("Gaps")[2]
    counts = [int(line.split()[0]) for line in gaps.splitlines() if line.split()[:1] and line.split()[0].isdigit()]
    assert len(counts) > 5
    assert counts[:10] == sorted(counts[:10], reverse=True)
    assert "the QA officer" in gaps


def test_doctor_counts_the_rules_that_each_gap_of_a_source_leaves_open(copy: Path) -> None:
    """Of any connector: why its tables are not complete, and which rules read them. A silent source leaves open whatever reads what it held."""
    desk = Desk(load_settings(copy / "auditor.toml"))
    seen = coverage_seen(desk.snapshot)
    documents = next(item for item in sources_health(desk.settings, seen) if item.connector == "fileshare")
    gaps = {reason: rules_that_read(tables, desk) for reason, tables in documents.open_tables.items()}
    assert gaps
    assert gaps.keys() == documents.reasons.keys()
    assert all(0 < count < len(desk.rulebook.rules) for count in gaps.values())
    assert rules_left_open(None, documents, desk) == ""
    assert rules_left_open(("absence",), documents, desk) != rules_left_open((), documents, desk)
    options = next(source.options for source in desk.settings.sources if source.name == documents.name)
    (copy / str(options.model_dump()["root"])).rename(copy / "elsewhere")
    silent = next(item for item in sources_health(desk.settings, seen) if item.name == documents.name)
    assert silent.problem
    assert rules_that_read(silent.held, desk) > max(gaps.values())
    assert rules_left_open((), silent, desk) == f" (rules that stay open for it: {rules_that_read(silent.held, desk)})"
    before = next(item for item in sources_health(desk.settings, []) if item.name == documents.name)
    assert rules_that_read(before.held, desk) >= rules_that_read(silent.held, desk)


def test_doctor_says_the_count_of_rules(auditor: Auditor, copy: Path) -> None:
    """In the list of sources, beside why something is not complete or does not answer."""
    ran = auditor("doctor", cwd=copy)
    assert re.search(r"\(\d+; \d+\)", ran.said)
    options = next(source.options for source in load_settings(copy / "auditor.toml").sources if source.connector == "fileshare")
    (copy / str(options.model_dump()["root"])).rename(copy / "elsewhere")
    assert "stay open" in auditor("doctor", cwd=copy).said


def test_doctor_before_the_first_pull(auditor: Auditor, copy: Path) -> None:
    """Without a snapshot the sources are looked at, and what to do is said."""
    shutil.rmtree(copy / ".auditor")
    ran = auditor("doctor", cwd=copy)
    assert ran.code == 0, ran.err
    assert "run `auditor pull`" in ran.out
    for arguments in (("audit",), ("show",), ("sql", "select 1"), ("sources", "list"), ("sources", "review")):
        early = auditor(*arguments, cwd=copy)
        assert early.code == 4
        assert "auditor pull" in early.err or "auditor audit" in early.err


# sources


def test_sources_are_listed(auditor: Auditor, portfolio: Path) -> None:
    """Per source and table: projects, complete, rows, and why not."""
    ran = auditor("sources", "list", cwd=portfolio)
    assert ran.code == 0
    risk = next(line for line in ran.out.splitlines() if line.split()[:2] == ["documents", "risk"])
    assert int(risk.split()[4]) > 10


def test_a_correction_goes_the_whole_way(auditor: Auditor, copy: Path) -> None:
    """A workbook is written, corrected, read back, and the next pull takes each file for what a person said; a wrong word names its cell."""
    assert auditor("sources", "review", cwd=copy).code == 0
    book = openpyxl.load_workbook(copy / "sources-review.xlsx")
    sheet = book["Files"]
    rows = {str(row[2].value): row for row in sheet.iter_rows(min_row=2)}
    path = next(name for name in rows if "Risk_Log.BOREAL" in name)
    rows[path][6].value = "isue_log"
    book.save(copy / "sources-review.xlsx")
    wrong = auditor("sources", "review", "--read", "sources-review.xlsx", cwd=copy)
    assert wrong.code == 2
    assert f"Files!G{rows[path][6].row}" in wrong.err
    assert "did you mean 'issue_log'" in wrong.err
    rows[path][6].value = "issue_log"
    book.save(copy / "sources-review.xlsx")
    ran = auditor("sources", "review", "--read", "sources-review.xlsx", cwd=copy)
    assert ran.code == 0, ran.err
    assert "1 corrections" in ran.out or "1 correction " in ran.out
    assert auditor("pull", "--offline", cwd=copy).code == 0
    kind = auditor("sql", f"select kind from artefact where path = '{path}'", "--format", "csv", cwd=copy)
    assert kind.out.split() == ["kind", "issue_log"]
    other = copy / "other.xlsx"
    openpyxl.Workbook().save(other)
    foreign = auditor("sources", "review", "--read", str(other), cwd=copy)
    assert foreign.code == 2
    assert "was not written by `auditor sources review`" in foreign.err


# sql


def test_sql_in_every_format(auditor: Auditor, portfolio: Path) -> None:
    """The same answer as a table, as CSV and as JSON; nothing else stands on standard output."""
    question = "select project_id, count(*) as findings from finding group by all order by all"
    rows = json.loads(auditor("sql", question, "--format", "json", cwd=portfolio).out)
    assert len(rows) > 3
    read = list(csv.DictReader(io.StringIO(auditor("sql", question, "--format", "csv", cwd=portfolio).out)))
    assert [{**row, "findings": int(row["findings"])} for row in read] == rows
    shown = auditor("sql", question, cwd=portfolio).out
    assert all(row["project_id"] in shown for row in rows)


def test_counts_of_the_tracker(auditor: Auditor, portfolio: Path) -> None:
    """What the pages of the tracker hold is what `sql` counts: issues and comments."""
    issues: list[dict[str, Any]] = []
    for page in sorted((portfolio / "jira-pages").rglob("*.json")):
        content = json.loads(page.read_text("utf-8"))
        issues += content.get("issues", []) if isinstance(content, dict) else []
    keys = {issue["key"]: issue for issue in issues}
    assert len(keys) > 10
    found = json.loads(
        auditor("sql", "select count(*) as n from work_item where source = 'tracker'", "--format", "json", cwd=portfolio).out
    )
    assert found == [{"n": len(keys)}]
    comments = sum(len(issue["fields"].get("comment", {}).get("comments", [])) for issue in keys.values())
    found = json.loads(auditor("sql", "select count(*) as n from comment where source = 'tracker'", "--format", "json", cwd=portfolio).out)
    assert found == [{"n": comments}]


# rules


def test_rules_commands(auditor: Auditor, portfolio: Path, tmp_path: Path) -> None:
    """Rules and clauses are listed, one is shown with its cases, proved, and tried on a project."""
    listed = auditor("rules", "list", "--area", "risk", cwd=tmp_path)
    assert "PM2-RSK-07" in listed.out
    assert "PM2-CHG-05" not in listed.out
    clauses = auditor("rules", "list", "--clauses", cwd=tmp_path)
    assert f"{len(shipped_rulebook().clauses)} clauses" in clauses.out
    shown = auditor("rules", "show", "PM2-RSK-07", cwd=tmp_path)
    assert "nonconform" in shown.out
    proved = auditor("rules", "test", "PM2-RSK-07", cwd=tmp_path)
    assert proved.code == 0, proved.out
    assert "0 do not hold" in proved.out
    tried = auditor("rules", "try", "PM2-RSK-07", "--project", "BOREAL", cwd=portfolio)
    assert "R-02" in tried.out
    assert auditor("rules", "try", "PM2-RSK-07", cwd=portfolio).code == 2


def test_a_case_that_does_not_hold_tells_where_it_stands(auditor: Auditor, copy: Path) -> None:
    """File and line of the case, what was expected and what came."""
    shutil.copytree(Path(__file__).parent / "failing-pack", copy / "rules" / "mine")
    with (copy / "auditor.toml").open("a") as file:
        file.write('\n[rules]\nfolders = ["rules"]\n')
    ran = auditor("rules", "test", "MINE-RSK-01", cwd=copy)
    assert ran.code == 2
    assert "MINE-RSK-01.yaml:19:" in ran.out
    assert "“not owned”" in ran.out
    assert "expected conform, the rule says nonconform" in ran.out
    assert "1 do not hold" in ran.out
    assert "CaseOutcome" not in ran.said


def test_lint_shows_every_mistake_with_its_place(auditor: Auditor, copy: Path) -> None:
    """Mistakes of a pack of one's own are all shown in one run: file, line, column, the line, a hint; no command goes on with them."""
    shutil.copytree(Path(__file__).parent / "wrong-pack", copy / "rules" / "mine")
    with (copy / "auditor.toml").open("a") as file:
        file.write('\n[rules]\nfolders = ["rules"]\n')
    for arguments in (("rules", "lint"), ("audit",)):
        ran = auditor(*arguments, cwd=copy)
        assert ran.code == 2, ran.said
        assert "MINE-RSK-01.yaml:9:" in ran.err
        assert "'statuss'" in ran.err
        assert "^" in ran.err
        assert "MINE-RSK-02.yaml" in ran.err
        assert "mistakes" in ran.err
