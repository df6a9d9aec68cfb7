from .analysis.breakeven import breakeven as breakeven
from .analysis.compare import compare as compare, probability_shorter as probability_shorter
from .analysis.matrix import matrix as matrix, ways as ways
from .analysis.reach import Reach as Reach, reach as reach
from .analysis.shapley import attribute as attribute
from .analysis.verdicts import Verdict as Verdict, verdicts as verdicts
from .context.published_figures import (
    Figure as Figure,
    PublishedFigure as PublishedFigure,
    figures as figures,
)
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
from .routing.alternatives import alternatives as alternatives
from .routing.find import route as route
from .routing.route import Route as Route
from .scenarios.scenario import (
    Scenario as Scenario,
    read_scenario as read_scenario,
    scenario_ids as scenario_ids,
)
from .scenarios.terms import Terms as Terms
