"""What the environment says: where the stand-in is, and which client it knows."""

import os
from pathlib import Path

STATE = Path(os.environ["VNEID_STATE"])
ORIGIN = os.environ["VNEID_ORIGIN"]
PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
CLIENT_ID = os.environ.get("VNEID_CLIENT_ID", "danang-portal")
CLIENT_SECRET = os.environ.get("VNEID_CLIENT_SECRET", "")
CODE_SECONDS = 60
REDIRECT_URIS = [f"{PORTAL_URL}/dang-nhap/vneid/tro-lai/", f"{PORTAL_URL}/ho-so/vneid/tro-lai/"]
