from odoo import Command

from odoo.addons.salon_booking.engine.states import state_of_visit
from odoo.addons.salon_booking.tests.common import SalonCase

HEALTH = "salon_booking.group_salon_health"


class CrmCase(SalonCase):
    """The salon, with a few clients and days of their visits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.azerbaijan = cls.env.ref("base.az")
        cls.turkey = cls.env.ref("base.tr")
        cls.branch.partner_id = cls.env["res.partner"].create(
            {"name": "Test Branch", "country_id": cls.azerbaijan.id}
        )
        cls.receptionist.salon_branch_ids = cls.branch
        # Stylists open the cards of their own clients.
        cls.branch.stylist_client_phone = "shown"

    @classmethod
    def client(cls, name, **values):
        """A client, added by the desk."""
        return (
            cls.env["res.partner"]
            .with_user(cls.receptionist)
            .create({"name": name, "is_salon_client": True, **values})
            .with_env(cls.env)
        )

    @classmethod
    def visit_of(cls, client, days, *states, service=None, history=True):
        """Visits of a client on these days, one appointment of each state."""
        service = service or cls.haircut
        visits = cls.env["salon.visit"]
        for day in days:
            visits |= cls.env["salon.visit"].create(
                {
                    "client_id": client.id,
                    "branch_id": cls.branch.id,
                    "is_history": history,
                    "state": state_of_visit(states or ("done",)),
                    "source": "import",
                    "appointment_ids": [
                        Command.create(
                            {
                                "product_id": service.id,
                                "staff_id": cls.mia.id,
                                "start": cls.at("10:00", day),
                                "state": state,
                            }
                        )
                        for state in states or ("done",)
                    ],
                }
            )
        return visits

    @classmethod
    def give(cls, user, group):
        """Give a user one right more."""
        user.sudo().group_ids = [Command.link(cls.env.ref(group).id)]
