"""What ties a line of a filled-in list to the question that was asked: marks that travel with the line, wherever people move it.

A mark is one text without line breaks. Its check digits tell a damaged mark from a sound one.

    auditor:q:8c1f03:4a7b…:["PM2-RSK-10","R1","9f2c…"]     a line: check, id of the list, question, subject, digest
    auditor:l:55ab01:{"id": …, "kind": …, "project": …}     the list
"""

import hashlib
import json
import re
from typing import Any

from auditor.checklist.answer_words import says_text
from auditor.checklist.checklist import Checklist, Question, Says
from auditor.model.row import Frozen

_LINE = re.compile(r"auditor:q:([0-9a-f]{6}):([0-9a-f]{1,64}):(\[.*\])", re.DOTALL)
_FIELD = re.compile(r"auditor:f:([0-9a-f]{6}):([0-9a-f]{1,64}):(\[.*\])", re.DOTALL)
_LIST = re.compile(r"auditor:l:([0-9a-f]{6}):(\{.*\})", re.DOTALL)
SAYS: tuple[Says, ...] = ("yes", "no", "partly", "not_applicable")


class LineMark(Frozen):
    """The identity of one line."""

    checklist: str
    question: str
    subject: str | None
    digest: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Question and subject, '' for none: what an answer is about."""
        return self.question, self.subject or ""


class ListMark(Frozen):
    """The identity of a list.

    Attributes:
        lines: how many lines it has: what is missing in a file was deleted.
        explain: answers that need a note.
        says: the words in which the list offers the answers, where they are its own.
    """

    id: str
    kind: str
    project: str
    language: str
    lines: int
    explain: tuple[Says, ...] = ("not_applicable",)
    says: dict[Says, str] = {}


def line_mark(checklist: Checklist, question: Question) -> str:
    """Return the mark of a line."""
    body = _compact([question.id, question.subject, question.digest])
    return f"auditor:q:{_check(checklist.id, body)}:{checklist.id}:{body}"


def line_key(checklist: Checklist, question: Question) -> str:
    """Return 12 hexadecimal digits that stand for a line where a mark is too long: tags of content controls hold 64 characters."""
    return hashlib.sha256(line_mark(checklist, question).encode()).hexdigest()[:12]


def mark_key(text: str) -> str:
    """Return the key (see `line_key`) of a mark."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def list_mark(checklist: Checklist) -> str:
    """Return the mark of a list."""
    mark = ListMark(
        id=checklist.id,
        kind=checklist.kind,
        project=checklist.project,
        language=checklist.language,
        lines=sum(1 for _ in checklist.questions()),
        explain=tuple(checklist.scheme.explain),
        says={says: says_text(checklist, says) for says in SAYS},
    )
    body = _compact(mark.model_dump(mode="json"))
    return f"auditor:l:{_check('', body)}:{body}"


def says_words(mark: ListMark) -> str:
    """Return the answers that a list offers, for messages: 'Yes, No, Partly, Not applicable'."""
    return ", ".join(mark.says.get(says, says.replace("_", " ")) for says in SAYS)


def field_mark(checklist: Checklist, *name: str) -> str:
    """Return the mark of something that concerns the list as a whole: ("filled_by",), ("filled_on",), ("sign", role)."""
    body = _compact(list(name))
    return f"auditor:f:{_check(checklist.id, body)}:{checklist.id}:{body}"


def read_field_mark(text: str) -> tuple[str, ...]:
    """Return the name in a mark of `field_mark`; () when it is none, or damaged."""
    found = _FIELD.fullmatch(text.strip())
    if not found or _check(found[2], found[3]) != found[1]:
        return ()
    values = _parsed(found[3])
    return tuple(values) if isinstance(values, list) and all(isinstance(value, str) for value in values) else ()


def looks_like_mark(text: str) -> bool:
    """Whether a text was a mark once, sound or not."""
    return text.lstrip().startswith("auditor:q:")


def read_line_mark(text: str) -> LineMark | None:
    """Return what a line's mark says; None when it is damaged."""
    found = _LINE.fullmatch(text.strip())
    if not found or _check(found[2], found[3]) != found[1]:
        return None
    values = _parsed(found[3])
    match values:
        case [str(question), str() | None as subject, str() | None as digest]:
            return LineMark(checklist=found[2], question=question, subject=subject, digest=digest)
    return None


def read_list_mark(text: str) -> ListMark | None:
    """Return what a list's mark says; None when it is none, or damaged."""
    found = _LIST.fullmatch(text.strip())
    if not found or _check("", found[2]) != found[1]:
        return None
    values = _parsed(found[2])
    match values:
        case {
            "id": str(id_),
            "kind": str(kind),
            "project": str(project),
            "language": str(language),
            "lines": int(lines),
            "explain": [*explain],
            "says": {**words},
        }:
            return ListMark(
                id=id_,
                kind=kind,
                project=project,
                language=language,
                lines=lines,
                explain=tuple(says for says in SAYS if says in explain),
                says={says: str(words[says]) for says in SAYS if says in words},
            )
    return None


def _compact(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")  # a mark may stand in a comment of HTML or Markdown


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _check(checklist: str, body: str) -> str:
    return hashlib.sha256(f"{checklist}\n{body}".encode()).hexdigest()[:6]
