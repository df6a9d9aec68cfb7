"""What a study names in its files is there, or one line says where it is not."""

from __future__ import annotations

import pytest

from borders.errors import AraxesError
from corridors import Study
from corridors.study.check import check_names
from corridors.study.template import new_study

FIGURE = '[[figure]]\nfile = "a"\ntitle = "A"\n'


@pytest.fixture
def changed(tmp_path):
    """Return a function that makes a study, with a file of it changed or written anew."""
    folder = tmp_path / "study"
    new_study(folder)

    def written(name, old, new=None):
        path = folder / name
        text = path.read_text("utf-8")
        assert new is None or old in text
        path.write_text(old if new is None else text.replace(old, new), "utf-8")
        return folder

    return written


def checked(folder):
    study = Study.open(folder)
    with study.active():
        check_names(study)


def complaint(folder):
    with pytest.raises(AraxesError) as caught:
        checked(folder)
    return str(caught.value)


def test_a_new_study_names_nothing_that_is_not_there(changed):
    checked(changed("README.md", "A study\n"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["Kars:Tuzluca", ', '["Kars:Tuzluka", ', ("araxes.toml, pairs", "Tuzluka", "uzluca")),
        ('"example-opening"]', '"example-openin"]', ("scenarios", "did you mean")),
        ('modes = ["road"]', 'modes = ["raod"]', ("araxes.toml, modes", "raod", "road")),
        ('base = "south', 'things = ["example-lin"]\nbase = "south',
         ("araxes.toml, things", "example-lin", "example-line")),
        ('pairs = ["Kars:', 'pairs = ["Kars:Kars", "Kars:', ("araxes.toml, pairs", "twice")),
    ],
)  # fmt: skip
def test_what_araxes_toml_names_is_there(changed, old, new, said):
    told = complaint(changed("araxes.toml", old, new))
    assert [word for word in said if word not in told] == []
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FIGURE + 'things = ["example-lin"]', ("figures.toml, figure 1, things", "example-line")),
        (FIGURE + "things = [3]", ("figures.toml, figure 1", "things holds 3", "in quotes")),
        (FIGURE + 'pairs = ["Kars:Nowhere"]', ("figures.toml, figure 1, pairs", "Nowhere")),
        (FIGURE + 'pairs = ["Kars:Tuzluca"]\nscenario = "example-openin"',
         ("figures.toml, figure 1, scenario", "example-opening")),
        (FIGURE + 'pairs = ["Kars:Tuzluca"]\nmodes = ["raod"]',
         ("figures.toml, figure 1, modes", "raod", "road")),
        (FIGURE + 'things = ["example-line"]\nscenario = "example-opening"',
         ("figures.toml, figure 1", "scenario is for pairs", "leave it out")),
        (FIGURE, ("figures.toml, figure 1", "give things, or pairs")),
        (FIGURE + 'thing = ["example-line"]', ("figures.toml, figure 1", "thing", "things")),
        ('[[step]]\ntext = "A"\nscenario = "tripp-open"',
         ("figures.toml, step 1", "tripp-open", "araxes.toml")),
    ],
)  # fmt: skip
def test_what_figures_toml_names_is_there(changed, text, said):
    told = complaint(changed("figures.toml", text))
    assert [word for word in said if word not in told] == []
    assert "\n" not in told
