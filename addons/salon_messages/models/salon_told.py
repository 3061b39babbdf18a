"""What else people are told about."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_time

#: A change of one of these is told to who works the shift.
TOLD_FIELDS = frozenset(
    "branch_id business_date kind start stop time_from time_to".split()
)
#: So many of the next shifts are named in a message.
NAMED = 7


class SalonWaitlistOffer(models.Model):
    _name = "salon.waitlist.offer"
    _inherit = ["salon.waitlist.offer", "salon.told.mixin"]

    def _get_message_client(self):
        return self.client_id

    def _get_message_branch(self):
        return self.branch_id

    def _is_message_true(self, _code, _occasion):
        return not self._is_over()

    def _notify(self):
        if not self.env["salon.message.event"]._find("waitlist_offer"):
            return super()._notify()
        for moment, offers in self.grouped("send_at").items():
            self.env["salon.messenger"]._queue(
                "waitlist_offer", offers, moment=moment or None
            )
        return None

    def _get_client_link(self):
        """Where the client accepts or declines, for templates."""
        self.ensure_one()
        self._portal_ensure_token()
        return f"{self.get_base_url()}{self.get_portal_url()}"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "salon.told.mixin"]

    def _get_message_client(self):
        return self.partner_id

    def _get_message_branch(self):
        return self.salon_branch_id

    def _get_message_visit(self):
        return self.invoice_line_ids.salon_visit_id[:1]

    def _is_message_true(self, code, _occasion):
        if code == "payment_link" and not self.amount_residual:
            return False
        return self.state == "posted"

    def _on_salon_bill_paid(self):
        result = super()._on_salon_bill_paid()
        # sudo: account.move - the desk has no accounting rights
        bills = self.sudo().filtered(
            lambda bill: (
                bill.move_type == "out_invoice"
                and bill.salon_branch_id
                and bill.partner_id != bill.salon_branch_id.walk_in_partner_id
            )
        )
        self.env["salon.messenger"]._queue("receipt", bills)
        return result


class SalonShift(models.Model):
    _name = "salon.shift"
    _inherit = ["salon.shift", "salon.told.mixin"]

    def _get_message_staff(self):
        return self.staff_id.user_id.filtered("active").partner_id

    def _get_message_branch(self):
        return self.branch_id

    def _is_message_true(self, code, _occasion):
        return self.is_published and self.stop > fields.Datetime.now()

    def _note_published(self):
        if not self.env["salon.message.event"]._find("roster_published"):
            return super()._note_published()
        # sudo: hr.employee - who of the team has a user is no secret
        shifts = self.sudo().filtered(lambda one: one.stop > fields.Datetime.now())
        firsts = self.browse(
            min(own, key=lambda shift: (shift.start, shift.id)).id
            for own in shifts.grouped("staff_id").values()
        )
        self.env["salon.messenger"]._queue(
            "roster_published", firsts, f"|{self.env.cr.now()}"
        )
        return None

    def write(self, vals):
        if not TOLD_FIELDS & vals.keys():
            return super().write(vals)
        before = {shift: shift._get_message_facts() for shift in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda shift: (
                shift.is_published
                and before[shift] != shift._get_message_facts()
                and shift.stop > fields.Datetime.now()
            )
        )
        messenger = self.env["salon.messenger"]
        messenger._cancel(changed, ["roster_changed", "shift_tomorrow"])
        messenger._queue("roster_changed", changed, f"|{self.env.cr.now()}")
        return result

    def _get_message_facts(self):
        return self.branch_id, self.business_date, self.kind, self.start, self.stop

    def _get_message_line(self):
        """ "Thu 12 Jun, 9:00 – 17:00, Center", for templates."""
        self.ensure_one()
        day = format_date(self.env, self.business_date, date_format="EEE d MMM")
        if self.kind == "off":
            return f"{day}: {self.env._('day off')}"
        first, last = (
            format_time(self.env, moment, tz=self.branch_id.tz, time_format="short")
            for moment in (self.start, self.stop)
        )
        return f"{day}, {first} – {last}, {self.branch_id.name}"

    def _get_message_lines(self):
        """The next shifts of the same person, one line each, for templates."""
        self.ensure_one()
        shifts = self.search(
            [
                ("staff_id", "=", self.staff_id.id),
                ("is_published", "=", True),
                ("stop", ">", fields.Datetime.now()),
            ],
            order="start, id",
            limit=NAMED,
        )
        return "\n".join(shift._get_message_line() for shift in shifts)


class SalonBranch(models.Model):
    _name = "salon.branch"
    _inherit = ["salon.branch", "salon.told.mixin"]

    def _get_message_branch(self):
        return self

    def _get_failed_message_count(self):
        """How many did not arrive lately, for templates."""
        self.ensure_one()
        # sudo: salon.message - a number
        return (
            self.env["salon.message"]
            .sudo()
            .search_count(
                [
                    ("branch_id", "=", self.id),
                    ("state", "=", "failed"),
                    ("not_before", ">", fields.Datetime.now() - timedelta(days=1)),
                ]
            )
        )


class SalonDebtReminders(models.AbstractModel):
    _inherit = "salon.debt.reminders"

    @api.model
    def _notify(self, client, template):
        if not self.env["salon.message.event"]._find("debt_reminder"):
            return super()._notify(client, template)
        self._check_template(client, template)
        self.env["salon.messenger"]._queue(
            "debt_reminder", client, f"|{self.env.cr.now()}", template=template
        )
        return None
