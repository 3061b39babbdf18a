from . import booking, client, link, portal, review
