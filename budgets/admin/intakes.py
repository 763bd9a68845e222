"""Taking in a file."""
from .base import ScopedAdmin

class IntakePages(ScopedAdmin):
    """Intake."""
