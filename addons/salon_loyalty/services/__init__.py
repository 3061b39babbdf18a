from . import (
    salon_checkout,
    salon_instruments,
    salon_loyalty_award,
    salon_loyalty_certificate,
    salon_loyalty_demo,
    salon_loyalty_ledger,
)
