"""The applicants of benchmarks, told apart by a number."""


def personal_number(at: int) -> str:
    """Give the personal number of the applicant who was made as number ``at``, from 0."""
    return f"048{900_000_000 + at}"
