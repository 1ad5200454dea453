"""The configuration of one run of schemathesis: all that is not on its command line."""

import json

from .documents import Document

# A key with every ability makes 401 and 403 as wrong as 400 for a request that fits the schema;
# 404 is right for an id that was made up.
ACCEPTED = ["2xx", "404"]


def credentials(owner: str, stranger: str) -> str:
    """Two customers, so that reading what belongs to the other is tried too."""
    entries = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {key}"}]}
        for name, key in (("owner", owner), ("stranger", stranger))
    ]
    return json.dumps({"auth": entries})


def settings(
    document: Document, phases: str, examples: int, follows_guesses: bool = False
) -> str:
    """What a request that fits the schema may be answered, by operation: 422 only where the
    document names codes of business rules.

    Requests without a valid key are left to the coverage phase and the check `ignored_auth`;
    generated ones would be most of what is wrong on purpose, and all be answered 401.

    All checks run unless they are switched off here. `--checks all` would overrule that.
    """
    operations = document.operations
    lines = [
        "[auth.wfc]",
        'path = "auth.json"',
        'user = "owner"',
        'peers = ["owner", "stranger"]',
        "[checks]",
        "enabled = true",
        "[checks.positive_data_acceptance]",
        f"expected-statuses = {json.dumps(ACCEPTED)}",
        "[generation]",
        f"max-examples = {examples}",
        f"with-security-parameters = {'true' if phases == 'coverage' else 'false'}",
    ]
    if phases == "stateful":
        lines += stateful_settings(follows_guesses)
    lines += for_operations(
        [one.id for one in operations if one.business_codes],
        f"checks.positive_data_acceptance.expected-statuses = {json.dumps([*ACCEPTED, '422'])}",
    )
    # With ids of earlier answers alone there is too little to choose from: Hypothesis would think
    # after a dozen examples that it has seen them all. Ids come from the estate instead.
    lines += for_operations(
        [one.id for one in operations if "{" in one.path],
        "phases.fuzzing.extra-data-sources.responses = false",
    )
    lines += for_operations(
        [one.id for one in document.kept_by_delete], "checks.use_after_free.enabled = false"
    )
    return "\n".join(lines) + "\n"


def stateful_settings(follows_guesses: bool) -> list[str]:
    """Scenarios follow the links of the document, or also those that schemathesis guesses from
    names, thirty times as many. What learns from answers while it runs is off: Hypothesis gives up
    when the beginning of a scenario leads elsewhere than before."""
    return [
        "[phases.stateful]",
        "link-calibration = false",
        *([] if follows_guesses else ["inference.algorithms = []"]),
        "[phases.fuzzing]",
        "error-feedback.enabled = false",
        "extra-data-sources.responses = false",
    ]


def for_operations(ids: list[str], setting: str) -> list[str]:
    return ["[[operations]]", f"include-operation-id = {json.dumps(ids)}", setting] if ids else []
