"""Conditions: what they are understood as, and everything that they are refused for."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import Location, RuleError
from auditor.model.schema import TABLES
from auditor.model.types import Kind
from auditor.rulebook import expression as ir
from auditor.rulebook.condition import DEEPEST, LONGEST, Context, Language, analyse
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Param

LANGUAGE = Language(
    terms={
        "is_high": Term(name="is_high", parameters={"score": "integer"}, sentence="s", expression="score >= 20"),
        "loop": Term(name="loop", parameters={}, sentence="s", expression="loop()"),
        "sure": Term(name="sure", parameters={"x": "any"}, sentence="s", expression="coalesce(x, 'a') = 'a'", absorbs_unknown="why"),
    },
    views={
        "open_risk": View(name="open_risk", sentence="s", columns={"score": "integer"}, select="select 1 from risk", known_when=["risk"])
    },
    events={"start": Event(name="start", sentence="s", expression="project.start_on")},
)
PARAMS = {
    "top": Param(type="integer", default=20),
    "codes": Param(type="list", default=["a", "b"]),
    "rows": Param(type="table", default=[]),
    "like": Param(type="pattern", default="x"),
}
RISK = Context(LANGUAGE, "risk", params=PARAMS)
PROJECT = Context(LANGUAGE, params=PARAMS)


def understood(text, context=RISK, **more):
    return analyse(text, context, **more)


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("score >= $top", set()),
        ("risk.score between 1 and 5", set()),
        ("title in $codes", set()),
        ("matches(title, $like)", set()),
        ("exists (from issue where issue.status = 'open')", {"issue"}),
        ("exists (select 1 from issue)", {"issue"}),
        ("(select max(open_risk.score) from open_risk) > 3", {"risk"}),
        ("exists (from risk at today where risk_id_ = 1)", None),
        ("linked('mitigates', 'work_item')", {"link"}),
        ("exists_product('x')", {"product", "candidate"}),
        ("same_person(owner_id, actionee_id)", {"person"}),
        ("is_high(score) and sure(title)", set()),
        ("happened_by(event('start'), due_on)", {"project"}),
        ("project.phase = 'closing'", {"project"}),
        ("working_days(due_on, today) > 3", {"calendar_day"}),
        ("due_on + 5 > date '2026-06-30'", set()),
        ("exists (from all_risk other where other.id = risk.id)", {"risk"}),
        ("exists (from risk_history h where day(h.valid_from) < risk.due_on)", {"risk"}),
    ],
)
def test_understood(text, tables):
    if tables is None:
        with pytest.raises(RuleError):
            understood(text)
        return
    found = understood(text)
    assert found.kind is Kind.BOOLEAN
    assert found.tables == tables


@pytest.mark.parametrize("table", TABLES)
def test_a_condition_may_begin_with_any_table_and_column(table):
    """Some are called like statements of SQL: `comment`."""
    named = [
        f"filled({table}.id)",
        f"{table}.id = 'x'",
        *(f"{name} = {name}" for name in ("comment", "status") if name in TABLES[table].by_name),
    ]
    for text in named:
        assert analyse(text, Context(Language(), table)).kind is Kind.BOOLEAN


def test_equal_parts_are_equal_wherever_they_stand():
    left, right = (understood(text).node for text in ("score >= 20 and filled(title)", "  filled ( title )  "))
    assert isinstance(left, ir.And)
    assert left.items[1] == right
    assert hash(left.items[1]) == hash(right)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("scor > 1", "unknown column 'scor'", "did you mean 'score'?"),
        ("risk.scor > 1", "risk has no column 'scor'", "did you mean 'score'?"),
        ("rsk.score > 1", "nothing is called 'rsk'", "did you mean 'risk'?"),
        ("phase = 'closing'", "unknown column 'phase'", "project.phase"),
        ("score > $tp", "unknown parameter '$tp'", "did you mean 'top'?"),
        ("exists (from isue)", "unknown table or view 'isue'", "did you mean 'issue'?"),
        ("status = 'aproved'", "no value of risk.status", "did you mean 'approved'?"),
        ("fild(title)", "unknown term or function 'fild'", "did you mean 'filled'?"),
        ("happened_by(event('strt'), due_on)", "unknown event 'strt'", "did you mean 'start'?"),
        ("phase_reached('closng')", "unknown phase 'closng'", "did you mean 'closing'?"),
        ("linked('mitigate', 'work_item')", "unknown kind of link", "did you mean 'mitigates'?"),
        ("reviewed_on < project.phase", "compared with", None),
        ("score > title", "compared with", None),
        ("due_on > '2026-01-01'", "compared with", "date '2026-06-30'"),
        ("owner_id = actionee_id", "persons are not compared as texts", "same_person"),
        ("title > 'a'", "has no order", None),
        ("due_on - identified_on > 3", "is no sum", "days(a, b)"),
        ("score / 2 > 1", "division is refused", "ratio(a, b)"),
        ("title is null", "refused in conditions", "filled"),
        ("title is not null", "refused in conditions", "filled"),
        ("coalesce(title, 'x') = 'x'", "refused in conditions", "absorbs_unknown"),
        ("greatest(score, 1) > 2", "refused in conditions", "absorbs_unknown"),
        ("case when true then true end", "refused in conditions", "absorbs_unknown"),
        ("title is distinct from 'x'", "refused in conditions", None),
        ("title = null", "always unknown", "filled"),
        ("score", "this is a whole number", None),
        ("score > $codes", "is a list", "in $codes"),
        ("score > $rows", "is a table", None),
        ("exists (from issue where exists (from role))", "a sub-query in a sub-query", "view"),
        ("exists (from risk where score > 3)", "already means the subject", "from risk other"),
        ("exists (from risk other where score > 3)", "is a column of", "other.score"),
        ("(select avg(score) from open_risk) > 1", "a sub-query that stands for a value", None),
        ("(select count(score) from open_risk) > 1", "only count(*)", None),
        ("exists (from issue order by id)", "'order' is refused", None),
        ("exists (from issue limit 1)", "'limit' is refused", None),
        ("exists (from issue join role on true)", "one table or view by its name", None),
        ("exists (from product at today)", "product has no history", None),
        ("project_id = 'Q'", "one project only", None),
        ("exists (from issue where issue.project_id = 'Q')", "one project only", None),
        ("loop()", "uses itself", None),
        ("is_high(title)", "'score' of is_high is integer", None),
        ("is_high(1, 2)", "has 1 argument", None),
        ("score > 1e9", "no number that can be compared exactly", None),
        ("matches(title, '(?=x)')", "look-around", None),
        ("matches(title, description)", "a literal or a parameter", None),
        ("matches(title, '(')", "cannot be read", None),
        ("day(due_on) = today", "not a day", "it is a day already"),
        ("created_at = 1", "unknown column", None),
        ("", "there is no condition", None),
        ("score >", "this is no condition", None),
    ],
)
def test_refused_with_a_hint(text, message, hint):
    with pytest.raises(RuleError) as caught:
        understood(text)
    assert message in caught.value.message
    if hint is not None:
        assert hint in (caught.value.hint or "")


HOSTILE = [
    "exists (select * from read_csv('/etc/passwd'))",
    "exists (from '/etc/passwd')",
    "exists (from read_text('/etc/passwd'))",
    "exists (from information_schema.tables)",
    "exists (from duckdb_settings())",
    "exists (from main.risk)",
    "exists (from _project)",
    "exists (from _known)",
    "exists (with x as (select 1) select * from x)",
    "exists (select 1 union select 2)",
    "exists (values (1))",
    "exists (from issue, role)",
    "exists (from issue tablesample 10%)",
    "exists (from generate_series(1, 1000000000))",
    "length(repeat(title, 1000000000)) > 1",
    "levenshtein(title, description) > 1",
    "range(300000000) is null",
    "getenv('HOME') = 'x'",
    "current_setting('x') = 'y'",
    "now() > today",
    "random() > 0",
    "title ~ 'x'",
    "regexp_matches(title, '(a+)+')",
    "title similar to 'x'",
    "list_filter([1], x -> x > 1) = [1]",
    "title::integer = 1",
    "cast(title as integer) = 1",
    "score = ?",
    "score = ?1",
    "(select 1) = 1",
    "score = any(select 1)",
    "title collate nocase = 'x'",
    "score in (select unnest([1, 2]))",
    "{'a': 1}.a = 1",
    "[1, 2][1] = 1",
    "columns(*) = 1",
    "risk.* = 1",
    "a.b.c.d = 1",
    "true; drop table risk",
    "drop table risk",
    "copy risk to 'x'",
    "attach 'x'",
    "select 1",
    "score > 1 -- ' or true",
    "1 = 1 order by 1",
    "title = 'x' and true)",
    "((((score > 1)",
    "\x00",
    "score > 1 /* " + "*/ or true",
    "(" * (DEEPEST + 1) + "true" + ")" * (DEEPEST + 1),
    "not " * 5_000 + "true",
    " and ".join(["score > 1"] * 300),
    "x" * (LONGEST + 1),
    "row_number() over () = 1",
    "count(*) > 1",
    "exists (from issue) filter (where true)",
    "lower(distinct title) = 'x'",
    "rowid = 1",
    "unknown",
]
HARMLESS = {"score > 1 -- ' or true", "score > 1 /* */ or true"}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile(text):
    """Refused; or, where a comment is all there is, understood without it."""
    if text in HARMLESS:
        assert understood(text).tables == set()
        return
    with pytest.raises(RuleError):
        understood(text)


def test_the_place_of_a_mistake():
    with pytest.raises(RuleError) as caught:
        understood("score > 1 and scor > 2", at=lambda offset: Location("f.yaml", 1, offset + 1))
    assert caught.value.at == Location("f.yaml", 1, 15)


PIECES = [*"abcdefgrisk.scoe ()'=<>$,*+-;\"0123456789", " and ", " or ", "exists (from ", "select ", "score", "issue", "filled("]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_understood_or_refused(text):
    try:
        understood(text)
    except RuleError as error:
        assert error.message  # noqa: PT017  (either answer is right; a crash is not)


def _doubling(levels: int) -> Language:
    """Return words of which each names the one before it twice."""
    terms = {"t0": Term(name="t0", parameters={"x": "text"}, sentence="s", expression="x = 'a'")}
    for number in range(1, levels):
        expression = f"t{number - 1}(x) or t{number - 1}(x)"
        terms[f"t{number}"] = Term(name=f"t{number}", parameters={"x": "text"}, sentence="s", expression=expression)
    terms["twice"] = Term(name="twice", parameters={"x": "boolean"}, sentence="s", expression="x or x")
    return Language(terms)


def test_words_that_grow_without_end_are_refused():
    """A vocabulary cannot make a condition so large that it is never read."""
    words = _doubling(40)
    assert analyse("t5(risk.title)", Context(words, "risk")).kind is Kind.BOOLEAN
    begin = time.monotonic()
    for text in ("t15(risk.title)", "t39(risk.title)", "twice(" * 15 + "risk.is_escalated" + ")" * 15):
        with pytest.raises(RuleError, match="once its terms are written out|nested too deeply"):
            analyse(text, Context(words, "risk"))
    nested = "add_working_days(" * 25 + "today" + ", 1)" * 25
    assert analyse(f"{nested} > today", Context(words, "risk")).kind is Kind.BOOLEAN
    assert time.monotonic() - begin < 20
