"""Roles of those who are named in minutes and approvals without one."""

from datetime import date

import pytest

from auditor.snapshot.held_roles import settle_agreements, settle_held_roles
from auditor.snapshot.rows import Made


def made(table: str, row_id: str, **values: object) -> Made:
    return Made(table, row_id, dict(values), set(values), "files")


@pytest.mark.parametrize(
    ("others", "role"),
    [
        ([made("role", "r1", person_id="a", role="senior_supplier")], "senior_supplier"),
        (
            [made("attendance", "t2", person_id="a", role="senior_supplier"), made("role", "r1", person_id="b", role="executive")],
            "senior_supplier",
        ),
        ([made("role", "r1", person_id="a", role="senior_supplier"), made("attendance", "t2", person_id="a", role="executive")], "unknown"),
        ([made("role", "r1", person_id="b", role="executive")], "unknown"),
        ([made("approval", "v1", person_id="a", role="executive")], "unknown"),
    ],
)
def test_who_is_named_alone_has_the_only_role_that_is_known(others: list[Made], role: str) -> None:
    absent = made("attendance", "t1", person_id="a", is_present=False)
    approval = made("approval", "v2", person_id="a")
    settle_held_roles([absent, approval, *others])
    assert absent.values.get("role", "unknown") == approval.values.get("role", "unknown") == role


@pytest.mark.parametrize(
    ("holders", "role"),
    [
        (["name:finch-willa", "name:ek-willa"], "executive"),
        (["name:finch-willa", "name:finch-wim"], "unknown"),
        (["name:finch-ada"], "unknown"),
        (["name:finch-moss-willa"], "unknown"),
    ],
)
def test_an_initial_stands_for_the_only_one_who_may_be_called_so(holders: list[str], role: str) -> None:
    said = made("attendance", "t1", person_id="name:finch-w", is_present=True)
    settle_held_roles([said, *(made("role", f"r{place}", person_id=one, role="executive") for place, one in enumerate(holders))])
    assert said.values.get("role", "unknown") == role


def test_a_role_that_the_minutes_give_stays() -> None:
    """Also a blank one, and nobody takes the role of a document that is gone."""
    said, blank = made("attendance", "t1", person_id="a", role="executive"), made("attendance", "t2", person_id="b", role=None)
    gone = made("role", "r1", person_id="c", role="executive")
    gone.is_gone = True
    alone = made("attendance", "t3", person_id="c")
    settle_held_roles([said, blank, gone, alone, made("role", "r2", person_id="b", role="senior_user")])
    assert (said.get("role"), blank.get("role"), "role" in alone.filled) == ("executive", None, False)


def test_whom_the_list_of_agreements_leaves_out_did_not_agree() -> None:
    """In a role that others of the list hold; who may be meant by another spelling, and a short list, leave it open."""
    listed = [("p:jo-lake", "executive"), ("p:bo-ek", "senior_user"), ("p:kim-obi", "project_assurance"), ("p:al-finch", "project_manager")]
    rows = [
        Made("artefact", "d", {"kind": "role_descriptions", "is_current": True}, {"kind", "is_current"}, "files"),
        Made("artefact", "pid", {"kind": "project_initiation_documentation", "is_current": True}, {"kind", "is_current"}, "files"),
    ]
    rows += [_role(person, role, "d", date(2026, 2, 1)) for person, role in listed]
    out = _role("p:anna-rose", "project_assurance", "pid")
    other = _role("p:anna-rose", "change_authority", "pid")
    spelt = _role("p:k-obi", "project_assurance", "pid")
    settle_agreements([*rows[:-1], out])
    assert "accepted_on" not in out.filled
    settle_agreements([*rows, out, other, spelt])
    assert ["accepted_on" in row.filled for row in (out, other, spelt)] == [True, False, False]
    assert out.get("accepted_on") is None


def _role(person: str, role: str, document: str, day: date | None = None) -> Made:
    values = {"person_id": person, "role": role, **({"accepted_on": day} if day is not None else {})}
    return Made("role", f"{person} {role}", values, set(values), "files", artefact=document)
