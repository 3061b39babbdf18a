{
    "name": "Salon Loyalty",
    "summary": "Points on paid visits and gift certificates that are in the books",
    "version": "19.0.1.0.0",
    "category": "Services/Salon",
    "author": "Salon Suite",
    "license": "LGPL-3",
    "depends": ["salon_booking", "sale_loyalty"],
    "data": [
        "security/ir.model.access.csv",
        "security/salon_loyalty_rules.xml",
        "data/salon_loyalty_data.xml",
        "report/salon_certificate_report.xml",
        "views/salon_loyalty_entry_views.xml",
        "views/salon_certificate_liability_views.xml",
        "views/loyalty_card_views.xml",
        "views/loyalty_program_views.xml",
        "views/loyalty_rule_views.xml",
        "views/res_partner_views.xml",
        "wizard/salon_checkout_wizard_views.xml",
        "views/salon_loyalty_menus.xml",
    ],
    "demo": ["demo/demo.xml"],
    # Loaded by demo.xml.
    "oca_data_manual": [
        "demo/salon_loyalty_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
