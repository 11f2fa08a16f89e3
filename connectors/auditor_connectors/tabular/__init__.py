"""Tables of any tool, exported as CSV or workbooks and mapped by declaration."""

from auditor_connectors.tabular.connector import TabularConnector
from auditor_connectors.tabular.options import TabularOptions

__all__ = ["TabularConnector", "TabularOptions"]
