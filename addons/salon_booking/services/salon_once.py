from odoo import api, models


class SalonOnce(models.AbstractModel):
    """Lets tries of one and the same thing come one after the other."""

    _name = "salon.once"
    _description = "Salon Tries of One Thing"

    @api.model
    def _begin(self, name):
        """Wait for whoever does the same at this moment, and see what he has done.

        A transaction sees the database as it was when it began, so the second try
        would run into what the first one has written and be repeated by the host after
        a second or two. Where nothing was written yet it begins anew instead: the lock
        of the session outlives the rollback and is changed for one of the transaction.

        To be called before anything else; later it does nothing.

        :param name: of the thing, the same for each try
        """
        if not name:
            return
        cr = self.env.cr
        self.env.flush_all()
        cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        [is_untouched] = cr.fetchone()
        if not is_untouched:
            return
        lock = f"salon.once:{name}"
        cr.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [lock])
        cr.rollback()
        self.env.transaction.reset()
        cr.execute(
            "SELECT pg_advisory_xact_lock(key), pg_advisory_unlock(key) "
            "FROM hashtextextended(%s, 0) AS key",
            [lock],
        )
