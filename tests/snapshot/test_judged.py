"""What an auditor found wrong when verdicts were compared with their sources: each mistake once, in the general case."""

import pytest

ROLES = "# Project Charter\n\n## Roles\n\n| Role | Name |\n| --- | --- |\n"


@pytest.mark.parametrize("word", ["Sponsor", "Project Executive", "Projektauftraggeber", "Commanditaire du projet", "Patrocinador"])
def test_who_orders_the_project_is_its_owner_whatever_the_word(world, rows, word):
    world.configure('[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n')
    world.document("Gamma/Project Charter.md", f"{ROLES}| {word} | Anna Weber |\n| Project Manager | Tom Berg |\n")
    assert rows(world.snapshot(), "role", "role, person_id", order="role") == [
        ("project_manager", "name:berg-tom"),
        ("project_owner", "name:anna-weber"),
    ]


def test_a_sponsor_beside_a_project_owner_stays_a_sponsor(world, rows):
    world.configure('[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "pm2"\n')
    world.document("Gamma/Project Charter.md", f"{ROLES}| Sponsor | Anna Weber |\n| Project Owner | Tom Berg |\n")
    assert rows(world.snapshot(), "role", "role, person_id", order="role") == [
        ("project_owner", "name:berg-tom"),
        ("sponsor", "name:anna-weber"),
    ]


def test_in_prince2_it_is_the_executive(world, rows):
    world.configure('[[project]]\nid = "Gamma"\nfolders = ["Gamma"]\nmethodology = "prince2"\n')
    world.document(
        "Gamma/Project Brief.md", f"{ROLES.replace('Charter', 'Brief')}| Sponsor | Anna Weber |\n| Project Manager | Tom Berg |\n"
    )
    assert rows(world.snapshot(), "role", "role", order="role") == [("executive",), ("project_manager",)]
