import ParryDomain
import ParrySimulator
import ParryWire
import SystemPackage
import Testing

@Suite("Worlds")
struct WorldTests {
    private func large() throws -> WorldMemory { try SampleWorld.large.get() }

    /// Every transaction that is uploaded, early or late, by its reference.
    private func transactions(_ world: WorldMemory) throws -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        for order in try world.values(.orders) + world.values(.lateOrders) {
            for transaction in order["transactions"]?.elements.map({ $0 }) ?? [] {
                let reference = try #require(transaction["reference_id"]?.string)
                #expect(found.updateValue(transaction, forKey: reference) == nil)
            }
        }
        return found
    }

    // MARK: Repetition

    @Test("The same plan gives the same bytes in every file, and another seed gives others")
    func repetition() throws {
        let plan = SampleWorld.plan(transactions: 1_500, alerts: 150)
        let first = try SampleWorld.make(plan).files
        let second = try SampleWorld.make(plan).files
        let other = try SampleWorld.make(
            SampleWorld.plan(seed: 8, transactions: 1_500, alerts: 150)
        ).files
        for file in WorldFile.allCases {
            #expect(first.lines[file]?.isEmpty == false, "\(file)")
            #expect(first.lines[file] == second.lines[file], "\(file)")
            #expect(first.lines[file] != other.lines[file], "\(file)")
        }
        #expect(first.isFinished)
    }

    @Test("A directory receives the same bytes as any other sink")
    func directory() throws {
        let plan = SampleWorld.plan(transactions: 300, alerts: 30)
        let memory = try SampleWorld.make(plan).files
        let directory = try WorldDirectory()
        defer { directory.remove() }
        var sink = try DirectorySink(directory: directory.path)
        try World.generate(plan, into: &sink)
        for file in WorldFile.allCases {
            let expected = memory.lines[file, default: []].flatMap { $0 + [UInt8(ascii: "\n")] }
            #expect(try directory.bytes(of: file) == expected, "\(file)")
        }
    }

    @Test(
        "There are exactly as many transactions and alerts as planned",
        arguments: [(0, 0), (1, 0), (200, 0), (1_500, 150), (1_501, 301)])
    func counts(_ transactions: Int, _ alerts: Int) throws {
        let world = try SampleWorld.make(
            SampleWorld.plan(transactions: transactions, alerts: alerts))
        #expect(world.counts.orders + world.counts.lateOrders == transactions)
        #expect(world.counts.alerts == alerts)
        #expect(try world.files.values(.truth).count == alerts)
        let manifest = try #require(try world.files.values(.manifest).first)
        #expect(manifest["counts"]?["alerts"]?.integer == Int64(alerts))
        #expect(manifest["seed"]?.string == "7")
    }

    @Test("A caller's organisations are used as they are")
    func accounts() throws {
        let plan = WorldPlan(
            seed: 1, transactions: 50, alerts: 0, accounts: [SampleSale.account],
            at: SampleWorld.time)
        for order in try SampleWorld.make(plan).files.values(.orders) {
            #expect(order["organisation_id"]?.string == SampleSale.account.0.text)
            #expect(order["integration_id"]?.string == SampleSale.account.1.text)
        }
    }

    // MARK: What is written

    @Test("Every order passes both stages of an order's validation")
    func orders() throws {
        let world = try large()
        for file in [WorldFile.orders, .lateOrders] {
            for line in try #require(world.lines[file]) {
                let order = try OrderRequest.create.decode(line)
                #expect(OrderRules.missingField(in: order) == nil)
                #expect(OrderRules.danglingReference(in: order) == nil)
            }
        }
    }

    @Test("Every patch passes the validation of a change and names an uploaded order")
    func patches() throws {
        let world = try large()
        let orders = try world.values(.orders) + world.values(.lateOrders)
        let references = Set(orders.compactMap { $0["reference_id"]?.string })
        for patch in try world.values(.patches) {
            #expect(references.contains(try #require(patch["reference_id"]?.string)))
            _ = try OrderRequest.update.decode(Array(try #require(patch["body"]).raw))
        }
    }

    @Test("Made-up ids are ids of the platform")
    func ids() throws {
        for plan in [SampleWorld.plan(transactions: 0, alerts: 0)] {
            for account in plan.accounts {
                #expect(OrganisationID(account.organisationID.text) != nil)
                let integration = try #require(IntegrationID(account.integrationID.text))
                #expect(integration.slot == account.organisationID.slot)
            }
            #expect(Set(plan.accounts).count == 3)
        }
    }

    @Test("Every ARN is valid and belongs to one sale")
    func arns() throws {
        let world = try large()
        var seen: Set<String> = []
        let uploaded = try transactions(world).values.compactMap {
            $0["acquirer_reference_number"]?.string
        }
        let patched = try world.values(.patches).compactMap {
            $0["body"]?["transactions"]?.elements.map { $0 }.first?["acquirer_reference_number"]?
                .string
        }
        #expect(!patched.isEmpty)
        for arn in uploaded + patched {
            #expect(AcquirerReference.isValid(arn), "\(arn)")
            #expect(seen.insert(arn).inserted)
        }
    }

    @Test("A truth names an uploaded transaction or none, and no alert id comes twice")
    func truths() throws {
        let world = try large()
        let uploaded = try transactions(world)
        var ids: Set<String> = []
        for truth in try world.values(.truth) {
            #expect(ids.insert(try #require(truth["alert_id"]?.string)).inserted)
            let validity = try #require(truth["validity"]?.string)
            let isKnown = truth["transaction_reference_id"]?.isNull == false
            #expect(isKnown == !["NOT_FOUND", "WRONG_MERCHANT"].contains(validity))
            guard let reference = truth["transaction_reference_id"]?.string else { continue }
            let sale = try #require(uploaded[reference])
            #expect(sale["authorisation_status"]?.string != "DECLINED")
        }
    }

    @Test("Every alert has one truth, and none is raised before its sale or after the world's time")
    func alerts() throws {
        let world = try large()
        let truths = Set(try world.values(.truth).compactMap { $0["alert_id"]?.string })
        var told: Set<String> = []
        for alert in try world.values(.alerts) {
            let message = try #require(alert["message"])
            let id = message["alertId"]?.string ?? message["caseId"]?.string
            if let id { told.insert(id) }
            let text = try #require(
                message["alertTimestamp"]?.string ?? message["caseDate"]?.string)
            let time = try #require(Timestamp(iso8601: text))
            #expect(time <= SampleWorld.time)
            #expect(time >= SampleWorld.time.adding(seconds: -86_400))
        }
        #expect(told == truths)
    }

    @Test("The rates cover every currency on every day of sales")
    func rates() throws {
        let lines = try #require(large().lines[.rates]).map { String(decoding: $0, as: UTF8.self) }
        #expect(lines[0] == "date,currency,usd_per_unit")
        #expect(lines.count == 1 + 151 * WorldRates.currencies.count)
        let fields = try #require(lines.last).split(separator: ",")
        #expect(fields.count == 3)
        #expect(fields[0] == "2026-02-17")
        let yen = try #require(Currency(code: "JPY"))
        let micro = try #require(
            WorldRates(seed: 7).microDollars(per: yen, at: SampleWorld.time))
        #expect(lines.contains("2026-02-17,JPY,0.00\(micro)"))
    }
}
