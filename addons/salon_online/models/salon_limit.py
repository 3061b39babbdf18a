from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ..engine.limits import LIMITS, parse
from ..exceptions import TooManyTries

#: Two who count the same thing at once meet in the database; nobody meets so often.
TRIES = 30


class SalonLimit(models.Model):
    """How often somebody asked within a stretch of time.

    Counted in a transaction of its own: what is refused and rolled back has been asked
    all the same, and nobody waits for another one's booking. Phones and addresses are
    kept as digests only.
    """

    _name = "salon.limit"
    _description = "Limit of Requests"
    _log_access = False
    _order = "id desc"

    key = fields.Char(required=True, readonly=True)
    period = fields.Integer(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)

    _key_period_unique = models.UniqueIndex("(key, period)", "Counted already.")

    @api.model
    def _take(self, name, *subjects):
        """Count one request.

        :param name: a key of ``engine.limits.LIMITS``
        :param subjects: who asks, each counted apart: a phone, an address
        :raises TooManyTries: one of them has asked too often
        """
        if not self._allows(name, *subjects):
            raise TooManyTries(
                self.env._("That was a lot at once. Please wait a little, or call us.")
            )

    @api.model
    def _allows(self, name, *subjects):
        """Count one request; say whether it is within the limit."""
        limit = self._get_limit(name)
        now = fields.Datetime.now()
        period = int(now.timestamp()) // limit.seconds
        expires = fields.Datetime.add(now, seconds=2 * limit.seconds)
        keys = sorted({self._key(name, one) for one in subjects if one})
        counts = [self._count(key, period, expires) for key in keys]
        return all(count <= limit.count for count in counts)

    @api.model
    def _get_limit(self, name):
        # sudo: ir.config_parameter - a number that an administrator may change
        parameters = self.env["ir.config_parameter"].sudo()
        return parse(parameters.get_param(f"salon_online.limit_{name}")) or LIMITS[name]

    @api.model
    def _key(self, name, subject):
        # sudo: ir.config_parameter - the key of the database stays inside
        return hmac(self.sudo().env, "salon.limit", (name, subject))

    @api.model
    def _count(self, key, period, expires_at):
        """Add one in a transaction of its own; return how many there were."""
        for left in reversed(range(TRIES)):
            try:
                with self._cursor() as cr:
                    cr.execute(
                        SQL(
                            """INSERT INTO salon_limit AS had
                                           (key, period, count, expires_at)
                                    VALUES (%s, %s, 1, %s)
                               ON CONFLICT (key, period)
                             DO UPDATE SET count = had.count + 1
                                 RETURNING count""",
                            key,
                            period,
                            expires_at,
                        ),
                        log_exceptions=False,
                    )
                    return cr.fetchone()[0]
            except SerializationFailure:
                if not left:
                    raise
        return None

    @contextmanager
    def _cursor(self):
        with self.env.registry.cursor() as cr:
            yield cr

    @api.autovacuum
    def _gc_expired(self):
        self.env.cr.execute(
            SQL("DELETE FROM salon_limit WHERE expires_at < %s", fields.Datetime.now())
        )
