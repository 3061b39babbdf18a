from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.eligibility import EVERYBODY, HARD_TEST, NO_TEST, SOFT_TEST, Rules

ONLY_SERVICES = "[('is_salon_service', '=', True), ('id', '!=', id)]"


class ProductTemplate(models.Model):
    """Who may book a service, and when."""

    # A side of the service of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "product.template"

    salon_clients = fields.Selection(
        [
            (EVERYBODY, "Everybody"),
            ("new", "New clients only"),
            ("returning", "Only who has been here before"),
        ],
        "For",
        required=True,
        default=EVERYBODY,
    )
    salon_min_days = fields.Integer(
        "At Least (days)",
        help="So many days since the last time, or more. 0: no matter.",
    )
    salon_max_days = fields.Integer(
        "At Most (days)",
        help="So many days since the last time, or less, as for refills. 0: no matter.",
    )
    salon_base_service_ids = fields.Many2many(
        "product.template",
        "product_template_salon_base_rel",
        "product_tmpl_id",
        "base_id",
        "Counted From",
        domain="[('is_salon_service', '=', True)]",
        help="The services whose last time counts, such as the new set and the refill "
        "itself. Empty: this service.",
    )
    salon_patch_test = fields.Selection(
        [
            (NO_TEST, "Not needed"),
            (SOFT_TEST, "Warn when missing"),
            (HARD_TEST, "Refuse when missing"),
        ],
        "Patch Test",
        required=True,
        default=NO_TEST,
    )
    salon_patch_test_id = fields.Many2one(
        "product.template",
        "Which Test",
        domain=ONLY_SERVICES,
        index="btree_not_null",
        help="The service that is the test. When it is done, it is noted on the "
        "client.",
    )
    salon_patch_lead_hours = fields.Integer(
        "Hours Before", default=48, help="The test was at least so long before."
    )
    salon_patch_valid_days = fields.Integer(
        "Test Good for (days)", default=180, help="0: a test does not grow old."
    )
    salon_consultation_id = fields.Many2one(
        "product.template",
        "Consultation First",
        domain=ONLY_SERVICES,
        index="btree_not_null",
        help="The client must have had this service before, or in the same visit.",
    )
    salon_consultation_valid_days = fields.Integer(
        "Consultation Good for (days)", help="0: once is enough."
    )
    salon_min_age = fields.Integer("From Age", help="0: no matter.")
    salon_max_age = fields.Integer("Up to Age", help="0: no matter.")
    salon_client_gender = fields.Selection(
        [("female", "Women"), ("male", "Men"), ("other", "Other")],
        "Gender of the Client",
        help="Empty: everybody.",
    )
    salon_needs_package = fields.Boolean(
        "Needs a Package", help="Only for clients with a package that covers it."
    )
    salon_needs_approval = fields.Boolean(
        "Booked by the Salon Only",
        help="Online clients are asked to call; the desk is reminded to agree on it.",
    )

    salon_has_client_rules = fields.Boolean(
        compute="_compute_salon_has_client_rules",
        store=True,
        help="Whether any rule asks who the client is; most services have none.",
    )

    _salon_eligibility_sensible = models.Constraint(
        """CHECK (LEAST(salon_min_days, salon_max_days, salon_patch_lead_hours,
            salon_patch_valid_days, salon_consultation_valid_days, salon_min_age,
            salon_max_age) >= 0
            AND GREATEST(salon_min_days, salon_max_days, salon_patch_valid_days,
            salon_consultation_valid_days) <= 36500
            AND GREATEST(salon_min_age, salon_max_age) <= 150)""",
        "Days, hours and ages are not negative; at most 100 years and an age of 150.",
    )
    _salon_days_in_order = models.Constraint(
        "CHECK (salon_max_days = 0 OR salon_min_days <= salon_max_days)",
        "“At least” cannot be more days than “At most”.",
    )
    _salon_ages_in_order = models.Constraint(
        "CHECK (salon_max_age = 0 OR salon_min_age <= salon_max_age)",
        "“From age” cannot be above “Up to age”.",
    )
    _salon_patch_test_named = models.Constraint(
        "CHECK (salon_patch_test = 'none' OR salon_patch_test_id IS NOT NULL)",
        "Say which service is the patch test.",
    )

    @api.constrains("salon_patch_test_id", "salon_consultation_id")
    def _check_salon_first_services(self):
        for template in self:
            if template in (
                template.salon_patch_test_id | template.salon_consultation_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(service)s cannot be its own patch test or consultation. "
                        "Choose the service that comes before it.",
                        service=template.display_name,
                    )
                )

    @api.depends(
        "salon_clients",
        "salon_min_days",
        "salon_max_days",
        "salon_patch_test",
        "salon_consultation_id",
        "salon_min_age",
        "salon_max_age",
        "salon_client_gender",
        "salon_needs_package",
        "salon_needs_approval",
    )
    def _compute_salon_has_client_rules(self):
        for template in self:
            rules = template._get_salon_eligibility()
            template.salon_has_client_rules = rules != Rules(service=rules.service)

    def _get_salon_eligibility(self):
        """The rules of this service for ``engine.eligibility``."""
        self.ensure_one()
        needs_test = self.salon_patch_test != NO_TEST
        consultation = self.salon_consultation_id.id or None
        return Rules(
            service=self.id,
            clients=self.salon_clients,
            min_days=self.salon_min_days,
            max_days=self.salon_max_days,
            bases=frozenset(
                self.salon_base_service_ids.ids
                if self.salon_min_days or self.salon_max_days
                else ()
            ),
            patch=self.salon_patch_test,
            patch_service=self.salon_patch_test_id.id if needs_test else None,
            patch_lead_hours=self.salon_patch_lead_hours if needs_test else 0,
            patch_valid_days=self.salon_patch_valid_days if needs_test else 0,
            consultation=consultation,
            consultation_valid_days=(
                self.salon_consultation_valid_days if consultation else 0
            ),
            min_age=self.salon_min_age,
            max_age=self.salon_max_age,
            gender=self.salon_client_gender or None,
            needs_package=self.salon_needs_package,
            needs_approval=self.salon_needs_approval,
        )
