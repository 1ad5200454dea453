import ParryWire

/// Streams one file to the platform, at its rate and never faster than the platform takes it.
///
/// Alerts go in batches; a decision is asked for beside them, and its notices wait for its answer.
struct FeedRunner: Sendable {
    /// How often a feed that has to wait looks again.
    private static let pause = Duration.milliseconds(10)
    /// Decisions in flight.
    private static let decisionsMax = 16

    let control: NetworkControl
    let feed: AlertFeed

    /// More alerts than the networks remember.
    private struct Full: Error {}

    private var desk: NetworkDesk { control.desk }

    /// What a feed has under way.
    private struct Course {
        let started = ContinuousClock.now
        var sent = 0
        var batch: [PlatformMessage] = []
        var decisions: Set<String> = []
    }

    func run() async {
        var failure: String?
        do {
            try await stream()
        } catch is CancellationError {
            failure = "the simulator was stopped"
        } catch is Full {
            failure = "more alerts than the networks remember"
        } catch is LineFile.TooLong {
            failure = "a line is too long for a message"
        } catch {
            failure = "\(error)"
        }
        desk.change { [failure] state, _ in
            state.end(feed: feed.number, failure: failure)
            return ((), [])
        }
    }

    private func stream() async throws {
        var file = try LineFile(path: feed.path, lineBytesMax: SimulatorLimits.feedLineBytesMax)
        defer { file.close() }
        try await withThrowingTaskGroup(of: String.self) { group in
            var course = Course()
            while let line = try file.next() { try await take(line, &course, &group) }
            if !file.unfinished.isEmpty { try await take(file.unfinished, &course, &group) }
            try await flush(&course)
            try await group.waitForAll()
        }
    }

    private func take(
        _ line: [UInt8], _ course: inout Course,
        _ group: inout ThrowingTaskGroup<String, any Error>
    ) async throws {
        switch FeedLine(line) {
        case nil: desk.change { state, _ in (state.advance(feed: feed.number, unreadable: 1), []) }
        case .alert(let alert):
            course.batch.append(alert)
            if course.batch.count >= feed.batch { try await flush(&course) }
        case .decision(let id, let body):
            try await pace(&course, sending: 1)
            while course.decisions.count >= Self.decisionsMax { try await wait(&course, &group) }
            course.decisions.insert(id)
            group.addTask {
                _ = await control.ask(body)
                desk.change { state, _ in (state.advance(feed: feed.number, sent: 1), []) }
                return id
            }
        case .notice(let id, let notice):
            try await pace(&course, sending: 1)
            while course.decisions.contains(id) { try await wait(&course, &group) }
            desk.change { state, now in
                ((), state.feed(feed.number, notice: notice, at: now))
            }
        }
    }

    private func wait(
        _ course: inout Course, _ group: inout ThrowingTaskGroup<String, any Error>
    ) async throws {
        guard let id = try await group.next() else { return course.decisions.removeAll() }
        course.decisions.remove(id)
    }

    private func flush(_ course: inout Course) async throws {
        guard !course.batch.isEmpty else { return }
        try await pace(&course, sending: course.batch.count)
        let batch = course.batch
        course.batch = []
        if desk.read({ $0.isFull(for: batch.count) }) { throw Full() }
        desk.change { state, now in ((), state.feed(feed.number, batch, at: now)) }
    }

    /// Waits for the turn of so many messages, and while the platform is behind.
    private func pace(_ course: inout Course, sending count: Int) async throws {
        if feed.rate > 0 {
            let due = course.started + .seconds(1) * course.sent / feed.rate
            try await Task.sleep(until: due, clock: .continuous)
        }
        while desk.read(\.isCrowded) { try await Task.sleep(for: Self.pause) }
        try Task.checkCancellation()
        course.sent += count
    }
}
