import ParryWire

/// The fields of a row, as they lie in its record.
struct FeedFields {
    let content: UnsafeBufferPointer<UInt8>
    let ends: UnsafeBufferPointer<Int>

    subscript(place: Int) -> UnsafeBufferPointer<UInt8> {
        let start = place == 0 ? 0 : ends[place - 1]
        return UnsafeBufferPointer(rebasing: content[start..<ends[place]])
    }
}

/// How the cells of one column become one member.
struct FeedCell: Sendable {
    /// A word of the file, and what stands for it.
    struct Word: Sendable {
        let cell: [UInt8]
        let value: [UInt8]
    }

    /// What reading a cell gave.
    enum Outcome: Equatable {
        case written
        /// There is no value.
        case empty
        case refused(FeedOffence)
    }

    let column: String
    private let place: Int
    private let conversion: FeedConversion
    private let words: [Word]
    /// Where the currency of money stands, if not in the mapping.
    private let currency: Int?
    private let currencyWords: [Word]

    init(
        _ column: FeedMapping.Column, _ target: FeedPath, _ mapping: FeedMapping,
        _ header: FeedHeader
    ) throws(FeedProblem) {
        self.column = column.name
        place = try header.place(of: column.name, line: column.line)
        words = Self.words(column.reading.words)
        var currency: Int?
        var currencyWords: [Word] = []
        switch column.reading.form {
        case .text, .integer, .boolean, .datetime:
            let own = FeedConversion(of: target.rule)
            conversion = own == .moment(zone: nil) ? .moment(zone: column.reading.zone) : own
        case .epoch: conversion = .epoch(isMilliseconds: false)
        case .epochMilliseconds: conversion = .epoch(isMilliseconds: true)
        case .money:
            var fixed: Currency?
            switch mapping.currencySource(of: column, target) {
            case .fixed(let currency): fixed = currency
            case .column(let name, let words):
                currency = try header.place(of: name, line: column.line)
                currencyWords = Self.words(words)
            case nil: break
            }
            conversion = .money(FeedMoney(currency: fixed, decimal: column.reading.decimal))
        }
        self.currency = currency
        self.currencyWords = currencyWords
    }

    private static func words(_ words: [FeedMapping.Word]) -> [Word] {
        words.map { Word(cell: Array($0.cell.utf8), value: Array($0.value.utf8)) }
    }

    /// Appends the member's value as JSON, or nothing.
    func write(_ row: FeedFields, into json: inout [UInt8]) -> Outcome {
        let cell = row[place]
        let trimmed = cell.trimmed
        guard !trimmed.isEmpty else { return .empty }
        guard words.isEmpty else { return writeWord(trimmed, into: &json) }
        guard case .money(let money) = conversion, let currency else {
            return conversion.write(cell, into: &json).map(Outcome.refused) ?? .written
        }
        guard let exponent = exponent(row[currency].trimmed) else {
            return .refused(FeedMoney.noCurrency)
        }
        return money.write(trimmed, exponent: exponent, into: &json).map(Outcome.refused)
            ?? .written
    }

    private func writeWord(
        _ cell: UnsafeBufferPointer<UInt8>, into json: inout [UInt8]
    ) -> Outcome {
        if let word = words.first(where: { cell.elementsEqual($0.cell) }) {
            guard !word.value.isEmpty else { return .empty }
            return word.value.withUnsafeBufferPointer {
                conversion.write($0, into: &json).map(Outcome.refused) ?? .written
            }
        }
        guard words.contains(where: { cell.elementsEqual($0.value) }) else {
            return .refused(
                FeedOffence(
                    code: "INVALID_VALUE",
                    message: "must be one of the mapping's `words`. Add the word of this row to "
                        + "them"))
        }
        return conversion.write(cell, into: &json).map(Outcome.refused) ?? .written
    }

    private func exponent(_ cell: UnsafeBufferPointer<UInt8>) -> Int? {
        let word = currencyWords.first { cell.elementsEqual($0.cell) }
        guard let word else { return Self.exponent(cell) }
        return word.value.withUnsafeBufferPointer(Self.exponent)
    }

    private static func exponent(_ code: UnsafeBufferPointer<UInt8>) -> Int? {
        guard code.count == 3 else { return nil }
        return Currency(code: String(decoding: code, as: UTF8.self))?.exponent
    }
}
