"""Auditor checks projects against a method."""

__version__ = "0.1.0"
