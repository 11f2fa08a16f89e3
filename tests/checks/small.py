"""Little projects and rules for the tests of the engine."""

from auditor.checks.compile.plan import compile_rules
from auditor.checks.database import memory_database
from auditor.checks.inputs import Plan, ProjectPlan
from auditor.checks.run import check
from auditor.model.schema import TABLES
from auditor.rulebook.condition import Language
from auditor.rulebook.names import Event, Term, View
from auditor.rulebook.rule import Rule


def rule(id_="T-1", **fields):
    """Return a rule about whose texts nobody cares."""
    common = {"title": "t", "requirement": "r", "cites": [], "answers": ["T-1"], "area": "a", "severity": "major"}
    return Rule.model_validate({"id": id_, **common, **fields})


def words(terms=(), views=(), events=()):
    """Return a language with these words."""
    return Language(
        {item["name"]: Term.model_validate(item) for item in terms},
        {item["name"]: View.model_validate(item) for item in views},
        {item["name"]: Event.model_validate(item) for item in events},
    )


def rows(*, of="P", unknown=None, **tables):
    """Return rows of one project; *of*; `unknown` maps tables to columns that no source fills."""
    found = {"project": [{"id": of, "phase": "executing"}]} | tables
    return {
        name: [
            {"project_id": None if name in TABLES and TABLES[name].is_organisational else of}
            | ({"unknown_bits": TABLES[name].bits(tuple((unknown or {}).get(name, ())))} if name in TABLES else {})
            | row
            for row in listed
        ]
        for name, listed in found.items()
    }


def merged(*parts):
    """Return the rows of several projects together."""
    found = {}
    for part in parts:
        for name, listed in part.items():
            found.setdefault(name, []).extend(listed)
    return found


def run(tables, rules, *, language=None, complete=None, plan=None, answers=(), **options):
    """Return (rule, project) → evaluation; every given table is complete unless *complete* says which are."""
    known = complete if complete is not None else [name for name in tables if name in TABLES]
    projects = {row["project_id"] for row in tables["project"]}
    plan = plan or Plan(projects={project: ProjectPlan() for project in projects})
    with memory_database(tables, complete=known) as database:
        checks = compile_rules(rules, language or words())
        return {(item.rule, item.project): item for item in check(database, checks, plan, answers, **options)}


def one(tables, **fields):
    """Return the evaluation of one rule; fields that are no field of a rule are options."""
    options = {
        name: fields.pop(name) for name in ("language", "complete", "plan", "answers", "as_of", "fuse", "evidence_limit") if name in fields
    }
    return run(tables, [rule(**fields)], **options)["T-1", "P"]


def states(found):
    """Return what became of the subjects: `R1 failed, R2 undecided`."""
    return ", ".join(f"{item.subject_id} {item.outcome}" for item in found.evidence)
