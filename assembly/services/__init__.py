"""Putting boxes together: what it needs, recording it, and what was assembled."""

from assembly.services.files import export_assembly_history, import_assembly_history
from assembly.services.history import find_assembly_runs, get_assembly_history, get_assembly_run
from assembly.services.recording import record_assembly, update_assembly_details, void_assembly_run
from assembly.services.requirements import (
    AssemblyAvailability,
    ComponentDraw,
    ComponentRequirement,
    check_can_assemble,
    max_quantities,
)
from bakery.core.transfer.history import ImportResult

__all__ = [
    "AssemblyAvailability",
    "ComponentDraw",
    "ComponentRequirement",
    "ImportResult",
    "check_can_assemble",
    "export_assembly_history",
    "find_assembly_runs",
    "get_assembly_history",
    "get_assembly_run",
    "import_assembly_history",
    "max_quantities",
    "record_assembly",
    "update_assembly_details",
    "void_assembly_run",
]
