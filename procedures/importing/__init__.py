"""Import of the national catalogue: read lines, check records, mark doubts, write new versions, report."""
