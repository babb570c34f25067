"""What all tests share: quick settings, accounts, a browser, and loud words about what is missing."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import proof.table

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REAL_EXPORTS = Path(os.environ.get("DESKTOP_EXPORTS") or settings.BASE_DIR.parent / "shared" / "data")
PHONE = {"width": 390, "height": 844}

# Playwright's own event loop makes Django believe that tests are asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    # Static files come straight from their folders: a test needs no collectstatic before it.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not hasattr(config, "workerinput"):
        _require_postgresql()


def _require_postgresql() -> None:
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("postgresql"):
        return
    import psycopg

    try:
        psycopg.connect(
            host=database["HOST"],
            port=database["PORT"],
            user=database["USER"],
            password=database["PASSWORD"],
            dbname="postgres",
            connect_timeout=3,
        ).close()
    except psycopg.OperationalError as error:
        pytest.exit(f"NO POSTGRESQL, so none of its tests ran: {error}", returncode=1 if IN_CI else 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line(
            "NO CHROMIUM: the browser tests were skipped. On Debian: apt install chromium", red=True
        )
    if terminalreporter.stats.get("skipped") and not (REAL_EXPORTS / "bake_tracker_v4_2.json").exists():
        terminalreporter.write_line(
            f"NO REAL EXPORT in {REAL_EXPORTS}: the tests with a real household's data were skipped. "
            "DESKTOP_EXPORTS names the folder that has it.",
            red=True,
        )
    proof.table.show(terminalreporter)


@pytest.fixture
def member(db: None) -> User:
    """Somebody of the household without rights over it."""
    return User.objects.create_user("mira", password="marzipan-and-rum")


@pytest.fixture
def owner(db: None) -> User:
    """An admin of the household."""
    return User.objects.create_superuser("odile", password="cardamom-and-clove")


@pytest.fixture
def member_client(client: Client, member: User) -> Client:
    client.force_login(member)
    return client


@pytest.fixture
def owner_client(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        if IN_CI:
            pytest.fail("CI needs Chromium for the browser tests, and it is not installed.")
        pytest.skip("Chromium is not installed.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_browser(browser: Browser, live_server: object) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser at the live server, signed in as the user given.

    Further arguments are Playwright's: `viewport=PHONE`, `java_script_enabled=False`,
    `color_scheme="dark"`, ...
    """
    contexts: list[BrowserContext] = []

    def open_browser(user: User | None = None, **options: object) -> BrowserContext:
        context = browser.new_context(base_url=str(live_server), **options)
        context.set_default_timeout(10_000)
        if user:
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": session,
                        "url": str(live_server),
                    }
                ]
            )
        contexts.append(context)
        return context

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_browser: Callable[..., BrowserContext], owner: User) -> Page:
    """A page of a desktop browser, signed in as an admin."""
    return open_browser(owner, viewport={"width": 1240, "height": 800}).new_page()


@pytest.fixture
def phone(open_browser: Callable[..., BrowserContext], owner: User) -> Page:
    """A page 390 pixels wide, signed in as an admin."""
    return open_browser(owner, viewport=PHONE, has_touch=True, is_mobile=True).new_page()


AXE = settings.BASE_DIR / "bakery/core/tests/vendor/axe/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def accessibility_problems() -> Callable[[Page], list[str]]:
    """Return a function that says what axe finds on a page by WCAG 2.2 AA: nothing, one hopes."""
    source = AXE.read_text(encoding="utf-8")

    def problems(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        # What passed is not written out: that took most of the time.
        options = {"runOnly": WCAG, "resultTypes": ["violations"]}
        result = page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return problems
