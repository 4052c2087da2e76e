"""The database engine of the portal: Django's for PostgreSQL, with a cheaper look at kept connections."""
