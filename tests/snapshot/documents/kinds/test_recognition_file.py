"""`recognition.yaml`: strict, with the place of every mistake; a new kind needs no code."""

import pytest

from auditor.connect.document import Document, TextBlock
from auditor.connect.protocol import Parsed
from auditor.rulebook.recognition import load_recognition, read_recognition
from auditor.snapshot.documents.kinds import SURE, recognise_kind

GOOD = """\
names:
  sheet_names: {en: [night sheet], de: [Nachtblatt]}
sections:
  watch: {en: [watch]}
kinds:
  night_sheet:
    title: Night sheet
    called: [sheet_names]
    sections: {watch: 3}
"""


def read(tmp_path, text):
    (tmp_path / "recognition.yaml").write_text(text, encoding="utf-8")
    return read_recognition({"ours": [tmp_path / "recognition.yaml"]})


def test_an_owner_adds_a_kind_in_yaml_only(tmp_path):
    """A kind that a file declares is recognised."""
    recognition = read(tmp_path, GOOD)
    parsed = Parsed(Document("docx", (TextBlock("Nachtblatt", is_title=True), TextBlock("Watch", level=1))), "2026/Nacht-Blatt_07.docx")
    (guess,) = recognise_kind(parsed, recognition)
    assert (guess.kind, guess.standard) == ("night_sheet", "ours")
    assert guess.confidence >= SURE


@pytest.mark.parametrize(
    ("before", "after", "place", "message"),
    [
        ("title: Night", "titel: Night", ":7:5", "unknown field 'titel'"),
        ("sections: {watch: 3}", "sections: {watch: high}", ":9:23", "'high' is not a whole number"),
        ("sections: {watch: 3}", "sections: {wach: 3}", ":9:16", "nothing is declared as 'wach'"),
        ("called: [sheet_names]", "called: [sheetnames]", ":8:14", "nothing is declared as 'sheetnames'"),
        ("called: [sheet_names]", "called: sheet_names", ":8:13", "is not a list"),
        ("called: [sheet_names]", "inside: 1", ":8:13", "true or false"),
        ("{en: [night sheet],", "{english: [night sheet],", ":2:", "string should match pattern"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, before, after, place, message):
    """Every mistake names file, line and column, and what is wrong."""
    with pytest.raises(ExceptionGroup) as caught:
        read(tmp_path, GOOD.replace(before, after))
    told = "\n".join(str(error) for error in caught.value.exceptions)
    assert f"recognition.yaml{place}" in told
    assert message in told


def test_a_kind_is_declared_once(tmp_path):
    """Two declarations of a kind in one standard are a mistake at the second."""
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("kinds:\n  night_sheet: {title: Again, names: {en: [x]}}\n", encoding="utf-8")
    with pytest.raises(ExceptionGroup) as caught:
        read_recognition({"ours": [tmp_path / "a.yaml", tmp_path / "b.yaml"]})
    assert "b.yaml:2:3: the kind 'night_sheet' is declared twice" in str(caught.value.exceptions[0])


def test_a_folder_of_recognition_belongs_to_its_pack(tmp_path):
    """A pack's `recognition.yaml` and the files of its folder `recognition` are read as one, under the pack's standard."""
    pack = tmp_path / "ours"
    (pack / "recognition").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: ours\ntitle: Ours\nstandard: house\nversion: '1'\n", encoding="utf-8")
    (pack / "recognition.yaml").write_text(GOOD, encoding="utf-8")
    (pack / "recognition" / "more.yaml").write_text("kinds:\n  day_sheet: {title: Day sheet, called: [sheet_names]}\n", encoding="utf-8")
    recognition = load_recognition([pack], installed=False)
    assert [(kind.standard, kind.id) for kind in recognition.kinds] == [("house", "night_sheet"), ("house", "day_sheet")]


def test_every_artefact_and_product_has_names_in_four_languages(recognition):
    """Kinds of the standards are known in English, French, German and Spanish."""
    counts = {standard: sum(1 for _ in recognition.of_standard(standard)) for standard in recognition.standards}
    assert counts == {"pm2": 47, "prince2": 37}
    for kind in recognition.kinds:
        if kind.standard != "core":
            assert {"en", "fr", "de", "es"} <= set(kind.names) | set(kind.maybe), kind.id
    assert all({"en", "fr", "de", "es"} <= set(phrases) for phrases in recognition.sections.values())
