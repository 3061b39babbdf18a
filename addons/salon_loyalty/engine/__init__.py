"""Points, shares and balances in pure Python: no Odoo, no clock, no database."""
