/// Which descriptors Ethoca takes (CONTRACT.md 7.5: too generic, or enrolled by another merchant).
enum DescriptorRules {
    /// Fewer letters and digits than this say nothing about a merchant.
    private static let significantMin = 5

    /// Words that stand on the statements of thousands of merchants.
    private static let genericWords: Set<String> = [
        "AMAZON", "AUTOPAY", "BILLING", "CHECKOUT", "DEPOSIT", "DIGITAL", "DONATION", "GOOGLE",
        "INTERNET", "INVOICE", "MARKET", "MEMBERSHIP", "MERCHANT", "MONTHLY", "ONLINE",
        "ONLINESTORE", "ORDER", "ORDERS", "PAYMENT", "PAYMENTS", "PAYPAL", "PREMIUM", "PURCHASE",
        "REBILL", "RECURRING", "REFUND", "RENEWAL", "SERVICE", "SERVICES", "SHOPIFY", "SOFTWARE",
        "SQUARE", "STORE", "STRIPE", "SUBSCRIPTION", "SUPPORT", "TRIAL", "WEBSITE",
    ]

    /// Whether a descriptor could be anybody's.
    static func isTooGeneric(_ descriptor: String) -> Bool {
        let significant = key(descriptor)
        return significant.count < significantMin || genericWords.contains(significant)
    }

    /// What two spellings of one descriptor share: its letters and digits in upper case.
    static func key(_ descriptor: String) -> String {
        descriptor.uppercased().filter { $0.isLetter || $0.isNumber }
    }
}
