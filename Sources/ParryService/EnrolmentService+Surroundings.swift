import ParryDatabase
package import ParryDomain
package import ParryStore
package import ParryWire

extension EnrolmentService {
    /// What stands around an enrolment.
    package struct Surroundings: Sendable {
        /// The ruleset that decides for it.
        package let ruleset: Ruleset?
        /// How far its rules have come to the network; nil for Ethoca, and where there never were any.
        package let publication: RulesetPublication.Part?
        /// What the network was asked and told of it, the oldest first. Networks that are worked by hand are asked nothing.
        package let requests: [NetworkRequestStore.Stored]
    }

    /// - Throws: ``NotFound``.
    package func surroundings(
        of id: EnrolmentID, by principal: Principal
    ) async throws -> Surroundings {
        try await database.lookUp { tx in
            _ = try Self.load(id, by: principal, tx)
            let ruleset = try RulesetStore.id(for: id, tx).flatMap {
                try RulesetStore.find($0, for: principal.owner, tx)
            }
            return Surroundings(
                ruleset: ruleset, publication: try RulesetPublicationStore.part(of: id, tx),
                requests: try NetworkRequestStore.list(about: id.text, tx))
        }
    }
}
