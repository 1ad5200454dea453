import Foundation
import ParryWire

/// Reads what a list is narrowed to; what cannot be read is left out and told.
struct ListFilterReader {
    let query: FormFields
    private(set) var ignored: [String] = []

    init(_ query: FormFields) {
        self.query = query
    }

    /// An id; nil for none, and for what cannot be one.
    mutating func id<Resource>(_ name: String) -> Identifier<Resource>? {
        guard let text = query.text(name) else { return nil }
        let id = Identifier<Resource>(text)
        if id == nil { ignored.append(name) }
        return id
    }

    /// One of the words of an enumeration.
    mutating func word<Word: RawRepresentable<String>>(_ name: String) -> Word? {
        guard let text = query.text(name) else { return nil }
        let word = Word(rawValue: text)
        if word == nil { ignored.append(name) }
        return word
    }

    func text(_ name: String) -> String? { query.text(name) }

    /// Two days, both included.
    mutating func days(_ name: String) -> (from: Timestamp?, to: Timestamp?) {
        let range = DateRange(query, name)
        ignored += range.ignored
        return (range.from, range.to)
    }
}

extension [String] {
    /// What a list could not read of its address, for its note; nil when all could be read.
    var ignoredNote: String? { isEmpty ? nil : joined(separator: ", ") }
}

/// A filter above a list. Templates show all of them with `{{>organisation-filters}}`.
struct ListFilter: Sendable {
    let name: String
    let label: String
    let type: String
    let value: String
    let isChoice: Bool
    let choices: [Choice]

    /// Something to type.
    init(_ name: String, _ label: String, type: String = "search", value: String?) {
        self.name = name
        self.label = label
        self.type = type
        self.value = value ?? ""
        isChoice = false
        choices = []
    }

    /// Something to choose, or nothing.
    ///
    /// - Parameter options: The values, and what people call them.
    init(
        _ name: String, _ label: String, chosen: String?,
        _ options: [(value: String, label: String)]
    ) {
        self.name = name
        self.label = label
        type = ""
        value = chosen ?? ""
        isChoice = true
        choices =
            [Choice("", "All", isChosen: chosen == nil)]
            + options.map { Choice($0.value, $0.label, isChosen: $0.value == chosen) }
    }

    /// One of the words of an enumeration.
    init<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ label: String, chosen: Word?, called title: (Word) -> String
    ) {
        self.init(
            name, label, chosen: chosen?.rawValue,
            Word.allCases.map { ($0.rawValue, title($0)) })
    }
}

/// What the head of a list shows besides its rows.
struct ListHead: Sendable {
    /// Of the list, without a query.
    let path: String
    let filters: [ListFilter]
    /// Whether anything is left out by a filter.
    let isFiltered: Bool
    let csv: String
    let json: String
    /// The filters that could not be read; nil for none.
    let ignored: String?

    init(_ visit: SeatVisit, _ inner: String, _ reader: ListFilterReader, _ filters: [ListFilter]) {
        path = visit.path(inner)
        self.filters = filters
        let kept = visit.query.filters()
        isFiltered = !kept.isEmpty
        csv = path + "/export.csv" + FormFields.query(kept)
        json = path + "/export.json" + FormFields.query(kept)
        ignored = reader.ignored.ignoredNote
    }
}

/// A thing that a page names and leads to.
struct NamedLink: Sendable {
    let path: String
    let name: String
}
