package import ParryDomain
package import ParryWire

/// What a network says about the disputed sale.
///
/// Nil is unknown, never a filler: what is not known neither speaks for a candidate nor against it
/// (amendment 6).
package struct MatchSubject: Sendable, Hashable {
    /// The alert's own time (`alertTimestamp`), not the sale's.
    package var networkAlertedAt: Timestamp
    /// In minor units of the currency (amendment 10).
    package var amount: Int64?
    package var currency: String?
    /// Of the authorisation or of the settlement; the networks do not say which.
    package var transactionAt: Timestamp?
    package var authorisationCode: String?
    package var acquirerReferenceNumber: String?
    package var cardBIN: String?
    package var cardLast4: String?
    package var cardScheme: String?
    package var descriptor: String?

    /// Knows only when the alert was raised.
    package init(networkAlertedAt: Timestamp) {
        self.networkAlertedAt = networkAlertedAt
    }

    /// Takes an alert's transaction; what a simulation filled in has to be set to nil by who knows it.
    package init(_ alert: AlertTransaction, alertedAt: Timestamp) {
        networkAlertedAt = alertedAt
        amount = alert.amount
        currency = alert.currency
        transactionAt = alert.authorisedAt
        authorisationCode = alert.authorisationCode
        acquirerReferenceNumber = alert.acquirerReferenceNumber
        cardBIN = alert.cardBIN
        cardLast4 = alert.cardLast4
        cardScheme = alert.cardScheme
        descriptor = alert.statementDescriptor
    }
}
