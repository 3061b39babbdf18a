from odoo import api, fields, models


class SalonMessagePreview(models.TransientModel):
    """What an event would say of a real record, in a language."""

    _name = "salon.message.preview"
    _description = "Preview of a Message"

    event_id = fields.Many2one("salon.message.event", required=True)
    res_model = fields.Char(related="event_id.res_model")
    visit_id = fields.Many2one(
        "salon.visit",
        compute="_compute_visit_id",
        store=True,
        readonly=False,
        help="The newest one by default.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    subject = fields.Char(compute="_compute_text")
    page = fields.Html("E-mail", compute="_compute_text")
    text = fields.Text("Short Text", compute="_compute_text")
    parts = fields.Integer("Parts of an SMS", compute="_compute_text")

    @api.depends("event_id")
    def _compute_visit_id(self):
        for preview in self:
            preview.visit_id = preview.res_model == "salon.visit" and self.env[
                "salon.visit"
            ].search([("client_id", "!=", False)], limit=1)

    @api.depends("event_id", "visit_id", "lang")
    def _compute_text(self):
        sms = self.env["salon.channel.sms"]
        for preview in self:
            content = preview._render()
            preview.subject = content and content.subject
            preview.page = content and content.html
            preview.text = content and content.text
            preview.parts = sms._count_parts(preview.text)

    def _render(self):
        """What is said of the visit or the newest other record; None without one."""
        self.ensure_one()
        record = self.visit_id
        if self.res_model != "salon.visit":
            # Only what the user may see himself is shown.
            records = self.env[self.res_model]
            if not records.has_access("read"):
                return None
            record = records.search([], order="id desc", limit=1)
        if not record:
            return None
        message = self.env["salon.message"].new(
            {"event_id": self.event_id.id, "res_id": record.id}
        )
        sender = self.env["salon.message.sender"]
        return sender._render_event(self.event_id, self.lang, message, True)[message.id]
