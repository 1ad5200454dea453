import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

/// What people see of rulesets, and how they change one as a whole.
extension RulesetService {
    /// A ruleset with what it belongs to.
    package struct Shown: Sendable {
        package let ruleset: Ruleset
        package let organisation: Organisation
        /// Those that it decides for, in its order.
        package let enrolments: [Enrolment]
        /// What Verifi was told, for each RDR enrolment.
        package let told: [RulesetPublicationStore.Told]
    }

    /// A version, with the name of who made it.
    package struct NamedVersion: Sendable {
        package let version: RulesetStore.Version
        /// nil for commands, and for who is no longer known.
        package let actorName: String?
    }

    /// An enrolment that a ruleset could decide for.
    package struct Candidate: Sendable {
        package let enrolment: Enrolment
        /// The ruleset that decides for it now.
        package let decider: RulesetID?
    }

    /// A page of rulesets with what they belong to.
    ///
    /// - Throws: ``NotFound`` for an organisation filter that the principal does not see.
    package func listShown(
        _ filter: RulesetStore.Filter, page: Page, by principal: Principal
    ) async throws -> Listing<Shown> {
        try await database.read { tx in
            if let id = filter.organisationID {
                _ = try OrganisationService.load(id, by: principal, tx)
            }
            let found = try RulesetStore.list(filter, for: principal.owner, page: page, tx)
            return Listing(
                items: try Self.shown(found.items, by: principal, tx), count: found.count)
        }
    }

    /// - Throws: ``NotFound``.
    package func show(_ id: RulesetID, by principal: Principal) async throws -> Shown {
        try await database.read { tx in
            let ruleset = try Self.load(id, by: principal, tx)
            guard let shown = try Self.shown([ruleset], by: principal, tx).first else {
                throw NotFound("ruleset")
            }
            return shown
        }
    }

    private static func shown(
        _ rulesets: [Ruleset], by principal: Principal, _ tx: any ReadTransaction
    ) throws -> [Shown] {
        let organisations = try Set(rulesets.map(\.organisationID)).map { id in
            (id, try OrganisationService.load(id, by: principal, tx))
        }
        let named = Dictionary(organisations) { first, _ in first }
        let enrolments = try EnrolmentStore.named(rulesets.flatMap(\.details.enrolmentIDs), tx)
        let known = Dictionary(enrolments.map { ($0.id, $0) }) { first, _ in first }
        let told = try RulesetPublicationStore.told(of: rulesets.map(\.id), tx)
        return rulesets.compactMap { ruleset in
            named[ruleset.organisationID].map { organisation in
                Shown(
                    ruleset: ruleset, organisation: organisation,
                    enrolments: ruleset.details.enrolmentIDs.compactMap { known[$0] },
                    told: told.filter { $0.rulesetID == ruleset.id })
            }
        }
    }

    /// The latest versions of a ruleset, newest first.
    ///
    /// - Throws: ``NotFound``.
    package func versions(
        of id: RulesetID, by principal: Principal
    ) async throws -> [NamedVersion] {
        try await database.read { tx in
            _ = try Self.load(id, by: principal, tx)
            let versions = try RulesetStore.versions(
                of: id, limit: Limits.rulesetVersionsShownMax, tx)
            let actors = Set(versions.compactMap(\.actor)).sorted()
            let names = try PersonStore.names(of: actors, tx)
                .merging(APIKeyStore.names(of: actors, tx)) { $1 }
            return versions.map { version in
                NamedVersion(version: version, actorName: version.actor.flatMap { names[$0] })
            }
        }
    }

    /// The newest enrolments of an organisation, with the ruleset that decides for each.
    ///
    /// - Parameter named: Enrolments to show in any case; those that the principal does not see are left out.
    /// - Throws: ``NotFound`` for the organisation.
    package func candidates(
        in organisation: OrganisationID, and named: [EnrolmentID], by principal: Principal
    ) async throws -> [Candidate] {
        try await database.read { tx in
            _ = try OrganisationService.load(organisation, by: principal, tx)
            var filter = EnrolmentStore.Filter()
            filter.organisationID = organisation
            let page = Page(limit: Limits.rulesetEnrolmentsOfferedMax, offset: 0)
            let newest = try EnrolmentStore.list(filter, for: principal.owner, page: page, tx).items
            let others = Set(named).subtracting(newest.map(\.id)).sorted { $0.text < $1.text }
            let found =
                try newest
                + others.prefix(RequestLimits.rulesetEnrolments.upperBound).compactMap {
                    try EnrolmentStore.find($0, for: principal.owner, tx)
                }
            let deciders = try RulesetStore.deciders(of: found.map(\.id), tx)
            return found.map { Candidate(enrolment: $0, decider: deciders[$0.id]) }
        }
    }

    /// Saves a ruleset whole, rules included, if nobody saved it since it was read.
    ///
    /// - Parameters:
    ///   - request: As one that creates; the organisation stays.
    ///   - version: That the caller read.
    /// - Throws: ``NotFound`` for the ruleset or an enrolment, ``RulesetError``, ``RulesetOvertaken``.
    package func replace(
        _ id: RulesetID, _ request: RequestObject, seen version: Int64, by principal: Principal,
        now: Timestamp
    ) async throws -> Ruleset {
        try await refusingTaken {
            try await database.write { tx in
                let old = try Self.load(id, by: principal, lock: .update, tx)
                guard old.version == version else { throw RulesetOvertaken(current: old) }
                var new = old
                let enrolments = try Self.enrolments(
                    request[RulesetRequest.enrolmentIDs], by: principal, tx)
                let moment = try OrganisationStore.moment(
                    now, in: old.organisationID, principal.mode, tx)
                guard
                    try new.replace(
                        Self.details(request, of: enrolments),
                        conditions: Self.conditions(request), of: enrolments, now: moment)
                else { return old }
                try Self.refuseTaken(new, except: id, tx)
                let former = old.details.enrolmentIDs
                try RulesetPublishing.lock(former + new.details.enrolmentIDs, tx)
                try RulesetStore.save(new, by: principal.actor, tx)
                return try published(new, former: former, by: principal, now: now, tx)
            }
        }
    }

    /// Tries a ruleset that is not stored on the newest alerts of the last days: as many as can be looked at while
    /// somebody waits.
    ///
    /// - Throws: As ``backtest(draft:from:to:by:now:)``.
    package func tryOut(
        _ request: RequestObject, days: Int64, by principal: Principal, now: Timestamp
    ) async throws -> Trial {
        try await database.read { tx in
            let organisation = try Self.organisation(request, by: principal, tx)
            let tenant = try OrganisationStore.tenant(organisation, tx)
            let moment = tenant?.moment(now) ?? Moment(now)
            let ruleset = try Self.ruleset(
                request, in: organisation, by: principal, now: moment, tx)
            let from = moment.shown.adding(seconds: -days * 86_400)
            let limit = Limits.backtestAlertsOnPageMax
            let result = try Self.run(
                ruleset, isDraft: true, from: from, to: moment.shown, order: .newestFirst,
                limit: limit, tx)
            var trial = Trial(rulesetID: nil, from: from, to: moment.shown, result: result)
            trial.isCut = result.alertCount + result.invalidCount >= Int64(limit)
            return trial
        }
    }
}
