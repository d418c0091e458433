"""Charts of the course: each function returns a finished Altair chart that a reader can change."""

from centralasia.charts.folded import folded_table
from centralasia.charts.frame import finish, source_line
from centralasia.charts.theme import POWER_COLORS, STATE_COLORS, use_theme

__all__ = [
    "POWER_COLORS",
    "STATE_COLORS",
    "finish",
    "folded_table",
    "source_line",
    "use_theme",
]
