/// A page of a list.
public struct Page<Item: Decodable & Sendable>: Decodable, Sendable {
    /// The items of this page.
    public let items: [Item]
    /// How many the filter lets through, on all pages.
    public let count: Int64
}

/// A list: all of its items one after the other, or a page.
///
/// ```swift
/// for try await alert in parry.alerts.list(status: .actionRequired) { … }
/// let newest = try await parry.alerts.list().page(limit: 10).items
/// ```
///
/// Pages are read as they are needed. What comes or goes meanwhile moves the others: no item is given twice, and when
/// the list becomes shorter, as when you act on what it gives you, it is read on from further ahead. What is added in
/// front of where you are may be missing.
public struct Listing<Item: Decodable & Sendable & Identifiable>: AsyncSequence, Sendable
where Item.ID: Sendable {
    private let caller: Caller
    private let path: RequestPath
    private let query: Query
    private let pageSize: Int

    init(_ caller: Caller, _ path: RequestPath, _ query: Query = Query(), pageSize: Int) {
        self.caller = caller
        self.path = path
        self.query = query
        self.pageSize = pageSize
    }

    /// One page.
    ///
    /// - Parameters:
    ///   - limit: 1 to 1,000 items.
    ///   - offset: How many items to skip.
    public func page(limit: Int, offset: Int = 0) async throws(ClientError) -> Page<Item> {
        var query = query
        query.add("limit", limit)
        query.add("offset", offset)
        return try await caller.get(path, query)
    }

    /// How many items the filter lets through.
    public func count() async throws(ClientError) -> Int64 {
        try await page(limit: 1).count
    }

    /// The first item; nil where there is none.
    public func first() async throws(ClientError) -> Item? {
        try await page(limit: 1).items.first
    }

    /// Begins at the first item.
    public func makeAsyncIterator() -> Iterator {
        Iterator(listing: self, pageSize: pageSize)
    }

    /// Walks the list.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        fileprivate let listing: Listing
        fileprivate let pageSize: Int
        private var waiting: ArraySlice<Item> = []
        private var given = GivenIDs<Item.ID>()
        private var countBefore: Int64?
        private var offset = 0
        private var isAtEnd = false

        fileprivate init(listing: Listing, pageSize: Int) {
            self.listing = listing
            self.pageSize = pageSize
        }

        /// The next item, or nil behind the last.
        public mutating func next() async throws(ClientError) -> Item? {
            while waiting.isEmpty, !isAtEnd { try await readPage() }
            return waiting.popFirst()
        }

        /// As ``next()``.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ClientError) -> Item? {
            try await next()
        }

        /// Items that moved on because others were added were given before; those that moved ahead because others
        /// left are looked for there.
        private mutating func readPage() async throws(ClientError) {
            let page = try await listing.page(limit: pageSize, offset: offset)
            let gone = Swift.max(0, (countBefore ?? page.count) - page.count)
            countBefore = page.count
            if gone > 0, offset > 0 {
                offset = Swift.max(0, offset - Int(Swift.min(gone, Int64(offset))))
                return
            }
            waiting = page.items.filter { given.add($0.id) }[...]
            offset += page.items.count
            isAtEnd = page.items.count < pageSize
        }
    }
}

/// The ids that were given last, as many as a list can move by.
struct GivenIDs<ID: Hashable & Sendable>: Sendable {
    private static var countMax: Int { 100_000 }

    private var ids: Set<ID> = []
    private var order: [ID] = []
    private var oldest = 0

    /// - Returns: Whether it is new.
    mutating func add(_ id: ID) -> Bool {
        guard ids.insert(id).inserted else { return false }
        if order.count < Self.countMax {
            order.append(id)
        } else {
            ids.remove(order[oldest])
            order[oldest] = id
            oldest = (oldest + 1) % Self.countMax
        }
        return true
    }
}
