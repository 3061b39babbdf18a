from . import salon_cash_words
from . import salon_cash_figures
from . import salon_cash_desk
from . import salon_card_terminal
from . import salon_income
from . import salon_income_summary
from . import salon_till
from . import salon_demo
