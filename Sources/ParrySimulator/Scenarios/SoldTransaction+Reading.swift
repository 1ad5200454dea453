package import ParryWire

/// The sale read back from an order, so that any order of a platform can be played with.
extension SoldTransaction {
    /// Reads the first transaction of an order that was not declined.
    ///
    /// - Parameters:
    ///   - order: An order as ``order(organisationID:integrationID:)`` writes it, or as the API
    ///     answers it.
    ///   - hidden: What the order does not tell; nil to presume it, always the same for the same
    ///     order.
    /// - Returns: nil where the order lacks what an alert needs: amount, currency, last 4, brand,
    ///   time.
    package init?(order: JSONValue, hidden: HiddenFacts?) {
        guard let transaction = Self.transaction(of: order),
            let reference = transaction["reference_id"]?.string,
            let amount = Self.money(transaction),
            let authorisedAt = Self.time(transaction["authorised_at"]),
            let last4 = transaction["payment_method_card_last_4"]?.string,
            let word = transaction["payment_method_card_brand"]?.string,
            let brand = CardBrand(rawValue: word)
        else { return nil }
        let bin = transaction["payment_method_card_bin"]?.string ?? ""
        let card = CardDigits(bin: bin, last4: last4)
        let arn = transaction["acquirer_reference_number"]?.string
        let orderReference = order["reference_id"]?.string ?? reference
        self.init(
            orderReferenceID: orderReference, referenceID: reference,
            orderNumber: order["order_number"]?.string ?? orderReference,
            paymentReferenceID: transaction["payment_method_reference_id"]?.string ?? reference,
            amount: amount, authorisedAt: authorisedAt, card: card, brand: brand,
            authorisationCode: transaction["authorisation_code"]?.string,
            acquirerReferenceNumber: arn,
            descriptor: transaction["descriptor"]?.string ?? "",
            status: Status(rawValue: transaction["authorisation_status"]?.string ?? "") ?? .settled,
            refunds: Self.refunds(of: order), disputes: Self.disputes(of: order),
            hidden: hidden
                ?? HiddenFacts(
                    presumedFor: reference, card: card, arn: arn, authorisedAt: authorisedAt))
    }

    private static func transaction(of order: JSONValue) -> JSONValue? {
        let all = order["transactions"].map { Array($0.elements) } ?? []
        let unsold = ["DECLINED", "VOIDED", "FAILED"]
        return all.first { !unsold.contains($0["authorisation_status"]?.string ?? "") } ?? all.first
    }

    private static func money(_ object: JSONValue) -> Money? {
        guard let amount = object["amount_in_cents"]?.integer,
            let currency = object["currency"]?.string.flatMap(Currency.init(code:))
        else { return nil }
        return Money(amount, currency)
    }

    private static func time(_ value: JSONValue?) -> Timestamp? {
        value?.string.flatMap { Timestamp(iso8601: $0) }
    }

    private static func refunds(of order: JSONValue) -> [SaleRefund] {
        (order["refunds"].map { Array($0.elements) } ?? []).compactMap { refund in
            guard refund["status"]?.string == "SUCCEEDED", let amount = money(refund),
                let reference = refund["reference_id"]?.string,
                let time = time(refund["refund_datetime"])
            else { return nil }
            return SaleRefund(referenceID: reference, amount: amount, refundedAt: time)
        }
    }

    private static func disputes(of order: JSONValue) -> [SaleDispute] {
        (order["disputes"].map { Array($0.elements) } ?? []).compactMap { dispute in
            guard let reference = dispute["reference_id"]?.string, let amount = money(dispute),
                let time = time(dispute["dispute_datetime"])
            else { return nil }
            return SaleDispute(
                referenceID: reference, amount: amount, disputedAt: time,
                reasonCode: dispute["reason_code"]?.string ?? "13.1")
        }
    }
}

extension HiddenFacts {
    /// Presumes the facts of a sale of which only the order is known: a card that no wallet hides,
    /// settled a day later. The same reference always gives the same facts.
    package init(
        presumedFor reference: String, card: CardDigits, arn: String?, authorisedAt: Timestamp
    ) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in reference.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var random = SeededGenerator(seed: hash)
        let settledAt = authorisedAt.adding(seconds: 86_400)
        let bin = card.bin.isEmpty ? "400000" : card.bin
        self.init(
            account: CardDigits(bin: bin, last4: card.last4), settledAt: settledAt,
            issuer: "Bank of America",
            arn: arn
                ?? AcquirerReference.make(
                    acquirerBIN: "402701", settledAt: settledAt,
                    sequence: random.below(100_000_000_000)),
            mcc: "7997", wallet: nil, cardAcceptorID: "ACMEFITCAID01",
            networkTransactionID: NetworkIDs.visaTransaction(using: &random))
    }
}
