from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from ..engine.phases import Footprint, Phase, Segment, footprint, lay_out, stretch

#: Of a service that says nothing about its time.
DEFAULT_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Service:
    """What the search and the booking must know about a service."""

    product: int
    template: int
    phases: tuple[Phase, ...]
    minutes: int
    before: int = 0
    after: int = 0

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
        """``{product id: Service}`` in one query."""
        if not products:
            return {}
        for model in ("product.product", "product.template", "salon.service.phase"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT product.id, template.id,
                          COALESCE(template.salon_duration_minutes, 0),
                          COALESCE(template.salon_buffer_before, 0),
                          COALESCE(template.salon_buffer_after, 0),
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
                tuple(products.ids),
            )
        )
        heads, phases = {}, {}
        for row in self.env.cr.fetchall():
            heads[row[0]] = row[1:6]
            phases.setdefault(row[0], []).extend(self._phases_of(row[5], row[6:]))
        return {
            product: Service(
                product, template, tuple(phases[product]), minutes, before, after
            )
            for product, (template, minutes, before, after, _type) in heads.items()
        }

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
