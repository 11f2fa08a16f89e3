"""Connectors that ship with auditor."""
