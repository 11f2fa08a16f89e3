"""'Risk type' is what the words below it say: threat or opportunity, or a category."""

import pytest
from register_tables import read, sheet, workbook


@pytest.mark.parametrize(
    ("header", "words", "kinds"),
    [
        ("Risk type", ("Threat", "Opportunity"), ["threat", "opportunity"]),
        ("Risikoart", ("Bedrohung", "Chance"), ["threat", "opportunity"]),
        ("Type de risque", ("Menace", "Menace"), ["threat", "threat"]),
        ("Tipo de riesgo", ("Amenaza", "Oportunidad"), ["threat", "opportunity"]),
        ("Risk type", ("Technical", "Legal"), None),
    ],
)
@pytest.mark.parametrize("category", ["", "|Category"])
def test_values_decide(header: str, words: tuple[str, str], kinds: list[str] | None, category: str) -> None:
    """With a column for categories beside it or without."""
    rest = "|Money" if category else ""
    lines = [f"ID|Risk|{header}{category}|Likelihood|Impact|Owner|Status"]
    lines += [f"R-{number}|The dam {number} breaks|{word}{rest}|3|4|Ann Lee|Open" for number, word in enumerate(words, 1)]
    found = [row for row in read(workbook(sheet("Risk Register", "\n".join(lines)))).found if row.table == "risk"]
    assert [row.values.get("kind") for row in found] == (kinds or [None, None])
    if kinds is None and not category:
        assert [row.values["category"] for row in found] == list(words)
