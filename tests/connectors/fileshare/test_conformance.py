import os
from pathlib import Path

from auditor.connect.conformance import ConnectorConformance
from auditor_connectors.fileshare import FileshareConnector, FileshareOptions


class TestFileshare(ConnectorConformance):
    def build(self, folder):
        for place in ("Alpha", "Beta"):
            (folder / place / "Planning").mkdir(parents=True)
            (folder / place / "Risk Log.csv").write_text("ID,Title\n1,Supplier late\n", "utf-8")
            (folder / place / "Planning" / "Plan.md").write_text(f"# Plan of {place}\n\nSome text.\n", "utf-8")
        (folder / "Alpha" / "Picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
        (folder / "Alpha" / "link.docx").symlink_to(folder / "Alpha" / "link.docx")
        (folder / "Standards.md").write_text("# Standards\n\nOf the whole department.\n", "utf-8")
        for number, path in enumerate(sorted(folder.rglob("*"))):
            if path.is_file() and not path.is_symlink():
                os.utime(path, ns=(1_700_000_000_000_000_001 + number,) * 2)

    def connect(self, folder):
        return FileshareConnector(FileshareOptions(root=folder, readers=1))

    def change(self, folder):
        (folder / "Beta" / "Planning" / "Plan.md").write_text("# Plan of Beta\n\nOther text.\n", "utf-8")
        return ["Beta/Planning/Plan.md"]

    def remove(self, folder):
        (folder / "Alpha" / "Risk Log.csv").unlink()
        return ["Alpha/Risk Log.csv"]


def test_relative_root_counts_from_the_configuration(tmp_path: Path):
    (tmp_path / "share" / "P").mkdir(parents=True)
    (tmp_path / "share" / "P" / "a.md").write_text("# A\n\ntext\n")
    connector = FileshareConnector(FileshareOptions(root="share", readers=1), base=tmp_path)
    from auditor.connect.conformance import Remembered, keys_of
    from auditor.connect.protocol import Scope

    assert "P/a.md" in keys_of(connector.pull(Scope(), Remembered()))
