"""Words of packs: loading, mistakes with their place, joining."""

from pathlib import Path

import pytest
from details_notation import ROOT, WORDS

from auditor.rulebook.details_spec import FILE, LABELS, TABLES_READ, load_details_spec, merge_details, read_details_spec
from auditor.snapshot.documents.matters.words import parse_version, version_order

LANGUAGES = {"en", "fr", "de", "es"}
SHIPPED = ROOT / "rules/auditor_rules/core/recognition" / FILE


def test_every_label_and_column_is_known_in_four_languages() -> None:
    """No language is forgotten for a label, a column or a role."""
    spec = read_details_spec([SHIPPED])
    assert set(spec.labels) == set(LABELS)
    assert set(spec.tables) == set(TABLES_READ)
    phrases = [(name, said) for name, said in spec.labels.items()]
    phrases += [(f"{table}.{column}", said) for table, how in spec.tables.items() for column, said in how.columns.items()]
    phrases += [(role, said.names) for role, said in spec.roles.items()]
    assert [name for name, said in phrases if set(said) != LANGUAGES] == []
    assert {f"{table}.{column}" for table, columns in TABLES_READ.items() for column in columns} == {
        f"{table}.{column}" for table, how in spec.tables.items() for column in how.columns
    }


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("labels:\n  titel: {en: [title]}\n", 1, "unknown label 'titel' (did you mean"),
        ("tables:\n  approvers:\n    columns: {nam: {en: [name]}}\n", 1, "unknown column of approvers 'nam'"),
        ("tables:\n  approvers:\n    columns: {name: {en: [name]}}\n    sure: [[name, day]]\n", 1, "unknown column of approvers 'day'"),
        ("values:\n  action: {sign: {en: [sign]}}\n", 1, "unknown value of action 'sign'"),
        ("lists:\n  wish: {en: [wishes]}\n", 1, "unknown kind of listed item 'wish'"),
        ("labels:\n  title: {english: [title]}\n", 2, "english"),
        ("label: {}\n", 1, "unknown field 'label'"),
        ("roles:\n  project_owner: {names: {en: [owner]}, side: both}\n", 2, "both"),
    ],
)
def test_a_mistake_says_where_it_stands(tmp_path: Path, text: str, line: int, words: str) -> None:
    """Loading is strict; each mistake names file and line."""
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionGroup) as raised:
        read_details_spec([file])
    error = raised.value.exceptions[0]
    assert words in str(error)
    assert f":{line}" in str(error)


def test_packs_add_to_each_other(tmp_path: Path) -> None:
    """Lists are joined, later single values win."""
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("labels: {title: {en: [title]}}\nroles: {sponsor: {names: {en: [sponsor]}}}\n", encoding="utf-8")
    second.write_text(
        "labels: {title: {en: [name], it: [titolo]}}\nroles: {sponsor: {names: {en: [patron]}, side: requestor}}\n", encoding="utf-8"
    )
    joined = merge_details([read_details_spec([first]), read_details_spec([second])])
    assert joined.labels["title"] == {"en": ["title", "name"], "it": ["titolo"]}
    assert joined.roles["sponsor"].names == {"en": ["sponsor", "patron"]}
    assert joined.roles["sponsor"].side == "requestor"


def test_a_pack_in_a_folder_is_found(tmp_path: Path) -> None:
    """The file lies in the folder `recognition` of a pack; a pack without it adds nothing."""
    pack = tmp_path / "own"
    (pack / "recognition").mkdir(parents=True)
    (pack / "pack.yaml").write_text((ROOT / "rules/auditor_rules/core/pack.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_details_spec([pack], installed=False).labels == {}
    (pack / "recognition" / FILE).write_text("labels: {title: {it: [titolo]}}\n", encoding="utf-8")
    assert load_details_spec([pack], installed=False).labels == {"title": {"it": ["titolo"]}}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Project Owner (PO)", "project_owner"),
        ("PO", "project_owner"),
        ("po", None),
        ("Product Owner", "product_owner"),
        ("Chef de projet", "project_manager"),
        ("Projektleiterin", "project_manager"),
        ("Jefa de proyecto", "project_manager"),
        ("Contractor’s Project Manager", "contractor_project_manager"),
        ("Benutzervertreterin", "user_representative"),
        ("Lieferantenvertreterin", "senior_supplier"),
        ("Auftraggeberin (bis 31.10.2025)", "executive"),
        ("Projektsicherung Geschäft", "project_assurance"),
        ("Team manager Registry and search", "team_manager"),
        ("Teammanagerin Anwendung", "team_manager"),
        ("Project manager of the supplier's office", None),
        ("Executive assistant", None),
        ("Harbour pilot", None),
        ("PSC member, Business Manager", "business_manager"),
        ("PSC (chair), Project Owner", "project_owner"),
        ("Project Manager / Team manager", None),  # two roles
        ("Chair, Harbour Council", None),
        ("PCT, lead developer", "project_core_team"),
        ("BIG member, training", "business_implementation_group"),
        ("Member of the PCT", "project_core_team"),
        ("Mitglied der PCT", "project_core_team"),
        ("UR – Finance", "user_representative"),
        ("PCT, Project Manager", None),  # two roles
        ("BIG data engineer", None),
        ("PM, contractor", None),  # another one than the project's
        ("", None),
    ],
)
def test_roles(text: str, role: str | None) -> None:
    """Names, plurals, abbreviations as written; PM²-Agile's Product Owner is not PM²'s Project Owner."""
    assert WORDS.role(text) == role


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.0", "1.0"),
        ("V1.02", "1.02"),
        ("Version 2.1 (draft)", "2.1"),
        ("0.3-draft", "0.3"),
        ("3", "3"),
        (".3", "0.3"),
        ("V.1.0", "1.0"),
        ("2026-03", "2026-03"),
        ("1.2 – 1.4", "1.2 – 1.4"),
        ("final", "final"),
        ("", None),
        ("the version that was agreed with everybody", None),
    ],
)
def test_versions(text: str, version: str | None) -> None:
    """One number is the version; several numbers or a year stay words."""
    assert parse_version(text) == version


def test_versions_are_compared_by_number() -> None:
    """1.10 is later than 1.9."""
    assert version_order("1.10") > version_order("1.9")  # type: ignore[operator]
    assert version_order("final") is None
