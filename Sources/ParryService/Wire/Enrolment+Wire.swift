package import ParryDomain
package import ParryWire

extension Enrolment: ShapedObject {
    /// The v2 shape, with the block of the enrolment's own type only (CONTRACT.md 7.2).
    package static let shape = Shape<Enrolment>(
        "Enrolment", in: "/v2/enrolments", id: { $0.id.text },
        [
            .id("id") { $0.id }, .id("organisation_id") { $0.organisationID },
            .ids("merchant_ids") { $0.merchantIDs },
        ] + rest { $0 })

    /// What both versions of the shape have.
    fileprivate static func rest<Version>(
        _ enrolment: @escaping @Sendable (Version) -> Enrolment
    ) -> [ShapeMember<Version>] {
        [
            .word("type") { enrolment($0).type }, .word("status") { enrolment($0).status },
            .whereThere("ethoca_alert", EthocaBlock.shape) {
                EthocaBlock(enrolment($0).configuration)
            },
            .whereThere("verifi_rdr", VerifiBlock.shape) {
                VerifiBlock(enrolment($0).configuration)
            },
            .time("created_at") { enrolment($0).createdAt },
            .time("updated_at") { enrolment($0).updatedAt },
            .text("note") { enrolment($0).note },
        ]
    }
}

/// An enrolment as the deprecated `/v1/enrolments` shows it: of several merchants the first one
/// (CONTRACT.md 21, row 23).
package struct EnrolmentV1: ShapedObject {
    private let enrolment: Enrolment

    package init(_ enrolment: Enrolment) {
        self.enrolment = enrolment
    }

    package static let shape = Shape<EnrolmentV1>(
        "EnrolmentV1", in: "/v1/enrolments", id: { $0.enrolment.id.text },
        [
            .id("id") { $0.enrolment.id },
            .id("organisation_id") { $0.enrolment.organisationID },
            .id("merchant_id") { $0.enrolment.merchantIDs.first },
        ] + Enrolment.rest { $0.enrolment })
}

/// `ethoca_alert` of an enrolment.
private struct EthocaBlock {
    let descriptors: [EnrolledDescriptor]

    init?(_ configuration: EnrolmentConfiguration) {
        guard case .ethocaAlert(let descriptors) = configuration else { return nil }
        self.descriptors = descriptors
    }

    static let shape = Shape<EthocaBlock>(
        "EthocaAlert", [.list("descriptors", EnrolledDescriptor.shape) { $0.descriptors }])
}

extension EnrolledDescriptor {
    fileprivate static let shape = Shape<EnrolledDescriptor>(
        "EnrolledDescriptor",
        [
            .text("descriptor") { $0.text }, .word("match_type") { $0.matchType },
            .word("status") { $0.status },
        ])
}

/// `verifi_rdr` of an enrolment.
private struct VerifiBlock {
    private let identifier: VerifiIdentifier

    init?(_ configuration: EnrolmentConfiguration) {
        guard case .verifiRDR(let identifier) = configuration else { return nil }
        self.identifier = identifier
    }

    private var acquirer: (bin: String, caid: String)? {
        guard case .acquirer(let bin, let caid) = identifier else { return nil }
        return (bin, caid)
    }

    private var arns: [String]? {
        guard case .arns(let arns) = identifier else { return nil }
        return arns
    }

    static let shape = Shape<VerifiBlock>(
        "VerifiRDR",
        [
            .text("bin") { $0.acquirer?.bin }, .text("caid") { $0.acquirer?.caid },
            .texts("arns") { $0.arns },
        ])
}
