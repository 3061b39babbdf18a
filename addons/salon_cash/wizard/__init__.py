from . import salon_cash_open
from . import salon_cash_order_wizard
from . import salon_reconciliation
