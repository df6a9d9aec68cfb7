from .charts.border_scale import scale_chart as scale_chart
from .charts.claims import claims_chart as claims_chart
from .charts.lengths import lengths_chart as lengths_chart
from .charts.profile import profile_chart as profile_chart
from .charts.timeline import timeline_chart as timeline_chart
from .print.figure import save_caption as save_caption, save_figure as save_figure, static as static
from .qgis.project import write_project as write_project, write_styled as write_styled
from .web.interactive import Drawable as Drawable, interactive as interactive, save as save
from .web.profile import add_profile as add_profile
from .web.story import add_story as add_story
