from odoo import api, models

#: Address, colour and welcome of each branch of the demo salon.
PAGES = {
    "center": ("#7a2e4d", "Cuts, colour and care in the middle of the town."),
    "harbour": ("#0f5c6e", "Hair, nails and a quiet hour by the water."),
    "garden": ("#3f6b3a", "Hammam, massage and beauty among the lindens."),
}


class SalonDemo(models.AbstractModel):
    _inherit = "salon.demo"

    @api.model
    def _publish(self):
        """Let clients book the branches of the demo salon online."""
        for name, (color, text) in PAGES.items():
            branch = self.env.ref(
                f"salon_booking.branch_{name}", raise_if_not_found=False
            )
            if branch and not branch.online_slug:
                branch.write(
                    {
                        "is_online": True,
                        "online_slug": self.env["salon.branch"]._free_slug(
                            name, branch
                        ),
                        "online_color": color,
                        "online_text": text,
                        "online_rules": "Please cancel at least a day before, so that "
                        "somebody else can have your time.",
                    }
                )
