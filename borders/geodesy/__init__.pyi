from .buffer import buffer_m as buffer_m
from .chainage import (
    distance_m as distance_m,
    locate_m as locate_m,
    point_along as point_along,
    slice_between as slice_between,
)
from .measurement import area_m2 as area_m2, densify as densify, length_m as length_m
from .offset import offset_m as offset_m
from .simplification import (
    ScaleCurve as ScaleCurve,
    ScalePoint as ScalePoint,
    scale_curve as scale_curve,
    simplify_m as simplify_m,
)
