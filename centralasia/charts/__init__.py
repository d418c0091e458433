"""Charts of the course: each function returns a finished Altair chart that a reader can change."""

from centralasia.charts.bars import bars
from centralasia.charts.breaks import break_finder
from centralasia.charts.calibration import calibration_curves
from centralasia.charts.folded import folded_table
from centralasia.charts.frame import finish, source_line
from centralasia.charts.game import payoff_game, trust_lines
from centralasia.charts.grid import claim_grid
from centralasia.charts.influence.index import influence_index
from centralasia.charts.map.distances import distance_map, distances
from centralasia.charts.map.region import region_map
from centralasia.charts.multiples import lines, small_multiples
from centralasia.charts.record.matrix import membership_matrix
from centralasia.charts.record.timeline import event_timeline
from centralasia.charts.scores import score_board
from centralasia.charts.theme import POWER_COLORS, STATE_COLORS, use_theme
from centralasia.charts.trade.explorer import trade_explorer
from centralasia.charts.trade.passing import passing_chart, passing_series, passing_years

__all__ = [
    "POWER_COLORS",
    "STATE_COLORS",
    "bars",
    "break_finder",
    "calibration_curves",
    "claim_grid",
    "distance_map",
    "distances",
    "event_timeline",
    "finish",
    "folded_table",
    "influence_index",
    "lines",
    "membership_matrix",
    "passing_chart",
    "passing_series",
    "passing_years",
    "payoff_game",
    "region_map",
    "score_board",
    "small_multiples",
    "source_line",
    "trade_explorer",
    "trust_lines",
    "use_theme",
]
