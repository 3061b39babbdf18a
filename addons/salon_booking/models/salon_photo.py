from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

RECEPTIONIST = "salon_booking.group_salon_receptionist"


class SalonPhoto(models.Model):
    """A picture of a client's hair, nails or skin before or after a service.

    Pictures are private: the staff of the branch sees them, nobody else, and whoever
    takes one says what the client agreed to.
    """

    _name = "salon.photo"
    _description = "Photo of a Visit"
    _inherit = ["salon.guarded.mixin"]
    _order = "visit_id desc, moment desc, id"
    _rec_name = "moment"
    _guarded_fields = frozenset({"user_id"})
    _guarded_defaults = frozenset({"user_id"})

    visit_id = fields.Many2one(
        "salon.visit", required=True, index=True, ondelete="cascade"
    )
    appointment_id = fields.Many2one(
        "salon.appointment",
        "Service",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('visit_id', '=', visit_id)]",
    )
    # With the rights of the user: else a form that names any visit is told of it.
    branch_id = fields.Many2one(
        related="visit_id.branch_id",
        related_sudo=False,
        store=True,
        index=True,
        precompute=True,
    )
    client_id = fields.Many2one(
        related="visit_id.client_id",
        related_sudo=False,
        store=True,
        index=True,
        precompute=True,
    )
    business_date = fields.Date(
        related="visit_id.business_date", related_sudo=False, string="Date"
    )
    moment = fields.Selection(
        [("before", "Before"), ("after", "After")], required=True, default="after"
    )
    image = fields.Image(
        "Photo", required=True, max_width=1920, max_height=1920, attachment=True
    )
    image_256 = fields.Image(
        "Small Photo", related="image", max_width=256, max_height=256, store=True
    )
    consent = fields.Selection(
        [
            ("internal", "For the salon only"),
            ("public", "May be shown to others"),
        ],
        "Client Agrees",
        required=True,
        default="internal",
        help="What the client said when the photo was taken.",
    )
    user_id = fields.Many2one(
        "res.users", "Taken by", readonly=True, default=lambda self: self.env.user
    )
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        photos = super().create(vals_list)
        photos.visit_id._check_photos_wanted()
        return photos

    def write(self, vals):
        self._check_own()
        for photo in self:
            if vals.get("visit_id", photo.visit_id.id) != photo.visit_id.id:
                raise UserError(
                    self.env._(
                        "A photo of %(visit)s stays there. Delete it and take it in "
                        "the other visit.",
                        visit=photo.visit_id.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_others(self):
        self._check_own()

    def _check_own(self):
        """A stylist changes and deletes her own photos, the desk all of its branch."""
        if self.env.su or self.env.user.has_group(RECEPTIONIST):
            return
        for photo in self:
            if photo.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "This photo of %(visit)s was taken by %(user)s. Ask there, or "
                        "at the desk, to change it.",
                        visit=photo.visit_id.display_name,
                        user=photo.user_id.display_name,
                    )
                )

    @api.constrains("appointment_id", "visit_id")
    def _check_appointment_of_visit(self):
        for photo in self:
            if photo.appointment_id and photo.appointment_id.visit_id != photo.visit_id:
                raise ValidationError(
                    self.env._(
                        "%(appointment)s is no service of %(visit)s. Choose one of its "
                        "services for the photo.",
                        appointment=photo.appointment_id.display_name,
                        visit=photo.visit_id.display_name,
                    )
                )


class SalonVisit(models.Model):
    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    photo_ids = fields.One2many(
        "salon.photo", "visit_id", groups="salon_booking.group_salon_stylist"
    )
    photo_count = fields.Integer(
        compute="_compute_photo_count", groups="salon_booking.group_salon_stylist"
    )
    client_refuses_photos = fields.Boolean(
        compute="_compute_client_refuses_photos",
        groups="salon_booking.group_salon_stylist",
    )

    @api.depends("photo_ids")
    def _compute_photo_count(self):
        counts = dict(
            self.env["salon.photo"]._read_group(
                [("visit_id", "in", self.ids)], ["visit_id"], ["__count"]
            )
        )
        for visit in self:
            visit.photo_count = counts.get(visit._origin, 0)

    @api.depends("client_id.salon_refuses_photos")
    def _compute_client_refuses_photos(self):
        for visit in self:
            # sudo: res.partner - the wish of the client is for everybody who serves
            visit.client_refuses_photos = visit.sudo().client_id.salon_refuses_photos

    def _check_photos_wanted(self):
        for visit in self:
            # sudo: res.partner - the wish of the client is for everybody who serves
            if visit.sudo().client_id.salon_refuses_photos:
                raise UserError(
                    self.env._(
                        "%(client)s wants no photos. Ask first, and have the desk "
                        "untick “No Photos” on the client.",
                        client=visit.client_id._get_salon_name(),
                    )
                )


class ResPartner(models.Model):
    # A side of the client of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    salon_refuses_photos = fields.Boolean(
        "No Photos",
        groups="salon_booking.group_salon_stylist",
        help="The client does not want to be photographed, not even for the salon.",
    )
