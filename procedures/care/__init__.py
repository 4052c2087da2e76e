"""Care of the catalogue: what an import flagged, and what the ministry changed after the city had its say."""
