import ParryClient
import ParryWire

extension Onboarder {
    func merchant(
        _ merchant: OnboardingFile.Merchant, of customer: OnboardingFile.Customer,
        _ organisation: String?
    ) -> Wanted {
        let organisationID = organisation.flatMap { OrganisationID.given($0) }
        @Sendable func found(_ one: Merchant) -> Wanted.Found {
            let external = (merchant.externalID ?? one.externalID) == one.externalID
            return Wanted.Found(
                id: one.id.text,
                differences: differences([
                    ("name", one.name, one.name == merchant.name),
                    ("type", one.type.text, one.type == merchant.type),
                    ("external_id", one.externalID ?? "not set", external),
                ]))
        }
        return Wanted(
            kind: .merchant, name: customer.key + "/" + merchant.key,
            body: [
                merchant.name, merchant.type.rawValue, merchant.externalID ?? "",
                organisation ?? "",
            ]
            .joined(separator: "\n"),
            read: { id in
                try await existing(client.merchants.get)(id).map(found)
            },
            find: {
                guard let organisationID else { return nil }
                let list = client.merchants.list(
                    organisationID: organisationID, externalID: merchant.externalID, pageSize: 1_000
                )
                for try await one in list
                where merchant.externalID != nil || one.name == merchant.name {
                    return found(one)
                }
                return nil
            },
            create: { key in
                guard let organisationID else { throw PartnerError("the organisation has no id") }
                return try await client.merchants.create(
                    NewMerchant(
                        organisationID: organisationID, name: merchant.name, type: merchant.type,
                        externalID: merchant.externalID), idempotencyKey: key
                ).id.text
            })
    }

    func feed(
        _ feed: OnboardingFile.Feed, of customer: OnboardingFile.Customer, _ organisation: String?,
        _ merchants: [String: MerchantID]
    ) -> Wanted {
        let organisationID = organisation.flatMap { OrganisationID.given($0) }
        let ids = feed.merchants.compactMap { merchants[$0] }
        @Sendable func found(_ one: Integration) -> Wanted.Found {
            Wanted.Found(
                id: one.id.text,
                differences: differences([
                    ("name", one.name, one.name == feed.name),
                    ("status", one.status.text, one.status == .enabled),
                    (
                        "merchant_ids", one.merchantIDs.map(\.text).joined(separator: ", "),
                        Set(one.merchantIDs) == Set(ids)
                    ),
                ]))
        }
        return Wanted(
            kind: .feed, name: customer.key + "/" + feed.key,
            body: ([feed.name, organisation ?? ""] + ids.map(\.text)).joined(separator: "\n"),
            read: { id in
                try await existing(client.integrations.get)(id).map(found)
            },
            find: {
                for try await one in client.integrations.list(pageSize: 1_000)
                where one.organisationID == organisationID && one.name == feed.name
                    && one.type == .customOrders
                {
                    return found(one)
                }
                return nil
            },
            create: { key in
                guard let organisationID else { throw PartnerError("the organisation has no id") }
                return try await client.integrations.create(
                    NewIntegration(
                        organisationID: organisationID, name: feed.name, merchantIDs: ids),
                    idempotencyKey: key
                ).id.text
            })
    }

    func enrolment(
        _ enrolment: OnboardingFile.Enrolment, of customer: OnboardingFile.Customer,
        _ merchants: [String: MerchantID]
    ) -> Wanted {
        let ids = enrolment.merchants.compactMap { merchants[$0] }
        @Sendable func found(_ one: Enrolment) -> Wanted.Found {
            Wanted.Found(
                id: one.id.text,
                differences: differences([
                    (
                        "merchant_ids", one.merchantIDs.map(\.text).joined(separator: ", "),
                        Set(one.merchantIDs) == Set(ids)
                    ), ("status", one.status.text, !one.hasEnded),
                    ("identifiers", "others", enrolment.isOf(one)),
                ]))
        }
        return Wanted(
            kind: .enrolment, name: customer.key + "/" + enrolment.key,
            body: "\(enrolment.identifiers)\n" + ids.map(\.text).joined(separator: "\n"),
            read: { id in
                try await existing(client.enrolments.get)(id).map(found)
            },
            find: {
                guard let merchant = ids.first else { return nil }
                for try await one in client.enrolments.list(merchantID: merchant, pageSize: 1_000)
                where !one.hasEnded && enrolment.isOf(one) {
                    return found(one)
                }
                return nil
            },
            create: { key in
                try await client.enrolments.create(
                    enrolment.request(ids), idempotencyKey: key
                ).id.text
            })
    }

    func ruleset(
        _ ruleset: OnboardingFile.Ruleset, of customer: OnboardingFile.Customer,
        _ organisation: String?, _ enrolments: [String: EnrolmentID]
    ) -> Wanted {
        let organisationID = organisation.flatMap { OrganisationID.given($0) }
        let ids = ruleset.enrolments.compactMap { enrolments[$0] }
        @Sendable func found(_ one: Ruleset) -> Wanted.Found {
            Wanted.Found(
                id: one.id.text,
                differences: differences([
                    ("outcome", one.outcome.text, one.outcome == ruleset.outcome),
                    (
                        "join_operator", one.joinOperator.text,
                        one.joinOperator == ruleset.joinOperator
                    ),
                    (
                        "enrolment_ids", one.enrolmentIDs.map(\.text).joined(separator: ", "),
                        Set(one.enrolmentIDs) == Set(ids)
                    ), ("rules", "\(one.rules.count)", one.rules.count == ruleset.rules.count),
                ]))
        }
        return Wanted(
            kind: .ruleset, name: customer.key + "/" + ruleset.key,
            body: "\(ruleset)\n" + ids.map(\.text).joined(separator: "\n"),
            read: { id in
                try await existing(client.rulesets.get)(id).map(found)
            },
            find: {
                guard let organisationID, !ids.isEmpty else { return nil }
                let list = client.rulesets.list(organisationID: organisationID, pageSize: 1_000)
                for try await one in list where !Set(one.enrolmentIDs).isDisjoint(with: ids) {
                    return found(one)
                }
                return nil
            },
            create: { key in
                guard let organisationID else { throw PartnerError("the organisation has no id") }
                return try await client.rulesets.create(
                    NewRuleset(
                        organisationID: organisationID, enrolmentIDs: ids,
                        outcome: ruleset.outcome, joinOperator: ruleset.joinOperator,
                        rules: ruleset.rules), idempotencyKey: key
                ).id.text
            })
    }

    private func differences(_ members: [(name: String, there: String, isSame: Bool)]) -> [String] {
        members.filter { !$0.isSame }.map { "\($0.name) is \($0.there)" }
    }
}

extension OnboardingFile.Enrolment {
    fileprivate func request(_ merchants: [MerchantID]) -> NewEnrolment {
        switch identifiers {
        case .descriptors(let descriptors):
            NewEnrolment(merchantIDs: merchants, descriptors: descriptors)
        case .acquirer(let bin, let caid):
            NewEnrolment(merchantIDs: merchants, verifiRDR: VerifiRDR(bin: bin, caid: caid))
        case .arns(let arns): NewEnrolment(merchantIDs: merchants, verifiRDR: VerifiRDR(arns: arns))
        }
    }

    /// Whether an enrolment has these identifiers.
    fileprivate func isOf(_ one: Enrolment) -> Bool {
        switch identifiers {
        case .descriptors(let descriptors):
            Set(one.ethocaAlert?.descriptors.map(\.descriptor) ?? [])
                == Set(descriptors.map(\.descriptor))
        case .acquirer(let bin, let caid):
            one.verifiRDR?.bin == bin && one.verifiRDR?.caid == caid
        case .arns(let arns): Set(one.verifiRDR?.arns ?? []) == Set(arns)
        }
    }
}

extension Enrolment {
    /// Nothing comes of it any more, so another may be made.
    fileprivate var hasEnded: Bool {
        switch status.known {
        case .failed, .cancelled, .unenrolled: true
        case .pending, .inProgress, .actionRequired, .enabled, .paused, nil: false
        }
    }
}
