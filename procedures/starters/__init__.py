"""Services that a city can begin with, as documents: the facts as published, the city's part as demonstration.

`manage.py load_procedures procedures/starters --open` opens them. What is doubtful in the source is said at the head of
each file. ``.before`` marks a former version, which the file of the same code supersedes.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
