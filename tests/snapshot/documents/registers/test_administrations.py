"""Registers as German administrations keep them: people below groups, resolutions with a short name, changes that were carried out."""

from datetime import date

from register_tables import read, sheet, workbook


def test_who_stands_in_a_group_is_the_stakeholder_not_the_group() -> None:
    text = """
    Gruppe|Name|Funktion im Projekt|Stelle|Erreichbar unter|Interesse|Einfluss
    Leitung|Ada Finch|Auftraggeberin|Amt 3|ada@example.org|positiv|hoch
    Kernteam|Jo Lake|Abläufe|Amt 1|jo@example.org|positiv|mittel
    Kernteam|Bo Ek|Räume|Amt 6|bo@example.org|positiv|mittel
    ||||||
    Nur für das Projekt.||||||
    """
    rows = [row for row in read(workbook(sheet("Beteiligte", text))).found if row.table == "stakeholder"]
    assert [row.values["name"] for row in rows] == ["Ada Finch", "Jo Lake", "Bo Ek"]


def test_a_list_of_groups_names_groups() -> None:
    text = """
    Gruppe|Interesse|Einfluss|Erwartungen
    Einwohnerschaft|hoch|gering|kurze Wartezeiten
    Beschäftigte|hoch|mittel|feste Dienstpläne
    """
    rows = [row for row in read(workbook(sheet("Stakeholder", text))).found if row.table == "stakeholder"]
    assert [row.values["name"] for row in rows] == ["Einwohnerschaft", "Beschäftigte"]


def test_a_resolution_has_its_name_and_its_wording() -> None:
    text = """
    Nr.|Bezeichnung|Beschluss|Gremium|verantwortlich|beschlossen am
    B-01|Freigabe Planung (RfP)|Die nächste Phase beginnt am Montag.|Sitzung 1|Ada Finch|@2026-07-25
    B-02|Antrag abgelehnt|Eine Spielecke liegt außerhalb des Auftrags.|Sitzung 5|Ada Finch|@2026-06-23
    """
    first, second = (row for row in read(workbook(sheet("Beschlüsse", text))).found if row.table == "decision")
    assert (first.values["title"], first.values["description"]) == ("Freigabe Planung (RfP)", "Die nächste Phase beginnt am Montag.")
    assert second.values["title"] == "Antrag abgelehnt"


def test_a_change_says_when_it_was_carried_out() -> None:
    text = """
    Nr.|Bezeichnung|Beschreibung|Stand|beantragt von|beantragt am|Entscheidung|entschieden am|ausgeführt am
    Ä-01|Zweiter Wartebereich|Bereich für Familien|Umgesetzt|Jo Lake|@2026-01-12|genehmigt|@2026-03-24|@2026-02-18
    Ä-02|Öffnung am Samstag|Zwei im Monat|Umgesetzt|Bo Ek|@2026-01-19|genehmigt|@2026-03-24|@2026-04-01
    """
    rows = [row for row in read(workbook(sheet("Änderungen", text))).found if row.table == "change_request"]
    assert [row.values.get("implemented_on") for row in rows] == [date(2026, 2, 18), date(2026, 4, 1)]
