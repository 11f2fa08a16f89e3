"""Sentences: values in, nothing else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.rulebook.sentence import FORMATS, TemplateError, placeholders, render_sentence


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{x}", None, "not stated"),
        ("{x}", "", "not stated"),
        ("{x}", True, "yes"),
        ("{x}", False, "no"),
        ("{x}", 20, "20"),
        ("{x}", Decimal("20.50"), "20.5"),
        ("{x}", Decimal(1000), "1000"),
        ("{x}", Decimal("0.00"), "0"),
        ("{x:number}", 1234567, "1\u202f234\u202f567"),
        ("{x:number}", Decimal("0.25"), "0.25"),
        ("{x:number}", Decimal("-1234.5"), "-1\u202f234.5"),
        ("{x:money}", Decimal("1234567.5"), "1\u202f234\u202f567.50"),
        ("{x:percent}", Decimal("0.125"), "12.5 %"),
        ("{x:percent}", 1, "100 %"),
        ("{x}", date(2026, 6, 30), "2026-06-30"),
        ("{x}", datetime(2026, 6, 30, 12, 5, tzinfo=UTC), "2026-06-30 12:05+00:00"),
        ("{x:day}", datetime(2026, 6, 30, 12, 5, tzinfo=UTC), "2026-06-30"),
        ("{x}", ["a", 1], "a, 1"),
        ("{{x}} {x}", "y", "{x} y"),
        ("{x}", "line\r\nbreak\u202eturn", "line break turn"),
        ("{x}", "{y}", "{y}"),
        ("{x}", "a" * 300, "a" * 199 + "…"),
    ],
)
def test_values_are_written_as_people_read_them(template: str, value: Any, text: str) -> None:
    """Each kind of value has one way to be written, on every machine."""
    assert render_sentence(template, {"x": value}) == text


@pytest.mark.parametrize(
    "template", ["{", "}", "a } b", "{}", "{x.y}", "{x[0]}", "{x!r}", "{x:>10}", "{x:unknown}", "{ x}", "{x:}", "{0}", "{x", "{x{y}}"]
)
def test_templates_can_do_nothing_but_name_values(template: str) -> None:
    """Attributes, indexes, conversions, other formats and loose braces are refused."""
    with pytest.raises(TemplateError):
        list(placeholders(template))


@given(st.text(max_size=60))
def test_any_template_is_rendered_or_refused(template: str) -> None:
    """No template ends in anything else, and what the loader accepts is always rendered."""
    try:
        names = {placeholder.name for placeholder in placeholders(template)}
    except TemplateError as error:
        assert 0 <= error.offset <= len(template)  # noqa: PT017  (both outcomes are lawful)
        return
    assert "\n" in template or "\n" not in render_sentence(template, dict.fromkeys(names, "a\nb"))


values = st.none() | st.booleans() | st.integers() | st.decimals() | st.dates() | st.datetimes() | st.text(max_size=300) | st.floats()


@given(values, st.sampled_from(["", *FORMATS]))
def test_any_value_is_written_on_one_line(value: Any, format_: str) -> None:
    """Whatever a source delivers fits into a sentence without breaking it."""
    text = render_sentence("{x:" + format_ + "}" if format_ else "{x}", {"x": value})
    assert text == "" or text.splitlines() == [text]
