"""Kinds of planted defects for the requirements of PM². Each was derived from the clause's text, not from the rule."""

from tests.demo.planting import Kind

KINDS: tuple[Kind, ...] = ()
