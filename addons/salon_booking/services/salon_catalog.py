from collections import defaultdict
from dataclasses import dataclass
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..engine import clock
from ..engine.intervals import subtract
from ..engine.itineraries import Unit
from ..engine.phases import Footprint, Phase, Segment, footprint, lay_out, stretch
from ..engine.seating import Place, Want

#: Of a service that says nothing about its time.
DEFAULT_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Person:
    """A staff member as a resource; buffers and travel in minutes."""

    staff: int
    resource: int
    before: int = 0
    after: int = 0
    travel: int = 0
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Performer:
    """Somebody who can do a service, in so many minutes; low sequences come first."""

    person: Person
    minutes: int
    sequence: int
    daily_cap: int = 0
    may_lack_licence: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """What the search and the booking must know about a service."""

    product: int
    template: int
    phases: tuple[Phase, ...]
    minutes: int
    before: int = 0
    after: int = 0
    has_client_rules: bool = False
    is_group: bool = False

    def segments(
        self, minutes: int | None = None, before: int = 0, after: int = 0
    ) -> tuple[Segment, ...]:
        """The phases on the clock; buffers of the person come in where longer."""
        phases = self.phases or (Phase("work", minutes or DEFAULT_MINUTES),)
        if minutes:
            phases = stretch(phases, minutes)
        return lay_out(phases, max(before, self.before), max(after, self.after))

    def footprint(self, *args, **kwargs) -> Footprint:
        return footprint(self.segments(*args, **kwargs))


class SalonCatalog(models.AbstractModel):
    """What services are made of, who can do them and where: facts for the engine.

    Read with plain SQL, each kind in one query, because every search and booking needs
    them; what is read is no secret of any record rule.
    """

    _name = "salon.catalog"
    _description = "Salon Catalogue"

    @api.model
    def _services(self, products):
        """``{product id: Service}``."""
        return dict(self._read_services(tuple(sorted(products.ids))))

    @api.model
    @ormcache("product_ids")
    def _read_services(self, product_ids):
        """The same in one query; what a service is made of changes once in a year."""
        if not product_ids:
            return {}
        self._flush_services()
        self.env.cr.execute(
            SQL(
                """SELECT product.id, template.id,
                          COALESCE(template.salon_duration_minutes, 0),
                          COALESCE(template.salon_buffer_before, 0),
                          COALESCE(template.salon_buffer_after, 0),
                          COALESCE(template.salon_has_client_rules, FALSE),
                          COALESCE(template.is_salon_group_service, FALSE),
                          template.salon_facility_type_id,
                          phase.id, phase.kind, phase.minutes, phase.is_staff_busy,
                          phase.is_client_present, phase.facility_type_id,
                          EXISTS (SELECT FROM salon_phase_assistant_rel helper
                                   WHERE helper.phase_id = phase.id)
                     FROM product_product product
                     JOIN product_template template
                       ON template.id = product.product_tmpl_id
                LEFT JOIN salon_service_phase phase
                       ON phase.product_tmpl_id = template.id
                    WHERE product.id IN %s
                 ORDER BY product.id, phase.sequence, phase.id""",
                product_ids,
            )
        )
        heads, phases = {}, {}
        for row in self.env.cr.fetchall():
            heads[row[0]] = row[1:7]
            phases.setdefault(row[0], []).extend(self._phases_of(row[7], row[8:]))
        return {
            product: Service(product, template, tuple(phases[product]), *more)
            for product, (template, *more) in heads.items()
        }

    @api.model
    def _flush_services(self):
        """Only what is read: the host has hundreds of fields to look at."""
        self.env["product.product"].flush_model(["product_tmpl_id"])
        self.env["product.template"].flush_model(
            [
                "is_salon_group_service",
                "salon_buffer_after",
                "salon_buffer_before",
                "salon_duration_minutes",
                "salon_facility_type_id",
                "salon_has_client_rules",
            ]
        )
        self.env["salon.service.phase"].flush_model()

    @api.model
    def _phases_of(self, whole_type, row):
        """The engine's phase of one row, none where a service has no phases."""
        phase_id, kind, minutes, is_staff_busy, is_present, place_type, helped = row
        if not phase_id:
            return []
        pools = tuple(dict.fromkeys(filter(None, (whole_type, place_type))))
        if helped:
            # One of the assistants instead of the person herself.
            pools += (("phase", phase_id),)
        return [Phase(kind, minutes, is_staff_busy and not helped, pools, is_present)]

    @api.model
    def _people(self, staff_ids):
        """``{employee id: Person}``; archived ones too."""
        return dict(self._read_people(tuple(sorted(set(staff_ids)))))

    @api.model
    @ormcache("staff_ids")
    def _read_people(self, staff_ids):
        """The same in one query; branches and buffers of people change rarely."""
        if not staff_ids:
            return {}
        self._flush_people()
        self.env.cr.execute(
            SQL(
                """SELECT id, resource_id,
                          COALESCE(salon_buffer_before, 0),
                          COALESCE(salon_buffer_after, 0),
                          COALESCE(salon_travel_minutes, 0),
                          (SELECT count(*) > 1 FROM hr_employee_salon_branch_rel rel
                            WHERE rel.employee_id = hr_employee.id)
                     FROM hr_employee WHERE id IN %s""",
                staff_ids,
            )
        )
        return {row[0]: Person(*row) for row in self.env.cr.fetchall()}

    @api.model
    def _flush_people(self):
        self.env["hr.employee"].flush_model(
            [
                "active",
                "current_version_id",
                "is_salon_staff",
                "name",
                "resource_id",
                "salon_branch_ids",
                "salon_buffer_after",
                "salon_buffer_before",
                "salon_daily_cap",
                "salon_level_id",
                "salon_travel_minutes",
                "work_permit_expiration_date",
            ]
        )

    @api.model
    def _performers(self, branch, wish, services):
        """Who may do each service of a wish, in the order in which they are offered.

        :param services: as from ``_services``
        :return: ``{index of the service: [Performer]}``
        """
        return self._performers_of_all(branch, [(wish, services)])[0]

    @api.model
    def _performers_of_all(self, branch, asked):
        """The same for several wishes in the queries of one.

        :param asked: ``(wish, services)`` of each
        """
        templates = {
            service.template
            for _wish, services in asked
            for service in services.values()
        }
        adjust = self._timings({wish.client for wish, _services in asked}, templates)
        by_template = defaultdict(list)
        for row in self._performer_rows(branch, templates):
            by_template[row[0]].append((Person(*row[7:]), *row[1:7]))
        return [
            {
                index: self._able(
                    service,
                    services[service.product],
                    by_template[services[service.product].template],
                    partial(adjust, wish.client),
                )
                for index, service in enumerate(wish.services)
            }
            for wish, services in asked
        ]

    @api.model
    def _able(self, wanted, known, rows, adjust):
        """Those of a service's people who suit what is wanted."""
        return [
            Performer(
                person,
                adjust(
                    known.template,
                    person.staff,
                    minutes or known.minutes or DEFAULT_MINUTES,
                ),
                sequence,
                cap,
                may_lack,
            )
            for person, minutes, sequence, gender, level, cap, may_lack in rows
            if (wanted.staff is None or person.staff in wanted.staff)
            and (wanted.gender is None or gender == wanted.gender)
            and (wanted.level is None or level == wanted.level)
        ]

    @api.model
    def _performer_rows(self, branch, templates):
        self._flush_people()
        self.env["hr.version"].flush_model(["sex"])
        for model in ("salon.skill", "salon.licence.type"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT skill.product_tmpl_id, skill.duration_minutes, skill.sequence,
                          version.sex, employee.salon_level_id,
                          COALESCE(employee.salon_daily_cap, 0),
                          employee.work_permit_expiration_date IS NOT NULL
                          OR EXISTS (
                             SELECT FROM salon_licence_type type
                          LEFT JOIN salon_licence_type_product_rel service
                                 ON service.type_id = type.id
                                AND type.needed_for = 'services'
                              WHERE type.active
                                AND (type.needed_for = 'all'
                                     OR service.product_tmpl_id
                                        = skill.product_tmpl_id)),
                          employee.id, employee.resource_id,
                          COALESCE(employee.salon_buffer_before, 0),
                          COALESCE(employee.salon_buffer_after, 0),
                          COALESCE(employee.salon_travel_minutes, 0)
                     FROM salon_skill skill
                     JOIN hr_employee employee
                       ON employee.id = skill.staff_id
                      AND employee.active AND employee.is_salon_staff
                     JOIN hr_employee_salon_branch_rel place
                       ON place.employee_id = employee.id AND place.branch_id = %s
                LEFT JOIN hr_version version
                       ON version.id = employee.current_version_id
                    WHERE skill.active AND skill.product_tmpl_id IN %s
                 ORDER BY skill.sequence, employee.id""",
                branch.id,
                tuple(templates) or (0,),
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _terms(self, wanted):
        """Minutes and price that people and clients have for services, in one query.

        :param wanted: ``(template id, staff id, client id)``, the last two perhaps 0
        :return: for each of them ``(minutes, price, has_variants)``; a price of 0 is
            that of the service, which a variant may change
        """
        wanted = list(dict.fromkeys(wanted))
        if not wanted:
            return {}
        self.env["product.template"].flush_model(["salon_duration_minutes"])
        for model in ("salon.skill", "salon.client.timing"):
            self.env[model].flush_model()
        templates, staff, clients = (
            list(column) for column in zip(*wanted, strict=True)
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT wanted.template, wanted.staff, wanted.client,
                          COALESCE(NULLIF(skill.duration_minutes, 0),
                                   NULLIF(template.salon_duration_minutes, 0), %s),
                          COALESCE(timing.extra_minutes, 0),
                          COALESCE(NULLIF(timing.price, 0), NULLIF(skill.price, 0), 0),
                          EXISTS (SELECT FROM product_template_attribute_line line
                                   WHERE line.product_tmpl_id = wanted.template)
                     FROM unnest(%s, %s, %s) AS wanted (template, staff, client)
                LEFT JOIN product_template template ON template.id = wanted.template
                LEFT JOIN salon_skill skill
                       ON skill.product_tmpl_id = wanted.template
                      AND skill.staff_id = wanted.staff AND skill.active
                LEFT JOIN LATERAL (
                          SELECT extra_minutes, price FROM salon_client_timing
                           WHERE client_id = wanted.client
                             AND product_tmpl_id = wanted.template
                             AND (staff_id = wanted.staff OR staff_id IS NULL)
                        ORDER BY staff_id NULLS LAST LIMIT 1) timing ON TRUE""",
                DEFAULT_MINUTES,
                templates,
                staff,
                clients,
            )
        )
        return {
            tuple(row[:3]): (max(row[3] + row[4], 1), float(row[5]), row[6])
            for row in rows
        }

    @api.model
    def _timings(self, client_ids, templates):
        """How long services take: ``(client, template, staff, minutes)`` to minutes."""
        clients = list(filter(None, client_ids))
        if not clients:
            return lambda _client, _template, _staff, minutes: minutes
        timings = self.env["salon.client.timing"]
        found = timings._find(
            self.env["res.partner"].browse(clients),
            self.env["product.template"].browse(templates),
        )

        def adjust(client, template, staff, minutes):
            timing = timings._pick(found, client, template, staff)
            return timing._adjust_minutes(minutes)

        return adjust

    @api.model
    def _units(self, branch_id, pools):
        """The units of each pool for a search, without their time.

        :return: ``{pool: [engine Unit]}`` and the pools that are kept for a whole visit
        """
        units, kept = defaultdict(list), set()
        rows = [
            *self._facilities(branch_id, pools),
            *self._assistants(branch_id, pools),
        ]
        for pool, is_kept, resource, capacity, staff, products in rows:
            if is_kept:
                kept.add(pool)
            units[pool] += [
                Unit(
                    resource,
                    number,
                    0,
                    frozenset(staff) if staff else None,
                    frozenset(products) if products else None,
                )
                for number in range(1, capacity + 1)
            ]
        return dict(units), kept

    @api.model
    def _places(self, branch_id, pools, first, last):
        """The units of each pool with their opening hours as free time.

        :param pools: facility type ids, and ``("phase", id)`` for its assistants
        :return: ``{pool: [Place]}`` and the pools that are kept for a whole visit
        """
        units, kept = self._units(branch_id, pools)
        windows = self.env["salon.availability"]._windows(
            branch_id,
            {unit.resource for known in units.values() for unit in known},
            first,
            last,
        )
        places = {
            pool: [
                Place(
                    unit.resource,
                    unit.number,
                    windows[unit.resource],
                    unit.staff,
                    unit.products,
                )
                for unit in known
            ]
            for pool, known in units.items()
        }
        return places, kept

    @api.model
    def _facilities(self, branch_id, pools):
        types = {pool for pool in pools if isinstance(pool, int)}
        if not types:
            return []
        return [row for row in self._facility_rows(branch_id) if row[0] in types]

    @api.model
    @ormcache("branch_id")
    def _facility_rows(self, branch_id):
        """The facilities of a branch, which change once in a year."""
        for model in ("salon.facility", "salon.facility.type"):
            self.env[model].flush_model()
        self.env.cr.execute(
            """SELECT facility.type_id, type.is_kept_for_visit, facility.resource_id,
                      facility.capacity,
                      ARRAY(SELECT employee_id FROM salon_facility_staff_rel
                             WHERE facility_id = facility.id),
                      ARRAY(SELECT product.id
                              FROM salon_facility_service_rel rel
                              JOIN product_product product
                                ON product.product_tmpl_id = rel.product_tmpl_id
                             WHERE rel.facility_id = facility.id)
                 FROM salon_facility facility
                 JOIN salon_facility_type type ON type.id = facility.type_id
                WHERE facility.active AND facility.branch_id = %s
             ORDER BY facility.sequence, facility.name, facility.id""",
            [branch_id],
        )
        return tuple(self.env.cr.fetchall())

    @api.model
    def _assistants(self, branch_id, pools):
        phases = [pool[1] for pool in pools if not isinstance(pool, int)]
        if not phases:
            return []
        self._flush_people()
        self.env.cr.execute(
            """SELECT rel.phase_id, employee.resource_id
                 FROM salon_phase_assistant_rel rel
                 JOIN hr_employee employee ON employee.id = rel.employee_id
                 JOIN hr_employee_salon_branch_rel branch
                   ON branch.employee_id = employee.id AND branch.branch_id = %s
                WHERE employee.active AND rel.phase_id = ANY(%s)
             ORDER BY employee.name, employee.id""",
            [branch_id, phases],
        )
        return [
            (("phase", phase), False, resource, 1, None, None)
            for phase, resource in self.env.cr.fetchall()
        ]

    @api.model
    def _take_off(self, places, kept, first, last, without=None, conflicts=()):
        """Take what is taken off the places' free time, but for who may change places.

        A booking that has not begun may get another place of the same kind; one that
        keeps its room for the visit stays.

        :param places: as from ``_places``; changed in place
        :param without: owner's column and ids whose own rows do not count
        :param conflicts: taken as well, though this transaction cannot see by whom
        :return: ``{Want: [row ids]}`` of those who may move
        """
        pool_of = {
            place.resource: pool
            for pool, known in places.items()
            if isinstance(pool, int) and pool not in kept
            for place in known
        }
        resources = {place.resource for known in places.values() for place in known}
        taken, seated, ending = defaultdict(list), {}, {}
        for conflict in conflicts:
            taken[conflict.resource, conflict.unit].append(
                (conflict.start, conflict.stop)
            )
        for row in self._taken_rows(resources, first, last, without):
            row_id, resource, unit, start, stop, appointment, product, staff = row
            if appointment is None or resource not in pool_of:
                taken[resource, unit].append((start, stop))
                continue
            key = appointment, resource, unit
            previous = ending.pop((key, start), None)
            begin = previous.start if previous else start
            want = Want(
                (*key, begin),
                pool_of[resource],
                begin,
                stop,
                product,
                staff,
                (resource, unit),
            )
            seated[want] = [*(seated.pop(previous) if previous else ()), row_id]
            ending[key, stop] = want
        for pool, known in places.items():
            places[pool] = [
                Place(
                    place.resource,
                    place.number,
                    subtract(place.free, taken[place.resource, place.number]),
                    place.staff,
                    place.products,
                )
                for place in known
            ]
        return seated

    @api.model
    def _taken_rows(self, resources, first, last, without=None):
        """What is taken of resources, with the appointment where it may change places.

        ``first`` and ``last`` are UTC minutes.
        """
        column, owners = without or ("appointment_id", [])
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """SELECT occupancy.id, occupancy.resource_id, occupancy.unit,
                          occupancy.start_minute, occupancy.stop_minute,
                          appointment.id, appointment.product_id,
                          appointment.staff_id
                     FROM salon_occupancy occupancy
                LEFT JOIN salon_appointment appointment
                       ON appointment.id = occupancy.appointment_id
                      AND appointment.state IN ('booked', 'confirmed')
                      AND appointment.start > %s
                      AND NOT EXISTS (SELECT FROM salon_appointment_facility_rel wanted
                                       WHERE wanted.appointment_id = appointment.id)
                    WHERE occupancy.resource_id IN %s
                      AND occupancy.start_minute < %s
                      AND occupancy.start_minute > %s
                      AND occupancy.stop_minute > %s
                      AND occupancy.is_blocking
                      AND (occupancy.expires_at IS NULL OR occupancy.expires_at > %s)
                      AND (%s IS NULL OR %s NOT IN %s)
                 ORDER BY occupancy.resource_id, occupancy.start_minute""",
                now,
                tuple(resources) or (0,),
                last,
                first - clock.DAY,
                first,
                now,
                SQL.identifier("occupancy", column),
                SQL.identifier("occupancy", column),
                tuple(owners) or (0,),
            )
        )
        return self.env.cr.fetchall()
