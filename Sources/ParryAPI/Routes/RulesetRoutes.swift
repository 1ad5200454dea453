import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/rulesets` and their rules (CONTRACT.md 10).
struct RulesetRoutes: Sendable {
    let service: RulesetService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/rulesets", .rulesetsRead, .any, list)
                .lists(
                    Ruleset.self, "List rulesets",
                    by: [Parameters.organisationID.declaration, Parameters.sort.declaration]),
            Endpoint(.post, "/v1/rulesets", .rulesetsWrite, .any, create)
                .creates(
                    Ruleset.self, "Create a ruleset", from: .object(RulesetRequest.create),
                    refusing: Self.refusals + Self.ruleRefusals
                )
                .noting("A rule that is refused leaves nothing of the ruleset."),
            Endpoint(.get, item, .rulesetsRead, .any, find)
                .shows(Ruleset.self, "Read a ruleset"),
            Endpoint(.patch, item, .rulesetsWrite, .any, update)
                .changes(
                    Ruleset.self, "Change a ruleset", by: RulesetRequest.update,
                    refusing: Self.refusals + [.rulesNotUpdatable]
                )
                .noting("Its rules have endpoints of their own; `rules` is refused here."),
            Endpoint(.delete, item, .rulesetsWrite, .any, delete).deletes("Delete a ruleset"),
        ] + ruleEndpoints + trialEndpoints
    }

    private var trialEndpoints: [Endpoint] {
        [
            Endpoint(.post, item + "/backtest", .rulesetsRead, .any, backtest)
                .changes(
                    RulesetService.Trial.self, "Try a ruleset on past alerts",
                    by: RulesetRequest.backtest
                )
                .noting(Self.trial),
            Endpoint(.post, "/v1/rulesets/backtest", .rulesetsRead, .any, backtestDraft)
                .changes(
                    RulesetService.Trial.self, "Try a draft of a ruleset on past alerts",
                    by: RulesetRequest.draftBacktest,
                    refusing: Self.refusals.filter { $0 != .enrolmentAlreadyHasRuleset }
                        + Self.ruleRefusals
                )
                .noting(Self.trial),
        ]
    }

    private static let trial = """
        What the ruleset would have decided about the alerts of its enrolments that came from `from` to `to`, both
        included, and which of them would have ended otherwise than they did. INVALID alerts are counted apart. Of more
        than 1,000,000 alerts the oldest are looked at. Nothing is touched. Beyond the original.
        """

    private var ruleEndpoints: [Endpoint] {
        [
            Endpoint(.get, item + "/rules", .rulesetsRead, .any, listRules)
                .lists(ResolutionRule.self, "List the rules of a ruleset"),
            Endpoint(.post, item + "/rules", .rulesetsWrite, .any, addRule)
                .creates(
                    ResolutionRule.self, "Add a rule", from: .object(RulesetRequest.rule),
                    refusing: Self.ruleRefusals),
            Endpoint(.get, rule, .rulesetsRead, .any, findRule)
                .shows(ResolutionRule.self, "Read a rule"),
            Endpoint(.patch, rule, .rulesetsWrite, .any, changeRule)
                .changes(
                    ResolutionRule.self, "Change a rule", by: RulesetRequest.ruleUpdate,
                    refusing: Self.ruleRefusals),
            Endpoint(.delete, rule, .rulesetsWrite, .any, removeRule).deletes("Delete a rule"),
        ]
    }

    private static let refusals: [ErrorCode] = [
        .enrolmentAlreadyHasRuleset, .enrolmentsDifferentTypes, .enrolmentsDifferentOrganisations,
        .duplicateEnrolmentIDs, .unsupportedOutcome, .unsupportedEnrolment,
    ]
    private static let ruleRefusals: [ErrorCode] = [
        .duplicateRuleType, .invalidRuleParameters, .unsupportedRuleCurrency,
        .unsupportedRuleType,
    ]

    private enum Parameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let sort = SortParameter(standard: RulesetStore.Filter.Sort.createdAt)
    }

    private var item: String { "/v1/rulesets/{ruleset_id}" }
    private var rule: String { item + "/rules/{rule_id}" }

    private func backtest(_ call: Call) async throws -> Answer {
        let id: RulesetID = try call.id("ruleset")
        _ = try await service.find(id, by: call.principal)
        let body = try await RulesetRequest.backtest.decode(call.body())
        let (from, to) = try Self.time(body)
        return .ok(
            try await service.backtest(id, from: from, to: to, by: call.principal).json())
    }

    private func backtestDraft(_ call: Call) async throws -> Answer {
        let body = try await RulesetRequest.draftBacktest.decode(call.body())
        let (from, to) = try Self.time(body)
        return .ok(
            try await service.backtest(
                draft: body, from: from, to: to, by: call.principal, now: call.now
            ).json())
    }

    private static func time(
        _ body: RequestObject
    ) throws(Problem) -> (from: Timestamp, to: Timestamp) {
        let (from, to) = (body[RulesetRequest.from], body[RulesetRequest.to])
        guard from <= to else {
            throw Problem(field: "from", code: "OUT_OF_RANGE", "from must not be later than to")
        }
        return (from, to)
    }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = RulesetStore.Filter()
        filter.organisationID = try query[Parameters.organisationID]
        (filter.sort, filter.direction) = try query.sort(Parameters.sort)
        let page = try query.page()
        return .ok(try await service.list(filter, page: page, by: call.principal).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await RulesetRequest.create.decode(call.body())
        return try await call.creating {
            try await service.create(body, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(call.id("ruleset"), by: call.principal).json())
    }

    private func update(_ call: Call) async throws -> Answer {
        let id: RulesetID = try call.id("ruleset")
        _ = try await service.find(id, by: call.principal)
        let body = try await RulesetRequest.update.decode(call.body())
        // Whatever else a body does not declare is ignored; that rules change so is too likely meant.
        if body.value["rules"] != nil { throw RulesetError.rulesNotUpdatable }
        return .ok(
            try await service.update(id, body, by: call.principal, now: call.now).json())
    }

    private func delete(_ call: Call) async throws -> Answer {
        try await service.delete(call.id("ruleset"), by: call.principal, now: call.now)
        return .noContent
    }

    private func listRules(_ call: Call) async throws -> Answer {
        let ruleset = try await service.find(call.id("ruleset"), by: call.principal)
        let page = try call.query().page()
        return .ok(Listing(all: ruleset.rules, page: page).json)
    }

    private func addRule(_ call: Call) async throws -> Answer {
        let id: RulesetID = try call.id("ruleset")
        _ = try await service.find(id, by: call.principal)
        let body = try await RulesetRequest.rule.decode(call.body())
        return try await call.creating {
            try await service.addRule(body, to: id, by: call.principal, now: call.now)
        }
    }

    private func findRule(_ call: Call) async throws -> Answer {
        let ruleset: RulesetID = try call.id("ruleset")
        let id: RuleID = try call.partID("rule")
        return .ok(try await service.findRule(id, of: ruleset, by: call.principal).json())
    }

    private func changeRule(_ call: Call) async throws -> Answer {
        let ruleset: RulesetID = try call.id("ruleset")
        let id: RuleID = try call.partID("rule")
        _ = try await service.findRule(id, of: ruleset, by: call.principal)
        let body = try await RulesetRequest.ruleUpdate.decode(call.body())
        return .ok(
            try await service.changeRule(
                id, of: ruleset, body, by: call.principal, now: call.now
            ).json())
    }

    private func removeRule(_ call: Call) async throws -> Answer {
        let ruleset: RulesetID = try call.id("ruleset")
        try await service.removeRule(
            call.partID("rule"), of: ruleset, by: call.principal, now: call.now)
        return .noContent
    }
}
