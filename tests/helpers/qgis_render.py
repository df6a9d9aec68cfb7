"""Run by the Python of Debian's QGIS, without a screen: opens a project or GeoPackage, draws it.

It prints one JSON object: what QGIS makes of each layer. Nothing of Araxes is imported.
"""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor


def about(layer):
    """Return what QGIS knows of a layer."""
    renderer = layer.renderer()
    temporal = layer.temporalProperties()
    told = {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "name": layer.name(),
        "fields": [field.name() for field in layer.fields()],
        "source": layer.source(),
        "crs": layer.crs().authid(),
        "labels": layer.labelsEnabled(),
        "temporal": [temporal.isActive(), temporal.startField(), temporal.endField()],
    }
    if renderer is not None and renderer.type() == "RuleRenderer":
        told["rules"] = [
            {
                "label": rule.label(), "filter": rule.filterExpression(),
                "colour": rule.symbol().color().name(),
                "width": getattr(rule.symbol(), "width", lambda: 0)(),
                "dash": getattr(rule.symbol().symbolLayer(0), "customDashVector", list)()
                if getattr(rule.symbol().symbolLayer(0), "useCustomDashPattern", bool)() else [],
            }
            for rule in renderer.rootRule().children()
        ]  # fmt: skip
    return told


def settings_of(task, layers, project):
    """Return what is to be drawn: size in pixels, extent, day."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(*task.get("size", [1200, 800])))
    settings.setOutputDpi(task.get("dpi", 144))
    settings.setBackgroundColor(project.backgroundColor() if project else QColor("white"))
    if project:
        settings.setDestinationCrs(project.crs())
        settings.setTransformContext(project.transformContext())
        settings.setExtent(project.viewSettings().defaultViewExtent())
    else:
        settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
        box = QgsRectangle()
        for layer in layers:
            box.combineExtentWith(layer.extent())
        settings.setExtent(box)
    if "extent" in task:
        settings.setExtent(QgsRectangle(*task["extent"]))
    if "day" in task:
        day = QDateTime.fromString(task["day"] + "T00:00:00", Qt.ISODate)
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(day, day.addDays(1), True, False))
    # As the canvas of QGIS does: expressions then know the time of the map.
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    return settings


def main(task):
    """Open what a task names, draw it if it says where to, and print what was found."""
    project = None
    if task["file"].endswith(".qgz"):
        project = QgsProject.instance()
        read = project.read(task["file"])
        layers = list(project.mapLayers().values())
        tree = project.layerTreeRoot()
        drawn = [node.layer() for node in tree.findLayers() if node.isVisible()]
        told = {
            "read": read, "crs": project.crs().isValid(),
            "groups": {
                group.name(): [node.name() for node in group.findLayers()]
                for group in tree.findGroups()
            },
            "span": [str(project.timeSettings().temporalRange().begin().date().year()),
                     str(project.timeSettings().temporalRange().end().date().year())],
            "shown": [layer.name() for layer in drawn],
        }  # fmt: skip
    else:
        layers = [
            QgsVectorLayer(f"{task['file']}|layername={name}", name, "ogr")
            for name in task["layers"]
        ]
        drawn, told = layers, {}
    told["layers"] = {layer.name(): about(layer) for layer in layers}
    if "picture" in task:
        drawn = [layer for layer in drawn if layer and layer.isSpatial()]
        job = QgsMapRendererParallelJob(settings_of(task, drawn, project))
        job.start()
        job.waitForFinished()
        told["errors"] = [error.message for error in job.errors()]
        told["saved"] = job.renderedImage().save(task["picture"])
    print(json.dumps(told))


application = QgsApplication([], False)
application.initQgis()
try:
    main(json.loads(sys.argv[1]))
finally:
    QgsProject.instance().clear()
    application.exitQgis()
