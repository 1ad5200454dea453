"""Compares an answer with the guide's example: same keys, same values, ids and times aside.

The guide's ids (org_abc123, …) are placeholders. Where the example has one and the answer has an
id of the same kind, the pair is learnt; later commands and examples use the real id.
"""

import json
import re

ID = re.compile(r"^(org|mrch|int|enrl|ord|netalrt|evt|rset|resrule)_[A-Za-z0-9]+$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
SIMULATED_ID = re.compile(r"^SIM\d+$")


class Placeholders:
    """What the guide's ids stand for in this run."""

    def __init__(self):
        self.real: dict[str, str] = {}

    def learn(self, example, answer):
        """Walks both in parallel and remembers every id that stands in the same place."""
        if isinstance(example, dict) and isinstance(answer, dict):
            for key in example.keys() & answer.keys():
                self.learn(example[key], answer[key])
        elif isinstance(example, list) and isinstance(answer, list):
            for one, other in zip(example, answer):
                self.learn(one, other)
        elif _same_kind_of_id(example, answer):
            self.real[example] = answer

    def fill(self, text: str) -> str:
        """The text with every known placeholder replaced; longest first, so none hides another."""
        if not self.real:
            return text
        known = sorted(self.real, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, known)))
        return pattern.sub(lambda found: self.real[found.group()], text)

    def fill_document(self, document):
        return json.loads(self.fill(json.dumps(document)))


def _same_kind_of_id(example, answer) -> bool:
    if not (isinstance(example, str) and isinstance(answer, str) and ID.match(example)):
        return False
    return example.split("_")[0] == answer.split("_")[0]


def differences(example, answer, path: str = "") -> list[str]:
    """What the answer lacks or says otherwise; more keys than the example has are welcome."""
    if isinstance(example, dict):
        return _object_differences(example, answer, path)
    if isinstance(example, list):
        return _list_differences(example, answer, path)
    if isinstance(example, str) and TIME.match(example):
        fine = isinstance(answer, str) and TIME.match(answer)
        return [] if fine else [f"{path}: {answer!r} is not a time like {example}"]
    if isinstance(example, str) and SIMULATED_ID.match(example):
        fine = isinstance(answer, str) and SIMULATED_ID.match(answer)
        return [] if fine else [f"{path}: {answer!r} is not an id like {example}"]
    same = type(example) is type(answer) and example == answer
    return [] if same else [f"{path}: expected {example!r}, got {answer!r}"]


def _object_differences(example: dict, answer, path: str) -> list[str]:
    if not isinstance(answer, dict):
        return [f"{path or 'answer'}: expected an object, got {answer!r}"]
    found = []
    for key, value in example.items():
        here = f"{path}.{key}" if path else key
        if key not in answer:
            found.append(f"{here}: missing")
        else:
            found += differences(value, answer[key], here)
    return found


def _list_differences(example: list, answer, path: str) -> list[str]:
    if not isinstance(answer, list) or len(answer) != len(example):
        return [f"{path}: expected {len(example)} items, got {answer!r}"]
    return [
        line
        for index, (one, other) in enumerate(zip(example, answer))
        for line in differences(one, other, f"{path}[{index}]")
    ]
