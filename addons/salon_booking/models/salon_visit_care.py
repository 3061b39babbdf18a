from odoo import api, fields, models
from odoo.tools import format_time

from ..engine import clock, states

RECEPTIONIST = "salon_booking.group_salon_receptionist"


class SalonVisit(models.Model):
    """What those who serve a client write down and must know."""

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    checkout_note = fields.Text(
        "Note at Checkout",
        help="What to remember for the next time. Seen by the whole team, never by the "
        "client.",
    )
    private_note = fields.Text(
        groups="salon_booking.group_salon_private",
        help="Seen only with the right to private notes.",
    )
    client_debt = fields.Monetary(
        "Debt",
        compute="_compute_client_debt",
        groups=RECEPTIONIST,
        help="What the client, or who pays for her, still owes the company.",
    )
    client_debt_note = fields.Char(
        "Debt in Words", compute="_compute_client_debt", groups=RECEPTIONIST
    )
    is_first = fields.Boolean(
        "First Visit",
        compute="_compute_is_first",
        help="The client has not been served in this company before.",
    )
    sold_names = fields.Text(
        "Products Sold", compute="_compute_sold_names", help="And by whom."
    )

    @api.depends("client_id", "branch_id", "payment_state")
    @api.depends_context("lang")
    def _compute_client_debt(self):
        service = self.env["salon.debt"]
        for branch, visits in self.grouped("branch_id").items():
            owed = service._debts_of(visits.client_id._origin, branch._origin)
            for visit in visits:
                client = visit.client_id._origin
                found = owed.get(client.id)
                visit.client_debt = (
                    found[0].amount * branch.currency_id.rounding if found else 0
                )
                visit.client_debt_note = (
                    service._say(client, branch, *found) if found else False
                )

    @api.depends("client_id", "start")
    def _compute_is_first(self):
        # sudo: salon.visit - served by whomever; only whether, not what
        served = (
            self.env["salon.visit"]
            .sudo()
            ._read_group(
                [
                    ("client_id", "in", self.client_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", states.DONE),
                ],
                ["client_id", "company_id"],
                ["start:min"],
            )
        )
        first = {(client.id, company.id): start for client, company, start in served}
        for visit in self:
            client = visit.client_id._origin
            earliest = first.get((client.id, visit.company_id.id))
            visit.is_first = bool(client) and not (
                earliest and visit.start and earliest < visit.start
            )

    def _get_warnings(self):
        """Hook: what whoever serves this client must know, the gravest first.

        :return: dicts of ``level`` ("danger", "warning" or "info"), ``text``, where
            there is more to read ``action``: a public method of the visit, and
            ``is_money`` for what is not for a slip that lies about
        """
        self.ensure_one()
        warnings = [
            {"level": "danger" if self.is_against_rules else "warning", "text": text}
            for text in (self.rule_warnings or "").splitlines()
        ]
        if self.env.user.has_group(RECEPTIONIST) and self.client_debt:
            warnings.append(
                {
                    "level": "warning",
                    "text": self.client_debt_note,
                    "is_money": True,
                }
            )
        if self.client_refuses_photos:
            warnings.append(
                {"level": "info", "text": self.env._("Wants no photos to be taken.")}
            )
        return warnings

    @api.depends("invoice_line_ids.parent_state", "invoice_line_ids.quantity")
    def _compute_sold_names(self):
        for visit in self:
            visit.sold_names = "\n".join(
                " · ".join(
                    filter(
                        None, [f"{sold['quantity']:g} × {sold['name']}", sold["staff"]]
                    )
                )
                for sold in visit._get_sold()
            )

    def _get_sold(self):
        """Products on the posted bills of this visit, less what came back.

        :return: list of ``{"name", "staff", "quantity", "amount"}``
        """
        # sudo: account.move.line - names and prices of what this client bought here
        lines = self.sudo().invoice_line_ids.filtered(
            lambda line: (
                line.parent_state == "posted" and line.product_id.type == "consu"
            )
        )
        sold = []
        for (product, staff), group in lines.grouped(
            lambda line: (line.product_id, line.salon_staff_id)
        ).items():
            signs = [(line, -line.move_id.direction_sign) for line in group]
            quantity = sum(line.quantity * sign for line, sign in signs)
            if quantity > 0:
                sold.append(
                    {
                        "name": product.name,
                        "staff": staff.name,
                        "quantity": quantity,
                        "amount": sum(line.price_total * sign for line, sign in signs),
                    }
                )
        return sold

    def _get_client_name(self):
        """The client as the user may know him or her, for printing."""
        return self.client_id._get_salon_name() or self.env._("Walk-in")

    def _get_client_lang(self):
        # sudo: res.partner - only the language of what is printed for the client
        return self.sudo().client_id.lang or self.env.lang

    def _say_minute(self, minute):
        """A UTC minute on the clock of the branch."""
        return format_time(
            self.env,
            clock.to_utc(minute),
            tz=self.branch_id.tz or "UTC",
            time_format="short",
        )

    def _say_phase(self, kind):
        kinds = self.env["salon.service.phase"]._fields["kind"]
        return dict(kinds._description_selection(self.env)).get(kind, kind)

    # rpc: prints what the user may read
    def action_print_work_slip(self):
        return self.env.ref("salon_booking.salon_work_slip_action").report_action(self)


class SalonAppointment(models.Model):
    # A side of the appointment of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.appointment"

    assistant_names = fields.Char(
        "Assistants",
        compute="_compute_assistant_names",
        help="Who helps in a phase of the service.",
    )
    real_minutes = fields.Integer(
        compute="_compute_real_minutes", help="From the real start to the real end."
    )

    @api.depends("occupancy_ids", "staff_id")
    def _compute_assistant_names(self):
        for appointment in self:
            # sudo: resource.resource - clerks see no resources, only their names
            helpers = appointment.sudo()._get_helping_rows().resource_id
            appointment.assistant_names = ", ".join(helpers.mapped("name"))

    def _get_helping_rows(self):
        """What this appointment takes of people beside its own staff member."""
        return self.occupancy_ids.filtered(
            lambda row: (
                row.resource_id.resource_type == "user"
                and row.resource_id != self.staff_id.resource_id
            )
        )

    @api.depends("started_at", "done_at")
    def _compute_real_minutes(self):
        for appointment in self:
            begun, ended = appointment.started_at, appointment.done_at
            appointment.real_minutes = (
                round((ended - begun).total_seconds() / 60) if begun and ended else 0
            )

    def _get_phases(self):
        """The phases of each appointment on the clock, as planned.

        :return: ``{appointment id: [{kind, start, stop, is_staff_busy, helper,
            places}]}`` with UTC minutes; kinds as in ``salon.service.phase``
        """
        services = self.env["salon.catalog"]._services(self.product_id)
        found = {}
        for appointment in self:
            # sudo: salon.occupancy - names of helpers and places of this appointment
            rows = appointment.sudo().occupancy_ids
            helping = appointment.sudo()._get_helping_rows()
            places = rows.filtered(
                lambda row: row.resource_id.resource_type == "material"
            )
            begin = clock.to_minutes(appointment.start)
            found[appointment.id] = phases = []
            service = services[appointment.product_id.id]
            for segment in service.segments(appointment.duration_minutes):
                if segment.phase.kind == "buffer":
                    continue
                start, stop = begin + segment.offset, begin + segment.stop

                def names(taken, start=start, stop=stop):
                    during = taken.filtered(
                        lambda row: (
                            clock.to_minutes(row.start) < stop
                            and start < clock.to_minutes(row.stop)
                        )
                    )
                    return ", ".join(during.resource_id.mapped("name"))

                phases.append(
                    {
                        "kind": segment.phase.kind,
                        "start": start,
                        "stop": stop,
                        "is_staff_busy": segment.phase.is_staff_busy,
                        "helper": names(helping),
                        "places": names(places),
                    }
                )
        return found
