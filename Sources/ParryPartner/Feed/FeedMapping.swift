import Foundation

/// Says which column of a CSV file is which member of an order.
package struct FeedMapping: Sendable {
    /// What a column's cells are.
    package enum Form: Sendable, Equatable {
        /// As the member's own type says.
        case text
        case integer
        case boolean
        case money
        case datetime
        /// Seconds since 1970.
        case epoch
        /// Milliseconds since 1970.
        case epochMilliseconds
    }

    /// A word of the file, and what an order says for it.
    package struct Word: Sendable, Equatable {
        package let cell: String
        /// Empty where the member is to be left out.
        package let value: String
    }

    /// How the cells of a column are read.
    package struct Reading: Sendable {
        package var form = Form.text
        /// The zone of times that have none: `Z`, `+02:00`.
        package var zone: String?
        /// A currency's code, or the name of the column that has it; nil where the mapping says it elsewhere.
        package var currency: String?
        /// The sign before decimals, where it was told; then the other one may group thousands.
        package var decimal: UInt8?
        /// Empty where cells stand for themselves.
        package var words: [Word] = []
    }

    /// A column and what it feeds.
    package struct Column: Sendable {
        package let name: String
        package let targets: [FeedPath]
        package let reading: Reading
        /// Where the mapping says so.
        package let line: Int?
    }

    /// A value that every order, or every nested element, has that no column gives it.
    package struct Constant: Sendable {
        package let target: FeedPath
        package let value: String
        package let line: Int?
    }

    /// A comma, a semicolon or a tab.
    package let separator: UInt8

    package let constants: [Constant]

    package let columns: [Column]

    /// What the file is called; nil of one that was not read from a file.
    package private(set) var name: String?

    /// Reads a mapping in YAML.
    ///
    /// - Throws: ``FeedProblem`` with the line.
    package init(yaml: String) throws(FeedProblem) {
        var reading = FeedMappingReading()
        try reading.read(yaml)
        separator = reading.separator
        constants = reading.constants
        columns = reading.columns
        try check()
    }

    /// Reads the mapping in a file.
    package init(path: String) throws(FeedProblem) {
        let text: String
        do {
            text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw FeedProblem("The mapping is not there, or cannot be read.", source: path)
        }
        let name = URL(filePath: path).lastPathComponent
        do {
            try self.init(yaml: text)
        } catch {
            throw error.named(name)
        }
        self.name = name
    }

    /// The columns of a header that the mapping does not use.
    package func unmapped(_ header: [String]) -> [String] {
        let used = Set(columns.map(\.name) + columns.compactMap(\.reading.currency))
        return header.filter { !$0.isEmpty && !used.contains($0) }
    }

    /// Members that every COMPLETE order needs and that the mapping gives to none, so that the server would refuse
    /// them all; empty where a column says whether orders are COMPLETE.
    package var lacking: [String] {
        guard column(feeding: "type") == nil, constant(for: "type")?.value == "COMPLETE" else {
            return []
        }
        let places = Set(columns.flatMap(\.targets).map(\.place))
        var needed = FeedPath.all.filter { $0.isExpected && places.contains($0.place) }.map(\.text)
        if constant(for: "transactions.payment_method_type")?.value == "CARD" {
            needed += ["brand", "last_4"].map { "transactions.payment_method_card_\($0)" }
        }
        return needed.filter { column(feeding: $0) == nil && constant(for: $0) == nil }
    }

    /// The column that feeds a member.
    func column(feeding path: String) -> Column? {
        columns.first { $0.targets.contains { $0.text == path } }
    }

    func constant(for path: String) -> Constant? {
        constants.first { $0.target.text == path }
    }
}
