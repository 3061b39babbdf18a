from . import client_figures
