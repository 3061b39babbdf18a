from . import test_cash_day
from . import test_cash_orders
from . import test_cash_reports
from . import test_cash_rights
from . import test_cash_at_once
from . import test_cash_tours
from . import test_payments
from . import test_words
