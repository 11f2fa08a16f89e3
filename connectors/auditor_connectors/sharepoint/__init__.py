"""SharePoint, through Microsoft Graph or of a server of one's own: libraries, lists, and what the repository knows about its documents."""

from auditor_connectors.sharepoint.connector import SharePointConnector, SharePointServerConnector

__all__ = ["SharePointConnector", "SharePointServerConnector"]
