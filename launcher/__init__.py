"""The development launcher: gets Odoo and PostgreSQL, runs and tests the suite.

It uses the standard library only, so that a fresh machine needs nothing but Python.
"""
