from datetime import timedelta

from odoo import Command, api, models

from ..engine import clock

#: Client, service, staff, first and last day from today, from and to, priority, note.
WAITING = (
    ("irina", "haircut_women", "mia", 1, 10, 17, 20, "1", "Only after work."),
    ("bella", "gel_manicure", None, 0, 5, 0, 24, "0", None),
    ("timur", "haircut_men", None, 2, 12, 9, 12, "0", "Call before noon."),
    ("zoe", "roots", "mia", 3, 20, 0, 24, "2", "Wedding on the weekend after."),
)
#: Who is just thinking about an offer, who has said no, who has booked.
ANSWERED = (
    ("julia", "haircut_women", None),
    ("lucas", "haircut_men", "declined"),
    ("paula", "manicure", "accepted"),
)


class SalonDemoWaitlist(models.AbstractModel):
    """People who wait for a time, and time that is not for clients."""

    _name = "salon.demo.waitlist"
    _inherit = ["salon.demo"]
    _description = "Waitlist and Blocked Time of the Demo Salon"

    @api.model
    def _fill(self):
        branches = self._ref("branch_center") | self._ref("branch_harbour")
        entries = self.env["salon.waitlist.entry"]
        if entries.search_count([("branch_id", "in", branches.ids)]):
            return
        self = self.with_context(tracking_disable=True)
        # Demo clients get no mails: the desk offers by hand.
        branches.waitlist_is_automatic = False
        for client, service, staff, first, last, begin, end, priority, note in WAITING:
            self._wait(
                client,
                service,
                staff,
                (first, last),
                wall_from=begin,
                wall_to=end,
                priority=priority,
                note=note,
            )
        for client, service, answer in ANSWERED:
            self._answer_waitlist(self._wait(client, service, None, (2, 12)), answer)
        elsewhere = self._wait(
            "viktor",
            "haircut_men",
            None,
            (1, 12),
            branch_id=self._ref("branch_harbour").id,
        )
        self._answer_waitlist(elsewhere, None)
        self._block_time()

    @api.model
    def _wait(self, client, service, staff, days, wall_from=0, wall_to=24, **values):
        today = self._today()
        first, last = (today + timedelta(days=day) for day in days)
        wish = {
            "date_from": first,
            "date_to": last,
            "wall_from": wall_from,
            "wall_to": wall_to,
            "staff_ids": [
                Command.set(self._ref(f"staff_{staff}").ids if staff else [])
            ],
        }
        return self.env["salon.waitlist.entry"].create(
            {
                "client_id": self._ref(f"client_{client}").id,
                "branch_id": self._ref("branch_center").id,
                "product_ids": [
                    Command.set(self._ref(f"service_{service}").product_variant_ids.ids)
                ],
                "is_requested": bool(staff),
                "wish_ids": [Command.create(wish)],
                **values,
            }
        )

    @api.model
    def _answer_waitlist(self, entry, answer):
        waitlist = self.env["salon.waitlist"]
        offers = waitlist._find_free(entry.wish_ids)
        if not offers:
            return
        offer = waitlist._offer(
            entry,
            entry.wish_ids,
            offers[len(offers) // 2],
            minutes=24 * 60,
            is_told=False,
        )
        if offer and answer == "accepted":
            offer._try_accept()
        elif offer and answer:
            offer._close(answer)

    @api.model
    def _block_time(self):
        today = self._today()
        blocks = self.env["salon.block"]
        for name, branch, hour, days, values in (
            ("staff_mia", "center", 9, 9, {"kind": "business", "note": "Training"}),
            (
                "facility_center_room",
                "center",
                9,
                6,
                {"kind": "maintenance", "note": "Repair"},
            ),
            (
                "facility_harbour_chair_2",
                "harbour",
                10,
                7,
                {"kind": "maintenance", "note": "New upholstery"},
            ),
        ):
            record = self._ref(name)
            branch = self._ref(f"branch_{branch}")
            people = record._name == "hr.employee"
            start = clock.to_utc(
                clock.day_bounds(today + timedelta(days=days), branch.tz)[0] + hour * 60
            )
            blocks.create(
                {
                    "branch_id": branch.id,
                    "staff_ids": [Command.set(record.ids if people else [])],
                    "facility_ids": [Command.set([] if people else record.ids)],
                    "start": start,
                    "stop": start + timedelta(hours=2),
                    "overlap_reason": "Demo data",
                    **values,
                }
            )
