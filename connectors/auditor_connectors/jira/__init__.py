"""Jira: recorded answers of its interfaces as rows of the model."""

from auditor_connectors.jira.connector import JiraConnector

__all__ = ["JiraConnector"]
