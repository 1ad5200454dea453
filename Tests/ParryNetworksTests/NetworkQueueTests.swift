import HTTPTypes
import ParryDatabase
import ParryDomain
import ParryServer
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("What the networks are asked and told")
struct NetworkQueueTests {
    private static let connections = NetworkConnections(test: [.ethoca], live: [])

    private func run(
        _ test: @escaping @Sendable (TestWorld, Customer) async throws -> Void
    ) async throws {
        for engine in Engine.allCases {
            try await TestWorld.run(on: engine) { world in
                try await test(world, try await world.customer())
            }
        }
    }

    private func asker(_ world: TestWorld) -> EnrolmentRequestService {
        EnrolmentRequestService(
            database: world.database, connections: Self.connections, wake: .silent)
    }

    private func requests(
        _ state: NetworkRequestState, _ world: TestWorld
    ) async throws -> [NetworkRequestStore.Stored] {
        try await world.database.read { try NetworkRequestStore.list(state, limit: 100, $0) }
    }

    /// Sends what waits, and has the network answer so.
    private func send(
        _ kind: NetworkRequestKind, _ answer: NetworkAnswer, in world: TestWorld
    ) async throws {
        let queue = NetworkQueue(database: world.database, wake: .silent)
        let claimed = try await queue.claim(
            kind, to: .ethoca, mode: .test, limit: 10, now: Platform.now())
        #expect(!claimed.isEmpty)
        try await queue.record(
            claimed.map { ($0, answer) }, mode: .test, now: Platform.now())
    }

    @Test(
        "An enrolment made before its network was connected is asked for, once, with its merchant's name"
    )
    func askedLater() async throws {
        try await run { world, customer in
            #expect(try await requests(.waiting, world).isEmpty)
            #expect(try await !asker(world).step(now: Platform.now()))
            let asked = try await requests(.waiting, world)
            #expect(asked.map(\.subjectID) == [customer.enrolment])
            #expect(asked.first?.payload.contains(#""merchant_name":"Acme Main""#) == true)
            _ = try await asker(world).step(now: Platform.now())
            #expect(try await requests(.waiting, world).count == 1)
        }
    }

    @Test("Two processes ask for an enrolment once")
    func askedAtOnce() async throws {
        try await run { world, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { _ = try await asker(world).step(now: Platform.now()) }
                }
                try await group.waitForAll()
            }
            #expect(try await requests(.waiting, world).count == 1)
        }
    }

    @Test("One that the operator sets back to PENDING is asked for anew, a cancelled one never")
    func askedAgain() async throws {
        try await run { world, customer in
            _ = try await asker(world).step(now: Platform.now())
            try await send(.enrol, .taken(networkID: "E1"), in: world)
            let id = EnrolmentID(stored: customer.enrolment)
            let enrolments = EnrolmentService(database: world.database, wake: .silent)
            for status in [EnrolmentStatus.actionRequired, .pending] {
                _ = try await enrolments.set(
                    id, status: status, note: nil, now: Platform.now().adding(seconds: 1))
            }
            _ = try await asker(world).step(now: Platform.now().adding(seconds: 2))
            let again = try await requests(.waiting, world)
            #expect(again.map(\.kind.rawValue).sorted() == ["ENROL", "UNENROL"])
            #expect(again.first { $0.kind == .unenrol }?.payload.contains("E1") == true)
            let gone = try await world.send(.delete, "/v2/enrolments/\(customer.enrolment)")
            #expect(gone.status == 200)
            _ = try await asker(world).step(now: Platform.now().adding(seconds: 3))
            #expect(try await requests(.waiting, world).map(\.kind) == [.unenrol])
        }
    }

    @Test("A request whose answer was lost may have been taken: cancelling leaves it to find out")
    func cancelledAfterALostAnswer() async throws {
        try await run { world, customer in
            _ = try await asker(world).step(now: Platform.now())
            try await send(.enrol, .recoverable("no answer"), in: world)
            _ = try await world.send(.delete, "/v2/enrolments/\(customer.enrolment)")
            #expect(try await requests(.cancelled, world).isEmpty)
            try await world.database.write { tx in
                try tx.execute("UPDATE network_request SET due_at = 0")
            }
            try await send(.enrol, .taken(networkID: "E1"), in: world)
            let rest = try await requests(.waiting, world)
            #expect(rest.map(\.kind) == [.unenrol])
            #expect(rest.first?.payload.contains("E1") == true)
        }
    }

    @Test("What a network refused for good is listed, and sent once more on demand")
    func retried() async throws {
        try await run { world, customer in
            let service = NetworkRequestService(database: world.database)
            let outcome = NetworkRequestStore.New(
                network: .ethoca, kind: .outcome, subjectID: "netalrt_1",
                slot: EnrolmentID(stored: customer.enrolment).slot, payload: "{}")
            try await world.database.write { tx in
                try NetworkRequestStore.insert([outcome], mode: .test, now: Platform.now(), tx)
            }
            try await send(.outcome, .final("no such alert"), in: world)
            let parked = try #require(try await requests(.parked, world).first)
            #expect(try await service.list(.parked, limit: 10).count == 1)
            #expect(try await depth(world) == [0, 1])
            _ = try await service.retry(parked.id, now: Platform.now())
            #expect(try await depth(world) == [1, 0])
            await #expect(throws: NetworkRequestError.notParked(.waiting)) {
                try await service.retry(parked.id, now: Platform.now())
            }
            try await send(.outcome, .taken(networkID: nil), in: world)
            let done = try #require(try await requests(.done, world).first)
            #expect(done.error == nil && done.attemptCount == 2)
        }
    }

    @Test("A refused enrolment has failed, and its request is not sent once more")
    func refusedEnrolment() async throws {
        try await run { world, customer in
            _ = try await asker(world).step(now: Platform.now())
            try await send(.enrol, .final("unknown merchant"), in: world)
            let parked = try #require(try await requests(.parked, world).first)
            await #expect(throws: NetworkRequestError.isEnrolment) {
                try await NetworkRequestService(database: world.database).retry(
                    parked.id, now: Platform.now())
            }
            let seen = try await world.send(.get, "/v2/enrolments/\(customer.enrolment)").json
            #expect(seen["status"]?.string == "FAILED")
        }
    }

    /// Waiting and parked ones of Ethoca.
    private func depth(_ world: TestWorld) async throws -> [Int64] {
        let depths = try await world.database.read {
            try NetworkRequestStore.depths(now: Platform.now(), $0)
        }
        #expect(depths.map(\.network) == CardNetwork.allCases)
        return [depths[0].waiting, depths[0].parked]
    }

    @Test("What the networks sent is removed when it is old, and nothing else of it")
    func retention() async throws {
        try await run { world, _ in
            let now = Platform.now()
            let days: Int64 = 86_400
            for (id, age) in [("A1", 541), ("A2", 539)] as [(String, Int64)] {
                let received = now.adding(seconds: -age * days)
                _ = try await NetworkIntake(database: world.database, wake: .silent).receive(
                    strangersAlert(id, received), body: Array("{}".utf8), mode: .test,
                    now: received)
            }
            let retention = RetentionService(database: world.database)
            while try await retention.step(now: now).isSome {}
            let kept = try await world.database.read { tx in
                try tx.rows("SELECT network_id FROM network_message") { try $0.text() }
            }
            #expect(kept == ["A2"])
            #expect(try await requests(.waiting, world).filter { $0.kind == .outcome }.count == 2)
        }
    }

    /// An alert that belongs to no enrolment.
    private func strangersAlert(_ id: String, _ now: Timestamp) -> NetworkAlert {
        NetworkAlert(
            networkID: id, category: .fraud, alertedAt: now,
            transaction: AlertTransaction(
                amount: 4_900, currency: "USD", authorisedAt: now, authorisationCode: nil,
                acquirerReferenceNumber: nil, statementDescriptor: "SOMEBODY ELSE", cardBIN: nil,
                cardLast4: "4242", cardScheme: nil, cardIssuer: nil), transactionAt: nil,
            reasonCode: nil)
    }

    @Test("An alert that cannot be reviewed is put off, and does not hold up the others")
    func failedReview() async throws {
        try await run { world, _ in
            let customers = [try await world.customer("Broken"), try await world.customer("Sound")]
            var alerts: [AlertID] = []
            for customer in customers {
                _ = try await world.send(
                    .patch, "/v1/simulate/enrolments/\(customer.enrolment)",
                    #"{"status":"ENABLED"}"#)
                let id = try await world.make(
                    "/v1/simulate/alerts",
                    """
                    {"organisation_id":"\(customer.organisation)","match":true,
                    "enrolment_id":"\(customer.enrolment)","amount_in_cents":4900,
                    "transaction_acquirer_reference_number":"74027012345678901234567"}
                    """)
                alerts.append(AlertID(stored: id))
                _ = try await world.send(.post, "/v1/orders", "[\(customer.order("order-1"))]")
            }
            try await world.database.write { tx in
                try tx.execute(
                    """
                    UPDATE enrolment SET configuration = '{' WHERE id = \(customers[0].enrolment)
                    """)
            }
            let reviews = AlertReviewService(database: world.database, wake: .silent)
            let now = Platform.now().adding(seconds: 60)
            await #expect(throws: (any Error).self) { try await reviews.step(now: now) }
            let found = try await world.send(.get, "/v1/alerts/\(alerts[1])").json
            #expect(found["integration_transaction_id"]?.string == "txn-1")
            let due = try await world.database.read {
                try AlertReviewStore.due(now.adding(seconds: 86_400), limit: 10, $0)
            }
            #expect(due.map(\.alertID) == [alerts[0]])
            #expect(due.map { $0.dueAt > now } == [true])
            #expect(try await !reviews.step(now: now))
        }
    }
}
