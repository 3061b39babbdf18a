from . import calendar_feed, portal, waitlist
