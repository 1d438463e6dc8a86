"""What a year with a model costs: retraining, serving, upkeep; in hours, money, energy and carbon."""

from dataclasses import dataclass

from runner.decision.economics import (
    KILO,
    SECONDS_PER_HOUR,
    Contender,
    compute_cost,
    device_cost,
    device_kwh,
    energy_kwh,
    yearly_cost,
)
from runner.report import Content, economics


@dataclass(frozen=True)
class Year:
    """A model's year ahead under the run's economics.

    Attributes
    ----------
    training, serving : float
        CPU hours.
    training_money, serving_money, upkeep_money, money : float
        In the run's currency; `money` is the total.
    upkeep : float
        Hours of a person.
    kwh, carbon_kg : float
        Those of the CPU hours, and of hired devices if it is known what they use.
    """

    name: str
    role: str
    training: float
    serving: float
    upkeep: float
    training_money: float
    serving_money: float
    upkeep_money: float
    money: float
    kwh: float
    carbon_kg: float


def years_ahead(verdict: Content) -> list[Year]:
    """Return the year of the cheap champion and of the challenger, as far as they were measured.

    If the search was not run, the challenger's year is the forecast one.
    """
    facts = verdict.get("facts") or {}
    forecast = facts.get("forecast") or {}
    costly = facts.get("challenger")
    if not costly and not verdict["search"] and forecast.get("trials"):
        costly = forecast["challenger"] | {"name": "a model that a search would find"}  # so far it is no candidate
    roles = [("cheap champion", facts.get("champion"), False)]
    roles.append(("challenger" if facts.get("challenger") else "challenger, as forecast", costly, True))
    return [_year(verdict, role, Contender(**model), costly) for role, model, costly in roles if model]


def _year(verdict: Content, role: str, model: Contender, on_devices: bool) -> Year:
    prices = economics.prices(verdict)
    training = prices.retrainings_per_year * model.fit_cpu_seconds
    serving = model.predict_seconds * prices.predictions_per_year / KILO
    upkeep = prices.upkeep_hours.get(model.rung, 0.0)
    on_hire = prices.retrainings_per_year if on_devices else 0.0
    kwh = energy_kwh(prices, training + serving) + on_hire * (device_kwh(prices) or 0.0)
    return Year(
        name=model.name,
        role=role,
        training=training / SECONDS_PER_HOUR,
        serving=serving / SECONDS_PER_HOUR,
        upkeep=upkeep,
        training_money=compute_cost(prices, training) + on_hire * device_cost(prices),
        serving_money=compute_cost(prices, serving),
        upkeep_money=upkeep * prices.price_per_work_hour,
        money=yearly_cost(prices, model, on_devices=on_devices),
        kwh=kwh,
        carbon_kg=kwh * prices.carbon_kg_per_kwh,
    )
