"""Roles of a tracker beside those of a method."""

import json

LEAD = {"name": "amira", "key": "amira", "displayName": "Amira Haddad"}
ROLES = "# Project Handbook\n\n## Roles\n\n| Role | Name |\n|---|---|\n| Project Owner | Greta Lind |\n| Project Manager | Amira Haddad |\n"


def test_who_leads_a_tracker_hides_no_role_of_the_method(world, rows, issue):
    """Nobody declared the tracker's roles to be a method's: the documents' are all there are."""
    world.configure('[[project]]\nid = "alpha"\njira = ["ALPHA"]\nfolders = ["Gamma"]\n')
    (world.root / "pages" / "project.json").write_text(json.dumps({"key": "ALPHA", "id": "1", "name": "Alpha", "lead": LEAD, "roles": {}}))
    world.pages(issue(1)).document("Gamma/Project Handbook.md", ROLES)
    made = world.snapshot()
    held = dict(rows(made, "role", "role, person_id"))
    assert {"tracker_lead", "project_owner", "project_manager"} <= held.keys()
    assert dict(rows(made, "completeness", "table_name, is_complete", "project_id = 'alpha'"))["role"] is True


def test_a_tracker_alone_tells_of_no_role(world, rows, issue):
    (world.root / "pages" / "project.json").write_text(json.dumps({"key": "ALPHA", "id": "1", "name": "Alpha", "lead": LEAD, "roles": {}}))
    world.pages(issue(1))
    made = world.snapshot()
    assert rows(made, "role", "role") == [("tracker_lead",)]
    assert not dict(rows(made, "completeness", "table_name, is_complete", "project_id <> ''")).get("role")
