"""What compute, upkeep and a better prediction are worth: money from the figures of a run. Pure functions."""

from dataclasses import dataclass

from runner.config import EconomicsConfig

KILO = 1000.0
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Contender:
    """What a model costs to have, measured.

    Attributes
    ----------
    rung : str
        Its cost class: what upkeep goes by.
    fit_cpu_seconds : float
        One fit on all rows.
    predict_seconds : float
        To predict 1,000 rows.
    """

    name: str
    rung: str
    fit_cpu_seconds: float
    predict_seconds: float


def compute_cost(prices: EconomicsConfig, cpu_seconds: float) -> float:
    """Return the price of CPU time: the hire of the core and the energy it draws."""
    hours = cpu_seconds / SECONDS_PER_HOUR
    return hours * (prices.price_per_cpu_hour + prices.watts_per_core / KILO * prices.price_per_kwh)


def energy_kwh(prices: EconomicsConfig, cpu_seconds: float) -> float:
    """Return the energy that CPU time draws."""
    return cpu_seconds / SECONDS_PER_HOUR * prices.watts_per_core / KILO


def device_cost(prices: EconomicsConfig) -> float:
    """Return the price of training the challenger once on hired devices; 0 when none are hired.

    XLNet-Large took 512 TPU v3 chips for 2.5 days. Four chips make one device, hired at 8 USD an hour, so that is
    128 devices x 60 h = 7,680 device hours, 61,440 USD (Yang et al. 2019; counting chips as devices gives four
    times that).
    """
    return prices.device_hours * prices.price_per_device_hour


def search_cost(prices: EconomicsConfig, cpu_seconds: float) -> float:
    """Return the price of a search: its CPU time, and one training on hired devices."""
    return compute_cost(prices, cpu_seconds) + device_cost(prices)


def yearly_cost(prices: EconomicsConfig, model: Contender, *, on_devices: bool = False) -> float:
    """Return what it costs to have a model for a year: retraining, serving and upkeep."""
    retraining = compute_cost(prices, model.fit_cpu_seconds) + (device_cost(prices) if on_devices else 0.0)
    serving = compute_cost(prices, model.predict_seconds * prices.predictions_per_year / KILO)
    upkeep = prices.upkeep_hours.get(model.rung, 0.0) * prices.price_per_work_hour
    return prices.retrainings_per_year * retraining + serving + upkeep


def extra_cost(prices: EconomicsConfig, reference: Contender, model: Contender, *, on_devices: bool = False) -> float:
    """Return what a model costs more than another over the horizon; what the search took is spent."""
    more = yearly_cost(prices, model, on_devices=on_devices) - yearly_cost(prices, reference)
    return more * prices.horizon_years


def unit_value(prices: EconomicsConfig) -> float | None:
    """Return the money that one unit of the metric brings over the horizon; None when none is known.

    With a cost matrix one unit is one unit of money on one prediction. What is worth something by the row is not known
    where nobody said how many rows are predicted a year.
    """
    a_row = 1.0 if prices.cost_matrix else prices.value_per_row
    a_year = None if prices.cost_matrix else prices.value_per_unit
    of_rows = a_row * prices.predictions_per_year if a_row is not None and prices.predictions_per_year > 0 else None
    known = [value for value in (a_year, of_rows) if value is not None]
    return sum(known) * prices.horizon_years if known else None
