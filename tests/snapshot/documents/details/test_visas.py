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
