import ParryClient
import ParryDatabase
import ParryWire

/// Makes what a file declares and the platform lacks, and keeps the ids. Run again, it changes nothing; stopped at any
/// moment, the next run goes on: each request is kept with its idempotency key before it is sent.
package struct Onboarder: Sendable {
    let environment: PartnerEnvironment
    let isDry: Bool
    /// Told of each step as it is done.
    let report: @Sendable (OnboardingStep) -> Void

    var client: ParryClient { environment.client }

    /// - Parameter isDry: Nothing is made and nothing is stored.
    package init(
        _ environment: PartnerEnvironment, isDry: Bool,
        report: @escaping @Sendable (OnboardingStep) -> Void
    ) {
        self.environment = environment
        self.isDry = isDry
        self.report = report
    }

    /// Goes through the file, customer by customer.
    ///
    /// - Throws: ``PartnerError``, also where the key is of the other mode.
    package func run(_ file: OnboardingFile) async throws {
        let lock =
            isDry ? nil : try FileLock(environment.settings.database + "-onboard")
        defer { withExtendedLifetime(lock) {} }
        guard isDry || lock != nil else {
            throw PartnerError("another parry-partner onboards here; wait for its end")
        }
        try await checkMode()
        for customer in file.customers { try await onboard(customer) }
    }

    /// A key of the other mode is told by any organisation that it sees.
    private func checkMode() async throws {
        guard let organisation = try await client.organisations.list().first() else { return }
        try check(organisation)
    }

    private func check(_ organisation: Organisation) throws {
        let mode = environment.settings.mode
        guard organisation.mode == mode else {
            throw PartnerError(
                "the key of \(environment.settings.name) is of a \(organisation.mode) account, and the "
                    + "environment is \(mode.rawValue); TEST and LIVE share nothing")
        }
    }

    private func onboard(_ customer: OnboardingFile.Customer) async throws {
        let organisation = try await settle(organisation(customer))
        var merchants: [String: MerchantID] = [:]
        for merchant in customer.merchants {
            let id = try await settle(self.merchant(merchant, of: customer, organisation))
            merchants[merchant.key] = id.flatMap { MerchantID.given($0) }
        }
        for feed in customer.feeds {
            try await settle(self.feed(feed, of: customer, organisation, merchants))
        }
        var enrolments: [String: EnrolmentID] = [:]
        for enrolment in customer.enrolments {
            let id = try await settle(self.enrolment(enrolment, of: customer, merchants))
            enrolments[enrolment.key] = id.flatMap { EnrolmentID.given($0) }
        }
        for ruleset in customer.rulesets {
            try await settle(self.ruleset(ruleset, of: customer, organisation, enrolments))
        }
    }

    /// Finds or makes one resource.
    ///
    /// - Returns: Its id; nil in a dry run that would make it.
    @discardableResult
    private func settle(_ wanted: Wanted) async throws -> String? {
        let known = try await environment.store.database.lookUp {
            try MappingStore.find(wanted.kind, wanted.name, $0)
        }
        if let id = known?.id, let found = try await wanted.read(id) {
            return tell(wanted, .keep, found)
        }
        if let found = try await wanted.find() {
            try await keep(wanted, id: found.id, insteadOf: known?.id)
            return tell(wanted, .adopt, found)
        }
        guard !isDry else { return tell(wanted, .create, nil) }
        let asked = try await keep(wanted, id: nil, insteadOf: known?.id)
        let id: String
        do {
            id = try await wanted.create(IdempotencyKey(asked.idempotencyKey))
        } catch {
            // A refusal is given again under its key, so the next run asks with another one.
            if (error as? ClientError)?.refusal?.status == 422 {
                try await environment.store.database.write {
                    try MappingStore.forget(wanted.kind, wanted.name, $0)
                }
            }
            throw error
        }
        try await environment.store.database.write {
            try MappingStore.made(id, wanted.kind, wanted.name, $0)
        }
        return tell(wanted, .create, Wanted.Found(id: id, differences: []))
    }

    @discardableResult
    private func keep(
        _ wanted: Wanted, id: String?, insteadOf gone: String?
    ) async throws -> MappingStore.Mapping {
        let mapping = MappingStore.Mapping(
            kind: wanted.kind, name: wanted.name, id: id,
            idempotencyKey: IdempotencyKey.fresh().text, body: wanted.body)
        guard !isDry else { return mapping }
        return try await environment.store.database.write { tx in
            // What was known is gone at the platform.
            if let gone, try MappingStore.find(wanted.kind, wanted.name, tx)?.id == gone {
                try MappingStore.forget(wanted.kind, wanted.name, tx)
            }
            return try MappingStore.ask(mapping, at: .now(), tx)
        }
    }

    private func tell(
        _ wanted: Wanted, _ action: OnboardingStep.Action, _ found: Wanted.Found?
    ) -> String? {
        report(
            OnboardingStep(
                kind: wanted.kind, name: wanted.name, action: action, id: found?.id,
                differences: found?.differences ?? []))
        return found?.id
    }
}

/// A resource that is to be there, and how to find and make it.
struct Wanted: Sendable {
    struct Found {
        let id: String
        let differences: [String]
    }

    let kind: MappingStore.Kind
    let name: String
    /// What identifies the request, for the idempotency key.
    let body: String
    /// Reads what is known under this id; nil where it is gone.
    let read: @Sendable (String) async throws -> Found?
    /// Looks for one that was made without us.
    let find: @Sendable () async throws -> Found?
    let create: @Sendable (IdempotencyKey) async throws -> String
}

extension Onboarder {
    private func organisation(_ customer: OnboardingFile.Customer) -> Wanted {
        let name = customer.name
        let names = [name, "[TEST] " + name]
        @Sendable func found(_ organisation: Organisation) throws -> Wanted.Found {
            try check(organisation)
            let isSame = names.contains(organisation.name)
            return Wanted.Found(
                id: organisation.id.text,
                differences: isSame ? [] : ["name is \(organisation.name)"])
        }
        return Wanted(
            kind: .customer, name: customer.key, body: name,
            read: { id in
                try await existing(client.organisations.get)(id).map(found)
            },
            find: {
                var same: [Organisation] = []
                for try await one in client.organisations.list(pageSize: 1_000)
                where names.contains(one.name) {
                    same.append(one)
                }
                guard same.count <= 1 else {
                    throw PartnerError(
                        "\(same.count) organisations are called \(name); rename those that are not meant"
                    )
                }
                return try same.first.map(found)
            },
            create: { key in
                let made = try await client.organisations.create(name: name, idempotencyKey: key)
                do {
                    try check(made)
                } catch {
                    try await client.organisations.delete(made.id)
                    throw error
                }
                return made.id.text
            })
    }

    /// Reads by an id that was kept; nil where there is none any more.
    func existing<Resource, Object>(
        _ get: @escaping @Sendable (Identifier<Resource>) async throws(ClientError) -> Object
    ) -> @Sendable (String) async throws -> Object? {
        { text in
            guard let id = Identifier<Resource>.given(text) else { return nil }
            do throws(ClientError) {
                return try await get(id)
            } catch {
                guard error.refusal?.status == 404 else { throw error }
                return nil
            }
        }
    }
}
