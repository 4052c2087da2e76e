"""Everything that runs the portal on one machine: set-up, database, broker, processes.

Nothing here is used in production, where the same processes are started by containers
(`docker-compose.yml`). Nothing here imports Django, so that it starts at once.
"""
