from odoo.http import Controller, content_disposition, request, route

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SalonStatement(Controller):
    """A statement as a file."""

    @route(
        "/salon/<any(income,profit):kind>/<int:statement_id>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def salon_statement(self, kind, statement_id, **_kw):
        statements = request.env[f"salon.{kind}.statement"]
        statement = statements.browse(statement_id).exists()
        if not statement or not statement.has_access("read"):
            return request.not_found()
        return request.make_response(
            statement._make_sheet(),
            [
                ("Content-Type", SHEET),
                (
                    "Content-Disposition",
                    content_disposition(f"{statement.display_name}.xlsx"),
                ),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
