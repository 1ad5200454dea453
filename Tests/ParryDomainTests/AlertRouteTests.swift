import ParryDomain
import ParryWire
import Testing

@Suite("The way of an alert to its enrolment")
struct AlertRouteTests {
    private static let now = Timestamp(milliseconds: 1_771_322_400_000)
    private static let organisation = OrganisationID.make(at: now, slot: 7)

    private static func enrolment(
        _ descriptors: [(String, DescriptorMatchType)], status: EnrolmentStatus = .enabled,
        organisation: OrganisationID = organisation, later seconds: Int64 = 0
    ) -> Enrolment {
        var enrolment = Enrolment.create(
            .ethocaAlert(
                descriptors.map {
                    EnrolledDescriptor(text: $0.0, matchType: $0.1, status: .pending)
                }), merchantIDs: [.make(at: now, slot: 7)], organisationID: organisation,
            now: Moment(now))
        try? enrolment.simulate(status, now: now.adding(seconds: seconds))
        enrolment.changedAt = enrolment.updatedAt
        return enrolment
    }

    @Test(
        "The exact descriptor comes first, then the longest beginning, however it is written",
        arguments: [
            ("ACMEFIT MONTHLY", 1), ("acmefit  monthly ", 1), ("ACMEFIT*MONTHLY", 1),
            ("ACMEFITMONTHLY", 1), ("PAYPAL *ACMEFIT MONTHLY", 1), ("SP ACMEFIT MONTHLY", 1),
            ("SP ", nil), ("SQ *ACMEFIT", 0),
            ("ACMEFIT GYM BERLIN", 2), ("ACMEFIT GY", 0), ("ACMEFIT 8005551234", 0),
            ("ACMEFI", nil), ("FIT ACMEFIT", nil), ("", nil), ("***", nil), ("OTHER *ACMEFIT", nil),
        ] as [(String, Int?)])
    func order(statement: String, expected: Int?) {
        let enrolments = [
            Self.enrolment([("ACMEFIT", .startsWith)]),
            Self.enrolment([("Acmefit Monthly", .exactMatch)]),
            Self.enrolment([("ACMEFIT GYM", .startsWith)]),
        ]
        let route = AlertRoute(descriptor: statement, among: enrolments)
        #expect(route?.enrolment.id == expected.map { enrolments[$0].id })
    }

    @Test("What receives alerts comes before what does not, and the one enabled last before others")
    func living() {
        let old = Self.enrolment([("ACMEFIT", .startsWith)])
        let young = Self.enrolment([("ACMEFIT", .startsWith)], later: 60)
        let paused = Self.enrolment(
            [("ACMEFIT MONTHLY", .exactMatch)], status: .unenrolled, later: 120)
        for enrolments in [[old, young, paused], [paused, young, old]] {
            let route = AlertRoute(descriptor: "ACMEFIT MONTHLY", among: enrolments)
            #expect(route?.enrolment.id == young.id)
            #expect(route?.isLive == true)
        }
        let left = AlertRoute(descriptor: "ACMEFIT MONTHLY", among: [paused])
        #expect(left?.enrolment.id == paused.id)
        #expect(left?.isLive == false)
    }

    @Test("A statement that cut the descriptor finds it, unless it could be of two organisations")
    func cut() {
        let monthly = Self.enrolment([("ACMEFIT MONTHLY", .startsWith)])
        let other = Self.enrolment(
            [("ACMEFIT MOBILE", .startsWith)], organisation: .make(at: Self.now, slot: 9))
        #expect(AlertRoute(cut: "ACMEFIT MON", among: [monthly])?.enrolment.id == monthly.id)
        #expect(AlertRoute(cut: "ACMEFIT MO", among: [monthly, other]) == nil)
        #expect(
            AlertRoute(cut: "ACMEFIT MON", among: [monthly, other])?.enrolment.id == monthly.id)
        #expect(AlertRoute(cut: "ACMEF", among: [monthly]) == nil)
        #expect(AlertRoute(cut: "OTHER SHOP", among: [monthly]) == nil)
    }

    @Test("Every beginning of a statement is looked up, with and without its facilitator")
    func beginnings() {
        let keys = StatementDescriptor.keys(ofStatement: "Sq *Ab c")
        #expect(keys == ["SQABC", "ABC"])
        #expect(
            StatementDescriptor.beginnings(of: keys)
                == ["A", "AB", "ABC", "S", "SQ", "SQA", "SQAB", "SQABC"])
        let long = String(repeating: "A", count: 10_000)
        #expect(
            StatementDescriptor.beginnings(of: [long]).count == Limits.descriptorRoutedMax)
    }
}
