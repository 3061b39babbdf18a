"""Many guests at once, who book over HTTP and keep a log of what they were told."""

import random
import statistics
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from web_client import WebClerk

#: As in `salon_setup.py`.
MIDNIGHT = datetime(2031, 6, 12, tzinfo=timezone.utc)
TAKEN = "odoo.addons.salon_booking.exceptions.SlotTaken"
FACTS = """
    SELECT (SELECT min(id) FROM salon_branch WHERE name = 'Rush') AS branch,
           (SELECT json_object_agg(substr(default_code, 6), id)
              FROM product_product WHERE default_code LIKE 'rush-%') AS services,
           (SELECT json_agg(id ORDER BY id) FROM hr_employee
             WHERE is_salon_staff) AS people"""
#: Seconds a guest waits for the others before the run is given up.
PATIENCE = 60


def utc_minute(day: int, minute: int) -> int:
    """UTC minutes of a minute of the day, days counted from the first one."""
    return int(MIDNIGHT.timestamp()) // 60 + day * 24 * 60 + minute


def moment(day: int, minute: int) -> str:
    """The same as the host's forms send it."""
    wanted = MIDNIGHT + timedelta(days=day, minutes=minute)
    return wanted.strftime("%Y-%m-%d %H:%M:%S")


class Guest:
    """Somebody at a screen, with a log of every call and its answer.

    A wish is a tuple of service, person, day and minute of the day.
    """

    def __init__(self, number: int, clerk: WebClerk, facts: dict, barrier):
        self.number = number
        self.random = random.Random(number)
        self.clerk = clerk
        self.facts = facts
        self.barrier = barrier
        self.log = []

    def wait_for_the_others(self) -> None:
        self.barrier.wait(PATIENCE)

    def _note(self, answer: dict, kind: str, result=None, **noted) -> object:
        """Log an answer; return the result, or None when it was refused."""
        entry = {"guest": self.number, "kind": kind, **noted, **answer}
        if answer["status"] != 200:
            entry["outcome"] = f"status {answer['status']}"
        elif "error" in answer:
            entry["outcome"] = answer["error"]["data"]["name"].rpartition(".")[2]
            entry["message"] = answer["error"]["data"]["message"]
        else:
            entry |= {"outcome": "done", "result": result(answer["result"])}
        self.log.append(entry)
        return entry.get("result")

    def open_dialog(self, service: str, day: int = 0, staff: int | None = None) -> int:
        """The dialog in which free times are found; return its id."""
        values = {
            "branch_id": self.facts["branch"],
            "product_id": self.facts["services"][service],
            "staff_id": staff is not None and self.facts["people"][staff],
            "date_from": moment(day, 0)[:10],
            "days": 1,
        }
        answer = self.clerk.call_once(
            *("salon.booking.wizard", "web_save", [], values), specification={}
        )
        return answer["result"][0]["id"]

    def free_times(self, dialog: int) -> dict[int, list[int]]:
        """What the dialog shows: `{minute of its first day: persons}`."""
        answer = self.clerk.call_once(
            *("salon.booking.wizard", "web_read", [dialog]), specification={"slots": {}}
        )
        found = {}
        for day in answer["result"][0]["slots"]["days"]:
            for person in day["people"]:
                for time in person["times"]:
                    minute = time["start"] - utc_minute(0, 0)
                    number = self.facts["people"].index(person["id"])
                    found.setdefault(minute, []).append(number)
        return found

    def choose(self, dialog: int, wish, *, crash=None, key=None, **noted):
        """Click on a time of the dialog; return the id of the visit, or None."""
        _service, person, day, minute = wish
        key = key or str(uuid.uuid4())
        answer = self.clerk.call_once(
            *("salon.booking.wizard", "action_book", [dialog]),
            *(utc_minute(day, minute), self.facts["people"][person], key),
            crash=crash,
        )
        return self._note(
            answer,
            "book",
            lambda action: action["res_id"],
            wishes=[wish],
            key=key,
            **noted,
        )

    def save_visit(self, wishes, **noted):
        """Save the form of a new visit; return its id, or None."""
        lines = [
            {
                "product_id": self.facts["services"][service],
                "staff_id": self.facts["people"][person],
                "start": moment(day, minute),
            }
            for service, person, day, minute in wishes
        ]
        values = {
            "branch_id": self.facts["branch"],
            "appointment_ids": [(0, 0, line) for line in lines],
        }
        answer = self.clerk.call_once(
            "salon.visit",
            "web_save",
            [],
            values,
            specification={"appointment_ids": {"fields": {}}},
        )
        return self._note(answer, "save", lambda rows: rows[0], wishes=wishes, **noted)

    def drag(self, appointment: int, person: int, day: int, minute: int):
        """Drop an appointment of the calendar elsewhere."""
        values = {
            "start": moment(day, minute),
            "staff_id": self.facts["people"][person],
        }
        answer = self.clerk.call_once(
            *("salon.appointment", "web_save", [appointment], values), specification={}
        )
        moved = (appointment, person, utc_minute(day, minute))
        return self._note(answer, "drag", lambda _rows: moved, moved=appointment)

    def cancel(self, visit: int):
        answer = self.clerk.call_once(
            *("salon.visit", "web_save", [visit], {"state": "cancelled"}),
            specification={},
        )
        return self._note(answer, "cancel", lambda _rows: visit, cancelled=visit)


class Story:
    """What the guests were told, all together."""

    def __init__(self, name: str, log: list[dict]):
        self.name = name
        self.log = log

    def find(self, **wanted) -> list[dict]:
        return [
            entry
            for entry in self.log
            if all(entry.get(name) == value for name, value in wanted.items())
        ]

    def outcomes(self, **wanted) -> Counter:
        return Counter(entry["outcome"] for entry in self.find(**wanted))

    def booked(self) -> set[int]:
        """Ids of the visits that were acknowledged."""
        return {entry["result"] for entry in self.find(kind="book", outcome="done")} | {
            entry["result"]["id"] for entry in self.find(kind="save", outcome="done")
        }

    def cancelled(self) -> set[int]:
        return {entry["result"] for entry in self.find(kind="cancel", outcome="done")}

    def longest(self, which: str = "server_seconds") -> float:
        return max(entry[which] for entry in self.log)

    def median(self, which: str = "server_seconds") -> float:
        return statistics.median(entry[which] for entry in self.log)

    def tell(self) -> None:
        """Print the numbers; pytest shows them with -s or when the test fails."""
        if not self.log:
            return
        parts = [f"\n{self.name}: {dict(self.outcomes())}"]
        for name in ("server_seconds", "seconds"):
            times = sorted(entry[name] * 1000 for entry in self.log)
            parts.append(
                f"{name.replace('_', ' ')}: p50 {statistics.median(times):.0f} ms, "
                f"p99 {times[int(len(times) * 0.99)]:.0f} ms, longest {times[-1]:.0f}"
            )
        print("; ".join(parts))  # noqa: T201


def play(name: str, clerk: WebClerk, facts: dict, act, guests: int = 32) -> Story:
    """Let guests act at once, each in a thread; return what they were told.

    :param act: called with each `Guest`
    """
    barrier = threading.Barrier(guests)

    def alone(number: int) -> list[dict]:
        guest = Guest(number, clerk.tab(), facts, barrier)
        try:
            act(guest)
        except BaseException:
            barrier.abort()
            raise
        return guest.log

    with ThreadPoolExecutor(guests) as pool:
        logs = list(pool.map(alone, range(guests)))
    story = Story(name, [entry for log in logs for entry in log])
    story.tell()
    return story
