import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import consteq, hmac

TOKEN = re.compile(r"([0-9]{1,9})-([0-9a-f]{64})")


class SalonCalendarFeed(models.Model):
    """A secret link under which a phone's calendar reads a person's or room's work.

    The link is signed with the database's own secret over a random seed: a copy of
    the table alone opens nothing, and a new seed closes the old link at once.
    """

    _name = "salon.calendar.feed"
    _description = "Salon Calendar Link"
    _inherit = ["salon.guarded.mixin"]
    _order = "id"
    _guarded_fields = frozenset({"seed"})

    staff_id = fields.Many2one(
        "hr.employee", "Staff Member", readonly=True, ondelete="cascade"
    )
    facility_id = fields.Many2one("salon.facility", readonly=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True
    )
    seed = fields.Char(
        default=lambda self: secrets.token_hex(16),
        required=True,
        copy=False,
        groups=NO_ACCESS,
    )
    url = fields.Char(
        "Link",
        compute="_compute_url",
        help="Add it in the phone's calendar app as a subscribed calendar. Whoever has "
        "the link can read the calendar, so share it with nobody.",
    )

    _one_subject = models.Constraint(
        "CHECK (num_nonnulls(staff_id, facility_id) = 1)",
        "A calendar link is of one person or of one place.",
    )
    _staff_unique = models.UniqueIndex("(staff_id)", "This person already has a link.")
    _facility_unique = models.UniqueIndex(
        "(facility_id)", "This place already has a link."
    )

    @api.depends("staff_id.company_id", "facility_id.company_id")
    def _compute_company_id(self):
        for feed in self:
            feed.company_id = feed.staff_id.company_id or feed.facility_id.company_id

    @api.depends("staff_id", "facility_id")
    def _compute_display_name(self):
        for feed in self:
            feed.display_name = feed.staff_id.name or feed.facility_id.name

    @api.depends("seed")
    def _compute_url(self):
        for feed in self:
            base = feed.get_base_url()
            feed.url = f"{base}/salon/calendar/{feed._get_token()}.ics"

    def _get_token(self):
        self.ensure_one()
        # sudo: salon.calendar.feed, ir.config_parameter - only who may read the record
        # comes here; seed and key of the database stay inside
        feed = self.sudo()
        signed = hmac(feed.env, "salon.calendar.feed", (feed.id, feed.seed))
        return f"{feed.id}-{signed}"

    @api.model
    def _find(self, token):
        """The link's record in sudo; empty for whatever is not a link that works."""
        # sudo: salon.calendar.feed - the token is the right to read
        feeds = self.sudo()
        match = TOKEN.fullmatch(token or "")
        feed = feeds.browse(int(match[1]) if match else ()).exists()
        if not feed or not consteq(feed._get_token(), token):
            return feeds
        subject, user = feed.staff_id or feed.facility_id, feed.staff_id.user_id
        # Whoever may not sign in any more has no calendar any more either.
        return feed if subject.active and (not user or user.active) else feeds

    @api.model
    def _open(self, subject):
        """Show the link of an hr.employee or salon.facility, made when needed."""
        subject.ensure_one()
        self._check_may_manage(subject)
        name = "facility_id" if subject._name == "salon.facility" else "staff_id"
        # sudo: salon.calendar.feed - rights are checked above; nobody writes the table
        feeds = self.sudo()
        feed = feeds.search([(name, "=", subject.id)]) or feeds.create(
            {name: subject.id}
        )
        return feed.with_env(self.env)._show()

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calendar Link"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _check_may_manage(self, subject):
        """Managers of all of somebody's branches, and everybody for himself."""
        user = self.env.user
        # sudo: hr.employee - whose user somebody is, is no secret to himself
        person = subject.sudo()
        if subject._name == "hr.employee" and person.user_id == user:
            return
        if user.has_group("salon_booking.group_salon_manager"):
            branches = (
                person.salon_branch_ids
                if subject._name == "hr.employee"
                else person.branch_id
            )
            # One link shows the work in all branches.
            seen = self.env["salon.branch"].search([("id", "in", branches.ids)])
            if (
                branches
                and seen == branches
                or user.has_group("salon_booking.group_salon_owner")
            ):
                return
        raise AccessError(
            self.env._(
                "The calendar of %(who)s is for %(who)s and for managers of all "
                "branches in it. Ask one of them.",
                who=subject.display_name,
            )
        )

    # rpc: only for the person who asks
    @api.model
    def action_open_own(self):
        """Show the user's own link."""
        staff = self.env.user.employee_id
        if not staff:
            raise UserError(
                self.env._(
                    "You are not on the team's list, so there is no calendar of yours. "
                    "Ask your manager to link your user to your employee."
                )
            )
        return self._open(staff)

    def action_renew(self):
        """Close the old link and make a new one."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_manage(self.staff_id or self.facility_id)
        # sudo: salon.calendar.feed - right checked above; the seed is nobody's to write
        self.sudo().seed = secrets.token_hex(16)
        return self._show()

    def action_revoke(self):
        """Close the link; nobody reads the calendar until a new one is made."""
        self.ensure_one()
        self.check_access("read")
        self._check_may_manage(self.staff_id or self.facility_id)
        # sudo: salon.calendar.feed - right checked above
        self.sudo().unlink()
        return {"type": "ir.actions.act_window_close"}
