from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..engine import clock

#: Whoever takes something back later books or moves it anew.
HOURS = 1
SCOPE = "salon.board.undo"


class SalonBoard(models.AbstractModel):
    """Takes back what a user has just done on the board.

    What was before travels in a signed token, so that it works on every worker and
    nothing is kept that nobody asks for. It is taken back only while what was changed
    is still as the user left it.
    """

    _inherit = "salon.board"

    # rpc: the token is signed for this user; each way back checks the rights
    @api.model
    def undo(self, token, undone=None):
        """Put back what a change of one's own has changed.

        :param undone: ``undone`` of the answers before, in one dict: so that a visit
            that was changed twice can be taken back step by step
        :return: ``{"ok": True, "visits": [ids], "undone": {}}`` or ``{"ok": False,
            "why": sentence}``
        """
        self._check_role()
        done = self._read_token(token)
        if done is None:
            return self._cannot(
                self.env._("This cannot be taken back any more. Change it by hand.")
            )
        done["undone"] = undone or {}
        undo = getattr(self, f"_undo_{done['kind']}")
        try:
            with self.env.cr.savepoint():
                return {"ok": True, **undo(done), "undone": self._undone(done)}
        except UserError as error:
            return self._cannot(str(error))

    @api.model
    def _cannot(self, why):
        return {"ok": False, "why": why, "may": "", "stale": False, "nearest": []}

    @api.model
    def _token(self, kind, **values):
        # sudo: ir.config_parameter - the secret of the database signs the token
        return hash_sign(
            self.sudo().env,
            SCOPE,
            {
                "user": self.env.uid,
                "kind": kind,
                "at": fields.Datetime.to_string(self.env.cr.now()),
                **values,
            },
            expiration_hours=HOURS,
        )

    @api.model
    def _read_token(self, token):
        try:
            # sudo: ir.config_parameter - the secret of the database signs the token
            done = verify_hash_signed(self.sudo().env, SCOPE, token or "")
        except (ValueError, AttributeError, TypeError):
            return None
        return done if done and done["user"] == self.env.uid else None

    @api.model
    def _versions(self, appointments):
        """``{appointment id as text: version}``, as the board shows them."""
        appointments.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM salon_appointment WHERE id IN %s",
                self._version("salon_appointment"),
                tuple(appointments.ids) or (0,),
            )
        )
        return {str(id_): version for id_, version in rows}

    @api.model
    def _undone(self, done):
        """As what each version of before has come back: ``{"id-version": version}``."""
        seen = done.get("seen", {})
        appointments = self.env["salon.appointment"].browse(map(int, seen)).exists()
        return {
            f"{id_}-{seen[id_]}": version
            for id_, version in self._versions(appointments).items()
        }

    @api.model
    def _snapshot(self, appointments):
        """All that a change on the board may change: ``{id as text: values}``."""
        return {
            str(appointment.id): {
                "start": fields.Datetime.to_string(appointment.start),
                "duration_minutes": appointment.duration_minutes,
                "staff_id": appointment.staff_id.id,
                "price": appointment.price,
                "facility_ids": appointment.facility_ids.ids,
                "phase_staff": appointment.phase_staff or False,
                "overlap_reason": appointment.overlap_reason or False,
                "overlap_user_id": appointment.overlap_user_id.id,
            }
            for appointment in appointments
        }

    @api.model
    def _unchanged(self, done):
        """The appointments of a token, or UserError when somebody was there."""
        appointments = self.env["salon.appointment"].browse(map(int, done["after"]))
        if appointments.exists() != appointments:
            raise UserError(
                self.env._("Somebody has deleted it since, so it cannot be taken back.")
            )
        appointments.check_access("write")
        appointments._lock_visits()
        left = {
            id_: done["undone"].get(f"{id_}-{version}", version)
            for id_, version in done["after"].items()
        }
        if self._versions(appointments) != left:
            raise UserError(
                self.env._(
                    "%(appointment)s was changed since, so your change stays. Look at "
                    "it as it is now.",
                    appointment=appointments[0].display_name,
                )
            )
        return appointments

    @api.model
    def _undo_place(self, done):
        appointments = self._unchanged(done)
        with self.env["salon.block"]._making_room(self._days_before(done), done["at"]):
            self._put_back(appointments, done["before"])
        return {"visits": appointments.visit_id.ids}

    @api.model
    def _put_back(self, appointments, before):
        # sudo: salon.appointment - an overlap that is put back was permitted before
        appointments = appointments.sudo()
        values_by_appointment, permitted = {}, {}
        for appointment in appointments:
            values = dict(before[str(appointment.id)])
            permitted[appointment] = values.pop("overlap_user_id")
            values["start"] = fields.Datetime.to_datetime(values["start"])
            values["facility_ids"] = [Command.set(values["facility_ids"])]
            values_by_appointment[appointment] = values
        self.env["salon.booking"]._place(appointments, values_by_appointment)
        for appointment, user_id in permitted.items():
            if appointment.overlap_user_id.id != user_id:
                appointment.overlap_user_id = user_id

    @api.model
    def _days_before(self, done):
        """Where everything was: a set of (branch id, ordinal of the local day)."""
        appointments = self.env["salon.appointment"].browse(map(int, done["before"]))
        return self.env["salon.claim"]._local_days(
            (
                appointment.branch_id.id,
                clock.to_minutes(
                    fields.Datetime.to_datetime(
                        done["before"][str(appointment.id)]["start"]
                    )
                ),
            )
            for appointment in appointments.exists()
        )

    @api.model
    def _undo_state(self, done):
        appointments = self._unchanged(done)
        with self.env["salon.block"]._making_room(self._days_before(done), done["at"]):
            appointments._take_back_state(done["states"])
            moved = {
                id_: before
                for id_, before in done["before"].items()
                if before != self._snapshot(appointments.browse(int(id_)))[id_]
            }
            if moved:
                self._put_back(appointments.browse(map(int, moved)), moved)
        return {"visits": appointments.visit_id.ids}

    @api.model
    def _undo_book(self, done):
        """A visit that was booked here a moment ago, and that nobody has touched."""
        self._check_desk()
        appointments = self._unchanged(done)
        visits = appointments.visit_id
        # sudo: salon.visit - the desk deletes none; this one the user has just made
        visits.sudo().filtered(
            lambda visit: visit.appointment_ids <= appointments.sudo()
        ).unlink()
        return {"visits": done["visits"]}

    @api.model
    def _written(self, block):
        return fields.Datetime.to_string(block.write_date)

    @api.model
    def _undo_block(self, done):
        blocks = self.env["salon.block"].browse(done["block"]).exists()
        if blocks.write_date and self._written(blocks) != done["written"]:
            raise UserError(
                self.env._("This time was changed since. Look at it as it is now.")
            )
        if done["before"]:
            blocks.write(
                {
                    **done["before"],
                    "start": fields.Datetime.to_datetime(done["before"]["start"]),
                    "stop": fields.Datetime.to_datetime(done["before"]["stop"]),
                    "staff_ids": [Command.set(done["before"]["staff_ids"])],
                    "facility_ids": [Command.set(done["before"]["facility_ids"])],
                }
            )
        else:
            blocks.unlink()
        return {"visits": []}
