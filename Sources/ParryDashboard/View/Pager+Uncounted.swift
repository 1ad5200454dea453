import ParryStore

/// Lists whose rows are not counted, because that would take longer than the page: one row more than a page is read, which
/// tells whether there is a next one.
extension Pager {
    /// The page that is asked for, and one row more.
    static func uncounted(_ page: Page) -> Page {
        Page(limit: page.limit + 1, offset: page.offset)
    }

    /// - Parameters:
    ///   - found: How many rows were found, one more than a page at most.
    ///   - path: Of the list, without a query.
    ///   - query: That of the request: the neighbours keep its filters.
    init(_ page: Page, found: Int, path: String, query: FormFields) {
        let shown = min(found, page.limit)
        let number = page.offset / Int64(page.limit) + 1
        let first = Money.count(page.offset + 1)
        count = Money.count(Int64(shown))
        range = shown == 0 ? "0" : "\(first)–\(Money.count(page.offset + Int64(shown)))"
        let kept = query.filters()
        func link(_ number: Int64) -> String {
            path + FormFields.query(kept + [(name: "page", value: String(number))])
        }
        previous = number > 1 ? link(number - 1) : nil
        next = found > page.limit ? link(number + 1) : nil
    }
}
