from . import salon_cash_words
from . import salon_cash_figures
from . import salon_cash_desk
from . import salon_demo
