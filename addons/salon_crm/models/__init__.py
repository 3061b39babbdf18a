from . import (
    res_company,
    res_config_settings,
    res_partner,
    res_partner_birthday,
    res_partner_duplicates,
    res_partner_figures,
    res_partner_phone,
    salon_client_preference,
    salon_health_log,
    salon_health_note,
    salon_visit,
)
