"""Odoo as a script: with workers it starts itself again, which `-m odoo` cannot."""

import odoo.cli

odoo.cli.main()
