"""How Sphinx makes the site of these pages; `build.py` gathers them and calls it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from docstrings import setup_docstrings
from pygments.lexers import TextLexer

from borders import __version__

project = "Araxes"
author = "The Araxes developers"
copyright = author  # noqa: A001
version = release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc"]
root_doc = "index"

# Headings down to the third level can be referred to.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
# Notebooks are run by `build.py`, as the tests run them.
nb_execution_mode = "off"
nb_merge_streams = True
nb_mime_priority_overrides = [("html", "text/html", 0)]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
maximum_signature_line_length = 88
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"
default_role = "code"
# Types of other libraries, and of parts of ours that are not public, have no page here.
nitpick_ignore_regex = [("py:.*", ".*")]

html_theme = "pydata_sphinx_theme"
html_title = "Araxes"
html_static_path = ["static"]
html_css_files = ["araxes.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "logo": {"text": "Araxes"},
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_nav_level": 1,
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": [], "gallery": []}
html_context = {"default_mode": "auto"}


def setup(app):
    """Let docstrings be read, and tables of a page be shown as they are."""
    setup_docstrings(app)
    app.add_lexer("csv", TextLexer)
