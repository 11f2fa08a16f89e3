"""Checklists that ship with auditor."""
