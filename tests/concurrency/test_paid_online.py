"""A link is opened and paid with the host's demo provider, through a real server.

The answer of the provider and the client who comes back arrive at the same moment, each
several times.
"""

import copy
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

from web_client import WebClerk, serving

ONLINE = Path(__file__).with_name("online.py")
TIMES = 3


class Payer(WebClerk):
    """A browser of somebody who is not signed in."""

    def __init__(self, address):
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def open(self, link):
        path = link.split("://")[-1].partition("/")[2]
        with self.opener.open(f"{self.address}/{path}", timeout=60) as page:
            return page.read().decode()


def test_what_is_paid_by_link_counts_once_whoever_reports_it_first(desk):
    with desk.own_salon("online") as database:
        desk.odoo(database, "-i", "payment_demo")
        documents, _log = desk.call(database, ONLINE, "take_payments_online")
        with serving(desk, database) as server:
            for document in documents.values():
                _pay(server, document)
            tracebacks = server.tracebacks()
        found, _log = desk.call(database, ONLINE, "tell", documents=documents)
        _assert_once(found, documents)
        again, _log = desk.call(
            database, ONLINE, "post_process_again", documents=documents
        )
        assert again in ("paid", "in_payment")
        repeated, _log = desk.call(database, ONLINE, "tell", documents=documents)
        assert repeated == found
        assert len(tracebacks) <= 2 * TIMES, tracebacks


def _pay(server, document):
    payer = Payer(server.address)
    assert "o_payment_form" in payer.open(document["link"])
    begun = payer.post(f"/invoice/transaction/{document['id']}", document["pay"])
    assert "result" in begun, begun
    provider = {
        "reference": begun["result"]["reference"],
        "simulated_state": "done",
        "payment_details": "4242",
    }
    with ThreadPoolExecutor(2 * TIMES) as pool:
        reports = [
            pool.submit(tab.post, path, params)
            for path, params in (
                ("/payment/demo/simulate_payment", provider),
                ("/payment/status/poll", {}),
            )
            * TIMES
            for tab in [copy.copy(payer)]
        ]
        answers = [report.result() for report in reports]
    assert all(answer["status"] == 200 for answer in answers), answers
    last = payer.post("/payment/status/poll", {})
    assert last["result"]["state"] == "done", (last, answers)


def _assert_once(found, documents):
    assert found["faults"] == []
    bill, deposit = found["bill"], found["deposit"]
    for name in documents:
        assert found[name]["paid"] in ("paid", "in_payment")
        assert found[name]["payments"] == [documents[name]["pay"]["amount"]]
        assert found[name]["branch"]
    # Two services and what one of them sold, each once.
    assert (bill["commissions"], bill["points"]) == (3, 3)
    assert [done for _asked, done, _state in bill["stock"]] == [2]
    assert (deposit["commissions"], deposit["points"]) == (0, 0)
    assert deposit["deposit"] == ["paid", 20]
