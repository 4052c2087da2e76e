"""What people upload is truly checked: kind by content, parsed whole, written anew without anything that acts."""

from core.uploads.inspection import CleanFile, inspect
from core.uploads.kinds import OFFICE, PAPERS, Kind, Limits
from core.uploads.names import clean_name
from core.uploads.refusals import UploadRefused

__all__ = ["OFFICE", "PAPERS", "CleanFile", "Kind", "Limits", "UploadRefused", "clean_name", "inspect"]
