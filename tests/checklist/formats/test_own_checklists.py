"""An organisation's own checklist workbook becomes rules and a list, and comes back without loss."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.checklist.template import load_shelf
from auditor.checklist.workbook import Item, ItemSheet, Questionnaire, read_questionnaire, write_questionnaire
from auditor.checklist.workbook_pack import read_pack, write_pack
from auditor.cli.main import main
from auditor.errors import UsageError
from auditor.rulebook.condition import rule_reads
from auditor.rulebook.lint import lint_rulebook
from auditor.rulebook.load import load_rulebook
from auditor.rulebook.yaml_source import load_yaml
from auditor.rulebook.yaml_text import yaml_lines
from auditor.workbench.cases import run_rule_cases
from tests.checklist.formats.deep import examples
from tests.shipped import shipped_rulebook


def workbook(path: Path, rows: list[list[Any]], merges: tuple[str, ...] = (), name: str = "Review") -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merges:
        sheet.merge_cells(area)
    book.save(path)
    return path


def told(questionnaire: Questionnaire) -> list[tuple[str, str, str]]:
    return [(item.group, item.text, item.weight) for item in questionnaire.items()]


@pytest.mark.parametrize(
    ("headings", "language"),
    [
        (["Area", "Question", "Weight", "Guidance", "Reference", "Answer", "Score"], "en"),
        (["Domaine", "Point de contrôle", "Poids", "Conseil", "Référence", "Réponse", "Score"], "fr"),
        (["Bereich", "Prüffrage*", "Gewichtung (1-3)", "Hinweise:", "Quelle", "Antwort", "Punkte"], "de"),
        (["Área", "Pregunta", "Ponderación", "Orientación", "Fuente", "Respuesta", "Puntos"], "es"),
    ],
)
def test_headings_in_four_languages(tmp_path: Path, headings: list[str], language: str) -> None:
    """The line with the headings is found below a title; groups go on until the next one; answers of another day are kept."""
    rows = [
        ["Our checklist 2026"],
        [],
        headings,
        ["Scope", "Is the scope agreed?", 3, "See the charter", "4.2", "Yes", 3],
        [None, "Is it complete?", 1],
        ["Risk", "Is there a log?", 2, None, None, "No"],
    ]
    questionnaire = read_questionnaire(workbook(tmp_path / "own.xlsx", rows))
    assert told(questionnaire) == [
        ("Scope", "Is the scope agreed?", "3"),
        ("Scope", "Is it complete?", "1"),
        ("Risk", "Is there a log?", "2"),
    ]
    first = next(questionnaire.items())
    assert (first.guidance, first.reference, first.kept) == ("See the charter", "4.2", {headings[5]: "Yes", headings[6]: "3"})
    write_pack(questionnaire, "own", tmp_path, language=language)


def test_groups_merged_and_groups_on_lines_of_their_own(tmp_path: Path) -> None:
    """A heading over two columns, groups merged down the left one; and in another sheet groups that stand alone, unnumbered."""
    rows = [
        ["Check conditions", None, "Review"],
        [],
        ["Mapping", "Are lengths consistent?", "Y"],
        [None, "Are types consistent?"],
        ["Testing", "Is it tested?"],
    ]
    merged = workbook(tmp_path / "merged.xlsx", rows, ("A1:B2", "A3:A4"))
    assert [item[:2] for item in told(read_questionnaire(merged))] == [
        ("Mapping", "Are lengths consistent?"),
        ("Mapping", "Are types consistent?"),
        ("Testing", "Is it tested?"),
    ]
    rows = [
        ["No.", "Check", "Yes/No"],
        [1, "Before the first heading"],
        [None, "Structure"],
        [2, "Has it a name?"],
        ["Files"],
        [3, "Small enough?"],
    ]
    alone = workbook(tmp_path / "alone.xlsx", rows, ("A5:B5",))
    assert [item[:2] for item in told(read_questionnaire(alone))] == [
        ("", "Before the first heading"),
        ("Structure", "Has it a name?"),
        ("Files", "Small enough?"),
    ]


def test_columns_that_no_heading_names(tmp_path: Path) -> None:
    """`--column` says where questions stand; a workbook without any says what to do."""
    path = workbook(tmp_path / "own.xlsx", [["Thing", "Wording", "How much"], ["Scope", "Is it agreed?", 4]])
    with pytest.raises(UsageError, match="no question was found") as caught:
        read_questionnaire(path)
    assert "--column question=C" in (caught.value.hint or "")
    assert told(read_questionnaire(path, {"question": "B", "group": "A", "weight": "C"})) == [("Scope", "Is it agreed?", "4")]
    with pytest.raises(UsageError, match="no column of a workbook"):
        read_questionnaire(path, {"question": "B2"})


SCOPE = Questionnaire(
    sheets=(
        ItemSheet(
            name="Gate 1",
            items=(
                Item(
                    text="Is the scope agreed: in writing?", group="Scope {draft}", weight="0.5", guidance="Ask\nthe owner", reference="4.2"
                ),
                Item(text="yes", group="Scope {draft}", weight="2", kept={"Answer": "= 1", "Score": "no"}),
            ),
        ),
        ItemSheet(name="Gate 2", items=(Item(text="Is “it” done? " + "x " * 120 + "end", group="Profiles", weight="high"),)),
    )
)


def test_the_pack_is_one_that_lint_accepts(tmp_path: Path) -> None:
    """Every rule loads, has its cases, which hold, and no remark; the list asks them in their groups with their weights."""
    write_pack(SCOPE, "acme", tmp_path, title="Acme gates")
    book = load_rulebook([tmp_path / "rules"], understood=shipped_rulebook())
    own = [id_ for id_ in book.rules if book.pack_of[id_] == "acme"]
    assert own == ["ACME-PRO-01", "ACME-SCO-01", "ACME-SCO-02"]
    language = book.language
    assert [str(item) for item in lint_rulebook(book, lambda _, rule: rule_reads(rule, language)) if "acme" in item.at.file] == []
    outcomes = run_rule_cases(book, tuple(own))
    assert len(outcomes) == 9
    assert all(outcome.holds for outcome in outcomes)
    template = load_shelf([tmp_path / "checklists"]).templates["acme"]
    assert [(group.title, group.rules[0].rules) for group in template.groups] == [
        ("Scope {draft}", ["ACME-SCO-01", "ACME-SCO-02"]),
        ("Profiles", ["ACME-PRO-01"]),
    ]
    assert template.weights == {"ACME-SCO-01": 5, "ACME-SCO-02": 20, "ACME-PRO-01": 10}


LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"), exclude_characters="\ufeff\u00a0"),
    min_size=1,
    max_size=80,
).map(lambda text: " ".join(text.split()))
TEXTS = st.lists(LINES.filter(bool), min_size=1, max_size=3).map("\n".join)
WORDS = LINES.filter(bool)
ITEMS = st.builds(
    Item,
    text=TEXTS,
    group=WORDS,
    weight=st.sampled_from(["", "1", "2.5", "high", "-1", "1e9"]),
    guidance=st.just("") | TEXTS,
    reference=st.just("") | WORDS,
    kept=st.dictionaries(st.sampled_from(["Answer", "Score", "Checked by", "Notes of May"]), WORDS, max_size=2),
)
SHEETS = st.lists(
    st.tuples(st.from_regex(r"[A-Za-z][A-Za-z0-9 ]{0,10}[A-Za-z0-9]", fullmatch=True), st.lists(ITEMS, min_size=1, max_size=5)),
    min_size=1,
    max_size=3,
    unique_by=lambda sheet: sheet[0].casefold(),
).map(lambda sheets: Questionnaire(sheets=tuple(ItemSheet(name=name, items=tuple(items)) for name, items in sheets)))


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questionnaire=SHEETS, number=st.integers(0, 10**9))
def test_import_and_export_lose_nothing(tmp_path: Path, questionnaire: Questionnaire, number: int) -> None:
    """Workbook → pack → workbook → pack: the same questions, groups, weights and whatever else stood there, and the same files."""
    folder = tmp_path / f"{number}-{len(list(tmp_path.iterdir()))}"
    for place in (folder, folder / "again"):
        (place / "rules" / "schema").mkdir(parents=True)  # there already: not written anew for every example
    book = write_questionnaire(questionnaire, tmp_path / "own.xlsx")
    read = read_questionnaire(book)
    assert read == questionnaire
    files = write_pack(read, "acme", folder)
    back = read_pack(folder / "rules" / "acme")
    assert _without_ids(back) == questionnaire
    again = read_questionnaire(write_questionnaire(back, tmp_path / "back.xlsx"))
    assert again == back
    for one, other in zip(files, write_pack(again, "acme", folder / "again"), strict=True):
        assert one.read_text(encoding="utf-8") == other.read_text(encoding="utf-8")


def _without_ids(questionnaire: Questionnaire) -> Questionnaire:
    sheets = (
        sheet.model_copy(update={"items": tuple(item.model_copy(update={"id": ""}) for item in sheet.items)})
        for sheet in questionnaire.sheets
    )
    return Questionnaire(sheets=tuple(sheets))


VALUES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200) | st.integers() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), VALUES, min_size=1, max_size=4))
def test_yaml_is_read_as_it_was(tmp_path: Path, data: dict[str, Any]) -> None:
    """However a text is written, plain, folded, as a block or in quotes, the strict reader sees the same."""
    path = tmp_path / "data.yaml"
    path.write_text("\n".join(yaml_lines(data)) + "\n", encoding="utf-8", newline="\n")
    assert load_yaml(path).data == data


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`auditor rules import` and `export-checklist`; a second import into the same folder would give ids twice."""
    path = write_questionnaire(SCOPE, tmp_path / "own.xlsx")
    arguments = ["rules", "import", str(path), "--pack", "acme", "--output", str(tmp_path)]
    assert _run(arguments) == 0
    assert "Gate 1: 2 questions in 1 groups, 2 with a weight" in capsys.readouterr().out
    assert _run(arguments) == 2
    assert "is there already" in capsys.readouterr().err
    assert _run(["rules", "export-checklist", str(tmp_path / "rules" / "acme"), "--output", str(tmp_path / "out.xlsx")]) == 0
    assert _without_ids(read_questionnaire(tmp_path / "out.xlsx")) == SCOPE
    assert _run(["rules", "import", str(path), "--pack", "acme", "--output", str(tmp_path), "--column", "qestion=C"]) == 2
    assert "did you mean 'question'" in capsys.readouterr().err


def _run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return int(stopped.value.code or 0)
