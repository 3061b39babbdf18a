from . import base_partner_merge, salon_client_block
