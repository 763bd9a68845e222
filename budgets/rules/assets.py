"""Rules on state assets: buildings, vehicles, the day they were counted (domain rules R14, R50, R51, R52)."""

import re
from collections.abc import Iterator

from budgets.domain.facts import ZERO, where
from budgets.domain.findings import Severity
from budgets.domain.law import CATALOGUE
from budgets.domain.ledgers import Asset
from budgets.domain.money import money, print_quantity
from budgets.domain.passages import passage
from budgets.domain.places import CellRef, FieldPlace, Place, Record
from budgets.domain.terms import AssetItem, Family, ThreePublicItem
from budgets.rules.registry import Case, Found, Report, rule
from budgets.rules.text_amounts import figures_of

VEHICLES = Record("asset", AssetItem.VEHICLES)
COUNTED = re.compile(r"截[至止]到?(\d{4})年(\d{1,2})月(\d{1,2})日")
ASSETS = re.compile(r"资产|车辆|设备|房屋")
PLANNED_VEHICLES = re.compile(
    r"(?:拟|安排|计划)购[置买](?:公务用车|公务车|车辆|公车)[^\d，。；]{0,4}(?P<count>\d+)\s*[辆台]"
)


def _asset(case: Case, item: AssetItem) -> Asset | None:
    return next((asset for asset in case.ledger.assets if asset.item is item), None)


@rule(
    "office-space-within-buildings", Severity.ERROR, source=CATALOGUE, formula="办公用房的面积和价值 ≤ 房屋"
)
def office_space_within_buildings(case: Case, report: Report) -> Found:
    """Offices are part of the buildings, in area and in value (R14); an area without the buildings' own is pointed out."""
    buildings, offices = _asset(case, AssetItem.BUILDINGS), _asset(case, AssetItem.OFFICE_SPACE)
    if offices is None:
        return
    area = buildings.quantity if buildings else None
    if offices.quantity and area is None:
        yield report(
            f"办公用房填了面积 {print_quantity(offices.quantity)} 平方米，房屋没有填面积，无法核对。",
            cells=[CellRef("fixed_assets", "buildings", "quantity")],
            severity=Severity.ADVICE,
        )
    elif offices.quantity and area is not None and offices.quantity > area:
        yield report(
            f"办公用房 {print_quantity(offices.quantity)} 平方米，大于房屋 {print_quantity(area)} 平方米，"
            f"多 {print_quantity(offices.quantity - area)} 平方米。请核对两处面积。",
            cells=[CellRef("fixed_assets", key, "quantity") for key in ("office_space", "buildings")],
        )
    value = (buildings.book_value if buildings else None) or ZERO
    if offices.book_value and offices.book_value > value:
        unit = case.table_set.unit
        yield report(
            f"办公用房价值 {money(offices.book_value, unit)}，大于房屋价值 {money(value, unit)}，"
            f"多 {money(offices.book_value - value, unit)}。请核对两处价值。",
            cells=[CellRef("fixed_assets", key, "book_value") for key in ("office_space", "buildings")],
        )


@rule(
    "vehicle-cost-plausible",
    Severity.WARNING,
    source=CATALOGUE,
    formula="每辆公务用车的运行维护费不超过设定的限额",
)
def vehicle_cost_plausible(case: Case, report: Report) -> Found:
    """Running costs fit the number of vehicles (R51)."""
    running = case.facts.total(where(family=Family.THREE_PUBLIC, item=ThreePublicItem.VEHICLE_RUNNING))
    vehicles = _asset(case, AssetItem.VEHICLES)
    owned = vehicles.quantity if vehicles else None
    if not running or not case.ledger.assets:
        return
    unit = case.table_set.unit
    cells = case.once(figures_of).cells("vehicle_running")
    if not owned:
        yield report(
            f"固定资产中没有车辆，公务用车运行维护费为 {money(running, unit)}。请核对或说明。",
            at=VEHICLES,
            cells=cells,
        )
    elif running / owned > case.limits.per_vehicle:
        yield report(
            f"{owned:f} 辆车的公务用车运行维护费为 {money(running, unit)}，平均每辆 {money(running / owned, unit)}，"
            f"超过 {money(case.limits.per_vehicle, unit)}。请核对或说明原因。",
            at=VEHICLES,
            cells=cells,
        )


@rule(
    "planned-vehicles-budgeted",
    Severity.ERROR,
    source=CATALOGUE,
    formula="文中购置车辆为 0 时公务用车购置费为 0，反之亦然",
)
def planned_vehicles_budgeted(case: Case, report: Report) -> Found:
    """Vehicles that the words plan to buy are paid for in the “三公” table, and the other way round (R50)."""
    figure = case.once(figures_of).known.get("vehicle_purchase")
    if figure is None:
        return
    for narrative in case.ledger.narratives:
        for match in PLANNED_VEHICLES.finditer(narrative.text):
            count, unit = int(match["count"]), case.table_set.unit
            if bool(count) == bool(figure.yuan):
                continue
            # Vehicles for special duties, or of money that is no fiscal appropriation, stand in no “三公” table.
            yield report(
                f"“{match[0]}”与表中公务用车购置费 {money(figure.yuan, unit)}不符，请核对车辆数与购置费，或说明资金来源。",
                at=passage(narrative, *match.span()),
                cells=[figure.cell],
                severity=Severity.WARNING if count else None,
            )


@rule(
    "assets-counted-at-year-end",
    Severity.WARNING,
    source=CATALOGUE,
    formula="资产截止日期为上年（决算为本年）12月31日，或表样规定的日期",
)
def assets_counted_at_year_end(case: Case, report: Report) -> Found:
    """Assets are those of the end of the year before or of the day that the set declares, or the other day is explained
    (R52)."""
    if not case.ledger.year:  # a file that nobody said the year of
        return
    counted, own = case.table_set.year_counted(case.ledger.year), case.table_set.assets_counted
    wanted = f"{counted}-12-31"
    fit = {wanted, f"{counted}-{own[0]:02}-{own[1]:02}"} if own else {wanted}
    for at, day in _counted(case):
        if day not in fit:
            yield report(
                f"资产截止日期为 {day}，应为{'本' if counted == case.ledger.year else '上'}年末 {wanted}。请改正；本地区统一规定的，请说明。",
                at=at,
            )


def _counted(case: Case) -> Iterator[tuple[Place, str]]:
    if case.ledger.assets and (day := case.ledger.assets_as_of):
        yield FieldPlace("assets_as_of"), day.isoformat()
    for narrative in case.ledger.narratives:
        for sentence in re.finditer(r"[^。；\n]+", narrative.text):
            match = COUNTED.search(sentence[0])
            if match and ASSETS.search(sentence[0]):
                year, month, day_ = map(int, match.groups())
                start = sentence.start() + match.start()
                place = passage(narrative, start, start + len(match[0]))
                yield place, f"{year:04}-{month:02}-{day_:02}"
