"""What the course counts: pure functions on frames and arrays, each with its formula and source.

Nothing is dropped in silence: a missing report, an unknown state or a year without data raises
a ``ValueError`` that says so in the terms of the subject.
"""

from .breaks import period_of, share_between_periods
from .index import leaders_by_weight, scaled_criteria, weighted_index
from .judgement import brier_score, calibration_table, cohens_kappa, normalised_gain
from .mirror import growth_multiple, intra_bloc_share, mirror_gap
from .places import EARTH_RADIUS_KM, great_circle_km
from .politics import (
    VoteAgreement,
    members_on,
    membership_matrix_on,
    vote_agreement,
)
from .trade import (
    AGGREGATES,
    WORLD,
    asymmetry,
    dependence,
    hhi,
    partner_shares,
)

__all__ = [
    "AGGREGATES",
    "EARTH_RADIUS_KM",
    "WORLD",
    "VoteAgreement",
    "asymmetry",
    "brier_score",
    "calibration_table",
    "cohens_kappa",
    "dependence",
    "great_circle_km",
    "growth_multiple",
    "hhi",
    "intra_bloc_share",
    "leaders_by_weight",
    "members_on",
    "membership_matrix_on",
    "mirror_gap",
    "normalised_gain",
    "partner_shares",
    "period_of",
    "scaled_criteria",
    "share_between_periods",
    "vote_agreement",
    "weighted_index",
]
