"""Schedules of Microsoft Project, saved as XML (MSPDI)."""

from auditor_connectors.msproject.connector import MsProjectConnector, MsProjectOptions

__all__ = ["MsProjectConnector", "MsProjectOptions"]
