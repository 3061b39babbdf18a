from . import salon_online_share
