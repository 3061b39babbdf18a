from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_salon_package = fields.Boolean(
        "Salon Package",
        help="Paid in advance for a number of services; each use is revenue.",
        groups="base.group_user",
    )
    salon_package_content_ids = fields.One2many(
        "salon.package.content",
        "product_tmpl_id",
        "What It Holds",
        copy=True,
        groups="salon_booking.group_salon_stylist",
    )
    salon_package_months = fields.Integer(
        "Valid for Months",
        help="From the day of sale. 0: for ever.",
        groups="base.group_user",
    )
    salon_package_is_shared = fields.Boolean(
        "For the Family",
        help="Everybody with the same payer may use it. Can be changed for each sold "
        "package.",
        groups="base.group_user",
    )
    salon_package_breakage = fields.Float(
        "Expected to Lapse %",
        digits=(5, 2),
        help="How much of what is sold is never used, as far as is known. Counts where "
        "the company recognises breakage in proportion to use.",
        groups="base.group_user",
    )

    _salon_package_months_not_negative = models.Constraint(
        "CHECK (salon_package_months >= 0)",
        "A package cannot be valid for less than no time.",
    )
    _salon_package_breakage_range = models.Constraint(
        "CHECK (salon_package_breakage >= 0 AND salon_package_breakage < 100)",
        "What is expected to lapse is between 0 and 100 %.",
    )

    @api.constrains("is_salon_package", "salon_package_content_ids", "type")
    def _check_salon_package(self):
        # sudo: salon.package.content - what it holds, whoever changes the product
        for template in self.sudo().filtered("is_salon_package"):
            if template.type != "service" or template.is_salon_service:
                raise ValidationError(
                    self.env._(
                        "%(package)s is a package: make it a service that cannot be "
                        "booked.",
                        package=template.name,
                    )
                )
            if not template.salon_package_content_ids:
                raise ValidationError(
                    self.env._(
                        "%(package)s is a package without credits. Enter what it "
                        "holds.",
                        package=template.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates.filtered("is_salon_package")._book_salon_packages()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_salon_package"):
            self._book_salon_packages()
        return result

    def _book_salon_packages(self):
        """Sold packages are owed, not earned."""
        self.invoice_policy = "order"
        self.env["salon.packages"]._book_to_liability(self)
