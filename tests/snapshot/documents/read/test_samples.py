"""Documents of real projects: how often the kind is the one that a careful person gave them."""

import csv
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from auditor.connect.protocol import Parsed
from auditor.rulebook.recognition import CORE
from auditor.snapshot.documents.kinds import SURE, guess_from_path
from auditor.snapshot.documents.read import DocumentWords, load_document_words, read_document
from auditor_connectors.documents import Unreadable, structure

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "documents"
LONGEST = 120  # seconds for all of them on a busy machine; an idle one takes a tenth

pytestmark = [pytest.mark.samples, pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not there")]


@pytest.fixture(scope="module")
def words() -> DocumentWords:
    return load_document_words()


@pytest.fixture(scope="module")
def judged(words: DocumentWords) -> list[tuple[dict[str, str], str | None, Decimal]]:
    """Return the expectation of each file with the kind that it was given and its confidence; no kind for what cannot be read."""
    return list(_judged(words))


def _judged(words: DocumentWords) -> Iterator[tuple[dict[str, str], str | None, Decimal]]:
    spent = 0.0
    with (SAMPLES / "expected.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            try:
                document = structure(SAMPLES / line["file"])
            except Unreadable:
                assert line["readable"] == "no", line["file"]
                assert all(guess.confidence < SURE for guess in guess_from_path(line["file"], words.recognition))
                yield line, None, Decimal(0)
                continue
            start = time.perf_counter()
            read = read_document(Parsed(document, line["file"]), words)
            spent += time.perf_counter() - start
            yield line, read.kind, read.kind_confidence or Decimal(0)
    assert spent < LONGEST


def allowed(line: dict[str, str], words: DocumentWords) -> set[str | None]:
    """Return the kinds that are right; names in no standard mean none."""
    known = {kind.id for kind in words.recognition.kinds if kind.standard != CORE}
    return {kind if kind in known else None for kind in line["kinds"].split("|")}


def test_kinds_agree_with_a_careful_person(judged, words):
    """At least 95 of 100 kinds that the person was sure of are the same."""
    sure = [(line["file"], kind, kind in allowed(line, words)) for line, kind, _ in judged if line["sure"] == "yes"]
    wrong = [(file, kind) for file, kind, agrees in sure if not agrees]
    assert len(wrong) <= 0.05 * len(sure), wrong


def test_a_wrong_kind_is_hardly_ever_sure(judged, words):
    """At most 2 of 100 documents are surely something that they are not."""
    wrong = [(line["file"], kind) for line, kind, confidence in judged if confidence >= SURE and kind not in allowed(line, words)]
    assert len(wrong) <= 0.02 * len(judged), wrong
