from . import client_figures
from . import client_figures, phone, salon_board
