from . import portal, waitlist
from . import calendar_feed, portal
