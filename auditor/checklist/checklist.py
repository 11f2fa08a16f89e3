"""A checklist for one project: what is built, rendered in each format, filled in by people, and read back."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from auditor.model.row import Frozen

Says = Literal["yes", "no", "partly", "not_applicable"]

State = Literal["evidence", "attested", "to_confirm", "open", "not_applicable"]
"""How a question stands before anybody fills the list in.

evidence: the engine decided it. attested: a person answered before, and what was shown then has not changed. to_confirm: a person
answered, but the answer expired or the evidence changed. open: for people. not_applicable: the rule does not apply, with its reason.
"""


class Shown(Frozen):
    """A piece of evidence, as people read it."""

    text: str  # the sentence of the rule about this subject, or what was found
    place: str = ""  # 'Risk Log.xlsx, Risks!C7'; '' when the source has none
    url: str = ""  # '' when there is no address that a browser may open


class Given(Frozen):
    """An answer that a question already has, or that a person gave in a filled-in list."""

    says: Says
    author: str  # '' when the engine decided
    on: date | None = None  # None: the engine decided
    note: str = ""
    evidence: str = ""
    expires_on: date | None = None


class Question(Frozen):
    """One line of a checklist.

    Attributes:
        id: the rule, or the template's own question; with `subject` the identity of the line.
        rule: None: a question of the template alone, which no rule evaluates.
        subject: the row that the question is about; None: the project, or all subjects of the rule.
        subject_text: for people; '' without a subject.
        text: the question.
        requirement: what the standard asks; '' when the question says it all.
        guidance: why it matters, and what to do when the answer is no.
        cites: where the standard says it, for people ('PM² Guide 3.1, 5.6'); '' when nowhere.
        weight: of the answer in the score; 0: not scored.
        given: None when the question is open.
        contradiction: what the evidence says against the given answer; '' when nothing does.
        why_open: for open questions, why the evidence does not decide ('no source has a risk log'); else ''.
        digest: of what was shown; goes back with the answer and binds it to the evidence.
        language: '' where the texts are in the list's language; 'en' where nobody has translated them yet.
    """

    id: str
    rule: str | None = None
    subject: str | None = None
    subject_text: str = ""
    text: str
    requirement: str = ""
    guidance: str = ""
    cites: str = ""
    weight: int = 1
    state: State
    given: Given | None = None
    contradiction: str = ""
    why_open: str = ""
    evidence: tuple[Shown, ...] = ()
    evidence_count: int = 0  # all of it; `evidence` are the first few
    digest: str | None = None
    language: str = ""


class Group(Frozen):
    """Questions under one heading, as the method groups them."""

    id: str
    title: str
    questions: tuple[Question, ...]
    note: str = ""  # under the heading


class Band(Frozen):
    """A band of a scoring scheme: from this share of the points on."""

    from_percent: int  # 0..100, the lowest band begins at 0
    title: str
    advice: str = ""


class Scheme(Frozen):
    """How a list is scored.

    Attributes:
        points: answer → share of the weight in hundredths; 'not_applicable' is never counted.
        bands: lowest first; empty: no bands.
        explain: answers that need a note ('comply or explain').
    """

    id: str
    title: str
    points: dict[Says, int] = {"yes": 100, "partly": 50, "no": 0}
    bands: tuple[Band, ...] = ()
    explain: tuple[Says, ...] = ("not_applicable",)


class Checklist(Frozen):
    """A list for one project and one occasion.

    Attributes:
        id: 12 hexadecimal digits of everything that it depends on: the same inputs give the same list.
        kind: 'phase-exit:rfp', …, or the organisation's own.
        audit: id of the audit result that it was built from.
        language: of its texts, 'en', 'fr', 'de', …
        traits: what it is tailored to, for people: ('Size', 'small'), ('Phase', 'planning'), …
        left_out: question → why it was tailored away; shown at the end.
        sign_off: roles that sign the list.
        words: fixed words of the list's language that an organisation says itself; the rest: `auditor.checklist.words`.
        untranslated: how many questions stand in English because nobody has translated them.
    """

    id: str
    kind: str
    title: str
    purpose: str = ""
    project: str
    project_title: str
    profile: str
    profile_title: str
    as_of: date
    audit: str
    language: str = "en"
    traits: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    scheme: Scheme
    sign_off: tuple[str, ...] = ()
    words: dict[str, str] = {}
    untranslated: int = 0

    def questions(self) -> Iterator[Question]:
        """Yield every question in the order of the list."""
        for group in self.groups:
            yield from group.questions


class Filled(Frozen):
    """One answer that a person wrote into a list, with where it stands there.

    Attributes:
        place: 'Checklist!F12', 'table 2, row 7', 'line 31': for messages.
    """

    question: str
    subject: str | None
    given: Given
    digest: str | None
    place: str


class Misread(Frozen):
    """Something in a filled-in list that is no valid answer."""

    place: str
    what: str  # what stands there, shortened
    why: str
    hint: str = ""


class SignedOff(Frozen):
    """A signature under a filled-in list."""

    role: str
    person: str
    on: date | None  # None: the list names no day
    place: str


class ReadBack(Frozen):
    """What a filled-in list says."""

    checklist: str  # id of the list
    kind: str
    project: str
    language: str
    filled: tuple[Filled, ...]  # only lines that a person answered or changed, in the order of the file
    misread: tuple[Misread, ...]
    untouched: int  # lines that nobody filled in
    unknown: tuple[Misread, ...] = ()  # lines that people added, which belong to no question
    signed: tuple[SignedOff, ...] = ()
