from . import salon_cash_open
from . import salon_cash_order_wizard
from . import salon_cash_start
from . import salon_statement_mixin
from . import salon_income_statement
from . import salon_profit_statement
from . import salon_reconciliation
