"""Reads of the pantry."""

from inventory.selectors.trace import TraceStep, trace_back, trace_entry, trace_forward, traces

__all__ = ["TraceStep", "trace_back", "trace_entry", "trace_forward", "traces"]
