"""SharePoint through Microsoft Graph: libraries, lists, and what the repository knows about its documents."""

from auditor_connectors.sharepoint.connector import SharePointConnector

__all__ = ["SharePointConnector"]
