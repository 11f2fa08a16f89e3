"""Examples of the README and the guides: run as a reader would, compared with what the pages show. `python docs/examples.py --write`.

A block ```console holds commands behind `$ ` and what they print. A line `…` stands for any further lines. Ids of snapshots and audits are
shown with `…` in place of their digest, since they depend on where the files lie.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("guide-*.md")))
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"(\d{4}-\d{2}-\d{2})-[0-9a-f]{12}")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
MORE = "…"


@dataclass(frozen=True)
class Example:
    """A command of a page and what the page says that it prints."""

    page: Path
    command: str
    expected: tuple[str, ...]


def examples(page: Path) -> Iterator[Example]:
    """Yield the commands of *page* in their order."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield from _of_block(page, block[1])


def _of_block(page: Path, text: str) -> Iterator[Example]:
    command, lines = "", []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield Example(page, command, tuple(lines))
            command, lines = line[2:], []
        else:
            lines.append(line)
    if command:
        yield Example(page, command, tuple(lines))


class Reader:
    """Somebody who types the commands of a page, one after the other, in a folder of their own."""

    def __init__(self, folder: Path, ready: Path | None = None) -> None:
        """Begin in *folder*; where the demonstration lies *ready* it is copied and not made anew."""
        self.root = self.here = folder.resolve()
        self._ready = ready

    def run(self, command: str) -> list[str]:
        """Return what *command* prints, as a page shows it."""
        words = shlex.split(command)
        if words[0] == "cd":
            self.here = self.here / words[1]
            return []
        if self._ready is not None and command == "auditor demo":
            shutil.copytree(self._ready, self.here / "demo-portfolio")
            return []
        plain = {"NO_COLOR": "1", "COLUMNS": "120", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(  # noqa: S602  (our own pages)
            command, shell=True, cwd=self.here, capture_output=True, text=True, timeout=600, check=False, env=os.environ | plain
        )
        text = (done.stdout + done.stderr).replace(str(self.root), "/home/ada")
        if self._ready is not None:  # what was written there before it was copied
            text = text.replace(str(self._ready), "/home/ada/demo-portfolio")
        text = _DIGEST.sub(lambda match: match[0][:8] + MORE, _ID.sub(rf"\1-{MORE}", text))
        lines = [line.rstrip() for line in text.splitlines()]
        while lines and not lines[-1]:
            lines.pop()
        return lines


def differs(example: Example, printed: list[str]) -> str:
    """Return '' when the page shows what was printed, else what is different."""
    place = 0
    open_ended = False
    for line in example.expected:
        if line == MORE:
            open_ended = True
            continue
        while open_ended and place < len(printed) and printed[place] != line:
            place += 1
        if place >= len(printed) or printed[place] != line:
            instead = repr(printed[place]) if place < len(printed) else "nothing"
            return f"{example.page.name}: $ {example.command}: expected {line!r}, printed {instead}"
        place += 1
        open_ended = False
    if place < len(printed) and not open_ended:
        return f"{example.page.name}: $ {example.command}: printed also {printed[place]!r}"
    return ""


def rewrite(page: Path, folder: Path) -> None:
    """Write what the commands print now into *page*; where a page ends with `…` as many lines are shown as before."""
    reader = Reader(folder)

    def block(match: re.Match[str]) -> str:
        lines = []
        for example in _of_block(page, match[1]):
            printed = reader.run(example.command)
            if example.expected and example.expected[-1] == MORE:
                shown = len(example.expected) - 1
                printed = [*printed[:shown], MORE] if len(printed) > shown else printed
            lines += [f"$ {example.command}", *printed]
        return "```console\n" + "\n".join(lines) + "\n```"

    page.write_text(_BLOCK.sub(block, page.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> int:
    """Run every example; with --write put what they print into the pages."""
    bad = []
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            if "--write" in sys.argv:
                rewrite(page, Path(folder))
                continue
            reader = Reader(Path(folder))
            bad += [found for example in examples(page) if (found := differs(example, reader.run(example.command)))]
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
