"""How gunicorn serves the portal: `gunicorn -c python:danang_portal.gunicorn_conf danang_portal.wsgi`."""

import os

# Where to listen. Only a container listens to more than its own machine.
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once, before the workers are forked: half the start-up work, shared memory.
preload_app = True
# Heartbeats of the workers; a disk that stalls must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  (memory of this machine)
# Its socket would lie in the home folder, one for all portals of a machine.
control_socket_disable = True
# A long question pasted into the search, with every letter as three or nine characters.
limit_request_line = 8190
timeout = 60
graceful_timeout = 20
keepalive = 5
# The portal writes its own line for each request, with the request's id.
accesslog = None
