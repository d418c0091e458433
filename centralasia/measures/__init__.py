"""What the course counts: pure functions on frames and arrays, each with its formula and source.

Nothing is dropped in silence: a missing report, an unknown state or a year without data raises
a ``ValueError`` that says so in the terms of the subject.
"""

from centralasia.measures.breaks import period_of, share_between_periods
from centralasia.measures.index import (
    leaders_by_weight,
    leads_without,
    scaled_criteria,
    weighted_index,
)
from centralasia.measures.inference import (
    bootstrap_interval,
    difference_in_differences,
    permutation_p,
    share_interval,
)
from centralasia.measures.judgement import (
    brier_score,
    calibration_table,
    cohens_kappa,
    confidence_levels,
    normalised_gain,
)
from centralasia.measures.mirror import (
    Overtaking,
    growth_multiple,
    intra_bloc_share,
    mirror_gap,
    overtaking,
    pairs_that_fit,
)
from centralasia.measures.places import EARTH_RADIUS_KM, great_circle_km
from centralasia.measures.politics import (
    VoteAgreement,
    members_on,
    membership_matrix_on,
    vote_agreement,
)
from centralasia.measures.trade import (
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
    "Overtaking",
    "VoteAgreement",
    "asymmetry",
    "bootstrap_interval",
    "brier_score",
    "calibration_table",
    "cohens_kappa",
    "confidence_levels",
    "dependence",
    "difference_in_differences",
    "great_circle_km",
    "growth_multiple",
    "hhi",
    "intra_bloc_share",
    "leaders_by_weight",
    "leads_without",
    "members_on",
    "membership_matrix_on",
    "mirror_gap",
    "normalised_gain",
    "overtaking",
    "pairs_that_fit",
    "partner_shares",
    "period_of",
    "permutation_p",
    "scaled_criteria",
    "share_between_periods",
    "share_interval",
    "vote_agreement",
    "weighted_index",
]
