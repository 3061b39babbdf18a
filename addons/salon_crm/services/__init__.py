from . import client_figures, phone
