import ParryDomain
import ParryWire

// What the words of alerts mean, as sentences for the people who work on them.

extension EnrolmentType {
    /// Of the product.
    var productName: String {
        switch self {
        case .ethocaAlert: "Ethoca Alerts"
        case .verifiRDR: "Verifi RDR"
        }
    }

    /// Who runs it.
    var networkName: String {
        switch self {
        case .ethocaAlert: "Ethoca"
        case .verifiRDR: "Verifi"
        }
    }
}

extension AttentionReason {
    /// What happened, and what to do.
    var sentence: String {
        switch self {
        case .caseDeleted:
            "The network took back a case that it had refunded. Find out whether the cardholder has the "
                + "money: the sale can still be charged back."
        case .outcomeRefused:
            "The network refused for good how the alert ended, so it does not know. Ask the operator, who has "
                + "the request, and tell the network in another way."
        case .refundedAfterDecline:
            "The network was told that the money stays, and then a refund was told. A chargeback may come "
                + "besides the refund: be ready to show that you refunded."
        case .refundedTwice:
            "The network refunded a sale that was refunded besides, together more than the sale. Get one of "
                + "the two back."
        case .rateMissing:
            "A rule could not compare the amount, because there is no exchange rate of its day. Decide the "
                + "alert yourself, and ask the operator for rates."
        }
    }
}

extension AlertAction {
    /// As a recommendation says it.
    var words: String {
        switch self {
        case .refund: "refund"
        case .cancel: "cancel the subscription"
        case .refundAndCancel: "refund and cancel the subscription"
        case .acceptDispute: "accept the dispute"
        }
    }
}

extension OutcomeReason {
    /// As the network is told.
    var words: String {
        switch self {
        case .refunded: "refunded"
        case .cancelled: "subscription cancelled, not refunded"
        case .notRefunded: "not refunded"
        case .alreadyRefunded: "refunded before the alert"
        case .alreadyDisputed: "disputed before the alert"
        case .notFound: "no such sale of this merchant"
        }
    }
}

/// What the words of a match mean; they are those of `GET /v1/alerts/{alert_id}/match`.
enum AlertMatchWords {
    /// Of a confidence.
    static func confidence(_ word: String) -> String {
        switch word {
        case "EXACT": "Certain"
        case "HIGH": "High"
        default: "Low: worth a look before money moves"
        }
    }

    /// Of a rule.
    static func rule(_ word: String) -> String { rules[word] ?? word }

    private static let rules = [
        "ARN": "The same ARN",
        "CODE_AND_LAST_4": "The same authorisation code and last 4 within 2 days",
        "ARN_OF_TOKEN": "The same ARN and a fitting amount; the card's digits may be a wallet's",
        "CARD": "The same BIN, brand, last 4 and amount within 3 days",
        "CODE_ALONE": "An authorisation code of this sale alone, with amount and descriptor",
        "CODE_AND_BIN": "An authorisation code of this sale alone, with BIN and descriptor",
        "CODE_OF_OTHER_CLEARING": "The same authorisation code and last 4, but another ARN",
        "LAST_4": "The same last 4, brand and amount within a day",
        "CARD_WITHOUT_TIME": "The same BIN, brand, last 4 and amount, at an unknown time",
        "CODE_AND_AMOUNT": "An authorisation code of this sale alone, with the amount",
        "CONVERTED_CARD": "The same BIN, brand and last 4, the amount within 2 % after conversion",
    ]

    /// Of a flag.
    static func flag(_ word: String) -> String { flags[word] ?? word }

    private static let flags = [
        "OLDER_THAN_120_DAYS": "The sale was more than 120 days before the alert.",
        "CONVERTED_BY_RATE": "The amounts are in different currencies and were compared by rate.",
        "PARTIAL_AMOUNT": "The alert is about a part of the sale.",
        "WALLET_TOKEN": "Paid through a wallet: the card's digits may be those of a token.",
        "DISTANT_TIME":
            "The times are more than 6 hours apart; the alert's may be the settlement's.",
        "SEARCH_INCOMPLETE": "Very many sales came into question; there may be further ones.",
        "RIVAL_UNKNOWN": "Another sale was put behind only because something of it is not known.",
        "RIVAL_FARTHER": "Another sale was put behind only because it is farther off in time.",
        "RIVAL_BY_OTHER_RULE": "Another sale fits about as well by another rule.",
    ]

    /// Why an alert is invalid.
    static func invalidity(_ word: String) -> String { invalidities[word] ?? word }

    private static let invalidities = [
        "DUPLICATE": "another alert is about the same sale and amount",
        "ALREADY_REFUNDED": "the sale was refunded before the alert",
        "ALREADY_DISPUTED": "the sale was disputed before the alert",
        "WRONG_MERCHANT": "its descriptor is not enrolled any more",
        "NOT_FOUND": "a person found no such sale",
        "TAKEN_BACK": "the network took the case back",
    ]

    /// The fields, strongest evidence first.
    static let fieldOrder = [
        "ACQUIRER_REFERENCE_NUMBER", "AUTHORISATION_CODE", "CARD_BIN", "CARD_LAST_4", "CARD_SCHEME",
        "AMOUNT", "CURRENCY", "TIME", "DESCRIPTOR", "STATUS",
    ]

    /// Of a field.
    static func field(_ word: String) -> String { fields[word] ?? word }

    private static let fields = [
        "ACQUIRER_REFERENCE_NUMBER": "ARN", "AUTHORISATION_CODE": "Authorisation code",
        "CARD_BIN": "BIN", "CARD_LAST_4": "Last 4", "CARD_SCHEME": "Scheme", "AMOUNT": "Amount",
        "CURRENCY": "Currency", "TIME": "Time", "DESCRIPTOR": "Descriptor", "STATUS": "State",
    ]
}
