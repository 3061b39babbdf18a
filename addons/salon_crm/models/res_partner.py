from odoo import api, fields, models
from odoo.exceptions import AccessError

STAFF = "salon_booking.group_salon_stylist"
MANAGER = "salon_booking.group_salon_manager"
BLOCK_FIELDS = frozenset({"salon_is_blocked", "salon_block_reason"})


class ResPartner(models.Model):
    """The client card. Everything on it but the flag is for the salon's staff only:
    clients with a portal account read their own contact."""

    _inherit = "res.partner"

    is_salon_client = fields.Boolean(
        "Salon Client",
        help="Listed among the clients of the salon. Set with the first visit.",
    )
    salon_preference_ids = fields.Many2many(
        "salon.client.preference", string="Preferences", groups=STAFF
    )
    salon_preference_note = fields.Text(
        "More Preferences",
        groups=STAFF,
        help="What makes this client feel at home. Health matters do not belong here: "
        "they have notes of their own, which only those with the right can see.",
    )
    salon_preferred_staff_id = fields.Many2one(
        "hr.employee",
        "Preferred Staff",
        groups=STAFF,
        index="btree_not_null",
        domain="[('is_salon_staff', '=', True)]",
    )
    salon_preferred_branch_id = fields.Many2one(
        "salon.branch",
        "Preferred Branch",
        groups=STAFF,
        index="btree_not_null",
        help="Phone numbers without country code are read as in its country.",
    )
    salon_referred_by_id = fields.Many2one(
        "res.partner",
        "Referred by",
        groups=STAFF,
        index="btree_not_null",
        domain="[('id', '!=', id)]",
    )
    salon_referral_ids = fields.One2many(
        "res.partner", "salon_referred_by_id", "Clients Referred", groups=STAFF
    )
    salon_referral_count = fields.Integer(
        compute="_compute_salon_referral_count", groups=STAFF
    )
    salon_source_id = fields.Many2one(
        "utm.source",
        "Found Us Through",
        groups=STAFF,
        index="btree_not_null",
        help="How the client first heard of the salon.",
    )
    salon_is_blocked = fields.Boolean(
        "Blocked",
        copy=False,
        groups=STAFF,
        tracking=True,
        help="Not to be booked any more. Managers block and unblock.",
    )
    salon_block_reason = fields.Char(
        "Reason for Blocking", copy=False, groups=STAFF, tracking=True
    )
    salon_health_note_ids = fields.One2many(
        "salon.health.note",
        "client_id",
        "Health Notes",
        groups="salon_booking.group_salon_health",
    )
    salon_health_count = fields.Integer(
        "Number of Health Notes",
        compute="_compute_salon_health",
        groups="salon_booking.group_salon_health",
    )
    salon_health_alert = fields.Selection(
        selection="_selection_health_severity",
        string="Health Alert",
        compute="_compute_salon_health",
        search="_search_salon_health_alert",
        groups="salon_booking.group_salon_health",
        help="The most serious of the notes that hold today. What they say is shown "
        "when they are opened, and that is recorded.",
    )

    # For the list of clients, which is sorted by name as the host's contacts are.
    _salon_client_name_idx = models.Index("(complete_name) WHERE is_salon_client")
    _salon_block_reasoned = models.Constraint(
        "CHECK (salon_is_blocked IS NOT TRUE OR salon_block_reason IS NOT NULL)",
        "A client is blocked for a reason. Write it down.",
    )
    _salon_referred_by_another = models.Constraint(
        "CHECK (salon_referred_by_id IS NULL OR salon_referred_by_id <> id)",
        "Nobody refers himself. Choose another client as the one who referred.",
    )

    @api.model
    def _selection_health_severity(self):
        severity = self.env["salon.health.note"]._fields["severity"]
        return severity._description_selection(self.env)

    @api.depends("salon_referral_ids")
    def _compute_salon_referral_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("salon_referred_by_id", "in", self.ids)],
                ["salon_referred_by_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.salon_referral_count = counts.get(partner._origin, 0)

    @api.depends(
        "salon_health_note_ids.severity",
        "salon_health_note_ids.active",
        "salon_health_note_ids.valid_until",
    )
    def _compute_salon_health(self):
        Note = self.env["salon.health.note"]
        severities = [key for key, _label in self._selection_health_severity()]
        found = {
            client: (count, max(reached, key=severities.index))
            for client, count, reached in Note._read_group(
                [("client_id", "in", self.ids), *Note._domain_holds()],
                ["client_id"],
                ["__count", "severity:array_agg"],
            )
        }
        for partner in self:
            count, severity = found.get(partner._origin, (0, False))
            partner.salon_health_count = count
            partner.salon_health_alert = severity

    def _search_salon_health_alert(self, operator, value):
        if operator != "in":
            return NotImplemented
        Note = self.env["salon.health.note"]
        severities = [key for key, _label in self._selection_health_severity()]
        holds = Note._domain_holds()
        domain = [("id", "in", [])]
        for severity in value:
            if not severity:
                noted = Note._search(holds).subselect("client_id")
                condition = [("id", "not in", noted)]
            else:
                worse = severities[severities.index(severity) + 1 :]
                own = Note._search([*holds, ("severity", "=", severity)])
                others = Note._search([*holds, ("severity", "in", worse)])
                condition = [
                    ("id", "in", own.subselect("client_id")),
                    ("id", "not in", others.subselect("client_id")),
                ]
            domain = fields.Domain(domain) | fields.Domain(condition)
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_block(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_block(vals)
        return super().write(vals)

    def _check_may_block(self, *vals_list):
        """Blocking and unblocking is for managers; an unset flag may be passed on."""
        touched = self._is_blocking_touched(vals_list)
        if self.env.su or not touched or self.env.user.has_group(MANAGER):
            return
        raise AccessError(
            self.env._(
                "Only a manager blocks or unblocks clients. Ask yours to do it for "
                "%(client)s.",
                client=self[:1].display_name or self.env._("this client"),
            )
        )

    def _is_blocking_touched(self, vals_list):
        if self:
            return any(BLOCK_FIELDS & vals.keys() for vals in vals_list)
        return any(vals.get(name) for vals in vals_list for name in BLOCK_FIELDS)

    def _get_salon_block_reason(self):
        if self.salon_is_blocked:
            return self.salon_block_reason
        return super()._get_salon_block_reason()

    def action_salon_block(self):
        """Ask for the reason first."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Block Client"),
            "res_model": "salon.client.block",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_client_ids": self.ids},
        }

    def action_salon_unblock(self):
        self.write({"salon_is_blocked": False, "salon_block_reason": False})

    def action_view_salon_health_notes(self):
        """Open the notes; opening them is recorded by the notes themselves."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_crm.salon_health_note_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id},
        }

    def action_view_salon_referrals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_crm.salon_client_action"
        )
        return {
            **action,
            "domain": [("salon_referred_by_id", "=", self.id)],
            "context": {
                "default_salon_referred_by_id": self.id,
                "default_is_salon_client": True,
            },
        }
