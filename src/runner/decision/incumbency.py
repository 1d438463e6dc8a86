"""Does the model to keep beat what is used today? A pure function of gains and prices."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from runner import words
from runner.config import EconomicsConfig
from runner.decision.economics import Contender, extra_cost
from runner.decision.worth import surplus, worth_having
from runner.gain import Gain


@dataclass(frozen=True)
class Incumbency:
    """What is used today, and what the finalists gain over it on the rows that prove.

    Attributes
    ----------
    title : str
        Name of the column, or of the file of rules.
    contender : Contender
        Its name on the ladder, and its costs.
    gains : mapping of str to Gain
        Of each finalist over it, by the finalist's name.
    costs : mapping of str to Contender
        Costs of each of these finalists.
    """

    title: str
    contender: Contender
    gains: Mapping[str, Gain] = field(default_factory=dict)
    costs: Mapping[str, Contender] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How a model compares with what is used today.

    Attributes
    ----------
    model : str or None
        None if no model could be compared.
    gain : Gain or None
        Of the model over the incumbent, in the metric's unit.
    beaten : bool or None
        True if the gain is shown to be worth having, False if it is shown not to be, otherwise None.
    """

    model: str | None
    gain: Gain | None
    beaten: bool | None
    sentence: str


def standing(
    today: Incumbency,
    model: str | None,
    searched: bool,
    headroom: float,
    prices: EconomicsConfig,
    metric: str = "",
    perfect: Gain | None = None,
) -> Standing:
    """Compare a finalist with the incumbent.

    Parameters
    ----------
    searched : bool
        Whether the model was found by the search: only such a model is trained on hired devices.
    headroom : float
        Loss of the dummy, in the metric's unit.
    metric : str
        Name of the metric for people.
    perfect : Gain or None
        Of a perfect model over the dummy: its bounds say how precisely the headroom is known.
    """
    gain = today.gains.get(model) if model else None
    if model is None or gain is None:
        return Standing(None, None, None, f"No model could be compared with today's {today.title!r}.")
    least = worth_having(prices, headroom, extra_cost(prices, today.contender, today.costs[model], on_devices=searched))
    over = surplus(gain, least, prices, perfect)
    if over.interval.low > 0:
        beaten, compared = True, "that is more than"
    elif over.interval.high < 0:
        beaten, compared = False, "that is less than"
    else:
        beaten, compared = None, "these rows cannot tell whether that is more than"
    worth = words.worth_having(least, gain.high - gain.low)
    gained = words.gained(asdict(gain.interval), metric)
    sentence = f"{model} gains {gained} over {today.title!r}, which is used today; {compared} {worth}."
    return Standing(model, gain, beaten, sentence)
