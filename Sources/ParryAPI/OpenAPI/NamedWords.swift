import ParryWire

/// Enumerations that documents name, so that generated clients have one type for each.
struct NamedWords {
    let name: String
    let words: [String]

    private init<Word: RawRepresentable<String> & CaseIterable>(_: Word.Type) {
        name = String(describing: Word.self)
        words = Word.allCases.map(\.rawValue)
    }

    private init(_ name: String, _ words: [String]) {
        self.name = name
        self.words = words
    }

    static let all = [
        NamedWords(AccountMode.self), NamedWords(MembershipRole.self),
        NamedWords(MerchantType.self), NamedWords(RepresentmentServiceType.self),
        NamedWords(IntegrationType.self), NamedWords(IntegrationStatus.self),
        NamedWords(EnrolmentType.self), NamedWords(EnrolmentStatus.self),
        NamedWords(DescriptorMatchType.self), NamedWords(OrderType.self),
        NamedWords(OrderStatus.self), NamedWords(AlertStatus.self), NamedWords(AlertAction.self),
        NamedWords(RefundOutcome.self), NamedWords(SubscriptionCancelOutcome.self),
        NamedWords(CardBrand.self), NamedWords(SchemeNoticeType.self),
        NamedWords(NoticeType.self), NamedWords(LookupType.self), NamedWords(LookupStatus.self),
        NamedWords(DeflectionStatus.self), NamedWords(JoinOperator.self),
        NamedWords(RuleType.self), NamedWords(EventType.self), NamedWords(DeliveryState.self),
        NamedWords(AmountOperator.self),
        NamedWords("CurrencyCode", Currency.codes), NamedWords("CountryCode", Country.codes),
    ]
}
