import ast

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import SalonCase

#: So short that the list itself fits on a phone.
SHORT_LISTS = {
    "loyalty.program",
    "salon.absence.reason",
    "salon.client.preference",
    "salon.facility.type",
    "salon.pay.assignment",
    "salon.staff.level",
}


@tagged("post_install", "-at_install")
class TestMenus(SalonCase):
    """Every screen behind the menus, of all addons that are installed."""

    def actions(self, user):
        """The window actions that this user finds in the menus of the salon."""
        menus = self.env["ir.ui.menu"]
        visible = menus.with_user(user)._visible_menu_ids()
        root = self.env.ref("salon_booking.salon_root_menu")
        found = menus.search([("id", "child_of", root.id), ("id", "in", list(visible))])
        return [
            menu.action
            for menu in found
            if menu.action and menu.action._name == "ir.actions.act_window"
        ]

    def views(self, action):
        views = [[view, kind] for view, kind in action.sudo().views]
        return views + [[action.sudo().search_view_id.id, "search"]]

    def test_whoever_sees_a_menu_can_open_its_screen(self):
        for user in (self.stylist, self.receptionist, self.manager, self.owner):
            actions = self.actions(user)
            self.assertTrue(actions, user.name)
            for action in actions:
                with self.subTest(user=user.login, screen=action.name):
                    model = self.env[action.res_model].with_user(user)
                    context = safe_eval(
                        action.context or "{}", {"uid": user.id, "active_id": False}
                    )
                    model = model.with_context(**context)
                    model.get_views(self.views(action))
                    if not model._transient:
                        domain = safe_eval(action.domain or "[]", {"uid": user.id})
                        model.search(domain, limit=1)

    def test_the_visits_of_everybody_today_are_a_screen_of_the_desk(self):
        today = self.env.ref("salon_booking.salon_visit_action_today")
        self.assertIn(today, self.actions(self.receptionist))
        self.assertNotIn(today, self.actions(self.stylist))

    def test_lists_are_cards_on_a_phone_and_say_what_they_are_for(self):
        for action in self.actions(self.owner):
            kinds = action.view_mode.split(",")
            if kinds[0] in {"form", "pivot", "graph"} or "list" not in kinds:
                continue
            with self.subTest(screen=action.name):
                if action.res_model not in SHORT_LISTS:
                    self.assertTrue({"kanban", "calendar"} & set(kinds))
                self.assertTrue(action.help)
                self.assertTrue(
                    self.env["ir.ui.view"].search_count(
                        [("model", "=", action.res_model), ("type", "=", "search")]
                    ),
                    "nothing can be searched or filtered",
                )

    def test_default_filters_exist(self):
        for action in self.actions(self.owner):
            context = action.context or "{}"
            if "search_default_" not in context:
                continue
            with self.subTest(screen=action.name):
                wanted = {
                    key.removeprefix("search_default_")
                    for key in self._names(context)
                    if key.startswith("search_default_")
                }
                arch = self.env[action.res_model].get_view(
                    action.search_view_id.id, "search"
                )["arch"]
                for name in wanted:
                    self.assertIn(f'name="{name}"', arch)

    def test_a_client_is_booked_and_looked_up_by_the_first_buttons(self):
        """Whatever other apps add, the desk need not look under More for it."""
        form = self.env.ref("base.view_partner_form")
        book = self.env.ref("salon_booking.salon_booking_wizard_action")
        self.owner.group_ids += self.env.ref("account.group_account_invoice")
        for user in (self.receptionist, self.owner):
            partners = self.env["res.partner"].with_user(user)
            arch = etree.fromstring(partners.get_view(form.id, "form")["arch"])
            self.assertEqual(
                arch.xpath("//div[@name='button_box']/button/@name")[:2],
                [str(book.id), "action_view_salon_visits"],
            )

    @staticmethod
    def _names(context):
        return [
            key.value
            for key in ast.parse(context.strip(), mode="eval").body.keys
            if isinstance(key, ast.Constant)
        ]
