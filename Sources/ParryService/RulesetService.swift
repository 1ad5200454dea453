package import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// Use cases of rulesets and their rules (CONTRACT.md 10).
package struct RulesetService: Sendable {
    let database: any Database
    private let wake: Wake

    /// - Parameter wake: Tells that a network is to be told something.
    package init(database: any Database, wake: Wake) {
        self.database = database
        self.wake = wake
    }

    /// Creates a ruleset with its rules, or nothing.
    ///
    /// - Throws: ``NotFound`` for the organisation or an enrolment, ``RulesetError``.
    package func create(
        _ request: RequestObject, by principal: Principal, now: Timestamp
    ) async throws -> Ruleset {
        try await refusingTaken {
            try await database.write { tx in
                let organisation = try Self.organisation(request, by: principal, lock: .share, tx)
                let ruleset = try Self.ruleset(
                    request, in: organisation, by: principal,
                    now: OrganisationStore.moment(now, in: organisation, principal.mode, tx), tx)
                try Self.refuseTaken(ruleset, except: nil, tx)
                try RulesetPublishing.lock(ruleset.details.enrolmentIDs, tx)
                try RulesetStore.insert(ruleset, by: principal.actor, tx)
                return try published(ruleset, former: [], by: principal, now: now, tx)
            }
        }
    }

    static func organisation(
        _ request: RequestObject, by principal: Principal, lock: RowLock = .none,
        _ tx: any ReadTransaction
    ) throws -> OrganisationID {
        guard let id = OrganisationID(request[RulesetRequest.organisationID]) else {
            throw NotFound("organisation")
        }
        return try OrganisationService.load(id, by: principal, lock: lock, tx).id
    }

    /// The ruleset that a body describes.
    static func ruleset(
        _ request: RequestObject, in organisation: OrganisationID, by principal: Principal,
        now: Moment, _ tx: any ReadTransaction
    ) throws -> Ruleset {
        let enrolments = try enrolments(
            request[RulesetRequest.enrolmentIDs], by: principal, tx)
        return try Ruleset.create(
            details(request, of: enrolments), conditions: conditions(request), of: enrolments,
            organisationID: organisation, now: now)
    }

    static func details(_ request: RequestObject, of enrolments: [Enrolment]) -> Ruleset.Details {
        Ruleset.Details(
            enrolmentIDs: enrolments.map(\.id),
            outcome: AlertAction(rawValue: request[RulesetRequest.outcome]) ?? .refund,
            joinOperator: JoinOperator(rawValue: request[RulesetRequest.joinOperator]) ?? .and,
            isEnabled: request[RulesetRequest.isEnabled] ?? true)
    }

    static func conditions(_ request: RequestObject) throws -> [RuleCondition] {
        try (request[RulesetRequest.rules] ?? []).map {
            try RuleCondition(type: $0[RulesetRequest.type], $0[RulesetRequest.parameters])
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
                let former = ruleset.details.enrolmentIDs
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
                let moment = try OrganisationStore.moment(
                    now, in: ruleset.organisationID, principal.mode, tx)
                guard try ruleset.update(details, of: enrolments, now: moment.shown) else {
                    return ruleset
                }
                try Self.refuseTaken(ruleset, except: id, tx)
                try RulesetPublishing.lock(former + ruleset.details.enrolmentIDs, tx)
                try RulesetStore.save(ruleset, by: principal.actor, tx)
                return try published(ruleset, former: former, by: principal, now: now, tx)
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
            try RulesetPublishing.lock(ruleset.details.enrolmentIDs, tx)
            try RulesetStore.delete(ruleset, by: principal.actor, now: now, tx)
            try RulesetPublishing(mode: principal.mode, now: now).publish(
                nil, former: ruleset.details.enrolmentIDs, tx)
            return ruleset
        }
        wake()
    }

    /// Has the network learn a stored ruleset.
    ///
    /// - Returns: It as a reader sees it now.
    func published(
        _ ruleset: Ruleset, former: [EnrolmentID], by principal: Principal, now: Timestamp,
        _ tx: any WriteTransaction
    ) throws -> Ruleset {
        let stored = try Self.load(ruleset.id, by: principal, tx)
        try RulesetPublishing(mode: principal.mode, now: now).publish(stored, former: former, tx)
        return try Self.load(ruleset.id, by: principal, tx)
    }

    static func load(
        _ id: RulesetID, by principal: Principal, lock: RowLock = .none, _ tx: any ReadTransaction
    ) throws -> Ruleset {
        let found = try RulesetStore.find(id, for: principal.owner, lock: lock, tx)
        guard let found else { throw NotFound("ruleset") }
        return found
    }

    /// The enrolments that a body names, in its order, a repeated one as often as it is named.
    static func enrolments(
        _ texts: [String], by principal: Principal, _ tx: any ReadTransaction
    ) throws -> [Enrolment] {
        try texts.map { text in
            guard let id = EnrolmentID(text) else { throw NotFound("enrolment") }
            return try EnrolmentService.load(id, by: principal, tx)
        }
    }

    static func refuseTaken(
        _ ruleset: Ruleset, except id: RulesetID?, _ tx: any ReadTransaction
    ) throws {
        let enrolments = ruleset.details.enrolmentIDs
        if try RulesetStore.isTaken(enrolments, except: id, tx) {
            throw RulesetError.alreadyHasRuleset
        }
    }

    /// Another process may take an enrolment between the question and the insert.
    func refusingTaken<T>(_ work: () async throws -> T) async throws -> T {
        do {
            let result = try await work()
            wake()
            return result
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
        try await change(id, by: principal, now: now) { ruleset, now in
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
        try await change(ruleset, by: principal, now: now) { ruleset, now in
            guard let rule = ruleset.rules.first(where: { $0.id == id }) else {
                throw NotFound("rule")
            }
            let condition = try RuleCondition(
                type: request[RulesetRequest.newType] ?? rule.condition.type.rawValue,
                request[RulesetRequest.parameters])
            return try ruleset.change(id, to: condition, now: now.shown) ?? rule
        }
    }

    /// Takes a rule out.
    ///
    /// - Throws: ``NotFound``.
    package func removeRule(
        _ id: RuleID, of ruleset: RulesetID, by principal: Principal, now: Timestamp
    ) async throws {
        try await change(ruleset, by: principal, now: now) { ruleset, now in
            guard ruleset.remove(id, now: now.shown) else { throw NotFound("rule") }
        }
    }

    private func change<T: Sendable>(
        _ id: RulesetID, by principal: Principal, now: Timestamp,
        _ verb: @escaping @Sendable (inout Ruleset, Moment) throws -> T
    ) async throws -> T {
        defer { wake() }
        return try await database.write { tx in
            let old = try Self.load(id, by: principal, lock: .update, tx)
            var new = old
            let moment = try OrganisationStore.moment(
                now, in: old.organisationID, principal.mode, tx)
            let result = try verb(&new, moment)
            guard new != old else { return result }
            try RulesetPublishing.lock(old.details.enrolmentIDs, tx)
            try RulesetStore.save(new, by: principal.actor, tx)
            _ = try published(
                new, former: old.details.enrolmentIDs, by: principal, now: now, tx)
            return result
        }
    }
}

extension RulesetService {
    /// What a ruleset would have done.
    package struct Trial: Sendable {
        /// nil for a draft.
        package let rulesetID: RulesetID?
        package let from: Timestamp
        package let to: Timestamp
        package let result: Backtest
        /// Whether there were more alerts than one backtest looks at.
        package var isCut = false
    }

    /// Tries a stored ruleset on the alerts of a time; touches nothing.
    ///
    /// - Throws: ``NotFound``.
    package func backtest(
        _ id: RulesetID, from: Timestamp, to: Timestamp, by principal: Principal
    ) async throws -> Trial {
        try await database.read { tx in
            let ruleset = try Self.load(id, by: principal, tx)
            let result = try Self.run(ruleset, isDraft: false, from: from, to: to, tx)
            return Trial(rulesetID: id, from: from, to: to, result: result)
        }
    }

    /// The same with a ruleset that is not stored.
    ///
    /// - Throws: ``NotFound`` for the organisation or an enrolment, ``RulesetError``.
    package func backtest(
        draft request: RequestObject, from: Timestamp, to: Timestamp, by principal: Principal,
        now: Timestamp
    ) async throws -> Trial {
        try await database.read { tx in
            let organisation = try Self.organisation(request, by: principal, tx)
            let ruleset = try Self.ruleset(
                request, in: organisation, by: principal, now: Moment(now), tx)
            let result = try Self.run(ruleset, isDraft: true, from: from, to: to, tx)
            return Trial(rulesetID: nil, from: from, to: to, result: result)
        }
    }

    static func run(
        _ ruleset: Ruleset, isDraft: Bool, from: Timestamp, to: Timestamp,
        order: BacktestStore.Order = .oldestFirst, limit: Int = Limits.backtestAlertsMax,
        _ tx: any ReadTransaction
    ) throws -> Backtest {
        let rates = try ExchangeRateStore.rates(
            from: ExchangeRates.day(of: from) - Limits.backtestRateDays,
            to: ExchangeRates.day(of: to), tx)
        let settings = try OrganisationStore.settings(of: ruleset.organisationID, tx)
        var backtest = Backtest(
            of: ruleset, isDraft: isDraft, isStrict: settings?.matchingMode == .strict,
            rates: rates)
        let span = BacktestStore.Span(
            organisationID: ruleset.organisationID, enrolmentIDs: ruleset.details.enrolmentIDs,
            from: from, to: to.asUpperBound)
        try BacktestStore.forEach(in: span, order, limit: limit, tx) { backtest.add($0) }
        return backtest
    }
}
