"""Audits as immutable folders."""
