package import ParryDatabase
package import ParryDomain
package import ParryWire

extension RulesetStore {
    /// Which ruleset decides for an enrolment, for who may see both.
    package static func id(
        for enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> RulesetID? {
        try tx.row(
            """
            SELECT ruleset_id FROM ruleset_enrolment
            WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot)
            """
        ) { RulesetID(stored: try $0.text()) }
    }
}

extension RulesetPublicationStore {
    /// How far the rules of an enrolment have come to the network; nil where no ruleset ever decided.
    package static func part(
        of enrolment: EnrolmentID, _ tx: any ReadTransaction
    ) throws -> RulesetPublication.Part? {
        try tx.row(
            """
            SELECT status, published_version FROM ruleset_publication
            WHERE enrolment_id = \(enrolment.text) AND slot = \(enrolment.slot)
            """
        ) { row in
            let status: PublicationStatus = try row.word()
            return RulesetPublication.Part(
                status: status, publishedVersion: try row.integerOrNull())
        }
    }
}
