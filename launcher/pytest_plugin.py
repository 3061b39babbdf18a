"""What `./salon test` adds to pytest: a browser that is missing fails, or is left out.

Odoo skips a browser test when it finds no Chromium or the browser does not start; a
skip is overlooked, so it is reported as the failure that it is. With --no-browser the
tests skip themselves at the moment they ask for the browser.
"""

import os
import unittest

import pytest

MISSING_BROWSER = (
    "Chrome executable not found",
    "Failed to detect chrome devtools port",
    "websocket-client module is not installed",
)
NO_BROWSER = "left out by --no-browser"


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("SALON_NO_BROWSER"):
        from odoo.tests import common

        def browser_js(self, *args, **kwargs):
            raise unittest.SkipTest(NO_BROWSER)

        common.HttpCase.browser_js = browser_js


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and any(text in str(report.longrepr) for text in MISSING_BROWSER):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else ""
        report.outcome = "failed"
        report.longrepr = f"The browser is missing, and this test needs it: {reason}"


def pytest_terminal_summary(terminalreporter) -> None:
    left_out = [
        report
        for report in terminalreporter.stats.get("skipped", ())
        if NO_BROWSER in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} browser tests {NO_BROWSER}")
