{
    "name": "Salon Points by Message",
    "version": "19.0.1.0.0",
    "summary": "Tell clients the balance of their points once a month",
    "category": "Services/Salon",
    "author": "Salon Suite",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["salon_loyalty", "salon_messages"],
    "data": ["data/salon_points_data.xml"],
}
