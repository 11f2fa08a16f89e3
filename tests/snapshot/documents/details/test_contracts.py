"""When a contract was signed, by itself and by the papers around it."""

import datetime as dt

import pytest
from details_notation import read

DAY = dt.date(2026, 3, 12)


def signed(text: str, language: str = "en", kind: str | None = None) -> list[dt.date]:
    return [row.values["on_date"] for row in read(text, language=language, kind=kind).found if row.values.get("name") == "contract_signed"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("# Progress\nThe contract with Finch & Sons was signed on 12 March 2026.", "en", [DAY]),
        ("# Progress\nThe build begins; the contract was countersigned by both parties on 12 March 2026.", "en", [DAY]),
        ("# Fortschritt\nDer Vertrag wurde am 12.03.2026 unterzeichnet.", "de", [DAY]),
        ("# Avancement\nLe marché a été signé le 12 mars 2026.", "fr", [DAY]),
        ("# Avance\nEl contrato fue firmado el 12 de marzo de 2026.", "es", [DAY]),
        (
            "# Contract\n| Item | Value |\n| --- | --- |\n| Signed by both parties on | 12 March 2026 |\n| Start of work | 1 June 2026 |",
            "en",
            [DAY],
        ),
        ("# Status\n| Specific contract | C-07 under FW 4, signed on 12.03.2026 |\n| Customer | Agency, 13 May 2026 |", "en", [DAY]),
        ("# Progress\nThe contract is to be signed on 12 March 2026.", "en", []),
        ("# Progress\nThe framework contract was signed on 12 March 2026.", "en", []),
        ("# Progress\nAmendment 1 to the contract was signed on 12 March 2026.", "en", []),
        ("# Progress\nThe contract, signed last year, ends on 12 March 2026.", "en", []),
        ("# Progress\nThe plan was signed on 12 March 2026.", "en", []),
        ("# Plan\n| Item | Value |\n| --- | --- |\n| Signed by both parties on | 12 March 2026 |", "en", []),
        ("# Progress\nThe contract was signed. Work ends on 12 March 2026.", "en", []),
    ],
)
def test_papers_tell_when_a_contract_was_signed(text: str, language: str, expected: list[dt.date]) -> None:
    assert signed(text, language, "project_status_report") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "% Contract with Finch & Sons\n| Signed for the agency | Ann Lee | 10 March 2026 |\n| Signed for Finch & Sons | Jo Lake | 12 March 2026 |",
            "en",
            [DAY],
        ),
        (
            "% Contract, copy\nSigned for the agency by Ann Lee and for Finch & Sons by Jo Lake on 12 March 2026.\nWork begins on 1 June 2026.",
            "en",
            [DAY],
        ),
        (
            "% Dienstleistungsvertrag (Auszug)\n| Name | Aktion | Datum |\n| --- | --- | --- |\n| Ann Lee | Unterschrift | 12.03.2026 |",
            "de",
            [DAY],
        ),
        ("% Contract closure\nSigned on 12 March 2026.", "en", []),
        ("% Amendment 1 to the contract\nSigned on 12 March 2026.", "en", []),
        ("% Outsourcing plan\nSigned on 12 March 2026.", "en", []),
    ],
)
def test_a_contract_tells_when_it_was_signed(text: str, language: str, expected: list[dt.date]) -> None:
    """The last signature binds."""
    assert signed(text, language) == expected
