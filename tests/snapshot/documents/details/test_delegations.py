"""Who may decide on changes up to which amount."""

from decimal import Decimal

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("header", "group"),
    [
        ("| Authority | Limit for one change | Limit for a stage |", "Change Control Group (chair Bo Ek)"),
        ("| Change authority | Limit per change | Stage limit |", "Change Authority"),
        ("| Befugnis | Grenze je Änderung | Grenze für eine Phase |", "Änderungskontrollgruppe"),
    ],
)
def test_limits_for_one_change_and_for_a_stage(header: str, group: str) -> None:
    found = read(
        f"% Change Control Approach\n# Who decides\n{header}\n| Project Manager (Ann Lee) | £2,500 | £10,000 |\n| {group} | £15,000 | £60,000 |\n"
        "| Project Board | All above | Change budget £150,000 |",
        kind="change_control_approach",
    )
    rows = [row for row in found.found if row.values.get("kind") == "delegation"]
    assert [(row.values.get("role"), row.values.get("number")) for row in rows[:2]] == [
        ("project_manager", Decimal(2500)),
        ("change_authority", Decimal(15000)),
    ]
    assert rows[1].values["text"] == "£60,000"
    assert all("number" not in row.values for row in rows[2:])


@pytest.mark.parametrize(
    ("heading", "header", "limit", "number"),
    [
        ("Issue management approach", "| Decision level | Limit | Who |", "up to £5,000 for a single change, £25,000 in total", 5000),
        ("Change control approach", "| Decision level | Limit | Who |", "£6,000 per change, £30,000 in total", 6000),
        ("Änderungssteuerungsansatz", "| Entscheidungsstufe | Grenze | Wer |", "bis 5.000 € je Änderung, 25.000 € insgesamt", 5000),
        ("Délégation", "| Niveau de décision | Limite | Qui |", "jusqu'à 5 000 € par changement et 25 000 € au total", 5000),
        ("Delegación", "| Nivel de decisión | Límite | Quién |", "hasta 5.000 € por cambio, 25.000 € en total", 5000),
        ("Change authority", "| Decision level | Limit | Who |", "£25,000 in total", None),
        ("Change authority", "| Decision level | Limit | Who |", "£5,000, £6,000", None),
        ("Change authority", "| Decision level | Limit | Who |", "above £5,000", None),
    ],
)
def test_a_limit_may_stand_in_words(heading: str, header: str, limit: str, number: int | None) -> None:
    """The amount for one change, not what all of them may cost together; what two amounts mean that nothing tells apart is not known."""
    language = {"Ä": "de", "D": "fr" if "é" in heading[:3] else "es"}.get(heading[0], "en")
    found = read(
        f"% Approaches\n# {heading}\n{header}\n| Problems | £1 | Ann Lee |\n| Delegated | {limit} | Jo Lake |",
        kind="change_control_approach",
        language=language,
    )
    rows = {row.values["person_id"]: row.values.get("number") for row in found.found if row.values.get("kind") == "delegation"}
    assert rows["Jo Lake"] == number


@pytest.mark.parametrize(
    ("heading", "header", "body", "language"),
    [
        ("3 Issues and changes", "| Severity | Decision by | Limit per change |", "Ministry", "en"),
        ("3 Offene Punkte und Änderungen", "| Schwere | Entscheidung durch | Grenze je Änderung |", "Vorstand", "de"),
        ("3 Incidences et changements", "| Gravité | Décision par | Limite par changement |", "Directoire", "fr"),
    ],
)
def test_a_body_above_the_project_is_no_person(heading: str, header: str, body: str, language: str) -> None:
    """One word that is no role says who is above those of the project, and gives nobody in it an authority."""
    found = read(
        f"% Approaches\n# {heading}\n{header}\n| 1 | Project manager | 10,000 € |\n| 2 | Jo Lake | 25,000 € |\n| 3 | {body} | all above |",
        kind="change_control_approach",
        language=language,
    )
    rows = [row.values for row in found.found if row.values.get("kind") == "delegation"]
    assert [(row.get("role"), row.get("person_id")) for row in rows] == [("project_manager", None), (None, "Jo Lake")]


def test_single_change_and_together_per_stage() -> None:
    found = read(
        "% PID\n# 9 Issue management approach\n| Who decides | Single change | Together per stage | Kind |\n"
        "| Project manager | up to EUR 10,000 | EUR 40,000 | requests for change |\n"
        "| Change control group | up to EUR 40,000 | EUR 120,000 | requests for change |\n| Project board | more than EUR 40,000 | | all |",
        kind="project_initiation_documentation",
    )
    rows = [row.values for row in found.found if row.values.get("kind") == "delegation"]
    assert [(row.get("role"), row.get("number")) for row in rows[:2]] == [("project_manager", 10000), ("change_authority", 40000)]
    assert all("number" not in row for row in rows[2:])


def test_who_holds_the_authority_may_stand_in_brackets() -> None:
    found = read(
        "% PID\n# Change control approach\n| Who | Limit |\n| Change Authority (Jo Lake) | £6,000 per change |\n| Project Manager | none |",
        kind="project_initiation_documentation",
    )
    (row,) = [row.values for row in found.found if row.values.get("kind") == "delegation" and "number" in row.values]
    assert (row["role"], row["person_id"], row["number"]) == ("change_authority", "Jo Lake", 6000)


def test_whoever_decides_may_head_the_column_and_what_the_role_is_by_is_nobody() -> None:
    rows = "| Decider | Per change | Per stage |\n| Project manager (delegated authority) | up to EUR 5,000 | EUR 12,000 |\n| Project owner (Jo Lake) | up to EUR 9,000 | EUR 20,000 |"
    found = read(f"% Approach\n# Change control and change budget\n{rows}", kind="change_control_approach")
    told = [row.values for row in found.found if row.table == "listed_item" and row.values["kind"] == "delegation"]
    assert [(row["role"], row.get("person_id"), row["number"]) for row in told] == [
        ("project_manager", None, 5000),
        ("project_owner", "Jo Lake", 9000),
    ]
