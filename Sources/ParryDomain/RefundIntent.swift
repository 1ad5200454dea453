package import ParryWire

/// A refund that somebody is about to make: what it takes of a transaction is reserved until it is committed,
/// released, or forgotten.
package struct RefundIntent: Sendable, Hashable {
    package let id: RefundIntentID
    package let organisationID: OrganisationID
    package let sale: RefundedSale
    package let amount: Int64
    package let currency: String
    package private(set) var state: State
    package let expiresAt: Timestamp
    package let createdAt: Timestamp
    package private(set) var updatedAt: Timestamp
    package let version: Int64

    /// What became of it; that it expired is told by its time alone.
    package enum State: Sendable, Hashable {
        case reserved
        case committed(reference: String)
        case released
    }

    package init(
        id: RefundIntentID, organisationID: OrganisationID, sale: RefundedSale, amount: Int64,
        currency: String, state: State, expiresAt: Timestamp, createdAt: Timestamp,
        updatedAt: Timestamp, version: Int64
    ) {
        self.id = id
        self.organisationID = organisationID
        self.sale = sale
        self.amount = amount
        self.currency = currency
        self.state = state
        self.expiresAt = expiresAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A new reservation.
    ///
    /// - Parameter seconds: After how many it expires, counted from the second that the organisation's clock shows.
    package static func reserve(
        _ amount: Int64, _ currency: String, of sale: RefundedSale, in organisation: OrganisationID,
        for seconds: Int64, now: Moment
    ) -> RefundIntent {
        RefundIntent(
            id: .make(at: now, slot: organisation.slot), organisationID: organisation, sale: sale,
            amount: amount, currency: currency, state: .reserved,
            expiresAt: now.shown.truncatedToSecond.adding(seconds: seconds), createdAt: now.shown,
            updatedAt: now.shown, version: 1)
    }

    /// What a reader sees of its life.
    package func status(at now: Timestamp) -> RefundIntentStatus {
        switch state {
        case .reserved: now >= expiresAt ? .expired : .reserved
        case .committed: .committed
        case .released: .released
        }
    }

    /// The partner's name of the refund that was made.
    package var reference: String? {
        if case .committed(let reference) = state { reference } else { nil }
    }

    /// Takes that the money went back, also after the reservation expired: that cannot be undone. The same again changes
    /// nothing; says whether anything changed.
    ///
    /// - Throws: ``RefundIntentError/ended(_:)`` once it was released, or committed by another reference.
    package mutating func commit(
        reference: String, now: Timestamp
    ) throws(RefundIntentError) -> Bool {
        switch state {
        case .reserved: state = .committed(reference: reference)
        case .committed(let known):
            guard known.utf8.elementsEqual(reference.utf8) else { throw .ended(.committed) }
            return false
        case .released: throw .ended(.released)
        }
        updatedAt = now
        return true
    }

    /// Takes that the money stays; says whether anything changed.
    ///
    /// - Throws: ``RefundIntentError/ended(_:)`` once it was committed.
    package mutating func release(now: Timestamp) throws(RefundIntentError) -> Bool {
        switch state {
        case .reserved: state = .released
        case .committed: throw .ended(.committed)
        case .released: return false
        }
        updatedAt = now
        return true
    }
}

/// The transaction that a refund is about: a reference is unique in its integration.
package struct RefundedSale: Sendable, Hashable {
    package let integrationID: IntegrationID
    package let reference: String

    package init(integrationID: IntegrationID, reference: String) {
        self.integrationID = integrationID
        self.reference = reference
    }
}

/// Why a refund intent is refused.
package enum RefundIntentError: Error, Equatable {
    /// The transaction is in this currency.
    case currencyDiffers(String)
    /// The stored transaction says no amount or currency, so that nothing can be compared.
    case amountUnknown
    case ended(RefundIntentStatus)
    /// Another intent of the transaction is committed with this reference.
    case referenceTaken
}
