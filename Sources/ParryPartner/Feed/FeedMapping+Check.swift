import ParryWire

extension FeedMapping {
    /// Refuses what no file could make sense of.
    func check() throws(FeedProblem) {
        try checkTargets()
        guard column(feeding: "reference_id") != nil else {
            throw FeedProblem("No column is mapped to reference_id, which names each order.")
        }
        for constant in constants { try check(constant) }
        for column in columns {
            for target in column.targets { try check(column, target) }
        }
    }

    private func checkTargets() throws(FeedProblem) {
        var seen: [String: String] = [:]
        for column in columns {
            for target in column.targets {
                if let other = seen.updateValue(column.name, forKey: target.text) {
                    throw FeedProblem(
                        "\(target.text) is fed by the columns \(other) and \(column.name). "
                            + "Map one of them.", line: column.line)
                }
            }
        }
    }

    private func check(_ constant: Constant) throws(FeedProblem) {
        let path = constant.target.text
        if path == "reference_id" {
            throw FeedProblem(
                "reference_id cannot be a constant: each order has its own.", line: constant.line)
        }
        guard constant.target.place == .order || feeds(constant.target.place) else {
            throw FeedProblem(
                "The constant \(path) is never used, because no column is mapped to another member "
                    + "beside it.", line: constant.line)
        }
        if let message = constant.fault {
            throw FeedProblem("The constant \(path) \(message).", line: constant.line)
        }
    }

    private func feeds(_ place: FeedPath.Place) -> Bool {
        columns.contains { $0.targets.contains { $0.place == place } }
    }

    private func check(_ column: Column, _ target: FeedPath) throws(FeedProblem) {
        let form = column.reading.form
        guard target.takes(form) else {
            throw FeedProblem(
                "\(target.text) takes no \(form.word). Leave out `as`, or map the column to "
                    + "another member.", line: column.line)
        }
        if column.reading.zone != nil, FeedConversion(of: target.rule) != .moment(zone: nil) {
            throw FeedProblem(
                "\(target.text) is no time: take `zone` out of the column \(column.name).",
                line: column.line)
        }
        if form == .money, currencySource(of: column, target) == nil {
            throw FeedProblem(
                "The money of the column \(column.name) needs `currency`: a code such as EUR, or "
                    + "the name of the column that has it.", line: column.line)
        }
    }

    /// Where the currency of a column's money is said: by itself, by the member beside it, by the order's.
    func currencySource(of column: Column, _ target: FeedPath) -> FeedCurrencySource? {
        if let name = column.reading.currency {
            return Currency(code: name).map { .fixed($0) } ?? .column(name, words: [])
        }
        let own: String? =
            switch target.place {
            case .order: nil
            case .object(let name), .element(let name): "\(name).currency"
            }
        for path in [own, "order_currency"].compactMap({ $0 }) {
            if let column = self.column(feeding: path) {
                return .column(column.name, words: column.reading.words)
            }
            if let code = constant(for: path)?.value, let currency = Currency(code: code) {
                return .fixed(currency)
            }
        }
        return nil
    }
}

extension FeedMapping.Constant {
    /// The value as JSON, or what is wrong with it.
    var json: Result<[UInt8], FeedOffence> {
        var json: [UInt8] = []
        var value = value
        let offence = value.withUTF8 {
            FeedConversion(of: target.rule).write($0, into: &json)
        }
        return offence.map { .failure($0) } ?? .success(json)
    }

    /// What the schema has against the value, found by an order that has little else.
    fileprivate var fault: String? {
        guard case .success(let json) = json else {
            return if case .failure(let offence) = self.json { offence.message } else { nil }
        }
        let member = "\"\(target.member)\":" + String(decoding: json, as: UTF8.self)
        let body: String =
            switch target.place {
            case .order: member
            case .object(let name): "\"\(name)\":{\(member)}"
            case .element(let name): "\"\(name)\":[{\(member)}]"
            }
        let type = target.text == "type" ? "" : "\"type\":\"COMPLETE\","
        do {
            _ = try OrderRequest.create.decode(Array("{\(type)\(body)}".utf8))
            return nil
        } catch .invalid(let errors) {
            return errors.first?.message
        } catch .cardNumber {
            return "contains a full card number"
        } catch {
            return "is not UTF-8"
        }
    }
}

/// Where the currency of money is said.
enum FeedCurrencySource {
    case fixed(Currency)
    /// The column's name, and the words that its cells are put into.
    case column(String, words: [FeedMapping.Word])
}

extension FeedPath {
    /// Whether cells of a form can become this member.
    func takes(_ form: FeedMapping.Form) -> Bool {
        switch (form, rule) {
        case (.text, _), (.boolean, .boolean), (.integer, .integer), (.datetime, .timestamp),
            (.epoch, .timestamp), (.epochMilliseconds, .timestamp):
            true
        case (.money, .integer): member.hasSuffix("_in_cents")
        default: false
        }
    }
}

extension FeedMapping.Form {
    /// As mappings spell it.
    static let words: [(word: String, form: FeedMapping.Form)] = [
        ("text", .text), ("integer", .integer), ("boolean", .boolean), ("money", .money),
        ("datetime", .datetime), ("epoch", .epoch), ("epoch_ms", .epochMilliseconds),
    ]

    var word: String { Self.words.first { $0.form == self }?.word ?? "text" }
}
