"""`auditor waiver` as a user meets it, on the demonstration, which has seven waivers."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.ledger.waiver import requirement_digest
from tests.shipped import shipped_rulebook

pytestmark = pytest.mark.xdist_group("demo-waivers")

Auditor = Callable[..., Any]

NEW = ("--reason", "The board sees it monthly.", "--requester", "Jan Kowalski", "--approver", "Olga Brandt")
R05 = ("--rule", "PM2-RSK-13", "--project", "BOREAL", "--subject", "R-05")


@pytest.fixture
def desk(portfolio: Path, tmp_path: Path) -> Path:
    """The demonstration's configuration, waivers and store, without its documents."""
    folder = tmp_path / "p"
    shutil.copytree(portfolio / ".auditor", folder / ".auditor")
    for name in ("Projects", "jira-pages"):
        (folder / name).mkdir()
    for name in ("auditor.toml", "waivers.yaml"):
        shutil.copy(portfolio / name, folder / name)
    return folder


def test_the_demonstration_asks_what_its_waivers_say(portfolio: Path) -> None:
    """Each waiver of the demonstration bears the digest of what its rule asks now."""
    rules = shipped_rulebook().rules
    for entry in yaml.safe_load((portfolio / "waivers.yaml").read_text("utf-8"))["waivers"]:
        assert entry["requirement"] == requirement_digest(rules[entry["rule"]].requirement), entry["rule"]


def test_list(auditor: Auditor, desk: Path) -> None:
    """Each waiver with its state on the day, its age, whether it is needed and used, and who granted how many; a day ahead too."""
    ran = auditor("waiver", "list", cwd=desk)
    assert ran.code == 0, ran.err
    for part in (
        "7 waivers: 5 in force, 2 expired",
        "in force, by who granted them: Olga Brandt 3, Claire Dubois 1, Helena Vos 1",
        "never",
    ):
        assert part in ran.said, part
    rows = {line.split()[1]: line for line in ran.out.splitlines() if "PM2-" in line}
    assert "no: the" in rows["PM2-RSK-04"]
    assert "148" in rows["PM2-RSK-04"]
    assert "2026-06-30" in rows["PM2-ISS-05"]
    ahead = auditor("waiver", "list", "--project", "BOREAL", "--as-of", "2026-07-21", cwd=desk)
    assert "4 waivers: 2 in force, 2 expired" in ahead.said
    assert "no audit of this day" in ahead.said


def test_check(auditor: Auditor, desk: Path) -> None:
    """What has ended while its finding is open, holds for another requirement, or has an unknown end, is named with its line: code 2."""
    text = (desk / "waivers.yaml").read_text()
    (desk / "waivers.yaml").write_text(text.replace("ends_with: BOREAL-15", "ends_with: BOREAL-99").replace("r-d89fc394d77", "r-before"))
    ran = auditor("waiver", "check", cwd=desk)
    assert ran.code == 2
    line = next(n for n, text in enumerate((desk / "waivers.yaml").read_text().splitlines(), start=1) if "PM2-RSK-07" in text)
    assert f"waivers.yaml:{line}:5: the waiver of PM2-RSK-07 R-02 for BOREAL ended on 2026-05-31, and the finding is open again" in ran.err
    for part in ("auditor waiver new", "nobody knows whether BOREAL-99 was closed", "asks something else since", "3 mistakes"):
        assert part in ran.said
    (desk / "waivers.yaml").write_text(text.replace("ends_on: 2026-05-31\n\n  # Ends when", "ends_on: 2026-08-31\n\n  # Ends when"))
    assert auditor("waiver", "check", cwd=desk).code == 0


def test_new_is_honoured(auditor: Auditor, desk: Path) -> None:
    """A new waiver stands in the file below the others, which are as they were; the next audit honours it and everything shows it."""
    before = (desk / "waivers.yaml").read_text()
    ran = auditor("waiver", "new", *R05, *NEW, "--begin", "2026-06-15", "--end", "2026-08-31", cwd=desk)
    assert ran.code == 0, ran.err
    assert (desk / "waivers.yaml").read_text().startswith(before.rstrip("\n"))
    audited = auditor("audit", "--project", "BOREAL", cwd=desk)
    assert "of the findings 3 waived, 1 accepted as a risk" in audited.said
    shown = auditor("show", "BOREAL", cwd=desk)
    assert "R-05 waived until 2026-08-31, approved by Olga Brandt, asked for by Jan Kowalski: The board sees it monthly." in shown.said
    told = auditor("explain", "PM2-RSK-13", "--project", "BOREAL", cwd=desk)
    assert "BOREAL: nonconform" in told.out
    assert "holds until 2026-08-31, 62 days left" in told.said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--rule", "PM2-RSK-13", "--project", "BOREEL", *NEW, "--end", "2027-01-01"),
            "there is no project 'BOREEL' did you mean 'BOREAL'?",
        ),
        ((*R05, *NEW), "a waiver has one end give --end DAY"),
        ((*R05, *NEW[:-1], "J. Kowalski", "--issue", "BOREAL-24"), "BOREAL-24 was closed on 2026-02-18, before the waiver begins"),
        (("--rule", "PM2-CHG-05", "--project", "FJORD", *NEW, "--end", "2027-01-01", "--into", "ledger"), "PM2-CHG-05 may not be waived"),
    ],
)
def test_a_wrong_new_one(auditor: Auditor, desk: Path, arguments: tuple[str, ...], says: str) -> None:
    """What cannot be granted is not written; the message says why and what to do."""
    before = (desk / "waivers.yaml").read_bytes()
    ran = auditor("waiver", "new", *arguments, cwd=desk)
    assert ran.code == 2
    assert says in ran.said
    assert ("are two people" in ran.said) == ("J. Kowalski" in arguments)
    assert (desk / "waivers.yaml").read_bytes() == before


def test_a_mistake_stops_the_audit(auditor: Auditor, desk: Path) -> None:
    """A waiver without approver is told with its place, and nothing is audited; what has ended stops nothing."""
    text = (desk / "waivers.yaml").read_text()
    (desk / "waivers.yaml").write_text(text.replace("    approver: Olga Brandt\n", "", 1))
    ran = auditor("audit", "--project", "BOREAL", cwd=desk)
    assert ran.code == 2
    assert "waivers.yaml:4:5: the field 'approver' is missing" in ran.err


def test_csv(auditor: Auditor, desk: Path) -> None:
    """All waivers as CSV, with how each stands; in the place of the YAML file it is read, and gives the same."""
    ran = auditor("waiver", "csv", "--output", "waivers.csv", cwd=desk)
    assert ran.code == 0, ran.err
    text = (desk / "waivers.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 7
    assert {row["state"] for row in rows} == {"in_force", "expired"}
    (desk / "waivers.yaml").unlink()
    again = auditor("waiver", "csv", cwd=desk)
    assert again.out.split() == text.split()


def test_no_waivers(auditor: Auditor, desk: Path) -> None:
    """Where nobody was let off, nothing is said of waivers."""
    (desk / "waivers.yaml").unlink()
    assert auditor("waiver", "list", cwd=desk).out == "no waivers\n"
    ran = auditor("audit", "--project", "BOREAL", cwd=desk)
    assert "waive" not in ran.out.lower()
    assert "managed" not in ran.out.lower()


def test_the_ledger(auditor: Auditor, desk: Path) -> None:
    """Taken over into the ledger the waivers hold without the file; new ones are written there, and end early there."""
    by = ("--author", "ada")
    assert auditor("trail", "import", *by, cwd=desk).code == 0
    assert "7 waivers" in auditor("waiver", "list", cwd=desk).said  # the file says the same: nothing counts twice
    (desk / "waivers.yaml").unlink()
    ran = auditor("waiver", "new", *R05, *NEW, "--begin", "2026-06-15", "--end", "2026-08-31", *by, cwd=desk)
    assert ran.code == 0, ran.said
    assert not (desk / "waivers.yaml").exists()
    assert "8 waivers: 6 in force, 2 expired" in auditor("waiver", "list", cwd=desk).said
    ran = auditor("waiver", "end", *R05, "--on", "2026-06-20", "--because", "It is mended.", *by, cwd=desk)
    assert ran.code == 0, ran.said
    assert "8 waivers: 5 in force, 3 expired" in auditor("waiver", "list", cwd=desk).said
    ran = auditor("waiver", "end", *R05, "--on", "2026-06-01", "--because", "It was a mistake.", *by, cwd=desk)
    assert "withdrawn" in ran.out
    assert "7 waivers" in auditor("waiver", "list", cwd=desk).said


def test_a_waiver_in_a_file_is_ended_there(auditor: Auditor, desk: Path) -> None:
    """What stands in a file is not changed behind its back."""
    ran = auditor("waiver", "end", "--rule", "PM2-ISS-05", "--project", "BOREAL", "--subject", "I-03", "--because", "x", cwd=desk)
    assert ran.code == 2
    assert "the waiver stands in waivers.yaml" in ran.said
