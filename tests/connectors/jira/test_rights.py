"""Who may read, change and administer a project of Jira: by its permission scheme, as far as the account may see it."""

import re

import pytest

from auditor.connect.protocol import Fact, Filled
from auditor.snapshot.raw import RawStore
from tests.servers.jira import FakeJira, small


def told(world, place="ALPHA"):
    with RawStore(world.folder / ".auditor", "tracker") as raw:
        records = [record for record, seen in raw.records(place) if seen.gone_at is None]
    return [item for _, item in world.connector().read(records)]


@pytest.fixture
def jira(is_cloud):
    return small(FakeJira(cloud=is_cloud), issues=3)


def test_rights_come_into_their_table(live, jira):
    """Roles as those who are in them, groups as groups; what only some permissions say nothing of is no right."""
    world = live(jira)
    assert world.pull().is_complete
    items = told(world)
    rights = [item for item in items if isinstance(item, Fact) and item.table == "access_right"]
    names = {item.id: item.values.get("name") for item in items if isinstance(item, Fact) and item.table == "person"}
    said = {(names.get(item.values["grantee_id"]), item.values["is_group"], item.values["right"]) for item in rights}
    assert {
        ("developers", True, "write"),
        ("anybody, signed in or not", True, "read"),
        ("everybody who is signed in", True, "read"),
    } <= said
    assert {right for _, is_group, right in said if not is_group} >= {"delete", "write"}
    assert any(right == "admin" for _, _, right in said)
    assert not any("sprint" in right for _, _, right in said)
    assert {item.values["row_id"] for item in rights} == {"ALPHA"}
    assert {item.values["grantee_id"] for item in rights} <= names.keys()
    filled = next(item for item in items if isinstance(item, Filled) and item.table == "access_right")
    assert (filled.is_complete, "right" in filled.columns) == (True, True)
    assert world.rows() == world.whole()


def test_rights_that_may_not_be_seen_are_no_empty_rights(live, jira):
    jira.is_admin = False
    world = live(jira)
    assert world.pull().is_complete
    items = told(world)
    assert not [item for item in items if isinstance(item, Fact) and item.table == "access_right"]
    filled = next(item for item in items if isinstance(item, Filled) and item.table == "access_right")
    assert (filled.is_complete, filled.reason) == (False, "permission_denied")


def test_a_role_whose_actors_are_not_known_is_a_group(live, jira):
    world = live(jira)
    jira.grants = [("ADMINISTER_PROJECTS", "projectRole", "77")]
    world.pull()
    right = next(item for item in told(world) if isinstance(item, Fact) and item.table == "access_right")
    assert right.values["is_group"] is True
    assert re.search(r"role 77", right.values["grantee_id"])
