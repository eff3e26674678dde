"""What the gate counts, in the format of Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from cardlint.gate.decision import Decision

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one gate process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.decisions = Counter(
            "cardlint_gate_decisions", "Decisions by what was asked, what was done, and what enforcing would do.",
            ("event", "action", "verdict"), registry=self.registry,
        )  # fmt: skip
        self.codes = Counter("cardlint_gate_refusals_by_code", "Reasons of refusals by code.", ("code",), registry=self.registry)
        self.judging = Histogram("cardlint_gate_decision_seconds", "Time to judge one change.", registry=self.registry, buckets=_SECONDS)
        self.requests = Histogram(
            "cardlint_gate_judged_request_seconds", "Time of a judged request, the hub's part included.", ("event",),
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        self.upstream_errors = Counter("cardlint_gate_upstream_errors", "Times the hub did not answer sensibly.", registry=self.registry)
        self.undecided = Counter("cardlint_gate_undecided", "Changes that could not be judged.", registry=self.registry)
        self.open = Gauge("cardlint_gate_open_requests", "Requests that are being answered.", registry=self.registry)

    def decided(self, event: str, decision: Decision) -> None:
        """Count one decision."""
        self.decisions.labels(event, decision.action, decision.verdict).inc()
        self.judging.observe(decision.took)
        if decision.action == "refuse":
            for code in decision.codes:
                self.codes.labels(code).inc()
        if decision.failure:
            self.undecided.inc()

    def render(self) -> bytes:
        """The text that a scrape gets."""
        return generate_latest(self.registry)
