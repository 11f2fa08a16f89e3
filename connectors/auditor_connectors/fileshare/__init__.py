"""Folders of documents, local or mounted."""

from auditor_connectors.fileshare.connector import FileshareConnector, FileshareOptions

__all__ = ["FileshareConnector", "FileshareOptions"]
