import ParryDatabase
import ParryDomain
import ParryService
import ParryStore
import ParryTestSupport
import ParryWire
import Testing

@Suite("The log of deliveries")
struct DeliverySearchTests {
    private static let now = Sample.start

    /// An endpoint that heard of so many enrolments, one a second, and of an alert after every fifth of them.
    private func prepare(_ count: Int, in database: any Database) async throws -> Sample {
        let sample = Sample()
        try await sample.insert(into: database)
        let endpoint = WebhookEndpoint(
            id: .make(at: Self.now, slot: 0), partnerID: sample.partner.id, organisationID: nil,
            details: .init(
                url: "https://localhost/x", eventTypes: [.alertCreated, .enrolmentCreated]),
            createdAt: Self.now, updatedAt: Self.now, version: 1)
        let events = (0..<count).map { number in
            let at = Self.now.adding(seconds: Int64(number))
            return EventStore.New(
                Event(
                    id: .make(at: at, slot: sample.organisation.id.slot),
                    organisationID: sample.organisation.id, partnerID: sample.partner.id,
                    type: number % 5 == 4 ? .alertCreated : .enrolmentCreated,
                    objectID: "\(number)", body: Array("{}".utf8), createdAt: at))
        }
        try await database.write { tx in
            try WebhookEndpointStore.insert(endpoint, encryptedSecret: "sealed", tx)
            #expect(try EventStore.append(events, tx) == count)
        }
        return sample
    }

    /// What is found from the newest on, stretch after stretch: the numbers of the events, and whether the stretch ended
    /// first.
    private func steps(
        _ filter: DeliveryStore.Filter, limit: Int, among count: Int, _ sample: Sample,
        _ database: any Database
    ) async throws -> [(found: [String], isCut: Bool)] {
        let service = EventService(database: database, wake: .silent)
        var next = filter
        var steps: [([String], Bool)] = []
        repeat {
            let found = try await service.search(
                next, limit: limit, among: count, by: sample.principal)
            steps.append((found.items.compactMap { $0.event?.objectID }, found.isCut))
            next.behind = found.next
        } while next.behind != nil && steps.count < 20
        return steps
    }

    @Test(
        "A type is looked for in stretches, which have every delivery once",
        arguments: Engine.allCases)
    func stretches(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = try await prepare(20, in: database)
            var filter = DeliveryStore.Filter()
            filter.eventType = .alertCreated
            // Each stretch has eight deliveries, the last one the four before the first alert.
            let byStretch = try await steps(filter, limit: 10, among: 8, sample, database)
            #expect(byStretch.map(\.found) == [["19", "14"], ["9", "4"], []])
            #expect(byStretch.map(\.isCut) == [true, true, false])
            // What is found first ends the step; it goes on behind that.
            let byLimit = try await steps(filter, limit: 1, among: 8, sample, database)
            #expect(byLimit.flatMap(\.found) == ["19", "14", "9", "4"])
            filter.eventType = .lookupCreated
            let none = try await steps(filter, limit: 10, among: 8, sample, database)
            #expect(none.map(\.isCut) == [true, true, false])
        }
    }

    @Test(
        "A search with times looks no further than they reach", arguments: Engine.allCases)
    func bounded(_ engine: Engine) async throws {
        try await engine.run { database in
            let sample = try await prepare(20, in: database)
            var filter = DeliveryStore.Filter()
            filter.eventType = .alertCreated
            filter.createdFrom = Self.now.adding(seconds: 9)
            filter.createdTo = Self.now.adding(seconds: 14)
            let steps = try await steps(filter, limit: 10, among: 8, sample, database)
            #expect(steps.map(\.found) == [["14", "9"]])
            #expect(steps.map(\.isCut) == [false])
        }
    }
}
