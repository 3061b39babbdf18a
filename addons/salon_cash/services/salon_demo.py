from odoo import api, models


class SalonDemo(models.AbstractModel):
    _inherit = "salon.demo"

    @api.model
    def _keep_cash(self):
        """A cash day in the garden that is open, so that there is one to look at.

        The other tills wait to be opened by who tries the demo.
        """
        till = self.env.ref(
            "salon_booking.journal_cash_garden", raise_if_not_found=False
        )
        # Beside another salon, or an older demo, it has no place.
        if not till or self.env["salon.cash.desk"]._get_last_day(till):
            return
        desk = self._at_desk("garden").env["salon.cash.desk"]
        branch = self._ref("branch_garden").with_env(desk.env)
        day = desk._open(branch, till, [(20, 5), (10, 5), (5, 8), (1, 10)])
        desk._move_cash(
            day, desk.env.ref("salon_cash.reason_change"), 50, note="Coins for change"
        )
        desk._move_cash(
            day, desk.env.ref("salon_cash.reason_expense"), 12.5, note="Milk and coffee"
        )
