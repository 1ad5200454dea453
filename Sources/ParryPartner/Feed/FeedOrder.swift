package import ParryWire

/// Whose orders a feed has: the program gives these ids to every order.
package struct FeedTarget: Sendable {
    package let organisationID: OrganisationID
    package let integrationID: IntegrationID

    /// Makes a target.
    package init(organisationID: OrganisationID, integrationID: IntegrationID) {
        self.organisationID = organisationID
        self.integrationID = integrationID
    }

    /// What the document of an order starts with.
    var opening: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("organisation_id")
        writer.string(organisationID.text)
        writer.key("integration_id")
        writer.string(integrationID.text)
        return writer.bytes
    }
}

/// What one record, or several rows, of a feed came to.
package enum FeedItem: Sendable {
    case order(FeedOrder)
    case refused(FeedRefusal)
}

/// An order that passed every check that can be made here.
package struct FeedOrder: Sendable {
    /// The number of its first line.
    package let line: Int

    package let referenceID: String

    /// A JSON object in the server's own spelling: known members only, in declared order. The server stores the
    /// same bytes, so that equal orders have equal documents.
    package let document: [UInt8]

    package let coverage: FeedCoverage
}

/// What an order has that alerts are matched by. A flag is set when all of its card transactions have it, and
/// there is at least one.
package struct FeedCoverage: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    /// There is a card transaction.
    package static let card = FeedCoverage(rawValue: 1 << 0)
    /// `acquirer_reference_number`.
    package static let acquirerReferenceNumber = FeedCoverage(rawValue: 1 << 1)
    /// `authorisation_code`.
    package static let authorisationCode = FeedCoverage(rawValue: 1 << 2)
    /// `payment_method_card_bin`.
    package static let bin = FeedCoverage(rawValue: 1 << 3)

    /// Makes a set of flags.
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ order: RequestObject) {
        var found: FeedCoverage = []
        for transaction in order[OrderRequest.transactions] ?? []
        where transaction[TransactionRequest.paymentMethodType] == "CARD" {
            let own = FeedCoverage(ofCard: transaction)
            found = found.isEmpty ? own : found.intersection(own)
        }
        self = found
    }

    private init(ofCard transaction: RequestObject) {
        self = .card
        if transaction[TransactionRequest.acquirerReferenceNumber] != nil {
            insert(.acquirerReferenceNumber)
        }
        if transaction[TransactionRequest.authorisationCode] != nil { insert(.authorisationCode) }
        if transaction[TransactionRequest.cardBIN] != nil { insert(.bin) }
    }
}
