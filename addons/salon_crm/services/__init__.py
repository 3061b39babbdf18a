from . import client_figures, salon_board
from . import client_figures
from . import client_figures, phone, salon_demo
from . import client_figures, salon_demo
