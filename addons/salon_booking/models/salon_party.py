from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import states
from .salon_appointment import STATES


class SalonParty(models.Model):
    """Guests who come together: a couple, a bride with her friends, mother and child.

    Each guest has a visit of his own; the party only keeps them together.
    """

    _name = "salon.party"
    _description = "Party of Clients"
    _inherit = ["salon.guarded.mixin", "mail.thread"]
    _order = "start desc, id desc"
    _check_company_auto = True
    _guarded_fields = frozenset({"number"})
    _rec_names_search = ["number", "name", "client_id"]

    number = fields.Char(
        required=True, copy=False, readonly=True, default="/", index=True
    )
    name = fields.Char("Occasion", help="e.g. Bridal morning of Anna")
    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    client_id = fields.Many2one(
        "res.partner",
        "Host",
        index=True,
        check_company=True,
        help="Who invites and usually pays for all.",
    )
    visit_ids = fields.One2many("salon.visit", "party_id", "Guests")
    guest_count = fields.Integer(compute="_compute_guest_count")
    start = fields.Datetime(compute="_compute_start", store=True, index=True)
    state = fields.Selection(STATES, compute="_compute_state", store=True, index=True)
    can_check_out = fields.Boolean(compute="_compute_can_check_out")
    note = fields.Text(help="Seen by the whole team, never by the clients.")

    _number_company_unique = models.UniqueIndex(
        "(company_id, number) WHERE number != '/'", "The party number is already used."
    )

    @api.depends("visit_ids.state")
    def _compute_guest_count(self):
        for party in self:
            party.guest_count = len(party._get_live_visits())

    @api.depends("visit_ids.start", "visit_ids.state")
    def _compute_start(self):
        for party in self:
            visits = party._get_live_visits() or party.visit_ids
            party.start = min(visits.filtered("start").mapped("start"), default=False)

    @api.depends("visit_ids.state")
    def _compute_state(self):
        for party in self:
            reached = party.visit_ids.mapped("state")
            party.state = states.state_of_visit(reached) if reached else "cancelled"

    @api.depends("visit_ids.state", "visit_ids.payment_state")
    def _compute_can_check_out(self):
        for party in self:
            party.can_check_out = bool(party._get_unbilled_visits())

    @api.depends("number", "name", "client_id")
    def _compute_display_name(self):
        for party in self:
            what = party.name or party.client_id.name
            party.display_name = " · ".join(filter(None, [party.number, what]))

    @api.constrains("branch_id")
    def _check_branch_of_visits(self):
        self.visit_ids._check_party_of_branch()

    @api.model_create_multi
    def create(self, vals_list):
        parties = super().create(vals_list)
        for party in parties:
            # sudo: salon.party - the number is kept by the system
            party.sudo().number = (
                self.env["ir.sequence"].next_by_code("salon.party") or "/"
            )
        return parties

    def _get_live_visits(self):
        return self.visit_ids.filtered(lambda visit: visit.state not in states.LOST)

    def _get_unbilled_visits(self):
        return self._get_live_visits().filtered(
            lambda visit: visit.payment_state == "no_bill"
        )

    def action_checkout(self):
        """Open the checkout dialog for all guests together."""
        self.ensure_one()
        return self.env["salon.checkout.wizard"]._open(self._get_unbilled_visits())

    def action_cancel(self):
        self.ensure_one()
        return self.env["salon.cancel.wizard"]._open(self.visit_ids.appointment_ids)

    def action_move(self):
        """Ask where to, and whether all guests come along."""
        self.ensure_one()
        movable = self.visit_ids.filtered(
            lambda visit: visit.state in (states.BOOKED, states.CONFIRMED)
        )
        if not movable:
            raise UserError(
                self.env._(
                    "Nobody of %(party)s can be moved any more.",
                    party=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move"),
            "res_model": "salon.party.move.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_party_id": self.id,
                "default_visit_ids": [Command.set(movable.ids)],
                "default_start": self.start,
            },
        }

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {
            **action,
            "domain": [("party_id", "=", self.id)],
            "context": {
                "default_party_id": self.id,
                "default_branch_id": self.branch_id.id,
            },
        }


class SalonVisit(models.Model):
    _inherit = "salon.visit"  # pylint: disable=consider-merging-classes-inherited

    party_id = fields.Many2one(
        "salon.party",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
        domain="[('branch_id', '=', branch_id)]",
        help="Guests who come together and can be moved, cancelled and billed at once.",
    )
    party_guest_count = fields.Integer(
        related="party_id.guest_count", string="Guests of the Party"
    )

    @api.constrains("party_id", "branch_id")
    def _check_party_of_branch(self):
        for visit in self:
            # sudo: salon.party - the stylist of one guest does not see the party
            party = visit.party_id.sudo()
            if party and party.branch_id != visit.branch_id:
                raise ValidationError(
                    self.env._(
                        "%(visit)s and %(party)s are in different branches. Take the "
                        "guest out of the party first.",
                        visit=visit.display_name,
                        party=party.display_name,
                    )
                )

    def action_view_party(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.party",
            "res_id": self.party_id.id,
            "views": [(False, "form")],
        }

    def action_leave_party(self):
        """The guest comes alone: the visit stays as it is booked."""
        self.check_access("write")
        self.party_id = False

    def action_checkout_party(self):
        """Open the checkout dialog for everybody of the party."""
        self.ensure_one()
        return self.party_id.action_checkout()
