from .analysis.access import Access as Access, access as access
from .analysis.breakeven import breakeven as breakeven
from .analysis.claims import (
    contradictions as contradictions,
    judge_claims as judge_claims,
)
from .analysis.compare import compare as compare, probability_shorter as probability_shorter
from .analysis.matrix import matrix as matrix, ways as ways
from .analysis.profile import Profile as Profile, profile as profile
from .analysis.reach import Reach as Reach, reach as reach
from .analysis.robust import Robust as Robust, robust as robust
from .analysis.series import Series as Series, series as series
from .analysis.shapley import (
    Attribution as Attribution,
    attribute as attribute,
    attribute_pairs as attribute_pairs,
)
from .analysis.verdicts import Verdict as Verdict, verdicts as verdicts
from .context.alliances import members as members
from .context.claims import (
    bundled_claims as bundled_claims,
    read_claims as read_claims,
)
from .context.districts import districts as districts, held_area as held_area
from .context.events import (
    Event as Event,
    events as events,
    events_to_gdf as events_to_gdf,
)
from .context.published_figures import (
    Figure as Figure,
    PublishedFigure as PublishedFigure,
    figures as figures,
)
from .context.sister_cities import agreements as agreements
from .context.systems import context_system as context_system
from .export.formats import table as table, write as write
from .export.show_json import summary as summary
from .lookup import thing as thing
from .model.corridor import (
    Corridor as Corridor,
    corridor as corridor,
    corridor_ids as corridor_ids,
    read_corridor as read_corridor,
)
from .model.registry import (
    System as System,
    system as system,
    system_ids as system_ids,
    systems as systems,
)
from .network.check import check_network as check_network
from .network.dated_statuses import LinkStatus as LinkStatus
from .network.link import Link as Link
from .network.load import load_network as load_network
from .network.network import Network as Network
from .osm.network_from_osm import network_from_osm as network_from_osm
from .osm.refine import Refinement as Refinement, refine as refine
from .routing.alternatives import alternatives as alternatives
from .routing.find import route as route
from .routing.route import Route as Route
from .scenarios.scenario import (
    Scenario as Scenario,
    read_scenario as read_scenario,
    scenario_ids as scenario_ids,
)
from .scenarios.terms import Terms as Terms
from .study.steps import Step as Step
from .study.study import Study as Study
from .sweeps.run import sweep as sweep
