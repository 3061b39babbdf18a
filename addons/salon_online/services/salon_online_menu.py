from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..engine.choice import NotReadable

#: Where a change may be one of a menu.
SOURCES = (
    "account.tax",
    "hr.employee",
    "product.category",
    "product.product",
    "product.template",
    "product.template.attribute.value",
    "res.company",
    "res.currency",
    "resource.calendar.attendance",
    "salon.branch",
    "salon.skill",
)
#: A shop may have many more products than services.
ONLY = {
    "product.template": SQL("WHERE is_salon_service"),
    "product.product": SQL(
        """WHERE product_tmpl_id IN
                 (SELECT id FROM product_template WHERE is_salon_service)"""
    ),
}


class SalonOnlineMenu(models.AbstractModel):
    """What a branch shows to clients: the branches, their services and people.

    Everything here leaves the server, so each value is picked by name.
    """

    _name = "salon.online.menu"
    _description = "Menu of the Booking Pages"

    @api.model
    def _get_cities(self):
        """Published branches by city: list of (city, [branch values])."""
        # sudo: salon.branch - what is published is shown to everybody
        branches = self.env["salon.branch"].sudo().search([("is_online", "=", True)])
        cities = defaultdict(list)
        for branch in branches:
            cities[branch.partner_id.city or ""].append(self._prepare_branch(branch))
        return sorted(cities.items())

    @api.model
    def _prepare_branch(self, branch):
        """Public facts of a branch, which is in sudo."""
        place = branch.partner_id
        address = place._display_address(without_company=True) if place else ""
        return {
            "name": branch.name,
            "slug": branch.online_slug,
            "url": f"/salon/{branch.online_slug}",
            "color": branch._get_online_color(),
            "has_logo": bool(branch.online_logo),
            "has_cover": bool(branch.online_cover),
            "text": branch.online_text or "",
            "rules": branch.online_rules or "",
            "phone": branch.phone or "",
            "email": place.email or "",
            "address": ", ".join(line for line in address.splitlines() if line.strip()),
            "city": place.city or "",
            "tz": branch.tz,
            "needs_code": branch.online_needs_code,
            "currency": branch.currency_id,
        }

    @api.model
    def _prepare_services(self, branch):
        """Services of a branch in order: ``{product id: values}``, not to be changed.

        :param branch: published, in sudo
        """
        return self._read_services(branch, *self._get_edition(branch))

    @api.model
    def _get_edition(self, branch):
        """What tells one state of a menu from any other, and its group services.

        The menu is read with every page and changes once in a week, in many places of
        the host. So it is kept by the versions of all rows behind it, which one query
        adds up: whoever changes something, in whichever order it is committed.
        """
        for name in SOURCES:
            self.env[name].flush_model()
        self.env["salon.group.event"].flush_model(["branch_id", "state", "start"])
        versions = SQL(" UNION ALL ").join(
            SQL(
                """SELECT %(name)s AS name, count(*) AS rows,
                          sum(extract(epoch FROM write_date)) AS moments,
                          sum(hashtext(ctid::text)) AS places
                     FROM %(table)s %(only)s""",
                name=name,
                table=SQL.identifier(self.env[name]._table),
                only=ONLY.get(name, SQL()),
            )
            for name in SOURCES
        )
        ((edition, groups),) = self.env.execute_query(
            SQL(
                """SELECT (SELECT string_agg(
                                    concat_ws(',', name, rows, moments, places), ' ')
                             FROM (%s) versions),
                          ARRAY(SELECT DISTINCT product_id FROM salon_group_event
                                 WHERE branch_id = %s AND state = 'planned'
                                   AND start > %s ORDER BY 1)""",
                versions,
                branch.id,
                fields.Datetime.now(),
            )
        )
        return edition, tuple(groups)

    @api.model
    @ormcache("branch.id", "self.env.lang", "edition", "groups")
    def _read_services(self, branch, edition, groups):
        # sudo: salon.skill, product, hr.employee - what is offered is said to clients
        self = self.sudo()
        skills = self.env["salon.skill"].search_fetch(
            [
                ("staff_id.salon_branch_ids", "in", branch.ids),
                ("staff_id.is_salon_staff", "=", True),
                ("staff_id.active", "=", True),
                ("product_tmpl_id.is_salon_group_service", "=", False),
            ],
            ["staff_id", "product_tmpl_id", "price", "duration_minutes"],
        )
        by_template = skills.grouped("product_tmpl_id")
        products = self.env["product.product"].search(
            [
                "|",
                ("product_tmpl_id", "in", [one.id for one in by_template]),
                ("id", "in", groups),
                ("is_salon_service", "=", True),
                ("sale_ok", "=", True),
                ("company_id", "in", (False, branch.company_id.id)),
            ],
            order="categ_id, name, id",
        )
        variants = {}
        for product in products:
            variants.setdefault(product.product_tmpl_id, product.id)
        return {
            product.id: self._prepare_service(
                branch,
                product,
                by_template.get(product.product_tmpl_id, skills.browse()),
                [
                    variants[addon]
                    for addon in product.salon_addon_ids
                    if addon in variants and not addon.salon_needs_approval
                ],
            )
            for product in products
        }

    @api.model
    def _prepare_service(self, branch, product, skills, addons):
        whole = product.salon_duration_minutes or 30
        known = {
            price: self._with_tax(branch, product, price)
            for price in {product.lst_price, *skills.mapped("price")}
        }
        prices = {
            skill.staff_id.id: known[skill.price or product.lst_price]
            for skill in skills
        }
        minutes = [skill.duration_minutes or whole for skill in skills] or [whole]
        category = product.categ_id
        low = min(prices.values(), default=known[product.lst_price])
        high = max(prices.values(), default=known[product.lst_price])
        return {
            "id": product.id,
            "template_id": product.product_tmpl_id.id,
            "name": product.display_name
            if product.product_template_variant_value_ids
            else product.name,
            "text": product.description_sale or "",
            "category_id": category.id,
            "category": category._get_salon_name(),
            "has_picture": bool(product.image_256),
            "price_label": self._price_label(branch, low, high),
            "minutes_label": self._duration_label(min(minutes)),
            "price": low,
            "price_high": high,
            "prices": prices,
            "minutes": min(minutes),
            "is_addon": product.is_salon_addon,
            "is_group": product.is_salon_group_service,
            "is_call_us": product.salon_needs_approval,
            "addons": addons,
            "staff": tuple(dict.fromkeys(skills.staff_id.ids)),
        }

    @api.model
    def _duration_label(self, minutes):
        hours, rest = divmod(minutes, 60)
        if not hours:
            return self.env._("%(minutes)s min", minutes=rest)
        if not rest:
            return self.env._("%(hours)s h", hours=hours)
        return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)

    @api.model
    def _price_label(self, branch, low, high):
        currency = branch.currency_id
        if currency.compare_amounts(low, high) >= 0:
            return currency.format(low)
        return self.env._("from %(price)s", price=currency.format(low))

    @api.model
    def _get_price(self, services, parts):
        """What is paid for these parts of an offer, by the very people."""
        return sum(
            services[part.product]["prices"].get(
                part.staff, services[part.product]["price"]
            )
            for part in parts
        )

    @api.model
    def _with_tax(self, branch, product, price):
        """What the client pays."""
        company = branch.company_id
        taxes = product.taxes_id._filter_taxes_by_company(company)
        if not taxes:
            return price
        return taxes.compute_all(price, branch.currency_id, product=product)[
            "total_included"
        ]

    @api.model
    def _get_menu(self, services):
        """Categories with their services: list of (name, [values])."""
        menu = {}
        for service in services.values():
            if not service["is_addon"]:
                row = menu.setdefault(service["category_id"], (service["category"], []))
                row[1].append(service)
        return list(menu.values())

    @api.model
    def _check(self, choice, services):
        """Refuse services and people that are not shown.

        :raises NotReadable: the choice is none that the pages offer
        """
        for own in choice.guests:
            for product in own:
                service = services.get(product)
                if not service or service["is_call_us"]:
                    raise NotReadable("service")
                if service["is_addon"] and not any(
                    product in services[other]["addons"]
                    for other in own
                    if other in services
                ):
                    raise NotReadable("add-on")
            if len(own) > 1 and any(services[one]["is_group"] for one in own):
                raise NotReadable("group")
        if choice.who and not any(
            choice.who in services[one]["staff"] for one in choice.products or services
        ):
            raise NotReadable("person")

    @api.model
    def _get_people(self, branch, choice, services):
        """Who may be chosen: those who do at least one of the services."""
        counts = defaultdict(int)
        for product in choice.products:
            for person in services[product]["staff"]:
                counts[person] += 1
        # sudo: hr.employee - names and faces of those whom clients choose from
        people = self.env["hr.employee"].sudo().browse(counts)
        ratings = self.env["salon.reviews"]._get_averages(branch, "staff_id")
        return [
            {
                "id": person.id,
                "name": self.env["salon.own.visit"]._get_staff_name(person),
                "job": person.job_title or "",
                "rating": ratings.get(person.id),
            }
            for person in people.sorted(lambda one: (-counts[one.id], one.name))
        ]

    @api.model
    def _find_picture(self, branch, kind, record_id):
        """The record whose picture a page shows, with the field; or nothing.

        :param kind: "logo", "cover", "service" or "person"
        """
        if kind in ("logo", "cover"):
            return (branch, f"online_{kind}") if branch[f"online_{kind}"] else None
        services = self._prepare_services(branch)
        if kind == "service" and record_id in services:
            # sudo: product.product - the picture of a service that is shown
            return self.env["product.product"].sudo().browse(record_id), "image_256"
        if kind == "person" and any(
            record_id in service["staff"] for service in services.values()
        ):
            # sudo: hr.employee - the picture of a person whom clients choose
            return self.env["hr.employee"].sudo().browse(record_id), "avatar_256"
        return None

    @api.model
    def _get_service_ratings(self, branch, services):
        """Average stars and their number, ``{product id: (average, count)}``."""
        ratings = self.env["salon.reviews"]._get_averages(branch, "product_tmpl_id")
        return {
            product: ratings[service["template_id"]]
            for product, service in services.items()
            if service["template_id"] in ratings
        }

    @api.model
    def _get_rating(self, branch):
        """Average stars and their number, None without reviews."""
        return (
            self.env["salon.reviews"]._get_averages(branch, "branch_id").get(branch.id)
        )

    @api.model
    def _get_schema(self, branch, services, rating=None):
        """What search engines read of a branch, by schema.org."""
        place = branch.partner_id
        days = (
            "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
            if branch.resource_calendar_id
            else ()
        )
        hours = [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": days[int(line.dayofweek)],
                "opens": self._clock(line.hour_from),
                "closes": self._clock(line.hour_to),
            }
            for line in branch.resource_calendar_id.attendance_ids
            if days
        ]
        return {
            "@context": "https://schema.org",
            "@type": "BeautySalon",
            "name": branch.name,
            "url": branch.online_url,
            "telephone": branch.phone or None,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": place.street or None,
                "postalCode": place.zip or None,
                "addressLocality": place.city or None,
                "addressCountry": place.country_id.code or None,
            },
            "currenciesAccepted": branch.currency_id.name,
            "openingHoursSpecification": hours,
            **(
                {
                    "aggregateRating": {
                        "@type": "AggregateRating",
                        "ratingValue": rating[0],
                        "reviewCount": rating[1],
                    }
                }
                if rating
                else {}
            ),
            "potentialAction": {"@type": "ReserveAction", "target": branch.online_url},
            "makesOffer": [
                {
                    "@type": "Offer",
                    "price": f"{service['price']:.2f}",
                    "priceCurrency": branch.currency_id.name,
                    "itemOffered": {"@type": "Service", "name": service["name"]},
                }
                for service in services.values()
                if not service["is_addon"] and not service["is_call_us"]
            ],
        }

    @api.model
    def _clock(self, hour):
        minutes = min(round(hour * 60), 24 * 60 - 1)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
