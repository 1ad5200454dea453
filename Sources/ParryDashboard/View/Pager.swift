import ParryStore

/// Which part of a list a page shows, and where the neighbours are. Templates call it with `{{>pager}}`.
struct Pager: Sendable {
    /// Rows of a page, unless the address says otherwise.
    static let size = 50

    /// `1–50 of 1,234`
    let range: String
    let count: String
    let previous: String?
    let next: String?

    /// What the address asks for: `?page=3`; what cannot be read is the first.
    static func page(_ query: FormFields, size: Int = Pager.size) -> Page {
        let number = min(max(query["page"].flatMap { Int64($0) } ?? 1, 1), 1_000_000)
        return Page(limit: size, offset: (number - 1) * Int64(size))
    }

    /// - Parameters:
    ///   - path: Of the list, without a query.
    ///   - query: That of the request: the neighbours keep its filters.
    init(_ page: Page, count total: Int64, path: String, query: FormFields) {
        let number = page.offset / Int64(page.limit) + 1
        let end = min(page.offset + Int64(page.limit), total)
        count = Money.count(total)
        range =
            total == 0
            ? "0" : "\(Money.count(min(page.offset + 1, total)))–\(Money.count(end)) of \(count)"
        let kept = query.filters()
        func link(_ number: Int64) -> String {
            path + FormFields.query(kept + [(name: "page", value: String(number))])
        }
        previous = number > 1 ? link(number - 1) : nil
        next = end < total ? link(number + 1) : nil
    }
}

/// An option of a choice in a form.
struct Choice: Sendable {
    let value: String
    let label: String
    let isChosen: Bool

    init(_ value: String, _ label: String, isChosen: Bool = false) {
        self.value = value
        self.label = label
        self.isChosen = isChosen
    }
}
