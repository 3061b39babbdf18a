from . import (
    salon_accounts,
    salon_board,
    salon_checkout,
    salon_estimates,
    salon_income,
    salon_instruments,
    salon_loyalty_award,
    salon_loyalty_certificate,
    salon_loyalty_demo,
    salon_loyalty_ledger,
    salon_packages,
    salon_refund,
)
