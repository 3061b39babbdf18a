from . import salon_commission_ledger, salon_pay_run
