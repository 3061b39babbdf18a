from . import salon_commission_ledger, salon_demo, salon_pay_run
