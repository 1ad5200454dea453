import ParryDatabase

/// A part of a list.
package struct Page: Sendable, Hashable {
    /// Rows at most; 1 to 1,000.
    package let limit: Int
    /// Rows to leave out first; 0 or more.
    package let offset: Int64

    package init(limit: Int, offset: Int64) {
        self.limit = limit
        self.offset = offset
    }

    /// How many rows of a sorted list it takes to know the page.
    var end: Int64 { Int64(limit) + min(offset, Int64.max - Int64(limit)) }
}

/// A page of a list and the number of all rows that the filter lets through.
package struct Listing<Item: Sendable>: Sendable {
    package let items: [Item]
    package let count: Int64

    package init(items: [Item], count: Int64) {
        self.items = items
        self.count = count
    }

    /// The page of a list that is short enough to be read whole.
    package init(all items: [Item], page: Page) {
        self.init(
            items: Array(items.dropFirst(Int(clamping: page.offset)).prefix(page.limit)),
            count: Int64(items.count))
    }

    /// The same page with other items.
    package func map<Other: Sendable>(_ change: (Item) -> Other) -> Listing<Other> {
        Listing<Other>(items: items.map(change), count: count)
    }
}
