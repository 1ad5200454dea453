import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("Changes and their events")
struct EventTests {
    private let now = Sample.start

    private func bodies(_ database: any Database) async throws -> [JSONValue] {
        try await database.read { tx in
            try tx.rows("SELECT body FROM event ORDER BY id") { try $0.text() }
        }.map { try JSONDocument.parse(Array($0.utf8)).root }
    }

    private func request(_ sample: Sample) throws -> RequestObject {
        try EnrolmentRequest.decode(
            Array(
                """
                {"merchant_ids":["\(sample.merchant.id)"],"type":"ETHOCA_ALERT","ethoca_alert":
                {"descriptors":[{"descriptor":"ACME","match_type":"STARTS_WITH"}]}}
                """.utf8))
    }

    @Test(
        "Each change of an enrolment has one event that says what it was before",
        arguments: Engine.allCases)
    func enrolment(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let service = EnrolmentService(database: database, wake: .silent)
            let made = try await service.create(
                of: [sample.merchant.id.text], request(sample), by: sample.principal, now: now)
            let later = now.adding(seconds: 5)
            _ = try await service.simulate(
                made.id, status: .enabled, by: sample.principal, now: later)
            _ = try await service.simulate(
                made.id, status: .enabled, by: sample.principal, now: later.adding(seconds: 5))
            let events = try await bodies(database)
            #expect(
                events.map { $0["type"]?.string } == ["enrolment.created", "enrolment.updated"])
            let data = try #require(events.last?["data"])
            #expect(data["object"]?["status"]?.string == "ENABLED")
            #expect(data["object"]?["links"] == nil)
            #expect(data["previous_attributes"]?["status"]?.string == "PENDING")
            #expect(data["previous_attributes"]?["updated_at"] == nil)
            #expect(data["previous_attributes"]?["ethoca_alert"] != nil)
            #expect(events.first?["data"]?["previous_attributes"] == nil)
            #expect(events.allSatisfy { $0["api_version"]?.string == "v2" })
        }
    }

    @Test(
        "A LIVE identifier of another partner is accepted, and then needs attention",
        arguments: Engine.allCases)
    func heldElsewhere(_ engine: Engine) async throws {
        try await engine.run { database in
            let holder = Sample(mode: .live)
            let sample = Sample(mode: .live)
            let service = EnrolmentService(database: database, wake: .silent)
            for owner in [holder, sample] {
                try await owner.insert(into: database)
                let made = try await service.create(
                    of: [owner.merchant.id.text], request(owner), by: owner.principal, now: now)
                #expect(made.status == .pending)
            }
            let listing = try await service.list(
                .init(), page: Page(limit: 10, offset: 0), by: sample.principal)
            let blocked = try #require(listing.items.first)
            #expect(blocked.status == .actionRequired)
            #expect(blocked.note == blocked.conflictNote)
            #expect(blocked.note?.contains(holder.partner.name) == false)
            let held = try await service.list(
                .init(), page: Page(limit: 10, offset: 0), by: holder.principal)
            #expect(held.items.map(\.status) == [.pending])
            #expect(try await bodies(database).count == 3)
        }
    }

    @Test("A change that is refused leaves neither row nor event", arguments: Engine.allCases)
    func refused(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample(mode: .live)
            try await sample.insert(into: database)
            let service = EnrolmentService(database: database, wake: .silent)
            let made = try await service.create(
                of: [sample.merchant.id.text], request(sample), by: sample.principal, now: now)
            await #expect(throws: EnrolmentError.ethocaIdentifierTaken) {
                try await service.create(
                    of: [sample.merchant.id.text], request(sample), by: sample.principal, now: now)
            }
            await #expect(throws: SimulationError.organisationNotTestMode) {
                try await service.simulate(
                    made.id, status: .enabled, by: sample.principal, now: now)
            }
            _ = try await service.cancel(made.id, by: sample.principal, now: now)
            _ = try await service.create(
                of: [sample.merchant.id.text], request(sample), by: sample.principal, now: now)
            #expect(try await bodies(database).count == 3)
        }
    }

    @Test(
        "Of fifty actions at once on one alert one wins, and one event tells it",
        arguments: Engine.allCases)
    func race(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = Sample()
            try await sample.insert(into: database)
            let enrolments = EnrolmentService(database: database, wake: .silent)
            let alerts = AlertService(database: database, wake: .silent)
            let made = try await enrolments.create(
                of: [sample.merchant.id.text], request(sample), by: sample.principal, now: now)
            _ = try await enrolments.simulate(
                made.id, status: .enabled, by: sample.principal, now: now)
            let alert = try await alerts.simulate(
                AlertSimulation(), organisation: sample.organisation.id.text,
                enrolment: made.id.text,
                by: sample.principal, now: now)
            let wins = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<50 {
                    let change = AlertService.Change(
                        action: number.isMultiple(of: 2) ? "REFUND" : "ACCEPT_DISPUTE", note: nil)
                    group.addTask {
                        (try? await alerts.update(
                            alert.id, change, by: sample.principal, now: now)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wins == 1)
            let updates = try await bodies(database).filter {
                $0["type"]?.string == "alert.updated"
            }
            #expect(updates.count == 1)
        }
    }
}
