"""Registers of issues that French organisations call points, and their neighbours elsewhere."""

import pytest
from register_tables import read, sheet, workbook


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Points", "REGISTRE DES POINTS"),
        ("Suivi", "Suivi des points ouverts"),
        ("Punkte", "Liste der offenen Punkte"),
        ("Asuntos", "Lista de asuntos"),
    ],
)
def test_points_are_issues(name: str, title: str) -> None:
    found = read(
        workbook(
            sheet(
                name,
                f"""
                {title}
                Réf | Famille | Intitulé | Description et effet | État | Signalé par | Signalé le | Urgence | Impact | Échéance | Porteur
                P-01 | Externe | Plans manquants | Le calcul s'arrête. | Ouvert | Ada Finch | 2026-05-01 | 3 | 2 | 2026-06-01 | Tom Ray
                P-02 | Métier | Tarifs divergents | La facture est fausse. | Clos | Tom Ray | 2026-05-04 | 2 | 2 | 2026-06-08 | Ada Finch
                """,
            )
        )
    )
    assert [(row.table, row.own_id) for row in found.found if row.table != "listed_item"] == [("issue", "P-01"), ("issue", "P-02")]
