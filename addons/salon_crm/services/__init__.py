from . import client_figures, salon_board, salon_demo
