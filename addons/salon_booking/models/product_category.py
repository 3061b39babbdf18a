from odoo import api, fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"
    _rec_names_search = ("complete_name", "salon_name")

    salon_name = fields.Char(
        "Name for Clients",
        translate=True,
        help="What the salon and its clients call the category, in each language. "
        "Empty, it is called by its name, which has one language only.",
    )
    salon_sequence = fields.Integer(
        "Sequence", default=100, help="The order in which clients see the categories."
    )
    salon_icon = fields.Selection(
        [
            ("fa-scissors", "Scissors"),
            ("fa-tint", "Drop"),
            ("fa-male", "Man"),
            ("fa-female", "Woman"),
            ("fa-child", "Child"),
            ("fa-hand-paper-o", "Hand"),
            ("fa-eye", "Eye"),
            ("fa-smile-o", "Face"),
            ("fa-magic", "Wand"),
            ("fa-leaf", "Leaf"),
            ("fa-heart-o", "Heart"),
            ("fa-sun-o", "Sun"),
            ("fa-diamond", "Diamond"),
            ("fa-shopping-bag", "Bag"),
        ],
        "Icon",
        help="Shown for services that have no picture.",
    )
    salon_color = fields.Integer("Color")
    salon_image = fields.Image("Picture", max_width=512, max_height=512)
    salon_service_count = fields.Integer(
        "Services",
        compute="_compute_salon_service_count",
        search="_search_salon_service_count",
    )

    @api.depends("name", "parent_id", "salon_name")
    @api.depends_context("hierarchical_naming", "lang")
    def _compute_display_name(self):
        """As the host does, but in the words of the salon."""
        is_path = self.env.context.get("hierarchical_naming", True)
        for category in self:
            names, above = [category._get_salon_name() or ""], category.parent_id
            while is_path and above:
                names.append(above._get_salon_name() or "")
                above = above.parent_id
            category.display_name = " / ".join(reversed(names))

    def _get_salon_name(self):
        return self.salon_name or self.name

    @api.depends("parent_path")
    def _compute_salon_service_count(self):
        """Services of the category and of those below it."""
        counts = self.env["product.template"]._read_group(
            [("categ_id", "child_of", self.ids), ("is_salon_service", "=", True)],
            ["categ_id"],
            ["__count"],
        )
        for category in self:
            path = category.parent_path or f"{category.id}/"
            category.salon_service_count = sum(
                count
                for below, count in counts
                if (below.parent_path or "").startswith(path)
            )

    def _search_salon_service_count(self, operator, value):
        """Only whether there are any."""
        if (operator, value) != (">", 0):
            return NotImplemented
        services = self.env["product.template"].search(
            [("is_salon_service", "=", True)]
        )
        return [("id", "parent_of", services.categ_id.ids)]

    # rpc: leads to records that are read with the rights of the user
    def action_view_salon_services(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_service_action"
        )
        return {
            **action,
            "name": self.display_name,
            "domain": [
                ("is_salon_service", "=", True),
                ("categ_id", "child_of", self.id),
            ],
            "context": {
                "default_is_salon_service": True,
                "default_type": "service",
                "default_salon_duration_minutes": 30,
                "default_categ_id": self.id,
            },
        }
