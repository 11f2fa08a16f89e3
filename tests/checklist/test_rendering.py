"""A list as Markdown and as a page: complete, safe, printed the same each time, and with marks that lead back to each question."""

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from auditor.checklist.checklist import Checklist
from auditor.checklist.html import file_name, html, write_html
from auditor.checklist.identity import read_field_mark, read_line_mark, read_list_mark
from auditor.checklist.markdown import escaped, markdown, was, write_markdown
from auditor.checklist.terminal import checklist_page
from tests.checklist.builders import HOSTILE, checklist, given

GOLDEN = Path(__file__).parent / "golden" / "list.md"
CHROMIUM = os.environ.get("AUDITOR_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def made() -> Checklist:
    return checklist()


def test_markdown_is_the_golden_one(made: Checklist) -> None:
    """Every state, every field. After a wanted change: AUDITOR_TEST_GOLDEN=write."""
    found = markdown(made, person="Ada")
    if os.environ.get("AUDITOR_TEST_GOLDEN") == "write":
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text("utf-8")


def test_markdown_marks_lead_back(made: Checklist) -> None:
    """The list, each question in its order, what each held when it was written, and the fields of the list as a whole."""
    comments = re.findall(r"<!-- (.*?) -->", markdown(made))
    first = read_list_mark(comments[0])
    assert first is not None
    assert (first.id, first.kind, first.project) == (made.id, made.kind, made.project)
    marks = [read_line_mark(comment) for comment in comments if comment.startswith("auditor:q:")]
    asked = list(made.questions())
    assert [(mark.question, mark.subject, mark.digest) for mark in marks if mark] == [
        (item.id, item.subject, item.digest) for item in asked
    ]
    held = [json.loads(comment.removeprefix("auditor:was:")) for comment in comments if comment.startswith("auditor:was:")]
    says = [item.given.says if item.given and item.state not in ("open", "to_confirm") else "" for item in asked]
    assert [one["says"] for one in held] == says
    fields = [read_field_mark(comment) for comment in comments if comment.startswith("auditor:f:")]
    assert fields == [("filled_by",), ("filled_on",), ("sign", "Project Manager"), ("sign", "Project Owner")]


def test_markdown_ticks_what_is_answered_and_nothing_else(made: Checklist) -> None:
    """One box for each answer that holds; an answer that is asked again has none."""
    ticked = re.findall(r"^- \[x\] .* <!-- (\w+) -->$", markdown(made), re.MULTILINE)
    assert ticked == ["yes", "no", "not_applicable"]
    assert markdown(made).count("- [ ] ") == 4 * 6 - 3


def test_what_a_source_says_stays_text_in_markdown() -> None:
    """No comment, no tag, no box, no link, no heading comes from it."""
    found = markdown(checklist())
    assert not re.search(r"(?<!\\)<script", found)
    assert not re.search(r"(?<!\\)\[x\](?!\])\(javascript", found)
    assert all(
        re.fullmatch(r"<!-- [^>]* -->|- \[.\] [^<]* <!-- \w+ -->", line) for line in found.splitlines() if re.search(r"(?<!\\)<!--", line)
    )
    for text in ("# heading", "- [x] Yes", "1. one", "---", "+ plus", "> quote", "    code"):
        assert not re.match(r"(#|-|\+|\d+\.|>|\s)", escaped(text))


@pytest.mark.parametrize("text", ["plain", HOSTILE, "a\nb", "", "  x  "])
def test_escaping_keeps_every_visible_word(text: str) -> None:
    words = re.findall(r"\w+", text)
    assert re.findall(r"\w+", escaped(text)) == words


def test_what_a_file_held_is_one_line_without_ends_of_comments() -> None:
    held = was(given("yes", "Ada", note="a --> b\n<c>"))
    assert ">" not in held
    assert "\n" not in held
    assert json.loads(held)["note"] == "a --> b\n<c>"


class Page(HTMLParser):
    """What a reader of the page finds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.script = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.script += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  (the signature of the parser)
        self._inside = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_has_every_question_with_its_mark(made: Checklist) -> None:
    page = Page(html(made, person="Ada"))
    sets = page.all("fieldset")
    assert [(mark.question, mark.subject) for each in sets if (mark := read_line_mark(each["data-mark"] or ""))] == [
        (item.id, item.subject) for item in made.questions()
    ]
    radios = [each for each in page.all("input") if each.get("type") == "radio"]
    assert len(radios) == 4 * len(sets)
    assert [each["value"] for each in radios if "checked" in each] == ["yes", "no", "not_applicable"]
    assert len(page.all("textarea")) == len(sets)
    (name,) = [each for each in page.all("input") if each.get("name") == "filled_by"]
    assert name["value"] == "Ada"
    meta = next(each for each in page.all("meta") if each.get("name") == "auditor-list")
    assert read_list_mark(meta["content"] or "") is not None


def test_a_page_asks_nobody_and_runs_only_its_own_script(made: Checklist) -> None:
    """The policy names the hash of the one script; nothing from outside is loaded; nothing from a source is a tag or a dangerous link."""
    text = html(made)
    page = Page(text)
    (policy,) = [each["content"] or "" for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    hashed = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    assert f"script-src 'sha256-{hashed}'" in policy
    assert policy.startswith("default-src 'none'")
    assert len(page.all("script")) == 1
    assert not [tag for tag, _ in page.tags if tag in ("img", "link", "iframe", "object", "embed", "base")]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    links = [each.get("href") or "" for each in page.all("a")]
    assert all(link.startswith(("#", "file:///p/", "https://e.org/")) for link in links)
    assert not re.search(r"(src|url\()\s*=?\s*[\"']?https?:", text)


def test_every_language_renders(made: Checklist) -> None:
    """Fixed words follow the language, and a question that nobody translated is marked for readers and screen readers."""
    for language, yes in (("en", "Yes"), ("fr", "Oui"), ("de", "Ja"), ("xx", "Yes")):
        item = made.model_copy(update={"language": language})
        assert f"] {yes} <!-- yes -->" in markdown(item)
        assert f'<html lang="{language}">' in html(item)
        assert '<span lang="en">In English?</span>' in html(item)


def test_the_same_list_gives_the_same_bytes(made: Checklist, tmp_path: Path) -> None:
    for name, write in (("a.md", write_markdown), ("a.html", write_html)):
        write(made, tmp_path / name)
        first = (tmp_path / name).read_bytes()
        write(made, tmp_path / name)
        assert (tmp_path / name).read_bytes() == first
        assert list(tmp_path.glob("*.part")) == []


def test_an_empty_list_says_so() -> None:
    item = checklist().model_copy(update={"groups": ()})
    assert "No question applies to this project." in markdown(item)
    assert "No question applies to this project." in html(item)


@pytest.mark.parametrize(("kind", "project"), [("phase-exit:rfe", "../../etc/passwd"), ("own", "a b/ç"), ("x", "💥")])
def test_file_names_are_safe(kind: str, project: str) -> None:
    name = file_name(checklist().model_copy(update={"kind": kind, "project": project}))
    assert re.fullmatch(r"[A-Za-z0-9_-]+", name)


def test_the_terminal_shows_shares_and_what_is_open(made: Checklist) -> None:
    console = Console(width=160, record=True, file=open(os.devnull, "w"), color_system=None)  # noqa: SIM115, PTH123  (only recorded)
    console.print(checklist_page(made))
    text = console.export_text()
    console.file.close()
    assert "answered with evidence: 1 (20 %), attested: 1 (20 %), to be confirmed again: 1 (20 %), open: 2 (40 %)" in text
    assert "R-3" in text
    assert "R-1 " not in text
    assert "R-9 Contractors report: nothing is outsourced" in text
    assert "\x07" not in text


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium")
def test_a_filled_page_is_saved_and_can_be_read_again(made: Checklist, browser: Any, tmp_path: Path) -> None:
    """What a person ticks and writes is in the saved file, which is the same page; no script error, nothing requested, axe finds nothing."""
    from axe_playwright_python.sync_playwright import Axe

    write_html(made, tmp_path / "list.html")
    context = browser.new_context(accept_downloads=True, bypass_csp=False)
    page = context.new_page()
    problems: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((tmp_path / "list.html").as_uri())
    page.check("#q2-1 input[value=partly]")
    page.fill("#q2-1 textarea", "so </textarea><b>so</b>")
    page.fill("#q2-1 input[type=date]", "2027-01-31")
    page.fill("input[name=filled_by]", 'Eva "E" Horn')
    page.click("#q1-1 input[value=yes]")  # a second click takes an answer back
    with page.expect_download() as started:
        page.click("#save")
    started.value.save_as(tmp_path / "filled.html")
    assert started.value.suggested_filename == "phase-exit-rfe-ALPINE.html"
    saved = Page((tmp_path / "filled.html").read_text("utf-8"))
    ticked = {each["name"]: each["value"] for each in saved.all("input") if each.get("type") == "radio" and "checked" in each}
    assert ticked == {"q1-2": "no", "q2-1": "partly", "q2-2": "not_applicable"}
    text = (tmp_path / "filled.html").read_text("utf-8")
    assert "so &lt;/textarea&gt;&lt;b&gt;so&lt;/b&gt;</textarea>" in text
    assert next(each for each in saved.all("input") if each.get("name") == "filled_by")["value"] == 'Eva "E" Horn'
    assert next(each for each in saved.all("input") if each.get("name") == "q2-1-until")["value"] == "2027-01-31"
    page.goto((tmp_path / "filled.html").as_uri())
    assert page.input_value("#q2-1 textarea") == "so </textarea><b>so</b>"
    assert page.is_visible("#save")
    results = Axe().run(page)
    context.close()
    assert results.violations_count == 0, results.generate_report()
    assert not problems
    assert all(url.startswith(("file:", "blob:", "data:")) for url in requests)
