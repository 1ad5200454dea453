import ParryDomain
import Testing

@testable import ParryMatching

@Suite("Descriptors that mean the same")
struct DescriptorLikenessTests {
    @Test(
        "Two descriptors, either way round",
        arguments: [
            ("ACMEFIT MONTHLY", "ACMEFIT MONTHLY", Evidence.equal),
            ("ACMEFIT MONTHLY", "AcmeFit  monthly", .equal),
            ("ACMEFIT*MONTHLY", "ACMEFIT MONTHLY", .equal),
            ("ACMEFITMONTHLY", "ACMEFIT MONTHLY", .equal),
            ("PAYPAL *ACMEFIT MONTHLY", "ACMEFIT MONTHLY", .equal),
            ("PAYPAL *ACMEFITMON", "ACMEFIT MONTHLY", .equal),
            ("SQ *ACMEFIT MONTHLY", "ACMEFIT MONTHLY", .equal),
            ("SP ACMEFIT MONTHLY", "ACMEFIT MONTHLY", .equal),
            ("SP*ACMEFIT MONTHLY", "ACMEFIT MONTHLY", .equal),
            ("ACMEFIT MONTHLY SUBSCRI", "ACMEFIT MONTHLY SUBSCRIPTION", .equal),
            ("ACMEFIT MONTH 8005551234", "ACMEFIT MONTHLY", .equal),
            ("ACMEFIT MONTHLY 800-555-1234", "ACMEFIT MONTHLY", .equal),
            ("ACMEFIT MONTHLY NEW YORK NY", "ACMEFIT MONTHLY", .equal),
            ("CAFÉ MÜLLER", "CAFE MULLER", .equal),
            ("ACMEFIT YEARLY", "ACMEFIT MONTHLY", .near),
            ("ACME FITNESS LLC", "ACMEFIT MONTHLY", .near),
            ("WWW.ACMEFIT.COM", "ACMEFIT MONTHLY", .near),
            ("MY ACMEFIT", "ACMEFIT", .near),
            ("FITNES ACME", "ACMEFIT NESS", .near),
            ("STREAMBOX MONTHLY", "ACMEFIT MONTHLY", .contradicts),
            ("STREAMBOX MONTHL", "ACMEFIT MONTHLY", .contradicts),
            ("NORDIC BOOKS OSLO", "ACMEFIT MONTHLY", .contradicts),
            ("PAYPAL *STREAMBOX", "PAYPAL *ACMEFIT", .contradicts),
            ("SHOP ONLINE", "ACMEFIT SHOP", .contradicts),
            ("AMAZING TOYS", "AMAZON MARKETPLACE", .contradicts),
            ("", "ACMEFIT", .absent),
            ("AB", "ACMEFIT", .absent),
            ("***", "ACMEFIT", .absent),
        ])
    func pairs(_ left: String, _ right: String, _ evidence: Evidence) {
        let (one, other) = (DescriptorLikeness(left), DescriptorLikeness(right))
        #expect(DescriptorLikeness.compare(one, other) == evidence)
        #expect(DescriptorLikeness.compare(other, one) == evidence)
    }

    @Test("A descriptor that is not known says nothing")
    func unknown() {
        #expect(DescriptorLikeness.compare(DescriptorLikeness("ACMEFIT"), nil) == .absent)
        #expect(DescriptorLikeness(nil) == nil)
    }

    @Test("A very long descriptor is compared by its beginning")
    func long() {
        let text = "ACMEFIT " + String(repeating: "X", count: 10_000)
        #expect(
            DescriptorLikeness.compare(DescriptorLikeness(text), DescriptorLikeness("ACMEFIT X"))
                == .equal)
    }
}

@Suite("Keys in one spelling")
struct MatchKeyTests {
    @Test(
        "ARNs",
        arguments: [
            ("74027012345678901234567", "74027012345678901234567"),
            (" 7402701-2345678901234567 ", "74027012345678901234567"),
            ("740270123456", "740270123456"), ("74027012345", nil), ("", nil), ("N/A", nil),
            ("00000000000000000000000", nil), (nil, nil),
        ] as [(String?, String?)])
    func arn(_ text: String?, _ key: String?) {
        #expect(MatchKey.acquirerReferenceNumber(text) == key)
    }

    @Test(
        "Authorisation codes",
        arguments: [
            ("123456", "123456"), (" 12a456 ", "12A456"), ("1234", "001234"), ("A12", "A12"),
            ("000000", nil), ("0", nil), ("  ", nil), (nil, nil),
        ] as [(String?, String?)])
    func code(_ text: String?, _ key: String?) {
        #expect(MatchKey.authorisationCode(text) == key)
    }

    @Test(
        "Card digits",
        arguments: [
            ("4242", "4242"), ("****4242", "4242"), ("424", nil), ("0000", "0000"), (nil, nil),
        ] as [(String?, String?)])
    func last4(_ text: String?, _ key: String?) {
        #expect(MatchKey.last4(text) == key)
    }

    @Test(
        "BINs",
        arguments: [
            ("424242", "424242"), ("42424299", "42424299"), ("4242429", "424242"),
            ("424242XX", "424242"), ("42424", nil), ("XXXXXX", nil), (nil, nil),
        ] as [(String?, String?)])
    func bin(_ text: String?, _ key: String?) {
        #expect(MatchKey.cardBIN(text) == key)
    }

    @Test(
        "Schemes",
        arguments: [
            ("VISA", "visa", Evidence.equal), ("MC", "MASTERCARD", .equal),
            ("American Express", "AMEX", .equal), ("VISA", "MASTERCARD", .contradicts),
            ("VISA", "OTHER", .absent), ("DISCOVER", "UNIONPAY", .absent),
            ("AMEX", "JCB", .contradicts),
        ])
    func schemes(_ one: String, _ other: String, _ evidence: Evidence) {
        #expect(CardScheme.compare(CardScheme(one), CardScheme(other)) == evidence)
    }

    @Test(
        "Schemes of BINs",
        arguments: [
            ("424242", CardScheme.visa), ("222100", .mastercard), ("272099", .mastercard),
            ("272100", nil), ("510000", .mastercard), ("560000", nil), ("371449", .amex),
            ("601100", nil),
        ] as [(String, CardScheme?)])
    func schemeOfBIN(_ bin: String, _ scheme: CardScheme?) {
        #expect(CardScheme(bin: bin) == scheme)
    }
}
