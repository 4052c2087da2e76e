"""python -m bench.mini check|migrate|…"""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.mini.settings")
execute_from_command_line(["bench.mini", *sys.argv[1:]])
