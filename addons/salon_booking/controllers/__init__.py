from . import portal, waitlist
