"""Raw store → snapshot. The same raw content, settings and words give the same bytes.

One project at a time is in memory: its places are read, its documents recognised, its rows given their identity, and what is complete
is settled. Only the load of people sees all projects together.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from auditor.config.settings import Settings, Source
from auditor.connect.scans import pages_without_text
from auditor.errors import StoreError
from auditor.model.schema import TABLES
from auditor.rulebook.recognition import CORE
from auditor.snapshot.accounts import closed_accounts
from auditor.snapshot.artefacts import STATED, Doc, choose_kinds, is_periodic, mark_current, rows_of, standard_of, unread_row
from auditor.snapshot.changes import issues_of_changes
from auditor.snapshot.coverage import Claims, choose_records, completeness_rows, coverage_rows, edits_known, mark_plans, mark_records
from auditor.snapshot.deciders import name_deciders
from auditor.snapshot.documents.confirm import READ_AS, TOLD_BY
from auditor.snapshot.documents.found import Kept
from auditor.snapshot.documents.kinds import DOUBT, SURE, best_kind
from auditor.snapshot.documents.matters.gates import CHECKLISTS
from auditor.snapshot.documents.matters.minutes import AGENDA, MINUTES
from auditor.snapshot.documents.read import DocumentWords, detail_words
from auditor.snapshot.editions import TOLD_OF_EDITS, history_begins
from auditor.snapshot.entries import MappingReport
from auditor.snapshot.followed import follow_actions
from auditor.snapshot.held_roles import settle_agreements, settle_held_roles
from auditor.snapshot.hidden import hides
from auditor.snapshot.history import SUFFIX, history_rows, stored
from auditor.snapshot.infer import KNOWN, Inferred, infer_edition, infer_end, infer_methodology, infer_outsourced, infer_phase, infer_size
from auditor.snapshot.likeness import mark_findings, mark_likeness, name_changes_worked_on
from auditor.snapshot.load import PersonLoad
from auditor.snapshot.match import matches
from auditor.snapshot.measured import missed_measures, tolerated
from auditor.snapshot.mentions import mentions
from auditor.snapshot.missed import missed_results
from auditor.snapshot.moved import moved_milestones
from auditor.snapshot.organisation import organisation_rows
from auditor.snapshot.overspent import overspent_lines
from auditor.snapshot.people import Aliases, load_people, settle_people
from auditor.snapshot.places import Part, ProjectPlaces, projects_of
from auditor.snapshot.products import (
    RegisterKinds,
    approvals_elsewhere,
    doubt_first_approvals,
    mark_product_records,
    products_and_candidates,
    register_kinds,
    tool_products,
)
from auditor.snapshot.progress import Progress, Step, silent
from auditor.snapshot.raw import PullState, RawStore, Seen, has_raw
from auditor.snapshot.reading import read_part
from auditor.snapshot.references import change_links, settle_references
from auditor.snapshot.repeats import mark_repeats
from auditor.snapshot.review import Review, load_review
from auditor.snapshot.row_kinds import STAGED, settle_kinds, settle_open_issues
from auditor.snapshot.rows import Made, digest_id
from auditor.snapshot.sprints import settle_sprints
from auditor.snapshot.stages import choose_packages, choose_stages, plans_of_stages, settle_package_stages, settle_stages, spread_allowances
from auditor.snapshot.store import Snapshot, publish_rows
from auditor.snapshot.tool_gates import gates_of_tools
from auditor.snapshot.unbacked import mark_unbacked
from auditor.snapshot.unknown_ids import uncited_decisions, unknown_ids

_STATED = (
    "artefact_property",
    "section",
    "listed_item",
    "approval",
    "artefact_version",
    "baseline",
    "distribution",
    "role",
    "gate",
    "stage",
    "meeting",
    "attendance",
    "report",
    "project_parameter",
    "comment",
)
"""What documents may state besides registers: complete when every document was read."""
_NOT_OF_PRINCE2 = frozenset({"quality_review_report"})
"""Reports that PRINCE2 does not have: records of reviews may look like one, and hide no report of the method."""
_PAPERS = (
    MINUTES
    | AGENDA
    | CHECKLISTS
    | {"deliverables_acceptance_note", "project_acceptance_note", "operations_acceptance", "outsourcing_records"}
)
"""What is signed and filed."""
_NO_DOCUMENT = frozenset({"not_a_document", "empty"})
_WITH_ROLES = frozenset({"role", "listed_item", "attendance", "approval"})
_MOST_COUNTED = 200


@dataclass(slots=True)
class _Report:
    """What a person should know about the making of the snapshot."""

    types: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    homeless: Counter[str] = field(default_factory=Counter)  # source → things of no project
    proposals: list[dict[str, str]] = field(default_factory=list)
    assumed: dict[str, dict[str, str]] = field(default_factory=dict)  # project → register or kind → source

    def unmapped(self) -> dict[str, dict[str, int]]:
        """Return the commonest of what no table took."""
        said = {"types": self.types, "fields": self.fields, "values": self.values, "outside_projects": self.homeless}
        return {
            name: dict(sorted(counts.most_common(), key=lambda item: (-item[1], item[0]))[:_MOST_COUNTED]) for name, counts in said.items()
        }


def build_snapshot(
    settings: Settings,
    words: DocumentWords,
    *,
    progress: Progress | None = None,
    aliases: Aliases | None = None,
    review: Review | None = None,
) -> Snapshot:
    """Make the snapshot of what was pulled and publish it; `latest` names it from then on.

    Args:
        settings: sources, projects, time zone.
        words: what the packs say about documents.
        progress: told about each project.
        aliases: confirmed aliases of people; None: those of `people.yaml`.
        review: corrections of recognition; None: those of `recognition-review.yaml`.

    Raises:
        StoreError: nothing was pulled yet, or the store cannot be read or written.
        UsageError: `people.yaml`, the review or an organisation's file is wrong (or an ExceptionGroup of those).
    """
    building = _Building(
        settings,
        words,
        progress or silent,
        load_people(settings.people_file) if aliases is None else aliases,
        load_review(settings.review_file) if review is None else review,
    )
    return building.run()


class _Building:
    def __init__(self, settings: Settings, words: DocumentWords, progress: Progress, aliases: Aliases, review: Review) -> None:
        self._settings = settings
        self._words = words
        self._progress = progress
        self._aliases = aliases
        self._review = review
        self._report = _Report()

    def run(self) -> Snapshot:
        settings = self._settings
        with ExitStack() as stack:
            raws = {
                source.name: stack.enter_context(RawStore(settings.store.path, source.name))
                for source in settings.sources
                if has_raw(settings.store.path, source.name)
            }
            states = {name: state for name, raw in raws.items() if (state := raw.last_pull()) is not None}
            if not states:
                raise StoreError(f"{settings.store.path}: nothing was pulled yet", hint="run `auditor pull` first")
            as_of = max(state.started_at for state in states.values()).astimezone(settings.store.zone).date()
            places = {source.name: _places_in_scope(source, raws[source.name]) for source in settings.sources if source.name in raws}
            projects, notes = projects_of(settings, places, lambda name, place: (key for key, _, _ in raws[name].digest(place)))
            self._count_homeless(raws)
            rows = self._rows(projects, raws, states, as_of)
            return publish_rows(settings.store.path, rows, lambda: self._manifest(as_of, raws, places, states, notes))

    def _rows(
        self, projects: Sequence[ProjectPlaces], raws: dict[str, RawStore], states: dict[str, PullState], as_of: date
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (file, row) of every project, then of the organisation."""
        load = PersonLoad()
        for number, project in enumerate(projects):
            self._progress(Step("map", place=project.id, done=number, total=len(projects)))
            building = _Project(project, self._settings, self._words, self._aliases, self._review, self._report, as_of)
            rows = [*building.rows(raws, states)]
            load.add(rows)
            for made in rows:
                yield made.table, made.row(project.id)
            for name, made, begin, end in building.history(rows):
                yield name + SUFFIX, stored(made, project.id, begin, end)
        for made in (*organisation_rows(self._settings.organisation_folder), *load.rows()):
            yield made.table, made.row(None)
        self._progress(Step("write", done=len(projects), total=len(projects)))

    def _count_homeless(self, raws: dict[str, RawStore]) -> None:
        for name, raw in sorted(raws.items()):
            if self._settings.source(name).mapping is None:
                self._report.homeless[name] += sum(1 for _, _, is_gone in raw.digest("") if not is_gone)
        self._report.homeless += Counter()

    def _manifest(
        self,
        as_of: date,
        raws: dict[str, RawStore],
        places: dict[str, tuple[str, ...]],
        states: dict[str, PullState],
        notes: tuple[str, ...],
    ) -> dict[str, Any]:
        report = self._report
        return {
            "as_of": as_of.isoformat(),
            "time_zone": self._settings.store.time_zone,
            "created_from": {name: _digest([raw.digest(place) for place in ("", *places[name])]) for name, raw in sorted(raws.items())},
            "recognition": self._words.digest,
            "sources": {
                name: {"pulled_at": state.started_at.isoformat(), "error_kind": state.error_kind, "error": state.error}
                for name, state in sorted(states.items())
            },
            "unmapped": report.unmapped(),
            "notes": list(notes),
            "people_proposals": report.proposals,
            "assumed_records": dict(sorted(report.assumed.items())),
        }


def _places_in_scope(source: Source, raw: RawStore) -> tuple[str, ...]:
    return tuple(place for place in raw.places() if place and (not source.places or place in source.places))


def _digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()[:16]


class _Project:
    """The making of one project."""

    def __init__(
        self,
        project: ProjectPlaces,
        settings: Settings,
        words: DocumentWords,
        aliases: Aliases,
        review: Review,
        report: _Report,
        as_of: date,
    ) -> None:
        self._project = project
        self._settings = settings
        self._words = words
        self._aliases = aliases
        self._review = review
        self._report = report
        self._as_of = as_of
        self._made: list[Made] = []
        self._docs: list[Doc] = []
        self._kept: list[tuple[Doc, Kept]] = []
        self._unread: list[tuple[str, Any, Seen]] = []
        self._claims = Claims()
        self._document_sources: set[str] = set()
        self._tool_sources: set[str] = set()
        self._failed: dict[str, str] = {}  # source → why its part of this project is not complete
        declared = project.declared.columns if project.declared else {}
        self._zone = ZoneInfo(str(declared.get("time_zone") or settings.store.time_zone))
        self._declared = dict(declared)
        self._is_there = False
        self._method: str | None = None  # standard of its methodology
        self._pulled_at = datetime.max.replace(tzinfo=UTC)
        self._declared_records = dict(project.declared.record) if project.declared else {}

    def rows(self, raws: dict[str, RawStore], states: dict[str, PullState]) -> Iterable[Made]:
        """Return all rows of the project."""
        mine = {part.source.name for part in self._project.parts} & states.keys() or states.keys()
        self._pulled_at = max(states[name].started_at for name in mine)
        for part in self._project.parts:
            self._read_part(part, raws[part.source.name], states[part.source.name])
        self._claim_missing(raws, states)
        methodology = self._methodology()
        known = methodology.value if methodology is not None and methodology.confidence >= KNOWN else None
        recognition = self._words.recognition
        wanted = self._method = standard_of(known, recognition)
        choose_kinds(self._docs, self._review, recognition, known)
        mark_current(self._docs)
        kinds = register_kinds(recognition, wanted)
        for source_name in sorted(self._document_sources):
            self._made += rows_of([doc for doc in self._docs if doc.source == source_name], kinds.feeding)
        for source_name, thing, seen in self._unread:
            row, candidates = unread_row(source_name, thing, seen, recognition, wanted)
            self._made += [row, *candidates]
        _same_roles(self._made, recognition.same_roles.get(wanted or "", {}))
        products = [*products_and_candidates(self._docs, wanted, self._made, recognition)]
        products += tool_products(self._made, frozenset(self._tool_sources), kinds)
        self._made += products
        approvals_elsewhere(self._made, products, recognition)
        name_deciders(self._made, detail_words(self._words))
        self._claim_documents(kinds)
        proposals = settle_people(self._made, self._aliases, frozenset(self._document_sources))
        self._report.proposals += [{"project": self._project.id, **proposal} for proposal in proposals]
        settle_held_roles(self._made)
        records = choose_records(self._claims, self._declared_records, kinds.by_table)
        mark_records(self._made, records, kinds.by_table)
        mark_plans(self._made)
        self._made += [*settle_sprints(self._made)]
        if wanted == STAGED:
            choose_stages(self._made)
        settle_kinds(self._made, wanted)
        settle_open_issues(self._made)
        settle_agreements(self._made)
        self._made += [*gates_of_tools(self._made, detail_words(self._words))]
        doubt_first_approvals(self._made, self._docs)
        if wanted == STAGED:
            choose_packages(self._made)
        settle_references(self._made)
        excused = tolerated(self._made, self._docs)
        self._made = [row for row in self._made if row.table != "listed_item" or row.id not in excused]
        self._made += [*missed_results(self._made, self._docs), *missed_measures(self._made, self._docs)]
        self._made += [*closed_accounts(self._made)]
        self._made += [*overspent_lines(self._made, self._docs)]
        self._made += [*moved_milestones(self._made, self._docs, detail_words(self._words))]
        self._made += [*change_links(self._made), *spread_allowances(self._made)]
        if wanted == STAGED:
            settle_package_stages(self._made)
            settle_stages(self._made, self._as_of)
            self._made += [*plans_of_stages(self._made)]
        if wanted == "prince2":
            self._made += issues_of_changes(self._made, self._claims)
        self._claim_no_history()
        assumed = mark_product_records(
            [row for row in products if row.table == "product"], self._claims, records, self._declared_records, kinds
        )
        held = {str(row.get("kind")): row.source for row in reversed(products) if row.table == "product" and row.is_record}
        said = {table: records.sources[table] for table in records.assumed} | {kind: held.get(kind, "") for kind in assumed}
        if said:
            self._report.assumed[self._project.id] = dict(sorted(said.items()))
        self._made.append(self._project_row(methodology))
        self._made += coverage_rows(self._claims, self._made)
        self._made += [*completeness_rows(self._claims, records, self._computed()), *edits_known(self._claims, self._made)]
        mark_repeats(self._made)
        mark_likeness(self._made)
        mark_findings(self._made)
        follow_actions(self._made)
        name_changes_worked_on(self._made)
        mark_unbacked(self._made, detail_words(self._words))
        self._made += [*unknown_ids(self._made, self._docs), *uncited_decisions(self._made)]
        self._made += [*mentions(self._made, self._docs, recognition.looked_for.get(wanted or "", ()))]
        self._made += matches(self._made)
        return _distinct(self._made)

    def history(self, rows: Sequence[Made]) -> Iterator[tuple[str, Made, datetime, datetime | None]]:
        """Yield how the rows were: (table, row, valid_from, valid_to)."""
        logged = frozenset(key for key, claim in self._claims.by_key.items() if claim.history_from is not None)
        return history_rows(rows, logged, self._zone, frozenset(self._declared))

    # Reading

    def _read_part(self, part: Part, raw: RawStore, state: PullState) -> None:
        source = part.source
        walk = raw.walk(part.place)
        reason = ""
        if walk is None:
            reason = state.error_kind or "not_walked"
        elif not walk.walked.is_complete:
            reason = walk.walked.reason or "incomplete"
        elif walk.is_stale:
            reason = state.error_kind or "not_walked"
        if reason:
            self._failed.setdefault(source.name, reason)
        read = read_part(part, raw, self._words, self._zone)
        (self._document_sources if source.mapping is None else self._tool_sources).add(source.name)
        self._is_there |= read.is_there
        self._made += read.made
        self._docs += read.docs
        self._unread += [(source.name, thing, met) for thing, met in read.unread]
        self._report.types.update(f"{source.name}: {name}" for name in read.strange)
        if read.report is not None:
            self._count(source.name, read.report)
        for said in read.filled:
            claim = self._claims.of(source.name, said.table)
            claim.join(said.columns, is_complete=said.is_complete, history_from=said.history_from, reason=said.reason)
            claim.changed_at = max(filter(None, (claim.changed_at, read.changed.get(said.table))), default=None)
            if reason:
                claim.fail(reason)
            if said.table == "artefact" and not said.is_complete:
                # Documents that nobody is shown may be any product, and hold any register.
                self._failed.setdefault(source.name, said.reason or "incomplete")

    def _count(self, source: str, report: MappingReport) -> None:
        self._report.types.update({f"{source}: {name}": count for name, count in report.unmapped_types.items()})
        self._report.fields.update({f"{source}: {table}: {name}": count for (table, name), count in report.unmapped_fields.items()})
        self._report.values.update(
            {f"{source}: {table}.{name}: {word}": count for (table, name, word), count in report.unmapped_values.items()}
        )

    def _claim_missing(self, raws: dict[str, RawStore], states: dict[str, PullState]) -> None:
        """Note what `[[project]]` names and no pull ever met."""
        if self._project.declared is None:
            return
        met = {(part.source.name, part.below.rstrip("/") or part.place) for part in self._project.parts}
        for source in self._settings.sources:
            for place in self._project.declared.places.get(source.project_key, ()):
                if (source.name, place) in met:
                    continue
                if any(name != source.name and found == place for name, found in met):
                    continue  # another source of this kind holds it
                state = states.get(source.name)
                reason = (state.error_kind if state else "") or ("not_found" if source.name in raws else "not_pulled")
                self._failed.setdefault(source.name, reason)
                self._claims.of(source.name, "artefact" if source.mapping is None else "work_item").fail(reason)

    # Documents

    def _claim_documents(self, kinds: RegisterKinds) -> None:
        """State what the documents of each source fill, and whether all of it could be read."""
        doubts: dict[str, set[tuple[str, str]]] = defaultdict(set)
        # A doubt about a section of a known document hides no rows: the document was read. One about the whole document may.
        sure = {(doc.source, doc.path) for doc in self._docs if doc.products}
        for row in self._made:
            if row.table == "candidate" and not row.is_gone and (row.source, row.get("path")) not in sure:
                doubts[row.source].add((str(row.get("kind")), str(row.get("path"))))
        registered = frozenset().union(*kinds.by_table.values())
        told_of = {row.table for row in self._made if not row.is_gone} if self._unread else set()
        if self._unread and "gate" not in told_of:
            told_of |= {row.table for row in gates_of_tools(self._made, detail_words(self._words))}
        for source in sorted(self._document_sources):
            docs = [doc for doc in self._docs if doc.source == source and doc.seen.gone_at is None]
            unread = [thing for name, thing, _ in self._unread if name == source and thing.reason not in _NO_DOCUMENT]
            changed = max((doc.record.changed_at for doc in docs if doc.record.changed_at is not None), default=None)
            columns: dict[str, set[str]] = defaultdict(set)
            for row in self._made:
                if row.source == source and not row.is_gone:
                    columns[row.table] |= row.filled
            cut = {kept.table for doc in docs for kept in doc.read.kept if not kept.is_complete and doc.is_current}
            registers = {kept.table for doc in docs for kept in doc.read.kept}
            read = {(kept.table, doc.path) for doc in docs for kept in doc.read.kept}
            for doc in docs:
                for kept in doc.read.kept:
                    columns[kept.table] |= kept.columns
            registers |= {table for table in columns if TABLES[table].is_register}
            begins = history_begins(self._made, source, self._zone)
            told = self._told_by_issues(registers) - registers
            # A file that could not be read and whose name tells nothing may hold any register.
            unknown = {thing.path for thing in unread}
            known: dict[str, set[str]] = defaultdict(set)
            for doc in docs:
                if doc.kind is not None and not is_periodic(doc):
                    known[doc.kind] |= {str(said) for name in STATED if (said := doc.values.get(name)) is not None}
            may_be: dict[str, set[str]] = defaultdict(set)
            for kind, path in doubts[source]:
                may_be[path].add(kind)
            hidden = [
                hides(
                    thing.path,
                    thing.reason,
                    may_be[thing.path],
                    known,
                    registered,
                    pages=pages_without_text(thing.error),
                    papers=_PAPERS,
                    told=told_of,
                )
                for thing in unread
            ]
            for table in ("artefact", *_STATED, *sorted(registers | told | {"person"} & columns.keys())):
                keeper = "issue" if table in told else table
                claim = self._claims.of(source, table)
                begun = begins[table].isoformat() if table in begins else None
                claim.join(columns.get(table, set()), is_complete=True, history_from=begun, reason="")
                claim.changed_at = changed
                if source in self._failed:
                    claim.fail(self._failed[source])
                if keeper in cut:
                    claim.fail("cut_off")
                if TABLES[table].is_register:
                    feeding = kinds.feeding.get(table, frozenset()) | kinds.feeding.get(keeper, frozenset())
                    # A document of which it is only doubtful what else it is hides no rows of a table that were read from it.
                    claim.doubts = len({path for kind, path in doubts[source] if kind in feeding and (keeper, path) not in read})
                    if claim.doubts:
                        claim.fail("low_confidence")
                    if any(thing.registers or (thing.tables is not None and table in thing.tables) for thing in hidden):
                        claim.fail("file_unreadable")
                    continue
                said = TOLD_BY.get(table, frozenset()) - (_NOT_OF_PRINCE2 if self._method == "prince2" else frozenset())
                # Of a log whose rows were read nothing is in doubt but what else the document is.
                paths = {doc.path for doc in docs if said and _may_be(doc, table, said - _read_as(doc, kinds), self._review)}
                claim.doubts = len(paths | {path for kind, path in doubts[source] if kind in said and path in unknown})
                if any(thing.tables is None or table in thing.tables for thing in hidden):
                    claim.fail("file_unreadable")
                if claim.doubts:
                    claim.fail("low_confidence")

    def _told_by_issues(self, registers: set[str]) -> set[str]:
        """Return the register that PRINCE2 keeps within that of issues, requests for change, where the documents hold issues only.

        It is known as far as the issues are: what hides some of these hides it too.
        """
        is_one = "issue" in registers and self._method == "prince2" and not self._tool_sources and len(self._document_sources) == 1
        return {"change_request"} - {claim.table for claim in self._claims.by_key.values()} if is_one else set()

    def _claim_no_history(self) -> None:
        """State that of registers in documents the past is not known, but where their repository keeps every edition of every row.

        That nothing is recorded of a row says nothing then.
        """
        registers = {table.name for table in TABLES.values() if table.is_register and table.has_history}
        held: dict[str, set[str]] = defaultdict(set)
        for row in self._made:
            if row.table in registers and row.is_record and not row.is_gone:
                held[row.source].add(row.table)
        for source in sorted(self._document_sources & held.keys()):
            claims = [claim for table in sorted(held[source]) if (claim := self._claims.known(source, table)) is not None]
            starts = [claim.history_from for claim in claims if claim.history_from is not None]
            is_told = len(starts) == len(held[source])
            failed = next((claim.reason for claim in claims if not claim.is_complete), "")
            self._claims.of(source, "history_entry").join(
                TOLD_OF_EDITS if is_told else (),
                is_complete=is_told and not failed,
                history_from=max(starts) if is_told else None,
                reason=failed if is_told else "no_history",
            )

    def _computed(self) -> dict[str, tuple[bool, str]]:
        """Return whether the tables that are made here rest on everything there is."""
        artefacts = self._claims.about("artefact")
        failed = next((reason for _, reason in sorted(self._failed.items())), "")
        walked = failed or ("" if artefacts else "no_data")
        unread = next((claim.reason for claim in self._claims.about("section") if not claim.is_complete), "")
        return {
            "product": (not walked, walked),
            "candidate": (not walked, walked),
            "unreadable": (not failed, failed),
            "match": (not (failed or unread), failed or unread),
            "mention": (not (failed or unread), failed or unread),
            "unknown_id": (not (failed or unread), failed or unread),
            "project": (True, ""),
            "coverage": (True, ""),
            "completeness": (True, ""),
        }

    # The project itself

    def _methodology(self) -> Inferred | None:
        declared = self._declared.get("methodology")
        if declared is not None:
            return Inferred(str(declared), "declared", Decimal(1))
        return infer_methodology([doc for doc in self._docs if doc.seen.gone_at is None], self._made, self._words.recognition)

    def _project_row(self, methodology: Inferred | None) -> Made:
        stated = [row for row in self._made if row.table == "project" and not row.is_gone]
        self._made[:] = [row for row in self._made if row.table != "project"]
        first = stated[0] if stated else None
        made = Made(
            "project",
            self._project.id,
            {},
            set(),
            first.source if first else (self._project.parts[0].source.name if self._project.parts else "auditor.toml"),
            first.url if first else (self._docs[0].record.url.rpartition("/")[0] if self._docs else self._settings.file.as_uri()),
            first.locator if first else "",
            first.record_version if first else "",
            first.content_hash if first else "",
            first.seen_at if first else self._pulled_at,
        )
        made.is_gone = not self._is_there and not self._failed and self._project.declared is None
        for row in sorted(stated, key=lambda row: (not row.is_record, row.source, row.id, row.locator)):
            for column in sorted(row.filled):
                if made.values.get(column) is None:
                    made.put(column, row.get(column))
                    if (raw := row.values.get(f"{column}_raw")) is not None:
                        made.values[f"{column}_raw"] = raw
        for column, value in self._declared.items():
            made.put(column, value)
        if made.values.get("key") is None:
            made.put("key", self._project.id)
        if made.values.get("name") is None:
            made.put("name", self._project.id)
        made.put("time_zone", str(self._zone))
        phase = infer_phase(self._made, self._as_of, self._docs)
        size = infer_size(made.values)
        for column, inferred in (("methodology", methodology), ("phase", phase), ("size", size)):
            self._trait(made, column, inferred)
        if made.values.get("methodology_edition") is None and (method := made.values.get("methodology")) is not None:
            docs = [doc for doc in self._docs if doc.seen.gone_at is None]
            if (edition := infer_edition(docs, str(method), self._words.recognition)) is not None:
                made.put("methodology_edition", edition)
        if made.values.get("is_outsourced") is None and (outsourced := infer_outsourced(self._made, self._docs)) is not None:
            made.put("is_outsourced", outsourced)
        if made.values.get("end_on") is None and (ended := infer_end(self._made, self._docs, self._as_of)) is not None:
            made.put("end_on", ended)
        if "is_agile" not in made.filled and methodology is not None and methodology.confidence >= KNOWN:
            made.put("is_agile", methodology.value.endswith("_agile") or methodology.value in {"scrum", "kanban"})
        return made

    def _trait(self, made: Made, column: str, inferred: Inferred | None) -> None:
        """Fill phase, methodology or size with what was declared, else stated, else inferred; with basis and confidence."""
        if column in self._declared:
            inferred = Inferred(str(self._declared[column]), "declared", Decimal(1))
        elif made.values.get(column) is not None:
            inferred = Inferred(str(made.values[column]), "artefact", Decimal("0.9"))
        made.filled -= {column, f"{column}_basis", f"{column}_confidence"}
        made.values.pop(column, None)
        if inferred is None:
            return
        made.put(f"{column}_basis", inferred.basis)
        made.put(f"{column}_confidence", inferred.confidence)
        made.values[f"{column}_raw"] = inferred.value
        if inferred.confidence >= KNOWN:
            made.put(column, inferred.value)


def _same_roles(rows: Iterable[Made], same: Mapping[str, str]) -> None:
    """Give roles in the words of another method the id that they have in the project's own, unless the project has that role besides."""
    held = {str(row.get("role")) for row in rows if row.table in {"role", "listed_item"} and not row.is_gone and row.get("role")}
    same = {other: own for other, own in same.items() if own not in held}
    for row in rows:
        if row.table in _WITH_ROLES and (own := same.get(str(row.get("role")))) is not None:
            row.put("role", own)


def _read_as(doc: Doc, kinds: RegisterKinds) -> frozenset[str]:
    """Return the kinds of the registers whose rows were read from a document, and of what its parts surely are."""
    parts = {part.kind for part in doc.read.products if part.confidence >= SURE}
    return frozenset(parts).union(*(kinds.by_table.get(kept.table, frozenset()) for kept in doc.read.kept))


def _may_be(doc: Doc, table: str, kinds: frozenset[str], review: Review) -> bool:
    """Say whether a document may be of one of *kinds*, was not read as such, and would hold rows of *table* that were not read."""
    best = best_kind(doc.read.guesses)
    told = best.kind if best is not None and best.confidence >= SURE else None
    corrected = review.kind(doc.source, doc.path)
    if corrected is not None:
        return corrected in kinds and corrected != told  # said after it was read
    if told is not None or any(guess.standard == CORE and guess.confidence >= SURE for guess in doc.read.guesses):
        return False
    return any(
        guess.kind in kinds and guess.confidence >= DOUBT and (guess.kind not in READ_AS or table in doc.read.hidden.get(guess.kind, ()))
        for guess in doc.read.guesses
    )


def _distinct(rows: Iterable[Made]) -> Iterator[Made]:
    """Yield rows whose ids are unique within project, table and source; the same row met twice once."""
    seen: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in rows:
        key = (row.table, row.source, row.id)
        text = _digest([sorted((name, str(value)) for name, value in row.values.items()), row.locator, row.url])
        if text in seen[key]:
            continue
        if seen[key]:
            row.id = digest_id(row.id, text)
        seen[key].append(text)
        yield row
