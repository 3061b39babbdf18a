from . import (
    salon_told_mixin,
    salon_message_event,
    salon_message,
    salon_consent,
    gateways,
    res_partner,
    salon_visit,
    salon_answering,
    res_config_settings,
    salon_told,
)
