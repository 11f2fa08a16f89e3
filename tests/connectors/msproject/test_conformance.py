from auditor.connect.conformance import ConnectorConformance
from auditor_connectors.msproject import MsProjectConnector, MsProjectOptions
from tests.connectors.msproject.schedules import schedule, task


class TestMsProject(ConnectorConformance):
    def build(self, folder):
        for place in ("Alpha", "Beta"):
            (folder / place).mkdir()
            (folder / place / "plan.xml").write_text(schedule([task(1), task(2, Milestone=1)], Title=place), "utf-8")
        (folder / "Alpha" / "broken.xml").write_text('<Project xmlns="http://schemas.microsoft.com/project"><Tasks>', "utf-8")
        (folder / "Alpha" / "other.xml").write_text("<feed><entry/></feed>", "utf-8")

    def connect(self, folder):
        return MsProjectConnector(MsProjectOptions(root=folder))

    def change(self, folder):
        (folder / "Beta" / "plan.xml").write_text(schedule([task(1, "Other")], Title="Beta"), "utf-8")
        return ["Beta/plan.xml"]

    def remove(self, folder):
        (folder / "Alpha" / "plan.xml").unlink()
        return ["Alpha/plan.xml"]
