from odoo import api, fields, models

from odoo.addons.salon_booking.engine import states

AWAITED = frozenset({"booked", "confirmed"})
#: What a client does with a visit by a link.
LINKS = ("visit", "change", "cancel", "review", "rebook")
#: What of a visit that is cancelled is not true any more.
COMING = (
    "visit_booked visit_reminder visit_changed visit_part_cancelled deposit_missing "
    "staff_booked staff_moved staff_part_cancelled"
).split()
#: Told when the rest of a visit stays.
PART = ("visit_part_cancelled", "staff_part_cancelled")
#: True as long as the visit is still to come.
COMING_ALONE = frozenset(
    "visit_booked visit_part_cancelled staff_booked staff_part_cancelled".split()
)
#: The host's mails that the desk used to send, as events.
EVENT_OF = {
    "mail_template_visit_moved": "visit_changed",
    "mail_template_visit_cancelled": "visit_cancelled",
}


class SalonVisit(models.Model):
    _name = "salon.visit"
    _inherit = ["salon.visit", "salon.told.mixin"]

    message_row_ids = fields.One2many(
        "salon.message",
        "visit_id",
        "Sent to the Client",
        groups="salon_booking.group_salon_receptionist",
    )
    message_row_count = fields.Integer(
        "Messages Sent",
        compute="_compute_message_row_count",
        groups="salon_booking.group_salon_receptionist",
    )

    @api.depends("message_row_ids")
    def _compute_message_row_count(self):
        counts = dict(
            self.env["salon.message"]._read_group(
                [("visit_id", "in", self.ids)], ["visit_id"], ["__count"]
            )
        )
        for visit in self:
            visit.message_row_count = counts.get(visit, 0)

    # --- whom it concerns ---

    def _get_message_client(self):
        return self.client_id

    def _get_message_staff(self):
        return self._get_kept_appointments().staff_user_id.partner_id

    def _get_message_branch(self):
        return self.branch_id

    def _get_message_visit(self):
        return self

    def _is_message_true(self, code, occasion):
        self.ensure_one()
        now = fields.Datetime.now()
        is_coming = self.state in AWAITED and self.start > now
        if code in COMING_ALONE:
            return is_coming
        if code == "visit_reminder":
            return is_coming and self.state == "booked" and occasion == str(self.start)
        if code in ("visit_changed", "staff_moved"):
            return is_coming and occasion.partition("|")[0] in ("", str(self.start))
        if code in ("visit_cancelled", "staff_cancelled"):
            return self.state == "cancelled"
        if code == "deposit_missing":
            return is_coming and self.deposit_state == "missing"
        if code == "visit_thanks":
            return self.state == "done"
        if code in ("manager_no_show", "visit_no_show"):
            return self.state == "no_show"
        return True

    # --- links ---

    def _get_message_links(self):
        links = self._get_client_links()
        for visit in self:
            if url := visit._get_review_url():
                links[visit.id]["review"] = url
        return links

    def _get_review_url(self):
        """Where reviews are written instead of the visit's page. Hook."""
        self.ensure_one()
        return self.branch_id.message_review_url

    def _get_client_links(self):
        """Where the client sees and changes visits: ``{visit id: {name: url}}``.

        Names: those of ``LINKS``. Hook for shorter links.
        """
        # sudo: salon.visit - the token is for whom the message is
        visits = self.sudo()
        for visit in visits.filtered(lambda one: not one.access_token):
            visit._portal_ensure_token()
        return {
            visit.id: dict.fromkeys(
                LINKS, f"{visit.get_base_url()}{visit.get_portal_url()}"
            )
            for visit in visits
        }

    def _get_client_link(self, name):
        """One of these links, for templates; looked up in the context of a batch."""
        self.ensure_one()
        links = self.env.context.get("salon_links") or {}
        if self.id not in links:
            links = self._get_message_links()
        return links[self.id][name]

    # --- what happens ---

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._tell_booked()
        return visits

    def _tell_booked(self, occasion=""):
        now = fields.Datetime.now()
        coming = self.filtered(
            lambda visit: (
                not visit.is_history
                and visit.state in AWAITED
                and visit.start
                and visit.start > now
            )
        )
        messenger = self.env["salon.messenger"]
        # Who stands in the salon need not be told.
        told = coming.filtered(lambda visit: visit.source != "walk_in")
        messenger._queue("visit_booked", told.filtered("client_id"), occasion)
        if unpaid := told.filtered(lambda visit: visit.deposit_state == "missing"):
            messenger._queue("deposit_missing", unpaid, occasion)
        messenger._queue("staff_booked", coming, occasion)

    def _after_plan_change(self, previous, people):
        super()._after_plan_change(previous, people)
        self._tell_new_people(people)
        now = fields.Datetime.now()
        moved = self.filtered(
            lambda visit: (
                visit.start != previous[visit.id]
                and visit.state in AWAITED
                and visit.start > now
            )
        )
        if not moved:
            return
        messenger = self.env["salon.messenger"]
        waiting = messenger._cancel(
            moved, ("visit_reminder", "visit_changed", "staff_moved")
        ).filtered(lambda message: message.event_id.code == "visit_changed")
        # Taken back before anybody was told: there is nothing to tell.
        known = {
            message.visit_id: message.occasion.rpartition("|")[2] for message in waiting
        }
        told = moved.filtered(lambda visit: known.get(visit) != str(visit.start))
        occasions = {
            visit.id: visit._get_occasion(known.get(visit) or previous[visit.id])
            for visit in told
        }
        untold = told - told._find_waiting("visit_booked", "visit_part_cancelled")
        messenger._queue("visit_changed", untold.filtered("client_id"), occasions)
        messenger._queue(
            "staff_moved",
            told,
            occasions,
            partners={
                visit.id: visit._get_message_staff() & self._to_told(people[visit.id])
                for visit in told
            },
        )

    def _tell_new_people(self, people):
        """Tell who has got a service of these visits, and who has lost one."""
        coming = self.filtered(
            lambda visit: visit.state in AWAITED and visit.start > fields.Datetime.now()
        )
        came, went = {}, {}
        for visit in coming:
            before = people[visit.id]
            after = visit._get_live_appointments().staff_id
            came[visit.id] = self._to_told(after - before)
            went[visit.id] = self._to_told(before - after)
        messenger, occasion = self.env["salon.messenger"], f"|{self.env.cr.now()}"
        messenger._queue("staff_booked", coming, occasion, partners=came)
        messenger._queue("staff_part_cancelled", coming, occasion, partners=went)

    def _to_told(self, staff):
        """Who of the team is told; not who does it."""
        # sudo: hr.employee - who of the team has a user is no secret
        users = staff.sudo().user_id.filtered("active")
        return users.partner_id - self.env.user.partner_id

    def _find_waiting(self, *codes):
        """Those of which something is to be told that names time and services as they
        are when it leaves."""
        # sudo: salon.message - looked at by the system
        return (
            self.env["salon.message"]
            .sudo()
            .search(
                [
                    ("visit_id", "in", self.ids),
                    ("event_id.code", "in", codes),
                    ("state", "=", "queued"),
                ]
            )
            .visit_id
        )

    def _get_occasion(self, before=""):
        """The time that is told, when it was changed, and from what."""
        return f"{self.start}|{self.env.cr.now()}|{before}"

    def _notify_client(self, template_name):
        """By the outbox, at once: the desk has said that the client is to be told."""
        code = EVENT_OF[template_name]
        if not self.env["salon.message.event"]._find(code):
            return super()._notify_client(template_name)
        part = self.browse()
        if code == "visit_cancelled":
            part = self.filtered(lambda visit: visit.state in AWAITED)
        missing = part._tell_at_once("visit_part_cancelled")
        return missing | (self - part)._tell_at_once(code)

    def _tell_at_once(self, code):
        """Return the visits whose client cannot be told."""
        visits = self.filtered(lambda visit: visit.client_id and not visit.is_history)
        messenger = self.env["salon.messenger"]
        messenger._cancel(visits, [code])
        occasions = {visit.id: visit._get_occasion() for visit in visits}
        messenger._queue(code, visits, occasions, moment=fields.Datetime.now())
        # sudo: salon.message - looked at by the system
        unreached = (
            self.env["salon.message"]
            .sudo()
            .search(
                [
                    ("visit_id", "in", visits.ids),
                    ("event_id.code", "=", code),
                    ("occasion", "in", list(occasions.values())),
                    ("state", "=", "skipped"),
                ]
            )
            .visit_id
        )
        return (self - visits) | unreached.with_env(self.env)

    def _spare_client(self):
        super()._spare_client()
        self.env["salon.messenger"]._cancel(
            self,
            ("visit_changed", "visit_cancelled", "visit_part_cancelled"),
            reason="by_hand",
        )

    # rpc: leads to records that are read with the rights of the user
    def action_view_message_rows(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_messages.salon_message_action"
        )
        return {**action, "domain": [("visit_id", "=", self.id)], "context": {}}


class SalonAppointment(models.Model):
    _inherit = "salon.appointment"

    def _after_state_change(self, previous):
        super()._after_state_change(previous)
        visits = self.visit_id
        messenger = self.env["salon.messenger"]
        now = fields.Datetime.now()
        was_lost = self.filtered(lambda one: previous[one.id] in states.LOST).visit_id
        by_state = visits.grouped("state")
        none = visits.browse()

        cancelled = by_state.get("cancelled", none)
        messenger._cancel(cancelled, COMING)
        coming = cancelled.filtered(lambda visit: visit.start > now)
        occasion = f"|{self.env.cr.now()}"
        messenger._queue("visit_cancelled", coming.filtered("client_id"), occasion)
        messenger._queue("staff_cancelled", coming, occasion)

        self._tell_part_cancelled(previous)
        answered = visits - by_state.get("booked", none)
        messenger._cancel(answered, ["visit_reminder"])
        if arrived := by_state.get("arrived"):
            messenger._queue("client_arrived", arrived)
        if missed := by_state.get("no_show"):
            messenger._cancel(missed, COMING)
            messenger._queue("manager_no_show", missed)
            messenger._queue("visit_no_show", missed.filtered("client_id"))
        if done := by_state.get("done"):
            messenger._queue("visit_thanks", done.filtered("client_id"))

        back = (was_lost & visits).filtered(lambda visit: visit.state in AWAITED)
        messenger._cancel(back, ("visit_cancelled", "staff_cancelled"))
        parts = messenger._cancel(back, PART).visit_id
        (back - parts)._tell_booked(occasion)

    def _tell_part_cancelled(self, previous):
        """Tell of services that are cancelled while the rest of the visit stays."""
        now = fields.Datetime.now()
        lost = self.filtered(
            lambda one: (
                one.state in states.LOST
                and previous[one.id] not in states.LOST
                and one.visit_id.state in AWAITED
                and one.visit_id.start > now
            )
        )
        visits = lost.visit_id
        if not visits:
            return
        messenger = self.env["salon.messenger"]
        # What is left is told with its time: an earlier change need not be.
        messenger._cancel(visits, ("visit_changed", "visit_part_cancelled"))
        occasion = f"|{self.env.cr.now()}"
        untold = visits - visits._find_waiting("visit_booked")
        messenger._queue("visit_part_cancelled", untold.filtered("client_id"), occasion)
        messenger._queue(
            "staff_part_cancelled",
            visits,
            occasion,
            partners={
                visit.id: visit._to_told((lost & visit.appointment_ids).staff_id)
                for visit in visits
            },
        )
