import Hummingbird
import ParryDomain
import ParryStore

/// A list of an account: as a page, and as files of all that its filters let through.
struct ListPage<Filter: Sendable, Item: Sendable>: Sendable {
    /// What a page of the list shows.
    struct Shown: Sendable {
        let visit: SeatVisit
        let filter: Filter
        let items: [Item]
        let pager: Pager
        fileprivate let path: String
        fileprivate let reader: ListFilterReader

        func head(_ filters: [ListFilter]) -> ListHead { ListHead(visit, path, reader, filters) }
    }

    /// Of the list, inside the account: `/merchants`, whose template is `merchants`.
    let path: String
    let title: String
    let section: Section
    var power = Power.view
    /// What the files are called, without their ending.
    let file: String
    let columns: [Export<Item>.Column]
    /// What an address narrows the list to.
    let filter: @Sendable (inout ListFilterReader) -> Filter
    let rows: @Sendable (SeatVisit, Filter, Page) async throws -> Listing<Item>
    /// Narrows a filter to what comes behind a row: for long lists, whose files are not read by offset.
    var behind: (@Sendable (inout Filter, Item) -> Void)?
    /// What the template is given.
    let model: @Sendable (Shown) async throws -> any Sendable

    var routes: [Route] { [.show(path, power, show)] + files }

    /// The files alone, for a list that is not always shown.
    var files: [Route] {
        ExportFormat.allCases.map { format in
            .show("\(path)/export.\(format.rawValue)", power) { try await export($0, format) }
        }
    }

    func show(_ visit: SeatVisit) async throws -> Response {
        var reader = ListFilterReader(visit.query)
        let filter = filter(&reader)
        let page = Pager.page(visit.query)
        let found = try await rows(visit, filter, page)
        let pager = Pager(page, count: found.count, path: visit.path(path), query: visit.query)
        let shown = Shown(
            visit: visit, filter: filter, items: found.items, pager: pager, path: path,
            reader: reader)
        return visit.page(String(path.dropFirst()), title: title, section, try await model(shown))
    }

    private func export(_ visit: SeatVisit, _ format: ExportFormat) async throws -> Response {
        var reader = ListFilterReader(visit.query)
        let filter = filter(&reader)
        return try await Export(file, columns) { offset, last in
            var next = filter
            if let last { behind?(&next, last) }
            let page = Page(limit: Export<Item>.rowsMax, offset: behind == nil ? offset : 0)
            return try await rows(visit, next, page).items
        }.response(format)
    }
}
