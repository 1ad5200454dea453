import ParryDatabase
package import ParryWire

/// What somebody typed to find alerts, and what it means.
package enum AlertSearch: Sendable, Hashable {
    case id(AlertID)
    /// An acquirer reference number, of 23 digits.
    case acquirerReferenceNumber(String)
    case last4(String)
    /// Six digits are an authorisation code or a BIN.
    case sixDigits(String)
    /// In units as people write them; any currency where none was said.
    case amount(Decimal)
    /// A part of the descriptor or of the transaction's reference, or the network's id.
    case text(String)

    /// An amount as it was written.
    package struct Decimal: Sendable, Hashable {
        let whole: String
        let fraction: String
        /// ISO 4217; nil when none was written.
        package let currency: String?
    }

    /// Characters that are looked at; nothing that is searched is longer.
    package static let lengthMax = 250

    /// - Returns: nil when nothing was typed.
    package init?(_ typed: String) {
        let text = String(typed.prefix(Self.lengthMax)).trimmed
        guard !text.isEmpty else { return nil }
        self =
            Self.id(of: text) ?? Self.digits(text) ?? Decimal(text).map(Self.amount)
            ?? .text(text)
    }

    private static func id(of text: String) -> AlertSearch? { AlertID(text).map(Self.id) }

    private static func digits(_ text: String) -> AlertSearch? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return switch text.utf8.count {
        case 23: .acquirerReferenceNumber(text)
        case 4: .last4(text)
        case 6: .sixDigits(text)
        default: nil
        }
    }

    /// Whether the primary key finds it.
    var isID: Bool { if case .id = self { true } else { false } }

    /// A condition on rows of `alert`, all of whose columns are in the index `alert_search`.
    func condition(_ dialect: Dialect) -> SQL {
        switch self {
        case .id(let id): "id = \(id.text)"
        case .acquirerReferenceNumber(let number):
            "transaction_acquirer_reference_number = \(number)"
        case .last4(let digits):
            "(transaction_card_last4 = \(digits) OR integration_transaction_id = \(digits))"
        case .sixDigits(let digits):
            """
            (transaction_authorisation_code = \(digits) OR transaction_card_bin = \(digits)
            OR integration_transaction_id = \(digits))
            """
        case .amount(let amount): amount.condition
        case .text(let text): Self.contains(text, dialect)
        }
    }

    /// The case of ASCII letters does not count, that of others does.
    private static func contains(_ text: String, _ dialect: Dialect) -> SQL {
        let pattern = Fold.containingExactly(text)
        return """
            (transaction_statement_descriptor \(dialect.likeAnyCase) \(pattern) ESCAPE '\\'
            OR integration_transaction_id \(dialect.likeAnyCase) \(pattern) ESCAPE '\\'
            OR alert_network_id = \(text) OR transaction_card_bin = \(text)
            OR transaction_authorisation_code IN \(anyOf: [text, text.uppercased()]))
            """
    }
}

extension AlertSearch.Decimal {
    /// Reads `49`, `49.00`, `1,234.50 USD` and `EUR 5`; whole numbers only with a currency.
    fileprivate init?(_ text: String) {
        var words = text.split(separator: " ").map(String.init)
        let currency = words.firstIndex { Currency(code: $0.uppercased()) != nil }
            .map { words.remove(at: $0).uppercased() }
        guard words.count == 1, let number = words.first else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Self.ungrouped(parts[0]) else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard fraction.utf8.count <= 4, fraction.allSatisfy(\.isASCIIDigit) else { return nil }
        guard parts.count == 2 ? !fraction.isEmpty : currency != nil else { return nil }
        (self.whole, self.fraction, self.currency) = (whole, fraction, currency)
    }

    private static func ungrouped(_ text: Substring) -> String? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        let isGrouped = groups.dropFirst().allSatisfy { $0.utf8.count == 3 }
        let digits = groups.joined()
        guard isGrouped, (1...15).contains(digits.utf8.count), digits.allSatisfy(\.isASCIIDigit)
        else { return nil }
        return digits
    }

    /// In minor units of a currency with so many places; nil when it has fewer than were written.
    func minorUnits(_ exponent: Int) -> Int64? {
        let missing = exponent - fraction.utf8.count
        guard missing < 0 else {
            return Int64(whole + fraction + String(repeating: "0", count: missing))
        }
        guard fraction.dropFirst(exponent).allSatisfy({ $0 == "0" }) else { return nil }
        return Int64(whole + fraction.prefix(exponent))
    }

    fileprivate var condition: SQL {
        if let currency, let known = Currency(code: currency) {
            let amount = minorUnits(known.exponent) ?? -1
            return """
                (transaction_amount_in_cents = \(amount)
                AND transaction_currency_code = \(currency))
                """
        }
        let others = Self.codesByExponent.flatMap(\.codes)
        var parts: [SQL] = []
        if let amount = minorUnits(2) {
            parts.append(
                """
                (transaction_amount_in_cents = \(amount)
                AND transaction_currency_code NOT IN \(anyOf: others))
                """)
        }
        for (exponent, codes) in Self.codesByExponent {
            guard let amount = minorUnits(exponent) else { continue }
            parts.append(
                """
                (transaction_amount_in_cents = \(amount)
                AND transaction_currency_code IN \(anyOf: codes))
                """)
        }
        return parts.isEmpty ? "1 = 0" : "(\(SQL.joined(parts, separator: " OR ")))"
    }

    /// The currencies that have not two places.
    private static let codesByExponent: [(exponent: Int, codes: [String])] = [0, 3, 4].map {
        places in
        (places, Currency.codes.filter { Currency(code: $0)?.exponent == places })
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
