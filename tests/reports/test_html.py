"""The pages hold what they must, are safe against what comes from sources, and can be read by everybody."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from auditor.reports.model import AuditReport

CHROMIUM = os.environ.get("AUDITOR_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def files(pages: Path) -> list[Path]:
    return sorted(pages.rglob("*.html"))


def test_there_is_a_page_for_the_portfolio_the_rules_and_each_project(pages: Path, report: AuditReport) -> None:
    """Every project has its page inside the folder, whatever its id is made of, and the portfolio leads to each."""
    found = files(pages)
    assert len(found) == 2 + len(report.projects)
    links = {
        Path(os.path.normpath(pages / unquote(urlsplit(a.get("href")).path)))
        for a in html.parse(str(pages / "index.html")).iter("a")
        if not a.get("href").startswith("#")
    }
    assert set(found) - links == {pages / "index.html"}


def test_every_link_inside_leads_somewhere(pages: Path) -> None:
    """A link to another page or place of the report finds it."""
    trees = {path: html.parse(str(path)) for path in files(pages)}
    ids = {path: {element.get("id") for element in tree.iter() if element.get("id")} for path, tree in trees.items()}
    for path, tree in trees.items():
        for anchor in tree.iter("a"):
            target = urlsplit(anchor.get("href"))
            if target.scheme:
                continue
            page = Path(os.path.normpath(path.parent / unquote(target.path))) if target.path else path
            assert page in trees, anchor.get("href")
            assert not target.fragment or unquote(target.fragment) in ids[page], anchor.get("href")


def test_nothing_runs_and_nothing_is_fetched(pages: Path) -> None:
    """A page has no script, no style or picture from elsewhere, and no link that would run something."""
    for path in files(pages):
        tree = html.parse(str(path))
        assert not list(tree.iter("script", "iframe", "object", "embed", "form", "base"))
        assert not [element for element in tree.iter() if any(name.startswith("on") for name in element.attrib)]
        assert all(not (element.get("src") or "").startswith(("http:", "https:", "//")) for element in tree.iter())
        assert all(urlsplit(a.get("href")).scheme in ("", "file", "http", "https") for a in tree.iter("a"))
        assert "javascript:" not in "".join(a.get("href") for a in tree.iter("a"))
        assert "default-src 'none'" in path.read_text("utf-8")


def test_texts_of_sources_stay_texts(pages: Path) -> None:
    """Markup in a risk's title is shown, not taken."""
    text = (pages / "projects").glob("*.html")
    content = "".join(path.read_text("utf-8") for path in text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content
    assert "<script>" not in content


def test_numbers_agree(pages: Path, report: AuditReport) -> None:
    """The page of a project shows as many findings as the project has, and each rule that was not assessed."""
    for project in report.projects:
        page = next(
            path
            for path in (pages / "projects").glob("*.html")
            if f"{project.id}" in html.parse(str(path)).getroot().text_content().split("·")[0]
        )
        tree = html.parse(str(page))
        assert len(tree.findall(".//article")) == len(project.findings)
        listed = tree.getroot().text_content()
        assert all(question.rule in listed for question in project.open_questions)


def test_the_heatmap_has_the_areas_that_concern_a_project(pages: Path, report: AuditReport) -> None:
    """An area whose rules apply to nobody is no column."""
    shown = [
        span.text_content() for span in html.parse(str(pages / "index.html")).getroot().iterfind(".//table[@class='heat']/thead//span")
    ]
    concerned = {
        area.area
        for project in report.projects
        for area in project.areas
        if area.score.conform + area.score.nonconform + area.score.not_assessed
    }
    assert shown == sorted(concerned)
    assert {rule.area for rule in report.rules} >= concerned


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.xdist_group("browser")
def test_axe_finds_nothing(browser: Any, pages: Path) -> None:
    """WCAG 2.1 AA, as axe checks it, on the pages of the portfolio and of every second project: it takes some seconds a page."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    found_pages = files(pages)
    portfolio = [path for path in found_pages if path.parent == pages]
    for path in [*portfolio, *[path for path in found_pages if path not in portfolio][::2]]:
        # The page's own policy forbids scripts, the checker's too: only here it is set aside.
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, f"{path.name}: {found.generate_report()}"
        context.close()


@pytest.mark.xdist_group("browser")
def test_the_keyboard_reaches_everything(browser: Any, pages: Path) -> None:
    """The first tab stop is the link to the content; folded parts open with the keyboard; the console stays empty."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((pages / "projects").glob("ALPINE*").__next__().as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    assert said == []
    page.close()


@pytest.mark.xdist_group("browser")
def test_it_prints_on_paper(browser: Any, pages: Path, tmp_path: Path) -> None:
    """A printed project page has the findings and the folded parts, and no navigation."""
    import pypdfium2

    page = browser.new_page()
    page.goto((pages / "projects").glob("ALPINE*").__next__().as_uri())
    page.pdf(path=str(tmp_path / "p.pdf"), prefer_css_page_size=True)
    page.close()
    document = pypdfium2.PdfDocument(str(tmp_path / "p.pdf"))
    text = "".join(re.sub(r"\s+", " ", document[number].get_textpage().get_text_range()) for number in range(len(document)))
    document.close()
    assert "What was not assessed" in text
    assert "Skip to the content" not in text
