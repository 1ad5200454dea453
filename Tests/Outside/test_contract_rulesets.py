"""Rulesets and their rules: CONTRACT 10."""

from parry_outside.cases import OnPostgres, at_once
from parry_outside.contract import AMOUNT_MAX, BASE_58, ContractCase

ACTIONS = ("REFUND", "ACCEPT_DISPUTE", "CANCEL", "REFUND_AND_CANCEL")
OPERATORS = (
    "GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL", "EQUAL",
    "NOT_EQUAL",
)  # fmt: skip
ARN = "74027012345678901234567"
CARD_TEXT = "card 4111 1111 1111 1111"
TWINS = 4
ROUNDS = 5


class RulesetTest(ContractCase):
    def setUp(self):
        super().setUp()
        self.enrolment = self.world.enrolment_id

    def body(self, **other) -> dict:
        return {
            "organisation_id": self.world.organisation_id,
            "enrolment_ids": [self.enrolment],
            "outcome": "REFUND",
            "join_operator": "AND",
        } | other

    def ruleset(self, **other) -> dict:
        return self.api.must(201, "POST", "/v1/rulesets", self.body(**other))

    def amount_rule(self, **other) -> dict:
        parameters = {"operator": "EQUAL", "currency_code": "USD", "amount_in_cents": 1} | other
        return {"type": "AMOUNT", "parameters": parameters}

    def descriptor_rule(self, value: str, match_type: str = "STARTS_WITH") -> dict:
        descriptors = [{"value": value, "match_type": match_type}]
        return {"type": "DESCRIPTOR", "parameters": {"descriptors": descriptors}}

    def test_links_lead_back_and_rules_have_none(self):
        rules = [self.descriptor_rule("ACME"), self.amount_rule()]
        made = self.ruleset(rules=rules)
        self.assert_id("rset", made["id"])
        self.assertEqual(made["links"], [{"rel": "self", "uri": f"/v1/rulesets/{made['id']}"}])
        self.assertEqual(self.api.must(200, "GET", made["links"][0]["uri"]), made)
        self.assertTrue(made["is_enabled"], "unless told")
        shown = self.api.must(200, "GET", f"/v1/rulesets/{made['id']}/rules")
        self.assertEqual(shown, {"items": made["rules"], "count": 2})
        for rule, sent in zip(made["rules"], rules, strict=True):
            self.assertEqual(rule.keys(), {"id", "type", "parameters", "created_at", "updated_at"})
            self.assertRegex(rule["id"], f"^resrule_{BASE_58}$")
            self.assert_shows(sent, rule)
            path = f"/v1/rulesets/{made['id']}/rules/{rule['id']}"
            self.assertEqual(self.api.must(200, "GET", path), rule)

    def test_each_member_is_changed_alone_and_kept(self):
        second = self.ethoca_enrolment(self.world, "SECOND")
        made = self.ruleset(rules=[self.amount_rule()])
        path = f"/v1/rulesets/{made['id']}"
        wanted = dict(made)
        for change in (
            {"enrolment_ids": [second, self.enrolment]},
            {"enrolment_ids": [second]},
            {"join_operator": "OR"},
            {"outcome": "CANCEL"},
            {"is_enabled": False},
            {"is_enabled": True, "outcome": "ACCEPT_DISPUTE"},
            {},
        ):
            with self.subTest(change):
                wanted |= change
                changed = self.api.must(200, "PATCH", path, change)
                wanted["version"] += 1 if change else 0
                self.assertEqual(changed, wanted | {"updated_at": changed["updated_at"]})
                self.assertEqual(self.api.must(200, "GET", path), changed)
        other = self.ruleset(enrolment_ids=[self.enrolment])
        answer = self.api.patch(path, {"enrolment_ids": [self.enrolment]})
        self.assert_error(answer, 422, "ENROLMENT_ALREADY_HAS_RULESET")
        self.assertNotEqual(other["id"], made["id"])

    def test_words_and_kinds(self):
        made = self.ruleset()
        path = f"/v1/rulesets/{made['id']}"
        for field, values in {
            "outcome": ("DECLINE", "refund", "", None, 7),
            "join_operator": ("XOR", "and", "", None, 7),
            "is_enabled": ("true", 1),
            "enrolment_ids": ([], None, "x"),
            "organisation_id": (None, 7),
        }.items():
            for value in values:
                with self.subTest(field, value=value):
                    answer = self.api.post("/v1/rulesets", self.body(**{field: value}))
                    self.assert_invalid(answer, field)
                    if field != "organisation_id":
                        self.assert_invalid(self.api.patch(path, {field: value}), field)
        for required in self.body():
            body = self.body()
            del body[required]
            self.assert_invalid(self.api.post("/v1/rulesets", body), required)
        self.assertEqual(self.api.must(200, "GET", path), made)

    def test_every_word_is_taken(self):
        made = self.ruleset()
        for field, words in (("outcome", ACTIONS), ("join_operator", ("AND", "OR"))):
            for word in words:
                shown = self.api.must(200, "PATCH", f"/v1/rulesets/{made['id']}", {field: word})
                self.assertEqual(shown[field], word)

    def test_every_operator_and_amount(self):
        made = self.ruleset(rules=[self.amount_rule()])
        path = f"/v1/rulesets/{made['id']}/rules/{made['rules'][0]['id']}"
        for operator in OPERATORS:
            for amount in (0, AMOUNT_MAX):
                rule = self.amount_rule(operator=operator, amount_in_cents=amount)
                shown = self.api.must(200, "PATCH", path, {"parameters": rule["parameters"]})
                self.assert_shows(rule, shown)
        before = self.api.must(200, "GET", path)
        for amount in (-1, AMOUNT_MAX + 1, 1.5, "1"):
            rule = self.amount_rule(amount_in_cents=amount)
            answer = self.api.patch(path, {"parameters": rule["parameters"]})
            self.assert_invalid(answer, "parameters.amount_in_cents")
        for operator in ("GREATER", "equal", ""):
            rule = self.amount_rule(operator=operator)
            answer = self.api.patch(path, {"parameters": rule["parameters"]})
            self.assertEqual(answer.status, 422)
            self.assertIn(answer.code, ("INVALID_RULE_PARAMETERS", "VALIDATION_ERROR"))
        self.assertEqual(self.api.must(200, "GET", path), before)

    def test_a_card_number_in_a_descriptor_is_refused(self):
        rule = self.descriptor_rule(CARD_TEXT)
        answer = self.api.post("/v1/rulesets", self.body(rules=[rule]))
        self.assert_error(answer, 422, "CARD_NUMBER_REJECTED")
        self.assertNotIn(b"1111", answer.body)
        made = self.ruleset(rules=[self.descriptor_rule("ACME", "EXACT_MATCH")])
        path = f"/v1/rulesets/{made['id']}/rules"
        self.assert_error(self.api.post(path, rule), 422, "CARD_NUMBER_REJECTED")
        path = f"{path}/{made['rules'][0]['id']}"
        answer = self.api.patch(path, {"parameters": rule["parameters"]})
        self.assert_error(answer, 422, "CARD_NUMBER_REJECTED")

    def test_rdr_takes_refund_and_cancel_and_no_cancel(self):
        self.enrolment = self.rdr_enrolment(self.world)
        made = self.ruleset(outcome="REFUND_AND_CANCEL")
        path = f"/v1/rulesets/{made['id']}"
        self.assertEqual(made["outcome"], "REFUND_AND_CANCEL")
        for outcome in ("ACCEPT_DISPUTE", "REFUND", "REFUND_AND_CANCEL"):
            self.api.must(200, "PATCH", path, {"outcome": outcome})
        answer = self.api.patch(path, {"outcome": "CANCEL"})
        self.assert_error(answer, 422, "UNSUPPORTED_OUTCOME")
        arns = self.rdr_enrolment(self.world, arns=[ARN])
        answer = self.api.patch(path, {"enrolment_ids": [arns]})
        self.assert_error(answer, 422, "UNSUPPORTED_ENROLMENT")
        answer = self.api.patch(path, {"enrolment_ids": [self.enrolment, self.world.enrolment_id]})
        self.assert_error(answer, 422, "ENROLMENTS_DIFFERENT_TYPES")

    def test_of_several_at_once_one_is_made(self):
        for number in range(ROUNDS):
            self.enrolment = self.ethoca_enrolment(self.world, f"TWIN {number}")
            apis = [self.new_api(self.partner.api_key) for _ in range(TWINS)]
            body = self.body()
            answers = at_once(*[lambda api=api: api.post("/v1/rulesets", body) for api in apis])
            refused = [answer for answer in answers if answer.status != 201]
            self.assertEqual(len(refused), TWINS - 1, [answer.body for answer in answers])
            for answer in refused:
                self.assert_error(answer, 422, "ENROLMENT_ALREADY_HAS_RULESET")
        mine = f"organisation_id={self.world.organisation_id}"
        self.assertEqual(len(self.items(f"/v1/rulesets?{mine}")), ROUNDS)


class RulesetOnPostgresTest(OnPostgres, RulesetTest):
    """The same on the other engine, where nothing but the database keeps twins apart."""
