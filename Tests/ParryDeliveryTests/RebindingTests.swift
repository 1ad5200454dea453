import NIOCore
import ParryDomain
import Synchronization
import Testing

@testable import ParryDelivery

/// A name server that gives another answer each time it is asked.
private final class RebindingResolver: HostResolving {
    private let answers: Mutex<[[String]]>
    private let count = Atomic(0)

    /// How often it was asked.
    var asked: Int { count.load(ordering: .relaxed) }

    init(_ answers: [[String]]) {
        self.answers = Mutex(answers)
    }

    func find(_ target: WebhookTarget, _ then: @escaping @Sendable ([IPAddress]) -> Void) {
        count.wrappingAdd(1, ordering: .relaxed)
        let next = answers.withLock { $0.isEmpty ? [] : $0.removeFirst() }
        then(next.compactMap(IPAddress.init(literal:)))
    }
}

@Suite("A name server that changes its mind")
struct RebindingTests {
    /// What each request gets: the address that it is pinned to, or why there is none.
    private func pinned(
        _ answers: [[String]], atSeconds seconds: [Int64],
        _ targets: WebhookTargets = WebhookTargets()
    ) async throws -> (pinned: [String], asked: Int) {
        let resolver = RebindingResolver(answers)
        let clock = SteppingClock()
        let cache = ClientCache(
            targets: targets, trustRoots: [], proxy: nil, resolver: resolver, clock: clock.now)
        let target = try WebhookTarget(url: "https://hooks.example.com/x", targets)
        var found: [String] = []
        for second in seconds {
            clock.set(second)
            do throws(WebhookFailure) {
                let pinned = try await cache.client(
                    for: target, of: .sample, until: .now() + .seconds(20))
                found.append(pinned.address?.text ?? "-")
            } catch {
                found.append("\(error)")
            }
        }
        await cache.shutDown()
        return (found, resolver.asked)
    }

    private let refused = WebhookFailure.privateAddress.description

    @Test("The checked address is the one that is connected to, without asking again")
    func pinning() async throws {
        let result = try await pinned([["8.8.8.8"], ["127.0.0.1"]], atSeconds: [0, 1, 30, 44])
        #expect(result.pinned == ["8.8.8.8", "8.8.8.8", "8.8.8.8", "8.8.8.8"])
        #expect(result.asked == 1)
    }

    @Test("What is in use is asked for again before the minute is over, and nothing waits for it")
    func renewal() async throws {
        let result = try await pinned(
            [["8.8.8.8"], ["1.1.1.1"], ["9.9.9.9"]], atSeconds: [0, 44, 46, 47, 90, 92, 93])
        #expect(
            result.pinned == [
                "8.8.8.8", "8.8.8.8", "8.8.8.8", "1.1.1.1", "1.1.1.1", "1.1.1.1", "9.9.9.9",
            ])
        #expect(result.asked == 3)
    }

    @Test("An address that was found to be private is not connected to, whatever it was before")
    func renewedRebinding() async throws {
        let result = try await pinned(
            [["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]], atSeconds: [0, 46, 47, 55, 57])
        #expect(result.pinned == ["8.8.8.8", "8.8.8.8", refused, refused, refused])
        #expect(result.asked == 3)
    }

    @Test("After a minute the new answer is judged like the first")
    func rebinding() async throws {
        let result = try await pinned(
            [["8.8.8.8"], ["127.0.0.1"], ["169.254.169.254"], ["1.1.1.1"]],
            atSeconds: [0, 61, 72, 83])
        #expect(result.pinned == ["8.8.8.8", refused, refused, "1.1.1.1"])
    }

    @Test(
        "Of several addresses only public ones are taken",
        arguments: [
            (["10.0.0.1", "8.8.8.8"], "8.8.8.8"), (["8.8.8.8", "10.0.0.1"], "8.8.8.8"),
            (["::1", "fd00::1", "192.168.1.1"], nil), (["::ffff:127.0.0.1"], nil),
            (["64:ff9b::7f00:1"], nil), (["2002:7f00:1::"], nil),
            (["2a00:1450::5efe:10.0.0.1"], nil),
        ] as [([String], String?)])
    func several(_ answer: [String], _ expected: String?) async throws {
        let result = try await pinned([answer], atSeconds: [0])
        #expect(result.pinned == [expected ?? refused])
    }

    @Test("When only the name server fails, the address that was checked last serves on")
    func outage() async throws {
        let result = try await pinned([["8.8.8.8"], []], atSeconds: [0, 61])
        #expect(result.pinned == ["8.8.8.8", "8.8.8.8"])
    }
}

/// A clock that stands still until it is set.
final class SteppingClock: Sendable {
    private let seconds = Atomic<Int64>(0)

    func set(_ value: Int64) { seconds.store(value, ordering: .relaxed) }

    @Sendable func now() -> NIODeadline {
        .uptimeNanoseconds(UInt64(1_000 + seconds.load(ordering: .relaxed)) * 1_000_000_000)
    }
}
