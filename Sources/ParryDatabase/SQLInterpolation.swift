extension SQL {
    /// Collects a literal: its text as it stands, its interpolations as bound parameters.
    ///
    /// There is deliberately no interpolation that splices text; what is not listed here does not
    /// compile.
    package struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var arguments: [SQLValue] = []

        init(_ start: SQL) {
            text = start.text
            arguments = start.arguments
        }

        /// Starts an empty fragment with room for the literal.
        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            arguments.reserveCapacity(interpolationCount)
        }

        /// Appends the text between two interpolations.
        package mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        /// Binds a value of any kind.
        package mutating func appendInterpolation(_ value: SQLValue) {
            text += "?"
            arguments.append(value)
        }

        /// Splices a fragment in, with its arguments.
        package mutating func appendInterpolation(_ fragment: SQL) {
            text += fragment.text
            arguments += fragment.arguments
        }
    }
}

extension SQL.StringInterpolation {
    /// Binds text.
    package mutating func appendInterpolation(_ value: String) {
        appendInterpolation(SQLValue.text(value))
    }

    /// Binds text or NULL.
    package mutating func appendInterpolation(_ value: String?) {
        appendInterpolation(value.map(SQLValue.text) ?? .null)
    }

    /// Binds an integer.
    package mutating func appendInterpolation(_ value: Int64) {
        appendInterpolation(SQLValue.integer(value))
    }

    /// Binds an integer or NULL.
    package mutating func appendInterpolation(_ value: Int64?) {
        appendInterpolation(value.map(SQLValue.integer) ?? .null)
    }

    /// Binds an integer.
    package mutating func appendInterpolation(_ value: Int) {
        appendInterpolation(SQLValue.integer(Int64(value)))
    }

    /// Binds an integer or NULL.
    package mutating func appendInterpolation(_ value: Int?) {
        appendInterpolation(value.map(Int64.init))
    }

    /// Binds 0 or 1.
    package mutating func appendInterpolation(_ value: Bool) {
        appendInterpolation(SQLValue.integer(value ? 1 : 0))
    }

    /// Binds a blob.
    package mutating func appendInterpolation(_ value: [UInt8]) {
        appendInterpolation(SQLValue.blob(value))
    }

    /// Binds a blob or NULL.
    package mutating func appendInterpolation(_ value: [UInt8]?) {
        appendInterpolation(value.map(SQLValue.blob) ?? .null)
    }
}

extension SQL.StringInterpolation {
    /// Binds a list to stand after `IN`: `"WHERE id IN \(anyOf: ids)"` gives `(?, ?, …)`.
    ///
    /// The list is padded with repeats of its last element to the next power of two, so that few
    /// distinct statements exist; an empty list gives `(NULL)`, which no value is in. At most
    /// 16,384 elements: SQLite takes 32,766 arguments in all.
    package mutating func appendInterpolation(anyOf values: [String]) {
        appendList(values.map(SQLValue.text))
    }

    /// Binds a list of integers to stand after `IN`, padded like a list of texts.
    package mutating func appendInterpolation(anyOf values: [Int64]) {
        appendList(values.map(SQLValue.integer))
    }

    private mutating func appendList(_ values: [SQLValue]) {
        guard let last = values.last else { return appendLiteral("(NULL)") }
        var count = 1
        while count < values.count { count *= 2 }
        text += "(?" + String(repeating: ", ?", count: count - 1) + ")"
        arguments += values
        arguments += repeatElement(last, count: count - values.count)
    }
}
