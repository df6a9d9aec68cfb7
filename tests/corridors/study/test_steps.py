"""Steps of a story in `figures.toml`: what is wrong is told with the file and the step."""

from __future__ import annotations

import re
from datetime import date

import pytest

from borders.errors import AraxesError
from corridors.study.steps import Step
from corridors.study.study import Study
from corridors.study.template import new_study


@pytest.fixture
def study(tmp_path):
    new_study(tmp_path / "mine")
    return tmp_path / "mine"


def read(folder, text):
    (folder / "figures.toml").write_text(text, "utf-8")
    return Study.open(folder).steps


def test_the_template_has_a_story(study):
    assert len(Study.open(study).steps) == 2


def test_a_step_is_read_whole(study):
    (step,) = read(
        study,
        '[[step]]\ntext = "A"\nview = [43, 38.5, 49, 42]\non = 2020-11-10\n'
        'layers = ["kars-1921"]\nscenario = "tripp-open"\n',
    )
    assert step == Step(
        text="A", view=(43, 38.5, 49, 42), on=date(2020, 11, 10), layers=("kars-1921",),
        scenario="tripp-open",
    )  # fmt: skip


def test_what_a_step_leaves_out_is_none(study):
    (step,) = read(study, '[[step]]\ntext = "A"\n')
    assert (step.view, step.on, step.layers, step.scenario) == (None, None, None, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "'text' is missing"),
        ('text = " "', "'text' is missing"),
        ("text = 3", "text is 3; write it as text in quotes"),
        ('text = "A"\nday = 2020-01-01', "unknown key 'day'; known: text, view, on"),
        ('text = "A"\nview = [43, 38, 49]', "view is [43, 38, 49]; write west"),
        ('text = "A"\nview = [43, 42, 49, 38]', "write west"),
        ('text = "A"\nview = [43, 38, 49, nan]', "write west"),
        ('text = "A"\nview = [true, 38, 49, 42]', "write west"),
        ('text = "A"\nview = 7', "view is 7; write it as text in quotes"),
        ('text = "A"\non = "yesterday"', "write a date as YYYY-MM-DD"),
        ('text = "A"\nlayers = "kars-1921"', 'write ["kars-1921"]'),
        ('text = "A"\nlayers = [1]', "write ids as texts in quotes"),
        ('text = "A"\nscenario = ["x"]', "write it as text in quotes"),
    ],
)
def test_a_wrong_step_is_told_with_file_and_number(study, wrong, said):
    text = f'[[step]]\ntext = "fine"\n[[step]]\n{wrong}\n'
    with pytest.raises(AraxesError, match=re.escape(said)) as told:
        read(study, text)
    assert str(told.value).startswith("figures.toml, step 2: ")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("text", ['step = "x"', "[step]\ntext = 'a'", "step = [1]"])
def test_steps_are_a_list_of_tables(study, text):
    with pytest.raises(AraxesError, match=r"figures.toml: step must be a list of tables"):
        read(study, text)


def test_a_table_of_another_name_is_told(study):
    with pytest.raises(AraxesError, match=r"unknown table 'steps'.*is 'steps' meant for 'step'"):
        read(study, "[[steps]]\ntext = 'a'")
