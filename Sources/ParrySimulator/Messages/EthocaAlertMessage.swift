package import ParryWire

/// One alert of `POST /networks/ethoca/alerts`, member for member as NETWORKS.md settles it.
package struct EthocaAlertMessage: Sendable, Hashable {
    /// Why the issuer raised it (NETWORKS.md, Ethoca facts).
    package enum AlertType: String, Sendable, CaseIterable {
        case confirmedFraud = "CONFIRMEDFRAUD"
        case customerDispute = "CUSTOMERDISPUTE"
    }

    /// Exactly 25 characters, upper-case letters and digits.
    package var alertID: String
    package var alertType: AlertType
    /// When the issuer raised the alert; the deadline counts from it at the latest.
    package var alertTimestamp: Timestamp
    /// The issuing bank, in the issuer's own words.
    package var issuer: String
    /// 6 or 8 digits.
    package var cardBIN: String
    package var cardLast4: String
    package var cardScheme: CardBrand
    /// 23 digits, absent in more than half of all alerts.
    package var acquirerReferenceNumber: String?
    package var authCode: String?
    /// The authorisation's instant, or the settlement's: the alert does not say which.
    package var transactionTimestamp: Timestamp
    /// May be part of the sale, or in another currency.
    package var transactionAmount: Money
    /// As on the cardholder's statement: upper-cased, cut, prefixed.
    package var merchantDescriptor: String
    package var merchantID: String?
    package var mcc: String?
    package var transactionType: String
    package var is3DSecure: Bool
    package var chargebackReasonCode: String?

    /// Takes every member; what an issuer may leave out has a default.
    package init(
        alertID: String, alertType: AlertType, alertTimestamp: Timestamp, issuer: String,
        cardBIN: String, cardLast4: String, cardScheme: CardBrand,
        acquirerReferenceNumber: String? = nil, authCode: String? = nil,
        transactionTimestamp: Timestamp, transactionAmount: Money, merchantDescriptor: String,
        merchantID: String? = nil, mcc: String? = nil, transactionType: String = "ECOMMERCE",
        is3DSecure: Bool = false, chargebackReasonCode: String? = nil
    ) {
        self.alertID = alertID
        self.alertType = alertType
        self.alertTimestamp = alertTimestamp
        self.issuer = issuer
        self.cardBIN = cardBIN
        self.cardLast4 = cardLast4
        self.cardScheme = cardScheme
        self.acquirerReferenceNumber = acquirerReferenceNumber
        self.authCode = authCode
        self.transactionTimestamp = transactionTimestamp
        self.transactionAmount = transactionAmount
        self.merchantDescriptor = merchantDescriptor
        self.merchantID = merchantID
        self.mcc = mcc
        self.transactionType = transactionType
        self.is3DSecure = is3DSecure
        self.chargebackReasonCode = chargebackReasonCode
    }

    /// Writes the alert as one object of the list `alerts`.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("alertId", alertID)
        writer.field("alertType", alertType)
        writer.field("alertTimestamp", alertTimestamp)
        writer.field("issuer", issuer)
        writer.field("cardBin", cardBIN)
        writer.field("cardLast4", cardLast4)
        writer.field("cardScheme", cardScheme)
        writer.field("acquirerReferenceNumber", acquirerReferenceNumber)
        writer.field("authCode", authCode)
        writer.field("transactionTimestamp", transactionTimestamp)
        writer.field("transactionAmount", transactionAmount.decimal)
        writer.field("transactionCurrency", transactionAmount.currency.code)
        writer.field("merchantDescriptor", merchantDescriptor)
        writer.field("merchantId", merchantID)
        writer.field("mcc", mcc)
        writer.field("transactionType", transactionType)
        writer.field("is3DSecure", is3DSecure ? "YES" : "NO")
        writer.field("chargebackReasonCode", chargebackReasonCode)
        writer.endObject()
    }

    /// The alert as one JSON object, without the list round it.
    package var json: [UInt8] {
        var writer = JSONWriter()
        write(into: &writer)
        return writer.bytes
    }

    /// The body of one push: `{"alerts": [...]}`.
    package static func push(_ alerts: [EthocaAlertMessage]) -> [UInt8] {
        var writer = JSONWriter(capacity: 512 * (alerts.count + 1))
        writer.beginObject()
        writer.key("alerts")
        writer.beginArray()
        for alert in alerts { alert.write(into: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
