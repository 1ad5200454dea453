package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of rulesets and their rules (CONTRACT.md 10).
package struct RulesetService: Sendable {
    private let database: any Database

    package init(database: any Database) {
        self.database = database
    }

    /// Creates a ruleset with its rules, or nothing.
    ///
    /// - Throws: ``NotFound`` for the organisation or an enrolment, ``RulesetError``.
    package func create(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> Ruleset {
        try await refusingTaken {
            try await database.write { tx in
                guard let organisation = OrganisationID(request[RulesetRequest.organisationID])
                else { throw NotFound("organisation") }
                _ = try OrganisationService.load(organisation, by: principal, lock: .share, tx)
                let enrolments = try Self.enrolments(
                    request[RulesetRequest.enrolmentIDs], by: principal, tx)
                let conditions = try (request[RulesetRequest.rules] ?? []).map {
                    try RuleCondition(
                        type: $0[RulesetRequest.type], $0[RulesetRequest.parameters])
                }
                let details = Ruleset.Details(
                    enrolmentIDs: enrolments.map(\.id),
                    outcome: AlertAction(rawValue: request[RulesetRequest.outcome]) ?? .refund,
                    joinOperator: JoinOperator(rawValue: request[RulesetRequest.joinOperator])
                        ?? .and,
                    isEnabled: request[RulesetRequest.isEnabled] ?? true)
                let ruleset = try Ruleset.create(
                    details, conditions: conditions, of: enrolments, organisationID: organisation,
                    now: now)
                try Self.refuseTaken(ruleset, except: nil, tx)
                try RulesetStore.insert(ruleset, tx)
                return ruleset
            }
        }
    }

    /// - Throws: ``NotFound``.
    package func find(_ id: RulesetID, by principal: Principal) async throws -> Ruleset {
        try await database.lookUp { try Self.load(id, by: principal, $0) }
    }

    /// - Throws: ``NotFound`` for an organisation filter that the key does not see.
    package func list(
        _ filter: RulesetStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Ruleset> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            return try RulesetStore.list(filter, for: principal.owner, page: page, tx)
        }
    }

    /// Changes enrolments, outcome, join or whether it is enabled; not the rules.
    ///
    /// - Throws: ``NotFound`` for the ruleset or an enrolment, ``RulesetError``.
    package func update(
        _ id: RulesetID, _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> Ruleset {
        try await refusingTaken {
            try await database.write { tx in
                var ruleset = try Self.load(id, by: principal, lock: .update, tx)
                var details = ruleset.details
                if let ids = request[RulesetRequest.newEnrolmentIDs] {
                    details.enrolmentIDs = try Self.enrolments(ids, by: principal, tx).map(\.id)
                }
                if let word = request[RulesetRequest.newOutcome].flatMap(AlertAction.init) {
                    details.outcome = word
                }
                if let word = request[RulesetRequest.newJoinOperator].flatMap(JoinOperator.init) {
                    details.joinOperator = word
                }
                details.isEnabled = request[RulesetRequest.isEnabled] ?? details.isEnabled
                let enrolments = try Self.enrolments(
                    details.enrolmentIDs.map(\.text), by: principal, tx)
                guard try ruleset.update(details, of: enrolments, now: now) else { return ruleset }
                try Self.refuseTaken(ruleset, except: id, tx)
                try RulesetStore.save(ruleset, tx)
                return ruleset
            }
        }
    }

    /// Deletes with its rules; alerts that it decided stay as they are.
    ///
    /// - Throws: ``NotFound``.
    package func delete(
        _ id: RulesetID, by principal: Principal, now: Timestamp
    ) async throws {
        try await database.write { tx in
            let ruleset = try Self.load(id, by: principal, lock: .update, tx)
            try RulesetStore.delete(ruleset, now: now, tx)
        }
    }

    private static func load(
        _ id: RulesetID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Ruleset {
        let found = try RulesetStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("ruleset") }
        return found
    }

    /// The enrolments that a body names, in its order, a repeated one as often as it is named.
    private static func enrolments(
        _ texts: [String], by principal: Principal, _ tx: any ReadTransaction
    ) throws -> [Enrolment] {
        try texts.map { text in
            guard let id = EnrolmentID(text) else { throw NotFound("enrolment") }
            return try EnrolmentService.load(id, by: principal, tx)
        }
    }

    private static func refuseTaken(
        _ ruleset: Ruleset, except id: RulesetID?, _ tx: any ReadTransaction
    ) throws {
        let enrolments = ruleset.details.enrolmentIDs
        if try RulesetStore.isTaken(enrolments, except: id, tx) {
            throw RulesetError.alreadyHasRuleset
        }
    }

    /// Another process may take an enrolment between the question and the insert.
    private func refusingTaken<T>(_ work: () async throws -> T) async throws -> T {
        do {
            return try await work()
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw RulesetError.alreadyHasRuleset
        }
    }
}

extension RulesetService {
    /// Adds a rule.
    ///
    /// - Throws: ``NotFound``, ``RulesetError``.
    package func addRule(
        _ request: RequestObject, to id: RulesetID, by principal: Principal, now: Timestamp
    ) async throws -> ResolutionRule {
        try await change(id, by: principal) { ruleset in
            let condition = try RuleCondition(
                type: request[RulesetRequest.type], request[RulesetRequest.parameters])
            return try ruleset.add(condition, now: now)
        }
    }

    /// - Throws: ``NotFound``.
    package func findRule(
        _ id: RuleID, of ruleset: RulesetID, by principal: Principal
    ) async throws -> ResolutionRule {
        let rules = try await find(ruleset, by: principal).rules
        guard let rule = rules.first(where: { $0.id == id }) else { throw NotFound("rule") }
        return rule
    }

    /// Gives a rule other parameters, or another type with its parameters.
    ///
    /// - Throws: ``NotFound``, ``RulesetError``.
    package func changeRule(
        _ id: RuleID, of ruleset: RulesetID, _ request: RequestObject, by principal: Principal,
        now: Timestamp
    ) async throws -> ResolutionRule {
        try await change(ruleset, by: principal) { ruleset in
            guard let rule = ruleset.rules.first(where: { $0.id == id }) else {
                throw NotFound("rule")
            }
            let condition = try RuleCondition(
                type: request[RulesetRequest.newType] ?? rule.condition.type.rawValue,
                request[RulesetRequest.parameters])
            return try ruleset.change(id, to: condition, now: now) ?? rule
        }
    }

    /// Takes a rule out.
    ///
    /// - Throws: ``NotFound``.
    package func removeRule(
        _ id: RuleID, of ruleset: RulesetID, by principal: Principal, now: Timestamp
    ) async throws {
        try await change(ruleset, by: principal) { ruleset in
            guard ruleset.remove(id, now: now) else { throw NotFound("rule") }
        }
    }

    private func change<T: Sendable>(
        _ id: RulesetID, by principal: Principal,
        _ verb: @escaping @Sendable (inout Ruleset) throws -> T
    ) async throws -> T {
        try await database.write { tx in
            let old = try Self.load(id, by: principal, lock: .update, tx)
            var new = old
            let result = try verb(&new)
            if new != old { try RulesetStore.save(new, tx) }
            return result
        }
    }
}
