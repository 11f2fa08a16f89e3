"""How an organisation writes its documents: its words for columns, their order, numbers of headings, folders, the look of tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.demo.blocks import Block, File, Grid, Heading, Sheet, Value


@dataclass(frozen=True, slots=True)
class Look:
    """What differs from one organisation to the next.

    Attributes:
        headers: what a column is called here.
        last: columns that stand at the end of a table, in this order; all others keep theirs.
        folders: first part of a path → what it is called here.
        numbered: whether headings carry numbers.
        table_style: style of tables in Word.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    last: Sequence[str] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = False
    table_style: str = "Table Grid"


PLAIN = Look()
AGENCY = Look(
    headers={
        "Identified by": "Raised by",
        "Identification Date": "Date identified",
        "Risk Level": "Risk score",
        "Action Responsible": "Action owner",
        "Traceability/Comments": "Remarks",
        "Submission Date": "Date submitted",
        "Decision Date": "Date of decision",
        "Target Date": "Due date",
        "Short Description of Changes": "Changes",
        "Created by": "Author",
    },
    last=("Description", "Status"),
    folders={"1_Initiating": "10 Start", "2_Planning": "20 Plans", "3_Executing": "30 Work", "4_Closing": "40 End"}
    | {"5_Monitor_Control": "50 Logs"},
    numbered=True,
    table_style="Light Grid Accent 1",
)
MINISTRY = Look(
    headers={"ID": "No", "Description": "Detailed description", "Comments": "Notes", "Likelihood": "Probability"},
    last=("Category", "Title"),
    folders={"5_Monitor_Control": "Registers", "3_Executing": "Execution"},
    table_style="Medium Shading 1 Accent 3",
)


def dressed(look: Look, file: File) -> File:
    """Return *file* as the organisation with this look writes it."""
    folder, slash, rest = file.path.partition("/")
    path = f"{look.folders.get(folder, folder)}{slash}{rest}"
    number = _numbers() if look.numbered else None
    blocks = [_block(look, block, number) for block in file.blocks]
    return replace(file, path=path, blocks=blocks, sheets=[_sheet(look, sheet) for sheet in file.sheets], table_style=look.table_style)


def _block(look: Look, block: Block, number: Callable[[int], str] | None) -> Block:
    match block:
        case Heading(text, level) if number:
            return Heading(f"{number(level)} {text}", level)
        case Grid(header, rows) if header:
            names, rows = _turned(look, header, rows)
            return Grid(names, rows)
        case _:
            return block


def _sheet(look: Look, sheet: Sheet) -> Sheet:
    names, rows = _turned(look, sheet.header, sheet.rows)
    return Sheet(sheet.name, names, rows, sheet.title)


def _turned(look: Look, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> tuple[list[str], list[list[Value]]]:
    if len(header) < 6:  # small tables are read from left to right
        return [look.headers.get(name, name) for name in header], [list(row) for row in rows]
    order = sorted(range(len(header)), key=lambda place: (header[place] in look.last, place))
    return [look.headers.get(header[place], header[place]) for place in order], [[row[place] for place in order] for row in rows]


def _numbers() -> Callable[[int], str]:
    counts = [0, 0, 0]

    def number(level: int) -> str:
        counts[level - 1] += 1
        counts[level:] = [0] * (3 - level)
        return ".".join(str(count) for count in counts[:level])

    return number
