"""Who left and who follows whom, where a sentence tells it with its day."""

import datetime as dt

import pytest
from details_notation import read

DAY = dt.date(2026, 8, 31)
FIRST = dt.date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ann Lee left the agency on 31 August 2026.", "en", [("Ann Lee", "left", None, DAY)]),
        ("Ann Lee leaves on 31 August 2026; Jo Lake takes over.", "en", [("Ann Lee", "left", None, DAY)]),
        ("As Ann Lee, who leaves Finch & Sons on 31 August 2026.", "en", [("Ann Lee", "left", None, DAY)]),
        (
            "Jo Lake has been architect since 01/09/2026, in place of Ann Lee, who left the Office on 31/08/2026.",
            "en",
            [("Ann Lee", "left", None, DAY)],
        ),
        ("Ann Lee a quitté la direction le 31 août 2026.", "fr", [("Ann Lee", "left", None, DAY)]),
        ("Ann Lee verlässt die Behörde zum 31. August 2026.", "de", [("Ann Lee", "left", None, DAY)]),
        ("Ann Lee ist am 31. August 2026 ausgeschieden.", "de", [("Ann Lee", "left", None, DAY)]),
        ("Ann Lee hat das Amt am 31. August 2026 verlassen.", "de", [("Ann Lee", "left", None, DAY)]),
        ("Ann Lee dejó el organismo el 31 de agosto de 2026.", "es", [("Ann Lee", "left", None, DAY)]),
        ("Jo Lake replaces Ann Lee as test lead from 1 September 2026.", "en", [("Ann Lee", "replaced", "test lead", FIRST)]),
        (
            "Ann Lee was replaced by Jo Lake as Project Manager on 1 September 2026.",
            "en",
            [("Ann Lee", "replaced", "project_manager", FIRST)],
        ),
        (
            "Jo Lake takes over the role of business manager from Ann Lee on 1 September 2026.",
            "en",
            [("Ann Lee", "replaced", "business_manager", FIRST)],
        ),
        (
            "Jo Lake remplace Ann Lee comme chef de projet dès le 1 septembre 2026.",
            "fr",
            [("Ann Lee", "replaced", "project_manager", FIRST)],
        ),
        ("Jo Lake hat am 01.09.2026 die Projektleitung von Ann Lee übernommen.", "de", [("Ann Lee", "replaced", "project_manager", FIRST)]),
        (
            "Jo Lake sustituye a Ann Lee como jefa de proyecto desde el 1 de septiembre de 2026.",
            "es",
            [("Ann Lee", "replaced", "project_manager", FIRST)],
        ),
        ("Ann Lee left the ferry operation on 31 August 2026.", "en", [("Ann Lee", "left", None, DAY)]),
        ("Jo Lake welcomed Bo Ash: A. Lee left the Agency on 31 August 2026, he follows.", "en", [("A. Lee", "left", None, DAY)]),
        ("Ms Lee leaves the Authority on 31 August 2026", "en", [("Lee", "left", None, DAY)]),
        ("Frau Lee verlässt die Behörde zum 31. August 2026.", "de", [("Lee", "left", None, DAY)]),
        ("Mme Lee quitte la direction le 31 août 2026.", "fr", [("Lee", "left", None, DAY)]),
        (
            "Introduced: Jo Lake, Project Manager since 1 September 2026 in place of Ann Lee, who has left the Authority.",
            "en",
            [("Ann Lee", "left", None, FIRST)],
        ),
        (
            "Jo Lake, Project Manager since 1 September 2026 in place of Ann Lee.",
            "en",
            [("Ann Lee", "replaced", "project_manager", FIRST)],
        ),
        (
            "Test lead of the North changed (J. Lake for A. Lee from 1 September 2026); new template",
            "en",
            [("A. Lee", "replaced", None, FIRST)],
        ),
        (
            "Project Manager Jo Lake (since 1 September 2026, before him Ann Lee).",
            "en",
            [("Ann Lee", "replaced", "project_manager", FIRST)],
        ),
        (
            "Projektleitung: Jo Lake, ab 1. September 2026 anstelle von Ann Lee.",
            "de",
            [("Ann Lee", "replaced", "project_manager", FIRST)],
        ),
        ("Jo Lake works for Ann Lee from 1 September 2026.", "en", []),
        ("Jo Lake reads in place of Ann Lee, from 1 September 2026 until Friday.", "en", []),
        ("Lee leaves the Authority on 31 August 2026", "en", []),
        ("Ann Lee left the meeting on 31 August 2026.", "en", []),
        ("Ann Lee left the question open on 31 August 2026.", "en", []),
        ("Ann Lee left.", "en", []),
        ("If Ann Lee leaves on 31 August 2026, nobody knows the code.", "en", []),
        ("The contractor left the site on 31 August 2026.", "en", []),
        ("Jo Lake replaces Ann Lee as chair from 1 September 2026 until 3 September 2026.", "en", []),
        ("Jo Lake replaces Ann Lee as test lead.", "en", []),  # nobody knows since when
        ("Version 2 replaces Version 1 from 1 September 2026.", "en", []),
        ("Jo Lake hat am 01.09.2026 die Liste von Ann Lee erhalten.", "de", []),
        ("Jo Lake took the minutes from Ann Lee on 1 September 2026.", "en", []),
    ],
)
def test_a_sentence_tells_who_went(text: str, language: str, expected: list[tuple[str, str, str | None, dt.date]]) -> None:
    rows = [row for row in read(text, kind="minutes_of_meeting", language=language).found if row.values.get("kind") == "departure"]
    assert [(row.values["name"], row.values["reason"], row.values.get("role"), row.values["on_date"]) for row in rows] == expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Minutes of 12 September 2026", "Ann Lee left the agency on 31 August; Jo Lake follows.", DAY),
        ("Minutes of 12 January 2027", "Ann Lee left the agency on 31 December.", dt.date(2026, 12, 31)),
        ("Compte rendu du 12 septembre 2026", "Ann Lee a quitté la direction le 31 août.", DAY),
        ("Protokoll vom 12.09.2026", "Ann Lee verlässt den Betrieb zum 31. August.", DAY),
        ("Minutes", "Ann Lee left the agency on 31 August.", None),
        ("Minutes of 12 September 2026", "Ann Lee left the agency between 30 August and 2 September.", None),
        ("Minutes of 12 September 2026", "Ann Lee left the agency on 31 of them.", None),
    ],
)
def test_a_day_without_a_year_is_near_that_of_the_document(title: str, text: str, expected: dt.date | None) -> None:
    language = "fr" if "Compte" in title else "de" if "Protokoll" in title else "en"
    rows = [
        row
        for row in read(f"% {title}\n{text}", kind="minutes_of_meeting", language=language).found
        if row.values.get("kind") == "departure"
    ]
    assert [row.values["on_date"] for row in rows] == ([] if expected is None else [expected])


def test_what_a_register_says_counts_once() -> None:
    text = "# Decisions\n| No | What |\n| --- | --- |\n| D1 | Ann Lee left the agency on 31 August 2026. |\n| D2 | Ann Lee left the agency on 31 August 2026. |"
    rows = [row for row in read(text, kind="decision_log").found if row.values.get("kind") == "departure"]
    assert [row.values["person_id"] for row in rows] == ["Ann Lee"]


@pytest.mark.parametrize(
    ("language", "first", "text"),
    [
        ("fr", "Établi par Zoé Roy le 29/05/2026.", "Ann Lee a quitté le syndicat le 30 avril ; Jo Lake a repris ses travaux."),
        ("en", "Issued by Zoe Roy on 29 May 2026.", "Ann Lee left the agency on 30 April."),
        ("de", "Erstellt von Zoe Roy am 29.05.2026.", "Ann Lee verlässt den Zweckverband zum 30. April."),
        ("es", "Emitido por Zoe Roy el 29/05/2026.", "Ann Lee dejó el consorcio el 30 de abril."),
    ],
)
def test_a_day_without_a_year_is_near_that_of_the_first_lines(language: str, first: str, text: str) -> None:
    found = read(f"% Report 4\n{first}\n# Summary\n{text}", kind="project_status_report", language=language).found
    assert [row.values["on_date"] for row in found if row.values.get("kind") == "departure"] == [dt.date(2026, 4, 30)]


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("Information security officer is Jo Lake from 1 May 2026 (Ann Lee has moved to the Treasury); the test lead stays.", "Information security officer"),
        ("The data steward is Jo Lake since 1 May 2026 (previously Ann Lee).", "data steward"),
        ("Jo Lake is the data steward from 1 May 2026 (before: Ann Lee).", "data steward"),
        ("Le correspondant sécurité est Jo Lake depuis le 1er mai 2026 (auparavant Ann Lee).", "correspondant sécurité"),
        ("Die Datenpflegerin ist Jo Lake seit 01.05.2026 (bisher Ann Lee).", "Datenpflegerin"),
        ("La responsable de datos es Jo Lake desde el 1 de mayo de 2026 (antes Ann Lee).", "responsable de datos"),
    ],
)  # fmt: skip
def test_who_held_the_role_before_is_told_in_brackets(said: str, role: str) -> None:
    found = [row.values for row in read(f"% Handbook\n{said}", kind="project_handbook").found if row.values.get("kind") == "departure"]
    assert [(row["name"], row["reason"], row["value"], row["on_date"]) for row in found] == [
        ("Ann Lee", "replaced", role, dt.date(2026, 5, 1))
    ]


@pytest.mark.parametrize(
    "said",
    [
        "The data steward is Jo Lake from 1 May 2026 (deputy: Ann Lee).",
        "The data steward is Jo Lake (before: Ann Lee).",
        "The review takes place from 1 May 2026 (before: Ann Lee).",
        "The data steward is Jo Lake from 1 May 2026 (before: Ann Lee and the whole team).",
        "The data steward is Jo Lake from 1 May 2026 (Ann Lee until 3 May 2026).",
        "The data steward is temporarily Jo Lake from 1 May 2026 (before: Ann Lee).",
    ],
)
def test_what_brackets_say_of_others(said: str) -> None:
    assert not [row for row in read(f"% Handbook\n{said}", kind="project_handbook").found if row.values.get("kind") == "departure"]
