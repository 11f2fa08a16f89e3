"""Folders of documents: local, mounted, or of a server."""

from auditor_connectors.fileshare.connector import FileshareConnector
from auditor_connectors.fileshare.options import FileshareOptions

__all__ = ["FileshareConnector", "FileshareOptions"]
