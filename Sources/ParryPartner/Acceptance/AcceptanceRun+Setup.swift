import Foundation
import ParryClient
import ParryDatabase
import ParryWire

extension AcceptanceRun {
    func keyIsStored() throws -> [String] {
        let key = try environment.settings.key()
        let keeper =
            if case .file = key.source { "which nobody else may read" } else { "set from outside" }
        return ["the key comes from \(key), \(keeper); the configuration holds none"]
    }

    mutating func makeOrganisation() async throws -> [String] {
        let name = "Acceptance \(startedAt.iso8601)"
        let organisation = try await client.organisations.create(name: name)
        guard organisation.mode == .test else {
            try await client.organisations.delete(organisation.id)
            throw PartnerError(
                "the key made a \(organisation.mode) organisation: it is no TEST key")
        }
        let mapping = MappingStore.Mapping(
            kind: .acceptance, name: name, id: organisation.id.text, idempotencyKey: "", body: "")
        _ = try await environment.store.database.write { tx in
            try MappingStore.ask(mapping, at: .now(), tx)
        }
        made.organisation = organisation
        return ["\(organisation.id), \(organisation.name), \(organisation.mode)"]
    }

    mutating func makeMerchant() async throws -> [String] {
        let organisation = try need(made.organisation, "organisation")
        let merchant = try await client.merchants.create(
            NewMerchant(
                organisationID: organisation.id, name: "Acceptance Main Store",
                externalID: "mid_acceptance"))
        made.merchant = merchant
        return ["\(merchant.id), external_id \(merchant.externalID ?? "")"]
    }

    mutating func makeIntegration() async throws -> [String] {
        let organisation = try need(made.organisation, "organisation")
        let merchant = try need(made.merchant, "merchant")
        let integration = try await client.integrations.create(
            NewIntegration(
                organisationID: organisation.id, name: "Acceptance Orders API",
                merchantIDs: [merchant.id]))
        made.integration = integration
        return ["\(integration.id), \(integration.type), \(integration.status)"]
    }

    mutating func enrolEthoca() async throws -> [String] {
        let merchant = try need(made.merchant, "merchant")
        let enrolment = try await client.enrolments.create(
            NewEnrolment(
                merchantIDs: [merchant.id],
                descriptors: [NewDescriptor(descriptor: "ACCEPTFIT", matchType: .startsWith)]))
        made.ethoca = enrolment
        return ["\(enrolment.id), \(enrolment.status), descriptor ACCEPTFIT"]
    }

    mutating func enrolRDR() async throws -> [String] {
        let merchant = try need(made.merchant, "merchant")
        let enrolment = try await client.enrolments.create(
            NewEnrolment(
                merchantIDs: [merchant.id],
                verifiRDR: VerifiRDR(bin: "424242", caid: "ACCEPTFITCAID1")))
        made.rdr = enrolment
        return ["\(enrolment.id), \(enrolment.status), BIN 424242 and CAID ACCEPTFITCAID1"]
    }

    /// Not before the inbox knows that they are not live.
    func enableEnrolments() async throws -> [String] {
        var evidence: [String] = []
        for enrolment in [try need(made.ethoca, "Ethoca enrolment"), made.rdr].compactMap({ $0 }) {
            let created = try await event(.enrolmentCreated, about: enrolment.id.text)
            let id = enrolment.id.text
            let before = try await wait { try EnrolmentStore.find(id, $0) }
            guard before?.liveSince == nil else {
                throw PartnerError(
                    "\(id) was taken for live while it was \(before?.status ?? "new")")
            }
            let enabled = try await client.simulations.setStatus(of: enrolment.id, to: .enabled)
            guard enabled.status == .enabled else {
                throw PartnerError("\(id) is \(enabled.status) after it was enabled")
            }
            evidence.append("\(id) was PENDING and not live (\(created)), then \(enabled.status)")
        }
        return evidence
    }

    func liveOnlyWhenEnabled() async throws -> [String] {
        let id = try need(made.ethoca, "Ethoca enrolment").id.text
        let updated = try await event(.enrolmentUpdated, about: id)
        let live = try await wait { tx in
            try EnrolmentStore.find(id, tx).flatMap { $0.liveSince == nil ? nil : $0 }
        }
        guard let live, let since = live.liveSince else {
            throw PartnerError("\(id) was enabled, and the inbox does not show it as live")
        }
        return [
            "\(id) is live since \(since.iso8601), when \(live.liveBy ?? updated) made us read it as \(live.status)"
        ]
    }

    mutating func makeRuleset() async throws -> [String] {
        let organisation = try need(made.organisation, "organisation")
        let rdr = try need(made.rdr, "RDR enrolment")
        let ruleset = try await client.rulesets.create(
            NewRuleset(
                organisationID: organisation.id, enrolmentIDs: [rdr.id], outcome: .acceptDispute,
                joinOperator: .or,
                rules: [
                    .amount(.greaterThan, 10_000),
                    .descriptors([RuleDescriptor("ACCEPTFIT HIGHVALUE", .startsWith)]),
                ]))
        return ["\(ruleset.id) with \(ruleset.rules.count) rules, attached to \(rdr.id)"]
    }

    /// Every LIVE environment of the configuration has a key, a secret and a database of its own, and knows none of the
    /// ids of this one.
    func noTestIDsInLive() async throws -> [String] {
        let live = configuration.environments.filter { $0.mode == .live }
        guard !live.isEmpty else {
            return [
                "the configuration has no LIVE environment yet; one that shares anything is refused"
            ]
        }
        let ids = try await environment.store.database.read { tx in
            try MappingStore.all(tx).compactMap(\.id)
        }
        var evidence: [String] = []
        for settings in live {
            if FileManager.default.fileExists(atPath: settings.database) {
                let store = try await PartnerDatabase.open(settings)
                let shared = try await store.database.read { tx in
                    try ids.filter { try MappingStore.named($0, tx) != nil }
                }
                try await store.close()
                guard shared.isEmpty else {
                    throw PartnerError(
                        "\(settings.name) has TEST ids: \(shared.joined(separator: ", "))")
                }
            }
            evidence.append(
                "\(settings.name) (LIVE) has its own key, secret and database, and none of the \(ids.count) ids that "
                    + "\(environment.settings.name) knows")
        }
        return evidence
    }
}
