"""The structure of documents, whatever their format. Knows no standard."""

from auditor_connectors.documents.limits import DEFAULT, Limits, Unreadable
from auditor_connectors.documents.pool import Read, ReaderPool
from auditor_connectors.documents.reading import structure, structure_of_bytes

__all__ = ["DEFAULT", "Limits", "Read", "ReaderPool", "Unreadable", "structure", "structure_of_bytes"]
