"""Every setting is explained on the page about the configuration."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from auditor.connect.http import HttpOptions
from auditor_connectors.jira.options import JiraOptions

PAGE = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted({*JiraOptions.model_fields, *HttpOptions.model_fields} - {"time_zone"}))
def test_a_setting_is_explained(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "", "\x00"])
def test_a_time_zone_that_is_none_is_refused(name):
    with pytest.raises(ValidationError, match="time zone"):
        JiraOptions(url="https://tracker.example", time_zone=name)
