/// Why a whole file or mapping cannot be used, as against one of its records.
package struct FeedProblem: Error, Equatable, CustomStringConvertible {
    /// Where, counted from 1; nil where it is about the whole.
    package let line: Int?

    /// What is wrong and what to do, in one or two sentences; it repeats no value of a record.
    package let message: String

    /// Makes a problem.
    package init(_ message: String, line: Int? = nil) {
        self.line = line
        self.message = message
    }

    /// The message with its line, where it has one.
    package var description: String { line.map { "line \($0): \(message)" } ?? message }
}
