import ParryDomain
import ParryService
import ParryStore
import ParryWire

extension EnrolmentType {
    /// As people call the product.
    var product: String {
        switch self {
        case .ethocaAlert: "Ethoca Alerts"
        case .verifiRDR: "Verifi RDR"
        }
    }

    /// What becomes of an alert that no ruleset decides.
    var otherwise: String {
        switch self {
        case .ethocaAlert: "Left to a person"
        case .verifiRDR: "Refunded as without a ruleset"
        }
    }
}

extension Enrolment {
    /// The product and what the network recognises the merchant by.
    var ruledName: String {
        switch configuration {
        case .ethocaAlert(let descriptors):
            let named = descriptors.prefix(2).map { "\($0.matchType.verb) “\($0.text)”" }
            let rest = descriptors.count - named.count
            return "\(type.product), descriptor " + named.joined(separator: " or ")
                + (rest > 0 ? " and \(rest) more" : "")
        case .verifiRDR(.acquirer(let bin, let caid)):
            return "\(type.product), BIN \(bin), CAID \(caid)"
        case .verifiRDR(.arns(let arns)):
            return "\(type.product), by \(arns.count) ARN\(arns.count == 1 ? "" : "s")"
        }
    }

    /// Whether a ruleset can decide for it at all.
    var canBeRuled: Bool {
        if case .verifiRDR(.arns) = configuration { false } else { true }
    }
}

/// A word with the look of what it means.
struct RulesetChip: Sendable {
    let label: String
    /// `good`, `warn`, `bad`; empty for neither.
    let look: String

    init(_ label: String, _ look: String = "") {
        self.label = label
        self.look = look
    }

    init(isEnabled: Bool) {
        self = isEnabled ? RulesetChip("Enabled", "good") : RulesetChip("Disabled")
    }

    /// How far it has come to Verifi.
    init(_ status: PublicationStatus) {
        switch status {
        case .pending: self.init("Pending", "warn")
        case .published: self.init("Published", "good")
        case .failed: self.init("Failed", "bad")
        }
    }

    init(_ status: EnrolmentStatus) {
        let words = status.rawValue.lowercased().replacing("_", with: " ")
        let label = words.prefix(1).uppercased() + words.dropFirst()
        self.init(label, status == .enabled ? "good" : status.hasEnded ? "bad" : "")
    }
}

extension [String: Int64] {
    /// Amounts by currency: `1,234.00 USD, 500 JPY`; a dash for none.
    var moneyText: String {
        let amounts = sorted { $0.key < $1.key }.map { Money.text($0.value, $0.key) }
        return amounts.isEmpty ? "–" : amounts.joined(separator: ", ")
    }
}

extension Int64 {
    /// `1 alert`, `1,234 alerts`
    func counted(_ noun: String) -> String {
        Money.count(self) + " " + (self == 1 ? noun : noun + "s")
    }
}
