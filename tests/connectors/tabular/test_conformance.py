from auditor.connect.conformance import ConnectorConformance
from auditor_connectors.tabular import TabularConnector, TabularOptions

DECLARATION = """
tables:
  - name: costs
    files: ["costs/*.csv"]
    project: {column: Project}
    id: [Line]
    rows:
      - table: cost
        columns: {category: Category, kind: {column: Kind, values: {actual: [Ist], budget: [Plan]}}, amount: Amount, period_on: Date}
        optional: {currency: Currency, approved_by: Approver}
  - name: milestones
    files: ["plan-*.csv"]
    project: {file: 'plan-(\\w+)'}
    rows:
      - table: milestone
        columns: {title: Milestone, forecast_on: Due}
  - name: risks
    files: ["risks.csv"]
    project: {value: Alpha}
    id: [ID]
    entry:
      type: Risk
      columns: {summary: Title}
"""


class TestTabular(ConnectorConformance):
    def build(self, folder):
        (folder / "costs").mkdir()
        (folder / "costs" / "2026.csv").write_text(
            "Line;Project;Category;Kind;Amount;Date;Currency;Approver;Extra\n"
            '1;Alpha;"Licences;\nand more";Ist;1.234,56;25/03/2026;EUR;Jane Doe;x\n'
            "2;Alpha;Staff;Plan;12,5;03/04/2026;EUR;;x\n"
            "3;Beta;Staff;Plan;(100,00);01/04/2026;EUR;Jane Doe;x\n"
            "4;Beta;Staff;?;nothing;soon;EUR;;x\n",
            "utf-8",
        )
        (folder / "plan-Beta.csv").write_text("Milestone,Due\nKick-off,2026-01-05\nKick-off,2026-01-05\n", "utf-8")
        (folder / "risks.csv").write_text("ID,Title,Status,Probability\nR1,Supplier late,Open,High\n", "utf-8")
        (folder.parent / "tables.yaml").write_text(DECLARATION, "utf-8")

    def connect(self, folder):
        return TabularConnector(TabularOptions(root=folder, declaration="tables.yaml"), base=folder.parent)

    def change(self, folder):
        file = folder / "costs" / "2026.csv"
        file.write_text(file.read_text("utf-8").replace("3;Beta;Staff;Plan", "3;Beta;Travel;Plan"), "utf-8")
        return [key for key in self._keys(folder) if key.endswith("/Beta/3")]

    def remove(self, folder):
        gone = [key for key in self._keys(folder) if key.endswith("/Beta/4")]
        file = folder / "costs" / "2026.csv"
        file.write_text("".join(line for line in file.read_text("utf-8").splitlines(keepends=True) if not line.startswith("4;")), "utf-8")
        return gone

    def _keys(self, folder):
        return [thing.key for thing in self._pull(folder) if hasattr(thing, "payload")]
