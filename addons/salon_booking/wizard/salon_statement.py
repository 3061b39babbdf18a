from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: Kept for the dialog, and worked out with the rights of who asks.
STORED = {"store": True, "compute_sudo": False}


class SalonStatement(models.TransientModel):
    """A client's account for some days, on the screen, on paper or by mail."""

    _name = "salon.statement"
    _description = "Account Statement"
    _rec_name = "client_id"

    client_id = fields.Many2one(
        "res.partner", required=True, help="Whose bills, payments and balance."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    paid_for = fields.Char("Pays for", compute="_compute_lines", **STORED)
    line_ids = fields.One2many(
        "salon.statement.line", "statement_id", compute="_compute_lines", **STORED
    )
    opening_debt = fields.Monetary("Owed Before", compute="_compute_lines", **STORED)
    opening_balance = fields.Monetary(
        "Balance Before", compute="_compute_lines", **STORED
    )
    closing_debt = fields.Monetary("Owes", compute="_compute_lines", **STORED)
    closing_balance = fields.Monetary(
        "Client Balance", compute="_compute_lines", **STORED
    )

    @api.model
    def _open(self, client):
        """The statement of the last twelve months of whoever pays for a client."""
        owner = client._get_salon_payer().commercial_partner_id
        self.env["salon.account"]._check_right(owner, self.env.company)
        today = fields.Date.context_today(self)
        statement = self.create(
            {
                "client_id": owner.id,
                "date_from": today + relativedelta(years=-1, days=1),
                "date_to": today,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account Statement"),
            "res_model": self._name,
            "res_id": statement.id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        statements._check_account()
        return statements

    def write(self, vals):
        result = super().write(vals)
        self._check_account()
        return result

    @api.depends("client_id", "company_id", "date_from", "date_to")
    def _compute_lines(self):
        for statement in self:
            found = statement._get_account()
            # sudo: res.partner - for whom this client pays
            owner = statement.client_id.sudo()
            statement.paid_for = ", ".join(owner.salon_paid_for_ids.mapped("name"))
            for name in ("opening", "closing"):
                for what in ("debt", "balance"):
                    statement[f"{name}_{what}"] = found[f"{name}_{what}"]
            statement.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            **{key: line[key] for key in line if key != "move"},
                            "name": line["move"].name,
                        }
                    )
                    for line in found["lines"]
                ),
            ]

    def _get_account(self):
        self.ensure_one()
        nothing = dict.fromkeys(
            ("opening_debt", "opening_balance", "closing_debt", "closing_balance"), 0
        )
        if not (self.client_id and self.date_from and self.date_to):
            return {**nothing, "lines": []}
        return self.env["salon.account"]._get(
            self.client_id.commercial_partner_id._origin,
            self.company_id,
            self.date_from,
            self.date_to,
        )

    def _get_labels(self):
        kinds = self.env["salon.statement.line"]._fields["kind"]
        return dict(kinds._description_selection(self.env))

    def _get_period(self):
        return self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )

    # rpc: prints what the user may read
    def action_print(self):
        self.ensure_one()
        self._check_account()
        report = self.env.ref("salon_booking.salon_statement_report")
        return report.report_action(self)

    # rpc: checks below that the user may see the account
    def action_send(self):
        """Mail the statement to the client, in the client's language."""
        self.ensure_one()
        self._check_account()
        client = self.client_id
        if not client.email:
            raise UserError(
                self.env._(
                    "%(client)s has no email address. Enter one, or print the "
                    "statement.",
                    client=client.display_name,
                )
            )
        # sudo: ir.actions.report, mail.template - what the user may see is sent
        system = self.sudo()
        content, kind = system.env["ir.actions.report"]._render_qweb_pdf(
            "salon_booking.salon_statement_report", system.ids
        )
        name = self.env._("Statement %(period)s", period=self._get_period())
        system._tell(
            client,
            system.env.ref("salon_booking.mail_template_statement"),
            (f"{name}.{kind}", content),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The statement is on its way to %(email)s.", email=client.email
                ),
            },
        }

    @api.model
    def _tell(self, client, template, paper):
        """Hook: how the client gets the statement.

        :param paper: (name, content) of the file
        """
        self.env["salon.debt.reminders"]._write_to(client, template, [paper])

    def _check_account(self):
        """Before anything is worked out, which may happen as somebody else."""
        for statement in self:
            self.env["salon.account"]._check_right(
                statement.client_id, statement.company_id
            )


class SalonStatementLine(models.TransientModel):
    _name = "salon.statement.line"
    _description = "Account Statement Line"

    statement_id = fields.Many2one("salon.statement", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="statement_id.currency_id")
    date = fields.Date()
    name = fields.Char("Document")
    kind = fields.Selection(
        [
            ("bill", "Bill"),
            ("deposit", "Deposit"),
            ("payment", "Payment"),
            ("refund", "Refund"),
            ("payout", "Paid back"),
            ("other", "Other entry"),
        ]
    )
    text = fields.Char("What for")
    clients = fields.Char("For")
    change = fields.Monetary("Billed or Paid")
    debt = fields.Monetary("Owed")
    balance_change = fields.Monetary("To or from the Balance")
    balance = fields.Monetary()
