from . import (
    base_partner_merge,
    loyalty_card_update_balance,
    salon_checkout_wizard,
    salon_package_transfer,
)
