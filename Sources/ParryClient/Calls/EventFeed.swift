/// The events from a place on, each once, the oldest first, up to where there are no more for now.
///
/// ```swift
/// for try await event in parry.events.feed(after: .oldest) { … }
/// ```
///
/// To go on later where you stopped, read pages and keep the cursor of each together with what you did:
///
/// ```swift
/// let page = try await parry.events.feed().page(after: cursor, limit: 1_000)
/// ```
public struct EventFeed: AsyncSequence, Sendable {
    let caller: Caller
    let query: Query
    let start: EventCursor
    let pageSize: Int

    /// One page.
    ///
    /// - Parameters:
    ///   - cursor: `oldest`, `latest`, or the `nextCursor` of a page.
    ///   - limit: 1 to 1,000 events.
    /// - Throws: A refusal `CURSOR_EXPIRED` where events behind the cursor are not kept any more: begin with `oldest`.
    public func page(
        after cursor: EventCursor, limit: Int = 1_000
    ) async throws(ClientError) -> EventPage {
        var query = query
        query.add("after", cursor)
        query.add("limit", limit)
        return try await caller.get("/v1/events", query)
    }

    /// Begins at the cursor.
    public func makeAsyncIterator() -> Iterator {
        Iterator(feed: self)
    }

    /// Walks the feed.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private let feed: EventFeed
        private var waiting: ArraySlice<WebhookEvent> = []
        private var isAtEnd = false
        /// Behind the last page that was read, whose last events may not have been given yet.
        public private(set) var cursor: EventCursor

        fileprivate init(feed: EventFeed) {
            self.feed = feed
            cursor = feed.start
        }

        /// The next event, or nil where there are no more for now.
        public mutating func next() async throws(ClientError) -> WebhookEvent? {
            while waiting.isEmpty, !isAtEnd { try await readPage() }
            return waiting.popFirst()
        }

        /// As ``next()``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ClientError) -> WebhookEvent? {
            try await next()
        }

        /// A cursor that leads nowhere ends it too, whatever the platform says.
        private mutating func readPage() async throws(ClientError) {
            let page = try await feed.page(after: cursor, limit: feed.pageSize)
            waiting = page.items[...]
            isAtEnd = !page.hasMore || page.nextCursor == cursor
            cursor = page.nextCursor
        }
    }
}
