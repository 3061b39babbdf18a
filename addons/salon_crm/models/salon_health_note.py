from itertools import chain

from odoo import api, fields, models
from odoo.fields import Domain

#: What a note says; whoever is shown any of it has opened it. None of it is fetched
#: along with other fields, so that what is recorded was asked for.
CONTENT = frozenset({"name", "note", "kind"})


class SalonHealthNote(models.Model):
    """An allergy or another matter of health that work on this client must respect.

    Only the group for health notes has any access, and every reading of what a note
    says is recorded, whichever way it came: form, list, export or RPC.
    """

    _name = "salon.health.note"
    _description = "Health Note"
    _order = "severity desc, id desc"
    # Names of records are handed about freely: this one says nothing about health.
    _rec_name = "client_id"

    client_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("What", required=True, prefetch=False)
    kind = fields.Selection(
        [
            ("allergy", "Allergy"),
            ("skin", "Skin or scalp"),
            ("medication", "Medication"),
            ("condition", "Condition"),
            ("patch_test", "Patch test"),
        ],
        required=True,
        default="allergy",
        prefetch=False,
    )
    severity = fields.Selection(
        [("a_info", "Info"), ("b_caution", "Caution"), ("c_danger", "Danger")],
        required=True,
        default="b_caution",
        help="Danger: something may not be used on this client at all.",
    )
    note = fields.Text(
        "What to Do",
        prefetch=False,
        help="What to avoid, what to use instead.",
    )
    noted_on = fields.Date(required=True, default=fields.Date.context_today)
    valid_until = fields.Date(
        help="A patch test or a pregnancy ends. Empty: for good.",
    )
    active = fields.Boolean(default=True)

    _validity_ordered = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_until >= noted_on)",
        "A health note cannot end before it was made.",
    )

    @api.model
    def _domain_holds(self):
        today = fields.Date.context_today(self)
        return Domain("valid_until", "=", False) | Domain("valid_until", ">=", today)

    def _fetch_query(self, query, fields):
        """Record the reading, at the one place every reading passes."""
        if CONTENT.isdisjoint(field.name for field in fields):
            return super()._fetch_query(query, fields)
        # All of the note at once: one opening is one line of the record.
        whole = {*fields, *(self._fields[name] for name in CONTENT)}
        fetched = super()._fetch_query(query, list(whole))
        fetched._log_opened(self.env.context.get("salon_health_access", "read"))
        return fetched

    def export_data(self, fields_to_export):
        exporting = self.with_context(salon_health_access="export")
        return super(SalonHealthNote, exporting).export_data(fields_to_export)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **options):
        """Group by what notes say only with a record of it, too."""
        self._log_grouped(domain, (*groupby, *aggregates))
        return super()._read_group(domain, groupby, aggregates, *args, **options)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **opts):
        self._log_grouped(domain, (*chain(*grouping_sets), *aggregates))
        return super()._read_grouping_sets(
            domain, grouping_sets, aggregates, *args, **opts
        )

    @api.model
    def _log_grouped(self, domain, specifications):
        asked = {specification.split(":")[0] for specification in specifications}
        if not CONTENT.isdisjoint(asked):
            self.search(domain)._log_opened("group")

    def _log_opened(self, access):
        """Record that the user is shown these notes; code running as root sees none."""
        if self.env.su or not self:
            return
        # sudo: salon.health.note, salon.health.log - nobody writes the record by hand
        notes = self.sudo()
        notes.env["salon.health.log"].create(
            [
                {
                    "user_id": self.env.uid,
                    "client_id": client.id,
                    "note_count": len(of_client),
                    "access": access,
                }
                for client, of_client in notes.grouped("client_id").items()
            ]
        )
