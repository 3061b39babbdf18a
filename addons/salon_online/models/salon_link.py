import secrets
from hashlib import sha256

from odoo import api, fields, models
from odoo.fields import NO_ACCESS

#: Bytes of a token: 144 bits, 24 characters.
TOKEN_BYTES = 18
#: Where each purpose leads.
PATHS = {
    "visit": "/salon/visit/%s",
    "change": "/salon/visit/%s/change",
    "cancel": "/salon/visit/%s/cancel",
    "review": "/salon/review/%s",
    "rebook": "/salon/visit/%s/rebook",
}


class SalonLink(models.Model):
    """A secret link to one visit, for one purpose, for a while.

    Only a digest of the token is kept: a copy of the table opens nothing. So a link can
    be made and followed, but never be read again.
    """

    _name = "salon.link"
    _description = "Secret Link"
    _order = "id desc"

    visit_id = fields.Many2one(
        "salon.visit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(
        related="visit_id.branch_id", store=True, precompute=True
    )
    purpose = fields.Selection(
        [
            ("visit", "Look at the visit"),
            ("change", "Change the time"),
            ("cancel", "Cancel"),
            ("review", "Review"),
            ("rebook", "Book the same again"),
        ],
        required=True,
        readonly=True,
    )
    digest = fields.Char(required=True, readonly=True, copy=False, groups=NO_ACCESS)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)
    is_revoked = fields.Boolean("Revoked", readonly=True)

    _digest_unique = models.UniqueIndex("(digest)", "This link exists already.")

    @api.model
    def _make(self, visits, purpose, hours=24 * 60):
        """Make a link for each visit: ``{visit id: absolute url}``, in one insert.

        :param purpose: a key of ``PATHS``
        :param hours: how long it works, at least until a day after the visit
        """
        if purpose not in PATHS:
            raise ValueError(f"No link leads to {purpose!r}.")
        now = fields.Datetime.now()
        tokens = {visit.id: secrets.token_urlsafe(TOKEN_BYTES) for visit in visits}
        # sudo: salon.link - whoever writes to a client may give him the link; the
        # caller chooses the visits
        self.sudo().create(
            [
                {
                    "visit_id": visit.id,
                    "purpose": purpose,
                    "digest": self._digest(tokens[visit.id]),
                    "expires_at": max(
                        fields.Datetime.add(now, hours=hours),
                        fields.Datetime.add(visit.stop or now, days=1),
                    ),
                }
                for visit in visits
            ]
        )
        base = self.get_base_url()
        return {visit_id: f"{base}/s/{token}" for visit_id, token in tokens.items()}

    @api.model
    def _find(self, token, *purposes):
        """The link in sudo; empty for whatever is no link that works.

        :param purposes: which ones count; all without
        """
        # sudo: salon.link - the token is the right
        links = self.sudo().browse()
        if not isinstance(token, str) or not 22 <= len(token) <= 64:
            return links
        return links.search(
            [
                ("digest", "=", self._digest(token)),
                ("expires_at", ">", fields.Datetime.now()),
                ("is_revoked", "=", False),
                *([("purpose", "in", purposes)] if purposes else []),
            ]
        )

    @api.model
    def _digest(self, token):
        # Random enough that nobody tries them out, so no salt and no slow digest.
        return sha256(token.encode()).hexdigest()

    def _get_path(self, token):
        """Where the link leads."""
        self.ensure_one()
        return PATHS[self.purpose] % token

    @api.model
    def _revoke(self, visits):
        """Close all links of visits."""
        # sudo: salon.link - the caller decides on the visits
        self.sudo().search(
            [("visit_id", "in", visits.ids), ("is_revoked", "=", False)]
        ).is_revoked = True

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [
                (
                    "expires_at",
                    "<",
                    fields.Datetime.subtract(fields.Datetime.now(), days=30),
                )
            ],
            limit=models.GC_UNLINK_LIMIT,
        )
        expired.unlink()
        return len(expired), len(expired) == models.GC_UNLINK_LIMIT
