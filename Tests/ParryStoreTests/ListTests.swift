import ParryDatabase
import ParryDomain
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Lists: filters, order and pages")
struct ListTests {
    @Test(
        "Merchants are found by part of the name in any case, special characters included",
        arguments: Engine.allCases)
    func merchantNames(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            for name in ["Zoë's Café", "100% Pure", "a_b", "ab", "back\\slash"] {
                try await database.write { tx in
                    try MerchantStore.insert(
                        Merchant.create(
                            .init(
                                name: name, type: .stripe, externalID: name,
                                defaultRepresentmentServiceType: .physicalGoods),
                            organisationID: sample.organisation.id, now: Moment(Sample.start)), tx)
                }
            }
            let cases = [
                ("ZOË", ["Zoë's Café"]), ("%", ["100% Pure"]), ("_", ["a_b"]),
                ("acme", ["Acme Main"]), ("\\", ["back\\slash"]), ("nothing", []),
            ]
            for (search, names) in cases {
                var filter = MerchantStore.Filter()
                filter.name = search
                let query = filter
                let found = try await database.read { tx in
                    try MerchantStore.list(
                        query, for: sample.owner, page: Page(limit: 10, offset: 0), tx)
                }
                #expect(found.items.map(\.details.name) == names, "search \(search)")
                #expect(found.count == names.count)
            }
        }
    }

    @Test(
        "Pages follow each other without gap or overlap, in both directions",
        arguments: Engine.allCases)
    func pages(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let enrolments = (0..<25).map { _ in sample.enrolment() }
            try await database.write { tx in
                for enrolment in enrolments {
                    try EnrolmentStore.insert(
                        enrolment, mode: .test, partner: sample.partner.id, tx)
                }
            }
            var seen: [EnrolmentID] = []
            for offset in stride(from: Int64(0), to: 30, by: 10) {
                let page = try await database.read { tx in
                    try EnrolmentStore.list(
                        .init(), for: sample.owner, page: Page(limit: 10, offset: offset), tx)
                }
                #expect(page.count == 25)
                seen += page.items.map(\.id)
            }
            #expect(seen.map(\.text) == enrolments.map(\.id.text).sorted(by: >))
        }
    }

    @Test(
        "An enrolment comes back as it was saved, whatever its configuration",
        arguments: Engine.allCases)
    func configurations(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let configurations: [EnrolmentConfiguration] = [
                .ethocaAlert([.init(text: "A\"\\é", matchType: .exactMatch, status: .failed)]),
                .verifiRDR(.acquirer(bin: "424242", caid: "A1")),
                .verifiRDR(.arns(["74027012345678901234567"])),
            ]
            for configuration in configurations {
                let enrolment = Enrolment.create(
                    configuration, merchantIDs: [sample.merchant.id],
                    organisationID: sample.organisation.id, now: Moment(Sample.start))
                try await database.write { tx in
                    try EnrolmentStore.insert(
                        enrolment, mode: .test, partner: sample.partner.id, tx)
                }
                let found = try await database.read {
                    try EnrolmentStore.find(enrolment.id, for: sample.owner, $0)
                }
                #expect(found == enrolment)
            }
        }
    }
}
