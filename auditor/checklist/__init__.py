"""Checklists: lists tailored to a project, filled in as far as the evidence goes; the rest is asked of people."""
