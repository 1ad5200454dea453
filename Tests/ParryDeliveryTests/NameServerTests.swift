import NIOCore
import ParryDomain
import ParryWire
import Synchronization
import Testing

@testable import ParryDelivery

@Suite("Name servers that do not answer")
struct SilentNameServerTests {
    private let clock = SteppingClock()
    private let resolver = HeldResolver()
    private let targets = WebhookTargets()

    private func makeCache() -> ClientCache {
        ClientCache(
            targets: targets, trustRoots: [], proxy: nil, resolver: resolver, clock: clock.now)
    }

    private func target(_ host: String) throws -> WebhookTarget {
        try WebhookTarget(url: "https://\(host).example.com/", targets)
    }

    /// The address, or why there is none.
    private func address(
        _ host: String, of tenant: PartnerID = .sample, in cache: ClientCache,
        within wait: TimeAmount = .seconds(20)
    ) async throws -> String {
        do throws(WebhookFailure) {
            let target: WebhookTarget
            do { target = try self.target(host) } catch { throw .badURL }
            return try await cache.client(for: target, of: tenant, until: .now() + wait)
                .address?.text ?? "-"
        } catch {
            return error.description
        }
    }

    /// One tenant asks for more than may be looked up at a time.
    private func fillSharedLookUps(
        of cache: ClientCache, _ group: inout ThrowingTaskGroup<String, any Error>
    ) async {
        for number in 0..<50 {
            group.addTask { try await address("slow\(number)", in: cache) }
        }
        await resolver.waitUntilAsked(HostLookUps.sharedMax)
    }

    @Test("Those of one tenant hold up no look-up of another")
    func tenants() async throws {
        let cache = makeCache()
        try await withThrowingTaskGroup(of: String.self) { group in
            await fillSharedLookUps(of: cache, &group)
            let other = PartnerID(stored: "ptnr_2")
            group.addTask { try await address("quick", of: other, in: cache) }
            await resolver.waitUntilAsked(HostLookUps.sharedMax + 1)
            #expect(resolver.hosts.count { $0.hasPrefix("slow") } == HostLookUps.sharedMax)
            resolver.answer("quick.example.com", ["8.8.8.8"])
            #expect(try await group.next() == "8.8.8.8")
            await cache.shutDown()
            for try await reason in group {
                #expect(reason == WebhookFailure.cancelled.description)
            }
        }
    }

    @Test("Each that ended lets the next of its tenant begin, and none that nobody waits for")
    func line() async throws {
        let cache = makeCache()
        let hosts = (0..<HostLookUps.sharedMax).map { "slow\($0)" }
        try await withThrowingTaskGroup(of: String.self) { group in
            for host in hosts { group.addTask { try await address(host, in: cache) } }
            await resolver.waitUntilAsked(hosts.count)
            let late = try await address("late", in: cache, within: .milliseconds(1))
            #expect(late == WebhookFailure.timeout.description)
            group.addTask { try await address("next", in: cache) }
            resolver.answer("slow0.example.com", ["8.8.8.8"])
            #expect(try await group.next() == "8.8.8.8")
            await resolver.waitUntilAsked(hosts.count + 1)
            #expect(resolver.hosts.last == "next.example.com")
            await cache.shutDown()
            for try await _ in group {}
        }
    }

    @Test("While many wait, each tenant has a few look-ups under way")
    func few() async throws {
        let cache = makeCache()
        try await withThrowingTaskGroup(of: String.self) { group in
            await fillSharedLookUps(of: cache, &group)
            let other = PartnerID(stored: "ptnr_2")
            for number in 0..<50 {
                group.addTask { try await address("other\(number)", of: other, in: cache) }
            }
            await resolver.waitUntilAsked(HostLookUps.sharedMax + HostLookUps.perTenantMax)
            let slow = try #require(resolver.hosts.first)
            resolver.answer(slow, ["8.8.8.8"])
            #expect(try await group.next() == "8.8.8.8")
            let count = HostLookUps.sharedMax + HostLookUps.perTenantMax
            #expect(resolver.hosts.count == count, "who has most goes on before the others")
            let first = try #require(resolver.hosts.first { $0.hasPrefix("other") })
            resolver.answer(first, ["1.1.1.1"])
            #expect(try await group.next() == "1.1.1.1")
            await resolver.waitUntilAsked(count + 1)
            #expect(resolver.hosts.last?.hasPrefix("other") == true)
            await cache.shutDown()
            for try await _ in group {}
        }
    }

    @Test("A host of two tenants is looked up for the one while the other's look-ups hang")
    func shared() async throws {
        let cache = makeCache()
        let other = PartnerID(stored: "ptnr_2")
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await address("shared", in: cache) }
            await resolver.waitUntilAsked(1)
            resolver.answer("shared.example.com", ["8.8.8.8"])
            #expect(try await group.next() == "8.8.8.8")
            for number in 0..<HostLookUps.sharedMax {
                group.addTask { try await address("slow\(number)", in: cache) }
            }
            await resolver.waitUntilAsked(1 + HostLookUps.sharedMax)
            clock.set(50)
            #expect(try await address("shared", in: cache) == "8.8.8.8")
            #expect(resolver.hosts.count == 1 + HostLookUps.sharedMax, "it waits in its line")
            clock.set(56)
            #expect(try await address("shared", of: other, in: cache) == "8.8.8.8")
            resolver.answer("shared.example.com", ["1.1.1.1"])
            #expect(try await address("shared", in: cache) == "1.1.1.1")
            await cache.shutDown()
            for try await _ in group {}
        }
    }

    @Test("An address in the URL waits for nobody")
    func literal() async throws {
        let cache = makeCache()
        let target = try WebhookTarget(url: "https://8.8.8.8/", targets)
        let pinned = try await cache.client(for: target, of: .sample, until: .now())
        #expect(pinned.address?.text == "8.8.8.8")
        #expect(resolver.hosts.isEmpty)
        await cache.shutDown()
    }

    @Test("A host that was in use keeps its address for a minute more while nobody answers")
    func renewal() async throws {
        let cache = makeCache()
        async let first = address("hooks", in: cache)
        await resolver.waitUntilAsked(1)
        resolver.answer("hooks.example.com", ["8.8.8.8"])
        #expect(try await first == "8.8.8.8")
        for second: Int64 in [50, 70, 119] {
            clock.set(second)
            #expect(try await address("hooks", in: cache) == "8.8.8.8")
        }
        #expect(resolver.hosts.count == 2)
        clock.set(121)
        let late = try await address("hooks", in: cache, within: .milliseconds(1))
        #expect(late == WebhookFailure.timeout.description)
        await cache.shutDown()
    }
}

/// A name server that answers when it is told to.
private final class HeldResolver: HostResolving {
    private struct State {
        var hosts: [String] = []
        var held: [String: @Sendable ([IPAddress]) -> Void] = [:]
        var waiting: (count: Int, continuation: CheckedContinuation<Void, Never>)?

        /// Who waits for as many questions as there were.
        mutating func takeWaiting() -> CheckedContinuation<Void, Never>? {
            guard let waiting, hosts.count >= waiting.count else { return nil }
            self.waiting = nil
            return waiting.continuation
        }
    }

    private let state = Mutex(State())

    /// What it was asked for, in order.
    var hosts: [String] { state.withLock { $0.hosts } }

    func find(_ target: WebhookTarget, _ then: @escaping @Sendable ([IPAddress]) -> Void) {
        let waiting = state.withLock { state in
            state.hosts.append(target.host)
            state.held[target.host] = then
            return state.takeWaiting()
        }
        waiting?.resume()
    }

    func answer(_ host: String, _ addresses: [String]) {
        let then = state.withLock { $0.held.removeValue(forKey: host) }
        then?(addresses.compactMap(IPAddress.init(literal:)))
    }

    func waitUntilAsked(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let waiting = state.withLock { state in
                state.waiting = (count, continuation)
                return state.takeWaiting()
            }
            waiting?.resume()
        }
    }
}
