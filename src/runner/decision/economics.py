"""What compute and upkeep cost and what a better prediction is worth, from the figures of a run. Pure functions."""

from dataclasses import dataclass

from runner.config import EconomicsConfig

KILO = 1000.0
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Contender:
    """A model with its measured costs.

    Attributes
    ----------
    rung : str
        Its cost class, which determines the upkeep.
    fit_cpu_seconds : float
        CPU seconds of one fit on all rows.
    predict_seconds : float
        CPU seconds to predict 1,000 rows.
    """

    name: str
    rung: str
    fit_cpu_seconds: float
    predict_seconds: float


def compute_cost(prices: EconomicsConfig, cpu_seconds: float) -> float:
    """Return the price of CPU time: that of the core and of the energy it uses."""
    hours = cpu_seconds / SECONDS_PER_HOUR
    return hours * (prices.price_per_cpu_hour + prices.watts_per_core / KILO * prices.price_per_kwh)


def energy_kwh(prices: EconomicsConfig, cpu_seconds: float) -> float:
    """Return the energy that CPU time uses, in kWh."""
    return cpu_seconds / SECONDS_PER_HOUR * prices.watts_per_core / KILO


def device_cost(prices: EconomicsConfig) -> float:
    """Return the price of training the challenger once on hired devices; 0 when none are hired.

    XLNet-Large took 512 TPU v3 chips for 2.5 days. Four chips make one device, hired at 8 USD an hour, so that is
    128 devices x 60 h = 7,680 device hours, 61,440 USD (Yang et al. 2019; counting chips as devices gives four
    times that).
    """
    return prices.device_hours * prices.price_per_device_hour


def device_kwh(prices: EconomicsConfig) -> float | None:
    """Return the energy of training the challenger once on hired devices; None if it is not known what they use."""
    if not prices.device_hours:
        return 0.0
    return None if prices.watts_per_device is None else prices.device_hours * prices.watts_per_device / KILO


def search_cost(prices: EconomicsConfig, cpu_seconds: float) -> float:
    """Return the price of a search: its CPU time, and one training on hired devices."""
    return compute_cost(prices, cpu_seconds) + device_cost(prices)


def yearly_cost(prices: EconomicsConfig, model: Contender, *, on_devices: bool = False) -> float:
    """Return the cost of having a model for a year: retraining, serving and upkeep.

    Parameters
    ----------
    on_devices : bool
        Whether it is trained on hired devices.
    """
    retraining = compute_cost(prices, model.fit_cpu_seconds) + (device_cost(prices) if on_devices else 0.0)
    serving = compute_cost(prices, model.predict_seconds * prices.predictions_per_year / KILO)
    upkeep = prices.upkeep_hours.get(model.rung, 0.0) * prices.price_per_work_hour
    return prices.retrainings_per_year * retraining + serving + upkeep


def extra_cost(prices: EconomicsConfig, reference: Contender, model: Contender, *, on_devices: bool = False) -> float:
    """Return how much more a model costs than the reference over the horizon, without the search that found it."""
    more = yearly_cost(prices, model, on_devices=on_devices) - yearly_cost(prices, reference)
    return more * prices.horizon_years


def unit_value(prices: EconomicsConfig) -> float | None:
    """Return the value of one unit of the metric over the horizon, in money; None if it is not known.

    With a cost matrix, one unit of the metric is one unit of money per prediction. A value per row counts only if the
    number of predictions per year is known.
    """
    a_row = 1.0 if prices.cost_matrix else prices.value_per_row
    a_year = None if prices.cost_matrix else prices.value_per_unit
    of_rows = a_row * prices.predictions_per_year if a_row is not None and prices.predictions_per_year > 0 else None
    known = [value for value in (a_year, of_rows) if value is not None]
    return sum(known) * prices.horizon_years if known else None
