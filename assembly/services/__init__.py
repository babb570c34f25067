"""Putting boxes together: what it needs, recording it, and what was assembled."""

from assembly.services.history import find_assembly_runs, get_assembly_history, get_assembly_run
from assembly.services.recording import record_assembly, update_assembly_details, void_assembly_run
from assembly.services.requirements import (
    AssemblyAvailability,
    ComponentDraw,
    ComponentRequirement,
    check_can_assemble,
    max_quantities,
)

__all__ = [
    "AssemblyAvailability",
    "ComponentDraw",
    "ComponentRequirement",
    "check_can_assemble",
    "find_assembly_runs",
    "get_assembly_history",
    "get_assembly_run",
    "max_quantities",
    "record_assembly",
    "update_assembly_details",
    "void_assembly_run",
]
