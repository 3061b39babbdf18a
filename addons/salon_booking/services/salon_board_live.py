from datetime import date

from odoo import api, models

from ..engine import clock

#: What a bus message is called, and the part of a branch's channel that carries it.
MESSAGE, SUBCHANNEL = "salon.board", "board"
CHANNEL = "salon.board_"
#: Of more visits than these the boards load the day anew.
MOST_VISITS = 100


class SalonBoard(models.AbstractModel):
    """Tells the boards of a branch what has changed, once per transaction.

    Messages carry ids and days only: each board then asks for them with the rights of
    its own user. They leave after the commit, through the host's bus, to all workers.
    """

    _inherit = "salon.board"

    @api.model
    def _channel_name(self, branch):
        return f"{CHANNEL}{branch.id}"

    @api.model
    def _open_channels(self, channels):
        """The channels of boards that the user may listen to, of those asked for."""
        wanted = {
            channel
            for channel in channels
            if isinstance(channel, str) and channel.startswith(CHANNEL)
        }
        if not wanted:
            return channels
        others = [channel for channel in channels if channel not in wanted]
        if not self.env.user.has_group("salon_booking.group_salon_stylist"):
            return others
        # The record rules say whose branches they are.
        branches = self._branches()
        return others + [
            (branch, SUBCHANNEL)
            for branch in branches
            if self._channel_name(branch) in wanted
        ]

    @api.model
    def _tell(self, days, visit_ids=(), blocks=False, hours=False):
        """Say that something on these days is not any more what boards show.

        :param days: (branch id, ordinal of the local day); what else is locked with
            them does not matter
        """
        changes = self._changes()
        for branch_id, day in days:
            if branch_id <= 0:
                continue
            change = self._change_of(changes, branch_id)
            change["days"].add(day)
            change["visits"].update(visit_ids)
            change["blocks"] |= blocks
            change["hours"] |= hours

    @api.model
    def _tell_drawer(self, branches):
        """Say that who waits there, or for a time there, is not the same any more."""
        changes = self._changes()
        for branch_id in branches.ids:
            self._change_of(changes, branch_id)["drawer"] = True

    @api.model
    def _changes(self):
        changes = self.env.cr.precommit.data.setdefault("salon.board", {})
        if not changes:
            self.env.cr.precommit.add(self._send)
        return changes

    @api.model
    def _change_of(self, changes, branch_id):
        return changes.setdefault(
            branch_id,
            {
                "days": set(),
                "visits": set(),
                "blocks": False,
                "hours": False,
                "drawer": False,
            },
        )

    @api.model
    def _send(self):
        bus = self.env["bus.bus"]
        changes = self.env.cr.precommit.data.pop("salon.board", {})
        for branch_id, change in changes.items():
            is_much = len(change["visits"]) > MOST_VISITS
            bus._sendone(
                (self.env["salon.branch"].browse(branch_id), SUBCHANNEL),
                MESSAGE,
                {
                    "branch": branch_id,
                    "days": [
                        date.fromordinal(day).isoformat()
                        for day in sorted(change["days"])
                    ],
                    "visits": [] if is_much else sorted(change["visits"]),
                    "blocks": change["blocks"],
                    "hours": change["hours"] or is_much,
                    "drawer": change["drawer"],
                },
            )

    @api.model
    def _tell_appointments(self, appointments):
        """Call it before and after they change their time."""
        appointments = appointments.filtered(
            lambda one: one.start and not one.visit_id.is_history
        )
        # sudo: salon.branch - its time zone only
        for branch, here in appointments.sudo().grouped("branch_id").items():
            # What ends after midnight is to be seen on the day after, too.
            minutes = {
                minute
                for one in here
                for minute in (
                    clock.to_minutes(one.start),
                    clock.to_minutes_ceil(one.stop) - 1,
                )
            }
            days = {
                (branch.id, clock.local(minute, branch.tz).toordinal())
                for minute in minutes
            }
            self._tell(days, here.visit_id.ids)
