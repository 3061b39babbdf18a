"""Pages in Chromium, several at once, worked with a real mouse and real fingers.

A tour dispatches events of its own making; whether the browser itself would scroll,
drag or open a menu only its own input tells.
"""

import json
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch
from urllib.parse import urljoin

from odoo.tests import HttpCase
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME, ChromeBrowser

from odoo.addons.bus.models.bus import BusBus
from odoo.addons.bus.websocket import (
    CloseCode,
    WebsocketConnectionHandler,
    _kick_all,
)

#: Width and height of what people hold in their hands.
PHONE, TABLET = (390, 844), (1024, 768)


class Screen:
    """One page: what is on it, and a hand that works it."""

    def __init__(self, case, browser):
        self.case = case
        self.browser = browser

    def ask(self, expression):
        """The value of an expression, or of a promise, of JavaScript."""
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={
                "expression": expression,
                "awaitPromise": True,
                "returnByValue": True,
            },
            timeout=30,
        )
        if trouble := answer.get("exceptionDetails"):
            self.case.fail(f"{expression}: {json.dumps(trouble)[:500]}")
        return answer["result"].get("value")

    def wait_for(self, selector, seconds=20):
        """Return the seconds until it is there; ``:contains`` as last part of it."""
        begun = time.monotonic()
        selector, _sep, text = selector.partition(":contains(")
        expression = (
            f"[...document.querySelectorAll({json.dumps(selector)})].some("
            f"(each) => each.textContent.includes({json.dumps(text.rstrip(')'))}))"
        )
        while not self.ask(expression):
            if time.monotonic() - begun > seconds:
                self.browser.take_screenshot(prefix="sc_salon_")
                self.case.fail(f"{selector} with “{text}” did not appear")
            time.sleep(0.02)
        return time.monotonic() - begun

    def box(self, selector):
        """Left, top, width and height of an element, brought into sight."""
        return self.ask(
            f"""(() => {{
                const element = document.querySelector({json.dumps(selector)});
                element.scrollIntoView({{ block: "center", inline: "nearest" }});
                const {{ left, top, width, height }} = element.getBoundingClientRect();
                return [left, top, width, height];
            }})()"""
        )

    def click(self, selector):
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")

    def _send(self, method, **params):
        self.browser._websocket_request(method, params=params)

    def mouse(self, kind, x, y, **more):
        self._send(
            "Input.dispatchMouseEvent",
            type=f"mouse{kind}",
            x=x,
            y=y,
            button="left",
            buttons=int(kind != "Released"),
            clickCount=1,
            **more,
        )

    def drag(self, start, stop, steps=12, **more):
        """With the mouse, along a line."""
        self.mouse("Pressed", *start, **more)
        self.slide_mouse(start, stop, steps, **more)
        self.mouse("Released", *stop, **more)

    def slide_mouse(self, start, stop, steps=12, **more):
        """The mouse with its button down already."""
        self._along(lambda x, y: self.mouse("Moved", x, y, **more), start, stop, steps)

    def finger(self, kind, *point):
        points = [{"x": point[0], "y": point[1]}] if point else []
        self._send("Input.dispatchTouchEvent", type=f"touch{kind}", touchPoints=points)

    def slide(self, start, stop, steps=12):
        """A finger that is down already."""
        self._along(lambda x, y: self.finger("Move", x, y), start, stop, steps)

    def _along(self, move, start, stop, steps):
        for step in range(1, steps + 1):
            share = step / steps
            move(*(a + (b - a) * share for a, b in zip(start, stop, strict=True)))

    def work(self):
        """Milliseconds of a processor that the page has needed until now.

        Scripts, styles and layout; it says the same on a machine that has other things
        to do, on which the clock on the wall says nothing.
        """
        # Harmless where it is on already.
        self._send("Performance.enable", timeDomain="threadTicks")
        answer = self.browser._websocket_request("Performance.getMetrics")
        return next(
            one["value"] * 1000
            for one in answer["metrics"]
            if one["name"] == "TaskDuration"
        )

    def stop(self):
        """Close it; what went wrong on the page is a failure."""
        done, result = self.browser._result.done(), self.browser._result
        self.browser.stop()
        if done:
            result.result()


class ScreenCase(HttpCase):
    """Opens pages. The bus really sends to them, though nothing is committed."""

    @contextmanager
    def screens(self, url, *opened):
        """The pages of some users, each ``(login, options)``; while they are open the
        test reads nothing from the database.
        """

        def send(bus, *args):
            sendone(bus, *args)
            bus.env.cr.precommit.run()
            bus.env.cr.postcommit.run()

        sendone = BusBus._sendone
        with ExitStack() as closing:
            closing.enter_context(self.allow_requests())
            closing.callback(self._wait_remaining_requests)
            closing.callback(_kick_all, CloseCode.KILL_NOW)
            closing.enter_context(patch.object(BusBus, "_sendone", send))
            closing.enter_context(
                patch.object(
                    WebsocketConnectionHandler, "websocket_allowed", return_value=True
                )
            )

            screens = [
                self._open(closing, login, **options) for login, options in opened
            ]
            # From here on the transaction is that of the pages.
            self.cr.flush()
            self.cr.clear()
            for screen in screens:
                screen.browser.navigate_to(urljoin(self.base_url(), url))
            yield screens

    def _open(self, closing, login, size=None, is_touch=False):
        browser = ChromeBrowser(self)
        screen = Screen(self, browser)
        closing.callback(screen.stop)
        browser.set_cookie(TEST_CURSOR_COOKIE_NAME, self.http_request_key, "/", HOST)
        self.session = None  # the other screen's stays valid
        self.authenticate(login, login, browser=browser)
        if size:
            width, height = size
            screen._send(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=1,
                mobile=is_touch,
            )
        if is_touch:
            screen._send(
                "Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2
            )
        return screen
