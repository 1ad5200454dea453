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
            Endpoint(.get, "/v1/rulesets", .rulesetsRead, .any, list),
            Endpoint(.post, "/v1/rulesets", .rulesetsWrite, .any, create),
            Endpoint(.get, item, .rulesetsRead, .any, find),
            Endpoint(.patch, item, .rulesetsWrite, .any, update),
            Endpoint(.delete, item, .rulesetsWrite, .any, delete),
            Endpoint(.get, item + "/rules", .rulesetsRead, .any, listRules),
            Endpoint(.post, item + "/rules", .rulesetsWrite, .any, addRule),
            Endpoint(.get, rule, .rulesetsRead, .any, findRule),
            Endpoint(.patch, rule, .rulesetsWrite, .any, changeRule),
            Endpoint(.delete, rule, .rulesetsWrite, .any, removeRule),
        ]
    }

    private var item: String { "/v1/rulesets/{ruleset_id}" }
    private var rule: String { item + "/rules/{rule_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = RulesetStore.Filter()
        filter.organisationID = try query.id("organisation_id", of: "organisation")
        (filter.sort, filter.direction) = try query.sort(default: .createdAt)
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
        try body.refuseNull("enrolment_ids", "outcome", "join_operator", "is_enabled")
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
