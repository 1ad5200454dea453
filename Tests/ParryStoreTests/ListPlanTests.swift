import ParryDatabase
import ParryDomain
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Lists of much data")
struct ListPlanTests {
    /// Every filter and sort of both lists, one by one and some together.
    private static func queries(
        _ sample: Sample, _ tx: any ReadTransaction
    ) throws -> [(name: String, query: ListQuery)] {
        var queries: [(String, ListQuery)] = []
        let page = Page(limit: 100, offset: 1_000)
        let orders: [(String, (inout OrderStore.Filter) -> Void)] = [
            ("all", { _ in }), ("organisation", { $0.organisationID = sample.organisation.id }),
            ("integration", { $0.integrationID = sample.integration.id }),
            ("type", { $0.type = .complete }), ("status", { $0.orderStatus = .openPending }),
            ("reference", { $0.referenceID = "order-1" }),
            ("from", { $0.createdFrom = Sample.start }), ("to", { $0.createdTo = Sample.start }),
            (
                "integration, status, from",
                {
                    $0.integrationID = sample.integration.id
                    $0.orderStatus = .other
                    $0.createdFrom = Sample.start
                }
            ),
        ]
        let alerts: [(String, (inout AlertStore.Filter) -> Void)] = [
            ("all", { _ in }), ("organisation", { $0.organisationID = sample.organisation.id }),
            ("merchant", { $0.merchantID = sample.merchant.id }),
            ("enrolment", { $0.enrolmentID = sample.enrolment().id }),
            ("status", { $0.status = .actionRequired }),
            ("from", { $0.receivedFrom = Sample.start }),
            ("to", { $0.receivedTo = Sample.start }),
        ]
        for direction in [SortDirection.ascending, .descending] {
            for sort in OrderStore.Filter.Sort.allCases {
                for (name, change) in orders {
                    var filter = OrderStore.Filter()
                    change(&filter)
                    (filter.sort, filter.direction) = (sort, direction)
                    queries.append(
                        (
                            "orders by \(sort) \(direction): \(name)",
                            try OrderStore.query(filter, for: sample.owner, page: page, tx)
                        ))
                }
            }
            for sort in AlertStore.Filter.Sort.allCases {
                for (name, change) in alerts {
                    var filter = AlertStore.Filter()
                    change(&filter)
                    (filter.sort, filter.direction) = (sort, direction)
                    queries.append(
                        (
                            "alerts by \(sort) \(direction): \(name)",
                            try AlertStore.query(filter, for: sample.owner, page: page, tx)
                        ))
                }
            }
        }
        return queries
    }

    @Test("The plan of every list query uses an index", arguments: Engine.allCases)
    func plans(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            // A second integration and organisation, so that parts are merged.
            let other = Integration.create(
                .init(name: "Other", status: .enabled, merchantIDs: [sample.merchant.id]),
                organisationID: sample.organisation.id, now: Moment(Sample.start))
            let second = Organisation.create(
                name: "Second", partner: sample.partner, now: Sample.start)
            try await database.write { tx in
                try IntegrationStore.insert(other, tx)
                try OrganisationStore.insert(second, tx)
            }
            try await database.write { tx in
                // The tables are empty: the planner is to show whether it could use an index.
                if tx.dialect == .postgreSQL {
                    try tx.executeScript("SET LOCAL enable_seqscan = off")
                }
                for (name, list) in try Self.queries(sample, tx) {
                    for query in [list.pageQuery(tx.dialect), list.countQuery(tx.dialect)] {
                        let plan = try Self.plan(of: query, tx)
                        let scans = plan.filter {
                            $0.contains("Seq Scan on \"order\"") || $0.contains("Seq Scan on alert")
                                || $0.hasPrefix("SCAN order") || $0.hasPrefix("SCAN alert")
                        }
                        #expect(scans.isEmpty && !plan.isEmpty, "\(name): \(plan)")
                    }
                }
            }
        }
    }

    @Test("Late orders find the alerts that seek their sale by an index for each identifier")
    func seekingPlans() async throws {
        try await Engine.memory.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            var traces = AlertReviewStore.Traces()
            for number in 0..<5_000 { traces.acquirerReferenceNumbers.insert("\(number)") }
            traces.cardLast4s = ["4242", "1111"]
            traces.authorisationCodes = ["123456"]
            let queries = AlertReviewStore.queries(
                traces, of: sample.organisation.id, since: Sample.start)
            #expect(queries.count == 3)
            let first = try #require(queries.first)
            let plan = try await database.write { try Self.plan(of: first, $0) }
            for name in ["last4", "arn", "code"] {
                #expect(plan.contains { $0.contains("alert_seeking_\(name) ") }, "\(plan)")
            }
        }
    }

    @Test(
        "Sales with the last digits of a card are found by one index, on PostgreSQL without their rows",
        arguments: Engine.allCases)
    func candidatePlans(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let scope = TransactionStore.Scope(
                organisationID: sample.organisation.id, integrations: [sample.integration.id],
                limit: 500)
            let traits = TransactionStore.CardTraits(
                amount: 4_900, currency: "USD", bin: "42424242")
            for known in [nil, traits] {
                let query = TransactionStore.query(
                    cardLast4: "4242", from: Sample.start, to: Sample.start, like: known, in: scope)
                let plan = try await database.write { tx in
                    if tx.dialect == .postgreSQL {
                        try tx.executeScript(
                            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
                    }
                    return try Self.plan(of: query, tx)
                }
                let searches = plan.filter { $0.contains("order_transaction") }
                let index =
                    database.dialect == .postgreSQL
                    ? "Index Only Scan using order_transaction_last_4"
                    : "order_transaction USING INDEX order_transaction_last_4"
                #expect(searches.count == (known == nil ? 1 : 3), "\(plan)")
                #expect(searches.allSatisfy { $0.contains(index) }, "\(plan)")
            }
        }
    }

    private static func plan(of query: SQL, _ tx: any ReadTransaction) throws -> [String] {
        switch tx.dialect {
        case .postgreSQL: try tx.rows("EXPLAIN \(query)") { try $0.text() }
        case .sqlite:
            try tx.rows("EXPLAIN QUERY PLAN \(query)") { row in
                for _ in 0..<3 { _ = try row.integer() }
                return try row.text()
            }
        }
    }

    @Test(
        "Pages over several organisations and integrations are those of one sorted list",
        arguments: Engine.allCases, [4, 150])
    func merged(_ engine: Engine, feedCount: Int) async throws {
        try await engine.run { database in
            let rows = try await Self.orders(in: database, feedCount)
            let owner = rows.owner
            for sort in OrderStore.Filter.Sort.allCases {
                for direction in [SortDirection.ascending, .descending] {
                    let ascending = rows.orders.sorted { left, right in
                        let (a, b) =
                            sort == .createdAt
                            ? (left.created, right.created)
                            : (left.datetime ?? -1, right.datetime ?? -1)
                        return a == b ? left.id < right.id : a < b
                    }.map(\.id)
                    let expected = direction == .ascending ? ascending : ascending.reversed()
                    for offset in [0, 1, 7, 59, 100] {
                        var filter = OrderStore.Filter()
                        (filter.sort, filter.direction) = (sort, direction)
                        let query = filter
                        let page = try await database.read { tx in
                            try OrderStore.list(
                                query, for: owner, page: Page(limit: 9, offset: Int64(offset)), tx)
                        }
                        #expect(
                            page.items.map(\.id.text) == Array(expected.dropFirst(offset).prefix(9))
                        )
                        #expect(page.count == 60)
                    }
                }
            }
        }
    }

    private struct Row {
        let id: String
        let created: Int64
        let datetime: Int64?
    }

    /// 60 orders of two organisations with so many integrations, some without a time of their own. More
    /// than 128 are not merged one by one.
    private static func orders(
        in database: any Database, _ feedCount: Int
    ) async throws -> (owner: Owner, orders: [Row]) {
        let sample = Sample()
        try await sample.insert(into: database)
        let second = Organisation.create(name: "Second", partner: sample.partner, now: Sample.start)
        var feeds = [sample.integration]
        for number in 1..<feedCount {
            let organisation = number % 3 == 1 ? sample.organisation : second
            feeds.append(
                Integration.create(
                    .init(name: "Feed", status: .enabled, merchantIDs: []),
                    organisationID: organisation.id, now: Moment(Sample.start)))
        }
        let integrations = feeds
        try await database.write { tx in
            try OrganisationStore.insert(second, tx)
            for integration in integrations.dropFirst() {
                try IntegrationStore.insert(integration, tx)
            }
        }
        var rows: [Row] = []
        for number in 0..<60 {
            let feed = integrations[number * 7 % feedCount]
            let row = Row(
                id: OrderID.make(at: Sample.start, slot: feed.organisationID.slot).text,
                created: Int64(number * 7 % 13),
                datetime: number % 5 == 0 ? nil : Int64(number * 11 % 17))
            rows.append(row)
            try await database.write { tx in
                try tx.execute(
                    """
                    INSERT INTO "order" (id, slot, organisation_id, integration_id, reference_id, type,
                        order_status, order_datetime, document, created_at, updated_at, version)
                    VALUES (\(row.id), \(feed.id.slot), \(feed.organisationID.text), \(feed.id.text),
                        \(row.id), 'COMPLETE', 'OTHER', \(row.datetime), '{}', \(row.created), 0, 1)
                    """)
                try tx.execute(
                    """
                    INSERT INTO order_count (integration_id, order_status, part, slot, delta)
                    VALUES (\(feed.id.text), 'OTHER', \(row.id), \(feed.id.slot), 1)
                    """)
            }
        }
        return (sample.owner, rows)
    }
}
