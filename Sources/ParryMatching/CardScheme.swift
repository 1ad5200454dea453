/// The card scheme behind the words that networks and shops use for it.
enum CardScheme: Sendable, Hashable {
    case visa, mastercard, amex, discover, diners, jcb, unionpay

    /// Nil for what is unknown or stands for several.
    init?(_ word: String?) {
        guard let word else { return nil }
        if let plain = Self.plain(word) {
            self = plain
            return
        }
        let letters = word.uppercased().utf8.filter { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
        switch String(decoding: letters, as: UTF8.self) {
        case "VISA", "VISADEBIT", "VISACREDIT", "VISAELECTRON", "VI": self = .visa
        case "MASTERCARD", "MASTERCARDDEBIT", "DEBITMASTERCARD", "MAESTRO", "MC": self = .mastercard
        case "AMEX", "AMERICANEXPRESS", "AX": self = .amex
        case "DISCOVER": self = .discover
        case "DINERS", "DINERSCLUB": self = .diners
        case "JCB": self = .jcb
        case "UNIONPAY", "CHINAUNIONPAY", "CUP": self = .unionpay
        default: return nil
        }
    }

    /// The two words that nearly all sales have, without making another string.
    private static func plain(_ word: String) -> CardScheme? {
        word == "VISA" ? .visa : word == "MASTERCARD" ? .mastercard : nil
    }

    /// The scheme that a BIN certainly belongs to; nil where ranges are shared or change.
    init?(bin: String?) {
        guard let bin, let prefix = Int(bin.prefix(4)) else { return nil }
        switch prefix {
        case 4000...4999: self = .visa
        case 2221...2720, 5100...5599: self = .mastercard
        case 3400...3499, 3700...3799: self = .amex
        default: return nil
        }
    }

    /// Discover's acquirers process the cards of these under either name, so their names do not contradict
    /// each other.
    private var isCarriedByDiscover: Bool {
        switch self {
        case .discover, .diners, .jcb, .unionpay: true
        case .visa, .mastercard, .amex: false
        }
    }

    /// Compares two that may be unknown.
    static func compare(_ left: CardScheme?, _ right: CardScheme?) -> Evidence {
        guard let left, let right else { return .absent }
        if left == right { return .equal }
        return left.isCarriedByDiscover && right.isCarriedByDiscover ? .absent : .contradicts
    }
}
