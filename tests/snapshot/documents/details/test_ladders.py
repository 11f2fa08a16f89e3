"""Up to which level who decides: of changes, issues and risks."""

import pytest
from details_notation import read

from auditor.snapshot.documents.matters.ladders import level_in

_BOTH = "change_size_beyond_managers"


def _limits(text: str, kind: str | None = "project_handbook") -> dict[str, str]:
    found = read(text, kind=kind).found
    return {row.values["name"]: row.values["value"] for row in found if row.table == "project_parameter" and row.values["name"] != _BOTH}


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1-2", (1, 2)),
        ("size and impact 1–2", (1, 2)),
        ("1-2 (no effect on the budget of 2026)", (1, 2)),
        ("level below 8", (1, 7)),
        ("level 8 to 15", (8, 15)),
        ("size 4 and 5", (4, 5)),
        ("RL 16 and more", (16, 25)),
        ("up to 15", (1, 15)),
        ("more than 15", (16, 25)),
        ("impact 4", (4, 4)),
        ("niveau inférieur à 8", (1, 7)),
        ("taille ou impact 3 à 5", (3, 5)),
        ("niveau 16 et plus", (16, 25)),
        ("jusqu'à 15", (1, 15)),
        ("bis 15", (1, 15)),
        ("ab 16", (16, 25)),
        ("Größe 1 bis 2", (1, 2)),
        ("hasta 15", (1, 15)),
        ("16 o más", (16, 25)),
        ("impact 5 or size 4 and more", None),
        ("milestone more than 10 working days late", None),
        ("more than 5 %", None),
        ("slip of up to two weeks", None),
        ("–", None),
        ("Outside the limits of the Charter", None),
    ],
)
def test_levels(text: str, span: tuple[int, int] | None) -> None:
    assert level_in(text) == span


def test_a_table_with_a_column_of_subjects() -> None:
    text = """# Escalation
| Subject | Level | Decided by |
| Issue or change | size and impact 1-2 | PM and BM together |
| Issue or change | size or impact 3-5 | PSC |
| Risk | level below 8 | PM and BM |
| Risk | level 8 to 15 | PO |
| Risk | level 16 and more | PSC, flagged for escalation |
| Schedule | milestone more than 10 working days late | PSC |"""
    assert _limits(text) == {
        "change_size_beyond_manager": "3",
        "change_size_of_committee": "3",
        "issue_size_beyond_manager": "3",
        "issue_size_of_committee": "3",
        "risk_level_beyond_manager": "8",
        "risk_level_of_committee": "16",
    }


@pytest.mark.parametrize("verb", ["Decided by ", "Decision by ", "Entscheidet ", "Décidé par ", ""])
def test_the_heads_of_a_table_across_say_that_those_decide(verb: str) -> None:
    text = f"""# Escalation
| What | {verb}BM and PM | {verb}PO | {verb}PSC |
| Change, by size | 1-2 | 3 | 4-5 |
| Risk, by level | 1-8 | 9-15 | 16-25 |
| Delay of a milestone | up to 5 working days | 6-15 working days | more than 15 working days |"""
    assert _limits(text) == {
        "change_size_beyond_manager": "3",
        "change_size_of_committee": "4",
        "risk_level_beyond_manager": "9",
        "risk_level_of_committee": "16",
        "schedule_threshold": "21",  # three weeks
    }


def test_a_table_across() -> None:
    text = """# Escalation
| Subject | Business Manager and Project Manager | Project Owner | Project Steering Committee | AGB |
| Changes | size 1 and 2 | size 3 | size 4 and 5 | budget increase of more than 5 % |
| Risks | level up to 15 | – | level 16 and more | – |
| Issues | impact up to 4 | – | impact 5 or size 4 and more | – |
| Cost | variance up to 2 % | variance up to 5 % | more than 5 % | new budget |"""
    assert _limits(text) == {
        "change_size_beyond_manager": "3",
        "change_size_of_committee": "4",
        "risk_level_beyond_manager": "16",
        "risk_level_of_committee": "16",
    }


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            "# Who decides\n| Size | Meaning | Decided by |\n| 1-2 | Small | PM and BM |\n| 3 | Medium | PM and BM, PSC informed afterwards |\n| 4-5 | Large | PSC |",
            "project_change_management_plan",
            {"change_size_beyond_manager": "4", "change_size_of_committee": "4"},
        ),
        (
            (
                "# Escalation\nFor issues:\n| Impact or size | Decided by | Log |\n| 1-2 | Project Core Team, PM always informed | if useful |\n"
                "| 3 | Project Manager and Business Manager in the status meeting | Yes |\n| 4-5 | Project Steering Committee | Yes |"
            ),
            "project_handbook",
            {"issue_size_beyond_manager": "4", "issue_size_of_committee": "4"},
        ),
        (
            "# Eskalation\n| Größe der Änderung | entscheidet |\n| 1-2 | Projektleitung |\n| 3-5 | Lenkungskreis |\n| außerhalb des Auftrags | Vorstand |",
            "project_handbook",
            {"change_size_beyond_manager": "3", "change_size_of_committee": "3"},
        ),
        (
            "# Escalade\n| Objet | Seuil | Décision |\n| Changement | taille 1 à 3 | chef de projet |\n| Changement | taille 4 à 5 | COPIL |",
            "project_handbook",
            {"change_size_beyond_manager": "4", "change_size_of_committee": "4"},
        ),
        (
            "# Escalado\n| Nivel del riesgo | Decide |\n| hasta 15 | jefe de proyecto |\n| 16 o más | comité de dirección |",
            None,
            {"risk_level_beyond_manager": "16", "risk_level_of_committee": "16"},
        ),
    ],
)
def test_other_ways(text: str, kind: str | None, expected: dict[str, str]) -> None:
    assert _limits(text, kind) == expected


@pytest.mark.parametrize(
    "rows",
    [
        "| 1-2 | PM |\n| 4-5 | PSC |",  # nobody decides on 3
        "| 1-3 | PM |\n| 3-5 | PSC |",  # two do
        "| 1-2 | PM |\n| 3-5 | the wise |",  # who is that?
        "| 1-2 | Project Manager of the supplier |\n| 3-5 | PSC |",
        "| 1-2 | the wise and PM |\n| 3-5 | PSC |",
        "| 1-5 | PSC |",
        "| 1-2 | PM |\n| 3 or 20 days | BM |\n| 4-5 | PSC |",
    ],
)
def test_what_is_not_understood_says_nothing(rows: str) -> None:
    assert not _limits(f"# Escalation\n| Change size | Decided by |\n{rows}")


def test_what_a_table_is_about_must_be_said() -> None:
    table = "| Size | Decided by |\n| 1-2 | PM |\n| 3-5 | PSC |"
    assert not _limits(f"# Escalation\n{table}")
    assert not _limits(f"# Escalation\nFor changes and issues:\n{table}")
    assert not _limits(f"# Decisions\nFor changes:\n{table}", "minutes_of_meeting")


def test_beyond_which_size_no_manager_decides() -> None:
    rows = "| 1 | PM |\n| 2 | BM |\n| 3 | PO |\n| 4-5 | PSC |"
    found = read(f"# Escalation\n| Change size | Decided by |\n{rows}", kind="project_handbook").found
    names = {row.values["name"]: row.values["value"] for row in found if row.table == "project_parameter"}
    assert names == {"change_size_beyond_manager": "2", _BOTH: "3", "change_size_of_committee": "4"}


def test_a_column_for_each_subject() -> None:
    text = """# Escalation
| Step | Issues and changes (size) | Risks (RL) | Decided by | Time |
| 1 | 1 - 2 | 1 - 9 | BM and PM together | a week |
| 2 | 3 | 10 - 14 | Project Owner | a week |
| 3 | 4 - 5 | 15 - 25 | PSC (in writing if urgent), entry in the log | next meeting |"""
    assert _limits(text) == {
        "change_size_beyond_manager": "3",
        "change_size_of_committee": "4",
        "issue_size_beyond_manager": "3",
        "issue_size_of_committee": "4",
        "risk_level_beyond_manager": "10",
        "risk_level_of_committee": "15",
    }


def test_cells_that_say_more_than_the_level() -> None:
    text = """# Escalation
| Matter | PM with BM | PO | Steering Committee |
| Change | size 1-2, no effect on the budget | - | size 3-5, or any draw on contingency |
| Issue, highest of impact and size | impact 1-3 and size 1-3 | - | 4-5 or a milestone that all know of |
| Risk score | up to 7 | 8-11 | 12 and more, if the owner agrees |
| Delay | up to 5 days | - | more |"""
    assert _limits(text) == {
        "change_size_beyond_manager": "3",
        "change_size_of_committee": "3",
        "issue_size_beyond_manager": "4",
        "issue_size_of_committee": "4",
    }


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("From 15 the risk goes to the PSC.", "risk_management_plan", {"risk_level_of_committee": "15"}),
        ("Thresholds: Handbook 3.4 (15 and above to the PSC).", "risk_management_plan", {"risk_level_of_committee": "15"}),
        ("Size 3 stays with BM and PM; only level 5 goes to the PSC.", "issue_management_plan", {"issue_size_of_committee": "5"}),
        ("PM and BM decide on size 1 and 2, the PSC from size 3.", "project_change_management_plan", {"change_size_of_committee": "3"}),
        ("Changes of size 4 and 5 are decided by the Steering Committee.", "project_handbook", {"change_size_of_committee": "4"}),
        ("Ab 16 entscheidet der Lenkungsausschuss.", "risk_management_plan", {"risk_level_of_committee": "16"}),
        ("À partir de 15, le risque est soumis au comité de pilotage.", "risk_management_plan", {"risk_level_of_committee": "15"}),
        ("A partir de 16 el riesgo se eleva al comité de dirección.", "risk_management_plan", {"risk_level_of_committee": "16"}),
        ("From 15 the PSC is informed.", "risk_management_plan", {}),
        ("A delay of more than 10 working days goes to the PSC.", "risk_management_plan", {}),
        ("Level 4 goes to the PSC.", "issue_management_plan", {}),  # and level 5?
        ("From 15 the risk goes to the PO and the PSC.", "risk_management_plan", {}),
        ("From 15 the risk goes to the PSC unless the owner decides.", "risk_management_plan", {}),
        ("From 15 the risk goes to the PSC. From 20 it goes to the PSC.", "risk_management_plan", {}),
        ("Risks of impact 5 and more go to the PSC.", "risk_management_plan", {}),
        ("From 15 the risk goes to the PSC.", "minutes_of_meeting", {}),
    ],
)
def test_sentences(sentence: str, kind: str, expected: dict[str, str]) -> None:
    assert _limits(f"# Decisions\n{sentence}", kind) == expected


def test_a_table_says_more_than_a_sentence() -> None:
    table = "| Change size | Decided by |\n| 1-2 | PM |\n| 3-5 | PSC |"
    assert _limits(f"# Decisions\n{table}\n\nSize 4 and 5 go to the PSC.", "project_change_management_plan") == {
        "change_size_beyond_manager": "3",
        "change_size_of_committee": "3",
    }


def test_an_amount_beside_a_size_is_another_way_to_the_committee() -> None:
    limits = _limits(
        "# Escalade\n| Objet | Responsable métier et cheffe de projet | Comité de pilotage |\n"
        "| Changements (taille) | 1 à 3 et coût jusqu'à 10 000 € | 4 et 5, ou coût supérieur à 10 000 € |"
    )
    assert limits == {"change_size_beyond_manager": "4", "change_size_of_committee": "4"}


@pytest.mark.parametrize(
    "text",
    [
        "# Escalation\n| Subject | Project Manager | PSC |\n| Delay of a milestone | up to 20 days | more than 20 days, with measures |",
        "# Escalade\n| Objet | Cheffe de projet | Comité de pilotage |\n| Délai d'un jalon | jusqu'à 20 jours | plus de 20 jours calendaires |",
        "# Eskalation\n| Gegenstand | Projektmanager | Lenkungsausschuss |\n| Verzug eines Meilensteins | bis 20 Tage | mehr als 20 Tage |",
        "# Escalado\n| Objeto | Jefe de proyecto | Comité de dirección |\n| Retraso de un hito | hasta 20 días | más de 20 días |",
        "# Escalation\nA milestone that is late by more than 20 days is brought before the steering committee.",
    ],
)
def test_the_delay_that_goes_to_the_committee(text: str) -> None:
    assert _limits(text) == {"schedule_threshold": "20"}


def test_two_delays_are_no_limit() -> None:
    assert not _limits(
        "# Escalation\nA milestone that is late by more than 20 days goes to the steering committee.\n"
        "A delay of more than 40 days goes to the steering committee and to the owner."
    )
