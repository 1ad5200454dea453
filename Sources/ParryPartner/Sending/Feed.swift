import Crypto
import ParryDatabase
package import ParryWire

/// A feed of orders as onboarding made it: `acme/orders` of the customer `acme`.
package struct Feed: Sendable, Hashable {
    package let name: String
    package let organisationID: OrganisationID
    package let integrationID: IntegrationID

    /// The feed of this name, or the only one.
    ///
    /// - Throws: ``PartnerError`` where onboarding made none of this name.
    package static func find(_ name: String?, in store: PartnerDatabase) async throws -> Feed {
        let all = try await store.database.read { try MappingStore.all($0) }
        let feeds = all.filter { $0.kind == .feed && $0.id != nil }
        let known = feeds.map(\.name).joined(separator: ", ")
        guard let name = name ?? (feeds.count == 1 ? feeds[0].name : nil) else {
            throw PartnerError(
                feeds.isEmpty
                    ? "there is no feed yet; make one with parry-partner onboard"
                    : "say which feed with --feed; there are \(known)")
        }
        guard let feed = feeds.first(where: { $0.name == name }),
            let integration = feed.id.flatMap({ IntegrationID.given($0) })
        else { throw PartnerError("there is no feed \(name); there are \(known)") }
        let customer = String(name.prefix { $0 != "/" })
        let mapping = all.first { $0.kind == .customer && $0.name == customer }
        guard let organisation = mapping?.id.flatMap({ OrganisationID.given($0) }) else {
            throw PartnerError("the customer \(customer) is not onboarded")
        }
        return Feed(name: name, organisationID: organisation, integrationID: integration)
    }
}

/// Tells whether an order says the same as when it was sent.
enum OrderDigest {
    static func of(_ document: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: document).prefix(16))
    }
}
