import ParryDomain
import ParryService
import ParryWire

extension AlertPage {
    /// What the network said of one field, beside what the order says.
    struct EvidenceRow: Sendable {
        let label: String
        let told: String?
        let toldAt: TimeText?
        let known: String?
        let knownAt: TimeText?
        let mark: Mark
    }

    /// How the two compare, in a sign and in words.
    struct Mark: Sendable {
        let sign: String
        let words: String
        /// `good`, `warn` or `bad`; empty for what says nothing.
        let tone: String
    }
}

extension AlertPage.Mark {
    /// - Parameter near: What a near fit of this field means.
    init(_ evidence: AlertDossier.FieldEvidence?, near: String = "Could be the same") {
        switch evidence {
        case .equal: self.init(sign: "=", words: "Same", tone: "good")
        case .near: self.init(sign: "≈", words: near, tone: "warn")
        case .contradicts: self.init(sign: "≠", words: "Differs", tone: "bad")
        case .absent, nil: self.init(sign: "?", words: "One side unknown", tone: "")
        }
    }
}

extension AlertPage.EvidenceRow {
    private init(
        _ label: String, _ told: String?, _ known: String?, _ mark: AlertPage.Mark
    ) {
        self.init(label: label, told: told, toldAt: nil, known: known, knownAt: nil, mark: mark)
    }

    /// The rows, strongest evidence first.
    static func all(_ alert: Alert, _ sale: AlertDossier.Sale) -> [AlertPage.EvidenceRow] {
        rows(alert, sale) + [status(sale)]
    }

    private static func rows(
        _ alert: Alert, _ sale: AlertDossier.Sale?
    ) -> [AlertPage.EvidenceRow] {
        let (told, known) = (alert.transaction, sale?.transaction)
        let evidence = sale?.evidence ?? [:]
        func mark(_ field: String, near: String = "Could be the same") -> AlertPage.Mark {
            AlertPage.Mark(evidence[field], near: near)
        }
        return [
            Self(
                "ARN", told.acquirerReferenceNumber, known?.acquirerReferenceNumber,
                mark("ACQUIRER_REFERENCE_NUMBER")),
            Self(
                "Authorisation code", told.authorisationCode, known?.authorisationCode,
                mark("AUTHORISATION_CODE")),
            Self("BIN", told.cardBIN, known?.cardBIN, mark("CARD_BIN")),
            Self("Last 4", told.cardLast4, known?.cardLast4, mark("CARD_LAST_4")),
            Self("Scheme", told.cardScheme, known?.cardBrand, mark("CARD_SCHEME")),
            Self("Issuer", told.cardIssuer, nil, AlertPage.Mark(.absent)),
            amount(told, known, evidence),
            Self(
                label: "Authorised", told: nil, toldAt: TimeText(told.authorisedAt), known: nil,
                knownAt: TimeText(known?.authorisedAt),
                mark: mark("TIME", near: "Within 3 days")),
            Self(
                "Descriptor", told.statementDescriptor, known?.descriptor,
                mark("DESCRIPTOR", near: "Alike")),
        ]
    }

    /// The same of an alert without a sale.
    static func told(_ alert: Alert) -> [AlertPage.EvidenceRow] { rows(alert, nil) }

    private static func amount(
        _ told: AlertTransaction, _ known: OrderTransaction?, _ evidence: AlertDossier.Evidence
    ) -> Self {
        let order = known.flatMap { sale in
            sale.amount.map { Money.text($0, sale.currency ?? "") }
        }
        let field = evidence["AMOUNT"] ?? .absent
        let isDecided = field != .absent
        let near =
            evidence["CURRENCY"] == .equal ? "A part of the sale" : "Fits after conversion"
        return Self(
            "Amount", Money.text(told.amount, told.currency), order,
            AlertPage.Mark(isDecided ? field : evidence["CURRENCY"], near: near))
    }

    /// A sale that did not take place is not the one.
    private static func status(_ sale: AlertDossier.Sale) -> Self {
        let isDead = sale.evidence["STATUS"] == .contradicts
        let isKnown = sale.evidence["STATUS"] == .equal
        return Self(
            "State of the payment", "Disputed, so it took place", sale.authorisationStatus,
            isDead
                ? AlertPage.Mark(sign: "≠", words: "It did not take place", tone: "bad")
                : isKnown
                    ? AlertPage.Mark(sign: "=", words: "It took place", tone: "good")
                    : AlertPage.Mark(.absent))
    }
}
