"""The tables for people and the JSON object for programs."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench import measuring
from bench.findings import Bar, Findings
from bench.measuring import Reading

HEADINGS = (
    "load",
    "clients",
    "flows/s",
    "p50",
    "p95",
    "p99",
    "CPU app",
    "CPU db",
    "CPU beside",
    "SQL",
    "errors",
)


def readings_table(findings: Findings) -> str:
    """Lay out the medians over the rounds of every load; times and CPU in milliseconds per flow."""
    if findings.rounds is None:
        return ""
    return _table(HEADINGS, [_row(label, rows) for label, rows in findings.rounds.readings.items()])


def _row(label: str, rows: Sequence[Reading]) -> list[str]:
    def middle(values: Iterable[float], digits: int = 1) -> str:
        return f"{statistics.median(values):.{digits}f}"

    beside = {name: middle(row.beside[name] for row in rows) for name in rows[0].beside}
    return [
        label,
        str(rows[0].clients),
        middle(row.per_second for row in rows),
        middle(row.p50 for row in rows),
        middle(row.p95 for row in rows),
        middle(row.p99 for row in rows),
        middle(row.app_cpu for row in rows),
        middle(row.db_cpu for row in rows),
        ", ".join(f"{name} {value}" for name, value in beside.items()) or "–",
        middle(row.statements for row in rows),
        str(sum(row.failed for row in rows)),
    ]


def bars_table(bars: Sequence[Bar]) -> str:
    """Lay out every bar with its figure: the median, the lowest and the highest of the rounds."""
    rows = []
    for bar in bars:
        sign = "≥" if bar.at_least else "≤"
        spread = (
            f"{min(bar.values):.{bar.digits}f}–{max(bar.values):.{bar.digits}f}"
            if len(bar.values) > 1
            else ""
        )
        rows.append(
            [
                str(bar.goal),
                bar.what,
                f"{bar.value:.{bar.digits}f} {bar.unit}".strip(),
                spread,
                f"{sign} {bar.bar:g} {bar.unit}".strip(),
                "met" if bar.met else "MISSED",
            ]
        )
    return _table(("goal", "figure", "median", "rounds", "bar", "result"), rows)


def rule_figures(found: Sequence[Findings]) -> dict[str, float]:
    """Compute the five figures that the Vietnamese rule names, over all loads of the portal in this run.

    (Circular 22/2019/TT-BTTTT: mean and slowest response, CPU of both servers, concurrent users, continuous
    operation.) CPU is the highest share of the machine's processors that one load used.
    """
    rows = [
        row
        for findings in found
        if findings.rounds
        for label in findings.portal
        for row in findings.rounds.readings[label]
    ]
    if not rows:
        return {}
    flows = sum(row.flows for row in rows)
    machine = measuring.cores()
    return {
        "mean_response_ms": round(sum(row.mean * row.flows for row in rows) / max(flows, 1), 1),
        "slowest_response_ms": round(max(row.slowest for row in rows), 1),
        "app_cpu_percent": round(100 * max(row.app_cores for row in rows) / machine, 1),
        "db_cpu_percent": round(100 * max(row.db_cores for row in rows) / machine, 1),
        "concurrent_users": max((row.clients for row in rows if not row.failed), default=0),
        "continuous_minutes": round(sum(row.seconds for row in rows) / 60, 1),
    }


def rule_text(figures: Mapping[str, float]) -> str:
    return (
        f"mean response {figures['mean_response_ms']:.0f} ms · slowest {figures['slowest_response_ms']:.0f} ms · "
        f"CPU of the machine: application {figures['app_cpu_percent']:.0f} %, "
        f"database {figures['db_cpu_percent']:.0f} % · "
        f"{figures['concurrent_users']:.0f} concurrent users without an error · "
        f"{figures['continuous_minutes']:.1f} minutes under load without a restart"
    )


def errors(found: Sequence[Findings]) -> list[str]:
    """List the first errors of every load, each with its load's name; empty when every flow succeeded."""
    return [
        f"{label}: {row.failed} failed; {'; '.join(row.errors)}"
        for findings in found
        if findings.rounds
        for label, rows in findings.rounds.readings.items()
        for row in rows
        if row.failed
    ]


def as_json(
    found: Mapping[str, Findings], *, conditions: Mapping[str, Any], failures: Mapping[str, str]
) -> str:
    """Write one JSON object on one line: conditions, bars, readings of every round, the rule's figures, errors."""
    everything = list(found.values())
    bars = [
        {"benchmark": name, **asdict(bar), "values": list(bar.values), "value": bar.value, "met": bar.met}
        for name, findings in found.items()
        for bar in findings.bars
    ]
    readings = {
        name: {label: [asdict(row) for row in rows] for label, rows in findings.rounds.readings.items()}
        for name, findings in found.items()
        if findings.rounds
    }
    answer = {
        "conditions": conditions,
        "met": all(bar["met"] for bar in bars) and not failures and not errors(everything),
        "bars": bars,
        "rule": rule_figures(everything),
        "errors": errors(everything),
        "failures": failures,
        "notes": {name: list(findings.notes) for name, findings in found.items()},
        "readings": readings,
    }
    return json.dumps(_rounded(answer), ensure_ascii=False, allow_nan=False)


def _rounded(value: Any) -> Any:
    """Cut floats to four digits behind the point; what is not a number becomes null, which JSON knows."""
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[at]) for line in (headings, *rows)) for at in range(len(headings))]
    left = {0, *(at for at, name in enumerate(headings) if name in ("figure", "result"))}

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.ljust(width) if at in left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([line(headings), rule, *(line(row) for row in rows)])
