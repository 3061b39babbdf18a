from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import clock

#: As many rows as the drawer holds; the lists behind it have the rest.
MOST_ROWS = 80
#: What the drawer has, in the order in which it is opened when nobody chose.
TO_MOVE, WALK_INS, WAITLIST = "to_move", "walk_ins", "waitlist"
#: Where else the number of its rows stands.
COUNTS = {TO_MOVE: "to_move", WALK_INS: "walk_ins", WAITLIST: "waiting"}


class SalonBoard(models.AbstractModel):
    """The drawer: who waits in the salon, who for a time, whose time has gone.

    It comes with the board itself, and only what is open of it: one query for the rows.
    They come through the record rules of the user, who must be one of the desk.
    """

    _inherit = "salon.board"

    # rpc: record rules; _scope refuses who has no role
    @api.model
    @api.readonly
    def drawer(self, branch_ids, first=None, last=None, tab=None):
        """How much waits, and the rows of one tab.

        :param tab: a name of a tab; True for the one that matters most
        """
        scope = self._scope(branch_ids, first, last)
        return {**self._counts(scope), **self._drawer(scope, tab)}

    @api.model
    def _counts(self, scope):
        """How much waits in the drawer, in one query."""
        if not self._is_desk():
            return dict.fromkeys(COUNTS.values(), 0)
        names, counted = COUNTS.values(), []
        for tab in COUNTS:
            counted.append(
                SQL(
                    "(SELECT count(*) FROM (%s) AS t)",
                    self._rows_of(tab, scope).select(),
                )
            )
        ((*numbers,),) = self.env.execute_query(
            SQL("SELECT %s", SQL(", ").join(counted))
        )
        return dict(zip(names, numbers, strict=True))

    @api.model
    def _rows_of(self, tab, scope, limit=None):
        """Those of one tab whom the user may see, as a query."""
        model, states = {
            TO_MOVE: ("salon.displacement", ["open"]),
            WALK_INS: ("salon.walk.in", ["waiting"]),
            WAITLIST: ("salon.waitlist.entry", ["waiting", "offered"]),
        }[tab]
        self.env[model].flush_model()
        return self.env[model]._search(
            [("branch_id", "in", scope.branches.ids), ("state", "in", states)],
            limit=limit,
            order=self.env[model]._order if limit else None,
        )

    @api.model
    def _drawer(self, scope, tab, counts=None):
        """The rows of a tab; nothing when it is closed."""
        if not tab:
            return {}
        if tab not in COUNTS:
            counts = counts or self._counts(scope)
            waits = (each for each, name in COUNTS.items() if counts[name])
            tab = next(waits, WAITLIST)
        rows = []
        if self._is_desk():
            query = self._rows_of(tab, scope, MOST_ROWS)
            rows = getattr(self, f"_rows_{tab}")(scope, query)
        return {"drawer": {"tab": tab, "rows": rows}}

    @api.model
    def _read_rows(self, query, columns):
        return [
            dict(zip(columns, values, strict=True))
            for values in self.env.execute_query(query.select(*columns.values()))
        ]

    @api.model
    def _service_names(self, model, alias):
        """The services of a row, as one column."""
        field = self.env[model]._fields["product_ids"]
        return SQL(
            """ARRAY(SELECT %(name)s
                       FROM %(relation)s chosen
                       JOIN product_product product ON product.id = chosen.%(product)s
                       JOIN product_template template
                         ON template.id = product.product_tmpl_id
                      WHERE chosen.%(row)s = %(id)s
                   ORDER BY template.sequence, product.id)""",
            name=self.env["product.template"]._field_to_sql("template", "name"),
            relation=SQL.identifier(field.relation),
            product=SQL.identifier(field.column2),
            row=SQL.identifier(field.column1),
            id=SQL.identifier(alias, "id"),
        )

    @api.model
    def _rows_waitlist(self, scope, query):
        for model in ("salon.waitlist.wish", "res.partner", "hr.employee"):
            self.env[model].flush_model()
        wishes = self.env["salon.waitlist.wish"]
        own = query.table
        client = query.left_join(own, "client_id", "res_partner", "id", "client")
        rows = self._read_rows(
            query,
            {
                **self._columns_of(
                    own, "id branch_id priority state note first_day last_day client_id"
                ),
                **self._columns_of(client, "name phone"),
                "since": self._minute(SQL.identifier(own, "waiting_since")),
                "services": self._service_names("salon.waitlist.entry", own),
                "wishes": wishes._labels_sql(SQL.identifier(own, "id")),
            },
        )
        return [
            {
                "id": row["id"],
                "branch": row["branch_id"],
                "client": self._client(row),
                "services": row["services"],
                "wishes": " / ".join(
                    wishes._label(*values) for values in row["wishes"] or ()
                ),
                "priority": int(row["priority"]),
                "state": row["state"],
                "since": row["since"],
                "note": row["note"] or "",
                # Worth a look while these days are on the board.
                "suits": (not row["first_day"] or row["first_day"] <= scope.last)
                and (not row["last_day"] or row["last_day"] >= scope.first),
            }
            for row in rows
        ]

    @api.model
    def _rows_to_move(self, scope, query):
        for model in ("salon.appointment", "res.partner", "hr.employee"):
            self.env[model].flush_model()
        own = query.table
        appointment = query.join(
            own, "appointment_id", "salon_appointment", "id", "appointment"
        )
        client = query.left_join(own, "client_id", "res_partner", "id", "client")
        staff = query.left_join(own, "staff_id", "hr_employee", "id", "staff")
        product = query.left_join(own, "product_id", "product_product", "id", "product")
        template = query.left_join(
            product, "product_tmpl_id", "product_template", "id", "template"
        )
        rows = self._read_rows(
            query,
            {
                **self._columns_of(
                    own, "id branch_id appointment_id visit_id start reason client_id"
                ),
                **self._columns_of(client, "name phone"),
                "service": self.env["product.template"]._field_to_sql(template, "name"),
                "staff": SQL.identifier(staff, "name"),
                "staff_id": SQL.identifier(appointment, "staff_id"),
                "minutes": SQL.identifier(appointment, "duration_minutes"),
                "version": self._version(appointment),
            },
        )
        zones = {branch.id: branch.tz for branch in scope.branches}
        label = self.env["salon.visit"]._get_moment_label
        return [
            {
                "id": row["id"],
                "branch": row["branch_id"],
                "appointment": row["appointment_id"],
                "visit": row["visit_id"],
                "client": self._client(row),
                "service": row["service"] or "",
                "staff": row["staff"] or "",
                "start": clock.to_minutes(row["start"]),
                "moment": label(row["start"], zones[row["branch_id"]]),
                "reason": row["reason"],
                # What the board needs to let it be dragged to another time.
                "staff_id": row["staff_id"] or False,
                "minutes": row["minutes"],
                "version": row["version"],
            }
            for row in rows
        ]

    @api.model
    def _rows_walk_ins(self, scope, query):
        """Who waits, until when, and for whom."""
        for model in ("res.partner", "hr.employee", "salon.branch"):
            self.env[model].flush_model()
        own = query.table
        client = query.left_join(own, "client_id", "res_partner", "id", "client")
        staff = query.left_join(own, "staff_id", "hr_employee", "id", "staff")
        branch = query.join(own, "branch_id", "salon_branch", "id", "branch")
        queue = self.env["salon.walk.in.queue"]
        asked = queue._asked(own)
        rows = self._read_rows(
            query,
            {
                **asked,
                "note": SQL.identifier(own, "note"),
                "patience": SQL.identifier(branch, "walk_in_patience"),
                "name": SQL(
                    "COALESCE(%s, NULLIF(%s, ''))",
                    SQL.identifier(client, "name"),
                    SQL.identifier(own, "name"),
                ),
                "staff": SQL.identifier(staff, "name"),
                "arrived": self._minute(SQL.identifier(own, "arrived_at")),
                "services": self._service_names("salon.walk.in", own),
            },
        )
        now = clock.to_minutes_ceil(fields.Datetime.now())
        expected = queue._expected(
            [queue._waits(*(row[name] for name in asked)) for row in rows]
        )
        firsts = {walk_in_id: first for walk_in_id, (first, *_) in expected.items()}
        return [
            {
                "id": row["id"],
                "branch": row["branch_id"],
                "name": row["name"] or self.env._("Walk-in"),
                "client": row["client_id"] or False,
                "services": ", ".join(row["services"]),
                "staff": row["staff"] or "",
                "size": row["party_size"],
                "seated": row["seated"],
                "note": row["note"] or "",
                "arrived": row["arrived"],
                "patience": row["patience"] or 0,
                **self._expected(firsts.get(row["id"]), now),
            }
            for row in rows
        ]

    @api.model
    def _expected(self, first, now):
        if not first:
            return {"expected": False, "by": [], "can_start": False}
        return {
            "expected": first.start,
            "by": list(first.staff),
            "can_start": first.start <= now,
        }

    @api.model
    def _client(self, row):
        if not row["client_id"]:
            return None
        return {
            "id": row["client_id"],
            "name": row["name"] or "",
            "phone": row["phone"] or "",
        }
