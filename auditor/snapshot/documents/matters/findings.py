"""Findings of reviews that say as which issue they were entered: 'NC-3 | Time bookings missing | … | I-09'."""

from collections.abc import Iterator

from auditor.connect.values import clean, fold
from auditor.snapshot.documents.found import Found
from auditor.snapshot.documents.matters.grid import Filling, Grid, Reading, header_texts, text_of
from auditor.snapshot.match import OWN_ID
from auditor.snapshot.words import words

_HEADER_WITHIN = 3
_MOST_LINES = 200
_LONGEST = 1_000


def read_findings(reading: Reading) -> Iterator[Found]:
    """Yield a `listed_item` (kind `figure`, `finding_entered`) for each finding of a list that names one issue beside it.

    `ref` is the number of the issue, `role` that of the finding; `text` is what was found, `reason`
    all that its line tells.
    """
    for grid in reading.grids:
        yield from _of_grid(reading, grid)


def _of_grid(reading: Reading, grid: Grid) -> Iterator[Found]:
    for at, line in enumerate(grid.lines[:_HEADER_WITHIN]):
        heads = [fold(head) for head in header_texts(line)]
        finding = next((place for place, head in enumerate(heads) if head in words("finding_column")), None)
        issue = next((place for place, head in enumerate(heads) if head in words("issue_column")), None)
        if finding is None or issue is None:
            continue
        for row in grid.lines[at + 1 : at + 1 + _MOST_LINES]:
            named = set(OWN_ID.findall(text_of(row.cell(issue))))
            text = text_of(row.cell(finding))
            if len(named) != 1 or not text:
                continue
            own = next((said for place in range(finding) if (said := text_of(row.cell(place)))), "")
            ref = named.pop()
            item = Filling(reading, "listed_item")
            item.set("kind", "figure")
            item.set("name", "finding_entered")
            item.set("ref", ref)
            item.set("role", own[:40])
            item.set("text", clean(text, _LONGEST))
            told = [said for place, cell in enumerate(row.cells) if place != issue and (said := text_of(cell))]
            item.set("reason", clean(" ".join(told), _LONGEST))
            yield item.found(row.locator, "figure", "finding_entered", own, ref)
        return
