"""A twentieth of the long measurements: what they find at a small size, as growth, queries and weight."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from django.db import connection

from budgets.management.commands.settle import learn_sizes
from tests.long import grown_tree, measured_lists
from tests.long.measured_lists import KILOBYTES, QUERIES, Cost, addresses, costs, fill

FEW, MANY = 60, 600
MOST = (
    2.0  # times the processor, where ten times as much is public; a walk over all of it would cost near ten
)


@pytest.mark.slow
@pytest.mark.django_db
def test_lists_and_the_search_cost_as_much_where_ten_times_as_much_is_public(settings):
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    assert fill(FEW, years=(2023,)) == FEW
    few = {cost.name: cost for cost in costs(9)}
    assert fill(MANY, years=(2023,)) == MANY
    many = {cost.name: cost for cost in costs(9)}
    assert few.keys() == many.keys() == addresses().keys()
    assert grown(few, many) == [], {n: (few[n].processor, many[n].processor) for n in grown(few, many)}
    assert all(cost.kilobytes <= KILOBYTES for cost in many.values())
    assert many["home"].queries <= QUERIES


def grown(few: dict[str, Cost], many: dict[str, Cost]) -> list[str]:
    """What costs more than it may. The first page gains nine counties; what is found of a word fills its page only now."""
    slack = {name: 15 if name == "home" or name.startswith("search") else 5 for name in few}
    return [name for name, cost in many.items() if cost.processor > MOST * few[name].processor + slack[name]]


def test_what_walks_over_all_that_is_public_is_noticed():
    few = {"home": Cost("home", 10, 12, 9, 5, 10), "county": Cost("county", 30, 40, 30, 3, 40)}
    walking = {name: replace(cost, processor=cost.processor * MANY / FEW) for name, cost in few.items()}
    assert grown(few, walking) == ["home", "county"] and grown(few, few) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_the_next_publication_and_its_page_are_measured(few_pages):
    steps = list(grown_tree.grown((2, 40)))
    assert [step.there for step in steps] == [2, 40]
    assert steps[1].publication <= MOST * steps[0].publication and steps[1].page > 0


def test_a_measurement_is_drawn():
    steps = [grown_tree.Step(there, 1 + n / 10, 2.0) for n, there in enumerate((10, 100, 1000))]
    drawn = ElementTree.fromstring(grown_tree.plot(steps))
    lines = [line.get("points") for line in drawn.iter("{http://www.w3.org/2000/svg}polyline")]
    heights = [[float(point.split(",")[1]) for point in line.split()] for line in lines]
    assert heights[0][0] > heights[0][1] > heights[0][2] and len(set(heights[1])) == 1


@pytest.mark.parametrize("times", [1, 40])
def test_the_time_by_the_clock_is_no_less_than_that_of_the_processor(times):
    walls, processor = measured_lists.timed(lambda: sum(range(2000)), times)
    assert len(walls) == len(processor) == times and walls == sorted(walls) and min(processor) >= 0


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks by itself")
def test_the_timer_lets_the_database_learn_how_it_has_grown():
    learn_sizes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1")
        assert cursor.fetchone()[0] > 0
