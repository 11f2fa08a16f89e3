"""Strict YAML: hostile or careless bytes give an error with a place, never anything else."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.errors import AuditorError, RuleError
from auditor.rulebook.load import load_rulebook
from auditor.rulebook.pack import ProfileFile
from auditor.rulebook.rule import Rule
from auditor.rulebook.yaml_source import MOST_BYTES, MOST_DEPTH, Source, load_yaml, parse_yaml, read_model


def refused(content: bytes) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse_yaml(content, "x.yaml")
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("null", None),
        ("~", None),
        ("", None),
        ("Null", "Null"),
        ("7", 7),
        ("-7", -7),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1.50", Decimal("1.50")),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2026-06-30", "2026-06-30"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("9" * 41, "9" * 41),
    ],
)
def test_only_what_looks_like_a_number_or_boolean_is_one(text: str, value: Any) -> None:
    """Words stay words, days stay text, decimals are exact, quotes make text."""
    found = parse_yaml(f"a: {text}\n".encode(), "x.yaml").data["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"a: &x 1\nb: *x\n", "anchors", 1),
        (b"a: 1\nb: *x\n", "aliases", 2),
        (b"a: !!python/object:os.system {}\n", "tags", 1),
        (b"a: !x 1\n", "tags", 1),
        (b"a: 1\n<<: {b: 2}\n", "merge keys", 2),
        (b"a: 1\nb: 2\na: 3\n", "occurs twice", 3),
        (b"a: {b: 1, b: 2}\n", "occurs twice", 1),
        (b"1: x\n'1': y\n", "occurs twice", 2),
        (b"a: 1\n---\nb: 2\n", "one YAML document", 2),
        (b"? [a, b]\n: 1\n", "a key is a text", 1),
        (b"a: 1\n  b: 2\n", "not YAML", 2),
        (b"a: 'open\n", "not YAML", 2),
        (b"\ta: 1\n", "not YAML", 1),
        (b"a: 1\nb: \xff\n", "not UTF-8", 2),
        (b"a: 1\nb: \x00\n", "not YAML", 2),
    ],
)
def test_what_is_not_strict_yaml_is_refused_with_its_line(content: bytes, message: str, line: int) -> None:
    """Everything that hides or doubles a value is refused where it stands."""
    error = refused(content)
    assert message in error.message
    assert error.at
    assert error.at.line == line


def test_an_alias_bomb_costs_nothing() -> None:
    """Aliases are refused before anything is expanded."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert "anchors" in refused("\n".join(lines).encode()).message


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{a: " * 100_000, b"- " * 100_000, b"? " * 100_000])
def test_deep_nesting_is_refused(content: bytes) -> None:
    """A file that is nested deeper than any rule needs is refused before it costs time or stack."""
    assert refused(content).at


def test_nesting_up_to_the_limit_is_read() -> None:
    """The limit is where it says."""
    data = parse_yaml(b"[" * MOST_DEPTH + b"]" * MOST_DEPTH, "x.yaml").data
    assert isinstance(data, list)
    assert "nested" in refused(b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1)).message


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """Nothing larger than the limit is read into memory."""
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        stream.truncate(50 * MOST_BYTES)
    with pytest.raises(RuleError, match="larger than"):
        load_yaml(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a missing file, a loop of links and a pipe are errors with the file's name, never a hang."""
    import os

    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("loop.yaml", "pipe.yaml", "folder.yaml", "missing.yaml", "\0.yaml"):
        with pytest.raises(RuleError) as caught:
            load_yaml(tmp_path / name, name)
        assert caught.value.at
        assert caught.value.at.file == name


def test_positions_point_into_texts() -> None:
    """An offset into a text on one line or in a block is the column where that character stands."""
    source = parse_yaml(b"a: plain text\nb: 'quoted text'\nc: |\n  first\n  second line\nd: [x, y]\n", "x.yaml")
    for path, text, offset in (("a", "text", 6), ("b", "text", 7), ("c", "line", len("first\nsecond "))):
        at = source.positions.at(path, offset=offset)
        assert at.text[at.column - 1 :].startswith(text)
    assert (source.positions.at("d", 1).line, source.positions.at("d", 1).column) == (6, 8)
    assert source.positions.at("d", 7, "nowhere").column == 4
    assert (source.positions.at_key("d").line, source.positions.at_key("d").column) == (6, 1)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_", min_size=1, max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_what_was_dumped_is_read_back(data: Any) -> None:
    """Plain data survives a round trip through YAML text."""
    text = yaml.safe_dump(data, allow_unicode=True, default_style='"' if isinstance(data, str) else None)
    assert parse_yaml(text.encode(), "x.yaml").data == data


@given(plain)
def test_every_value_has_a_place(data: Any) -> None:
    """Whatever stands in a file can be pointed at."""
    source = parse_yaml(yaml.safe_dump(data, allow_unicode=True).encode(), "x.yaml")

    def walk(value: Any, path: tuple[str | int, ...]) -> None:
        assert source.positions.at(*path).line >= 1
        assert source.positions.has(*path)
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, inner in items:
            walk(inner, (*path, step))

    walk(source.data, ())


yaml_like = st.lists(
    st.sampled_from(
        [
            "a",
            "id",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "|",
            ">",
            "&x ",
            "*x",
            "!t ",
            "#",
            "<<",
            "true",
            "1.5",
            "é",
            "?",
            "---",
            "\t",
            "%",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.binary(max_size=200) | yaml_like.map(str.encode))
@example(b"%YAML 9.9\n---\na")
@example(b"%TAG ! tag:x,\n--- !x a")
@example(b"\xff\xfea\x00")
@example("\ufeffa: 1".encode())
def test_any_bytes_give_data_or_an_error(content: bytes) -> None:
    """Loading never raises anything but an error of auditor, whatever the bytes; what it accepts can be declared or refused."""
    try:
        source = parse_yaml(content, "x.yaml")
    except AuditorError as error:
        assert str(error)  # noqa: PT017  (both outcomes are lawful)
        return
    errors: list[AuditorError] = []
    for model in (Rule, ProfileFile):
        read_model(model, source, errors)
    assert errors
    assert all(str(error) for error in errors)


keys = st.sampled_from([*Rule.model_fields, "as", "each", "name", "given", "expect", "risk", "type", "default", "x"])
wild = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from([Decimal("0.5"), "risk", "$x", "{", "{a}", "2026-01-01", "major", "", "2026-99-99"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
VALID: dict[str, Any] = {
    "id": "X-1", "title": "t", "requirement": "r", "cites": [], "answers": ["X-1"], "area": "risk", "severity": "major", "require": "true",
}  # fmt: skip


@settings(max_examples=150)
@given(
    st.dictionaries(keys, wild, max_size=5),
    st.sampled_from(["risk/X-1.yaml", "clauses.yaml", "views.yaml", "vocabulary.yaml", "pack.yaml"]),
)
def test_any_values_in_a_pack_give_a_rulebook_or_errors(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any], name: str
) -> None:
    """Well-formed YAML with any values at any field ends in a rulebook or in errors of auditor."""
    pack = tmp_path_factory.mktemp("wild") / "wild"
    (pack / "risk").mkdir(parents=True)
    (pack / "pack.yaml").write_text("name: wild\ntitle: T\nstandard: wild\nversion: '1'\n")
    (pack / "clauses.yaml").write_text("clauses: [{id: X-1, requirement: r, area: risk, status: automatic, rules: planned}]\n")
    top = name.removesuffix(".yaml").replace("vocabulary", "terms")
    base: dict[str, Any] = VALID if name.startswith("risk") else {top: [changes]}
    (pack / name).write_text(yaml.dump({**base, **changes}, Dumper=_Dumper))
    try:
        load_rulebook([pack], installed=False)
    except ExceptionGroup as group:
        assert all(isinstance(error, RuleError) and error.at and str(error) for error in group.exceptions)  # noqa: PT017


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True


_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value)))


def test_a_source_is_data_and_positions() -> None:
    """What is read can be taken apart as a pair."""
    data, positions = parse_yaml(b"a: 1\n", "x.yaml")
    assert data == {"a": 1}
    assert positions.first_line == "a: 1"
    assert isinstance(parse_yaml(b"", "x.yaml"), Source)
