"""Runs in Odoo's Python, with a task on its input: takes pictures with Chromium."""

import base64
import http.cookiejar
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import websocket
from PIL import Image

SECONDS = 60
LAPTOP = [1366, 768]
#: Finds the first element of a selector that may end in parts like :contains(text).
FIND = """
    ((query) => {
        const texts = [...query.matchAll(/:contains\\((.*?)\\)/g)];
        const bare = query.replace(/:contains\\(.*?\\)/g, "\\u0000");
        const [scope, ...rest] = texts.length ? bare.split("\\u0000") : [bare];
        const inner = rest.at(-1)?.trim();
        for (const element of document.querySelectorAll(scope)) {
            if (texts.every(([, text]) => element.textContent.includes(text))) {
                return inner ? element.querySelector(inner) : element;
            }
        }
        return null;
    })
"""
TYPE = """
    ((element, text) => {
        element.focus();
        element.value = text;
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
    })
"""
NUMBER = "location.pathname.split('/').filter((part) => /^[0-9]+$/.test(part)).at(-1)"
#: What all screens have in common: nothing blinks, and nothing floats in.
CALM = """
    const style = document.createElement("style");
    style.textContent = `
        *, *::before, *::after {
            animation: none !important;
            transition: none !important;
            caret-color: transparent !important;
        }
        .o_notification_manager, .o_tooltip { display: none !important; }`;
    document.head.append(style);
"""


def sign_in(address: str, login: str) -> list[tuple[str, str]]:
    """Return the cookies of a user whose password is the login."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
    )
    page = opener.open(f"{address}/web/login").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"csrf_token": token, "login": login, "password": login}
    data = urllib.parse.urlencode(form).encode()
    answer = opener.open(f"{address}/web/login", data)
    if "/web/login" in answer.geturl():
        raise RuntimeError(
            f"{login} cannot sign in: the database has no such demo user"
        )
    return [(cookie.name, cookie.value) for cookie in jar]


class Browser:
    """A headless Chromium, driven by its own protocol."""

    def __init__(self, program: str):
        self.profile = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [
                program,
                *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--disable-background-networking", "--disable-dev-shm-usage"),
                *("--force-prefers-reduced-motion", "--hide-scrollbars"),
                *("--remote-debugging-port=0", "--remote-allow-origins=*"),
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.socket = websocket.create_connection(self._page(), timeout=60)
        self.number = 0
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")

    def _page(self) -> str:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        file = Path(self.profile) / "DevToolsActivePort"
        for _try in range(300):
            if file.exists() and (lines := file.read_text().split()):
                tabs = json.load(opener.open(f"http://127.0.0.1:{lines[0]}/json"))
                for tab in tabs:
                    if tab["type"] == "page":
                        return tab["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise RuntimeError("Chromium does not start")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method: str, **params) -> dict:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                return answer.get("result", {})

    def evaluate(self, script: str):
        result = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        return result.get("result", {}).get("value")

    def wait_for(self, selector: str) -> None:
        quoted = json.dumps(selector)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if self.evaluate(f"!!{FIND}({quoted})"):
                return
            time.sleep(0.2)
        raise RuntimeError(f"{selector} does not appear")

    def do(self, step: str | list[str]) -> None:
        """Click on what appears, or type into it."""
        selector, *text = [step] if isinstance(step, str) else step
        self.wait_for(selector)
        element = f"{FIND}({json.dumps(selector)})"
        if text:
            self.evaluate(f"{TYPE}({element}, {json.dumps(text[0])})")
        else:
            self.evaluate(f"{element}.click()")

    def resize(self, size: list[int], screen: dict) -> None:
        width, height = size
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=screen["is_phone"],
        )
        self.call(
            "Emulation.setTouchEmulationEnabled", enabled=bool(screen["is_phone"])
        )

    def picture(self, screen: dict, address: str, zone: str, cookies) -> bytes:
        # What leads to a paper is done on a screen, whatever the size of the paper.
        size = screen["size"]
        self.resize(size if screen["is_phone"] else max(size, LAPTOP), screen)
        # The clock of the salon, as for whoever works in it.
        self.call("Emulation.setTimezoneOverride", timezoneId=zone)
        self.call("Network.clearBrowserCookies")
        for name, value in (*cookies, ("color_scheme", "light")):
            self.call("Network.setCookie", name=name, value=value, url=address)
        # A page of its own, so that nothing of the last one is taken for this one.
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address + screen["path"])
        for step in screen["steps"]:
            self.do(step)
        if screen["script"]:
            script = f"const number = {NUMBER}; {screen['script']}"
            self.evaluate(f"(async () => {{ {script} }})()")
        self.resize(size, screen)
        self.wait_for(screen["ready"])
        self.evaluate(CALM)
        # Pictures and fonts still come in.
        time.sleep(2)
        data = self.call("Page.captureScreenshot", format="png")["data"]
        return base64.b64decode(data)


def light(png: bytes) -> bytes:
    """The same picture with as many colours as a screen has: a third of the bytes."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    small = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=0)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Take all pictures of the task; say which could not be taken."""
    task = json.load(sys.stdin)
    program = next(filter(None, map(shutil.which, task["browsers"])))
    address, failed, sessions = task["address"], 0, {}
    browser = Browser(program)
    try:
        for screen in task["screens"]:
            file = Path(screen["file"])
            try:
                user = screen["user"]
                if user not in sessions:
                    sessions[user] = sign_in(address, user)
                zone = task["zone"]
                png = light(browser.picture(screen, address, zone, sessions[user]))
            except RuntimeError as error:
                failed += 1
                print(f"- {file.stem}: {error}", file=sys.stderr, flush=True)
                continue
            file.write_bytes(png)
            print(f"- {file.name}: {len(png) // 1024} KB", flush=True)
    finally:
        browser.close()
    return 1 if failed else 0


sys.exit(main())
