"""What a file that could not be read may hide, as far as its name and its kind tell."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import NamedTuple

from auditor.config.mapping import fold
from auditor.snapshot.documents.template import version_in_name
from auditor.snapshot.words import words

_PICTURES = ("image/", "audio/", "video/")
_OF_SIGNING = frozenset({"approval", "distribution"})
_OF_MEETINGS = frozenset({"meeting", "attendance"})
_OF_ITSELF = _OF_SIGNING | {"artefact", "artefact_version", "artefact_property", "baseline"}
_OF_CONTRACTS = (_OF_ITSELF - _OF_SIGNING) | {"agreement"}
_OF_APPOINTMENTS = (_OF_ITSELF - _OF_SIGNING) | {"role", "authority", "absence"}
_OF_OTHER_PAPERS = _OF_MEETINGS | {"role", "authority", "absence", "gate", "agreement"}
_PAPER = 2
"""Pages of what is signed and filed: no plan, charter or report is shorter when it is printed."""


class Hides(NamedTuple):
    """What may stand in a file.

    Attributes:
        tables: of what documents state, and registers of which it may hold entries; None: all that documents state.
        registers: whether it may hold a register of any kind; one of a kind that it may be is told by its candidates.
    """

    tables: frozenset[str] | None
    registers: bool


ANYTHING = Hides(None, True)


def is_attendance_list(path: str) -> bool:
    """Say whether a file is, by its name, the list of those who were at a meeting, with their signatures."""
    return _is_called(path, "attendance_list") and not _is_called(path, "minuted")


def _is_called(path: str, names: str) -> bool:
    said = f" {fold(PurePosixPath(path).stem.replace('_', ' '))} "
    return any(f" {name} " in said for name in words(names))


def hides(
    path: str,
    reason: str,
    may_be: AbstractSet[str],
    read: Mapping[str, AbstractSet[str]],
    registers: AbstractSet[str],
    *,
    pages: int | None = None,
    papers: AbstractSet[str] = frozenset(),
    told: AbstractSet[str] = frozenset(),
) -> Hides:
    """Return what a file that could not be read hides.

    A scanned contract, order or invoice that is no product of the project's standard says who agreed to what, and nothing of how the
    project is managed: who signs it approves it, no document of the project. A scanned letter of appointment says who holds which role, and
    may stand in for whom. A picture, and the scan of a document that was read (signed
    and scanned, the usual case), may show who approved what; they are no documents of their own, and what the document says is known. A
    register holds its entries and states nothing else.

    A scan of a page or two that is no product by its name is a paper: who approved what. What it may say of meetings, roles, gates and
    contracts counts where nothing else in the project does; where documents that were read tell these, that is their place. A contract or
    an appointment of that length says what such a paper says, and is no controlled document itself. One that is signed and filed by its
    name (an acceptance note, minutes) hides all of that, and itself.

    Args:
        path: of the file.
        reason: why it could not be read.
        may_be: kinds of products that it may be, by its name and folders.
        read: kinds of which a document was read, and of which a project has one (no minutes, no reports) → the versions read.
        registers: kinds that are registers.
        pages: how many it has; None: not known.
        papers: kinds that are signed and filed.
        told: tables of which anything else in the project holds rows.
    """
    if is_attendance_list(path):
        return Hides(_OF_MEETINGS, registers=False)
    if (guess_type(path)[0] or "").startswith(_PICTURES):
        return Hides(_OF_SIGNING | _OF_MEETINGS, registers=False)
    if reason == "no_text_layer" and _is_called(path, "signature_page"):
        return Hides(_OF_SIGNING, registers=False)
    is_paper = reason == "no_text_layer" and pages is not None and pages <= _PAPER and may_be <= papers
    if not may_be:
        form = _of_forms(path) if reason == "no_text_layer" else ANYTHING
        if not is_paper:
            return form
        return Hides(_OF_SIGNING | (_OF_OTHER_PAPERS - told) if form.tables is None else form.tables - _OF_ITSELF, registers=False)
    if reason == "no_text_layer" and may_be <= read.keys() and _is_read(path, [read[kind] for kind in may_be]):
        return Hides(_OF_SIGNING, registers=False)
    if is_paper:
        return Hides(_OF_ITSELF | _OF_OTHER_PAPERS, registers=False)
    return Hides(_OF_ITSELF if may_be <= registers else None, registers=False)


def _of_forms(path: str) -> Hides:
    """Return what the scan of no product of the standard hides, by its name."""
    if _is_called(path, "contract_form") or (_is_called(path, "contract_word") and _is_called(path, "signed_word")):
        return Hides(_OF_CONTRACTS, registers=False)
    return Hides(_OF_APPOINTMENTS, registers=False) if _is_called(path, "appointment_form") else ANYTHING


def _is_read(path: str, versions: Iterable[AbstractSet[str]]) -> bool:
    """Say whether a file names no version, or one that was read of each kind that it may be."""
    version = version_in_name(path)
    return version is None or all(version in known for known in versions)
