from . import client_figures, salon_board, salon_booking, salon_demo
