def uninstall_hook(env):
    """Take along what the host would leave behind.

    Attachments of a lower addon's model stay, and selections that a model of ours has
    from the host's mixins count as the host's own.
    """
    env["ir.model.data"].search(
        [
            ("module", "=", "mail"),
            ("model", "=", "ir.model.fields.selection"),
            ("name", "=like", "selection\\_\\_salon\\_review\\_%"),
        ]
    ).unlink()
    env["ir.attachment"].search(
        [
            ("res_model", "=", "salon.branch"),
            ("res_field", "in", ("online_logo", "online_cover")),
        ]
    ).unlink()
