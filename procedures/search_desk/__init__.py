"""The desk of whoever looks after finding: synonyms, questions that found little, life events."""
