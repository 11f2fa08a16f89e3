"""Tables of approval whose column of the signature says what each did, and gates that a decision log tells of."""

import pytest
from details_notation import read


@pytest.mark.parametrize(
    ("header", "said", "actions"),
    [
        ("Visa", ("Approbation", "Relecture", "Information"), ["approve", "review", "confirm"]),
        ("Zeichnung", ("Freigabe", "Prüfung", "zur Kenntnis"), ["approve", "review", "confirm"]),
        ("Firma", ("Aprobación", "Revisión", "Información"), ["approve", "review", "confirm"]),
        ("Signature", ("Approval", "Review", "for information"), ["approve", "review", "confirm"]),
        ("Signature", ("signed", "signed", "signed"), [None, None, None]),  # as what, it does not say
        ("Visa", ("JL", "BE", "AL"), [None, None, None]),
    ],
)
def test_the_column_of_the_signature_may_say_what_each_did(header: str, said: tuple[str, ...], actions: list[str | None]) -> None:
    name, role, date = ("Nom", "Fonction", "Date") if header == "Visa" else ("Name", "Role", "Date")
    rows = "".join(
        f"| {who} | {as_} | {word} | 2026-07-{day} |\n"
        for who, as_, word, day in zip(
            ("Jo Lake", "Bo Ek", "Ann Lee"), ("Project Owner", "Business Manager", "Solution Provider"), said, (10, 2, 3), strict=True
        )
    )
    found = read(f"% Plan\n# Visas\n| {name} | {role} | {header} | {date} |\n{rows}", kind="project_work_plan")
    assert [row.values.get("action") for row in found.found if row.table == "approval"] == actions
    if actions[0] == "approve":
        assert found.artefact["approved_on"].day == 10  # not the last day of all: who reads approves nothing
        assert found.artefact["approved_by"] == "Jo Lake"


@pytest.mark.parametrize(
    ("heading", "header", "said"),
    [
        ("Signed off and read by", "Name | In the role of | Signed off / Read | On", ("Signed off", "Read")),
        ("Approuvé et lu par", "Nom | En qualité de | Action | Le", ("Approuvé", "Lu")),
        ("Genehmigt und gelesen von", "Name | Rolle | Vermerk | Am", ("Genehmigt", "Gelesen")),
        ("Aprobado y leído por", "Nombre | En calidad de | Acción | Fecha", ("Aprobado", "Leído")),
    ],
)
def test_who_read_a_document_did_not_approve_it(heading: str, header: str, said: tuple[str, str]) -> None:
    rows = f"| {header} |\n| Jo Lake | Project Owner | {said[0]} | 2026-07-10 |\n| Bo Ek | Business Manager | {said[1]} | 2026-07-12 |"
    found = read(f"% Plan\n**{heading}**\n{rows}\n# Scope\nAll halls.", kind="project_work_plan")
    assert [row.values.get("action") for row in found.found if row.table == "approval"] == ["approve", "review"]
    assert found.artefact["approved_on"].day == 10


@pytest.mark.parametrize("said", ["(v1.0)", "(version 1.0)", "(für Version 1.0)", "(pour version 1.0)"])
def test_the_day_of_a_signature_may_say_of_which_version_it_is(said: str) -> None:
    rows = f"| Jo Lake | Project Owner | Approve | 10 July 2026 {said} |\n| Bo Ek | Business Manager | Approve | 12 July 2026 |"
    found = read(f"% Plan\n# Approvals\n| Name | Role | Action | Date |\n{rows}", kind="project_work_plan")
    told = [(row.values.get("version"), row.values["decided_on"].day) for row in found.found if row.table == "approval"]
    assert told == [("1.0", 10), (None, 12)]
