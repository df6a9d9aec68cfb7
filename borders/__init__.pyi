from .compiler.area_by_country import areas_by_country as areas_by_country
from .compiler.boundary import Boundary as Boundary
from .compiler.deviation import deviation as deviation
from .compiler.leg import Leg as Leg
from .compiler.resolve import boundary as boundary, resolve as resolve
from .dates import Status as Status
from .errors import (
    AmbiguousNameError as AmbiguousNameError,
    AraxesError as AraxesError,
    CRSError as CRSError,
    FileFormatError as FileFormatError,
    GeometryError as GeometryError,
    NoAnswerError as NoAnswerError,
    SchemaError as SchemaError,
    UnknownNameError as UnknownNameError,
)
from .files.bundle import Feature as Feature, layer as layer
from .files.catalogue import (
    Source as Source,
    attributions as attributions,
    source as source,
    sources as sources,
)
from .files.features import Drawable as Drawable
from .files.vector import read_vector as read_vector
from .gazetteer.lookup import place as place
from .gazetteer.places import Place as Place, places as places
from .geodesy.simplification import scale_curve as scale_curve
from .guide_lines import Guide as Guide, guide as guide, guides as guides
from .measure import Measure as Measure
from .treaty.calls import Call as Call
from .treaty.treaty import Treaty as Treaty, read_treaty as read_treaty, treaty_ids as treaty_ids

__version__: str
