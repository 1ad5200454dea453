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
            #expect(try await requests(.waiting, world).count == 1)
            let gone = try await world.send(.delete, "/v2/enrolments/\(customer.enrolment)")
            #expect(gone.status == 200)
            _ = try await asker(world).step(now: Platform.now().adding(seconds: 3))
            #expect(
                try await requests(.waiting, world).allSatisfy { $0.kind == .unenrol })
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
                try NetworkRequestStore.insert(outcome, mode: .test, now: Platform.now(), tx)
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
}
