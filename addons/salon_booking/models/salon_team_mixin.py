from odoo import api, models
from odoo.exceptions import AccessError

RECEPTIONIST = "salon_booking.group_salon_receptionist"


class SalonTeamMixin(models.AbstractModel):
    """Records of which those who serve write only a part, and the desk the rest.

    The right to write would else let a stylist give an own visit to any client, over
    RPC, and read what is kept of that client.
    """

    _name = "salon.team.mixin"
    _description = "Record Shared by Desk and Team"

    @api.model
    def _get_team_fields(self):
        """Hook: the fields that whoever serves may write."""
        return frozenset()

    @api.model
    def _get_allowed_fields(self):
        """What the user may write here; None is all that rights allow."""
        if self.env.su or self.env.user.has_group(RECEPTIONIST):
            return None
        return self._get_team_fields()

    def write(self, vals):
        allowed = self._get_allowed_fields()
        if allowed is not None and (kept := vals.keys() - allowed):
            raise AccessError(
                self.env._(
                    "Only the desk changes %(fields)s of “%(record)s”. Please ask "
                    "there.",
                    fields=", ".join(sorted(kept)),
                    record=self[:1].display_name,
                )
            )
        return super().write(vals)

    # rpc: the host's; leaves out what the user may not write
    def onchange(self, values, field_names, fields_spec):
        """Else a form would tell of whatever client or branch it is given."""
        allowed = self._get_allowed_fields()
        if allowed is None:
            return super().onchange(values, field_names, fields_spec)
        # Nor does a line of such records inside of the form.
        told = {name for name in allowed if not self._leads_to_shared(name)}
        changed = [name for name in field_names if name in told]
        if field_names and not changed:
            return {}
        values = {name: values[name] for name in values.keys() & told}
        return super().onchange(values, changed, fields_spec)

    @api.model
    def _leads_to_shared(self, name):
        field = self._fields.get(name)
        return bool(field and field.relational) and isinstance(
            self.env[field.comodel_name], self.env.registry["salon.team.mixin"]
        )

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._get_allowed_fields() is None)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type in ("form", "list"):
            self._lock_fields(arch, self)
        return arch, view

    @api.model
    def _lock_fields(self, node, model):
        """Show what the user may not write as readonly, in lists of forms, too."""
        shared = isinstance(model, self.env.registry["salon.team.mixin"])
        allowed = model._get_allowed_fields() if shared else None
        for child in node:
            inner = model
            if child.tag == "field" and child.get("name") in model._fields:
                field = model._fields[child.get("name")]
                if allowed is not None and field.name not in allowed:
                    child.set("readonly", "1")
                inner = self.env[field.comodel_name] if field.relational else model
            self._lock_fields(child, inner)
