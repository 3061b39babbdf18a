"""What must be true once the addon is installed."""


def post_init_hook(env):
    """Refuse an installation in which nothing prevents double booking.

    The host only logs a table constraint that could not be added.
    """
    env["salon.occupancy"]._assert_guarded()


def uninstall_hook(env):
    """Take along what the host would leave behind or stumble over.

    Selections of fields inherited from its mixins count as its own, and it keeps their
    external ids. A key that a foreign key refers to can only go after that one.
    """
    env.cr.execute(
        "ALTER TABLE salon_appointment "
        "DROP CONSTRAINT IF EXISTS salon_appointment_seat_limit_of_event"
    )
    env["ir.model.data"].search(
        [
            ("module", "=", "mail"),
            ("model", "=", "ir.model.fields.selection"),
            ("name", "=like", "selection__salon\\_%"),
        ]
    ).unlink()
    # Pictures are attachments, and those of a host's model outlive the field.
    env["ir.attachment"].search(
        [("res_model", "=", "product.category"), ("res_field", "=", "salon_image")]
    ).unlink()
