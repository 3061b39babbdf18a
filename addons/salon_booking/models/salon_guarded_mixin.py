from odoo import api, models
from odoo.exceptions import AccessError

#: What record rules go by.
WHOSE = frozenset(
    "appointment_id branch_id company_id day_id entry_id ladder_id policy_id shift_id "
    "staff_id standing_id visit_id".split()
)


class SalonOwnMixin(models.AbstractModel):
    """Records that nobody hands to a branch or person that is not his to change.

    The host asks for the right before a change only, not for the record that it makes.
    """

    _name = "salon.own.mixin"
    _description = "Record of a Branch or Person"

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and WHOSE & vals.keys():
            self.check_access("write")
        return result


class SalonGuardedMixin(models.AbstractModel):
    """Fields that the suite itself keeps: nobody sets them by hand, over RPC neither.

    The host lets everybody with write access write a stored compute and give any
    ``default_…`` in the context; both would get around states, totals and rules.
    """

    _name = "salon.guarded.mixin"
    _description = "Record with Fields Kept by the System"
    _inherit = ["salon.own.mixin"]

    #: Kept by the system though they are no computes.
    _guarded_fields = frozenset()
    #: May be given openly, but not by a default in the context.
    _guarded_defaults = frozenset({"state"})

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        self._check_guarded(vals_list)
        guarded = self._get_guarded_fields() | self._guarded_defaults
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in guarded
            or not key.startswith("default_")
        }
        # Taken out of the context, not overridden: a default of None is one, too.
        cleaned = self.with_context(context)  # pylint: disable=context-overridden
        records = super(SalonGuardedMixin, cleaned).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        if not self.env.su:
            self._check_guarded([vals])
        return super().write(vals)

    def _check_company(self, fnames=None):
        """What several records have in common is looked at once.

        What belongs to the same company or to all of them needs no domain to be asked.
        """
        names = [
            name
            for name, field in self._fields.items()
            if field.relational and field.check_company
        ]
        distinct = {}
        # sudo: whatever the records name - as the host looks at it
        for record in self.sudo():
            named = tuple(record[name] for name in names)
            distinct.setdefault((record.company_id, named), record.id)
        foreign = [
            record_id
            for (company, named), record_id in distinct.items()
            if not all(self._is_within(corecords, company) for corecords in named)
        ]
        return super(SalonGuardedMixin, self.browse(foreign))._check_company(fnames)

    @api.model
    def _is_within(self, records, company):
        """Say whether records belong to this company, or to none."""
        field = records._fields.get("company_id")
        if field and field.inherited:
            # Straight to the record that has it: a product to its template.
            records = records[field.related.partition(".")[0]]
        return bool(field) and records.company_id <= company

    def _assign_changed(self, **values):
        """Set computed values that differ from what is stored.

        Most that could be said of a bill is zero for most records; setting that again
        would write each row once more.
        """
        for name, value in values.items():
            if self[name] != value:
                self[name] = value

    @api.model
    def _get_guarded_fields(self):
        """The named fields and every stored compute that is not editable."""
        return self._guarded_fields | {
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly
        }

    @api.model
    def _check_guarded(self, vals_list):
        guarded = self._get_guarded_fields()
        written = {name for vals in vals_list for name in guarded & vals.keys()}
        if written:
            raise AccessError(
                self.env._(
                    "%(fields)s of “%(model)s” are kept by the system and cannot be "
                    "set by hand.",
                    fields=", ".join(sorted(written)),
                    model=self._description,
                )
            )
