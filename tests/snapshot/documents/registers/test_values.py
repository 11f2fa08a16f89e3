"""Numbers, days, levels and people as they are written in four languages."""

from datetime import date
from decimal import Decimal

import pytest

from auditor.connect.values import (
    DayOrder,
    is_placeholder,
    is_put_off,
    parse_boolean,
    parse_day,
    parse_level,
    parse_number,
    parse_people,
    parse_period,
    settle_day_order,
    spread,
)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.234,56", None, "1234.56"),
        ("1,234.56", None, "1234.56"),
        ("78.000 EUR", None, "78000"),
        ("€ 78,000", "fr", "78000"),
        ("1,234", None, None),
        ("1.234 Mio. EUR", "en", "1234000"),
        ("1 234,5", None, "1234.5"),
        ("1'234.50", None, "1234.50"),
        ("1.234", "de", "1234"),
        ("1.234", "en", "1.234"),
        ("1.234", None, None),
        ("(500)", None, "-500"),
        ("€ 12k", None, "12000"),
        ("1,2 Mio. EUR", "de", "1200000"),
        ("500,-", None, "500"),
        ("12 13", None, None),
        ("about ten", None, None),
    ],
)
def test_numbers(text: str, language: str | None, value: str | None) -> None:
    found = parse_number(text, language)
    assert (found.value if found else None) == (Decimal(value) if value else None)


def test_money_has_no_thousandths() -> None:
    """A column of amounts settles what neither the text nor a language does."""
    found = parse_number("78.000", is_money=True)
    assert found is not None
    assert found.value == Decimal(78000)
    assert parse_number("78.000") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04-03", date(2026, 4, 3)),
        ("03.04.2026", date(2026, 4, 3)),
        ("3 avril 2026", date(2026, 4, 3)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("3. März 2026", date(2026, 3, 3)),
        ("3 de abril de 2026", date(2026, 4, 3)),
        ("April 3rd, 2026", date(2026, 4, 3)),
        ("25/04/2026", date(2026, 4, 25)),
        ("03/04/2026", None),
        ("31.02.2026", None),
        ("April 2026", None),
        ("Q2", None),
        ("3 April", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    assert parse_day(text) == day


def test_order_of_day_and_month() -> None:
    assert settle_day_order(["03/04/2026", "25/04/2026"], None) == DayOrder(is_day_first=True)
    assert settle_day_order(["03/04/2026", "04/25/2026"], "de") == DayOrder(is_day_first=False)
    assert settle_day_order(["25/04/2026", "04/25/2026"], "de") == DayOrder(None)
    assert settle_day_order([], "fr") == DayOrder(is_day_first=True)
    assert settle_day_order([], "en") == DayOrder(None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", date(2026, 1, 1)),
        ("Q2 2026", date(2026, 4, 1)),
        ("März 26", date(2026, 3, 1)),
        ("soon", None),
        ("2026-02", date(2026, 2, 1)),
        ("2026/27", date(2026, 1, 1)),
        ("2011-12", date(2011, 1, 1)),
        ("12/2011", date(2011, 12, 1)),
    ],
)
def test_periods(text: str, day: date | None) -> None:
    assert parse_period(text) == day


def test_levels() -> None:
    words = {"high": "4", "very high": "5"}
    assert [parse_level(text, words) for text in ("High", "3 - High", "Very High (5)", "2/5", "7", "purple")] == [4, 4, 5, 2, None, None]
    assert [spread(number, 3) for number in (1, 2, 3, 4)] == [1, 3, 5, None]
    assert [spread(number, 10) for number in (1, 5, 10)] == [1, 3, 5]


def test_placeholders_and_booleans() -> None:
    assert all(is_placeholder(text) for text in ("", "-", "TBD", "<name>", "[describe the risk]", "à définir", "k. A.", "High|Medium|Low"))
    assert not any(is_placeholder(text) for text in ("x", "0", "[1]", "Ann", "✓"))


def test_what_only_promises_words():
    """A sentence that says only that something will be written holds nothing; one that says more, or where it stands, does."""
    promises = (
        "To be defined during planning.", "This section will be completed in the Planning Phase.", "Details to be confirmed",
        "Will be completed later", "To be agreed at the next steering committee", "Wird noch ergänzt", "Folgt später",
        "À compléter en phase de planification", "Sera défini ultérieurement", "Se definirá en la fase de planificación.",
    )  # fmt: skip
    assert all(is_put_off(text) for text in promises)
    says = (
        "To be delivered by June", "To be updated monthly", "To be defined in the Handbook", "Training will be provided to all staff in May",
        "Will be documented in the Decision Log", "To be defined during planning. We need two servers.", "wird geprüft", "To be approved by the PO",
    )  # fmt: skip
    assert not any(is_put_off(text) for text in says)
    assert [parse_boolean(text) for text in ("oui", "Nein", "☑", "☐", "perhaps")] == [True, False, True, False, None]


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe up to EUR 10,000; Bo Ek up to EUR 2,500, together EUR 10,000 per stage",
        "Jane Doe (up to 10 000 EUR), Bo Ek (bis 2.500 EUR)",
        "Jane Doe until 30 May 2026; Bo Ek from 1 June 2026",
        "Jane Doe, jusqu'à 10 000 €; Bo Ek, hasta 2.500 €",
        "Jane Doe ≤ 10 k€ and Bo Ek > 10 k€",
    ],
)
def test_the_limits_of_people_are_no_names(text: str) -> None:
    assert [person.name for person in parse_people(text)] == ["Jane Doe", "Bo Ek"]


def test_people() -> None:
    assert [person.name for person in parse_people("Jane Doe (ACME); Bo Ek")] == ["Jane Doe", "Bo Ek"]
    assert {parse_people(text)[0].id for text in ("Doe, Jane", "Dr. Jane Doe", "DOE Jane")} == {"name:jane doe"}
    listed = parse_people("Jane Doe, John Roe, Ann Poe, and Bo Ek")
    assert [(person.name, person.kind) for person in listed] == [(name, "person") for name in ("Jane Doe", "John Roe", "Ann Poe", "Bo Ek")]
    assert [person.name for person in parse_people("Doe, Jane and Roe, John")] == ["Doe, Jane", "Roe, John"]
    assert parse_people("TBD") == ()


@pytest.mark.parametrize(
    "text",
    [
        "to be named",
        "To be named after the award",
        "one of the contractor, to be named",
        "à désigner",
        "à désigner par le fournisseur",
        "noch zu benennen",
        "wird noch benannt",
        "por designar",
        "pendiente de nombrar",
    ],
)
def test_who_is_still_to_be_named_is_nobody(text: str) -> None:
    assert parse_people(text) == ()


def test_since_when_stands_behind_an_organisation() -> None:
    found = parse_people("Jane Doe, John Roe, Bo Ek (ACME, from April 2026)")
    assert [(person.name, person.organisation) for person in found] == [("Jane Doe", None), ("John Roe", None), ("Bo Ek", "ACME")]
    assert [person.name for person in parse_people("Ann Lee, tbd")] == ["Ann Lee"]
