"""A night as JUnit XML for CI servers: one test suite per rule, one test case per run."""

from typing import Any
from xml.etree import ElementTree as ET


def junit(content: dict[str, Any]) -> str:
    """Return the XML of a night.

    Parameters
    ----------
    content : dict
        The content of suite.json.
    """
    judged = content["judged"]
    seconds = {run["key"]: run["wall_seconds"] for run in content["runs"]}
    root = ET.Element(
        "testsuites", _counts(judged) | {"name": content["suite"], "time": f"{content['wall_seconds']:.1f}"}
    )
    for rule in dict.fromkeys(item["rule"] for item in judged):
        cases = [item for item in judged if item["rule"] == rule]
        group = ET.SubElement(root, "testsuite", {"name": f"{content['suite']}.{rule}"} | _counts(cases))
        for item in sorted(cases, key=lambda case: str(case["run"])):
            time = seconds.get(item["run"], 0.0) if rule == "run" else 0.0
            _case(group, item, time)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(group: ET.Element, item: dict[str, Any], seconds: float) -> None:
    case = ET.SubElement(group, "testcase", classname=item["rule"], name=item["run"], time=f"{seconds:.1f}")
    text = _legal(item["sentence"])
    if item["outcome"] == "failed":
        ET.SubElement(case, "failure", type=item["rule"], message=text).text = text
    elif item["outcome"] == "skipped":
        ET.SubElement(case, "skipped", message=text)
    else:
        ET.SubElement(case, "system-out").text = text


def _counts(items: list[dict[str, Any]]) -> dict[str, str]:
    outcomes = [item["outcome"] for item in items]
    return {
        "tests": str(len(items)),
        "failures": str(outcomes.count("failed")),
        "errors": "0",
        "skipped": str(outcomes.count("skipped")),
    }


def _legal(text: str) -> str:
    """Remove characters that XML cannot hold."""
    return "".join(letter for letter in text if letter.isprintable())
